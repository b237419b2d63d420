"""The editor's settings: `crystalmath.*`, from initialization options and from the client's configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from crystalmath_lsp.settings import read_settings

if TYPE_CHECKING:
    from crystalmath_lsp.shapes import DidChangeConfiguration
    from crystalmath_lsp.workspace import Workspace

__all__ = ["Configuration"]

_SECTION: Final = "crystalmath"
_WARNING: Final = 2


class Configuration:
    """Ask for the settings, apply them and say once what is wrong with them."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._given: dict[str, Any] = {}
        self._told: set[str] = set()

    def begin(self) -> None:
        """Apply what `initialize` brought, and ask for the rest."""
        client = self._workspace.client
        self._given = _section(client.params.get("initializationOptions"))
        self._apply({})
        if client.can("workspace", "didChangeConfiguration", "dynamicRegistration") is True:
            client.begin(self._register())
        if client.can("workspace", "configuration") is True:
            client.begin(self._ask())

    def change(self, params: DidChangeConfiguration) -> None:
        """Take changed settings; a client that can be asked is asked."""
        client = self._workspace.client
        if client.can("workspace", "configuration") is True:
            client.begin(self._ask())
        else:
            self._apply(_section(params.settings))

    async def _ask(self) -> None:
        answer = await self._workspace.client.ask(
            "workspace/configuration", {"items": [{"section": _SECTION}]}
        )
        values = msgspec.json.decode(answer) if answer is not None else None
        found = values[0] if isinstance(values, list) and values else None
        self._apply(found if isinstance(found, dict) else {})

    async def _register(self) -> None:
        registration = {
            "id": "crystalmath-settings",
            "method": "workspace/didChangeConfiguration",
            "registerOptions": {"section": _SECTION},
        }
        await self._workspace.client.ask("client/registerCapability", {"registrations": [registration]})

    def _apply(self, settings: dict[str, Any]) -> None:
        found, problems = read_settings({**self._given, **settings})
        for problem in problems:
            if problem not in self._told:
                self._told.add(problem)
                self._workspace.client.notify(
                    "window/showMessage", {"type": _WARNING, "message": f"CrystalMath: {problem}"}
                )
        self._workspace.use(found)


def _section(value: object) -> dict[str, Any]:
    """Return our settings, whether they came under our name or bare."""
    if not isinstance(value, dict):
        return {}
    inner = value.get(_SECTION)
    return inner if isinstance(inner, dict) else value
