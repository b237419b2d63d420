"""One hundred thousand random INCAR texts: nothing is lost, nothing raises, formatting keeps its promises."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crystalmath.vasp import incar, kpoints, poscar
from crystalmath.vasp.check import check
from crystalmath.vasp.effective import effective_values
from crystalmath.vasp.fixing import fix_folder
from crystalmath.vasp.folder import Context, Folder
from crystalmath.vasp.formatter import format_incar
from crystalmath.vasp.incremental import FolderCheck
from crystalmath.vasp.source import SEVERITIES

if TYPE_CHECKING:
    from crystalmath.vasp.folder import FileKind

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


TAGS = (
    "ENCUT", "ISPIN", "MAGMOM", "NSW", "IBRION", "LWAVE", "ALGO", "IALGO", "NPAR", "NCORE", "KSPACING",
    "LDAU", "LDAUU", "LDAUL", "LHFCALC", "HFSCREEN", "ISMEAR", "SIGMA", "EDIFFG", "POTIM", "LSORBIT", "ISIF",
    "GGA", "ML_LMLFF", "ML_MODE", "LREAL", "PREC", "ENCUTT", "LNONCOLLINEAR", "SYSTEM",
)  # fmt: skip
VALUES = (
    "T", ".FALSE.", ".TURE.", "yes", "0", "1", "2", "-1", "-5", "48", "0.5", "0,05", "500eV", "20.0", "2*5",
    "", "Fast", "PBE", "A", "x", "1 2", "2 NSW = 3", "1 \\ ", "- 5", "= 3", "2 * 5", "\u22125", "10-6",
    "5,0 1", "'PE'", ".AUTO.", "\u00a02", "500",
)  # fmt: skip
SIGNS = (" = ", " = ", " = ", "=", " ", " := ", "\u00a0=")
ENDS = ("\n", "\n", "\n", " ; ", " # why\n", "\r\n", "\u00a0\n")
CELL = "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nFe O\n1 1\nDirect\n0 0 0\n0.5 0.5 0.5\n"
MESH = "k\n0\nMonkhorst\n4 4 4\n"


def settings_of(rng: random.Random) -> str:
    """Return some settings, right and wrong ones, some on one line."""
    rows = (f"{rng.choice(TAGS)}{rng.choice(SIGNS)}{rng.choice(VALUES)}" for _ in range(rng.randrange(1, 9)))
    return "".join(row + rng.choice(ENDS) for row in rows)


@pytest.mark.timeout(1200)  # each case checks about ten times
def test_fixes_leave_fewer_findings_of_the_worst_severity_that_changes() -> None:
    rng = random.Random(9)
    for _ in range(COUNT // 10):
        texts: dict[FileKind, str] = {"INCAR": settings_of(rng)}
        if rng.random() < 0.5:
            texts |= {"POSCAR": CELL, "KPOINTS": MESH}
        folder = Folder(texts)
        before = Counter(finding.severity for finding in check(folder))
        after = Counter(finding.severity for finding in check(fix_folder(folder, unsafe=True)))
        assert [after[s] for s in SEVERITIES] <= [before[s] for s in SEVERITIES], texts


class OneByOne(incar._Parser):
    """The parser without its way to read plain lines at once."""

    def _plain_lines(self) -> bool:
        return False


def test_plain_lines_are_read_as_all_others() -> None:
    rng = random.Random(10)
    for turn in range(COUNT):
        text = settings_of(rng) if turn % 2 else "".join(rng.choices(PIECES, k=rng.randrange(25)))
        fast, slow = incar.parse(text), OneByOne(text).parse()
        assert (fast.tokens, fast.statements, fast.problems) == (slow.tokens, slow.statements, slow.problems)


def test_looking_again_finds_what_a_fresh_look_finds() -> None:
    rng, looks = random.Random(11), FolderCheck()
    for _ in range(COUNT // 10):
        texts: dict[FileKind, str] = {"INCAR": settings_of(rng), "POSCAR": CELL, "KPOINTS": MESH}
        if rng.random() < 0.2:
            texts["POSCAR"] = CELL.replace("0.5 0.5 0.5", rng.choice(("0 0 0.05", "x", "0.5 0.5 0.4")))
        assert looks.check(Folder(texts)) == check(Folder(texts)), texts


ODD = (
    "NaN", "-Infinity", "1e300", "-1e308", "1e-300", "0", "-1", "99999999999", "2147483647", "3*1", "1*", "",
    "x", "-0.0", "99999*0",
)  # fmt: skip
NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][-+]?\d+)?(?![\w.])")
VALID = json.loads((Path(__file__).parents[1] / "data/vasp/review.json").read_text(encoding="utf-8"))["valid"]


def test_odd_numbers_anywhere_raise_nothing() -> None:
    rng, looks = random.Random(12), FolderCheck()
    for _ in range(COUNT // 10):
        texts: dict[FileKind, str] = {"POSCAR": CELL, "KPOINTS": MESH, **rng.choice(VALID)}
        kind = rng.choice(list(texts))
        numbers = list(NUMBER.finditer(texts[kind]))
        if numbers:
            start, end = rng.choice(numbers).span()
            texts[kind] = texts[kind][:start] + rng.choice(ODD) + texts[kind][end:]
        folder = Folder(texts, context=Context(ranks=rng.choice((None, 0, 1, 16)), space_group=194))
        assert looks.check(folder) == check(folder), texts
        effective_values(folder)
