"""Check VASP input files: the function behind the command, the server and the submission."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from crystalmath.errors import InputError
from crystalmath.vasp import tags
from crystalmath.vasp.finding import Finding, Related
from crystalmath.vasp.folder import Context, Folder, Options
from crystalmath.vasp.rules.rule import all_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from crystalmath.vasp.folder import FileKind
    from crystalmath.vasp.rules.rule import Report, Rule

__all__ = [
    "Target",
    "check",
    "collect",
    "due",
    "findings_of",
    "inputs_of",
    "is_about_inputs",
    "kind_of",
    "read_text",
    "targets",
]

KINDS: Final[tuple[FileKind, ...]] = ("INCAR", "POSCAR", "KPOINTS", "KPOINTS_OPT", "POTCAR")
_IGNORE: Final = re.compile(r"crystalmath:\s*ignore\s*\[([\w\s,/-]*)\]")
_GENERAL: Final = frozenset({"INCAR", "Category:INCAR_tag"})
_LARGEST: Final = 512 * 1024 * 1024


class Target:
    """The files to check together and those of them whose findings are wanted."""

    __slots__ = ("folder", "paths", "wanted")

    def __init__(self, folder: Folder, wanted: frozenset[FileKind], paths: dict[FileKind, Path]) -> None:
        self.folder = folder
        self.wanted = wanted
        self.paths = paths


def check(folder: Folder, wanted: Iterable[FileKind] = KINDS) -> tuple[Finding, ...]:
    """Run every rule over the files of one calculation.

    Args:
        folder: the texts, and what is known beyond them.
        wanted: the files whose findings are returned; the others only inform the rules.

    Returns:
        The findings in the order of files and lines.
    """
    reports = ((rule, report) for rule in due(folder) for report in rule.check(folder))
    return findings_of(folder, wanted, reports)


def findings_of(
    folder: Folder, wanted: Iterable[FileKind], reports: Iterable[tuple[Rule, Report]]
) -> tuple[Finding, ...]:
    """Return what rules reported as findings, without those that a remark in the file switches off."""
    kinds = frozenset(wanted)
    found = [
        (KINDS.index(report.kind), _finding(folder, rule, report))
        for rule, report in reports
        if report.kind in kinds and not _suppressed(folder, rule, report)
    ]
    found.sort(key=lambda item: (item[0], item[1].line, item[1].column, item[1].code, item[1].message))
    return tuple(finding for _, finding in found)


class _Index(NamedTuple):
    """The rules that settings leave: those to run always, and those to run for a tag."""

    always: tuple[Rule, ...]
    by_tag: dict[str, tuple[Rule, ...]]


@lru_cache(maxsize=64)
def _index(select: frozenset[str], ignore: frozenset[str]) -> _Index:
    always: list[Rule] = []
    by_tag: dict[str, tuple[Rule, ...]] = {}
    for rule in all_rules():
        names = {rule.code, rule.subject}
        if names & ignore or (select and not names & select):
            continue
        if not rule.tags:
            always.append(rule)
        for tag in rule.tags:
            by_tag[tag] = (*by_tag.get(tag, ()), rule)
    return _Index(tuple(always), by_tag)


def due(folder: Folder) -> Iterator[Rule]:
    """Yield the rules whose files are there and of whose tags one is given."""
    index = _index(folder.options.select, folder.options.ignore)
    present = frozenset(folder.texts)
    written = present | {"KPOINTS"} if "KPOINTS_OPT" in present else present  # both are written alike
    for rule in index.always:
        if (written if rule.subject == "syntax" else present).issuperset(rule.needs):
            yield rule
    seen: set[str] = set()
    for tag in folder.parameters.statements:
        for rule in index.by_tag.get(tag, ()):
            if rule.code not in seen and present.issuperset(rule.needs):
                seen.add(rule.code)
                yield rule


def _suppressed(folder: Folder, rule: Rule, report: Report) -> bool:
    if not folder.suppresses(report.kind):
        return False
    source = folder.source(report.kind)
    line = source.place(report.span.start).line if report.kind == "INCAR" else 1
    match = _IGNORE.search(source.lines[line - 1])
    return match is not None and rule.code in re.split(r"[\s,]+", match[1].strip())


def _finding(folder: Folder, rule: Rule, report: Report) -> Finding:
    source = folder.source(report.kind)
    start = source.place(report.span.start)
    end = source.place(max(report.span.end, report.span.start))
    name = folder.name(report.kind)
    return Finding(
        path=name,
        line=start.line,
        column=start.column,
        end_line=end.line,
        end_column=max(end.column, start.column + 1) if end.line == start.line else end.column,
        severity=report.severity or rule.severity,
        code=rule.code,
        message=report.message,
        url=_url(folder, rule, report),
        related=tuple(Related(folder.name(kind), line, 1, text) for kind, line, text in report.related),
        fixes=report.fixes,
    )


def _url(folder: Folder, rule: Rule, report: Report) -> str:
    """Return the page of the rule; general rules on the INCAR point to the tag that they concern."""
    if report.kind == "INCAR" and rule.page in _GENERAL and folder.incar is not None:
        statement = folder.incar.statement_at(report.span.start)
        tag = tags.find(statement.tag) if statement is not None else None
        return tag.page if tag is not None else rule.url
    return rule.url


# What these hold is about an input file, or makes one: INCAR.py, POSCAR.json.
_OTHER_FORMATS: Final = (
    ".PY", ".IPYNB", ".JSON", ".YAML", ".YML", ".TOML", ".XML", ".H5", ".LUA", ".SH", ".MD", ".RST",
    ".TEX", ".HTML", ".PDF", ".PNG", ".CIF", ".XYZ",
)  # fmt: skip


def is_about_inputs(path: Path) -> bool:
    """Return whether a file is of another format, whatever else its name says: INCAR.py."""
    return path.name.upper().endswith(_OTHER_FORMATS)


def kind_of(path: Path) -> FileKind | None:
    """Return which input file a path is, told by its name: INCAR.relax, POSCAR_1, CONTCAR, si.vasp."""
    name = path.name.upper().removesuffix(".GZ")
    if is_about_inputs(path):
        return None
    if name == "KPOINTS_OPT":
        return "KPOINTS_OPT"
    for kind in ("INCAR", "KPOINTS", "POTCAR", "POSCAR"):
        if name.startswith(kind) or name.endswith(f".{kind}"):
            return kind
    if name.startswith("CONTCAR") or name.endswith(".VASP"):
        return "POSCAR"
    return None


def read_text(path: Path) -> str:
    """Return the text of an input file, unpacked when it is compressed.

    Raises:
        InputError: it cannot be read, or is far too large.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError(
                f"{path} is too large to be a VASP input file", hint="Name the input files only."
            )
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror or error}", hint="Check the path and its permissions."
        ) from error
    if path.suffix == ".gz":
        data = _unpacked(path, data)
    if b"\0" in data:
        raise InputError(f"{path} is a binary file, no VASP input", hint="Name the input files only.")
    return data.decode("utf-8", "surrogateescape")


def _unpacked(path: Path, data: bytes) -> bytes:
    import gzip
    import zlib

    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(
            f"{path} cannot be unpacked: {error}", hint="Make it again, or name the unpacked file."
        ) from error


def targets(
    paths: Sequence[Path], options: Options | None = None, context: Context | None = None
) -> Iterator[Target]:
    """Yield what the paths name: a directory stands for its input files, a file for itself.

    A file with its usual name (INCAR, POSCAR, …) is checked knowing its neighbours in the directory.
    What is named twice, as by a directory and a file in it, is checked once.

    Raises:
        InputError: a path is not there, cannot be read, is no VASP input file or a directory without any.
    """
    options, context = options or Options(), context or Context()
    seen: set[Path] = set()
    for path in paths:
        try:
            target = _of_path(path, options, context)
        except OSError as error:
            raise InputError(
                f"{path} cannot be read: {error.strerror}", hint="Check the path and its permissions."
            ) from error
        target.wanted = frozenset(kind for kind in target.wanted if target.paths[kind].resolve() not in seen)
        seen |= {target.paths[kind].resolve() for kind in target.wanted}
        if target.wanted:
            yield target


def _of_path(path: Path, options: Options, context: Context) -> Target:
    hint = "Name a VASP input file or a directory of them."
    if path.is_dir():
        return _directory(path, options, context)
    if path.is_file():
        return _file(path, options, context)
    raise InputError(f"{path} {'is no regular file' if path.exists() else 'does not exist'}", hint=hint)


def inputs_of(directory: Path) -> dict[FileKind, Path]:
    """Return the input files in a directory by kind."""
    found: dict[FileKind, Path] = {}
    for kind in KINDS:
        for name in (kind, f"{kind}.gz"):
            if (directory / name).is_file():
                found[kind] = directory / name
                break
    return found


def _target(
    files: dict[FileKind, Path],
    wanted: frozenset[FileKind],
    directory: Path | None,
    options: Options,
    context: Context,
) -> Target:
    texts = {kind: read_text(path) for kind, path in files.items()}
    present = frozenset(entry.name for entry in directory.iterdir()) if directory else None
    names = {kind: str(path) for kind, path in files.items()}
    return Target(Folder(texts, names, present, context, options), wanted, files)


def _directory(path: Path, options: Options, context: Context) -> Target:
    files = inputs_of(path)
    if not files:
        raise InputError(
            f"{path} holds no VASP input file",
            hint="INCAR, POSCAR, KPOINTS, KPOINTS_OPT and POTCAR are looked for, not in sub-directories.",
        )
    return _target(files, frozenset(files), path, options, context)


def _file(path: Path, options: Options, context: Context) -> Target:
    kind = kind_of(path)
    if kind is None:
        raise InputError(
            f"{path} is no VASP input file by its name",
            hint="Files are told by their names: INCAR*, POSCAR*, CONTCAR*, *.vasp, KPOINTS*, POTCAR*.",
        )
    files: dict[FileKind, Path] = {kind: path}
    usual = path.name.removesuffix(".gz") == kind
    if usual:
        files = {**inputs_of(path.parent), kind: path}
    return _target(files, frozenset({kind}), path.parent if usual else None, options, context)


def collect(target: Target) -> tuple[Finding, ...]:
    """Return the findings of a target."""
    return check(target.folder, target.wanted)
