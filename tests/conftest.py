"""What holds for all tests: nothing of the user is read or written; generated examples may take long."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "calm", parent=settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("calm")

OWN = ("AIIDA_PATH", "CRYSTALMATH_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME")
NOT_SET = ("CRYSTALMATH_PROFILE", "CRYSTALMATH_SERVER", "CRYSTALMATH_NO_SERVER", "PMG_VASP_PSP_DIR")
_home = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Begin as a user with nothing set up: AiiDA makes its folder, the terminal UI keeps drafts."""
    home = Path(tempfile.mkdtemp(prefix="cm-home-", dir="/tmp"))  # short: sockets are put below it
    config.stash[_home] = home
    for name in OWN:
        (home / name.lower()).mkdir(mode=0o700)
        os.environ[name] = str(home / name.lower())
    for name in NOT_SET:
        os.environ.pop(name, None)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove what pytest_configure made."""
    if (home := config.stash.get(_home, None)) is not None:
        shutil.rmtree(home, ignore_errors=True)
