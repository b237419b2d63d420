"""Make and load AiiDA profiles: SQLite and the ZeroMQ broker, chosen explicitly, for our own.

AiiDA takes any RabbitMQ that it finds when it is not told; one that is not configured for it runs
jobs twice. Other profiles and the user's default are never changed.
"""

from __future__ import annotations

import logging
import os
import sys
import uuid
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crystalmath import paths
from crystalmath.engine import locks, seam_aiida
from crystalmath.engine.faults import storage_faults
from crystalmath.errors import ProfileError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["OPTIONS", "ProfileRow", "exists", "list_profiles", "load"]

EMAIL = "crystalmath@localhost"
OPTIONS: dict[str, int | bool] = {
    "runner.poll.interval": 5,
    "transport.task_retry_initial_interval": 5,
    "transport.task_maximum_attempts": 4,
    "daemon.timeout": 5,
    "warnings.showdeprecations": False,
}


def prepare_environment() -> None:
    """Put this interpreter's folder on PATH: AiiDA looks for `verdi` there when it is imported."""
    here = str(Path(sys.executable).parent)
    path = os.environ.get("PATH", os.defpath)
    if here not in path.split(os.pathsep):
        os.environ["PATH"] = here + os.pathsep + path


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """One AiiDA profile: its storage backend and its broker, None without one."""

    name: str
    storage: str
    broker: str | None


def list_profiles() -> tuple[ProfileRow, ...]:
    """Return the AiiDA profiles of this user."""
    return tuple(
        ProfileRow(found.name, found.storage_backend, found.process_control_backend)
        for found in _config().profiles
    )


def exists(name: str) -> bool:
    """Return whether AiiDA has a profile of that name."""
    return name in _config().profile_names


def load(name: str, *, create: bool | None, announce: Callable[[str], None]) -> Any:
    """Load the AiiDA profile `name`, made first when it is not there, and return it.

    `create` None makes only the profile that is wanted when none is named. Raises ProfileError and
    StorageError.
    """
    prepare_environment()
    _refuse_second(name)
    with storage_faults(f"The AiiDA profile '{name}' cannot be used"):
        if not exists(name):
            _create(name, create=create, announce=announce)
        return _load(name)


def _refuse_second(name: str) -> None:
    """Raise when this process has another profile loaded: AiiDA's nodes of the first would break."""
    if "aiida.manage.manager" not in sys.modules:
        return
    from aiida.manage import get_manager

    loaded = get_manager().get_profile()
    if loaded is not None and loaded.name != name:
        raise ProfileError(
            f"The profile '{name}' cannot be loaded: this Python process already uses '{loaded.name}'",
            hint="Use one profile per Python process (or pass the name of the loaded one).",
        )


def _config() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "Creating AiiDA configuration folder": we say what we create
        from aiida.manage.configuration import get_config

        return get_config(create=True)


def _create(name: str, *, create: bool | None, announce: Callable[[str], None]) -> None:
    wanted = create if create is not None else name == paths.profile_name()
    if not wanted:
        raise ProfileError(
            f"There is no AiiDA profile '{name}'", hint=f"Make it with: crystalmath --profile {name} init"
        )
    directory = Path(_config().dirpath)
    with locks.held(directory / "crystalmath.lock", what=f"Making the profile '{name}'", timeout_s=120):
        seam_aiida.forget_config()  # another process may have made it while we waited
        if not exists(name):
            announce(f"Making the AiiDA profile '{name}' (SQLite, ZeroMQ) below {directory}")
            _write(name, directory)


def _write(name: str, directory: Path) -> None:
    from aiida.manage.configuration import create_profile

    config = _config()
    default = config.default_profile_name
    # A crash in here leaves a folder that AiiDA refuses to use again: every attempt has its own.
    storage = directory / "repository" / name / f"storage-{uuid.uuid4().hex}"
    with _quiet():
        create_profile(
            config,
            name=name,
            email=EMAIL,
            storage_backend="core.sqlite_dos",
            storage_config={"filepath": str(storage)},
            broker_backend="core.zeromq",
            broker_config=None,
        )
    _set_options(config, name)
    if config.default_profile_name != default:
        raise ProfileError(
            "AiiDA changed the default profile by itself",
            hint=f"Set it back with: verdi profile set-default {default}",
        )


def _set_options(config: Any, name: str) -> None:
    for option, value in OPTIONS.items():
        config.set_option(option, value, scope=name)
    config.store()


def _load(name: str) -> Any:
    from aiida.manage import get_manager

    manager = get_manager()
    fresh = manager.get_profile() is None
    profile = manager.load_profile(name)
    storage = manager.get_profile_storage()
    if _is_ours(profile):
        _complete(profile, storage)
    if fresh:
        _silence_console()
    return profile


def _is_ours(profile: Any) -> bool:
    """Return whether we made the profile: its storage stands in a folder that only we name so."""
    if profile.storage_backend != "core.sqlite_dos":
        return False
    return Path(profile.storage_config["filepath"]).name.startswith("storage-")


def _complete(profile: Any, storage: Any) -> None:
    """Do what a crash amid the making of a profile left undone: the user, the options, the journal."""
    from aiida import orm
    from aiida.manage import get_manager
    from sqlalchemy import text

    config = _config()
    if orm.User.collection.get_default() is None:
        found = orm.User.collection.find({"email": EMAIL})
        user = found[0] if found else orm.User(email=EMAIL).store()
        get_manager().set_default_user_email(profile, user.email)
        _set_options(config, profile.name)
    session = storage.get_session()
    if session.execute(text("PRAGMA journal_mode")).scalar() != "wal":
        session.commit()
        session.execute(text("PRAGMA journal_mode=WAL"))
        session.commit()


class _quiet:  # noqa: N801 - used as a function
    """Keep AiiDA's progress reports off the terminal while it makes a profile."""

    def __enter__(self) -> None:
        logging.disable(logging.WARNING)

    def __exit__(self, *_: object) -> None:
        logging.disable(logging.NOTSET)


def _silence_console() -> None:
    """Take AiiDA's console handler away: what went wrong is ours to say, its log files keep the rest."""
    for name in ("aiida", "plumpy", "kiwipy"):
        logger = logging.getLogger(name)
        for handler in list(logger.handlers):
            if type(handler) is logging.StreamHandler:
                logger.removeHandler(handler)
