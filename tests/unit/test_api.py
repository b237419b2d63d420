"""The public Python surface: light to import, and exactly what it announces."""

from __future__ import annotations

import subprocess
import sys

import pytest

import crystalmath as cm


def test_every_announced_name_is_there() -> None:
    for name in cm.__all__:
        assert getattr(cm, name) is not None
    assert set(dir(cm)) == set(cm.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        _ = cm.nonsense


def test_importing_the_library_starts_no_other_package_of_ours() -> None:
    script = "import crystalmath, sys; print([m for m in sys.modules if m.startswith('crystalmath.')])"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "[]"
