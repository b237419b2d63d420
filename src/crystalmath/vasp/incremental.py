"""Check the same files again and again: what an edit leaves alone is neither read nor checked again.

While a rule runs it is watched: which tags and which files it looks at. As long as none of these changes its
answer stays what it was, so that an edit of one tag runs the rules that look at this tag.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from crystalmath.vasp import poscar
from crystalmath.vasp.check import KINDS, due, findings_of
from crystalmath.vasp.parameters import DERIVED, Parameters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from crystalmath.vasp.finding import Finding
    from crystalmath.vasp.folder import FileKind, Folder
    from crystalmath.vasp.rules.rule import Report, Rule
    from crystalmath.vasp.source import Source

__all__ = ["FolderCheck"]

_WHOLE: Final = ("INCAR",)
_FILES: Final[dict[str, tuple[FileKind, ...]]] = {
    "incar": _WHOLE, "poscar": ("POSCAR",), "cell": ("POSCAR",), "kpoints": ("KPOINTS",),
    "kpoints_opt": ("KPOINTS_OPT",), "potcar": ("POTCAR",), "texts": KINDS,
}  # fmt: skip
# What is kept of a file whose text has not changed; `cell` and the sources follow from them.
_KEPT: Final[dict[FileKind, tuple[str, ...]]] = {
    "INCAR": ("incar", "parameters"),
    "POSCAR": ("poscar", "cell"),
    "KPOINTS": ("kpoints",),
    "KPOINTS_OPT": ("kpoints_opt",),
    "POTCAR": ("potcar", "potcar_source"),
}


class FolderCheck:
    """The files of one folder, checked each time something in them has changed.

    Give it a new `Folder` after each change; the findings are those that `check` returns for it.
    """

    def __init__(self) -> None:
        self._folder: Folder | None = None
        self._answers: dict[str, _Answer] = {}

    def take(self, folder: Folder) -> Folder:
        """Take the folder as it is now and give it what is known of its unchanged files."""
        before, self._folder = self._folder, folder
        if before is None or before is folder:
            return folder
        changed = _carry_over(before, folder)
        if changed is None:
            self._answers.clear()
        else:
            self._answers = {
                code: answer for code, answer in self._answers.items() if answer.reads.isdisjoint(changed)
            }
        return folder

    def check(self, folder: Folder, wanted: Iterable[FileKind] = KINDS) -> tuple[Finding, ...]:
        """Return the findings of the folder as `crystalmath.vasp.check.check` does."""
        self.take(folder)
        return findings_of(folder, wanted, self._reports(folder))

    def findings(
        self, folder: Folder, wanted: Iterable[FileKind] = KINDS
    ) -> dict[FileKind, tuple[Finding, ...]]:
        """Return the findings of each file that is there and wanted."""
        kinds = [kind for kind in KINDS if kind in folder.texts and kind in frozenset(wanted)]
        found = self.check(folder, kinds)
        names = {kind: folder.name(kind) for kind in kinds}
        return {kind: tuple(one for one in found if one.path == name) for kind, name in names.items()}

    def _reports(self, folder: Folder) -> Iterator[tuple[Rule, Report]]:
        answers = self._answers
        for rule in due(folder):
            answer = answers.get(rule.code)
            if answer is None:
                answer = answers[rule.code] = _ask(rule, folder)
            for report in answer.reports:
                yield rule, report


class _Answer(NamedTuple):
    """What a rule said, and the tags and files that it looked at."""

    reports: tuple[Report, ...]
    reads: set[str]


def _ask(rule: Rule, folder: Folder) -> _Answer:
    reads: set[str] = set()
    reports = tuple(rule.check(cast("Folder", _WatchedFolder(folder, reads))))
    for report in reports:  # where they point to depends on the text
        reads |= {report.kind, *(place[0] for place in report.related)}
    return _Answer(reports, reads)


def _carry_over(before: Folder, folder: Folder) -> set[str] | None:
    """Keep what was read of unchanged files; return the tags and files that changed, None for everything."""
    for kind, text in folder.texts.items():
        if before.texts.get(kind) == text:
            for name in _KEPT[kind]:
                if name in before.__dict__:
                    folder.__dict__[name] = before.__dict__[name]
        elif kind == "POSCAR" and "poscar" in before.__dict__ and before.poscar is not None:
            folder.__dict__["poscar"] = poscar.update(before.poscar, text)
    changed: set[str] = {kind for kind, text in folder.texts.items() if before.texts.get(kind) != text}
    if "INCAR" in changed:
        old, new = _values(before), _values(folder)
        tags = {tag for tag in old.keys() | new.keys() if old.get(tag) != new.get(tag)}
        folder.parameters.keep(before.parameters, tags)
        changed |= tags
    return changed if _frame(before) == _frame(folder) else None


def _frame(folder: Folder) -> tuple[object, ...]:
    """Return what rules know beside the texts."""
    return folder.texts.keys(), folder.names, folder.present, folder.context, folder.options


def _values(folder: Folder) -> dict[str, tuple[str, bool]]:
    return {tag: (one.value, one.quoted) for tag, one in folder.parameters.statements.items()}


class _WatchedParameters:
    """Stands before the parameters of a folder and notes the tags that are looked at."""

    __slots__ = ("_own", "_reads")

    def __init__(self, own: Parameters, reads: set[str]) -> None:
        self._own, self._reads = own, reads

    def has(self, *names: str) -> bool:
        """Say whether any of the tags is given."""
        self._reads.update(names)
        return self._own.has(*names)

    def __getattr__(self, name: str) -> Any:
        self._reads.update(DERIVED.get(name, _WHOLE))
        return getattr(self._own, name)


def _by_tag(name: str) -> Callable[..., Any]:
    """Return the method that notes its tag and then does what `Parameters` does."""
    own = getattr(Parameters, name)

    def look(self: _WatchedParameters, tag: str, *given: Any, **named: Any) -> Any:
        self._reads.add(tag)
        return own(self._own, tag, *given, **named)

    return look


for _name in ("statement", "integer", "real", "logical", "word", "reals", "integers", "on", "fault"):
    setattr(_WatchedParameters, _name, _by_tag(_name))


class _WatchedFolder:
    """Stands before a folder and notes the tags and files that are looked at."""

    __slots__ = ("_own", "_reads", "parameters")

    def __init__(self, own: Folder, reads: set[str]) -> None:
        self._own, self._reads = own, reads
        self.parameters = _WatchedParameters(own.parameters, reads)

    def source(self, kind: FileKind) -> Source:
        """Return the text of a file with its line table."""
        self._reads.add(kind)
        return self._own.source(kind)

    def __getattr__(self, name: str) -> Any:
        self._reads.update(_FILES.get(name, ()))
        return getattr(self._own, name)
