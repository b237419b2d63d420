"""VASP executables as AiiDA codes: the stand-in, and the user's own std, gam and ncl.

One code is one registered VASP: its AiiDA code runs `std`, siblings run `gam` and `ncl`, and
`for_job` picks the one that the INCAR and KPOINTS of a job need. What AiiDA has no field for
(launcher line, ranks, threads, POTCAR folder) stands in the extras of the first.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from crystalmath.engine import computer as computers
from crystalmath.engine.faults import storage_faults
from crystalmath.errors import CodeError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crystalmath.engine.session import Session

__all__ = [
    "STANDIN_LABEL",
    "CodeRow",
    "Variant",
    "create",
    "default",
    "delete",
    "details",
    "ensure_standin",
    "find",
    "for_job",
    "list_codes",
    "load",
    "potcar_directory",
    "run_options",
    "set_default",
    "store",
    "variant",
]

Variant = Literal["std", "gam", "ncl"]

STANDIN_LABEL = "standin"
PLUGIN = "crystalmath.vasp"
EXTRA = "crystalmath"


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One registered VASP: `potcars` is None where the user's own POTCAR folder is used."""

    id: int
    label: str
    computer: str
    std: str
    gam: str | None
    ncl: str | None
    launcher: str
    ranks: int
    threads: int
    prepend: str
    potcars: str | None
    is_default: bool


def variant(incar: Mapping[str, str], *, gamma_only: bool, has_gam: bool = True) -> Variant:
    """Return which executable a job needs: ncl when non-collinear, gam for Gamma alone, else std."""
    if any(_is_true(incar.get(tag)) for tag in ("LSORBIT", "LNONCOLLINEAR")):
        return "ncl"
    return "gam" if gamma_only and has_gam else "std"


def _is_true(value: str | None) -> bool:
    text = (value or "").strip().lower()
    return text.startswith((".t", "t"))


def ensure_standin(session: Session) -> Any:
    """Return the stand-in's code, registered (with its synthetic POTCARs) if it was not."""
    from crystalmath.engine import stand_in

    return stand_in.code(session)


def load(session: Session, label: str | None = None) -> Any:
    """Return the code of that label (`label`, `label@computer`, id or uuid), or the default one.

    Raises CodeError naming the codes that exist.
    """
    session.begin()
    if label is None:
        return default(session)
    found = find(label)
    if found is None and label.split("@")[0] == STANDIN_LABEL:
        return ensure_standin(session)
    if found is None:
        known = ", ".join(row.label for row in list_codes(session)) or "none"
        raise CodeError(
            f"There is no code '{label}'; there are: {known}", hint="See them with: crystalmath codes"
        )
    return found


def default(session: Session) -> Any:
    """Return the code that is used when none is named: the one made the default, else the stand-in's."""
    from aiida import orm

    session.begin()
    query = orm.QueryBuilder().append(orm.InstalledCode, filters={f"extras.{EXTRA}.default": True})
    chosen = query.first(flat=True)
    return chosen if chosen is not None else ensure_standin(session)


def set_default(session: Session, label: str) -> None:
    """Make the code the one that is used when none is named."""
    from aiida import orm

    chosen = load(session, label)
    marked = (
        orm.QueryBuilder().append(orm.InstalledCode, filters={f"extras.{EXTRA}.default": True}).all(flat=True)
    )
    with storage_faults("The default code cannot be changed"):
        for code in [*marked, chosen]:
            code.base.extras.set(EXTRA, {**code.base.extras.get(EXTRA, {}), "default": code.pk == chosen.pk})


def list_codes(session: Session, *, add_standin: bool = True) -> tuple[CodeRow, ...]:
    """Return the registered VASPs, the default first."""
    from aiida import orm

    session.begin()
    if add_standin:
        ensure_standin(session)
    query = orm.QueryBuilder().append(orm.InstalledCode, filters={"extras": {"has_key": EXTRA}})
    found = [_row(code) for code in query.all(flat=True) if not code.is_hidden]
    if not any(row.is_default for row in found):
        found = [replace(row, is_default=row.label == STANDIN_LABEL) for row in found]
    return tuple(sorted(found, key=lambda row: (not row.is_default, row.id)))


def delete(session: Session, label: str) -> None:
    """Remove the code from the list; jobs that used it keep it in their provenance."""
    code = load(session, label)
    known = code.base.extras.get(EXTRA, {})
    with storage_faults(f"The code '{label}' cannot be removed"):
        for node in [code, *_siblings(known)]:
            node.base.extras.delete_many([key for key in (EXTRA,) if key in node.base.extras.all])
            node.label = f"{node.label}-{node.pk}"
            node.is_hidden = True


def create(
    session: Session,
    label: str,
    *,
    std: Path,
    gam: Path | None = None,
    ncl: Path | None = None,
    launcher: str = "",
    ranks: int = 1,
    threads: int = 1,
    prepend: str = "",
    make_default: bool = False,
    potcars: Path | None = None,
    timeout_s: float = 60.0,
) -> CodeRow:
    """Register a VASP of this machine after starting each executable on a tiny input.

    `launcher` may hold `{ranks}` and `{threads}`; `prepend` are shell lines that run before it. Raises
    CodeError, with what the shell and the program said, when one does not start.
    """
    from crystalmath.engine import trial

    session.begin()
    executables = {"std": std, "gam": gam, "ncl": ncl}
    _check(label, executables, launcher, ranks, threads)
    launch = _launch(launcher, ranks, threads)
    machine = computers.localhost(session)
    for kind, executable in executables.items():
        if executable is not None:
            session.announce(f"Starting {kind} executable {executable}")
            trial.run(
                executable,
                launch,
                prepend=prepend,
                threads=threads,
                scratch=computers.scratch(machine),
                potcars=potcars,
                timeout_s=timeout_s,
            )
    with storage_faults(f"The code '{label}' cannot be registered"):
        siblings = {
            kind: store(
                machine, f"{label}-{kind}", path, prepend=prepend, description=f"{label}, {kind}"
            ).uuid
            for kind, path in (("gam", gam), ("ncl", ncl))
            if path is not None
        }
        code = store(machine, label, std, prepend=prepend, description="VASP")
        known = details(launcher, ranks, threads, potcars=str(potcars) if potcars else None, **siblings)
        code.base.extras.set(EXTRA, known)
    if make_default:
        set_default(session, label)
    return next(row for row in list_codes(session) if row.id == code.pk)


def _check(
    label: str, executables: Mapping[str, Path | None], launcher: str, ranks: int, threads: int
) -> None:
    if not label or "@" in label or label == STANDIN_LABEL or find(label) is not None:
        raise CodeError(
            f"'{label}' cannot be the label of a new code",
            hint="Choose one that is not in: crystalmath codes",
        )
    if ranks < 1 or threads < 1:
        raise CodeError(f"{ranks} ranks of {threads} threads cannot run", hint="Give at least one of each.")
    for kind, path in executables.items():
        if path is not None and not path.is_file():
            raise CodeError(
                f"The {kind} executable {path} is not there", hint="Give the full path of the file."
            )
    if ranks > 1 and not launcher:
        raise CodeError(
            f"{ranks} ranks need a launcher", hint="Add for example: --launcher 'mpirun -np {ranks}'"
        )
    try:
        _launch(launcher, ranks, threads)
    except (KeyError, IndexError, ValueError) as error:
        raise CodeError(
            f"The launcher line '{launcher}' cannot be read: {error}",
            hint="Only {ranks} and {threads} may be in braces.",
        ) from error


def for_job(code: Any, incar: Mapping[str, str], *, gamma_only: bool) -> Any:
    """Return the AiiDA code that runs the executable this job needs.

    Raises CodeError when the job is non-collinear and the code has no ncl executable.
    """
    from aiida import orm

    known = code.base.extras.get(EXTRA, {})
    if known.get("potcars") and not known.get("gam") and not known.get("ncl"):
        return code  # the stand-in, or one executable for everything
    kind = variant(incar, gamma_only=gamma_only, has_gam=bool(known.get("gam")))
    if kind == "std":
        return code
    if not known.get(kind):
        raise CodeError(
            f"The code '{code.label}' has no {kind} executable, which this job needs",
            hint=f"Register one with: crystalmath codes create … --{kind} PATH",
        )
    return orm.load_node(known[kind])


def run_options(code: Any, ranks: int | None = None, threads: int | None = None) -> dict[str, Any]:
    """Return AiiDA's `metadata.options` for running the code: its launcher line, ranks and threads."""
    known = code.base.extras.get(EXTRA, {})
    n_ranks = ranks or known.get("ranks", 1)
    n_threads = threads or known.get("threads", 1)
    launch = _launch(known.get("launcher", ""), n_ranks, n_threads)
    return {
        "resources": {"num_machines": 1, "num_mpiprocs_per_machine": n_ranks},
        "environment_variables": {"OMP_NUM_THREADS": str(n_threads)},
        "withmpi": bool(launch),
        "mpirun_extra_params": launch,
    }


def potcar_directory(code: Any) -> Path | None:
    """Return the POTCAR folder that goes with the code; None means the user's registered one."""
    folder = code.base.extras.get(EXTRA, {}).get("potcars")
    return Path(folder) if folder else None


def _launch(launcher: str, ranks: int, threads: int) -> list[str]:
    return shlex.split(launcher.format(ranks=ranks, threads=threads))


def details(launcher: str, ranks: int, threads: int, **rest: str | None) -> dict[str, Any]:
    """Return the extra of a code; `rest` holds its POTCAR folder and the uuids of gam and ncl."""
    nothing = {"potcars": None, "gam": None, "ncl": None}
    return nothing | {"launcher": launcher, "ranks": ranks, "threads": threads, "default": False} | rest


def store(machine: Any, label: str, executable: Path, *, prepend: str = "", description: str) -> Any:
    """Store an AiiDA code."""
    from aiida import orm

    return orm.InstalledCode(
        label=label,
        description=description,
        computer=machine,
        filepath_executable=str(executable.absolute()),
        default_calc_job_plugin=PLUGIN,
        prepend_text=prepend,
    ).store()


def find(label: str) -> Any | None:
    """Return the code of that label (`label`, `label@computer`, id or uuid) unless it was deleted."""
    from aiida import orm
    from aiida.common.exceptions import MultipleObjectsError, NotExistent

    machine = computers.find()
    here = [] if "@" in label or machine is None else [f"{label}@{machine.label}"]
    for name in [*here, label]:
        try:
            found = orm.load_code(name)
        except (NotExistent, MultipleObjectsError, ValueError):
            continue
        if not found.is_hidden:
            return found
    return None


def _siblings(extra: Mapping[str, Any]) -> list[Any]:
    from aiida import orm

    return [orm.load_node(extra[kind]) for kind in ("gam", "ncl") if extra.get(kind)]


def _row(code: Any) -> CodeRow:
    known = code.base.extras.get(EXTRA, {})
    paths_of = {
        kind: str(node.filepath_executable)
        for kind, node in zip(_kinds(known), _siblings(known), strict=True)
    }
    return CodeRow(
        id=code.pk,
        label=code.label,
        computer=code.computer.label,
        std=str(code.filepath_executable),
        gam=paths_of.get("gam"),
        ncl=paths_of.get("ncl"),
        launcher=known.get("launcher", ""),
        ranks=known.get("ranks", 1),
        threads=known.get("threads", 1),
        prepend=code.prepend_text,
        potcars=known.get("potcars"),
        is_default=bool(known.get("default")),
    )


def _kinds(extra: Mapping[str, Any]) -> list[str]:
    return [kind for kind in ("gam", "ncl") if extra.get(kind)]
