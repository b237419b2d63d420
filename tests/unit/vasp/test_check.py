"""Checking folders and files: what belongs together, what is suppressed, how places and pages are told."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest

from crystalmath.errors import InputError
from crystalmath.vasp import tags
from crystalmath.vasp.check import check, collect, kind_of, targets
from crystalmath.vasp.folder import Folder, Options
from crystalmath.vasp.rules.rule import all_rules

FE2 = "Fe\n1.0\n4 0 0\n0 4 0\n0 0 4\nFe\n2\nDirect\n0 0 0\n0.5 0.5 0.5\n"
SHARED = Path(os.environ.get("CRYSTALMATH_SHARED_DATA", Path(__file__).parents[4] / "shared/data")) / "vasp"


def test_there_are_more_than_a_hundred_rules_each_with_page_and_reason() -> None:
    rules = all_rules()
    assert len(rules) > 200
    assert all(
        rule.reason and rule.page and rule.url.startswith("https://") and rule.check.__doc__ for rule in rules
    )


def test_every_page_of_a_rule_is_a_page_that_exists() -> None:
    general = {
        "INCAR", "POSCAR", "KPOINTS", "POTCAR", "KPOINTS_OPT", "Category:INCAR_tag", "Preparing_a_POTCAR",
        "Volume_relaxation", "Nudged_elastic_bands",
    }  # fmt: skip
    assert {rule.page for rule in all_rules() if rule.page not in tags.TAGS} <= general


def test_a_finding_has_its_place_and_the_page_of_its_tag() -> None:
    (finding,) = check(Folder({"INCAR": "SYSTEM = a\nNSW = 10.5\n"}))
    assert (finding.line, finding.column, finding.end_line, finding.end_column) == (2, 7, 2, 11)
    assert (finding.code, finding.severity) == ("wrong-type", "error")
    assert finding.url.endswith("/NSW")


@pytest.mark.parametrize("remark", ["ignore [unknown-tag]", "ignore[wrong-type, unknown-tag]"])
def test_a_remark_may_be_written_with_blanks_and_name_several_rules(remark: str) -> None:
    assert check(Folder({"INCAR": f"ENCUTT = 1 # crystalmath: {remark}\n"})) == ()


def test_a_comment_suppresses_a_code_on_its_line_only() -> None:
    text = "ENCUTT = 1 # crystalmath: ignore[unknown-tag]\nENCUTTT = 1\n"
    assert [finding.line for finding in check(Folder({"INCAR": text}))] == [2]


def test_the_first_line_of_a_poscar_suppresses_a_code_for_the_file() -> None:
    crowded = FE2.replace("0.5 0.5 0.5", "0 0 0.01")
    assert [finding.code for finding in check(Folder({"POSCAR": crowded}))] == ["ions-overlap"]
    assert check(Folder({"POSCAR": "crystalmath: ignore[ions-overlap]" + crowded})) == ()


def test_rules_are_selected_and_ignored_by_code_and_subject() -> None:
    text = "ENCUTT = 1\nNSW = x\n"

    def codes(options: Options) -> list[str]:
        return [finding.code for finding in check(Folder({"INCAR": text}, options=options))]

    assert codes(Options()) == ["unknown-tag", "wrong-type"]
    assert codes(Options(ignore=frozenset({"unknown-tag"}))) == ["wrong-type"]
    assert codes(Options(select=frozenset({"syntax"}))) == ["unknown-tag"]


def test_a_related_place_points_into_the_other_file() -> None:
    (finding,) = check(Folder({"INCAR": "ISPIN = 2\nMAGMOM = 3*1\n", "POSCAR": FE2}))
    assert [(related.path, related.line) for related in finding.related] == [("POSCAR", 7)]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("INCAR", "INCAR"),
        ("INCAR.relax", "INCAR"),
        ("CONTCAR", "POSCAR"),
        ("si.vasp", "POSCAR"),
        ("POSCAR.gz", "POSCAR"),
        ("KPOINTS_OPT", "KPOINTS_OPT"),
        ("KPOINTS_band", "KPOINTS"),
        ("slab.incar", "INCAR"),
        ("OUTCAR", None),
        ("POTCAR.spec", "POTCAR"),
        ("INCAR.py", None),
        ("POSCAR.json", None),
    ],
)
def test_files_are_told_by_their_names(name: str, kind: str | None) -> None:
    assert kind_of(Path(name)) == kind


def test_a_directory_is_one_calculation_and_its_sub_directories_are_not(tmp_path: Path) -> None:
    (tmp_path / "INCAR").write_text("ISPIN = 2\nMAGMOM = 3*1\n", encoding="utf-8")
    (tmp_path / "POSCAR.gz").write_bytes(gzip.compress(FE2.encode()))
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/INCAR").write_text("ENCUTT = 1\n", encoding="utf-8")
    (target,) = targets([tmp_path])
    assert [finding.code for finding in collect(target) if finding.severity == "error"] == ["moments-count"]


def test_a_file_knows_its_neighbours_but_reports_only_itself(tmp_path: Path) -> None:
    (tmp_path / "INCAR").write_text("ISPIN = 2\nMAGMOM = 3*1\n", encoding="utf-8")
    (tmp_path / "POSCAR").write_text(FE2.replace("0.5 0.5 0.5", "0 0 0.01"), encoding="utf-8")
    (target,) = targets([tmp_path / "INCAR"])
    assert {finding.path for finding in collect(target)} == {str(tmp_path / "INCAR")}
    assert "moments-count" in {finding.code for finding in collect(target)}


def test_a_potcar_spec_needs_no_header(tmp_path: Path) -> None:
    (tmp_path / "POTCAR.spec").write_text("Fe_pv\nO\n", encoding="utf-8")
    (target,) = targets([tmp_path / "POTCAR.spec"])
    assert not collect(target)
    assert [finding.code for finding in check(Folder({"POTCAR": "Fe_pv\n"}))] == ["potcar-empty"]


@pytest.mark.parametrize("name", ["nothing", "OUTCAR", "."])
def test_what_is_no_input_is_refused_with_the_next_thing_to_do(tmp_path: Path, name: str) -> None:
    (tmp_path / "OUTCAR").write_text("x", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        list(targets([tmp_path / name]))
    assert caught.value.hint


CELL = "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi\n2\n{mode}\n0 0 0\n0.5 {last} 0.5\n"


@pytest.mark.parametrize("odd", ["NaN", "Infinity", "-inf", "1e300", "-1d308"])
@pytest.mark.parametrize("mode", ["Direct", "Cartesian"])
def test_a_number_that_is_no_coordinate_is_reported(odd: str, mode: str) -> None:
    found = check(Folder({"POSCAR": CELL.format(mode=mode, last=odd)}))
    assert [(finding.code, finding.line) for finding in found] == [("position", 10)]


@pytest.mark.parametrize("tag", ["ENCUT", "NELECT", "KSPACING", "SIGMA", "LDAUU", "MAGMOM"])
@pytest.mark.parametrize("odd", ["NaN", "Infinity"])
def test_what_is_no_finite_number_is_no_value(tag: str, odd: str) -> None:
    folder = Folder({"INCAR": f"{tag} = {odd}\n", "POSCAR": CELL.format(mode="Direct", last="0.5")})
    assert "wrong-type" in {finding.code for finding in check(folder)}


def test_bytes_of_any_encoding_can_be_checked(tmp_path: Path) -> None:
    (tmp_path / "INCAR").write_bytes(b"ENCUT = 5\xff0\n")
    (target,) = targets([tmp_path / "INCAR"])
    assert [finding.code for finding in collect(target)] == ["wrong-type"]


def test_the_library_imports_no_heavy_package() -> None:
    code = (
        "import sys; from crystalmath.vasp.check import check; from crystalmath.vasp.folder import Folder;"
        "check(Folder({'INCAR': 'ENCUTT = 1', 'POSCAR': 'x'}));"
        "heavy = {'numpy', 'scipy', 'pymatgen', 'aiida', 'ase', 'spglib'};"
        "print(sorted({m.split('.')[0] for m in sys.modules} & heavy))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared VASP files are not on this machine")
def test_real_inputs_have_no_errors() -> None:
    wrong = []
    files = [path for path in (SHARED / "inputs").iterdir() if kind_of(path)]
    folders = {path.parent for name in ("INCAR*", "POSCAR*") for path in (SHARED / "runs").rglob(name)}
    for target in targets([*sorted(files), *sorted(folders)]):
        wrong += [finding for finding in collect(target) if finding.severity == "error"]
    assert wrong == []
