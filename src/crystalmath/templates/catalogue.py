"""The templates: what can be run, by the name that it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

from crystalmath.inputs import makers

if TYPE_CHECKING:
    from crystalmath.inputs.makers import MakerEntry

__all__ = ["FOLDER", "Template", "all_templates", "get"]


@dataclass(frozen=True, slots=True)
class Template:
    """A calculation that can be asked for by `name`.

    `maker` is atomate2's class as `module:Class`, empty for the kind `folder`, which runs the files of a
    folder as they are. Curated templates are tested here; the others are every VASP Maker of atomate2.
    `details` tells all about one.
    """

    name: str
    title: str
    maker: str
    kind: Literal["flow", "folder"]
    curated: bool


FOLDER: Final = Template(
    "folder", "The INCAR, KPOINTS and POSCAR of a folder as they are", "", "folder", True
)


def get(name: str) -> Template:
    """Return a template by its name.

    Raises:
        TemplateError: there is none; the nearest names are in the hint.
    """
    return FOLDER if name == FOLDER.name else _template(makers.find(name))


@cache
def all_templates() -> tuple[Template, ...]:
    """Return every template, the curated ones first."""
    return (*map(_template, makers.CURATED), FOLDER, *map(_template, makers.every()))


def _template(entry: MakerEntry) -> Template:
    return Template(entry.name, entry.title, entry.target, "flow", entry.curated)
