"""The input files of one VASP step: what atomate2 makes of a structure and settings, and why."""

from __future__ import annotations

import dataclasses
import threading
import warnings
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from crystalmath.errors import InputError, PotcarError, StorageError, TemplateError
from crystalmath.inputs import makers, overrides
from crystalmath.inputs.findings import Finding, findings_of, more_to_come
from crystalmath.inputs.order import keeps_atoms, written_order
from crystalmath.inputs.plan import FOREIGN, Plan, Step, plan_of, reach_generator
from crystalmath.inputs.sources import Setting, settings_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pymatgen.core import Structure

__all__ = ["InputSet", "potcars_by_step", "preview"]

_one_at_a_time: Final = threading.Lock()
"""Capturing warnings changes the whole process."""


@dataclass(frozen=True, slots=True)
class InputSet:
    """The inputs of step `step` of a template.

    `permutation[i]` is the index in the user's structure of atom `i` of the POSCAR, empty when the input set
    builds another cell. `kpoints_text` is None where KSPACING takes the place of KPOINTS. Where `dynamic`,
    `steps` are the VASP runs that are known before the workflow runs; its Python steps may add more.
    """

    template: str
    step: int
    steps: tuple[str, ...]
    incar: tuple[Setting, ...]
    incar_text: str
    kpoints_text: str | None
    poscar_text: str
    potcar_symbols: tuple[str, ...]
    potcar_functional: str
    potcar_spec_text: str
    dynamic: bool
    permutation: tuple[int, ...]
    findings: tuple[Finding, ...]

    def files(self) -> dict[str, str]:
        """Return the text of each file by its name, in the order in which atomate2 writes them."""
        texts = {
            "INCAR": self.incar_text,
            "KPOINTS": self.kpoints_text,
            "POSCAR": self.poscar_text,
            "POTCAR.spec": self.potcar_spec_text,
        }
        return {name: text for name, text in texts.items() if text is not None}

    def write(self, directory: Path | str) -> tuple[Path, ...]:
        """Write INCAR, KPOINTS where there is one, POSCAR and POTCAR.spec; a KPOINTS left there is removed.

        Raises:
            StorageError: the folder cannot be made or written.
        """
        folder = Path(directory)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            written = tuple(folder / name for name in self.files())
            for path, text in zip(written, self.files().values(), strict=True):
                path.write_text(text, encoding="utf-8")
            if self.kpoints_text is None:
                (folder / "KPOINTS").unlink(missing_ok=True)  # VASP would prefer it to KSPACING
        except OSError as error:
            raise StorageError(
                f"The inputs cannot be written to {folder}: {error.strerror or error}.",
                hint="Name a folder that can be written, with room on its disk.",
            ) from error
        return written


def preview(
    structure: Structure,
    template: str,
    settings: Mapping[str, object] | None = None,
    *,
    step: int = 1,
    parameters: Mapping[str, object] | None = None,
) -> InputSet:
    """Make the inputs of the `step`-th VASP run of a template, as atomate2 would write them.

    Args:
        structure: the crystal, in the user's order of atoms.
        template: a curated name or the class name of an atomate2 Maker.
        settings: INCAR settings by tag, as `overrides.validate` takes them.
        step: counted from 1.
        parameters: of the template, as its schema describes them.

    Raises:
        TemplateError: unknown template, one that cannot be run here, or one whose inputs are made as it runs.
        OverrideError: a setting names no tag, has an unreadable value, or not one value per atom or species.
        InputError: no such step or parameter, or atomate2 has no inputs for this structure.
    """
    entry = makers.find(template)
    valid = overrides.validate(settings or {})
    chosen_parameters = parameters or {}
    plan = plan_of(entry, structure, chosen_parameters)
    chosen = _chosen(template, plan, step)
    order = written_order(chosen.generator, structure)
    bound = overrides.bind(structure, valid, order)
    if chosen.own is not None and bound.structure is not structure:  # the moments belong into it
        chosen = _chosen(template, plan_of(entry, bound.structure, chosen_parameters), step)
    given = frozenset((*valid, *_site_settings()))
    with _one_at_a_time, warnings.catch_warnings(record=True) as raised:
        warnings.simplefilter("always")
        generator, used = _generator(entry, chosen, bound)
        made = _generate(entry, chosen, generator, used)
    findings = (
        *findings_of(chosen, generator, made["INCAR"].made, valid, raised),
        *more_to_come(plan.python),
    )
    if not keeps_atoms(structure, generator.structure, order):
        order = ()
        message = "This step builds another cell; its atoms do not correspond one to one to those given."
        findings = (*findings, Finding("info", "cell-changed", message))
    return InputSet(
        template=template,
        step=step,
        steps=tuple(one.name for one in plan.steps),
        incar=settings_of(made["INCAR"].made, made["INCAR"].text, generator, given),
        incar_text=made["INCAR"].text,
        kpoints_text=made["KPOINTS"].text if "KPOINTS" in made else None,
        poscar_text=made["POSCAR"].text,
        potcar_symbols=tuple(made["POTCAR.spec"].text.split("\n")),
        potcar_functional=str(generator.potcar_functional),
        potcar_spec_text=made["POTCAR.spec"].text,
        dynamic=plan.is_dynamic,
        permutation=order,
        findings=findings,
    )


def _chosen(template: str, plan: Plan, step: int) -> Step:
    if not plan.steps:
        raise TemplateError(
            f"The inputs of {template} are made as it runs: its Python step {plan.python[0]} comes first.",
            hint=f"Run it; `crystalmath templates {template}` tells what it does.",
        )
    if not 1 <= step <= len(plan.steps):
        listed = ", ".join(f"{number} ({one.name})" for number, one in enumerate(plan.steps, 1))
        later = "; more are added as it runs" if plan.is_dynamic else ""
        raise InputError(f"{template} has no step {step}.", hint=f"It has {listed}{later}.")
    return plan.steps[step - 1]


def potcars_by_step(structure: Structure, template: str) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Return name, POTCAR release and POTCAR symbols of each step of a template, without making its inputs.

    Raises:
        TemplateError: unknown template, or one that cannot be run here.
    """
    entry = makers.find(template)
    found = []
    for step in plan_of(entry, structure).steps:
        with _one_at_a_time, makers.quiet():
            generator, used = _generator(entry, step, overrides.Bound(structure, {}))
            generator.structure = used
            found.append((step.name, str(generator.potcar_functional), tuple(generator.potcar_symbols)))
    return tuple(found)


def _generator(entry: makers.MakerEntry, step: Step, bound: overrides.Bound) -> tuple[Any, Structure]:
    """Return a generator that nobody used yet, with the user's settings, and the structure for it."""
    prototype, used = step.generator, step.own or bound.structure
    if step.transforms:
        prototype, used = reach_generator(entry, step.maker, step.arguments, used)
    user = {**prototype.user_incar_settings, **bound.settings}
    generator = dataclasses.replace(prototype, structure=None, user_incar_settings=user)
    own_class: Any = type(generator)
    generator.__class__ = _computing_once(own_class)
    return generator, used


@cache
def _computing_once(generator_class: Any) -> Any:
    """Return the class with KPOINTS and POSCAR computed once, where pymatgen does so at each look.

    A generator serves one preview and its structure is set once, so nothing can change in between.
    """
    once = {name: cached_property(getattr(generator_class, name).fget) for name in ("kpoints", "poscar")}
    inherited = {"__module__": generator_class.__module__}
    return type(generator_class.__name__, (generator_class,), {**inherited, **once})


def _site_settings() -> dict[str, Any]:
    """Return what `~/.atomate2.yaml` puts into every INCAR; jobs get it when they run."""
    from atomate2 import SETTINGS

    return {tag.upper(): value for tag, value in SETTINGS.VASP_INCAR_UPDATES.items()}


class _File(NamedTuple):
    """An input file as pymatgen made it, and its text."""

    made: Any
    text: str


def _generate(entry: makers.MakerEntry, step: Step, generator: Any, structure: Structure) -> dict[str, _File]:
    from pymatgen.io.vasp.inputs import PmgVaspPspDirError

    try:
        made = generator.get_input_set(structure, potcar_spec=True)
        made["INCAR"].update(_site_settings())
        return {name: _File(file, str(file)) for name, file in made.items() if file is not None}
    except PmgVaspPspDirError as error:
        raise PotcarError(
            f"The inputs of {entry.name} ({step.name}) need numbers out of the POTCARs; none are found.",
            hint="Set PMG_VASP_PSP_DIR to your POTCAR folder.",
        ) from error
    except FOREIGN as error:
        raise InputError(
            f"atomate2 has no inputs of {entry.name} (step {step.name!r}) for "
            f"{structure.composition.reduced_formula}: {type(error).__name__}: {error}",
            hint="Look at the structure and at the settings given; another template may suit them.",
        ) from error
