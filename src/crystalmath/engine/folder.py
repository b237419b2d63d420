"""A folder's INCAR, KPOINTS and POSCAR as a jobflow job: run as they are, so that every job is a Flow."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from atomate2.vasp.jobs.base import BaseVaspMaker
from monty.json import MSONable

from crystalmath.vasp import kpoints

if TYPE_CHECKING:
    from jobflow import Flow

    from crystalmath.templates.folder import FolderInputs

__all__ = ["FolderMaker", "FolderTexts", "flow"]


@dataclass
class FolderTexts(MSONable):  # type: ignore[misc] # monty is untyped
    """The texts of a folder where atomate2 has an input set: nothing is derived, nothing rewritten."""

    incar_text: str
    poscar_text: str
    kpoints_text: str | None
    potcar_symbols: list[str]
    potcar_functional: str

    def get_input_set(self, structure: Any = None, **_: Any) -> FolderTexts:  # noqa: ARG002 - atomate2's signature
        """Return what is to be written: itself."""
        return self

    def write_input(self, directory: str | Path, **_: Any) -> None:
        """Write the files, unchanged."""
        files = {
            "INCAR": self.incar_text,
            "POSCAR": self.poscar_text,
            "KPOINTS": self.kpoints_text,
            "POTCAR.spec": "\n".join(self.potcar_symbols),
        }
        for name, text in files.items():
            if text is not None:
                (Path(directory) / name).write_bytes(text.encode())


@dataclass
class FolderMaker(BaseVaspMaker):  # type: ignore[misc] # atomate2 is untyped
    """Run VASP on given texts."""

    name: str = "folder"
    input_set_generator: Any = None
    write_input_set_kwargs: dict[str, Any] = field(default_factory=lambda: {"apply_incar_updates": False})


def flow(inputs: FolderInputs) -> Flow:
    """Return the Flow of one step that runs the folder's inputs; a run along a path keeps its bands."""
    from jobflow import Flow

    texts = FolderTexts(
        incar_text=inputs.incar_text,
        poscar_text=inputs.poscar_text,
        kpoints_text=inputs.kpoints_text,
        potcar_symbols=list(inputs.symbols),
        potcar_functional=inputs.functional,
    )
    follows_path = inputs.kpoints_text is not None and kpoints.parse(inputs.kpoints_text).mode == "line"
    parsing = {"parse_bandstructure": "line"} if follows_path else {}
    job = FolderMaker(input_set_generator=texts, task_document_kwargs=parsing).make(None)
    return Flow([job], name=f"folder {Path(inputs.directory).name}")
