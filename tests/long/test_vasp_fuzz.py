"""One hundred thousand random INCAR texts: nothing is lost, nothing raises, formatting keeps its promises."""

from __future__ import annotations

import random

from crystalmath.vasp import incar, kpoints, poscar
from crystalmath.vasp.check import check
from crystalmath.vasp.folder import Folder
from crystalmath.vasp.formatter import format_incar

COUNT = 100_000
PIECES = (
    "ENCUT",
    "ISPIN",
    "MAGMOM",
    "NSW",
    "SYSTEM",
    "LWAVE",
    "ENCUTT",
    "IMAGE_1",
    "LDAUU",
    "=",
    " = ",
    ";",
    " ",
    "\n",
    "\r\n",
    "\\\n",
    "\\ \n",
    "\\",
    "#",
    "!",
    '"',
    "{",
    "}",
    "/",
    "\t",
    "1",
    "2.5",
    "1d-5",
    "3*0.0",
    ".T.",
    "500 eV",
    "free text",
    "\x0c",
    "\xa0",
    "\udc80",
    "é",
    "0",
    "-1",
    ",",
    "*",
    "\r",
    "\x00",
)
LINES = (
    "Si",
    "1.0",
    "4 0 0",
    "0 4 0",
    "0 0 4",
    "1",
    "Direct",
    "0 0 0",
    "",
    "T F T",
    "x",
    "1 2",
    "Selective",
    "0",
    "Gamma",
    "4 4 4",
)


def test_incar_texts() -> None:
    rng = random.Random(7)
    for _ in range(COUNT):
        text = "".join(rng.choices(PIECES, k=rng.randrange(25)))
        tree = incar.parse(text)
        assert "".join(token.text for token in tree.tokens) == text
        after = format_incar(text)
        assert [(s.tag, s.value.split()) for s in incar.parse(after).statements] == [
            (s.tag, s.value.split()) for s in tree.statements
        ], text
        assert format_incar(after) == after, text


def test_other_files_and_rules() -> None:
    rng = random.Random(8)
    for _ in range(COUNT // 10):
        text = "\n".join(rng.choices(LINES, k=rng.randrange(14)))
        poscar.parse(text)
        kpoints.parse(text)
        check(Folder({"INCAR": "".join(rng.choices(PIECES, k=12)), "POSCAR": text, "KPOINTS": text}))
