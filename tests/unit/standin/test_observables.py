"""Response tensors, vibrations, optics and polarisation: what pymatgen reads is what the model says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from ase.build import bulk
from emmet.core.tasks import TaskDoc
from pymatgen.io.vasp import Outcar, Vasprun

from crystalmath.standin import dielectric, vibrations
from crystalmath.standin.bands import band_gap
from crystalmath.standin.cell import Cell
from crystalmath.standin.pair import charges
from crystalmath.standin.potentials import choose

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Finished

MGO = "MgO\n1.0\n0 2.05 2.05\n2.05 0 2.05\n2.05 2.05 0\nMg O\n1 1\nDirect\n0 0 0\n.5 .5 .5\n"
# zinc-blende, without a centre of inversion
ZNS = "ZnS\n1.0\n0 2.7 2.7\n2.7 0 2.7\n2.7 2.7 0\nZn S\n1 1\nDirect\n0 0 0\n.25 .25 .25\n"


def cell_of(name: str, structure: str, a: float, symbols: tuple[str, ...]) -> Cell:
    atoms = bulk(name, structure, a=a)
    return Cell("test", symbols, (1,) * len(symbols), atoms.cell.array, atoms.get_scaled_positions())


def read(run: Finished) -> tuple[Any, Any, Any]:
    assert run.code == 0, run.stdout
    task = TaskDoc.from_directory(run.folder)
    return Vasprun(run.folder / "vasprun.xml"), Outcar(run.folder / "OUTCAR"), task


def test_dfpt_writes_tensors_that_obey_the_sum_rules(start: Callable[..., Finished]) -> None:
    vasprun, outcar, task = read(start(MGO, IBRION="8", NSW="1", LEPSILON=".TRUE.", LPEAD=".TRUE."))
    assert task.state.value == "successful"
    assert outcar.lepsilon
    assert outcar.dfpt
    np.testing.assert_allclose(outcar.born.sum(axis=0), 0.0, atol=1e-4)
    np.testing.assert_allclose(outcar.born[0], charges(["Mg", "O"])[0] * np.eye(3), atol=1e-5)
    for whole, part in (
        (vasprun.epsilon_static, outcar.dielectric_tensor),
        (vasprun.epsilon_ionic, outcar.dielectric_ionic_tensor),
    ):
        np.testing.assert_allclose(whole, part, atol=1e-6)
        assert np.all(np.linalg.eigvalsh(whole) > 0.0)
    roots = np.sqrt([24.305, 15.999])
    by_force = vasprun.force_constants * np.outer(roots, roots)[:, :, None, None]
    np.testing.assert_allclose(by_force.sum(axis=1), 0.0, atol=1e-2)
    output = task.calcs_reversed[0].output
    assert output.epsilon_static[0][0] > 1.0
    assert len(output.normalmode_frequencies) == 6
    np.testing.assert_allclose(output.normalmode_frequencies[3:], 0.0, atol=1e-3)


def test_force_constants_are_second_derivatives_of_the_energy() -> None:
    cell = cell_of("MgO", "rocksalt", 4.1, ("Mg", "O"))
    potential, step = choose(cell.symbols), 0.01
    phi = vibrations.force_constants(potential, cell, step)
    energies = []
    for shift in (-step, 0.0, step):
        moved = cell.cartesian.copy()
        moved[0, 1] += shift
        energies.append(potential.evaluate(cell.lattice, moved).energy_ev)
    curvature = (energies[0] - 2.0 * energies[1] + energies[2]) / step**2
    assert phi[1, 1] == pytest.approx(curvature, rel=1e-3)
    np.testing.assert_allclose(phi, phi.T, atol=1e-12)
    np.testing.assert_allclose(phi.reshape(2, 3, 2, 3).sum(axis=0), 0.0, atol=1e-10)


def test_frequency_is_that_of_the_diatomic_spring() -> None:
    """Two ions with one force constant vibrate with ν = √(Φ/μ)/2π."""
    phi = np.kron(np.array([[1.0, -1.0], [-1.0, 1.0]]), np.eye(3)) * 20.0

    class Header:
        def __init__(self, mass: float) -> None:
            self.mass = mass

    class Case:
        potcars = (Header(24.305), Header(15.999))
        cell = cell_of("MgO", "rocksalt", 4.1, ("Mg", "O"))

    found = vibrations.vibrations(phi, Case())  # type: ignore[arg-type]
    reduced = 24.305 * 15.999 / (24.305 + 15.999)
    hertz = (20.0 * 1.602176634e-19 * 1e20 / (reduced * 1.66053907e-27)) ** 0.5 / (2.0 * np.pi)
    np.testing.assert_allclose(found.frequencies_thz[:3], hertz * 1e-12, rtol=1e-5)


def test_elastic_constants_from_phonons_obey_the_cauchy_relation(start: Callable[..., Finished]) -> None:
    """All forces of the pair potential are central, so C12 = C44 at zero pressure."""
    relaxed = start(MGO, IBRION="2", NSW="40", ISIF="3", EDIFFG="-0.0001", EDIFF="1e-8")
    run = start(relaxed.text("CONTCAR"), IBRION="6", NSW="1", ISIF="3")
    outcar = Outcar(run.folder / "OUTCAR")
    outcar.read_elastic_tensor()
    c = np.array(outcar.data["elastic_tensor"])
    assert c[0, 1] == pytest.approx(c[3, 3], rel=1e-3)
    assert c[0, 0] > c[0, 1] > 0.0


def test_zinc_blende_is_piezoelectric_by_its_ions_and_rock_salt_is_not(
    start: Callable[..., Finished],
) -> None:
    incar = {"IBRION": "8", "NSW": "1", "LEPSILON": ".TRUE."}
    zinc_blende = np.array(Outcar(start(ZNS, **incar).folder / "OUTCAR").piezo_ionic_tensor)
    rock_salt = np.array(Outcar(start(MGO, **incar).folder / "OUTCAR").piezo_ionic_tensor)
    # the components x,yz  y,zx  z,xy are equal by symmetry, the others vanish
    shear = float(zinc_blende[0, 4])
    assert abs(shear) > 0.01
    for axis, column in ((0, 4), (1, 5), (2, 3)):
        assert zinc_blende[axis, column] == pytest.approx(shear, abs=1e-4)
        zinc_blende[axis, column] = 0.0
    np.testing.assert_allclose(zinc_blende, 0.0, atol=1e-4)
    np.testing.assert_allclose(rock_salt, 0.0, atol=1e-4)


def test_finite_differences_show_the_displacements_that_symmetry_leaves(
    start: Callable[..., Finished],
) -> None:
    counts = {}
    for ibrion in ("5", "6"):
        run = start("Si2\n1.0\n0 2.7 2.7\n2.7 0 2.7\n2.7 2.7 0\nSi\n2\nDirect\n0 0 0\n.25 .25 .25\n",
                    IBRION=ibrion, NSW="1", NFREE="2", POTIM="0.015")  # fmt: skip
        vasprun, outcar, task = read(run)
        counts[ibrion] = len(vasprun.ionic_steps)
        assert task.state.value == "successful"
        assert not outcar.lepsilon
        assert vasprun.force_constants.shape == (2, 2, 3, 3)
        np.testing.assert_allclose(vasprun.final_structure.frac_coords, [[0.0] * 3, [0.25] * 3], atol=1e-8)
        forces = np.array(vasprun.ionic_steps[1]["forces"]) / 0.015
        np.testing.assert_allclose(forces[:, 0], outcar_row(run), rtol=0.05)
    assert counts == {"5": 13, "6": 7}


def outcar_row(run: Finished) -> list[float]:
    """Return the x components of forces by a shift of ion 1 along x, from the table of second derivatives."""
    line = next(line for line in run.text("OUTCAR").splitlines() if line.startswith("   1X "))
    return [float(line[6 + 12 * i : 18 + 12 * i]) for i in (0, 3)]


def test_warm_structures_are_displaced_further(start: Callable[..., Finished]) -> None:
    run = start(MGO, IBRION="6", NSW="1", PHON_LMC=".TRUE.", PHON_NTLIST="2", PHON_TLIST="0 600")
    _, _, task = read(run)
    displaced = task.calcs_reversed[0].output.elph_displaced_structures
    assert sorted(displaced.temperatures) == [0.0, 600.0]
    still = task.output.structure
    by_temperature = dict(zip(displaced.temperatures, displaced.structures, strict=True))
    far = {
        t: np.linalg.norm(s.cart_coords - still.cart_coords, axis=1).max() for t, s in by_temperature.items()
    }
    assert 0.005 < far[0.0] < far[600.0] < 0.5


def test_static_limit_of_optics_is_the_dielectric_constant(start: Callable[..., Finished]) -> None:
    run = start(MGO, LOPTICS=".TRUE.", LEPSILON=".TRUE.", NEDOS="500")
    vasprun, outcar, task = read(run)
    energies, real, imaginary = vasprun.dielectric
    assert energies[0] == 0.0
    assert len(energies) == 500
    assert real[0][0] == pytest.approx(outcar.dielectric_tensor[0][0], abs=1e-3)
    assert np.all(np.array(imaginary)[:, :3] >= 0.0)
    grid, im = np.array(energies), np.array(imaginary)[:, 0]
    # the Kramers-Kronig relation at zero frequency
    integral = 2.0 / np.pi * np.trapezoid(im[1:] / grid[1:], grid[1:])
    assert 1.0 + integral == pytest.approx(real[0][0], rel=0.02)
    assert task.calcs_reversed[0].output.frequency_dependent_dielectric.real is not None
    assert (run.folder / "WAVEDER").stat().st_size > 0
    assert "crystalmath-standin" in (run.folder / "WAVEDER").read_text()


def test_polarisation_changes_by_the_charges_that_move(start: Callable[..., Finished]) -> None:
    moved = MGO.replace(".5 .5 .5\n", ".5 .5 .52\n")
    dipoles = []
    for poscar in (MGO, moved):
        _, outcar, _ = read(start(poscar, LCALCPOL=".TRUE.", ISPIN="2"))
        assert outcar.zval_dict == {"Mg": 2.0, "O": 6.0}
        np.testing.assert_allclose(outcar.p_sp1 + outcar.p_sp2, outcar.p_elec, atol=1e-4)
        dipoles.append(outcar.p_elec + outcar.p_ion)
    shift = np.array([0.0, 0.0, 0.02]) @ np.array([[0, 2.05, 2.05], [2.05, 0, 2.05], [2.05, 2.05, 0]])
    # pymatgen counts the charge of electrons as positive
    np.testing.assert_allclose(dipoles[1] - dipoles[0], -charges(["Mg", "O"])[1] * shift, atol=1e-4)


def test_metals_have_no_born_charges() -> None:
    assert np.all(dielectric.born_charges(["Fe", "Al"]) == 0.0)
    assert band_gap(["Fe", "Al"]) == 0.0


def test_ions_follow_only_forces_that_a_stiff_mode_resists() -> None:
    phi = np.diag([4.0, 2.0, -1.0])
    np.testing.assert_allclose(vibrations.relaxing_inverse(phi), np.diag([0.25, 0.5, 0.0]), atol=1e-12)


def test_gw_starts_from_wavefunctions_and_opens_the_gap(start: Callable[..., Finished]) -> None:
    refused = start(MGO, ALGO="GW0", NELM="1", NBANDS="16")
    assert refused.code != 0
    assert "WAVECAR" in refused.stdout
    exact = start(MGO, ALGO="Exact", NELM="1", NBANDS="16", LOPTICS=".TRUE.")
    before = Vasprun(exact.folder / "vasprun.xml")
    gw = start(MGO, ALGO="GW0", NELM="1", NBANDS="16")
    after = Vasprun(gw.folder / "vasprun.xml")
    assert gw.code == 0, gw.stdout
    assert before.converged
    assert after.converged
    gap = before.eigenvalue_band_properties[0]
    assert after.eigenvalue_band_properties[0] == pytest.approx(1.25 * gap + 0.5, abs=1e-3)
    assert TaskDoc.from_directory(gw.folder).state.value == "successful"
