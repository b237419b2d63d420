"""Files that change beside open documents: the client tells, or the disk is looked at now and then."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from crystalmath_lsp.documents import Documents, Surroundings
    from crystalmath_lsp.workspace import Workspace

__all__ = ["Watching"]

WATCHED: Final = "**/{INCAR,POSCAR,KPOINTS,KPOINTS_OPT,POTCAR,WAVECAR,CHGCAR}*"
_EVERY_S: Final = 2.0


class Watching:
    """Check a folder again when one of its files has changed behind the client's back."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._seen: dict[str, object] = {}
        self._next: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Ask the client to watch, or watch."""
        client = self._workspace.client
        if client.can("workspace", "didChangeWatchedFiles", "dynamicRegistration") is True:
            client.begin(self._register())
        else:
            self._look_again()

    def end(self) -> None:
        """Watch no longer."""
        if self._next is not None:
            self._next.cancel()

    def saw(self, around: Surroundings) -> None:
        """Note in what state the surroundings of a document are checked."""
        self._seen[around.key] = _state(around)

    def look(self) -> None:
        """Check the folders whose files are others than at the last check."""
        documents: Documents = self._workspace.documents
        folders = {document.folder: document for document in documents.by_uri.values()}
        self._seen = {key: state for key, state in self._seen.items() if key in folders}
        for folder, document in folders.items():
            if folder is not None and self._seen.get(folder) != _state(documents.around(document)):
                self._workspace.check(document)

    def _look_again(self) -> None:
        self.look()
        self._next = asyncio.get_running_loop().call_later(_EVERY_S, self._look_again)

    async def _register(self) -> None:
        watchers = [{"globPattern": WATCHED}]
        registration = {
            "id": "crystalmath-files",
            "method": "workspace/didChangeWatchedFiles",
            "registerOptions": {"watchers": watchers},
        }
        await self._workspace.client.ask("client/registerCapability", {"registrations": [registration]})


def _state(around: Surroundings) -> object:
    return around.disk, around.present
