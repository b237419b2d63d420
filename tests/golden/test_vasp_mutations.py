"""Mistakes made on purpose in valid files are found on the right line, and harmless changes raise nothing."""

from __future__ import annotations

import importlib.util
import os
import random
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from crystalmath.vasp.check import check
from crystalmath.vasp.finding import Finding
from crystalmath.vasp.folder import Folder

HERE = Path(__file__).parent


def operators_of(name: str) -> Any:
    """Load a table of operators that stands beside this file."""
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.OPERATORS


OPERATORS = tuple(
    operator
    for name in ("vasp_operators_incar", "vasp_operators_files", "vasp_operators_review")
    for operator in operators_of(name)
)
OWN = HERE.parent / "data/vasp/valid"
ROUNDS = 6


def folders() -> dict[str, dict[str, str]]:
    """Return our own valid sets of files, and the shared ones where they are."""
    found = {path.name: texts_of(path) for path in sorted(OWN.iterdir())}
    shared = Path(os.environ.get("CRYSTALMATH_SHARED_DATA", HERE.parents[2] / "shared/data")) / "vasp/runs"
    for path in sorted(shared.rglob("POSCAR")):
        texts = texts_of(path.parent)
        if "INCAR" in texts:
            found[str(path.parent.relative_to(shared))] = texts
    return found


def texts_of(path: Path) -> dict[str, str]:
    names = ("INCAR", "POSCAR", "KPOINTS", "POTCAR")
    return {name: (path / name).read_text(encoding="utf-8") for name in names if (path / name).is_file()}


def serious(texts: Any) -> list[Finding]:
    return [finding for finding in check(Folder(texts)) if finding.severity in {"error", "warning"}]


def kinds(findings: list[Finding]) -> Counter[tuple[str, str]]:
    return Counter((finding.path, finding.code) for finding in findings)


def test_our_valid_files_have_neither_errors_nor_warnings() -> None:
    for path in OWN.iterdir():
        assert serious(texts_of(path)) == [], path.name


def outcomes() -> tuple[dict[str, Counter[str]], list[str]]:
    tally: dict[str, Counter[str]] = defaultdict(Counter)
    examples: list[str] = []
    for name, texts in folders().items():
        before = kinds(serious(texts))
        known = {(finding.path, finding.code, finding.message) for finding in serious(texts)}
        for operator in OPERATORS:
            rng = random.Random(f"{name} {operator.name}")
            for _ in range(ROUNDS):
                mutation = operator.change(texts, rng)
                if mutation is None or mutation.texts == texts:
                    continue
                after = serious(mutation.texts)
                new = [
                    finding for finding in after if (finding.path, finding.code, finding.message) not in known
                ]
                hit = any(finding.path == mutation.file and finding.line in mutation.lines for finding in new)
                good = hit if operator.reported else not (kinds(after) - before)
                tally[operator.name]["good" if good else "bad"] += 1
                if not good:
                    examples.append(f"{operator.name} in {name}: {[finding[:7] for finding in new]}")
    return tally, examples


@pytest.fixture(scope="module")
def result() -> tuple[dict[str, Counter[str]], list[str]]:
    return outcomes()


def test_every_operator_found_something_to_change(result: tuple[dict[str, Counter[str]], list[str]]) -> None:
    assert {operator.name for operator in OPERATORS} == set(result[0])


def test_nine_of_ten_harmful_mutations_are_reported_on_the_right_line(
    result: tuple[dict[str, Counter[str]], list[str]],
) -> None:
    tally, examples = result
    harmful = [tally[operator.name] for operator in OPERATORS if operator.reported]
    good, bad = sum(c["good"] for c in harmful), sum(c["bad"] for c in harmful)
    assert good >= 0.9 * (good + bad), examples[:20]


def test_each_harmful_operator_is_mostly_reported(result: tuple[dict[str, Counter[str]], list[str]]) -> None:
    weak = {
        operator.name: dict(result[0][operator.name])
        for operator in OPERATORS
        if operator.reported and result[0][operator.name]["bad"] > result[0][operator.name]["good"]
    }
    assert not weak


def test_harmless_mutations_raise_nothing(result: tuple[dict[str, Counter[str]], list[str]]) -> None:
    silent = {operator.name for operator in OPERATORS if not operator.reported}
    assert [example for example in result[1] if example.split()[0] in silent] == []
