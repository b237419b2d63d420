"""Make AiiDA nodes of what a VASP run left."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiida import orm
from aiida.parsers import Parser

from crystalmath.engine import nodes, potcar_libraries, reading
from crystalmath.engine.flow_documents import locator
from crystalmath.errors import PotcarError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiida.engine import ExitCode

    from crystalmath.engine.completed import Completed

__all__ = ["VaspParser"]


class VaspParser(Parser):  # type: ignore[misc] # aiida is untyped here
    """Parse a VASP run; what can be read is kept, whatever went wrong."""

    def parse(self, **kwargs: Any) -> ExitCode | None:
        """Attach the outputs and return how the run ended."""
        job = self.node.inputs.job.get_content(mode="rb") if "job" in self.node.inputs else None
        with tempfile.TemporaryDirectory(prefix="crystalmath-") as name:
            self._unpack(Path(name), kwargs.get("retrieved_temporary_folder"))
            read = reading.read(Path(name), job, locator(self.node.uuid))
        if read.summary is not None:
            self.out("summary", orm.Dict(read.summary.as_dict()))
        if read.structure is not None:
            self.out("structure", orm.StructureData(pymatgen=_bare(read.structure)))
        if len(read.ionic_steps) > 1:
            self.out("trajectory", _trajectory(read.ionic_steps))
        if read.document is not None:
            self.out("document", nodes.file_node(nodes.encode(read.document), "document.json.gz"))
        if read.completed is not None and (read.verdict.label or not read.completed.is_plain):
            self._respond(read.completed)
        if not read.verdict.label:
            return None
        code = self.exit_codes[read.verdict.label]
        return code.format(message=read.verdict.message)

    def _unpack(self, directory: Path, passing: str | None) -> None:
        """Put inputs and retrieved files into the directory, uncompressed, with what is read but not kept."""
        for folder in (self.node.inputs.files, self.retrieved):
            for name in nodes.file_names(folder):
                with folder.base.repository.open(name, "rb") as source:
                    reading.unpack_file(source, directory, name)
        for path in Path(passing).rglob("*") if passing is not None else ():
            if path.is_file():
                shutil.move(path, directory / path.relative_to(str(passing)))
        wanted = self.node.inputs.potcar
        with contextlib.suppress(PotcarError):  # then the document has their titles only
            potcar = potcar_libraries.assemble(self.node.inputs.code, wanted["symbols"], wanted["functional"])
            (directory / "POTCAR").write_bytes(potcar)

    def _respond(self, completed: Completed) -> None:
        """Attach what the job wants of its flow; a response that is there means its result is accepted."""
        response, jobs = nodes.response(completed)
        self.out("response", response)
        for label, node in jobs.items():
            self.out(f"new_jobs.{label}", node)


def _bare(structure: Any) -> Any:
    """Return the structure without site properties, which AiiDA would make kinds of."""
    copy = structure.copy()
    for name in list(copy.site_properties):
        copy.remove_site_property(name)
    return copy


def _trajectory(steps: Sequence[dict[str, Any]]) -> orm.TrajectoryData:
    """Return cells (Å), Cartesian positions (Å), forces (eV/Å) and E0 (eV) of the ionic steps."""
    import numpy as np

    structures = [step["structure"] for step in steps]
    node = orm.TrajectoryData()
    node.set_trajectory(
        symbols=[site.specie.symbol for site in structures[0]],
        positions=np.array([structure.cart_coords for structure in structures]),
        stepids=np.arange(1, len(steps) + 1),
        cells=np.array([structure.lattice.matrix for structure in structures]),
    )
    if all(step.get("forces") is not None for step in steps):
        node.set_array("forces", np.array([step["forces"] for step in steps], dtype=float))
    node.set_array("energies", np.array([step.get("e_0_energy", np.nan) for step in steps], dtype=float))
    return node
