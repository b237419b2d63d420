"""The potentials: ASE's numbers, exact derivatives, plausible crystals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk
from ase.calculators.emt import EMT
from ase.calculators.tersoff import Tersoff as AseTersoff
from ase.calculators.tersoff import TersoffParameters

from crystalmath.standin import emt, tersoff
from crystalmath.standin.emt import EffectiveMedium
from crystalmath.standin.pair import PairPotential
from crystalmath.standin.potentials import choose
from crystalmath.standin.tersoff import Tersoff

if TYPE_CHECKING:
    from crystalmath.standin.response import Potential, Response


def distorted(atoms: Atoms) -> Atoms:
    strain = 0.02 * np.random.default_rng(7).normal(size=(3, 3))
    atoms.set_cell(atoms.cell.array @ (np.eye(3) + strain), scale_atoms=True)
    atoms.rattle(0.05, seed=3)
    return atoms


def respond(potential: Potential, atoms: Atoms) -> Response:
    return potential.evaluate(atoms.cell.array, atoms.positions)


def alloy() -> Atoms:
    atoms = bulk("Al", cubic=True) * (2, 1, 1)
    atoms.symbols[0], atoms.symbols[3] = "Cu", "H"
    return atoms


ASE_TERSOFF = {key: TersoffParameters(*values) for key, values in tersoff.ase_parameters().items()}
CASES: list[tuple[Atoms, Any]] = [
    (bulk("Al"), EMT()),
    (alloy(), EMT()),
    (bulk("Si"), AseTersoff(ASE_TERSOFF)),
    (bulk("C", "diamond", a=3.6, cubic=True), AseTersoff(ASE_TERSOFF)),
    (bulk("SiC", "zincblende", a=4.3, cubic=True), AseTersoff(ASE_TERSOFF)),
]


@pytest.mark.parametrize(("atoms", "calculator"), CASES, ids=lambda x: str(getattr(x, "symbols", "")))
def test_energy_forces_and_stress_are_those_of_ases_calculator(atoms: Atoms, calculator: Any) -> None:
    atoms = distorted(atoms.copy())
    atoms.calc = calculator
    found = respond(choose(atoms.get_chemical_symbols()), atoms)
    to_free_atoms = sum(emt.COHESIVE_EV[s] for s in atoms.symbols) if isinstance(calculator, EMT) else 0.0
    assert found.energy_ev == pytest.approx(atoms.get_potential_energy() + to_free_atoms, abs=1e-10)
    np.testing.assert_allclose(found.forces, atoms.get_forces(), atol=1e-10)
    np.testing.assert_allclose(found.stress, atoms.get_stress(voigt=False), atol=1e-11)


def salt() -> Atoms:
    return bulk("MgO", "rocksalt", a=4.25, cubic=True)


@pytest.mark.parametrize("atoms", [salt(), alloy(), bulk("Si", cubic=True)], ids=["pair", "emt", "tersoff"])
def test_forces_are_the_derivative_of_the_energy(atoms: Atoms) -> None:
    atoms = distorted(atoms)
    potential, step = choose(atoms.get_chemical_symbols()), 1e-5
    forces = respond(potential, atoms).forces
    for ion, axis in ((0, 0), (1, 2), (5, 1)):
        shift = np.zeros_like(atoms.positions)
        shift[ion, axis] = step
        up, down = (potential.evaluate(atoms.cell.array, atoms.positions + s * shift) for s in (1, -1))
        assert forces[ion, axis] == pytest.approx((down.energy_ev - up.energy_ev) / (2 * step), abs=1e-6)


@pytest.mark.parametrize("atoms", [salt(), alloy(), bulk("Si", cubic=True)], ids=["pair", "emt", "tersoff"])
def test_stress_is_the_derivative_of_the_energy_by_strain(atoms: Atoms) -> None:
    atoms = distorted(atoms)
    potential, step = choose(atoms.get_chemical_symbols()), 1e-5
    stress = respond(potential, atoms).stress
    for i, j in ((0, 0), (1, 2)):
        strain = np.zeros((3, 3))
        strain[i, j] = strain[j, i] = step
        energies = []
        for sign in (1, -1):
            turn = np.eye(3) + sign * strain
            energies.append(potential.evaluate(atoms.cell.array @ turn, atoms.positions @ turn).energy_ev)
        twice = 1.0 if i == j else 2.0
        slope = (energies[0] - energies[1]) / (2 * step * twice) / atoms.get_volume()
        assert stress[i, j] == pytest.approx(slope, abs=1e-8)


def test_forces_add_up_to_nothing() -> None:
    atoms = distorted(salt())
    assert np.abs(respond(choose(atoms.get_chemical_symbols()), atoms).forces.sum(axis=0)).max() < 1e-10


def test_pair_potential_obeys_the_cauchy_relation_at_zero_pressure() -> None:
    """Central forces on inversion centres: C12 = C44."""
    atoms = salt()
    potential, fractional = PairPotential(atoms.get_chemical_symbols()), atoms.get_scaled_positions()

    def stress(strain: np.ndarray[Any, np.dtype[np.float64]], edge: float) -> Any:
        lattice = edge * (np.eye(3) + strain)
        return potential.evaluate(lattice, fractional @ lattice).stress

    low, high = 3.8, 4.8
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if stress(np.zeros((3, 3)), middle)[0, 0] < 0 else (low, middle)
    h = 1e-4
    pull, shear = np.zeros((3, 3)), np.zeros((3, 3))
    pull[0, 0] = h
    shear[1, 2] = shear[2, 1] = h / 2
    c12 = (stress(pull, low)[1, 1] - stress(-pull, low)[1, 1]) / (2 * h)
    c44 = (stress(shear, low)[1, 2] - stress(-shear, low)[1, 2]) / (2 * h)
    assert c12 > 0.1
    assert c44 == pytest.approx(c12, rel=1e-3)


@pytest.mark.parametrize(
    "atoms",
    [bulk("Fe"), bulk("MgO", "rocksalt", a=4.21), bulk("NaCl", "rocksalt", a=5.64), bulk("Ti")],
    ids=["Fe", "MgO", "NaCl", "Ti"],
)
def test_crystals_come_within_an_eighth_of_their_real_size(atoms: Atoms) -> None:
    potential, fractional = choose(atoms.get_chemical_symbols()), atoms.get_scaled_positions()
    factors = np.linspace(0.7, 1.4, 71)
    energies = [
        potential.evaluate(atoms.cell.array * f, fractional @ atoms.cell.array * f).energy_ev for f in factors
    ]
    assert 0.875 < factors[int(np.argmin(energies))] < 1.125


def test_unlike_neighbours_are_preferred() -> None:
    """Rock salt has less energy than the same lattice with like ions next to each other."""
    atoms = salt()
    ordered = respond(PairPotential(atoms.get_chemical_symbols()), atoms).energy_ev
    mixed = ["Mg", "Mg", "Mg", "O", "O", "O", "Mg", "O"]
    assert ordered < respond(PairPotential(mixed), atoms).energy_ev


def test_choice_follows_the_elements() -> None:
    assert isinstance(choose(["Si", "C"]), Tersoff)
    assert isinstance(choose(["Al", "Cu"]), EffectiveMedium)
    assert isinstance(choose(["Na", "Cl"]), PairPotential)


def test_isolated_atoms_feel_nothing() -> None:
    for symbol in ("Al", "Si", "Na"):
        found = choose([symbol]).evaluate(np.eye(3) * 40.0, np.zeros((1, 3)))
        assert np.abs(found.forces).max() == 0.0
        assert np.abs(found.stress).max() == 0.0
