"""Checking again after an edit finds what a fresh check finds, and runs only what the edit concerns."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from crystalmath.vasp import fortran, incar, incremental
from crystalmath.vasp.check import check
from crystalmath.vasp.folder import Context, Folder, Options
from crystalmath.vasp.incremental import FolderCheck
from crystalmath.vasp.parameters import DERIVED, Parameters
from crystalmath.vasp.rules.rule import all_rules

if TYPE_CHECKING:
    from crystalmath.vasp.folder import FileKind
    from crystalmath.vasp.rules.rule import Rule

TEXTS: dict[FileKind, str] = {
    "INCAR": "ENCUT = 400\nISPIN = 2\nMAGMOM = 2*5\nNSW = 20\nIBRION = 2\nISIF = 3\nLDAU = T\nLDAUL = 2\n",
    "POSCAR": "Fe\n1.0\n4 0 0\n0 4 0\n0 0 4\nFe\n2\nDirect\n0 0 0\n0.5 0.5 0.5\n",
    "KPOINTS": "k\n0\nGamma\n4 4 4\n",
    "POTCAR": "  TITEL  = PAW_PBE Fe 06Sep2000\n  ENMAX = 267.9\n",
}
LINES = (
    "ENCUT = 200", "NPAR = 4", "NCORE = 2", "MAGMOM = 3*1", "ISMEAR = -5", "IBRION = 0", "NSW = 0",
    "KSPACING = 0.2", "LSORBIT = T", "ALGO = Fast", "LHFCALC = T", "ENCUTT = 3", "ISIF = 2", "ISPIN = 1",
    "# crystalmath: ignore[x]", "LREAL = A", "ENCUT = 500  # crystalmath: ignore[cutoff-low]", "\\",
    "IVDW = 12", "POTIM = 9", "LDAUU = 4 4",
)  # fmt: skip
POSCAR_LINES = ("0.5 0.5 0.5", "0 0 0.05", "Cartesian", "1", "2", "Fe O", "0 4 0", "0 0 30", "F F F", "")
KPOINTS_LINES = ("1 1 1", "Monkhorst", "0", "3 3 3", "Line", "0 0 0", "")


def edited(texts: dict[FileKind, str], rng: random.Random) -> dict[FileKind, str]:
    """Return the texts with one line replaced, added or taken out."""
    kind = rng.choice(tuple(texts))
    lines = texts[kind].split("\n")
    choice = {"POSCAR": POSCAR_LINES, "KPOINTS": KPOINTS_LINES}.get(kind, LINES)
    at = rng.randrange(len(lines))
    lines[at : at + rng.randrange(2)] = [rng.choice(choice)] if rng.random() < 0.7 else []
    return {**texts, kind: "\n".join(lines)}


@pytest.mark.parametrize("seed", range(10))
def test_a_second_look_finds_what_a_fresh_check_finds(seed: int) -> None:
    rng, looks, texts = random.Random(seed), FolderCheck(), TEXTS
    for _ in range(40):
        texts = edited(texts, rng) if rng.random() < 0.9 else TEXTS
        assert looks.check(Folder(texts)) == check(Folder(texts))


def test_context_settings_and_the_files_present_count_too() -> None:
    looks, folder = FolderCheck(), Folder(TEXTS)
    for changed in (
        folder,
        replace(folder, context=Context(ranks=7)),
        replace(folder, options=Options(ignore=frozenset({"magnetism"}))),
        replace(folder, present=frozenset({"INCAR"})),
        replace(folder, names={"INCAR": "other"}),
        Folder({"INCAR": TEXTS["INCAR"]}),
    ):
        assert looks.check(changed) == check(changed)


def test_unchanged_files_are_not_read_again() -> None:
    looks, first = FolderCheck(), Folder(TEXTS)
    looks.check(first)
    second = Folder({**TEXTS, "INCAR": "ENCUT = 500\n"})
    looks.check(second)
    assert second.poscar is first.poscar
    assert second.kpoints is first.kpoints
    assert second.potcar is first.potcar


def test_values_of_unchanged_tags_are_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = FolderCheck()
    looks.check(Folder(TEXTS))
    texts: list[str] = []
    read = fortran.read_reals
    monkeypatch.setattr(fortran, "_real", lambda word: (texts.append(word), float(word))[1])  # type: ignore[func-returns-value]  # noted on the way
    assert read("7*7") == (7.0,) * 7
    looks.check(Folder({**TEXTS, "INCAR": TEXTS["INCAR"].replace("2*5", "2*4")}))
    assert texts == ["7", "4"]


def test_only_rules_that_look_at_a_changed_tag_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = FolderCheck()
    ran: list[str] = []
    looks.check(Folder(TEXTS))
    ask = incremental._ask

    def noted(rule: Rule, folder: Folder) -> incremental._Answer:
        ran.append(rule.code)
        return ask(rule, folder)

    monkeypatch.setattr(incremental, "_ask", noted)
    looks.check(Folder({**TEXTS, "INCAR": TEXTS["INCAR"].replace("400", "401")}))
    assert "cutoff-low" in ran
    assert "moments-count" not in ran
    assert "ions-overlap" not in ran
    assert len(ran) < len(all_rules()) / 4


def test_findings_are_given_by_file() -> None:
    found = FolderCheck().findings(Folder({"INCAR": "ENCUTT = 3\n", "KPOINTS": "k\n0\nG\n2 2 x\n"}))
    assert [one.code for one in found["INCAR"]] == ["unknown-tag"]
    assert [one.code for one in found["KPOINTS"]] == ["kpoints-mesh"]


def test_derived_values_follow_from_the_tags_that_the_table_names() -> None:
    rng = random.Random(1)
    names = sorted({tag for tags in DERIVED.values() for tag in tags})
    for _ in range(300):
        text = "".join(
            f"{n} = {rng.choice(('T', 'F', '0', '1', '2', '-1', 'N'))}\n" for n in names if rng.random() < 0.6
        )
        for name, tags in DERIVED.items():
            kept = "".join(f"{line}\n" for line in text.splitlines() if line.split()[0] in tags)
            whole, part = Parameters(incar.parse(text)), Parameters(incar.parse(kept))
            assert getattr(whole, name) == getattr(part, name), (name, text)
