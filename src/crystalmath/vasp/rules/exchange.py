"""Rules on exchange and correlation: functionals, +U, hybrids, dispersion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crystalmath.vasp.rules.fixes import insert, remove, write
from crystalmath.vasp.rules.rule import at, rule
from crystalmath.vasp.source import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crystalmath.vasp.folder import Folder
    from crystalmath.vasp.rules.rule import Report


@rule(
    "hybrid-off",
    "error",
    "tags of hybrid functionals are ignored without LHFCALC",
    "LHFCALC",
    tags="HFSCREEN AEXX",
)
def hybrid_off(folder: Folder) -> Iterator[Report]:
    """Report HFSCREEN or AEXX in an ordinary DFT calculation."""
    p = folder.parameters
    if (
        p.has("LHFCALC", "LRHFCALC", "LMODELHF", "LFOCKAEDFT", "XC")
        or p.beyond_dft
        or p.algorithm in {"exact", "none"}
    ):
        return
    for name in ("HFSCREEN", "AEXX"):
        statement = p.statement(name)
        if statement is not None and p.real(name):
            message = f"{name} is ignored: LHFCALC is missing and defaults to .FALSE."
            yield at(statement, message, insert(statement, "LHFCALC = .TRUE.", folder=folder), value=False)


@rule(
    "hybrid-leftover",
    "information",
    "tags of hybrid functionals are left over",
    "LHFCALC",
    tags="HFSCREEN AEXX NKRED PRECFOCK",
)
def hybrid_leftover(folder: Folder) -> Iterator[Report]:
    """Point out tags of hybrids beside LHFCALC = .FALSE."""
    p = folder.parameters
    if p.logical("LHFCALC") is not False:
        return
    for name in ("HFSCREEN", "AEXX", "NKRED", "PRECFOCK"):
        statement = p.statement(name)
        if statement is not None:
            fix = remove(folder, statement, safe=False)
            yield at(statement, f"{name} has no effect with LHFCALC = .FALSE.", fix, value=False)


@rule(
    "hybrid-algorithm", "warning", "RMM-DIIS does not do exact exchange properly", "LHFCALC", tags="LHFCALC"
)
def hybrid_algorithm(folder: Folder) -> Iterator[Report]:
    """Report hybrids with ALGO = Fast or VeryFast."""
    p = folder.parameters
    statement = p.statement("ALGO") or p.statement("IALGO")
    if statement is not None and p.hybrid and p.algorithm in {"fast", "veryfast"}:
        message = f"{statement.tag} = {statement.value} is not for hybrids; use All, Damped or Normal"
        fixes = [write(statement, "All")] if statement.tag == "ALGO" else []
        yield at(statement, message, *fixes)


@rule(
    "hybrid-fixed-density",
    "warning",
    "a hybrid has no potential that a fixed density gives",
    "LHFCALC",
    tags="LHFCALC",
)
def hybrid_fixed_density(folder: Folder) -> Iterator[Report]:
    """Report hybrids with ICHARG of 10 and more."""
    p = folder.parameters
    statement = p.statement("ICHARG")
    if statement is not None and p.hybrid and (p.integer("ICHARG") or 0) >= 10:
        yield at(statement, "exact exchange needs the orbitals: ICHARG = 11 does not work with LHFCALC")


@rule("fock-cutoff", "information", "ENCUTFOCK is superseded by PRECFOCK", "ENCUTFOCK", tags="ENCUTFOCK")
def fock_cutoff(folder: Folder) -> Iterator[Report]:
    """Point out ENCUTFOCK."""
    statement = folder.parameters.statement("ENCUTFOCK")
    if statement is not None:
        yield at(statement, "ENCUTFOCK is kept for old inputs; PRECFOCK replaces it", value=False)


@rule(
    "reduced-mesh",
    "warning",
    "the mesh must be divisible by the reduction",
    "NKRED",
    needs=("INCAR", "KPOINTS"),
    tags="NKRED NKREDX NKREDY NKREDZ",
)
def reduced_mesh(folder: Folder) -> Iterator[Report]:
    """Report NKRED that does not divide the mesh."""
    p, k = folder.parameters, folder.kpoints
    if k is None or k.mesh is None or p.logical("LHFCALC") is False:
        return
    for axis, points in zip("XYZ", k.mesh, strict=True):
        for name in ("NKRED", f"NKRED{axis}"):
            statement, value = p.statement(name), p.integer(name)
            if statement is not None and value is not None and value > 1 and points % value:
                yield at(statement, f"{name} = {value} does not divide the mesh of {points} points")
                break


@rule("u-off", "error", "the parameters of DFT+U are ignored without LDAU", "LDAU", tags="LDAUU")
def u_off(folder: Folder) -> Iterator[Report]:
    """Report values of LDAUU without LDAU; LDAU = .FALSE. says that the author knows."""
    p = folder.parameters
    statement = p.statement("LDAUU")
    if statement is not None and not p.has("LDAU") and any(p.reals("LDAUU") or ()):
        fix = insert(statement, "LDAU = .TRUE.", folder=folder)
        yield at(statement, "LDAUU is ignored: LDAU is missing and defaults to .FALSE.", fix, value=False)


@rule("u-incomplete", "warning", "DFT+U needs the shells and the values", "LDAU", tags="LDAU")
def u_incomplete(folder: Folder) -> Iterator[Report]:
    """Report LDAU without LDAUU, or LDAUU without LDAUL."""
    p = folder.parameters
    statement = p.statement("LDAU")
    if statement is None or not p.logical("LDAU"):
        return
    if not p.has("LDAUU") and not any(p.reals("LDAUJ") or ()):
        yield at(statement, "LDAU = .TRUE. without LDAUU adds nothing", value=False)
    elif not p.has("LDAUL"):
        yield at(statement, "LDAUL is missing: U goes to the d shell of every species", value=False)


@rule(
    "u-count",
    "error",
    "DFT+U needs one value per species of the POSCAR",
    "LDAUU",
    needs=("INCAR", "POSCAR"),
    tags="LDAUL LDAUU LDAUJ",
)
def u_count(folder: Folder) -> Iterator[Report]:
    """Report LDAUL, LDAUU or LDAUJ whose length does not fit the POSCAR."""
    p, cell = folder.parameters, folder.cell
    if cell is None or not p.logical("LDAU"):
        return
    for name in ("LDAUL", "LDAUU", "LDAUJ"):
        statement, values = p.statement(name), p.reals(name)
        if statement is not None and values is not None and len(values) != len(cell.counts):
            message = f"{name} has {counted(len(values), 'value')} for {len(cell.counts)} species"
            yield at(statement, message)._replace(related=(("POSCAR", cell.counts_line, "the species"),))


@rule("u-without-shell", "warning", "a U without a shell is not applied", "LDAUL", tags="LDAUU")
def u_without_shell(folder: Folder) -> Iterator[Report]:
    """Report a value in LDAUU where LDAUL is -1."""
    p = folder.parameters
    statement, shells, values = p.statement("LDAUU"), p.reals("LDAUL"), p.reals("LDAUU")
    if statement is None or shells is None or values is None or not p.logical("LDAU"):
        return
    for index, (shell, value) in enumerate(zip(shells, values, strict=False), 1):
        if shell < 0 and value:
            yield at(statement, f"U = {value:g} eV of species {index} is not applied: its LDAUL is -1")


@rule("u-shell", "warning", "shells are told by their angular momentum, -1 to 3", "LDAUL", tags="LDAUL")
def u_shell(folder: Folder) -> Iterator[Report]:
    """Report values of LDAUL that are no shell."""
    p = folder.parameters
    statement, shells = p.statement("LDAUL"), p.integers("LDAUL")
    wrong = [shell for shell in shells or () if not -1 <= shell <= 3]
    if statement is not None and wrong:
        yield at(statement, f"{wrong[0]} is no shell: -1 (none), 0 (s), 1 (p), 2 (d) or 3 (f)")


@rule("u-range", "warning", "a U in eV is below 15", "LDAUU", tags="LDAUU LDAUJ")
def u_range(folder: Folder) -> Iterator[Report]:
    """Report values of U and J that are no energies in eV."""
    p = folder.parameters
    for name, most in (("LDAUU", 15.0), ("LDAUJ", 3.0)):
        statement, values = p.statement(name), p.reals(name)
        if statement is not None and values and p.logical("LDAU") and max(map(abs, values)) > most:
            yield at(statement, f"{name} of {max(values, key=abs):g} eV is far outside what is used")


@rule(
    "mixing-shells",
    "warning",
    "the density matrix of d and f shells needs a larger LMAXMIX",
    "LMAXMIX",
    tags="LDAU",
)
def mixing_shells(folder: Folder) -> Iterator[Report]:
    """Report DFT+U on d or f shells with an LMAXMIX below 4 or 6."""
    p = folder.parameters
    statement = p.statement("LMAXMIX") or p.statement("LDAU")
    if statement is None or not p.logical("LDAU"):
        return
    shells = [shell for shell in p.reals("LDAUL") or (2.0,) if shell <= 3] or [2.0]
    wanted = 2 * int(max(shells))
    current = p.integer("LMAXMIX") or 2
    if wanted >= 4 and current < wanted:
        given = p.statement("LMAXMIX")
        new = f"LMAXMIX = {wanted}"
        fix = write(given, str(wanted)) if given is not None else insert(statement, new, folder=folder)
        message = f"DFT+U on {'f' if wanted == 6 else 'd'} shells needs {new}"
        yield at(statement, message, fix, value=False)


@rule(
    "aspherical-terms",
    "warning",
    "the functional needs the aspherical terms in the spheres",
    "LASPH",
    tags="METAGGA LHFCALC LDAU LUSE_VDW",
)
def aspherical_terms(folder: Folder) -> Iterator[Report]:
    """Report meta-GGA, hybrids, +U and vdW-DF without LASPH; LASPH = .FALSE. says that the author knows."""
    p = folder.parameters
    if p.has("LASPH"):
        return
    for name, used in (
        ("METAGGA", p.metagga), ("LHFCALC", p.hybrid), ("LDAU", p.logical("LDAU") and p.has("LDAUU")),
        ("LUSE_VDW", p.logical("LUSE_VDW")),
    ):  # fmt: skip
        statement = p.statement(name)
        if statement is not None and used:
            fix = insert(statement, "LASPH = .TRUE.", folder=folder)
            yield at(statement, f"{name} wants LASPH = .TRUE.", fix, value=False)
            return


@rule("two-functionals", "warning", "METAGGA beats GGA", "METAGGA", tags="METAGGA")
def two_functionals(folder: Folder) -> Iterator[Report]:
    """Report GGA beside METAGGA."""
    p = folder.parameters
    statement = p.statement("GGA")
    if (
        statement is not None
        and p.metagga not in {None, "LIBXC"}
        and not p.metagga.endswith("MBJ")
        and not p.logical("LUSE_VDW")
    ):
        fix = remove(folder, statement, safe=False)
        yield at(statement, "METAGGA decides on the functional: GGA has no effect", fix, value=False)


@rule("vdw-functional", "warning", "vdW-DF belongs to certain functionals", "LUSE_VDW", tags="LUSE_VDW")
def vdw_functional(folder: Folder) -> Iterator[Report]:
    """Report LUSE_VDW without a functional made for it."""
    p = folder.parameters
    statement = p.statement("LUSE_VDW")
    if statement is not None and p.logical("LUSE_VDW") and not p.has("GGA", "METAGGA", "XC"):
        yield at(statement, "LUSE_VDW needs a GGA made for it: RE, OR, BO, MK, ML, CX", value=False)


@rule(
    "vdw-correlation",
    "warning",
    "vdW-DF replaces the gradient part of the correlation",
    "AGGAC",
    tags="LUSE_VDW",
)
def vdw_correlation(folder: Folder) -> Iterator[Report]:
    """Report vdW-DF functionals without AGGAC = 0; those of the rVV10 kind keep it."""
    p = folder.parameters
    statement = p.statement("LUSE_VDW")
    if statement is None or not p.logical("LUSE_VDW") or p.has("AGGAC", "METAGGA", "IVDW_NL"):
        return
    if p.word("GGA") in {"RE", "OR", "BO", "MK", "ML", "CX"}:
        fix = insert(statement, "AGGAC = 0.0", folder=folder)
        yield at(statement, "without AGGAC = 0.0 correlation is counted twice in vdW-DF", fix, value=False)


@rule(
    "potential-only",
    "warning",
    "the functional is a potential without an energy, and so without forces",
    "METAGGA",
    tags="METAGGA",
)
def potential_only(folder: Folder) -> Iterator[Report]:
    """Report ions that move with a modified Becke-Johnson potential."""
    p = folder.parameters
    statement = p.statement("METAGGA")
    if statement is not None and p.metagga in {"MBJ", "LMBJ"} and (p.relaxes or p.dynamics):
        yield at(statement, f"{p.metagga} gives no forces: relax with a GGA and use it for the bands")


@rule("two-dispersions", "warning", "dispersion is counted twice", "IVDW", tags="IVDW")
def two_dispersions(folder: Folder) -> Iterator[Report]:
    """Report a dispersion correction on top of vdW-DF."""
    p = folder.parameters
    statement = p.statement("IVDW")
    if statement is not None and p.integer("IVDW") and p.logical("LUSE_VDW"):
        yield at(statement, "IVDW on top of LUSE_VDW counts dispersion twice")


@rule(
    "vdw-parameters-count",
    "warning",
    "the parameters of dispersion are one per species",
    "VDW_C6",
    needs=("INCAR", "POSCAR"),
    tags="VDW_C6 VDW_R0 VDW_ALPHA VDW_C6AU VDW_R0AU",
)
def vdw_parameters_count(folder: Folder) -> Iterator[Report]:
    """Report parameters of dispersion whose number does not fit the POSCAR."""
    p, cell = folder.parameters, folder.cell
    if cell is None:
        return
    for name in ("VDW_C6", "VDW_R0", "VDW_ALPHA", "VDW_C6AU", "VDW_R0AU"):
        statement, values = p.statement(name), p.reals(name)
        if statement is not None and values is not None and len(values) < len(cell.counts):
            yield at(statement, f"{name} has {counted(len(values), 'value')} for {len(cell.counts)} species")


@rule("screening-unit", "warning", "the screening of HSE is 0.2 per ångström", "HFSCREEN", tags="HFSCREEN")
def screening_unit(folder: Folder) -> Iterator[Report]:
    """Report a screening far from that of any functional in use."""
    p = folder.parameters
    statement, value = p.statement("HFSCREEN"), p.real("HFSCREEN")
    if statement is not None and value is not None and p.hybrid and not 0 <= value <= 2:
        yield at(statement, f"HFSCREEN = {value:g} 1/Å is far outside what is used (0.1 to 0.3)")


@rule(
    "exchange-fraction",
    "warning",
    "the fraction of exact exchange is between 0 and 1",
    "AEXX",
    tags="AEXX ALDAC AGGAX AGGAC",
)
def exchange_fraction(folder: Folder) -> Iterator[Report]:
    """Report fractions outside 0 to 1."""
    p = folder.parameters
    for name in ("AEXX", "ALDAC", "AGGAX", "AGGAC"):
        statement, value = p.statement(name), p.real(name)
        if statement is not None and value is not None and not 0 <= value <= 1:
            fixes = [write(statement, f"{value / 100:g}")] if 1 < value <= 100 else []
            yield at(statement, f"{name} = {value:g} is no fraction between 0 and 1", *fixes)


@rule(
    "kinetic-mixing",
    "information",
    "restarting a meta-GGA needs the kinetic energy density",
    "LMIXTAU",
    tags="METAGGA",
)
def kinetic_mixing(folder: Folder) -> Iterator[Report]:
    """Point out a restart from the density with a meta-GGA that does not mix the kinetic energy density."""
    p = folder.parameters
    statement = p.statement("ICHARG")
    if statement is not None and p.metagga and p.integer("ICHARG") == 11 and not p.logical("LMIXTAU"):
        yield at(
            statement, "ICHARG = 11 with a meta-GGA needs TAUCAR; LMIXTAU = .TRUE. writes it", value=False
        )
