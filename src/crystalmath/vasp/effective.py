"""What VASP will use where the INCAR says nothing or something else decides, each value with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from crystalmath.vasp import tags
from crystalmath.vasp.cells import spacing_mesh
from crystalmath.vasp.rules.potentials import electrons

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crystalmath.vasp.folder import Folder

__all__ = ["Effective", "effective_values", "value_of"]


class Effective(NamedTuple):
    """A tag, the value that counts and why; `given` is what the file says, None when it says nothing."""

    tag: str
    value: str
    reason: str
    given: str | None


def effective_values(folder: Folder) -> tuple[Effective, ...]:
    """Return the values that VASP derives or overrules, in alphabetical order.

    Tags whose value is simply that of the file are left out; constant defaults of tags that are not given
    are in the tag table.
    """
    found: dict[str, Effective] = {}
    for derive in _DERIVATIONS:
        for effective in derive(folder):
            if effective.given is None or effective.given.split() != effective.value.split():
                found.setdefault(effective.tag, effective)
    return tuple(found[name] for name in sorted(found))


def value_of(folder: Folder, tag: str) -> Effective | None:
    """Return what counts for one tag: derived, given, or its constant default; None when nobody can tell."""
    name = tag.upper()
    derived = next((effective for effective in effective_values(folder) if effective.tag == name), None)
    if derived is not None:
        return derived
    given = _given(folder, name)
    if given is not None:
        return Effective(name, given, "given in the INCAR", given)
    known = tags.find(name)
    if known is None or known.default is None:
        return None
    return Effective(name, known.default, "default", None)


def _given(folder: Folder, tag: str) -> str | None:
    statement = folder.parameters.statement(tag)
    return None if statement is None else statement.value


def _default(folder: Folder, tag: str, value: str, reason: str) -> Iterator[Effective]:
    """Yield a default, only when the file says nothing."""
    if _given(folder, tag) is None:
        yield Effective(tag, value, reason, None)


def _overruled(folder: Folder, tag: str, value: str, reason: str) -> Iterator[Effective]:
    """Yield a value that counts whatever the file says."""
    yield Effective(tag, value, reason, _given(folder, tag))


def _ions(folder: Folder) -> Iterator[Effective]:
    p = folder.parameters
    if p.nsw in {0, -1}:
        yield from _default(folder, "IBRION", "-1", "no ionic steps (NSW = 0): the ions stay")
    else:
        yield from _default(folder, "IBRION", "0", "NSW > 0 without IBRION is molecular dynamics")
    if p.dynamics:
        yield from _default(folder, "ISIF", "0", "molecular dynamics computes no stress by default")
    elif p.hybrid:
        yield from _default(folder, "ISIF", "0", "hybrids compute no stress by default")
    else:
        yield from _default(folder, "ISIF", "2", "the cell stays, the stress is computed")
    if p.ibrion in {1, 2, 3}:
        yield from _default(folder, "POTIM", "0.5", f"default of IBRION = {p.ibrion}")
    elif p.ibrion in {5, 6}:
        yield from _default(folder, "POTIM", "0.015", f"default of IBRION = {p.ibrion}, in ångström")
    electronic = p.real("EDIFF") or 1e-4
    if p.relaxes:
        yield from _default(folder, "EDIFFG", f"{10 * electronic:g}", "ten times EDIFF, an energy")
    if p.dynamics and p.has("TEBEG"):
        yield from _default(folder, "TEEND", _given(folder, "TEBEG") or "", "TEBEG: the temperature stays")


def _spins(folder: Folder) -> Iterator[Effective]:
    p, cell = folder.parameters, folder.cell
    if p.on("LSORBIT"):
        yield from _overruled(folder, "LNONCOLLINEAR", ".TRUE.", "LSORBIT = .TRUE. switches it on")
    ions = cell.n_atoms if cell is not None else None
    if ions is not None and p.spin_polarised:
        yield from _default(folder, "MAGMOM", f"{ions}*1.0", "ISPIN = 2: one Bohr magneton per ion")
    elif ions is not None and p.noncollinear:
        yield from _default(folder, "MAGMOM", f"{3 * ions}*1.0", "noncollinear: three components per ion")
    if p.has("MAGMOM") and not p.spin_polarised and not p.noncollinear:
        yield from _overruled(folder, "MAGMOM", "none", "ISPIN = 1: VASP does not read the moments")


def _electrons(folder: Folder) -> Iterator[Effective]:
    p = folder.parameters
    number = electrons(folder)
    if number is not None:
        yield from _default(
            folder, "NELECT", f"{number:g}", "valence of the POTCAR times the ions of the POSCAR"
        )
    if folder.potcar is not None:
        largest = max((header.enmax_ev or 0.0 for header in folder.potcar.headers), default=0.0)
        if largest:
            yield from _default(folder, "ENCUT", f"{largest:g}", "the largest ENMAX of the POTCAR")
    if p.metagga:
        yield from _overruled_if_given(folder, "GGA", p.metagga, "METAGGA decides on the functional")
    if folder.present is not None:
        restart = "WAVECAR" in folder.present
        reason = "a WAVECAR is there" if restart else "no WAVECAR is there"
        yield from _default(folder, "ISTART", "1" if restart else "0", reason)
    start = p.integer("ISTART")
    if start == 0:
        yield from _default(folder, "ICHARG", "2", "ISTART = 0: superposition of atomic densities")
    elif start is not None:
        yield from _default(folder, "ICHARG", "0", f"ISTART = {start}: the density of the orbitals")
    if p.hybrid:
        yield from _default(folder, "ISYM", "3", "LHFCALC = .TRUE.")
        aexx = p.real("AEXX")
        yield from _default(folder, "AEXX", "0.25", "LHFCALC = .TRUE.")
        yield from _default(folder, "AGGAX", f"{1 - (0.25 if aexx is None else aexx):g}", "1 - AEXX")
        for tag in ("ALDAC", "AGGAC") if aexx == 1 else ():
            yield from _default(folder, tag, "0", "AEXX = 1: Hartree-Fock has no correlation of DFT")
    else:
        yield from _default(folder, "ISYM", "2", "PAW potentials")


def _overruled_if_given(folder: Folder, tag: str, value: str, reason: str) -> Iterator[Effective]:
    if _given(folder, tag) is not None:
        yield from _overruled(folder, tag, value, reason)


def _layout(folder: Folder) -> Iterator[Effective]:
    p, ranks = folder.parameters, folder.context.ranks
    npar = p.integer("NPAR")
    if npar and ranks is not None and npar > 0:
        group = max(ranks // max(p.integer("KPAR") or 1, 1), 1)
        yield from _overruled(folder, "NCORE", str(max(group // npar, 1)), "NPAR beats NCORE")
    elif npar and p.has("NCORE"):
        yield from _overruled(folder, "NCORE", "ranks/NPAR", "NPAR beats NCORE")


def _mesh(folder: Folder) -> Iterator[Effective]:
    p, k = folder.parameters, folder.kpoints
    if k is not None:
        yield from _overruled_if_given(folder, "KSPACING", "none", "the KPOINTS file beats KSPACING")
        yield from _overruled_if_given(folder, "KGAMMA", "none", "the KPOINTS file beats KGAMMA")
    elif folder.cell is not None:
        spacing = p.real("KSPACING") or 0.5
        mesh = spacing_mesh(folder.cell.lattice_angstrom, spacing)
        shown = "x".join(map(str, mesh))
        yield from _default(folder, "KSPACING", "0.5", f"there is no KPOINTS file: a {shown} mesh")


_DERIVATIONS: Final[tuple[Callable[[Folder], Iterator[Effective]], ...]] = (
    _ions,
    _spins,
    _electrons,
    _layout,
    _mesh,
)
