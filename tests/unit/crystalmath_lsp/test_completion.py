"""What may stand at the cursor, marked | in the texts."""

from __future__ import annotations

import pytest

from crystalmath.vasp import tags
from crystalmath.vasp.folder import FileKind, Folder
from crystalmath_lsp.completion import complete
from crystalmath_lsp.meanings import MEANINGS


def labels(marked: str, kind: FileKind = "INCAR") -> list[str]:
    before, _, after = marked.partition("|")
    line = before.count("\n")
    found = complete(kind, Folder({kind: before + after}), line, len(before) - before.rfind("\n") - 1)
    assert not found.is_incomplete
    return [item.label for item in sorted(found.items, key=lambda item: item.sort_text or item.label)]


HEAD = "x\n1.0\n4 0 0\n0 4 0\n0 0 4\n"


@pytest.mark.parametrize("text", ["ISM|", "ism|", "  ism|\nNSW = 1\n", "NSW = 1; ISM|", "ENCUT = 4\n\nism|"])
def test_tags_are_offered_by_their_beginning_in_any_case(text: str) -> None:
    assert labels(text) == ["ISMEAR"]


def test_where_no_tag_begins_so_those_that_contain_it_are_offered() -> None:
    assert "ISMEAR" in labels("MEAR|")


def test_an_empty_line_offers_every_tag_and_beginnings_by_calculation() -> None:
    found = set(labels("NSW = 1\n|"))
    snippets = {"relax", "static", "md", "bands"}
    assert {"ENCUT", "KERNEL_TRUNCATION/LTRUNCATE"} | snippets <= found
    assert {name for name in found - set(tags.TAGS) if name == name.lower()} == found - set(tags.TAGS)


def test_a_snippet_begins_a_line_and_follows_the_tags() -> None:
    assert labels("rel|") == ["relax", "relax-ions"]
    assert "static" not in labels("NSW = 1; st|")
    assert labels("md|")[-1] == "md"


def test_a_potcar_spec_offers_the_names_of_potentials() -> None:
    folder = Folder({"POTCAR": ""}, {"POTCAR": "file:///work/POTCAR.spec"})
    known = complete("POTCAR", folder, 0, 0, potcars=("Fe_pv", "O"))
    assert [item.label for item in known.items] == ["Fe_pv", "O"]
    assert "Fe" in [item.label for item in complete("POTCAR", folder, 0, 0).items]


def test_the_names_of_potentials_follow_the_elements_of_a_poscar() -> None:
    found = complete("POSCAR", Folder({"POSCAR": HEAD}), 5, 0, potcars=("Fe_pv", "Fe")).items
    ordered = sorted(found, key=lambda item: item.sort_text)
    assert (ordered[-1].label, len(found)) == ("Fe_pv", len({item.label for item in found}))


def test_an_empty_kpoints_offers_whole_files() -> None:
    assert labels("|", "KPOINTS") == ["mesh", "path"]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("ISPIN = |", ["1", "2"]),
        ("ispin=|", ["1", "2"]),
        ("NSW = 3; ISPIN = | ; NELM = 3", ["1", "2"]),
        ("ISPIN = 2|", ["1", "2"]),
        ("LASPH = |", [".FALSE.", ".TRUE."]),
        ("ISPIN = \\\n |", ["1", "2"]),
    ],
)
def test_behind_a_tag_its_values_are_offered_the_default_first(text: str, first: list[str]) -> None:
    assert labels(text)[:2] == first


@pytest.mark.parametrize(
    ("text", "label", "detail"),
    [
        ("ALGO = |", "Normal", "blocked Davidson, default"),
        ("LREAL = |", ".FALSE.", "projectors in reciprocal space, exact, default"),
        ("IBRION = |", "2", "conjugate gradients"),
        ("IVDW = |", "0", "none"),
    ],
)
def test_values_say_what_they_mean_the_usual_ones_first(text: str, label: str, detail: str) -> None:
    line = text.replace("|", "")
    items = complete("INCAR", Folder({"INCAR": line}), 0, len(line)).items
    first = min(items, key=lambda item: item.sort_text)
    assert (first.label, first.detail) == (label, detail)


def test_what_has_a_meaning_is_a_value_of_the_tag() -> None:
    for name, meanings in MEANINGS.items():
        tag = tags.find(name)
        assert tag is not None
        known = set(tag.values) or set(meanings)
        assert {value for value in meanings if value not in known} <= {"1", "2"}, (
            name
        )  # ISMEAR takes any order


@pytest.mark.parametrize(
    "text", ["! IS|", "NSW = 1 # |", 'SYSTEM = "IS|"', "ENCUT = |", "NOSUCHTAG = |", "SYSTEM = a |"]
)
def test_nothing_is_offered_where_nothing_is_known(text: str) -> None:
    assert labels(text) == []


def test_a_tag_names_itself_for_its_documentation() -> None:
    (item,) = complete("INCAR", Folder({"INCAR": "ISMEA"}), 0, 5).items
    assert (item.data, item.detail) == ("ISMEAR", "integer")


def test_the_species_line_of_a_poscar_offers_elements() -> None:
    assert {"Fe", "O"} <= set(labels(HEAD + "|", "POSCAR"))
    assert {"Fe", "O"} <= set(labels(HEAD + "Fe |\n1 1\nDirect\n0 0 0\n0 0 .5\n", "POSCAR"))


@pytest.mark.parametrize("rest", ["Fe\n1\n|", "Fe\n1\nSelective dynamics\n|", "Fe\n1\n|Direct\n0 0 0\n"])
def test_below_the_counts_the_modes_are_offered(rest: str) -> None:
    assert labels(HEAD + rest, "POSCAR")[0] == "Direct"


def test_positions_offer_nothing() -> None:
    assert labels(HEAD + "Fe\n1\nDirect\n|0 0 0\n", "POSCAR") == []


def test_the_third_line_of_a_kpoints_offers_the_modes() -> None:
    assert labels("k\n0\n|", "KPOINTS")[0] == "Gamma"
    assert labels("k\n10\nL\n|", "KPOINTS") == ["Reciprocal", "Cartesian"]
    assert labels("k\n0\nG\n|", "KPOINTS") == []
    assert labels("k\n0\n|", "KPOINTS_OPT")[0] == "Gamma"


def test_a_potcar_offers_nothing() -> None:
    assert labels("|", "POTCAR") == []
