"""What a run of a flow left, and whether two runs left the same."""

from __future__ import annotations

import gzip
import json
import re
from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

# Keys of documents that differ from run to run of the very same flow, each with the reason.
VOLATILE: dict[str, str] = {
    "completed_at": "the moment at which the step or the run ended",
    "created_at": "the moment at which the document was made",
    "last_updated": "the moment at which the document was made",
    "last_modified": "the moment at which a structure was transformed",
    "run_stats": "times and memory that the program measured of itself",
    "custodian": "custodian's own record; AiiDA runs VASP without custodian",
    "task_id": "numbered by the process that makes the document",
    "output_file_paths": "names of all files in the folder, of which AiiDA retrieves those that are read",
    "additional_json": "files of custodian and of jobflow's own folders",
}
INPUTS = ("INCAR", "KPOINTS", "POSCAR")
_PASSING = re.compile(
    r"aiida:[0-9a-f-]{36}(?:/[0-9]{2})?"  # the locator of a calculation, or of an image of a band in it
    r"|(?:[\w.-]+:)?/[^\s\"',]+"  # a folder, with or without the name of the machine
    r"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"  # a uuid
    r"|\b[0-7][0-9A-HJKMNP-TV-Z]{25}(?![0-9A-Za-z])"  # a ulid
)


@dataclass(frozen=True, slots=True)
class Record:
    """The document of one step; of a VASP run also the texts of its input files and its POTCARs' titles."""

    name: str
    index: int
    output: Any
    inputs: dict[str, str] | None = None


def save(path: Path, records: Sequence[Record]) -> None:
    """Write the records to a file."""
    path.write_bytes(gzip.compress(json.dumps([asdict(one) for one in records]).encode(), 4))


def load(path: Path) -> tuple[Record, ...]:
    """Return the records that `save` wrote."""
    return tuple(Record(**one) for one in json.loads(gzip.decompress(path.read_bytes())))


def lasting(value: Any) -> Any:
    """Return a document without what differs from run to run: volatile keys, folders and uuids.

    Numbers are taken to 12 digits: a structure that went through JSON has other last ones.
    """
    if isinstance(value, dict):
        return {k: lasting(v) for k, v in value.items() if k not in VOLATILE}
    if isinstance(value, list):
        return [lasting(one) for one in value]
    if isinstance(value, float):
        return float(f"{value:.12g}")
    return _PASSING.sub("*", value) if isinstance(value, str) else value


def differences(these: Sequence[Record], those: Sequence[Record]) -> tuple[str, ...]:
    """Return where the documents of two runs differ, as `step.key.key`; nothing when they are the same."""
    return tuple(_compared(these, those, lambda one: lasting(one.output)))


def input_differences(these: Sequence[Record], those: Sequence[Record]) -> tuple[str, ...]:
    """Return which input files of two runs are not the same to the byte, as `step.FILE`."""
    return tuple(_compared(these, those, lambda one: one.inputs))


def n_inputs(records: Sequence[Record]) -> int:
    """Return of how many VASP runs the records hold the input files."""
    return sum(one.inputs is not None for one in records)


def _compared(these: Sequence[Record], those: Sequence[Record], view: Any) -> Iterator[str]:
    left, right = _by_step(these, view), _by_step(those, view)
    for step in sorted(left.keys() | right.keys()):
        if len(left[step]) != len(right[step]):
            yield f"{step} ({len(left[step])} against {len(right[step])} times)"
            continue
        for one, other in zip(left[step], right[step], strict=True):
            yield from _paths(step, one, other)


def _by_step(records: Sequence[Record], view: Any) -> defaultdict[str, list[Any]]:
    """Return the views of each step in an order of their contents: steps of one name may end in any order."""
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for one in records:
        found[f"{one.name}:{one.index}"].append(view(one))
    for views in found.values():
        views.sort(key=lambda value: json.dumps(value, sort_keys=True))
    return found


def _paths(path: str, one: Any, other: Any) -> Iterator[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(one.keys() | other.keys()):
            if key in one and key in other:
                yield from _paths(f"{path}.{key}", one[key], other[key])
            else:
                yield f"{path}.{key} (missing)"
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from _paths(f"{path}[{number}]", left, right)
    elif one != other and not (one != one and other != other):  # noqa: PLR0124 - two NaN are the same here
        yield path


def texts(files: Mapping[str, bytes], titles: Sequence[str]) -> dict[str, str]:
    """Return the inputs of a run as they are compared."""
    kept = {name: content.decode() for name, content in files.items() if name in INPUTS}
    return kept | {"POTCAR": "\n".join(titles)}
