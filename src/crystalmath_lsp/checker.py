"""The checker: a child process for the checks that take too long for the loop.

It keeps copies of the documents concerned, so that an edit of a large file is sent as the edit.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

import msgspec

from crystalmath.vasp.check import KINDS
from crystalmath.vasp.folder import Options
from crystalmath_lsp.checking import Checking
from crystalmath_lsp.documents import Document, Documents
from crystalmath_lsp.methods import Method
from crystalmath_lsp.shapes import Change, Checked, OpenedDocument  # noqa: TC001  # msgspec reads them
from crystalmath_lsp.stdio import claim_stdio
from crystalmath_lsp.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["METHOD", "SWEEP", "CheckParams", "CheckResult", "Copies", "SweepParams", "Update"]

METHOD = "checker.check"
SWEEP = "checker.sweep"

_MOST_FOLDERS = 20_000


class Update(msgspec.Struct):
    """Bring a copy up to date: `opened` replaces it, `changes` edit it."""

    uri: str
    version: int | None
    opened: OpenedDocument | None = None
    changes: list[Change] = []


class CheckParams(msgspec.Struct):
    """Ask for a check of a document and the other open ones of its folder."""

    uri: str
    encoding: str
    updates: list[Update]
    closed: list[str] = []
    options: Options = Options()


class SweepParams(msgspec.Struct):
    """Ask for a check of everything below some folders; what is open beats the disk."""

    roots: list[str]
    encoding: str
    updates: list[Update]
    closed: list[str] = []
    options: Options = Options()


class CheckResult(msgspec.Struct):
    """What was found in each open document of the folder."""

    checked: list[Checked]


class Copies:
    """The copies of the documents, in the child."""

    def __init__(self) -> None:
        self._documents = Documents()
        self._checking = Checking(self._documents)
        self._swept: dict[str, tuple[object, list[Checked]]] = {}

    def check(self, params: CheckParams) -> CheckResult:
        """Take the updates in and check."""
        self._take(params)
        around = self._documents.around(self._documents.by_uri[params.uri])
        return CheckResult(self._checking.check(around))

    def sweep(self, params: SweepParams) -> CheckResult:
        """Take the updates in and check the files below the roots that are not open."""
        self._take(params)
        before, self._swept = self._swept, {}
        for folder in _input_folders(params.roots):
            around = self._documents.around_folder(folder)
            versions = tuple((other.uri, other.version) for other in around.open.values())
            state = (around.disk, around.present, versions, params.options, params.encoding)
            known = before.get(folder)
            if known is None or known[0] != state:
                known = (state, self._checking.check_disk(around, params.encoding))
            self._swept[folder] = known
        return CheckResult([checked for _, found in self._swept.values() for checked in found])

    def _take(self, params: CheckParams | SweepParams) -> None:
        for uri in params.closed:
            self._documents.by_uri.pop(uri, None)
        for update in params.updates:
            if update.opened is not None:
                self._documents.by_uri[update.uri] = Document(update.opened, params.encoding)
            self._documents.by_uri[update.uri].change(update.changes, update.version)
        self._checking.options = params.options
        self._checking.forget()


def _check(copies: Copies, params: CheckParams) -> CheckResult:
    return copies.check(params)


def _sweep(copies: Copies, params: SweepParams) -> CheckResult:
    return copies.sweep(params)


def _input_folders(roots: list[str]) -> Iterator[str]:
    """Yield the folders below the roots that hold input files, not those whose name begins with a dot."""
    n_seen = 0
    for root in roots:
        for folder, folders, names in os.walk(root):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            n_seen += 1
            if n_seen > _MOST_FOLDERS:
                print(f"crystalmath checker: only {_MOST_FOLDERS} folders were looked at", file=sys.stderr)
                return
            if not set(KINDS).isdisjoint(names):
                yield folder


_METHODS = {
    METHOD: Method(METHOD, CheckParams, CheckResult, "crystalmath_lsp.checker:_check", 60, "worker"),
    SWEEP: Method(SWEEP, SweepParams, CheckResult, "crystalmath_lsp.checker:_sweep", 600, "worker"),
}


def main() -> None:
    """Serve the front process over the standard streams until it closes them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Worker(*claim_stdio(), Copies(), _METHODS).run()


if __name__ == "__main__":
    main()
