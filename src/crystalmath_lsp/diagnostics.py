"""Findings about VASP input files, as pure functions of their text.

Lines and columns count from 0, columns in characters; the language half turns them into the client's units.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crystalmath.vasp import incar

if TYPE_CHECKING:
    from crystalmath.vasp.incar import Statement

__all__ = ["Finding", "of_incar"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Say what is wrong at which place of a file."""

    line: int
    column: int
    end_column: int
    code: str
    message: str


def of_incar(text: str) -> list[Finding]:
    """Report every tag that is set again: VASP uses the first value and ignores the others silently."""
    tree = incar.parse(text)
    return [
        _set_twice(statement, tree.effective[statement.tag])
        for statement in tree.statements
        if tree.effective[statement.tag] is not statement
    ]


def _set_twice(statement: Statement, first: Statement) -> Finding:
    column = statement.column - 1
    return Finding(
        line=statement.line - 1,
        column=column,
        end_column=column + len(statement.name),
        code="duplicate-tag",
        message=f"{statement.tag} is set already in line {first.line}; VASP uses that value "
        f"({first.value}) and ignores this one.",
    )
