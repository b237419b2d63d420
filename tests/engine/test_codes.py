"""VASPs are registered after they were started, and each job runs the executable that it needs."""

from __future__ import annotations

import contextlib
import stat
import sys
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crystalmath.engine import codes
from crystalmath.errors import CodeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crystalmath.engine.session import Session

STANDIN = Path(sys.executable).parent / "crystalmath-standin"


def script(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/bash\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def label(session: Session) -> Iterator[str]:
    """A label of its own, deleted afterwards."""
    name = f"vasp-{uuid.uuid4().hex[:6]}"
    yield name
    if codes.find(name) is not None:
        codes.delete(session, name)


def test_the_stand_in_is_there_and_the_default(session: Session) -> None:
    row = next(row for row in codes.list_codes(session) if row.label == "standin")
    assert row.is_default
    assert row.std == str(STANDIN)
    assert codes.load(session).pk == row.id
    folder = codes.potcar_directory(codes.load(session, "standin"))
    assert folder is not None
    assert folder.is_dir()


def test_a_vasp_is_registered_with_all_that_was_said_and_made_the_default(
    session: Session, label: str, tmp_path: Path
) -> None:
    launch = script(
        tmp_path / "launch", 'echo "launched $1 $CM_TEST" >> ' + str(tmp_path / "log") + '\nshift\nexec "$@"'
    )
    row = codes.create(
        session,
        label,
        std=STANDIN,
        gam=STANDIN,
        launcher=f"{launch} {{ranks}}",
        ranks=4,
        threads=2,
        prepend="export CM_TEST=prepended",
        make_default=True,
    )
    assert (row.ranks, row.threads, row.prepend, row.is_default) == (4, 2, "export CM_TEST=prepended", True)
    assert (row.std, row.gam, row.ncl) == (str(STANDIN), str(STANDIN), None)
    assert (tmp_path / "log").read_text().splitlines() == ["launched 4 prepended"] * 2
    assert codes.default(session).label == label
    assert codes.list_codes(session)[0].label == label
    codes.set_default(session, "standin")
    assert codes.default(session).label == "standin"


def test_a_job_is_launched_with_the_ranks_and_threads_of_its_code(session: Session, label: str) -> None:
    codes.create(session, label, std=STANDIN, launcher="env CM_RANKS={ranks}", ranks=2, threads=3)
    options = codes.run_options(codes.load(session, label))
    assert options["mpirun_extra_params"] == ["env", "CM_RANKS=2"]
    assert options["withmpi"] is True
    assert options["resources"] == {"num_machines": 1, "num_mpiprocs_per_machine": 2}
    assert options["environment_variables"] == {"OMP_NUM_THREADS": "3"}
    assert codes.run_options(codes.load(session, label), ranks=8)["mpirun_extra_params"] == [
        "env",
        "CM_RANKS=8",
    ]


def test_each_job_gets_the_executable_that_it_needs(session: Session, label: str, tmp_path: Path) -> None:
    gam = script(tmp_path / "gam", f'exec {STANDIN} "$@"')
    codes.create(session, label, std=STANDIN, gam=gam)
    code = codes.load(session, label)
    assert codes.for_job(code, {}, gamma_only=False).pk == code.pk
    assert codes.for_job(code, {}, gamma_only=True).filepath_executable == gam
    with pytest.raises(CodeError, match="has no ncl executable"):
        codes.for_job(code, {"LSORBIT": ".TRUE."}, gamma_only=False)


def test_a_deleted_code_is_not_found_and_its_label_is_free(session: Session, label: str) -> None:
    codes.create(session, label, std=STANDIN)
    codes.delete(session, label)
    with pytest.raises(CodeError, match=f"no code '{label}'; there are: .*standin"):
        codes.load(session, label)
    assert codes.create(session, label, std=STANDIN).label == label


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("echo 'error while loading shared libraries: libmkl.so' >&2; exit 127", "libmkl.so"),
        ("exit 0", "nothing at all"),
        ("echo hello", "hello"),
    ],
)
def test_an_executable_that_does_not_start_is_refused_with_what_it_said(
    session: Session, label: str, tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(CodeError, match=said) as raised:
        codes.create(session, label, std=script(tmp_path / "vasp_std", text))
    assert "--launcher" in raised.value.hint
    assert codes.find(label) is None


def test_an_executable_that_hangs_is_ended_and_refused(session: Session, label: str, tmp_path: Path) -> None:
    with pytest.raises(CodeError, match=r"said nothing within 0\.5 s"):
        codes.create(session, label, std=script(tmp_path / "vasp_std", "sleep 60"), timeout_s=0.5)


def test_a_real_vasp_is_known_by_the_banner_of_its_output(
    session: Session, label: str, tmp_path: Path
) -> None:
    banner = 'echo " vasp.6.4.2 20Jul23 (build x) complex" > OUTCAR; sleep 600'
    std = script(tmp_path / "vasp_std", banner)
    # It is looked at when its time is over, which on a loaded machine must not be before it has begun.
    for timeout_s in (1.0, 10.0, 100.0):
        with contextlib.suppress(CodeError):
            codes.create(session, label, std=std, timeout_s=timeout_s)
            break
    assert codes.find(label) is not None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"std": Path("/nowhere/vasp_std")}, "is not there"),
        ({"ranks": 4}, "need a launcher"),
        ({"ranks": 0}, "cannot run"),
        ({"launcher": "mpirun -np {cores}"}, "cannot be read"),
        ({"launcher": "mpirun 'x"}, "cannot be read"),
    ],
)
def test_what_cannot_be_registered_is_refused_before_anything_is_started(
    session: Session, label: str, changed: dict[str, object], said: str
) -> None:
    with pytest.raises(CodeError, match=said):
        codes.create(session, label, **({"std": STANDIN} | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["standin", "", "a@b"])
def test_a_label_that_is_taken_or_unusable_is_refused(session: Session, name: str) -> None:
    codes.ensure_standin(session)
    with pytest.raises(CodeError, match="cannot be the label"):
        codes.create(session, name, std=STANDIN)
