"""The checker: a child process for the checks that take too long for the loop.

It keeps copies of the documents concerned, so that an edit of a large file is sent as the edit.
"""

from __future__ import annotations

import signal

import msgspec

from crystalmath_lsp.checking import Checking
from crystalmath_lsp.documents import Document, Documents
from crystalmath_lsp.methods import Method
from crystalmath_lsp.shapes import Change, Checked, OpenedDocument  # noqa: TC001  # msgspec reads them
from crystalmath_lsp.stdio import claim_stdio
from crystalmath_lsp.worker import Worker

__all__ = ["METHOD", "CheckParams", "CheckResult", "Copies", "Update"]

METHOD = "checker.check"


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


class CheckResult(msgspec.Struct):
    """What was found in each open document of the folder."""

    checked: list[Checked]


class Copies:
    """The copies of the documents, in the child."""

    def __init__(self) -> None:
        self._documents = Documents()
        self._checking = Checking(self._documents)

    def check(self, params: CheckParams) -> CheckResult:
        """Take the updates in and check."""
        for uri in params.closed:
            self._documents.by_uri.pop(uri, None)
        for update in params.updates:
            if update.opened is not None:
                self._documents.by_uri[update.uri] = Document(update.opened, params.encoding)
            self._documents.by_uri[update.uri].change(update.changes, update.version)
        self._checking.forget()
        around = self._documents.around(self._documents.by_uri[params.uri])
        return CheckResult(self._checking.check(around))


def _check(copies: Copies, params: CheckParams) -> CheckResult:
    return copies.check(params)


_METHODS = {METHOD: Method(METHOD, CheckParams, CheckResult, "crystalmath_lsp.checker:_check", 60, "worker")}


def main() -> None:
    """Serve the front process over the standard streams until it closes them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Worker(*claim_stdio(), Copies(), _METHODS).run()


if __name__ == "__main__":
    main()
