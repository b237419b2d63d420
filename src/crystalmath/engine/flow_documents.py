"""jobflow's jobs, flows and outputs as documents, and back."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crystalmath.engine.graph import GraphError, Step
from crystalmath.inputs.plan import kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "LOCATOR",
    "StepJob",
    "document_store",
    "dump_job",
    "flow_steps",
    "load_flow",
    "load_job",
    "locator",
    "sanitise",
    "store_document",
    "wrap",
]

LOCATOR = re.compile(r"aiida:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


@dataclass(frozen=True, slots=True)
class StepJob:
    """A step of the graph and its job document (compressed monty JSON)."""

    step: Step
    job: bytes


def locator(uuid: str) -> str:
    """Return the string that stands for the folder of a calculation wherever atomate2 has a directory."""
    return f"aiida:{uuid}"


def dump_job(job: Any) -> bytes:
    """Return a job as compressed monty JSON."""
    from monty.json import MontyEncoder

    return gzip.compress(json.dumps(job, cls=MontyEncoder).encode(), 4, mtime=0)


def load_job(data: bytes) -> Any:
    """Return the job that `dump_job` wrote.

    The JSON names code to import: never load what came from outside.
    """
    from monty.json import MontyDecoder

    return MontyDecoder().decode(gzip.decompress(data).decode())


def load_flow(text: str) -> Any:
    """Return the Flow or Job of this monty JSON; as `load_job`, only for what we wrote ourselves."""
    from monty.json import MontyDecoder

    return MontyDecoder().decode(text)


def flow_steps(flow: Any) -> tuple[StepJob, ...]:
    """Return the jobs of a Flow (or of one Job, or a list of jobs) in an order in which they could run.

    Raises GraphError for a graph with a cycle or a job that cannot be written as a document.
    """
    from jobflow.core.flow import get_flow

    try:
        whole = get_flow(flow, allow_external_references=True)
        ordered = list(whole.iterflow()) if whole.jobs else []
    except ValueError as error:
        raise GraphError(f"The flow cannot be ordered: {error}") from error
    return tuple(_step_job(job, parents) for job, parents in ordered)


def _step_job(job: Any, parents: Sequence[str]) -> StepJob:
    try:
        kind = kind_of(job)
    except ValueError as error:
        raise GraphError(f"{str(error)[0].upper()}{str(error)[1:]}") from error
    try:
        data = dump_job(job)
    except (TypeError, AttributeError, RecursionError) as error:
        raise GraphError(f"The job '{job.name}' cannot be written as a document: {error}") from error
    references = job.input_references
    own = {*parents, job.uuid}
    after = dict.fromkeys(reference.uuid for reference in references if reference.uuid not in own)
    folders = [r.uuid for r in references if r.attributes and r.attributes[-1][1] == "dir_name"]
    step = Step(
        uuid=job.uuid,
        index=job.index,
        name=job.name,
        kind=kind,
        parents=tuple(sorted(set(parents) - {job.uuid})),
        after=tuple(after),
        on_missing=str(getattr(job.config.on_missing_references, "value", job.config.on_missing_references)),
        directories=tuple(dict.fromkeys([*folders, *_literal_locators(data)])),
    )
    return StepJob(step, data)


def _literal_locators(job: bytes) -> list[str]:
    return [locator(uuid) for uuid in LOCATOR.findall(gzip.decompress(job).decode())]


def document_store(documents: Sequence[Mapping[str, Any]]) -> Any:
    """Return a jobflow JobStore in memory that holds these documents."""
    from jobflow import JobStore
    from maggma.stores import MemoryStore

    store = JobStore(MemoryStore())
    store.connect()
    if documents:
        store.docs_store.update([dict(document) for document in documents], key=["uuid", "index"])
    return store


def store_document(document: Any) -> dict[str, Any]:
    """Return the document as a JobStore would keep it; its output is sanitised already."""
    from monty.json import jsanitize

    kept: dict[str, Any] = jsanitize(
        document.model_copy(update={"output": None}), strict=True, allow_bson=True
    )
    kept["output"] = document.output
    return kept


def wrap(data: bytes, output: Any) -> dict[str, Any]:
    """Return an output that the job itself did not hand back as a document of jobflow's store."""
    from datetime import datetime

    from jobflow.core.schemas import JobStoreDocument

    job = load_job(data)
    document = JobStoreDocument(
        uuid=job.uuid,
        index=job.index,
        output=sanitise(output),
        completed_at=datetime.now().isoformat(),  # noqa: DTZ005 - as jobflow writes it
        metadata=job.metadata,
        hosts=job.hosts,
        name=job.name,
    )
    return store_document(document)


def sanitise(value: Any) -> Any:
    """Return a value as jobflow sanitises an output."""
    from monty.json import jsanitize

    return jsanitize(value, strict=True, enum_values=True, allow_bson=True)
