"""Where CrystalMath keeps its own files (AiiDA's are below `$AIIDA_PATH`)."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["home", "profile_name", "runtime_directory"]

DEFAULT_PROFILE = "crystalmath"


def home() -> Path:
    """Return the folder of scratch, POTCAR index and job index; `$CRYSTALMATH_HOME` or the platform's."""
    if named := os.environ.get("CRYSTALMATH_HOME"):
        return Path(named).expanduser().absolute()
    import platformdirs

    return Path(platformdirs.user_data_dir("crystalmath"))


def profile_name() -> str:
    """Return the AiiDA profile to use when none is given: `$CRYSTALMATH_PROFILE` or `crystalmath`."""
    return os.environ.get("CRYSTALMATH_PROFILE") or DEFAULT_PROFILE


def runtime_directory(purpose: str) -> Path:
    """Return (made, mode 0700) a short private folder for sockets, one per user and `purpose`.

    Unix socket paths end at 107 bytes, so a long `$XDG_RUNTIME_DIR` is not used.
    """
    import hashlib
    import tempfile

    name = hashlib.blake2s(purpose.encode(), digest_size=6).hexdigest()
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    usable = bool(runtime) and len(runtime) <= 40 and Path(runtime).is_dir()
    base = (
        Path(runtime) / "crystalmath"
        if usable
        else Path(tempfile.gettempdir()) / f"crystalmath-{os.getuid()}"
    )
    directory = base / name
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    for made in (base, directory):
        if made.stat().st_uid != os.getuid():
            raise PermissionError(f"{made} belongs to another user")
        made.chmod(0o700)
    return directory
