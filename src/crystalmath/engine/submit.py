"""Submit a job: nothing lost, nothing doubled, wherever this process is killed.

Under the profile's submit lock, which dies with its holder:

    1  key reserved in the index          killed after: no process with the label, the key is given free
    2  process inserted, label = cm:<key> killed after: without its checkpoint it is removed, the key is free
       its checkpoint written             killed after: found by its label, noted, handed over
    3  pk and uuid noted in the index     killed after: handed over
    4  task handed over, acknowledged     killed after: the broker has the task on disk
    5  acknowledgement noted              killed after: nothing is missing

`reconcile` does what stands on the right, when a session opens, under the same lock. The label is in
the same INSERT as the process, so there is no process without its key. Locks are taken in the order
submit, daemon; what holds the daemon's lock never takes the other.
"""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from crystalmath.engine import broker, checks, codes, daemon, keys, locks, potcar_libraries, seam_aiida
from crystalmath.engine.faults import storage_faults
from crystalmath.engine.index import EXTRA, LABEL_PREFIX, Entry
from crystalmath.errors import EngineError, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from crystalmath.engine.job_request import JobRequest
    from crystalmath.engine.session import Session
    from crystalmath.potcars import PotcarLibrary

__all__ = ["Resources", "SubmitRequest", "Submitted", "hand_over", "lock_path", "submit", "submit_builder"]

ACKNOWLEDGE_S = 5.0


@dataclass(frozen=True, slots=True)
class Resources:
    """What a job asks of the machine; None takes what the code was registered with."""

    ranks: int | None = None
    threads: int | None = None
    walltime_s: int | None = None


@dataclass(frozen=True, slots=True)
class SubmitRequest:
    """A jobflow Flow (monty JSON) to run and what it is called.

    `key` makes repeated submits one job; `code` is a label, None the default code. `origin` is what a
    template was asked for, kept with the job; a Flow from Python has none.
    """

    flow_json: str
    template: str
    formula: str
    n_atoms: int
    overrides: Mapping[str, object] = field(default_factory=dict)
    code: str | None = None
    label: str = ""
    key: str | None = None
    resources: Resources = field(default_factory=Resources)
    origin: JobRequest | None = None


@dataclass(frozen=True, slots=True)
class Submitted:
    """The job: new, or the one that the key already had."""

    id: int
    uuid: str
    state: str


def lock_path(session: Session) -> Path:
    """Return the file whose lock every submit and every reconcile pass holds."""
    return session.directory / "submit.lock"


def submit(session: Session, request: SubmitRequest) -> Submitted:
    """Store the Flow as one AiiDA process, hand it to the daemon and return its id.

    The same key returns the same job. Raises InputError for a key that a different request has used and for
    inputs with errors that are not waived, CodeError, DaemonError (then nothing was stored) and StorageError.
    """
    session.begin()
    code = codes.load(session, request.code)
    digest = keys.digest(
        flow_json=request.flow_json,
        template=request.template,
        overrides=request.overrides,
        code=code.label,
        resources=asdict(request.resources),
    )
    entry = _entry(request, digest)
    if request.origin is not None and _known(session, entry) is None:
        checks.refuse_errors(check(request.origin, code), request.origin.waive)
    return submit_builder(session, entry, lambda: _flow_builder(request, code))


def check(origin: JobRequest, code: Any) -> tuple[checks.Remark, ...]:
    """Return what there is to say about what is asked for, with the POTCARs that go with the code."""
    found = _remarks(origin, potcar_libraries.library(code))
    if any(one.source == "potcars" for one in found):  # they may have come meanwhile
        found = _remarks(origin, potcar_libraries.library(code, fresh=True))
    return found


def _remarks(origin: JobRequest, library: PotcarLibrary) -> tuple[checks.Remark, ...]:
    from crystalmath import structures

    if origin.structure_text is None:
        return checks.of_folder(origin.structure_path or "", library)
    crystal = structures.read(origin.structure_text).structure
    return checks.of_template(
        origin.template, crystal, origin.overrides, library, parameters=origin.parameters
    )


def submit_builder(session: Session, entry: Entry, build: Any) -> Submitted:
    """Submit the process whose builder `build()` returns, as the job of the entry."""
    if (known := _known(session, entry)) is not None:
        return known
    daemon.ensure(session)
    with locks.held(lock_path(session), what="Submitting"):
        session.begin()
        if (known := _known(session, entry)) is not None:  # somebody was quicker
            return known
        builder = build()
        builder.metadata.label = LABEL_PREFIX + entry.key
        builder.metadata.description = entry.label
        pk, node_uuid = _store(session, entry, builder)
        if hand_over(session, pk):
            session.index.acknowledged(entry.key)
        else:
            session.announce(f"Job {pk} is stored; the next command hands it to the daemon")
    return Submitted(id=pk, uuid=node_uuid, state="created")


def hand_over(session: Session, pk: int) -> bool:
    """Give the task of a stored process to the broker, at most once, and return whether it has it.

    The caller holds the submit lock and knows that no task of the process exists.
    """
    for _ in range(2):
        try:
            if session.embedded:
                broker.connect(session)
            seam_aiida.continue_task(pk, ACKNOWLEDGE_S)
        except (TimeoutError, EngineError):
            broker.disconnect(session)
            if session.embedded and any(task.pk == pk for task in broker.tasks(session)):
                return True  # only the acknowledgement was lost
            try:
                daemon.ensure(session)
            except EngineError:
                return False
        else:
            return True
    return False


def _entry(request: SubmitRequest, digest: str) -> Entry:
    key = request.key or uuid.uuid4().hex
    if len(key) > 200 or not key.isprintable():
        raise InputError(
            "The key of a submit must be printable and have at most 200 characters", hint="Use a uuid."
        )
    return Entry(
        key=key,
        digest=digest,
        pk=None,
        uuid=None,
        template=request.template,
        formula=request.formula,
        n_atoms=request.n_atoms,
        label=request.label,
        created_at=datetime.now(UTC).isoformat(),
    )


def _known(session: Session, entry: Entry) -> Submitted | None:
    """Return the job that already has the entry's key."""
    from crystalmath.engine import rows

    found = session.index.find(entry.key)
    if found is None or found.pk is None or found.uuid is None:
        return None
    if found.digest and found.digest != entry.digest:
        raise InputError(
            f"The key '{entry.key}' belongs to job {found.pk}, which was a different request",
            hint=f"Use another key, or look at it with: crystalmath show {found.pk}",
        )
    return Submitted(id=found.pk, uuid=found.uuid, state=rows.state(session, found.pk))


def _store(session: Session, entry: Entry, builder: Any) -> tuple[int, str]:
    from crystalmath.engine import reconcile

    if (left := session.index.find(entry.key)) is not None:  # reserved by a process that was killed
        reconcile.settle_key(session, left)
        if (known := _known(session, entry)) is not None:
            return known.id, known.uuid
    session.index.reserve(entry)
    try:
        with storage_faults("The job cannot be stored"):
            pk, node_uuid = seam_aiida.store_process(builder)
            session.index.stored(entry.key, pk, node_uuid)
            _note(pk, entry)
    except BaseException:
        session.begin()
        reconcile.settle_key(session, entry)
        raise
    return pk, node_uuid


def _note(pk: int, entry: Entry) -> None:
    """Write what the index needs for its rebuilding to the node's extras (which are no provenance)."""
    from aiida import orm

    known = {
        "template": entry.template,
        "formula": entry.formula,
        "n_atoms": entry.n_atoms,
        "digest": entry.digest,
    }
    orm.load_node(pk).base.extras.set(EXTRA, known)


def _flow_builder(request: SubmitRequest, code: Any) -> Any:
    from crystalmath.engine import flow, flow_documents, job_request, nodes

    options = codes.run_options(code, request.resources.ranks, request.resources.threads)
    if request.resources.walltime_s is not None:
        options["max_wallclock_seconds"] = request.resources.walltime_s
    builder = flow.builder(flow_documents.load_flow(request.flow_json), code, options=options)
    if request.origin is not None:
        builder.request = nodes.file_node(job_request.encode(request.origin), "request.json.gz")
    return builder
