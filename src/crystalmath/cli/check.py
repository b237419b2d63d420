"""`crystalmath check`: VASP input files, their mistakes and their fixes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crystalmath.errors import InputError

if TYPE_CHECKING:
    from crystalmath.vasp.check import Target
    from crystalmath.vasp.finding import Finding

__all__ = ["check"]

STYLES = ("human", "json", "sarif", "github")


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--format", "style", type=click.Choice(STYLES), default="human", show_default=True, help="Output."
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--fix", is_flag=True, help="Apply the fixes that cannot change what is meant.")
@click.option("--unsafe-fixes", is_flag=True, help="Apply also fixes that guess what is meant.")
@click.option("--diff", is_flag=True, help="Show what the fixes would change; write nothing.")
@click.option("--select", multiple=True, metavar="CODE", help="Run only these rules (code or subject).")
@click.option("--ignore", multiple=True, metavar="CODE", help="Leave these rules out (code or subject).")
@click.option("--target-version", metavar="X.Y.Z", help="The VASP version in use.")
@click.option("--allow", multiple=True, metavar="TAG", help="A tag that your build of VASP knows.")
@click.option("--vtst", is_flag=True, help="Your build of VASP has the VTST patches.")
@click.pass_context
def check(
    ctx: click.Context,
    paths: tuple[Path, ...],
    style: str,
    as_json: bool,
    fix: bool,
    unsafe_fixes: bool,
    diff: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    target_version: str | None,
    allow: tuple[str, ...],
    vtst: bool,
) -> None:
    """Check VASP input files: a directory with its INCAR, POSCAR, KPOINTS and POTCAR, or single files.

    Exit code 0: clean; 1: errors or warnings remain; 2: wrong usage.
    """
    from crystalmath.vasp.check import collect, targets
    from crystalmath.vasp.reporters import report
    from crystalmath.vasp.settings import Settings

    options = Settings.from_mapping(
        {"select": select, "ignore": ignore, "target_version": target_version, "allow": allow, "vtst": vtst}
    )
    found = list(targets(paths, options))
    if diff:
        _show_fixes(found, unsafe=unsafe_fixes)
    elif fix or unsafe_fixes:
        found = [_fixed(target, unsafe=unsafe_fixes) for target in found]
    findings: list[Finding] = []
    sources: dict[str, str] = {}
    for target in found:
        findings += collect(target)
        sources |= {target.folder.name(kind): text for kind, text in target.folder.texts.items()}
    if not diff:
        colour = style == "human" and sys.stdout.isatty()
        click.echo(report(findings, sources, "json" if as_json else style, colour=colour), nl=False)
    ctx.exit(1 if any(finding.severity in {"error", "warning"} for finding in findings) else 0)


def _fixed(target: Target, *, unsafe: bool) -> Target:
    """Apply the fixes of a target to its files and return what they are then."""
    from crystalmath.vasp.fixing import fix_folder

    folder = fix_folder(target.folder, target.wanted, unsafe=unsafe)
    for kind, path in target.paths.items():
        if folder.texts[kind] != target.folder.texts[kind]:
            _write(path, folder.texts[kind])
    target.folder = folder
    return target


def _show_fixes(found: list[Target], *, unsafe: bool) -> None:
    """Show what the fixes would change; nothing is written, so the findings remain."""
    from crystalmath.vasp.fixing import fix_folder

    for target in found:
        folder = fix_folder(target.folder, target.wanted, unsafe=unsafe)
        for kind, path in target.paths.items():
            _show(str(path), target.folder.texts[kind], folder.texts[kind])


def _show(path: str, before: str, after: str) -> None:
    import difflib

    rows = difflib.unified_diff(_rows(before), _rows(after), path, path)
    for row in rows:
        text = row if row.endswith("\n") else row + "\n\\ No newline at end of file\n"
        click.echo(text.encode("utf-8", "surrogateescape"), nl=False)


def _rows(text: str) -> list[str]:
    """Split as diff and patch do, at line feeds only."""
    rows = text.split("\n")
    return [row + "\n" for row in rows[:-1]] + ([rows[-1]] if rows[-1] else [])


def _write(path: Path, text: str) -> None:
    """Put a text in the place of a file at once: whoever reads it sees the old one or the new one."""
    import os
    import tempfile

    if path.suffix == ".gz":
        raise InputError(f"{path} is compressed and is not changed", hint="Unpack it to apply fixes.")
    real = path.resolve()  # a link stays a link
    scratch: Path | None = None
    try:
        mode = real.stat().st_mode
        if not mode & 0o222:  # replacing it would go behind its owner's back
            raise InputError(f"{path} is write-protected", hint="Make it writable, or look at --diff.")
        descriptor, name = tempfile.mkstemp(prefix=f".{real.name}.", dir=real.parent)
        scratch = Path(name)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(text.encode("utf-8", "surrogateescape"))
        scratch.chmod(mode & 0o7777)
        scratch.replace(real)
    except OSError as error:
        if scratch is not None:
            scratch.unlink(missing_ok=True)
        raise InputError(
            f"{path} cannot be written: {error.strerror}", hint="Check its permissions."
        ) from error
