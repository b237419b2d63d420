"""Documents and files as AiiDA nodes: a document is one compressed file, `orm.Dict` being slow."""

from __future__ import annotations

import gzip
import io
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiida import orm

    from crystalmath.engine.completed import Completed

__all__ = ["child_label", "decode", "encode", "file_names", "file_node", "folder_node", "load", "response"]

LEVEL = 4  # of gzip: 2 % larger than 9, four times as fast


def encode(document: Any) -> bytes:
    """Return a sanitised document as compressed JSON; times are written as monty writes them."""
    return gzip.compress(json.dumps(document, default=_default).encode(), LEVEL, mtime=0)


def decode(data: bytes) -> Any:
    """Return the document that `encode` wrote, as plain JSON types."""
    return json.loads(gzip.decompress(data))


def file_node(data: bytes, filename: str) -> orm.SinglefileData:
    """Return an unstored node that holds the compressed document."""
    from aiida import orm

    return orm.SinglefileData(file=io.BytesIO(data), filename=filename)


def folder_node(files: Mapping[str, bytes]) -> orm.FolderData:
    """Return an unstored node that holds these files; a name may go into a folder, as `01/POSCAR`."""
    from aiida import orm

    node = orm.FolderData()
    for name, content in files.items():
        node.base.repository.put_object_from_filelike(io.BytesIO(content), name)
    return node


def file_names(node: orm.FolderData) -> tuple[str, ...]:
    """Return the names of all files that the node holds, those in folders as `01/POSCAR`."""
    found = [(folder / name).as_posix() for folder, _, names in node.base.repository.walk() for name in names]
    return tuple(sorted(found))


def load(node: orm.SinglefileData) -> Any:
    """Return the document that the node holds."""
    return decode(node.get_content(mode="rb"))


def _default(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"@module": "datetime", "@class": "datetime", "string": str(value)}
    if hasattr(value, "tolist"):  # a numpy number or array
        return value.tolist()
    raise TypeError(f"A {type(value).__name__} cannot be stored in a document")


def response(completed: Completed) -> tuple[orm.Dict, dict[str, orm.SinglefileData]]:
    """Return what a job wants of its flow as nodes: the wishes, and the jobs that it adds by label."""
    from aiida import orm

    jobs: dict[str, orm.SinglefileData] = {}
    wishes: dict[str, Any] = {
        "stop_children": completed.stop_children,
        "stop_jobflow": completed.stop_jobflow,
    }
    for kind in ("replace", "detour", "addition"):
        steps = []
        for item in getattr(completed.new_steps, kind):
            label = child_label("job", item.step.key)
            jobs[label] = file_node(item.job, "job.json.gz")
            steps.append({**item.step.as_dict(), "source": label})
        wishes[kind] = steps
    for name in ("stored_data", "references", "notes"):
        if value := getattr(completed, name):
            wishes[name] = list(value) if isinstance(value, tuple) else value
    return orm.Dict(wishes), jobs


def child_label(kind: str, key: str) -> str:
    """Return the link label of a step's child: what finds it again after a restart."""
    return f"{kind}_" + "".join(sign if sign.isalnum() else "_" for sign in key)
