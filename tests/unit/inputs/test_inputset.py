"""Previews: the bytes of atomate2, the source of each value, the order of atoms, the remarks."""

from __future__ import annotations

import contextlib
import copy
from typing import TYPE_CHECKING, Any

import pytest
from atomate2.vasp.powerups import update_user_incar_settings
from atomate2.vasp.sets.core import StaticSetGenerator
from pymatgen.core import Lattice, Structure

from crystalmath import inputs
from crystalmath.errors import InputError, OverrideError, StorageError, TemplateError
from crystalmath.inputs import makers, plan

from . import crystals

if TYPE_CHECKING:
    from pathlib import Path

STEPS = {
    "static": ("static",),
    "relax": ("relax",),
    "double_relax": ("relax 1", "relax 2"),
    "relax_bands": ("relax 1", "relax 2", "static", "non-scf uniform", "non-scf line"),
    "MPGGADoubleRelaxStaticMaker": ("MP GGA relax 1", "MP GGA relax 2", "MP GGA static"),
    "SupercellElectronPhononDisplacedStructureMaker": ("supercell electron phonon displacements",),
}
FILES = ("INCAR", "KPOINTS", "POSCAR", "POTCAR.spec")
PREVIEWS = [(name, number) for name, steps in STEPS.items() for number in range(1, len(steps) + 1)]


class _VaspWouldStart(Exception):
    pass


def _stop(**_: object) -> None:
    raise _VaspWouldStart


def _of_atomate2(
    template: str, step: int, structure: Structure, settings: dict[str, Any], directory: Path
) -> dict[str, bytes]:
    """Return what atomate2's own job writes before VASP: powerup on a fresh Maker, then its `make`."""
    entry = makers.find(template)
    maker = update_user_incar_settings(makers.fresh(entry), settings)
    job = plan.check_jobs(entry.name, plan.flow_of(entry, maker, structure))[step - 1]
    own = copy.deepcopy(job.function.__self__)
    own.write_input_set_kwargs = {"potcar_spec": True}
    given = {name: value for name, value in job.function_kwargs.items() if name == "mode"}
    directory.mkdir()
    with contextlib.chdir(directory), pytest.raises(_VaspWouldStart):
        type(own).make.original(own, copy.deepcopy(structure), prev_dir=None, **given)
    return {path.name: path.read_bytes() for path in directory.iterdir() if path.name in FILES}


@pytest.fixture
def _no_vasp(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("atomate2.vasp.jobs.base.run_vasp", _stop)


@pytest.mark.parametrize(("template", "step"), PREVIEWS)
@pytest.mark.parametrize("name", crystals.ALL)
@pytest.mark.usefixtures("_no_vasp")
@pytest.mark.filterwarnings("ignore")
def test_the_written_files_are_those_of_atomate2_to_the_byte(
    tmp_path: Path, template: str, step: int, name: str
) -> None:
    structure, settings = crystals.ALL[name], {"ENCUT": 431.5, "LWAVE": True, "ALGO": None, "EDIFF": 1e-7}
    theirs = _of_atomate2(template, step, structure, settings, tmp_path / "theirs")
    inputs.preview(structure, template, settings, step=step).write(tmp_path / "ours")
    ours = {path.name: path.read_bytes() for path in (tmp_path / "ours").iterdir()}
    assert theirs == ours
    assert {"INCAR", "POSCAR", "POTCAR.spec"} <= set(ours)


@pytest.mark.parametrize("template", STEPS)
def test_the_steps_are_the_vasp_runs_of_the_flow(template: str) -> None:
    assert inputs.preview(crystals.SILICON, template).steps == STEPS[template]


def _sources(found: inputs.InputSet) -> dict[str, str]:
    return {setting.tag: setting.source for setting in found.incar}


def test_each_value_has_its_source() -> None:
    found = inputs.preview(crystals.OXIDE, "relax", {"ENCUT": "520", "NSW": 5})
    sources = _sources(found)
    assert {tag for tag, source in sources.items() if source == "user"} == {"ENCUT", "NSW"}
    assert {tag for tag, source in sources.items() if source == "derived"} == {
        "MAGMOM", "LMAXMIX", "ISMEAR", "SIGMA", "LDAU", "LDAUU", "LDAUJ", "LDAUL", "LDAUTYPE", "LDAUPRINT",
    }  # fmt: skip
    assert sources["GGA"] == sources["ISIF"] == "input set"
    text = "".join(f"{setting.tag} = {setting.value}\n" for setting in found.incar)
    assert text == found.incar_text


def test_a_value_that_the_structure_changes_is_derived() -> None:
    """Static runs use tetrahedra, but one k-point is too few for them."""
    assert _sources(inputs.preview(crystals.SILICON, "static"))["ISMEAR"] == "input set"
    large = inputs.preview(crystals.SILICON * (4, 4, 4), "static")
    assert _sources(large)["ISMEAR"] == "derived"
    assert any("Too few KPOINTS" in finding.message for finding in large.findings)


def test_moments_set_by_the_user_are_the_users_and_stay_with_their_atoms() -> None:
    found = inputs.preview(crystals.OXIDE, "static", {"MAGMOM": "0.1 5 -0.1 -5"})
    assert _sources(found)["MAGMOM"] == "user"
    assert "MAGMOM = 1*0.1 1*5.0 1*-0.1 1*-5.0" in found.incar_text
    grouped = inputs.preview(crystals.OXIDE, "LobsterStaticMaker", {"MAGMOM": "0.1 5 -0.1 -5", "ISPIN": 2})
    assert "MAGMOM = 1*5.0 1*-5.0 1*0.1 1*-0.1" in grouped.incar_text


def test_u_set_by_the_user_reaches_its_element() -> None:
    found = inputs.preview(crystals.OXIDE, "static", {"LDAUU": "0 4.5", "LDAUL": "-1 2"})
    assert "LDAUU = 0.0 4.5 0.0 4.5" in found.incar_text
    assert not any(finding.code == "ldaul-is-s" for finding in found.findings)


def test_u_without_an_orbital_is_remarked() -> None:
    metal = Structure(Lattice.cubic(2.87), ["Fe"], [[0, 0, 0]])
    found = inputs.preview(metal, "static", {"LDAUU": "4.5"})
    assert "ldaul-is-s" in {finding.code for finding in found.findings}


def test_a_setting_that_the_input_set_drops_or_rewrites_is_remarked() -> None:
    codes = {f.code for f in inputs.preview(crystals.SILICON * (4, 4, 4), "static", {"ISMEAR": -5}).findings}
    assert "override-changed" in codes
    codes = {f.code for f in inputs.preview(crystals.SILICON, "static", {"LDAUU": "0"}).findings}
    assert "override-dropped" in codes


def test_settings_taken_as_they_are_raise_no_remark() -> None:
    settings = {
        "ENCUT": "520",
        "ALGO": "veryfast",
        "LREAL": "Auto",
        "SYSTEM": "My run",
        "LWAVE": "T",
        "DIPOL": "3*0.5",
    }
    found = inputs.preview(crystals.SILICON, "static", settings)
    assert not [finding for finding in found.findings if finding.code.startswith("override")]


def test_a_tag_is_taken_out_by_none() -> None:
    assert "ENCUT" not in inputs.preview(crystals.SILICON, "static", {"ENCUT": "none"}).incar_text


def test_kspacing_takes_the_place_of_kpoints(tmp_path: Path) -> None:
    (tmp_path / "KPOINTS").write_text("of an earlier preview")
    found = inputs.preview(crystals.SILICON, "static", {"KSPACING": 0.3})
    found.write(tmp_path)
    assert found.kpoints_text is None
    assert not (tmp_path / "KPOINTS").exists()


def test_the_order_of_atoms_is_recorded_where_the_input_set_sorts() -> None:
    """atomate2's generators keep the order, those of pymatgen group by element."""
    kept = inputs.preview(crystals.OXIDE, "static")
    assert kept.permutation == (0, 1, 2, 3)
    assert kept.potcar_symbols == ("O", "Fe", "O", "Fe")
    assert "interleaved-species" in {finding.code for finding in kept.findings}
    sorted_ = inputs.preview(crystals.OXIDE, "LobsterStaticMaker")
    assert sorted_.permutation == (1, 3, 0, 2)
    assert sorted_.potcar_symbols == ("Fe_pv", "O")
    for found in (kept, sorted_):
        lines = found.poscar_text.splitlines()[8:12]
        for position, index in enumerate(found.permutation):
            expected = crystals.OXIDE.frac_coords[index]
            assert [float(word) for word in lines[position].split()[:3]] == pytest.approx(expected)
            assert lines[position].split()[3] == crystals.OXIDE[index].specie.symbol


def test_flags_reach_the_poscar() -> None:
    lines = inputs.preview(crystals.FIXED, "relax").poscar_text.splitlines()
    assert lines[7] == "Selective dynamics"
    assert lines[9].endswith("F F F Al")


def test_a_step_that_builds_another_cell_says_so() -> None:
    found = inputs.preview(crystals.SILICON, "SupercellElectronPhononDisplacedStructureMaker")
    assert found.permutation == ()
    assert "cell-changed" in {finding.code for finding in found.findings}


def test_a_later_step_tells_what_the_step_before_it_will_set() -> None:
    messages = [
        finding.message
        for finding in inputs.preview(crystals.IRON, "relax_bands", step=4).findings
        if finding.code == "from-previous-step"
    ]
    assert len(messages) == 1
    for word in ("structure", "MAGMOM", "ISPIN", "NBANDS", "NEDOS"):
        assert word in messages[0]
    assert not [
        f for f in inputs.preview(crystals.IRON, "relax_bands").findings if f.code == "from-previous-step"
    ]


def test_a_run_on_a_density_that_nobody_makes_is_an_error() -> None:
    found = inputs.preview(crystals.SILICON, "static", {"ICHARG": 11})
    assert [f.severity for f in found.findings if f.code == "no-charge-density"] == ["error"]
    assert not [
        f for f in inputs.preview(crystals.SILICON, "relax_bands", step=5).findings if f.severity == "error"
    ]


def test_warnings_of_the_libraries_become_findings_and_are_not_printed(
    recwarn: pytest.WarningsRecorder,
) -> None:
    found = inputs.preview(crystals.FIXED, "relax")
    assert "bad-input-set" in {finding.code for finding in found.findings}
    assert not recwarn.list


def test_a_preview_leaves_the_structure_and_the_next_preview_alone() -> None:
    before = copy.deepcopy(crystals.OXIDE)
    first = inputs.preview(crystals.OXIDE, "relax", {"MAGMOM": "1 2 3 4", "ENCUT": 300})
    assert inputs.preview(crystals.OXIDE, "relax").incar_text != first.incar_text
    assert "680" in inputs.preview(crystals.OXIDE, "relax").incar_text
    assert before == crystals.OXIDE
    assert crystals.OXIDE.site_properties == before.site_properties


def test_left_handed_vectors_are_remarked() -> None:
    left = Structure(Lattice([[0, 4, 0], [4, 0, 0], [0, 0, 4]]), ["Si"], [[0, 0, 0]])
    assert "left-handed" in {finding.code for finding in inputs.preview(left, "static").findings}


def test_a_step_that_is_not_there_lists_those_that_are() -> None:
    with pytest.raises(InputError, match="double_relax has no step 3") as raised:
        inputs.preview(crystals.SILICON, "double_relax", step=3)
    assert "relax 2" in raised.value.hint


def test_wrong_template_and_wrong_settings_are_refused() -> None:
    with pytest.raises(TemplateError):
        inputs.preview(crystals.SILICON, "statik")
    with pytest.raises(OverrideError):
        inputs.preview(crystals.SILICON, "static", {"ENCTU": 1})


def test_a_structure_that_atomate2_cannot_use_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ValueError("no path through this zone")

    monkeypatch.setattr(StaticSetGenerator, "get_input_set", refuse)
    with pytest.raises(InputError, match=r"no inputs of static.*for Si: ValueError: no path through"):
        inputs.preview(crystals.SILICON, "static")


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be written"):
        inputs.preview(crystals.SILICON, "static").write(tmp_path / "file" / "run")


@pytest.mark.parametrize("size", [(1, 1, 1), (5, 5, 4), (10, 10, 10)])
def test_structures_of_any_size_have_inputs(size: tuple[int, int, int]) -> None:
    structure = Structure(Lattice.cubic(2.87), ["Fe"], [[0, 0, 0]]) * size
    found = inputs.preview(structure, "relax")
    assert found.permutation == tuple(range(len(structure)))
    assert found.poscar_text.splitlines()[6] == str(len(structure))
