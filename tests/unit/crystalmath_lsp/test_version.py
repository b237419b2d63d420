"""The version is that of the installed distribution."""

from __future__ import annotations

import sys
from importlib.metadata import version

import pytest

from crystalmath_lsp.version import installed_version


def test_the_version_is_the_installed_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert installed_version() == version("crystalmath")
    entries = [entry for entry in sys.path if "site-packages" in entry]
    monkeypatch.setattr(sys, "path", ["/nowhere", *entries])
    assert installed_version() == version("crystalmath")
