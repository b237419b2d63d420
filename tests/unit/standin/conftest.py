"""Runs of the stand-in that several tests look at; each is done once."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from tests.deadlines import SOON_S

from crystalmath.standin import potcars

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

SI = "Si2\n1.0\n0 2.75 2.75\n2.75 0 2.75\n2.75 2.75 0\nSi\n2\nDirect\n0 0 0\n0.26 0.25 0.25\n"
AL = "Al4\n1.0\n4.05 0 0\n0 4.05 0\n0 0 4.05\nAl\n4\nDirect\n0 0 0\n.5 .5 0\n.5 0 .52\n0 .5 .5\n"
AL1 = "Al\n1.0\n0 2.03 2.03\n2.03 0 2.03\n2.03 2.03 0\nAl\n1\nDirect\n0 0 0\n"
FE = "Fe\n2.87\n1 0 0\n0 1 0\n0 0 1\nFe\n2\nDirect\n0 0 0\n.5 .5 .5\n"
NACL = "NaCl\n1.0\n0 2.8 2.8\n2.8 0 2.8\n2.8 2.8 0\nNa Cl\n1 1\nDirect\n0 0 0\n.5 .5 .5\n"
STATIC = {"ISMEAR": "0", "SIGMA": "0.05", "KSPACING": "0.5", "EDIFF": "1e-6"}
RELAX = STATIC | {"IBRION": "2", "NSW": "40", "ISIF": "3", "EDIFFG": "-0.01"}


@dataclass(frozen=True)
class Finished:
    """A run that ended: its folder, exit code, stdout and CPU time in seconds."""

    folder: Path
    code: int
    stdout: str
    cpu_s: float

    def text(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="latin-1")


def prepare(folder: Path, poscar: str, incar: Mapping[str, str], kpoints: str | None = None) -> Path:
    """Write the input files of a run; the POTCAR fits the species line."""
    folder.mkdir(parents=True, exist_ok=True)
    symbols = poscar.splitlines()[5].split()
    (folder / "POSCAR").write_text(poscar)
    (folder / "INCAR").write_text("".join(f"{tag} = {value}\n" for tag, value in incar.items()))
    (folder / "POTCAR").write_text("".join(potcars.text(symbol, "PBE_54") for symbol in symbols))
    if kpoints is not None:
        (folder / "KPOINTS").write_text(kpoints)
    return folder


def execute(folder: Path, **environment: str) -> Finished:
    """Run the stand-in in a folder."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("OMPI_", "PMI", "SLURM_", "COV"))}
    done = subprocess.run(
        [sys.executable, "-m", "crystalmath.standin"],
        cwd=folder,
        env=clean | environment,
        stdout=subprocess.PIPE,
        text=True,
        timeout=SOON_S,
        check=False,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    (folder / "vasp.out").write_text(done.stdout)
    return Finished(folder, done.returncode, done.stdout, cpu)


@pytest.fixture(name="prepare")
def prepare_fixture() -> Callable[..., Path]:
    """Return the function that writes input files."""
    return prepare


@pytest.fixture(name="execute")
def execute_fixture() -> Callable[..., Finished]:
    """Return the function that runs the stand-in."""
    return execute


@pytest.fixture
def start(tmp_path: Path) -> Callable[..., Finished]:
    """Return a function that prepares and executes a run of its own."""

    def run(poscar: str = SI, kpoints: str | None = None, **incar: str) -> Finished:
        return execute(prepare(tmp_path, poscar, STATIC | incar, kpoints))

    return run


@pytest.fixture(scope="session")
def si_relax(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """A distorted silicon cell relaxed with its volume, with spin and projections."""
    incar = RELAX | {"LORBIT": "11", "ISPIN": "2", "SYSTEM": "silicon", "KSPACING": "0.3"}
    return execute(prepare(tmp_path_factory.mktemp("si"), SI, incar))


@pytest.fixture(scope="session")
def al_static(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """One energy of an aluminium cell with an atom out of place, without spin."""
    return execute(prepare(tmp_path_factory.mktemp("al"), AL, STATIC | {"ISMEAR": "1", "SIGMA": "0.2"}))


@pytest.fixture(scope="session")
def fe_static(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """Ferromagnetic iron with site tables."""
    incar = STATIC | {"ISPIN": "2", "MAGMOM": "2*3.0", "LORBIT": "11", "ISMEAR": "1", "SIGMA": "0.1"}
    return execute(prepare(tmp_path_factory.mktemp("fe"), FE, incar))


@pytest.fixture(scope="session")
def si_line(si_relax: Finished, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """Bands along a path from the density of the relaxed silicon."""
    folder = tmp_path_factory.mktemp("line")
    kpoints = "path\n10\nLine-mode\nReciprocal\n0 0 0 \\Gamma\n.5 0 .5 X\n\n.5 0 .5 X\n.5 .25 .75 W\n"
    prepare(
        folder, si_relax.text("CONTCAR"), STATIC | {"ICHARG": "11", "ISPIN": "2", "LORBIT": "11"}, kpoints
    )
    (folder / "CHGCAR").write_text(si_relax.text("CHGCAR"))
    return execute(folder)
