"""What stands above a file, and where its tags lead."""

from __future__ import annotations

from tests.unit.crystalmath_lsp.open_documents import document, folder_of, span

from crystalmath_lsp.capabilities import CHECK_FOLDER, SUBMIT_FOLDER
from crystalmath_lsp.lens import code_lenses, document_links

FE2O = "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nFe O Fe\n1 1 1\nDirect\n0 0 0\n0.5 0.5 0.5\n0.2 0.2 0.2\n"


def test_a_poscar_shows_formula_ions_and_volume_and_offers_a_check() -> None:
    one = document(FE2O, "POSCAR")
    about, check = code_lenses(one, folder_of(one))
    assert (about.command.title, about.command.command) == ("Fe2O · 3 ions · 64.00 Å³", "")
    assert (check.command.command, check.command.arguments) == (CHECK_FOLDER, (one.uri,))


def test_a_poscar_that_cannot_be_read_or_is_large_shows_no_formula() -> None:
    one = document(FE2O.replace("1 1 1", "1 1"), "POSCAR")
    assert [lens.command.title for lens in code_lenses(one, folder_of(one))] == ["Check the folder"]
    assert [lens.command.title for lens in code_lenses(one, None)] == ["Check the folder"]
    loose = document("", "INCAR.relax")
    assert [lens.command.title for lens in code_lenses(loose, None)] == ["Check the file"]


def test_a_folder_with_incar_and_poscar_can_be_submitted() -> None:
    incar, poscar = document("ENCUT = 400\n"), document(FE2O, "POSCAR")
    for one, other in ((incar, poscar), (poscar, incar)):
        submit = code_lenses(one, folder_of(one, other))[-1].command
        assert (submit.command, submit.arguments) == (SUBMIT_FOLDER, (one.uri,))


def test_every_known_tag_leads_to_its_page() -> None:
    one = document("é = 1\nencut = 400; ISMEAR = 0\nNOSUCHTAG = 1\n")
    links = document_links(one, folder_of(one))
    assert [(link.range, link.target.rsplit("/", 1)[-1]) for link in links] == [
        (span(1, 0, 1, 5), "ENCUT"),
        (span(1, 13, 1, 19), "ISMEAR"),
    ]
