from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest
from tests.unit.results.recorded import DATA, unpack

from crystalmath.results import outcar

if TYPE_CHECKING:
    from pathlib import Path


def test_the_last_values_are_those_that_vasp_printed(tmp_path: Path) -> None:
    end = outcar.read_end(unpack("relax", tmp_path) / "OUTCAR")
    assert end.finished
    assert end.pressure_kbar == -16.19
    assert end.magnetization == ()  # not spin-polarised: VASP prints no number
    assert end.elapsed_s == 3.667


def test_the_magnetization_of_a_spin_polarised_run_is_the_last_one(tmp_path: Path) -> None:
    (tmp_path / "OUTCAR").write_bytes(gzip.decompress((DATA / "runs" / "magnetic-OUTCAR.gz").read_bytes()))
    assert outcar.read_end(tmp_path / "OUTCAR").magnetization == (6.4424922,)


@pytest.mark.parametrize("content", [None, b""])
def test_a_missing_or_empty_file_has_no_values(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "OUTCAR"
    if content is not None:
        path.write_bytes(content)
    assert outcar.read_end(path) == outcar.OutcarEnd(False, False, None, (), None)


def test_a_requested_stop_is_seen(tmp_path: Path) -> None:
    (tmp_path / "OUTCAR").write_text(" soft stop encountered!  aborting job ...\n")
    assert outcar.read_end(tmp_path / "OUTCAR").stopped_on_request
