"""Unusual inputs that VASP takes raise nothing, and mistakes that people make are reported where they stand.

The cases were written after the rules, by looking for what the rules get wrong.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crystalmath.vasp.check import check
from crystalmath.vasp.finding import Finding
from crystalmath.vasp.folder import Folder

CASES = json.loads((Path(__file__).parents[1] / "data/vasp/review.json").read_text(encoding="utf-8"))


def serious(texts: Any) -> list[Finding]:
    return [finding for finding in check(Folder(texts)) if finding.severity in {"error", "warning"}]


@pytest.mark.parametrize("texts", CASES["valid"])
def test_unusual_but_legal_inputs_raise_nothing(texts: dict[str, str]) -> None:
    assert serious(texts) == []


@pytest.mark.parametrize("case", CASES["wrong"])
def test_mistakes_are_reported_in_their_file_and_line(case: dict[str, Any]) -> None:
    found = [finding for finding in serious(case["texts"]) if finding.path == case["file"]]
    there = [finding for finding in found if case["line"] in {None, finding.line}]
    assert there, found
    assert case.get("severity") in {None, *(finding.severity for finding in there)}
