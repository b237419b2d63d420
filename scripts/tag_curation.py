"""What the extracted facts about INCAR tags leave out or get wrong, kept by hand.

The extraction sees one signature per tag. It knows neither how many numbers an array takes nor values that a
page describes only in its text. Every entry was checked against the tag's page or the program's behaviour.
"""

from __future__ import annotations

from typing import Final

# Pages that describe files, header fields and topics, not tags of the INCAR file.
NOT_TAGS: Final = frozenset(
    {"CO", "FAQ", "H2O", "HESSEMAT", "HILLSPOT", "NICS", "NMRCAR.magres", "POSNICS", "PROJCAR", "Profiling",
     "STOPCAR", "SHAKETOLSOF", "TITEL", "IMAGE_1"}
)  # fmt: skip

# One page, several tags.
SPLIT: Final = {"NMAXFOCKAE_and_LMAXFOCKAE": ("NMAXFOCKAE", "LMAXFOCKAE")}

TYPES: Final = {
    "IALGO": "integer", "IALL_IN_ONE": "integer", "LOCPROJ": "string", "ML_CTIFOR": "real",
    "NPPSTR": "integer", "ML_OUTPUT_MODE": "integer",
    "PFLAT": "real", "SPRING": "real", "XC": "string", "LVDW_ONECELL": "logical",
    "BSEELECTRON": "integer", "BSEHOLE": "integer", "VCAIMAGES": "real", "EFERMI": "string",
    "NMAXFOCKAE": "integer", "LMAXFOCKAE": "integer", "ML_ICOUPLE": "integer",
    "ELPH_SELFEN_IKPT": "integer", "ELPH_SELFEN_BAND_START": "integer", "ELPH_SELFEN_BAND_STOP": "integer",
    "ELPH_NBANDS_SUM": "integer", "ELPH_POT_FFT_MESH": "integer", "MAXMEM": "integer",
}  # fmt: skip

# How many values an array tag takes; every other array is a free list.
PER_SPECIES: Final = frozenset(
    {"LANGEVIN_GAMMA", "LDAUJ", "LDAUL", "LDAUU", "LIBMBD_ALPHA", "LIBMBD_C6AU", "LIBMBD_R0AU", "NGYROMAG",
     "POMASS", "QUAD_EFG", "ROPT", "RWIGS", "VCA", "VDW_ALPHA", "VDW_C6", "VDW_C6AU", "VDW_R0", "VDW_R0AU",
     "ZVAL"}
)  # fmt: skip
PER_ION: Final = frozenset({"MAGMOM"})  # three per ion when noncollinear
THREE_PER_ION: Final = frozenset({"EFOR", "M_CONSTR"})
THREE: Final = frozenset(
    {"DIPOL", "EFIELD_PEAD", "K_MULTIPLY", "LATTICE_CONSTRAINTS", "LIBMBD_K_GRID", "LVDW_ONECELL", "QSPIRAL",
     "SAXIS"}
)  # fmt: skip
FREE: Final = frozenset(
    {"BEXT", "CMBJ", "EINT", "ELPH_POT_FFT_MESH", "ELPH_POT_LATTICE", "ELPH_SCATTERING_APPROX",
     "ELPH_SELFEN_ENERGY_WINDOW", "ELPH_SELFEN_TEMPS", "ELPH_SELFEN_WRANGE", "FBIAS_A", "FBIAS_D", "FBIAS_R0",
     "FMP_ACTIVE", "KPOINT_BSE", "LIBMBD_K_GRID_SHIFT", "LOCPROJ", "OFIELD_A", "OFIELD_KAPPA",
     "OFIELD_Q6_FAR", "OFIELD_Q6_NEAR", "OMEGAMAX", "PHON_BORN_CHARGES", "PHON_DIELECTRIC", "PROUTINE",
     "PTHRESHOLD", "RANDOM_SEED", "SPRING_K", "SPRING_R0", "SPRING_V0", "WANNIER90_WIN", "WRT_DENSITY",
     "WRT_POTENTIAL", "XC", "VDW_A1", "VDW_A2", "PHON_NTLIST", "IEPSILON", "ML_MB", "ML_MCONF"}
)  # fmt: skip

# Values that signatures leave out; a value outside the list is worth a warning at most.
MORE_VALUES: Final = {
    "ICHARG": ("10", "11", "12"),
    "LDAUPRINT": ("2",),
    "LDAUTYPE": ("3",),
    "LORBIT": ("13", "14"),
    "ISMEAR": (),
    "IVDW": ("0", "1", "10", "11", "12", "13", "14", "15", "2", "20", "21", "202", "26", "263", "4", "3"),
    "IVDW_NL": ("1", "2", "3", "4"),
    "METAGGA": (
        "PKZB", "TPSS", "RTPSS", "M06L", "MBJ", "LMBJ", "SCAN", "RSCAN", "R2SCAN", "SREGTM1", "SREGTM2",
        "SREGTM2L", "SREGTM3", "R2SCANL", "SCANL", "RSCANL", "OFR2", "MS0", "MS1", "MS2", "MS0L",
        "MS1L", "MS2L", "LAK", "TASK", "LTAPW", "GGA", "LIBXC", "HLE17", "REVTPSS", "RGE2", "REGTM",
        "V1", "V2", "MSB86BL", "MSPBEL", "MSRPBEL", "TPSSLOC", "NONE",
    ),
    "GGA": (
        "91", "PE", "RP", "PS", "AM", "CA", "PZ", "SL", "HL", "VW", "WI", "B3", "B5", "BF", "CO", "OR",
        "BO", "MK", "ML", "CX", "RE", "LIBXC", "05", "10", "20", "40", "PW", "PB", "EX", "JS", "JP",
        "HM", "B8", "RA", "03", "LI", "NO",
    ),
    "ML_MODE": (),
    "ELPH_MODE": (),
}  # fmt: skip

# Lists that only hold part of what the program takes: no list at all is better.
NO_VALUES: Final = frozenset(
    {"LREAL", "IALGO", "EFERMI", "SMASS", "CHECKPOINT_FD", "ELPH_ISMEAR", "ELPH_DRIVER", "IVDW", "NBMOD",
     "LMAXFOCKAE"}
)  # fmt: skip

# Families that came with one version, where the pages of their members name none.
SINCE: Final = {"ML_": "6.3.0", "LIBXC": "6.3.0", "PLUGINS/": "6.5.0", "KERNEL_TRUNCATION/": "6.5.0"}

# Tags older than the version their page mentions, which is that of one of their values.
NO_SINCE: Final = frozenset({"ALGO", "IMAGES", "ISIF", "MDALGO", "PREC"})

VTST: Final = tuple(
    """ICHAIN LCLIMB LTANGENTOLD LDNEB LNEBCELL JACOBIAN IOPT MAXMOVE TIMESTEP ILBFGSMEM LGLOBAL
    LAUTOSCALE INVCURV LLINEOPT FDSTEP SDALPHA FTIMEMAX FTIMEDEC FTIMEINC FALPHA FNMIN DDR DROTMAX
    DFNMIN DFNMAX SLTOL LKINETIC LNOROT NEBK ISPRING LEPROJ RESTARTCG BOOST BOOSTING QRR PRR RCR
    DVMAX LBETA LVFAC SDR SNL EFIRST ELAST SPRING2""".split()  # noqa: SIM905  # quotes hide the words
)

# Tags of old and of the newest versions and of the VASPsol patches, which none of the sources names.
MORE_UNDOCUMENTED: Final = tuple(
    """LPETIM LVACPOT LMAXTAUX EB_K TAU NC_K SIGMA_K CORE_C LAMBDA_D_K LNLDIEL LNLION LRHOB LRHOION SOLTEMP
    ISOL C_MOLAR R_ION R_DIEL R_B N_MOL P_MOL EPSILON_INF D_ION ZION CSVR_PERIOD NHC_PERIOD TEIN
    REF_TYPE EFERMI_REF ISPECIAL ML_IERR ML_LSUPERVEC ML_CSF ML_LNORM1 ML_LNORM2 ML_ISVD LDUMPFOCK
    LINTPOL_BG""".split()  # noqa: SIM905  # quotes hide the words
)
