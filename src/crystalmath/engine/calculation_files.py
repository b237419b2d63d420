"""The files of a recorded calculation, laid out in a folder for a Python job that opens it."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path
from typing import Any

from aiida import orm

__all__ = ["put_files"]

# atomate2 compresses the folder of a run, and some of its steps open these under that name only.
EXPECTED_COMPRESSED = ("AECCAR0", "AECCAR1", "AECCAR2", "CHGCAR", "LOCPOT")
HIDDEN = ("POTCAR", "_aiidasubmit.sh")  # licensed text does not go into what a job returns


def put_files(uuid: str, target: Path) -> None:
    """Copy what was retrieved of the calculation, and link what else lies in its folder on this machine."""
    run = orm.load_node(uuid)
    repository = run.outputs.retrieved.base.repository
    for name in repository.list_object_names():
        (target / name).write_bytes(repository.get_object_content(name, mode="rb"))
    folder = _local_folder(run)
    for path in folder.iterdir() if folder is not None else ():
        link = target / path.name
        hidden = path.name in HIDDEN or path.name.startswith(".")
        if path.is_file() and not hidden and not link.exists():
            link.symlink_to(path)
    for name in EXPECTED_COMPRESSED:
        if (target / name).is_file() and not (target / f"{name}.gz").exists():
            with (target / name).open("rb") as plain, gzip.open(target / f"{name}.gz", "wb", 1) as packed:
                shutil.copyfileobj(plain, packed)


def _local_folder(run: Any) -> Path | None:
    folder = run.get_remote_workdir()
    if folder is None or run.computer is None or run.computer.transport_type != "core.local":
        return None
    return Path(folder) if Path(folder).is_dir() else None
