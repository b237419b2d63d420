"""The part of OUTCAR before the first iteration: the input as it was understood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from crystalmath.standin.text import logical, rows

if TYPE_CHECKING:
    from crystalmath.standin.case import Case

__all__ = ["head"]

_RULE: Final = "-" * 104
_BREAK: Final = f"\n\n{_RULE}\n\n\n"
_RYDBERG: Final = 13.605693
_PLANE_WAVE: Final = 3.80998212  # ħ²/2m in eV Å²


def head(case: Case, grid: tuple[int, int, int], fine: tuple[int, int, int], method: str) -> str:
    """Return the text; `grid` and `fine` are the FFT meshes, `method` names the interatomic potential."""
    return "".join(
        (
            _input(case),
            _dimensions(case, grid, fine),
            _parameters(case),
            f"{_BREAK} energies, forces and stress: {method}\n",
            f" eigenvalues: nearly free electrons\n{_BREAK}",
            _geometry(case),
            _plane_waves(case),
        )
    )


def _input(case: Case) -> str:
    text = " INCAR:\n" + "".join(f"   {tag} = {value}\n" for tag, value in case.settings.raw.items())
    for header in case.potcars:
        text += f" POTCAR:    {header.title}\n"
    for header in case.potcars:
        text += (
            f" POTCAR:    {header.title}\n   VRHFIN ={header.element}:\n   LEXCH  = {header.lexch}\n"
            f"   TITEL  = {header.title}\n"
            f"   POMASS ={header.mass:9.3f}; ZVAL   ={header.zval:9.3f}    mass and valenz\n"
            f"   ENMAX  ={header.enmax_ev:9.3f}; ENMIN  ={header.enmax_ev * 0.75:9.3f} eV\n\n"
        )
    return f"{text}\n POSCAR: {case.cell.comment}\n  positions in direct lattice\n{_BREAK}" + _kpoint_list(
        case
    )


def _kpoint_list(case: Case) -> str:
    mesh = case.mesh
    table = np.concatenate((mesh.points, mesh.weights[:, None]), axis=1)
    return (
        f" KPOINTS: {mesh.comment}\n\n Subroutine IBZKPT returns following result:\n {'=' * 43}\n\n"
        f" Found {len(mesh.points):6d} irreducible k-points:\n\n Following reciprocal coordinates:\n"
        "            Coordinates               Weight\n" + rows(table, "%10.6f%10.6f%10.6f %13.6f") + _BREAK
    )


def _dimensions(case: Case, grid: tuple[int, int, int], fine: tuple[int, int, int]) -> str:
    n_kpoints = len(case.mesh.points)
    per_type = "".join(f"{n:6d}" for n in case.cell.counts)
    return (
        " Dimension of arrays:\n"
        f"   k-points           NKPTS ={n_kpoints:7d}   k-points in BZ     NKDIM ={n_kpoints:7d}"
        f"   number of bands    NBANDS={case.n_bands:7d}\n"
        f"   number of dos      NEDOS ={case.settings.nedos:7d}"
        f"   number of ions     NIONS ={case.cell.n_ions:7d}\n"
        f"   total plane-waves  NPLWV ={int(np.prod(grid)):7d}\n"
        f"   dimension x,y,z NGX ={grid[0]:6d} NGY ={grid[1]:5d} NGZ ={grid[2]:5d}\n"
        f"   dimension x,y,z NGXF={fine[0]:6d} NGYF={fine[1]:5d} NGZF={fine[2]:5d}\n"
        f"   support grid    NGXF={fine[0]:6d} NGYF={fine[1]:5d} NGZF={fine[2]:5d}\n"
        f"   ions per type =            {per_type}\n\n\n"
    )


def _parameters(case: Case) -> str:
    s, encut = case.settings, case.encut_ev
    zval = "".join(f"{z:7.2f}" for z in case.zval)
    mass = "".join(f"{header.mass:7.2f}" for header in case.potcars)
    return (
        f" SYSTEM =  {s.system}\n POSCAR =  {case.cell.comment}\n\n Startparameter for this run:\n"
        f"   PREC   = {s.prec.lower():<8}\n"
        f"   ISTART ={s.istart:7d}    job   : 0-new  1-cont  2-samecut\n"
        f"   ICHARG ={s.icharg:7d}    charge: 1-file 2-atom 10-const\n"
        f"   ISPIN  ={s.ispin:7d}    spin polarized calculation?\n"
        "   LNONCOLLINEAR =      F non collinear calculations\n   LSORBIT =      F    spin-orbit coupling\n\n"
        f" Electronic Relaxation 1\n   ENCUT  ={encut:7.1f} eV  {encut / _RYDBERG:.2f} Ry\n"
        f"   NELM   ={s.nelm:7d};   NELMIN={s.nelmin:3d}; NELMDL={s.nelmdl:3d}     # of ELM steps\n"
        f"   EDIFF  = {s.ediff_ev:.1E}   stopping-criterion for ELM\n Ionic relaxation\n"
        f"   EDIFFG = {s.ediffg:.1E}   stopping-criterion for IOM\n"
        f"   NSW    ={s.nsw:7d}    number of steps for IOM\n"
        f"   IBRION ={s.ibrion:7d}    ionic relax: 0-MD 1-quasi-New 2-CG\n"
        f"   ISIF   ={s.isif:7d}    stress and relaxation\n   ISYM   ={s.isym:7d}    0-nonsym 1-usesym\n\n"
        f"   POTIM  ={s.potim:7.4f}    time-step for ionic-motion\n"
        f"   TEBEG  ={s.tebeg_k:7.1f};   TEEND  ={s.teend_k:7.1f} temperature during run\n"
        f"   SMASS  ={s.smass:7.2f}    Nose mass-parameter (am)\n"
        f"   PSTRESS={s.pstress_kbar:7.1f} pullay stress\n\n"
        f"  Mass of Ions in am\n   POMASS ={mass}\n  Ionic Valenz\n   ZVAL   ={zval}\n"
        f"   NELECT ={case.n_electrons:13.4f}    total number of electrons\n"
        f"   NUPDOWN={s.nupdown:13.4f}    fix difference up-down\n\n DOS related values:\n"
        f"   EMIN   ={s.emin_ev:7.2f};   EMAX   ={s.emax_ev:7.2f}  energy-range for DOS\n"
        f"   ISMEAR ={s.ismear:6d};   SIGMA  ={s.sigma_ev:7.2f}  broadening in eV -4-tet -1-fermi 0-gaus\n\n"
        f"  volume/ion in A,a.u.               ={case.cell.volume / case.cell.n_ions:11.2f}"
        f"{case.cell.volume / case.cell.n_ions / 0.14818471:13.2f}\n\n Write flags\n"
        f"   LWAVE  ={logical(s.lwave):>7}    write WAVECAR\n"
        f"   LCHARG ={logical(s.lcharg):>7}    write CHGCAR\n"
        f"   LORBIT ={s.lorbit:7d}    0 simple, 1 ext, 2 COOP (PROOUT)\n\n"
        " Linear response parameters\n"
        f"   LEPSILON={logical(s.properties.dielectric):>6}    determine dielectric tensor\n"
        "   LRPA    =     F    only Hartree local field effects (RPA)\n"
        f"   LCALCPOL={logical(s.properties.polarisation):>6}    macroscopic polarisation\n"
    )


def _geometry(case: Case) -> str:
    cell, mesh = case.cell, case.mesh
    both = np.concatenate((cell.lattice, cell.reciprocal), axis=1)
    weighted = np.concatenate((mesh.points, mesh.weights[:, None]), axis=1)
    return (
        f"  energy-cutoff  :{case.encut_ev:12.2f}\n  volume of cell :{cell.volume:12.2f}\n"
        "      direct lattice vectors                 reciprocal lattice vectors\n"
        + rows(both, "  %13.9f%13.9f%13.9f  %13.9f%13.9f%13.9f")
        + f"\n\n k-points in reciprocal lattice and weights: {mesh.comment}\n"
        + rows(weighted, " %12.8f%12.8f%12.8f %11.3f")
        + "\n position of ions in fractional coordinates (direct lattice) \n"
        + rows(cell.fractional, " %12.8f%12.8f%12.8f")
        + "\n position of ions in cartesian coordinates  (Angst):\n"
        + rows(cell.cartesian, " %12.8f%12.8f%12.8f")
        + "\n"
    )


def _plane_waves(case: Case) -> str:
    """Return the table of plane waves per k-point, estimated from the volume of the cutoff sphere."""
    count = int(case.cell.volume * (case.encut_ev / _PLANE_WAVE) ** 1.5 / (6.0 * np.pi**2))
    lines = "".join(
        f" k-point {k:4d} :   {p[0]:.4f} {p[1]:.4f} {p[2]:.4f}  plane waves:  {count:6d}\n"
        for k, p in enumerate(case.mesh.points.tolist(), start=1)
    )
    return (
        f"{_BREAK}{lines}\n"
        f" maximum and minimum number of plane-waves per node :{count:10d}{count:9d}\n\n"
        f" maximum number of plane-waves: {count:9d}\n{_BREAK}"
    )
