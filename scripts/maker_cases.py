"""Small, sensible arguments for every VASP Maker of atomate2."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

# What a Maker needs beyond what CrystalMath installs: Python packages or programs.
NEEDS: dict[str, tuple[str, ...]] = {
    "DeformationPotentialMaker": ("amset",),
    "VaspAmsetMaker": ("amset",),
    "HSEVaspAmsetMaker": ("amset",),
    "VaspLobsterMaker": ("lobsterpy", "lobster"),
    "MPVaspLobsterMaker": ("lobsterpy", "lobster"),
}

# Settings of atomate2 without which a Maker fails whatever VASP writes: pymatgen cannot read back densities
# of states that are projected onto s, p and d (LORBIT = 10), nor write them without their projections.
SETTINGS: dict[str, dict[str, str]] = {
    "ElectronPhononMaker": {"ATOMATE2_VASP_USE_EMMET_MODELS": "true"},
    "HSEElectronPhononMaker": {"ATOMATE2_VASP_USE_EMMET_MODELS": "true"},
}


@cache
def silicon() -> Any:
    """Return the primitive cell of silicon, two atoms."""
    from pymatgen.core import Lattice, Structure

    return Structure.from_spacegroup(
        "Fd-3m", Lattice.cubic(5.43), ["Si"], [[0, 0, 0]]
    ).get_primitive_structure()


@cache
def magnesia() -> Any:
    """Return the primitive cell of MgO, two atoms."""
    from pymatgen.core import Lattice, Structure

    conventional = Structure.from_spacegroup(
        "Fm-3m", Lattice.cubic(4.21), ["Mg", "O"], [[0, 0, 0], [0.5, 0.5, 0.5]]
    )
    return conventional.get_primitive_structure()


@cache
def aluminium(cells: int = 1) -> Any:
    """Return cubic cells of aluminium, four atoms each."""
    from pymatgen.core import Lattice, Structure

    return Structure.from_spacegroup("Fm-3m", Lattice.cubic(4.05), ["Al"], [[0, 0, 0]]) * (cells, 1, 1)


def _default(maker: type[Any]) -> Any:
    return maker().make(silicon())


def _ionic(maker: type[Any]) -> Any:
    return maker().make(magnesia())


def _after_static(maker: type[Any]) -> Any:
    """Return a static run and the Maker's job, which starts from it."""
    from atomate2.vasp.jobs.core import StaticMaker
    from jobflow import Flow

    static = StaticMaker().make(silicon())
    return Flow([static, maker().make(static.output.structure, prev_dir=static.output.dir_name)])


def _gw(maker: type[Any]) -> Any:
    from atomate2.vasp.flows.mvl import MVLGWBandStructureMaker

    return MVLGWBandStructureMaker(gw_maker=maker()).make(silicon())


def _mvl_after_static(maker: type[Any]) -> Any:
    from atomate2.vasp.jobs.mvl import MVLStaticMaker
    from jobflow import Flow

    static = MVLStaticMaker().make(silicon())
    return Flow([static, maker().make(static.output.structure, prev_dir=static.output.dir_name)])


def _transmuter(maker: type[Any]) -> Any:
    parameters = {"scaling_matrix": [[2, 0, 0], [0, 1, 0], [0, 0, 1]]}
    chosen = maker(transformations=["SupercellTransformation"], transformation_params=[parameters])
    return chosen.make(silicon())


def _elph_displaced(maker: type[Any]) -> Any:
    return maker(min_supercell_length=5, temperatures=(0, 300)).make(silicon())


def _elph(maker: type[Any]) -> Any:
    return maker(min_supercell_length=3, temperatures=(0, 300)).make(silicon())


def _md(maker: type[Any]) -> Any:
    from atomate2.vasp.sets.core import MDSetGenerator

    return maker(input_set_generator=MDSetGenerator(nsteps=10)).make(aluminium())


def _multi_md(maker: type[Any]) -> Any:
    chosen = maker.from_parameters(nsteps=5, time_step=1.0, n_runs=2, ensemble="nvt", start_temp=300)
    return chosen.make(aluminium())


def _mpmorph_md(maker: type[Any]) -> Any:
    from atomate2.vasp.powerups import update_user_incar_settings

    return update_user_incar_settings(maker().make(aluminium()), {"NSW": 10})


def _slow_quench(maker: type[Any]) -> Any:
    return _slow_quench_maker(maker).make(aluminium())


def _slow_quench_maker(maker: type[Any]) -> Any:
    return maker(
        quench_n_steps=5,
        quench_temperature_step=500,
        quench_end_temperature=500,
        quench_start_temperature=1500,
    )


def _mpmorph_flow(quench: Callable[[], Any] | None) -> Callable[[type[Any]], Any]:
    def case(maker: type[Any]) -> Any:
        chosen = maker.from_temperature_and_steps(
            temperature=300, n_steps_convergence=8, n_steps_production=8, quench_maker=quench and quench()
        )
        return chosen.make(aluminium(2))

    return case


def _slow() -> Any:
    from atomate2.vasp.jobs.mpmorph import SlowQuenchVaspMaker

    return _slow_quench_maker(SlowQuenchVaspMaker)


def _fast() -> Any:
    from atomate2.vasp.jobs.mpmorph import FastQuenchVaspMaker

    return FastQuenchVaspMaker()


def _vacancy_hop() -> tuple[Any, Any]:
    """Return aluminium with a vacancy before and after a neighbour jumped into it."""
    cell = aluminium() * (2, 1, 1)
    cell.remove_sites([0])
    end = cell.copy()
    end.translate_sites([0], [-x for x in end[0].frac_coords], frac_coords=True)
    return cell, end


def _neb_images(maker: type[Any]) -> Any:
    start, end = _vacancy_hop()
    return maker().make(start.interpolate(end, 2))


def _neb_endpoints(maker: type[Any]) -> Any:
    from atomate2.vasp.jobs.core import RelaxMaker
    from atomate2.vasp.sets.core import RelaxConstVolSetGenerator

    # without a maker for the ends atomate2 0.1.5 calls a method that emmet does not have
    relax = RelaxMaker(input_set_generator=RelaxConstVolSetGenerator())
    return maker(endpoint_relax_maker=relax).make(_vacancy_hop(), 1)


def _adsorption(maker: type[Any]) -> Any:
    from pymatgen.core import Molecule

    chosen = maker(min_vacuum=8.0, min_slab_size=3.0, min_lw=3.0, mol_box_size=(6.0, 6.0, 6.0))
    molecule = Molecule(["C", "O"], [[0, 0, 0], [0, 0, 1.13]])
    return chosen.make(molecule, aluminium().get_primitive_structure())


def _ferroelectric(maker: type[Any]) -> Any:
    """Return barium titanate polar and cubic, not relaxed: the toy potential knows no ferroelectricity."""
    from pymatgen.core import Lattice, Structure

    species = ["Ba", "Ti", "O", "O", "O"]
    cubic: list[list[float]] = [[0, 0, 0], [0.5, 0.5, 0.5], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]]
    shift = [0.0, 0.018, -0.024, -0.015, -0.015]
    polar = [[x, y, z + dz] for (x, y, z), dz in zip(cubic, shift, strict=True)]
    nonpolar_cell = Structure(Lattice.cubic(4.0), species, cubic)
    polar_cell = Structure(Lattice.tetragonal(3.99, 4.04), species, polar)
    return maker(nimages=4, relax_maker=None).make(polar_cell, nonpolar_cell)


_SUPERCELL = {"min_atoms": 8, "max_atoms": 100}


def _phonons(maker: type[Any]) -> Any:
    return maker(min_length=7.0, get_supercell_size_kwargs=_SUPERCELL).make(magnesia())


def _gruneisen(maker: type[Any]) -> Any:
    from atomate2.vasp.flows.phonons import PhononMaker

    phonons = PhononMaker(
        bulk_relax_maker=None, born_maker=None, min_length=7.0, get_supercell_size_kwargs=_SUPERCELL
    )
    return maker(phonon_maker=phonons, mesh=200).make(magnesia())


def _quasi_harmonic(maker: type[Any]) -> Any:
    from atomate2.vasp.flows.phonons import PhononMaker

    phonons = PhononMaker(bulk_relax_maker=None, born_maker=None)
    chosen = maker(
        phonon_maker=phonons,
        min_length=7.0,
        get_supercell_size_kwargs=_SUPERCELL,
        linear_strain=(-0.02, 0.02),
        ignore_imaginary_modes=True,  # the toy potential has some
    )
    return chosen.make(magnesia())


def _non_radiative(maker: type[Any]) -> Any:
    from atomate2.vasp.flows.defect import ConfigurationCoordinateMaker

    chosen = maker(ccd_maker=ConfigurationCoordinateMaker(distortions=(-0.1, 0.0, 0.1)))
    return chosen.make(magnesia(), 0, 1)


def _two_charges(maker: type[Any]) -> Any:
    return maker(distortions=(-0.1, 0.0, 0.1)).make(magnesia(), 0, 1)


def _vacancy(maker: type[Any]) -> Any:
    """Return the flow of an oxygen vacancy in a small supercell, in its charge states."""
    from pymatgen.analysis.defects.core import Vacancy

    crystal = magnesia().copy()
    crystal.add_oxidation_state_by_element({"Mg": 2, "O": -2})
    return maker().make(Vacancy(crystal, crystal[1]), supercell_matrix=[[2, 0, 0], [0, 2, 0], [0, 0, 2]])


def _insertion(maker: type[Any]) -> Any:
    from atomate2.vasp.jobs.core import RelaxMaker, StaticMaker

    chosen = maker(relax_maker=RelaxMaker(), static_maker=StaticMaker())
    return chosen.make(magnesia(), "Li", n_steps=1, insertions_per_step=1)


HOP_SITES = {0: [0.125, 0.125, 0.125], 1: [0.625, 0.125, 0.125]}  # interstitial, fractional


def _hops(maker: type[Any]) -> Any:
    """Return the path of lithium between two neighbouring interstitial sites."""
    return maker(selective_dynamics_scheme=None).make(magnesia() * (2, 2, 2), "Li", HOP_SITES, ["0+1"])


def _single_hop(maker: type[Any]) -> Any:
    """Return that path through the charge density of a static run of the host."""
    from atomate2.vasp.jobs.core import StaticMaker
    from jobflow import Flow

    host = magnesia() * (2, 2, 2)
    ends = [host.copy().insert(0, "Li", site) for site in HOP_SITES.values()]
    static = StaticMaker().make(host)
    chosen = maker(selective_dynamics_scheme=None)
    return Flow([static, chosen.make("Li", ends, static.output.dir_name, n_images=2)])


CASES: dict[str, Callable[[type[Any]], Any]] = {
    "NonSCFMaker": _after_static,
    "HSEBSMaker": _after_static,
    "DenseUniformMaker": _after_static,
    "HSEDenseUniformMaker": _after_static,
    "MVLNonSCFMaker": _mvl_after_static,
    "MVLGWMaker": _gw,
    "TransmuterMaker": _transmuter,
    "DielectricMaker": _ionic,
    "ElasticMaker": _ionic,
    "SupercellElectronPhononDisplacedStructureMaker": _elph_displaced,
    "ElectronPhononMaker": _elph,
    "HSEElectronPhononMaker": _elph,
    "MDMaker": _md,
    "MultiMDMaker": _multi_md,
    "BaseMPMorphMDMaker": _mpmorph_md,
    "SlowQuenchVaspMaker": _slow_quench,
    "MPMorphVaspMDMaker": _mpmorph_flow(None),
    "MPMorphSlowQuenchVaspMDMaker": _mpmorph_flow(_slow),
    "MPMorphFastQuenchVaspMDMaker": _mpmorph_flow(_fast),
    "NebFromImagesMaker": _neb_images,
    "NebFromEndpointsMaker": _neb_endpoints,
    "AdsorptionMaker": _adsorption,
    "FerroelectricMaker": _ferroelectric,
    "ConfigurationCoordinateMaker": _two_charges,
    "FormationEnergyMaker": _vacancy,
    "ElectrodeInsertionMaker": _insertion,
    "ApproxNebMaker": _hops,
    "ApproxNebSingleHopMaker": _single_hop,
    "NonRadiativeMaker": _non_radiative,
    "PhononMaker": _phonons,
    "GruneisenMaker": _gruneisen,
    "QhaMaker": _quasi_harmonic,
}


def build(maker: type[Any]) -> Any:
    """Return the flow of a Maker with the arguments of its case."""
    return CASES.get(maker.__name__, _default)(maker)
