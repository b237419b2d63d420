"""The input files of the curated templates, as they were looked at and found right.

Run with `CRYSTALMATH_WRITE_GOLDEN=1` to write them anew after a change that is meant, and look at the diff.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from crystalmath import inputs, structures

HERE = Path(__file__).parent / "inputs"
FRACTION = re.compile(r"-?\d+\.\d+(?:e[-+]\d+)?")

SILICON = """Si, primitive
1.0
0.0 2.715 2.715
2.715 0.0 2.715
2.715 2.715 0.0
Si
2
Direct
0.0 0.0 0.0
0.25 0.25 0.25
"""
IRON = """Fe, antiferromagnetic start
2.87
1 0 0
0 1 0
0 0 1
Fe
2
Selective dynamics
Direct
0.0 0.0 0.0 F F F
0.5 0.5 0.5 T T T
"""
OXIDE = """MnO with its atoms as somebody drew them
4.44
1.0 0.0 0.0
0.0 1.0 0.0
0.0 0.0 1.0
O Mn O
1 2 1
Direct
0.5 0.0 0.0
0.0 0.0 0.0
0.5 0.5 0.0
0.0 0.5 0.0
"""


class Case(NamedTuple):
    poscar: str
    template: str
    settings: dict[str, object]
    step: int = 1


CASES = {
    "si-static": Case(SILICON, "static", {}),
    "si-bands-uniform": Case(SILICON, "relax_bands", {}, 4),
    "si-bands-line": Case(SILICON, "relax_bands", {}, 5),
    "fe-relax-moments": Case(IRON, "relax", {"MAGMOM": "2.2 -2.2", "ENCUT": "400"}),
    "mno-relax-u": Case(OXIDE, "double_relax", {"LDAUU": "0 3.9 0", "MAGMOM": "0 5 -5 0"}),
    "si-static-kspacing": Case(SILICON, "static", {"KSPACING": "0.25", "LWAVE": ".TRUE.", "EDIFF": "1d-7"}),
}


@pytest.mark.parametrize("name", CASES)
def test_the_files_are_those_that_were_looked_at(name: str) -> None:
    case = CASES[name]
    found = inputs.preview(
        structures.read(case.poscar).structure, case.template, case.settings, step=case.step
    )
    sources = "".join(f"{setting.tag:12} {setting.source}\n" for setting in found.incar)
    remarks = "".join(f"{finding.severity} {finding.code}: {finding.message}\n" for finding in found.findings)
    files = {**found.files(), "sources": sources, "findings": remarks}
    directory = HERE / name
    if os.environ.get("CRYSTALMATH_WRITE_GOLDEN"):
        directory.mkdir(parents=True, exist_ok=True)
        for file, text in files.items():
            (directory / file).write_text(text, encoding="utf-8")
    kept = {path.name: path.read_text(encoding="utf-8") for path in directory.iterdir()}
    assert {file: settled(text) for file, text in files.items()} == {
        file: settled(text) for file, text in kept.items()
    }


def settled(text: str) -> str:
    """Return the text with its fractions rounded: their last digits are those of the processor."""
    return FRACTION.sub(lambda found: f"{round(float(found[0]), 9) + 0.0:.9f}", text)


def test_what_is_rounded_is_the_noise_alone() -> None:
    assert settled("0.49999999999999994 -1.2e-32 1 X") == settled("0.5 0.0 1 X")
    assert settled("0.5 0.0 1 X") != settled("0.5000001 0.0 1 X")
