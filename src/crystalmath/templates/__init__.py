"""Templates: calculations by name, from atomate2's Makers or from a folder of input files."""

from __future__ import annotations

from crystalmath.templates import folder
from crystalmath.templates.catalogue import Template, get
from crystalmath.templates.catalogue import all_templates as all  # noqa: A004  (templates.all() is the public name)
from crystalmath.templates.details import TemplateDetails, details
from crystalmath.templates.flows import PotcarNeed, build, of_maker, potcars_of

__all__ = [
    "PotcarNeed",
    "Template",
    "TemplateDetails",
    "all",
    "build",
    "details",
    "folder",
    "get",
    "of_maker",
    "potcars_of",
]
