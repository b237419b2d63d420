"""Open documents are checked together; what did not change is not parsed again."""

from __future__ import annotations

from tests.unit.crystalmath_lsp.open_documents import document, opened, replaced, span

from crystalmath_lsp.checker import CheckParams, Copies, Update
from crystalmath_lsp.checking import Checking
from crystalmath_lsp.documents import Document
from crystalmath_lsp.shapes import Checked, OpenedDocument

FE2 = "Fe\n1.0\n4 0 0\n0 4 0\n0 0 4\nFe\n2\nDirect\n0 0 0\n0.5 0.5 0.5\n"
MOMENTS = "ISPIN = 2\nMAGMOM = 1 1 1\n"


def check(*found: Document) -> dict[str, list[str]]:
    documents = opened(*found)
    checked = Checking(documents).check(documents.around(found[0]))
    return {each.uri.rpartition("/")[2]: codes(each) for each in checked}


def codes(checked: Checked) -> list[str]:
    return [diagnostic.code for diagnostic in checked.diagnostics]


def test_a_finding_has_place_severity_page_and_the_repairs_with_their_edits() -> None:
    documents = opened(one := document("# é\nENCUT = 400\nencut = 500\n"))
    (checked,) = Checking(documents).check(documents.around(one))
    (finding,), ((repair,),) = checked.diagnostics, checked.repairs
    assert (finding.code, finding.severity, finding.range) == ("duplicate-tag", 1, span(2, 0, 2, 5))
    assert finding.code_description.href.startswith("https://")
    assert [(edit.range, edit.new_text) for edit in repair.edits] == [(span(2, 0, 3, 0), "")]


def test_an_incar_is_checked_against_its_neighbours_and_points_to_them() -> None:
    incar, poscar = document(MOMENTS), document(FE2, "POSCAR")
    found = check(poscar, incar)
    assert "moments-count" in found["INCAR"]
    assert found["POSCAR"] == []
    documents = opened(incar, poscar)
    checked = {each.uri: each for each in Checking(documents).check(documents.around(incar))}
    finding = next(each for each in checked[incar.uri].diagnostics if each.code == "moments-count")
    assert finding.related_information[0].location.uri == poscar.uri


def test_the_four_kinds_of_files_are_checked() -> None:
    potcar = "   TITEL  = PAW_PBE Cu 05Jan2001\n"
    found = check(
        document("ENCOT = 400\n"),
        document("k\n0\nGamma\n0 1 1\n", "KPOINTS"),
        document(FE2.replace("Direct", "Dirict", 1).replace("0 4 0", "0 4"), "POSCAR"),
        document(potcar, "POTCAR"),
    )
    assert found["INCAR"][0] == "unknown-tag"
    assert found["KPOINTS"] == ["kpoints-mesh"]
    assert found["POSCAR"] == ["lattice-vector"]
    assert check(document(FE2, "POSCAR"), document(potcar, "POTCAR"))["POTCAR"]


def test_an_edit_of_one_file_leaves_the_trees_of_the_others() -> None:
    incar, poscar = document(MOMENTS), document(FE2, "POSCAR")
    checking = Checking(documents := opened(incar, poscar))
    checking.check(documents.around(incar))
    before = checking.folder(documents.around(incar))
    assert checking.folder(documents.around(poscar)) is before
    incar.change([replaced("2", 1, 13, 1, 14)], 2)
    after = checking.folder(documents.around(incar))
    assert after.poscar is before.poscar
    assert after.incar is not before.incar


def test_the_checker_follows_by_edits() -> None:
    copies = Copies()
    opening = Update(
        "file:///nowhere/INCAR", 1, OpenedDocument("file:///nowhere/INCAR", "ISPIN = 2\nISPIN = 1\n", 1)
    )
    params = CheckParams("file:///nowhere/INCAR", "utf-8", [opening])
    assert codes(copies.check(params).checked[0]) == ["duplicate-tag"]
    update = Update("file:///nowhere/INCAR", 2, None, [replaced("", 0, 0, 1, 0)])
    (checked,) = copies.check(CheckParams("file:///nowhere/INCAR", "utf-8", [update])).checked
    assert (checked.version, codes(checked)) == (2, [])
