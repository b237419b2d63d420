"""atomate2's double relaxation: two runs of VASP in one folder, the second from where the first ended.

custodian does it in three places: it changes the inputs between the runs, keeps the files of each under a
name of its own, and leaves the folder so. Here the job script does the first, and the parser, in a folder of
its own, the others.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["COMPRESSED", "RETRIEVED", "SECOND_INCAR", "arrange", "run_again", "second_incar"]

SECOND_INCAR: Final = "INCAR.relax2"
COMPRESSED: Final = ("OUTCAR.relax1", "vasprun.xml.relax1")
RETRIEVED: Final = ("CONTCAR.relax1", "OSZICAR.relax1", "vasp.out.relax1")

# The line that starts VASP is AiiDA's, with the launcher of the code in it; the script runs it once more. The
# outputs of the first run are moved, or a second one that does not start would be taken for them.
_AGAIN = f"""\
if grep -q 'General timing and accounting' OUTCAR; then
  for cm_file in CONTCAR OSZICAR OUTCAR vasprun.xml vasp.out; do
    if [ -e "$cm_file" ]; then mv "$cm_file" "$cm_file.relax1"; fi
  done
  cp CONTCAR.relax1 POSCAR
  cp {SECOND_INCAR} INCAR
  eval "$(grep '> .vasp[.]out. 2> ' "$0")"
fi"""


def run_again() -> str:
    """Return the lines after the first run: keep its outputs and, when it came to its end, run VASP again."""
    return _AGAIN


def second_incar(directory: Path, options: Mapping[str, Any]) -> bytes:
    """Return the INCAR of the second run, as custodian makes it from the inputs in the directory.

    `options` are those of custodian's `double_relaxation_run`. Raises ValueError for what is not done here:
    other k-points in the first run.
    """
    from custodian.vasp.interpreter import VaspModder
    from custodian.vasp.jobs import VaspJob

    wanted = {"auto_npar": False, **options}
    if wanted.pop("half_kpts_first_relax", False):
        raise ValueError("half of the k-points in the first run")
    first, second = VaspJob.double_relaxation_run(["vasp"], **wanted)
    assert not first.settings_override
    with tempfile.TemporaryDirectory(prefix="crystalmath-") as name:
        for file in ("INCAR", "KPOINTS", "POSCAR"):
            if (directory / file).exists():
                shutil.copyfile(directory / file, Path(name, file))
        shutil.copyfile(directory / "POSCAR", Path(name, "CONTCAR"))
        VaspModder(directory=name).apply_actions(second.settings_override)
        return Path(name, "INCAR").read_bytes()


def arrange(directory: Path) -> None:
    """Give the files of both runs the names that custodian leaves them under."""
    for file in ("INCAR", "KPOINTS", "POSCAR"):
        if (directory / file).exists():
            shutil.copyfile(directory / file, directory / f"{file}.relax1")
    if (directory / "KPOINTS").exists():
        shutil.copyfile(directory / "KPOINTS", directory / "KPOINTS.relax2")
    shutil.copyfile(directory / "CONTCAR.relax1", directory / "POSCAR.relax2")
    for file in ("CHG", "CHGCAR", "CONTCAR", "OSZICAR", "OUTCAR", "vasprun.xml", "vasp.out"):
        if (directory / file).exists():
            shutil.move(directory / file, directory / f"{file}.relax2")
    for file in ("INCAR", "KPOINTS", "POSCAR"):
        (directory / file).unlink(missing_ok=True)
