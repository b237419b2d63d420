"""The parameters a run used, as vasprun.xml lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crystalmath.standin.incar_types import typed

if TYPE_CHECKING:
    from crystalmath.standin.case import Case
    from crystalmath.standin.xml_text import Value

__all__ = ["groups"]


def groups(
    case: Case, grid: tuple[int, int, int], fine: tuple[int, int, int]
) -> tuple[tuple[str, list[tuple[str, Value]]], ...]:
    """Return the separators of `<parameters>` with their entries; `grid` and `fine` are the FFT meshes."""
    s = case.settings
    return (
        ("general", [("SYSTEM", s.system), ("LCOMPAT", False)]),
        ("electronic", _electronic(case)),
        ("electronic smearing",
            [("ISMEAR", s.ismear), ("SIGMA", s.sigma_ev), ("KSPACING", s.kspacing), ("KGAMMA", s.kgamma)]),
        ("electronic projectors", _given(case, [("LREAL", False), ("LMAXMIX", 2), ("NLSPLINE", False)])),
        ("electronic startup", [("ISTART", s.istart), ("ICHARG", s.icharg), ("INIWAV", 1)]),
        ("electronic spin", _spin(case)),
        ("electronic convergence",
            [("NELM", s.nelm), ("NELMDL", s.nelmdl), ("NELMIN", s.nelmin), ("ENINI", case.encut_ev)]),
        ("electronic mixer", _given(case, [("AMIX", 0.4), ("BMIX", 1.0), ("AMIN", 0.1), ("AMIX_MAG", 1.6),
            ("BMIX_MAG", 1.0), ("IMIX", 4), ("MAXMIX", -45)])),
        ("electronic dipolcorrection", _given(case, [("LDIPOL", False), ("LMONO", False), ("IDIPOL", 0),
            ("EPSILON", 1.0), ("DIPOL", (-100.0, -100.0, -100.0)), ("EFIELD", 0.0)])),
        ("grids", [*zip(("NGX", "NGY", "NGZ"), grid, strict=True),
            *zip(("NGXF", "NGYF", "NGZF"), fine, strict=True), *_given(case, [("ADDGRID", False)])]),
        ("ionic", [("NSW", s.nsw), ("IBRION", s.ibrion), *_given(case, [("MDALGO", 0)]), ("ISIF", s.isif),
            ("PSTRESS", s.pstress_kbar), ("EDIFFG", s.ediffg), *_given(case, [("NFREE", 1)]),
            ("POTIM", s.potim), ("SMASS", s.smass), ("SCALEE", 1.0)]),
        ("ionic md", [("TEBEG", s.tebeg_k), ("TEEND", s.teend_k), *_given(case,
            [("NBLOCK", 1), ("KBLOCK", s.nsw), ("NPACO", 256), ("APACO", 16.0)])]),
        ("symmetry", [("ISYM", s.isym), ("SYMPREC", s.symprec)]),
        ("dos", [("LORBIT", s.lorbit), ("NEDOS", s.nedos), ("EMIN", s.emin_ev), ("EMAX", s.emax_ev),
            ("EFERMI", 0.0)]),
        ("writing", _given(case, [("NWRITE", 2), ("LWAVE", s.lwave), ("LCHARG", s.lcharg), ("LVTOT", False),
            ("LVHAR", False), ("LELF", False), ("LOPTICS", False), ("LAECHG", False)])),
        ("performance", _given(case, [("NPAR", 1), ("NCORE", 1), ("KPAR", 1), ("NSIM", 4), ("LPLANE", True),
            ("LSCALAPACK", False), ("LASYNC", False)])),
        ("miscellaneous", [("POMASS", tuple(header.mass for header in case.potcars)), *_given(case,
            [("LCORR", True), ("GGA_COMPAT", True), ("LDAU", False), *_hubbard(case),
            ("ICORELEVEL", 0), ("IVDW", 0)])]),
        ("electronic exchange-correlation", _given(case, [("LASPH", False), ("LMETAGGA", "METAGGA" in s.raw),
            ("GGA", case.potcars[0].lexch), ("VOSKOWN", 0), ("LHFCALC", False), ("AEXX", 0.0),
            ("ALDAX", 1.0), ("AGGAX", 1.0), ("ALDAC", 1.0), ("AGGAC", 1.0), ("HFSCREEN", 0.0),
            ("LTHOMAS", False), ("PRECFOCK", "")])),
        ("vdW DFT", _given(case, [("LUSE_VDW", False), ("Zab_VDW", -0.8491), ("PARAM1", 0.1234),
            ("PARAM2", 1.0)])),
        ("linear response parameters", _given(case, [("LEPSILON", False), ("LRPA", False), ("CSHIFT", 0.1)])),
        ("orbital magnetization", [("LCHIMAG", False), ("ORBITALMAG", False)]),
        ("response functions", [("NELM", s.nelm), ("NOMEGA", 0)]),
    )  # fmt: skip


def _given(case: Case, defaults: list[tuple[str, Value]]) -> list[tuple[str, Value]]:
    """Return the entries, each with the value of the INCAR where it names one of the same kind."""
    chosen: list[tuple[str, Value]] = []
    for tag, default in defaults:
        text = case.settings.raw.get(tag.upper())
        found = default if text is None else typed(tag, text)
        # VASP folds LREAL = Auto and the like to a logical
        chosen.append((tag, text is not None and not _is_false(text)) if tag == "LREAL" else (tag, found))
    return chosen


def _is_false(text: str) -> bool:
    return text.strip().strip(".").lower().startswith("f")


def _electronic(case: Case) -> list[tuple[str, Value]]:
    s = case.settings
    eaug = max(header.eaug_ev for header in case.potcars)
    return [
        ("PREC", s.prec.lower()[:6]),
        ("ENMAX", case.encut_ev),
        *_given(case, [("ENAUG", eaug)]),
        ("EDIFF", s.ediff_ev),
        *_given(case, [("IALGO", 38)]),
        ("IWAVPR", 11),
        ("NBANDS", case.n_bands),
        ("NELECT", case.n_electrons),
        ("EREF", 0.0),
    ]


def _spin(case: Case) -> list[tuple[str, Value]]:
    s = case.settings
    magmom = s.magmom or (1.0,) * case.cell.n_ions
    return [
        ("ISPIN", s.ispin),
        ("LNONCOLLINEAR", False),
        ("MAGMOM", magmom),
        ("NUPDOWN", s.nupdown),
        ("LSORBIT", False),
        ("SAXIS", (0.0, 0.0, 1.0)),
        ("LSPIRAL", False),
    ]


def _hubbard(case: Case) -> list[tuple[str, Value]]:
    """Return the Hubbard parameters, which VASP lists only when LDAU is on."""
    n_types = len(case.cell.species)
    if not typed("LDAU", case.settings.raw.get("LDAU", ".FALSE.")):
        return []
    return [
        ("LDAUTYPE", 2),
        ("LDAUL", (2,) * n_types),
        ("LDAUU", (0.0,) * n_types),
        ("LDAUJ", (0.0,) * n_types),
        ("LDAUPRINT", 0),
    ]
