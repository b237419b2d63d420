"""Make the jobflow Flow of a template for a structure."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crystalmath.errors import OverrideError
from crystalmath.inputs import makers, potcars_by_step
from crystalmath.inputs.order import written_order
from crystalmath.inputs.overrides import Bound, bind, validate
from crystalmath.inputs.plan import NOTHING, check_jobs, flow_of, made, plan_of, plan_of_flow
from crystalmath.vasp import tags

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobflow import Flow, Maker
    from pymatgen.core import Structure

    from crystalmath.inputs.plan import Plan

__all__ = ["PotcarNeed", "build", "of_maker", "potcars_of"]


@dataclass(frozen=True, slots=True)
class PotcarNeed:
    """The POTCAR symbols that the steps of a template need of one release."""

    functional: str
    symbols: tuple[str, ...]
    steps: tuple[str, ...]


def build(
    name: str,
    structure: Structure,
    *,
    overrides: Mapping[str, object] = NOTHING,
    parameters: Mapping[str, object] = NOTHING,
) -> Flow:
    """Return the Flow of a template with its parameters, and with the INCAR settings in every step.

    Moments (MAGMOM) go into the structure, from where the first step takes them; later steps start from the
    moments that the step before them found.

    Raises:
        TemplateError: unknown, or it cannot be run on a structure here; the reason is named.
        OverrideError: a setting names no tag, cannot be read, or has not one value per atom or species.
        InputError: a parameter is not in the template's schema, or has a value that it cannot have.
    """
    entry = makers.find(name)
    settings = validate(overrides)
    maker, arguments = made(entry, parameters)
    return _flow(entry, maker, _bound(plan_of(entry, structure, parameters), structure, settings), arguments)


def of_maker(maker: Maker, structure: Structure, *, overrides: Mapping[str, object] = NOTHING) -> Flow:
    """Return the Flow of a Maker that a script has made; the Maker itself is left as it is.

    Raises:
        TemplateError: its Flow has a job that cannot be run here; the reason is named.
        OverrideError: as for `build`.
    """
    own = type(maker)
    entry = makers.MakerEntry(own.__name__, maker.name, f"{own.__module__}:{own.__name__}")
    plan = plan_of_flow(entry, flow_of(entry, copy.deepcopy(maker), structure), structure)
    return _flow(entry, copy.deepcopy(maker), _bound(plan, structure, validate(overrides)))


def _flow(
    entry: makers.MakerEntry, maker: Maker, bound: Bound, arguments: Mapping[str, object] = NOTHING
) -> Flow:
    if bound.settings:
        from atomate2.vasp.powerups import update_user_incar_settings

        with makers.quiet():
            maker = update_user_incar_settings(maker, bound.settings)
    flow = flow_of(entry, maker, bound.structure, arguments)
    check_jobs(entry.name, flow)
    return flow


def _bound(plan: Plan, structure: Structure, overrides: Mapping[str, object]) -> Bound:
    """Tie settings to the atoms; all steps share one list, so they must write the atoms in one order."""
    orders = dict.fromkeys(written_order(step.generator, structure) for step in plan.steps)
    bounds = [bind(structure, overrides, order) for order in orders or {tuple(range(len(structure))): None}]
    for other in bounds[1:]:
        differing = [tag for tag, value in other.settings.items() if bounds[0].settings[tag] != value]
        if differing:
            raise OverrideError(
                f"{', '.join(differing)} cannot be set here: the steps write the atoms in different orders.",
                hint="Group the atoms of the structure by element, least electronegative first.",
            )
    listed = [tag for tag, value in bounds[0].settings.items() if plan.is_dynamic and _per_atom(tag, value)]
    if listed:
        raise OverrideError(
            f"{', '.join(listed)} has values per atom, and this workflow builds other cells as it runs.",
            hint="Leave it out here.",
        )
    return bounds[0]


def _per_atom(tag: str, value: object) -> bool:
    known = tags.find(tag)
    return isinstance(value, list) and known is not None and known.arity in {"per_ion", "three_per_ion"}


def potcars_of(name: str, structure: Structure) -> tuple[PotcarNeed, ...]:
    """Return the POTCARs that a template needs on a structure, one entry for each distinct set.

    Steps that are added as it runs are not known yet; most need the same.

    Raises:
        TemplateError: unknown, or it cannot be run on a structure here.
    """
    needs: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for step, functional, symbols in potcars_by_step(structure, name):
        needs.setdefault((functional, symbols), []).append(step)
    return tuple(
        PotcarNeed(functional, symbols, tuple(steps)) for (functional, symbols), steps in needs.items()
    )
