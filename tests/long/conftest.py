"""The fixtures of the engine's tests, for the long ones."""

from __future__ import annotations

from tests.engine.conftest import daemon, ground, session, silicon, static

__all__ = ["daemon", "ground", "session", "silicon", "static"]
