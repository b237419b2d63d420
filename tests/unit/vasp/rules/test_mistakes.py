"""Every input mistake that is known to waste computing time is reported, by number."""

from __future__ import annotations

from typing import Any, Final

import pytest

from crystalmath.vasp.folder import Context

TWO_FE = {"POSCAR": "@fe2"}
FE_O = {"POSCAR": "@feo"}

MISTAKES: Final[tuple[tuple[str, str, Any], ...]] = (
    ("1 unknown or misspelt tag", "unknown-tag", "NBAND = 64\n"),
    ("2 order of the POTCAR", "potcar-order", {**FE_O, "POTCAR": "potcar:O 400 6 PE;Fe 268 8 PE"}),
    ("3 functionals of the POTCAR mixed", "potcar-mixed", {"POTCAR": "potcar:Fe 268 8 PE;O 400 6 CA"}),
    ("3 releases of the POTCAR mixed", "potcar-releases", {"POTCAR": "potcar:Fe 268 8 PE sha;O 400 6 PE"}),
    ("3 POTCAR against GGA", "potcar-functional", {"INCAR": "GGA = PE\n", "POTCAR": "potcar:Fe 268 8 CA"}),
    ("4 too few moments", "moments-count", {**TWO_FE, "INCAR": "ISPIN = 2\nMAGMOM = 3\n"}),
    ("4 too many moments", "moments-count", {**TWO_FE, "INCAR": "ISPIN = 2\nMAGMOM = 3*3\n"}),
    ("4 not three per ion", "moments-count", {**TWO_FE, "INCAR": "LSORBIT = T\nMAGMOM = 3 -3\n"}),
    ("5 moments cut by the line end", "moments-count", {**TWO_FE, "INCAR": "ISPIN = 2\nMAGMOM = 3\n3\n"}),
    ("5 a line of moments lost", "lost-values", "ISPIN = 2\nMAGMOM = 3 3\n3 3\n"),
    ("5 a blank behind the backslash", "backslash-blank", "ISPIN = 2\nMAGMOM = 3 3 \\ \n3 3\n"),
    ("5 a repetition that is short", "moments-count", {**TWO_FE, "INCAR": "ISPIN = 2\nMAGMOM = 1*3\n"}),
    ("6 spins without moments", "moments-not-given", {**TWO_FE, "INCAR": "ISPIN = 2\n"}),
    ("6 moments without spins", "moments-without-spin", "MAGMOM = 3 3\n"),
    (
        "7 antiferromagnet turned ferromagnetic",
        "moments-dropped",
        {"INCAR": "ISPIN = 2\nMAGMOM = 3 3\n", "context": Context(previous_moments_mub=(3.0, -3.0))},
    ),
    ("8 two spin channels of spinors", "spin-and-spinors", "ISPIN = 2\nLNONCOLLINEAR = T\n"),
    (
        "9 number of U values",
        "u-count",
        {**FE_O, "INCAR": "LDAU = T\nLDAUL = 2\nLDAUU = 4\nLDAUJ = 0\n"},
    ),
    (
        "9 order of U values",
        "u-without-shell",
        {**FE_O, "INCAR": "LDAU = T\nLDAUL = -1 2\nLDAUU = 4 0\nLDAUJ = 0 0\n"},
    ),
    (
        "10 U on a frozen f shell",
        "frozen-f-shell",
        {"INCAR": "LDAU = T\nLDAUL = 3\nLDAUU = 5\nLDAUJ = 0\n", "POTCAR": "potcar:Er_3 155 9 PE"},
    ),
    ("11 LASPH with DFT+U", "aspherical-terms", "LDAU = T\nLDAUL = 2\nLDAUU = 4\nLDAUJ = 0\n"),
    ("11 LASPH with a meta-GGA", "aspherical-terms", "METAGGA = SCAN\n"),
    ("11 LASPH with a hybrid", "aspherical-terms", "LHFCALC = T\n"),
    ("11 LASPH with vdW-DF", "aspherical-terms", "GGA = MK\nLUSE_VDW = T\nAGGAC = 0\n"),
    ("11 LMAXMIX of d shells", "mixing-shells", "LDAU = T\nLDAUL = 2\nLDAUU = 4\nLDAUJ = 0\n"),
    ("12 cutoff", "cutoff-low", {"INCAR": "ENCUT = 200\n", "POTCAR": "@fe-pot"}),
    (
        "13 Pulay stress",
        "pulay-stress",
        {"INCAR": "IBRION = 2\nNSW = 20\nISIF = 3\nENCUT = 270\n", "POTCAR": "@fe-pot"},
    ),
    (
        "14 tetrahedra of one point",
        "tetrahedron-few-points",
        {"INCAR": "ISMEAR = -5\n", "KPOINTS": "@gamma1"},
    ),
    (
        "14 tetrahedra of a wide spacing",
        "tetrahedron-spacing",
        {"INCAR": "ISMEAR = -5\nKSPACING = 2\n", **TWO_FE, "present": ["INCAR", "POSCAR"]},
    ),
    (
        "15 metal smearing of an insulator",
        "smearing-of-insulator",
        {"INCAR": "ISMEAR = 1\n", "context": Context(band_gap_ev=2.0)},
    ),
    (
        "15 tetrahedra in the relaxation of a metal",
        "tetrahedron-forces",
        {"INCAR": "ISMEAR = -5\nIBRION = 2\nNSW = 9\n", "context": Context(band_gap_ev=0.0)},
    ),
    ("16 tetrahedra with ALGO = All", "tetrahedron-direct", "ISMEAR = -5\nALGO = All\n"),
    ("16 tetrahedra with ALGO = Damped", "tetrahedron-direct", "ISMEAR = -5\nALGO = Damped\nLHFCALC = T\n"),
    (
        "17 cell relaxation with vacuum",
        "cell-with-vacuum",
        {"INCAR": "IBRION = 2\nNSW = 9\nISIF = 3\n", "POSCAR": "@slab"},
    ),
    ("18 steps without algorithm", "steps-without-algorithm", "NSW = 10\nIBRION = -1\n"),
    ("18 relaxation without steps", "relaxation-without-steps", "NSW = 0\nIBRION = 2\n"),
    ("18 sign of EDIFFG", "force-criterion-sign", "NSW = 10\nIBRION = 2\nEDIFFG = 0.02\n"),
    ("18 leftover tags", "dynamics-tag-idle", "NSW = 10\nIBRION = 2\nLANGEVIN_GAMMA = 10\n"),
    ("19 mesh of a hexagonal cell", "mesh-off-gamma", {"POSCAR": "@hex", "KPOINTS": "@monk"}),
    ("19 mesh of an fcc cell", "mesh-off-gamma", {"POSCAR": "@si2", "KPOINTS": "@monk"}),
    ("20 KPOINTS beats KSPACING", "spacing-unused", {"INCAR": "KSPACING = 0.2\n", "KPOINTS": "@gamma"}),
    ("21 KPAR above the k-points", "kpar-over-points", {"INCAR": "KPAR = 4\n", "KPOINTS": "@gamma1"}),
    ("21 KPAR against the ranks", "kpar-ranks", {"INCAR": "KPAR = 3\n", "context": Context(ranks=8)}),
    ("21 NCORE against the ranks", "ncore-ranks", {"INCAR": "NCORE = 3\n", "context": Context(ranks=8)}),
    ("21 NCORE with DFPT", "perturbation-ncore", "IBRION = 8\nNCORE = 4\n"),
    ("21 NCORE with displacements", "displacement-ncore", "IBRION = 6\nNCORE = 4\n"),
    ("21 default layout", "parallel-default", {"INCAR": "ENCUT = 400\n", "context": Context(ranks=128)}),
    (
        "22 too few bands",
        "too-few-bands",
        {"INCAR": "NBANDS = 4\n", **TWO_FE, "POTCAR": "@fe-pot"},
    ),
    ("22 bands rounded", "bands-rounded", {"INCAR": "NBANDS = 33\n", "context": Context(ranks=16)}),
    (
        "23 projections",
        "projections-missing",
        {"INCAR": "ISPIN = 2\n", "context": Context(wants=frozenset({"moments"}))},
    ),
    ("24 LREAL in a small cell", "real-space-small", {"INCAR": "LREAL = Auto\n", **TWO_FE}),
    (
        "25 interleaved species",
        "repeated-species",
        {"POSCAR": "x\n1\n9 0 0\n0 9 0\n0 0 9\nO H O\n1 1 1\nDirect\n0 0 0\n.1 0 0\n.5 0 0\n"},
    ),
    (
        "25 flags of selective dynamics",
        "selective-flags",
        {"POSCAR": "x\n1\n4 0 0\n0 4 0\n0 0 4\nFe\n1\nSelective\nDirect\n0 0 0 T T\n"},
    ),
    ("25 two scale factors", "scale", {"POSCAR": "x\n1 1\n4 0 0\n0 4 0\n0 0 4\nFe\n1\nDirect\n0 0 0\n"}),
    (
        "25 a negative one of three scale factors",
        "scale",
        {"POSCAR": "x\n1 -1 1\n4 0 0\n0 4 0\n0 0 4\nFe\n1\nDirect\n0 0 0\n"},
    ),
    ("26 a missing semicolon", "hidden-statement", "ISMEAR = 0 SIGMA = 0.05\n"),
    ("26 a missing equals sign", "missing-equals", "ENCUT 500\n"),
    (
        "27 density that will not be there",
        "density-missing",
        {"INCAR": "ICHARG = 11\n", "context": Context(files=frozenset())},
    ),
    (
        "27 orbitals that will not be there",
        "orbitals-missing",
        {"INCAR": "ISTART = 1\n", "context": Context(files=frozenset())},
    ),
    (
        "28 ions too close over the boundary",
        "ions-overlap",
        {"POSCAR": "x\n1\n4 0 0\n0 4 0\n0 0 4\nSi\n2\nDirect\n.01 0 0\n.99 0 0\n"},
    ),
    ("28 oxygen without moments", "oxygen-singlet", {"INCAR": "ENCUT = 400\n", "POSCAR": "@o2"}),
    (
        "28 too little time",
        "wall-time",
        {"INCAR": "ENCUT = 400\n", "context": Context(wall_seconds=60, seconds_per_step=600)},
    ),
)


@pytest.mark.parametrize(("code", "files"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES])
def test_a_known_mistake_is_found(code: str, files: Any, codes: Any) -> None:
    assert code in codes(files)


def test_every_number_of_the_catalogue_has_a_case() -> None:
    assert sorted({int(name.split()[0]) for name, _, _ in MISTAKES}) == list(range(1, 29))


@pytest.mark.parametrize(
    "text",
    [
        "ENCUT\t=\t500\t! eV\n",
        "ENCUT = 500 # ; ISMEAR = -5\n",
        "# NSW = x\n! IBRION = y ; POTIM = z\n",
        'SYSTEM = "a ; b # c"\n',
    ],
)
def test_tabs_and_signs_inside_comments_are_not_mistakes(text: str, codes: Any) -> None:
    """Number 26 of the catalogue from its other side: what parsers misread and VASP does not."""
    assert codes(text) == set()
