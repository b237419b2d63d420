"""`crystalmath tui`: hand the terminal over to the terminal user interface."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import click

from crystalmath.errors import EngineError

__all__ = ["tui"]


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def tui(arguments: tuple[str, ...]) -> None:
    """Open the terminal user interface; ARGUMENTS go to crystalmath-tui."""
    beside = Path(sys.executable).parent / "crystalmath-tui"
    program = str(beside) if beside.is_file() else shutil.which("crystalmath-tui")
    if program is None:
        raise EngineError(
            "The terminal UI, crystalmath-tui, is not installed",
            hint="Install Rust's cargo and run `make setup` again; the other verbs work without it.",
        )
    sys.stdout.flush()
    os.execv(program, [program, *arguments])  # noqa: S606 - replaces this process, as intended
