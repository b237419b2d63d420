"""What a rule is, and the registry of all of them."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Final, NamedTuple

from crystalmath.vasp.finding import Edit, Fix
from crystalmath.vasp.source import Span
from crystalmath.vasp.tags import WIKI

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from crystalmath.vasp.folder import FileKind, Folder
    from crystalmath.vasp.incar import Incar, Statement
    from crystalmath.vasp.kpoints import Kpoints
    from crystalmath.vasp.poscar import Poscar
    from crystalmath.vasp.source import Severity

    Reports = Iterator["Report"]

__all__ = ["Report", "Rule", "all_rules", "at", "line_span", "on_line", "parsing_rule", "replace", "rule"]

MODULES: Final = (
    "syntax", "values", "ionic", "dynamics", "electronic", "smearing", "magnetism", "exchange", "response",
    "restart", "parallel", "learning", "structure", "mesh", "sites", "potentials", "context",
)  # fmt: skip


class Report(NamedTuple):
    """What a rule found: a span of offsets in one file, a sentence, perhaps fixes and a second place."""

    kind: FileKind
    span: Span
    message: str
    fixes: tuple[Fix, ...] = ()
    related: tuple[tuple[FileKind, int, str], ...] = ()
    severity: Severity | None = None


class Rule(NamedTuple):
    """One rule: stable code, severity, reason in a line, page, and the function that looks.

    `needs` are the files without which it is silent; `tags` the INCAR tags of which one must be there.
    """

    code: str
    severity: Severity
    reason: str
    page: str
    needs: tuple[FileKind, ...]
    tags: frozenset[str]
    check: Callable[[Folder], Iterable[Report]]
    subject: str

    @property
    def url(self) -> str:
        """The address of the page."""
        return WIKI + self.page


_RULES: dict[str, Rule] = {}


def rule(
    code: str,
    severity: Severity,
    reason: str,
    page: str,
    *,
    needs: tuple[FileKind, ...] = ("INCAR",),
    tags: str = "",
) -> Callable[[Callable[[Folder], Iterator[Report]]], Callable[[Folder], Iterator[Report]]]:
    """Register the decorated function as a rule; `tags` are names separated by blanks."""

    def register(check: Callable[[Folder], Iterator[Report]]) -> Callable[[Folder], Iterator[Report]]:
        assert code not in _RULES, code
        subject = check.__module__.rsplit(".", 1)[-1]
        subject = "syntax" if subject == "rule" else subject  # what parsers note
        _RULES[code] = Rule(code, severity, reason, page, needs, frozenset(tags.split()), check, subject)
        return check

    return register


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return every rule, in the order of the modules."""
    for module in MODULES:
        import_module(f"crystalmath.vasp.rules.{module}")
    return tuple(sorted(_RULES.values(), key=lambda rule: MODULES.index(rule.subject)))


def replace(title: str, span: Span, text: str, *, safe: bool) -> Fix:
    """Return the fix that replaces a span."""
    return Fix(title, safe, (Edit(span.start, span.end, text),))


def at(
    statement: Statement, message: str, *fixes: Fix, value: bool = True, severity: Severity | None = None
) -> Report:
    """Return a report on a statement of the INCAR: on its value, or on its name."""
    span = statement.value_span if value and statement.value else statement.name_span
    return Report("INCAR", span, message, fixes, (), severity)


def line_span(folder: Folder, kind: FileKind, line: int) -> Span:
    """Return the span of the text on a line (from 1), without the blanks around it."""
    source = folder.source(kind)
    text = source.lines[line - 1] if 0 < line <= len(source.lines) else ""
    start = source.starts[min(max(line, 1), len(source.starts)) - 1]
    stripped = text.strip()
    lead = len(text) - len(text.lstrip())
    return Span(start + lead, start + lead + len(stripped))


def on_line(folder: Folder, kind: FileKind, line: int, message: str, *fixes: Fix) -> Report:
    """Return a report on a line of a file."""
    return Report(kind, line_span(folder, kind, line), message, fixes)


def parsing_rule(code: str, severity: Severity, reason: str, page: str, kind: FileKind) -> None:
    """Register a fault that the parser of a file notes itself."""

    def check(folder: Folder) -> Iterator[Report]:
        for name, parsed in _parsed(folder, kind):
            for problem in parsed.problems if parsed else ():
                if problem.code == code:
                    start = folder.source(name).offset(problem.line, problem.column)
                    span = Span(start, start + problem.end_column - problem.column)
                    yield Report(name, span, problem.message, severity=_of_unfinished_run(folder, name))

    check.__doc__ = f"Report that {reason}."
    rule(code, severity, reason, page, needs=(kind,))(check)


def _parsed(folder: Folder, kind: FileKind) -> tuple[tuple[FileKind, Incar | Poscar | Kpoints | None], ...]:
    """Return what was made of the files of a kind; KPOINTS_OPT is written like KPOINTS."""
    if kind == "KPOINTS":
        return (("KPOINTS", folder.kpoints), ("KPOINTS_OPT", folder.kpoints_opt))
    return ((kind, folder.incar if kind == "INCAR" else folder.poscar),)


def _of_unfinished_run(folder: Folder, kind: FileKind) -> Severity | None:
    """VASP leaves an empty CONTCAR until the first ionic step is done: no mistake of the author."""
    name = folder.name(kind).replace("\\", "/").rsplit("/", 1)[-1]
    return "information" if name.startswith("CONTCAR") and not folder.source(kind).text.strip() else None
