"""The files of a calculation: where they lie, and a folder with them for a Python job that opens it."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path
from typing import Any

from aiida import orm

from crystalmath.engine.nodes import file_names
from crystalmath.results.ending import IMAGE

__all__ = ["local_folder", "put_files"]

# atomate2 compresses the folder of a run, and some of its steps open these under that name only.
EXPECTED_COMPRESSED = ("AECCAR0", "AECCAR1", "AECCAR2", "CHGCAR", "LOCPOT")
HIDDEN = ("POTCAR", "_aiidasubmit.sh")  # licensed text does not go into what a job returns


def put_files(uuid: str, target: Path) -> None:
    """Lay out the files of a step: what a Python job left, or what went into VASP and came out.

    Of a calculation on this machine what else lies in its folder is linked.
    """
    run = orm.load_node(uuid)
    if "files" in run.outputs:
        _copy(run.outputs.files, target)
        return
    _copy(run.outputs.retrieved, target)
    folder = local_folder(run)
    if folder is not None:
        _link(folder, target)
    _copy(run.inputs.files, target)
    for name in EXPECTED_COMPRESSED:
        if (target / name).is_file() and not (target / f"{name}.gz").exists():
            with (target / name).open("rb") as plain, gzip.open(target / f"{name}.gz", "wb", 1) as packed:
                shutil.copyfileobj(plain, packed)


def _copy(node: orm.FolderData, target: Path) -> None:
    """Write the files of the node that are not there yet."""
    for name in file_names(node):
        path = target / name
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(node.base.repository.get_object_content(name, mode="rb"))


def _link(folder: Path, target: Path) -> None:
    """Link the files of the folder, and those of the images of a band within it."""
    for path in folder.iterdir():
        link = target / path.name
        if path.name in HIDDEN or path.name.startswith("."):
            continue
        if path.is_file() and not link.exists():
            link.symlink_to(path)
        elif path.is_dir() and IMAGE.fullmatch(path.name):
            link.mkdir(exist_ok=True)
            _link(path, link)


def local_folder(run: Any) -> Path | None:
    """Return the working folder of a calculation where this process can read it: jobs of this machine."""
    if not isinstance(run, orm.CalcJobNode):
        return None
    folder = run.get_remote_workdir()
    if folder is None or run.computer is None or run.computer.transport_type != "core.local":
        return None
    return Path(folder) if Path(folder).is_dir() else None
