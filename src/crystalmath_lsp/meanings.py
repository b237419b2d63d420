"""What the values of the tags that everybody sets stand for, in a few words.

VASP reads some of these by their beginning, so the table of tags holds no list of them; others are numbers
that nobody remembers. They are offered in this order, the usual ones first.
"""

from __future__ import annotations

from typing import Final

__all__ = ["MEANINGS"]

MEANINGS: Final[dict[str, dict[str, str]]] = {
    "ALGO": {
        "Normal": "blocked Davidson",
        "Fast": "Davidson first, then RMM-DIIS",
        "VeryFast": "RMM-DIIS",
        "All": "all bands at once, conjugate gradients",
        "Damped": "all bands, damped velocity friction",
        "Exact": "exact diagonalization",
        "Subrot": "rotation in the subspace alone",
        "Eigenval": "eigenvalues of the orbitals as they are",
        "None": "nothing is changed",
        "CHI": "response functions",
        "G0W0": "single-shot GW",
        "EVGW0": "GW, eigenvalues in G updated",
        "EVGW": "GW, eigenvalues in G and W updated",
        "QPGW0": "quasiparticle GW, orbitals in G updated",
        "QPGW": "quasiparticle GW, orbitals in G and W updated",
        "G0W0R": "single-shot GW of cubic scaling",
        "RPA": "correlation energy in the random phase approximation",
        "RPAR": "the same, of cubic scaling",
        "BSE": "Bethe-Salpeter equation",
        "TDHF": "time-dependent Hartree-Fock or hybrid functional",
        "TIMEEV": "propagation in time",
    },
    "LREAL": {
        ".FALSE.": "projectors in reciprocal space, exact",
        "Auto": "in real space, optimised by VASP: for large cells",
        "On": "in real space, optimised by ROPT",
        ".TRUE.": "in real space, as the POTCAR has them",
    },
    "IBRION": {
        "2": "conjugate gradients",
        "1": "RMM-DIIS: close to the minimum",
        "3": "damped dynamics",
        "0": "molecular dynamics",
        "-1": "ions stand still",
        "5": "phonons at Gamma, all displacements",
        "6": "phonons and elastic constants, displacements by symmetry",
        "7": "phonons by perturbation theory, all",
        "8": "phonons by perturbation theory, by symmetry",
        "40": "intrinsic reaction coordinate",
        "44": "improved dimer",
    },
    "ISIF": {
        "2": "ions move, cell fixed",
        "3": "ions, shape and volume",
        "4": "ions and shape, volume fixed",
        "7": "volume alone",
        "8": "ions and volume, shape fixed",
        "5": "shape alone",
        "6": "shape and volume, ions fixed in it",
        "0": "ions move, no stress computed",
        "1": "ions move, pressure only",
    },
    "ISMEAR": {
        "0": "Gaussian: safe for all",
        "1": "Methfessel-Paxton: metals",
        "-5": "tetrahedra with corrections: energies and densities of states",
        "-1": "Fermi-Dirac: electronic temperature",
        "2": "Methfessel-Paxton of second order",
        "-4": "tetrahedra without corrections",
        "-2": "occupations from FERWE and FERDO",
        "-3": "several smearings from SMEARINGS",
        "-14": "tetrahedra with corrections and Fermi-Dirac",
        "-15": "tetrahedra and Fermi-Dirac",
    },
    "ICHARG": {
        "2": "superposition of atomic densities",
        "0": "from the orbitals",
        "1": "from CHGCAR",
        "11": "from CHGCAR, kept: band structures",
        "12": "atomic densities, kept",
        "10": "from the orbitals, kept",
        "4": "potential from POT",
        "5": "from an external program",
    },
    "ISTART": {
        "0": "new orbitals",
        "1": "orbitals from WAVECAR, cutoff kept",
        "2": "orbitals from WAVECAR, basis kept",
        "3": "the same with what dynamics needs",
    },
    "ISPIN": {"1": "not polarised", "2": "spin polarised, collinear"},
    "LORBIT": {
        "11": "by site, l and m",
        "10": "by site and l",
        "12": "by site, l and m with phases",
        "0": "by site and l, in spheres of RWIGS",
    },
    "IVDW": {
        "0": "none",
        "12": "DFT-D3 with Becke-Johnson damping",
        "11": "DFT-D3 with zero damping",
        "13": "DFT-D4",
        "10": "DFT-D2 of Grimme",
        "20": "Tkatchenko-Scheffler",
        "21": "Tkatchenko-Scheffler, iterative Hirshfeld",
        "202": "many-body dispersion",
        "4": "dDsC",
    },
}
