"""How verbs print: JSON for programs, aligned tables for people, announcements on stderr."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crystalmath.paths import DEFAULT_PROFILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crystalmath.engine.session import Session

__all__ = [
    "NAMED_PROFILE",
    "announce",
    "json_option",
    "named_profile",
    "open_session",
    "print_json",
    "print_table",
]


NAMED_PROFILE = "crystalmath.profile"

F = TypeVar("F", bound=Callable[..., Any])


def json_option(function: F) -> F:
    """Add `--json` to a verb."""
    decorate = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
    decorated: F = decorate(function)
    return decorated


def print_json(value: object) -> None:
    """Print one JSON value; dataclasses and msgspec structs become objects, NaN becomes null."""
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def announce(sentence: str) -> None:
    """Tell the user what the engine sets up or repairs on its own; never on stdout."""
    click.echo(f"· {sentence}", err=True)


def open_session(*, create: bool | None = None) -> Session:
    """Open the engine on the profile of this command, saying what it sets up.

    A profile that was named by `--profile` is not made by any verb but `init`: it may be a typing error.
    """
    from crystalmath import engine

    named = named_profile()
    return engine.open(named, create=False if create is None and named else create, announce=announce)


def named_profile() -> str | None:
    """Return the profile that `--profile` names, None for the default one."""
    named: str | None = click.get_current_context().meta.get(NAMED_PROFILE)
    return None if named == DEFAULT_PROFILE else named


def print_table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print left-aligned columns under their heads; None is shown as an empty cell."""
    cells = [[str(head) for head in heads], *[["" if c is None else str(c) for c in row] for row in rows]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(heads))]
    for number, row in enumerate(cells):
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        click.echo(click.style(line, bold=True) if number == 0 else line)
