"""Open documents: their kind, their edits, their neighbours on the disk."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.crystalmath_lsp.open_documents import document, opened, replaced, span

from crystalmath_lsp.documents import LARGE_CHARACTERS, kind_of_document, path_of
from crystalmath_lsp.shapes import Change, Position


@pytest.mark.parametrize(
    ("uri", "language", "expected"),
    [
        ("file:///work/INCAR", "plaintext", "INCAR"),
        ("file:///work/INCAR.relax", None, "INCAR"),
        ("file:///work/incar_scf", "", "INCAR"),
        ("file:///work/a%20b/INCAR", None, "INCAR"),
        ("file:///INCAR/notes", "plaintext", None),
        ("file:///INCAR/CONTCAR", "plaintext", "POSCAR"),
        ("file:///work/si.vasp", "plaintext", "POSCAR"),
        ("untitled:Untitled-1", "incar", "INCAR"),
        ("untitled:Untitled-1", "kpoints", "KPOINTS"),
        ("file:///work/settings.txt", "vasp-incar", "INCAR"),
        ("file:///work/KPOINTS_OPT", "kpoints", "KPOINTS_OPT"),
        ("file:///work/POTCAR", "", "POTCAR"),
        ("file:///work/POTCAR.spec", "potcar", "POTCAR"),
        ("file:///work/INCAR.py", "incar", None),
        ("", "", None),
        ("http://[no/INCAR", "", None),
        ("http://[no/INCAR", "incar", "INCAR"),
    ],
)
def test_the_file_name_or_the_editors_word_tells_the_kind(
    uri: str, language: str | None, expected: str | None
) -> None:
    assert kind_of_document(uri, language) == expected


def test_only_files_have_a_path() -> None:
    assert path_of("file:///a%20b/INCAR") == Path("/a b/INCAR")
    assert path_of("untitled:Untitled-1") is None
    assert path_of("file:///a%00b/INCAR") is None
    assert path_of("http://[no/INCAR") is None


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (replaced("X", 0, 1, 0, 2), "aXc\ndéf\n"),
        (replaced("", 0, 3, 1, 0), "abcdéf\n"),
        (replaced("1\n2\n", 1, 0, 1, 0), "abc\n1\n2\ndéf\n"),
        (replaced("end", 9, 0, 9, 9), "abc\ndéf\nend"),
        (replaced("x", 1, 2, 1, 1), "abc\ndéxf\n"),
        (Change("all new"), "all new"),
        (Change(""), ""),
    ],
)
def test_an_edit_is_applied_where_it_stands(change: Change, expected: str) -> None:
    edited = document("abc\ndéf\n")
    edited.change([change], 2)
    assert (edited.text, edited.version) == (expected, 2)
    assert edited.lines == expected.split("\n")


@pytest.mark.parametrize(("end", "expected"), [(3, "x\r\nd"), (4, "x\nd"), (99, "x\r\nd")])
def test_a_place_beyond_the_end_of_a_line_is_before_its_line_break(end: int, expected: str) -> None:
    edited = document("abc\r\nd")  # to the editor, 4 is behind a carriage return that it shows
    edited.change([replaced("x", 0, 0, 0, end)], 2)
    assert edited.text == expected


@given(
    st.text("aé🙂\n", max_size=12),
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.text("xß\n", max_size=3))),
)
def test_edits_one_by_one_make_what_they_make_on_the_text(
    text: str, edits: list[tuple[int, int, str]]
) -> None:
    edited = document(text)
    for one, two, new in edits:
        start, end = sorted((min(one, len(text)), min(two, len(text))))
        where = edited.range_of(start, end)
        edited.change([Change(new, where)], None)
        text = text[:start] + new + text[end:]
        assert edited.text == text


def test_offsets_become_ranges_in_the_clients_units() -> None:
    assert document("a\n🙂bc", encoding="utf-8").range_of(3, 4) == span(1, 4, 1, 5)
    assert document("a\n🙂bc", encoding="utf-16").range_of(3, 4) == span(1, 2, 1, 3)


def test_a_place_beyond_the_end_means_the_end() -> None:
    assert document("a\nbc").place(Position(7, 7)) == (1, 2)


def test_an_open_document_beats_the_disk_and_neighbours_are_read_again_when_they_change(
    tmp_path: Path,
) -> None:
    (tmp_path / "INCAR").write_text("ENCUT = 1\n")
    (tmp_path / "KPOINTS").write_text("old\n")
    (tmp_path / "POTCAR.gz").write_bytes(gzip.compress(b"packed\n"))
    incar = document("ENCUT = 2\n", (tmp_path / "INCAR").as_uri())
    documents = opened(incar)
    around = documents.neighbourhood(incar)
    assert around.texts == {"INCAR": "ENCUT = 2\n", "KPOINTS": "old\n", "POTCAR": "\n"}
    assert around.names["KPOINTS"] == (tmp_path / "KPOINTS").as_uri()
    assert around.present == frozenset({"INCAR", "KPOINTS", "POTCAR.gz"})
    (tmp_path / "KPOINTS").write_text("newer\n")
    assert documents.neighbourhood(incar).texts["KPOINTS"] == "newer\n"
    (tmp_path / "KPOINTS").unlink()
    assert "KPOINTS" not in documents.neighbourhood(incar).texts


def test_of_a_potcar_on_the_disk_only_the_headers_are_kept(tmp_path: Path) -> None:
    header = (
        "  PAW_PBE Si 05Jan2001\n 4.0\n parameters\n   VRHFIN =Si: s2p2\n   TITEL  = PAW_PBE Si 05Jan2001\n"
    )
    (tmp_path / "POTCAR").write_text(header + "\n" * 80 + "secret\n" * 9)
    incar = document("", (tmp_path / "INCAR").as_uri())
    text = opened(incar).neighbourhood(incar).texts["POTCAR"]
    assert text.startswith(header)
    assert "secret" not in text
    assert text.count("\n") == 94


def test_a_file_of_another_name_is_looked_at_alone() -> None:
    relax, poscar = document("", "INCAR.relax"), document("", "POSCAR")
    around = opened(relax, poscar).neighbourhood(relax)
    assert (list(around.texts), around.present) == (["INCAR"], None)


def test_open_documents_of_a_folder_belong_together() -> None:
    incar, poscar, elsewhere = document(""), document("", "POSCAR"), document("", "a/POSCAR")
    documents = opened(incar, poscar, elsewhere)
    assert documents.together(incar) == {"INCAR": incar, "POSCAR": poscar}


def test_a_folder_is_large_by_what_is_open_and_what_is_on_the_disk(tmp_path: Path) -> None:
    incar = document("", (tmp_path / "INCAR").as_uri())
    documents = opened(incar)
    (tmp_path / "POTCAR").write_text("x" * LARGE_CHARACTERS)
    (tmp_path / "POSCAR").write_text("x" * LARGE_CHARACTERS)
    assert not documents.is_large(incar)
    (tmp_path / "POSCAR").write_text("x" * (LARGE_CHARACTERS + 1))
    assert documents.is_large(incar)
