"""The verbs of CrystalMath in Python; the command line and the server call the same functions.

Errors are `CrystalMathError`s: each has a sentence that names the object and a hint what to do next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crystalmath import paths
from crystalmath.errors import JobFileError

if TYPE_CHECKING:
    from jobflow import Flow, Maker

    from crystalmath.engine.documents import DocumentRow
    from crystalmath.engine.jobs import JobDetail, JobRow
    from crystalmath.engine.session import Session
    from crystalmath.engine.states import State
    from crystalmath.engine.submit import SubmitRequest
    from crystalmath.engine.tree import FlowStep
    from crystalmath.inputs import InputSet
    from crystalmath.results.card import Card

__all__ = ["Job", "job", "jobs", "preview", "run", "submit"]

_sessions: dict[str, Session] = {}


def _session(profile: str | None = None) -> Session:
    """Return the session of this process; AiiDA holds one profile per process."""
    from crystalmath import engine

    name = profile or paths.profile_name()
    if name not in _sessions:
        _sessions[name] = engine.open(name)
    return _sessions[name]


class JobFiles(Mapping[str, str]):
    """The files of a job: names of those that can be read now, each with its text, decompressed.

    A name without its step, such as `OUTCAR`, means the last step that has the file.
    """

    def __init__(self, session: Session, job_id: int) -> None:
        self._session = session
        self._id = job_id

    def __getitem__(self, name: str) -> str:
        from crystalmath.engine import files

        try:
            return files.read(self._session, self._id, name)
        except JobFileError as error:
            raise KeyError(error.message) from error

    def __iter__(self) -> Iterator[str]:
        from crystalmath.engine import files

        return iter(row.name.removesuffix(".gz") for row in files.list_files(self._session, self._id))

    def __len__(self) -> int:
        return sum(1 for _ in self)


@dataclass(frozen=True, slots=True)
class Job:
    """What was submitted: one recorded process with its steps."""

    id: int
    uuid: str
    _session: Session = field(repr=False)

    @property
    def detail(self) -> JobDetail:
        """Return state, steps and times as they are now."""
        from crystalmath.engine import jobs as engine_jobs

        return engine_jobs.get(self._session, self.id)

    @property
    def state(self) -> State:
        """Return the state as it is now, in the words of `crystalmath.engine.states.STATES`."""
        return self.detail.state

    @property
    def steps(self) -> tuple[FlowStep, ...]:
        """Return the steps of the flow: VASP runs and Python steps, those that wait included.

        Each has the `name`, `uuid` and `index` of its jobflow job, and as `children` the steps that it
        added to the flow as it ran.
        """
        from crystalmath.engine import tree

        return tree.steps(self._session, self.id)

    def documents(self) -> tuple[DocumentRow, ...]:
        """Return the documents that jobflow's own store would hold: rows `name`, `uuid`, `index`, `output`.

        Outputs are plain JSON types; `monty.json.MontyDecoder().process_decoded` makes objects of them.
        """
        from crystalmath.engine.documents import documents

        return documents(self._session, self.id)

    @property
    def card(self) -> Card:
        """Return the result card; what is not known (yet) is None."""
        from crystalmath.engine import cards

        return cards.get(self._session, self.id)

    @property
    def files(self) -> Mapping[str, str]:
        """Return the job's files as a mapping from name to text."""
        return JobFiles(self._session, self.id)

    def wait(self, timeout: float | None = None) -> Job:
        """Wait until the job has ended and return it; `timeout` in seconds raises TimeoutError."""
        from crystalmath.engine import watch

        watch.wait(self._session, self.id, timeout)
        return self

    def cancel(self) -> None:
        """Kill the job and its running steps."""
        from crystalmath.engine import control

        control.cancel(self._session, self.id)

    def pause(self) -> None:
        """Go no further with the job until it is resumed; a program that runs goes on to its end."""
        from crystalmath.engine import control

        control.pause(self._session, self.id)

    def resume(self) -> None:
        """Go on with the paused job."""
        from crystalmath.engine import control

        control.resume(self._session, self.id)

    def restart(self, *, overrides: Mapping[str, object] | None = None, key: str | None = None) -> Job:
        """Submit the job again from the last structure that it reached and return the new, linked one."""
        from crystalmath.engine import restart

        done = restart.restart(self._session, self.id, overrides=overrides, key=key)
        return Job(done.id, done.uuid, self._session)

    def delete(self) -> None:
        """Remove the job with its results and its working folders on this machine; there is no way back."""
        from crystalmath.engine import amend

        amend.delete(self._session, self.id)


def submit(
    what: str | Flow | Maker,
    structure: object = None,
    *,
    overrides: Mapping[str, object] | None = None,
    parameters: Mapping[str, object] | None = None,
    code: str | None = None,
    label: str | None = None,
    key: str | None = None,
    waive: Sequence[str] = (),
    profile: str | None = None,
) -> Job:
    """Store a calculation, hand it to the daemon and return it at once.

    `what` is a template (`relax`, or any VASP Maker of atomate2 by class name), `folder`, or a
    jobflow Flow or Maker. `structure` is a path, a pymatgen Structure, or for `folder` the folder.
    `overrides` are INCAR tags for every step, `parameters` those of the template (see
    `crystalmath templates NAME`). The same `key` gives the same job, not a second one. Inputs with errors
    are refused unless `waive` names the code of each; what was waived is kept with the job.
    Raises InputError (wrong input) and EngineError (the engine cannot do it now).
    """
    from crystalmath.engine import submit as engine_submit

    wanted = request(
        what,
        structure,
        overrides=overrides,
        parameters=parameters,
        code=code,
        label=label,
        key=key,
        waive=waive,
    )
    done = engine_submit.submit(_session(profile), wanted)
    return Job(done.id, done.uuid, _session(profile))


def run(
    what: str | Flow | Maker,
    structure: object = None,
    *,
    overrides: Mapping[str, object] | None = None,
    parameters: Mapping[str, object] | None = None,
    code: str | None = None,
    label: str | None = None,
    key: str | None = None,
    waive: Sequence[str] = (),
    profile: str | None = None,
    timeout: float | None = None,
) -> Job:
    """Submit a calculation as `submit` does and wait until it has ended."""
    return submit(
        what,
        structure,
        overrides=overrides,
        parameters=parameters,
        code=code,
        label=label,
        key=key,
        waive=waive,
        profile=profile,
    ).wait(timeout)


def preview(
    template: str,
    structure: object,
    *,
    overrides: Mapping[str, object] | None = None,
    parameters: Mapping[str, object] | None = None,
    step: int = 1,
) -> InputSet:
    """Return the input files that a template writes for a structure, each value with its source."""
    from crystalmath import structures
    from crystalmath.inputs import overrides as tags
    from crystalmath.inputs import preview as preview_inputs

    read = structures.of(structure)
    settings = tags.validate(overrides or {})
    return preview_inputs(read.structure, template, settings, step=step, parameters=parameters)


def job(id: int | str, *, profile: str | None = None) -> Job:  # noqa: A002 - the name on the wire
    """Return a job by id, uuid or unique prefix of its uuid. Raises JobNotFoundError."""
    from crystalmath.engine import jobs as engine_jobs

    found = engine_jobs.get(_session(profile), id)
    return Job(found.id, found.uuid, _session(profile))


def jobs(
    *,
    state: State | None = None,
    template: str | None = None,
    text: str | None = None,
    limit: int = 50,
    profile: str | None = None,
) -> tuple[JobRow, ...]:
    """Return the newest jobs, at most `limit`; `text` is searched in label, formula and template."""
    from crystalmath.engine import jobs as engine_jobs

    return engine_jobs.list_jobs(_session(profile), state=state, template=template, text=text, limit=limit)


def request(
    what: str | Flow | Maker,
    structure: object = None,
    *,
    overrides: Mapping[str, object] | None = None,
    parameters: Mapping[str, object] | None = None,
    code: str | None = None,
    label: str | None = None,
    key: str | None = None,
    waive: Sequence[str] = (),
) -> SubmitRequest:
    """Return what `submit` would hand to the engine, without touching it. Raises InputError."""
    from crystalmath.engine import requests

    return requests.build(
        what,
        structure,
        overrides=overrides or {},
        parameters=parameters,
        code=code,
        label=label or "",
        key=key,
        waive=waive,
    )
