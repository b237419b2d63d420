"""The ways a run ends before its work is done."""

from __future__ import annotations

__all__ = ["NOT_STARTED", "Refusal", "boxed"]

NOT_STARTED = 127  # what a shell returns for a program that cannot be started

_WIDTH = 77


class Refusal(Exception):  # noqa: N818 - a refusal is how VASP ends, not a fault of this program
    """The stand-in stops as VASP would: `lines` go to stdout in a box, then it exits with `exit_code`."""

    def __init__(self, *lines: str, exit_code: int = 1) -> None:
        super().__init__(" ".join(lines))
        self.lines = lines
        self.exit_code = exit_code


def boxed(title: str, lines: tuple[str, ...]) -> str:
    """Return the lines in a frame of the kind VASP puts around warnings and errors."""
    rule = " " + "-" * _WIDTH
    body = [title, "", *lines]
    # a line that custodian looks for must stay whole, so long lines widen the frame
    framed = [f"|  {line:<{_WIDTH - 4}}  |" for line in body]
    return "\n".join([rule, *framed, rule, ""])
