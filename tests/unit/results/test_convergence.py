from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest
from tests.unit.results.recorded import unpack

from crystalmath.results import convergence

if TYPE_CHECKING:
    from pathlib import Path

    from _pytest.monkeypatch import MonkeyPatch

RELAX = """\
       N       E                     dE             d eps       ncg     rms          rms(c)
DAV:   1     0.156118E+02    0.15611E+02   -0.42E+03   448   0.121E+03
RMM:   2    -0.107E+02   -0.20473E+01   -0.20822E+03  2784   0.423E+02    0.519E+00
   1 F= -.10769316E+02 E0= -.10769310E+02  d E =-.107693E+02  mag=     1.2000
DAV:   1    -0.108E+02   -0.10000E-01   -0.42E+03   448   0.121E+03
   2 F= -.10769999E+02 E0= -.10769998E+02  d E =-.683000E-03  mag=     0.0 0.3 0.4
DAV:   1    -0.108E+02    ***********   -0.42E+03   448   0.121E+03
DAV:   2    -0.108E+02   -0.50000E-03   -0.42E+03   448   0.121E+03
"""
TABLE = """\
--------------------------------------- Iteration      {n}(   7)  ---------------------------------------
 POSITION                                       TOTAL-FORCE (eV/Angst)
 -----------------------------------------------------------------------------------
      0.00000      0.00000      0.00000         0.300000      0.000000      0.400000
      1.35750      1.35750      1.35750        -0.100000      0.000000      0.000000
"""
LINE = " " + "-" * 83 + "\n"


def test_steps_of_a_running_relaxation() -> None:
    read = convergence.from_texts(RELAX, TABLE.format(n=1) + LINE + TABLE.format(n=2))
    assert [step.number for step in read.ionic] == [1, 2]
    assert [step.energy_ev for step in read.ionic] == [-10.769310, -10.769998]
    assert read.ionic[1].change_ev == -0.000683
    assert read.ionic[0].max_force_ev_per_angstrom == pytest.approx(0.5)
    assert read.ionic[1].max_force_ev_per_angstrom is None  # its table is not finished yet
    assert read.ionic[1].magnetization_mub == pytest.approx(0.5)
    assert [step.ionic for step in read.electronic] == [1, 1, 2, 3]  # a line with stars is left out
    assert read.current is not None
    assert (read.current.number, read.current.change_ev) == (2, -0.0005)


def test_fixed_components_are_no_forces() -> None:
    moves = [(True, True, False), (True, True, True)]
    read = convergence.from_texts(RELAX, TABLE.format(n=1) + LINE, moves=moves)
    assert read.ionic[0].max_force_ev_per_angstrom == pytest.approx(0.3)


def test_molecular_dynamics_has_temperatures() -> None:
    read = convergence.from_texts("   1 T=  300. E= -.1 F= -.5 E0= -.4  EK= 0.1 SP= 0.0 SK= 0.0\n")
    assert read.ionic[0].temperature_k == 300.0
    assert read.ionic[0].energy_ev == -0.4


def test_a_real_run_gives_the_numbers_in_its_files(tmp_path: Path) -> None:
    read = convergence.read(unpack("relax", tmp_path))
    assert len(read.electronic) == 10
    assert read.electronic[0].energy_ev == -2.04733180832
    assert read.ionic[0].energy_ev == -10.817916
    assert read.ionic[0].max_force_ev_per_angstrom == 0.347295
    assert read.complete


def test_compressed_files_of_a_finished_run_are_read_too(tmp_path: Path) -> None:
    unpack("relax", tmp_path)
    plain = convergence.read(tmp_path)
    (tmp_path / "OUTCAR.gz").write_bytes(gzip.compress((tmp_path / "OUTCAR").read_bytes()))
    (tmp_path / "OUTCAR").unlink()
    assert convergence.read(tmp_path) == plain


def test_reading_is_bounded_and_says_so(tmp_path: Path, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(convergence, "OSZICAR_BYTES", 330)
    (tmp_path / "OSZICAR").write_text(RELAX)
    read = convergence.read(tmp_path)
    assert not read.complete
    assert [step.number for step in read.ionic] == [2]
    assert read.electronic[-1].ionic == 3


def test_nothing_written_yet(tmp_path: Path) -> None:
    read = convergence.read(tmp_path)
    assert read == convergence.Convergence((), (), complete=True)
    assert read.current is None
