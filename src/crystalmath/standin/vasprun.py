"""Write vasprun.xml, growing with the run as VASP's does."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, TextIO

import numpy as np

from crystalmath.standin import PROGRAM, VERSION, projections, xml_text
from crystalmath.standin.incar_types import typed
from crystalmath.standin.parameters import groups
from crystalmath.standin.text import rows

if TYPE_CHECKING:
    from crystalmath.standin.case import Case
    from crystalmath.standin.cell import Cell
    from crystalmath.standin.electrons import Dos, Electrons
    from crystalmath.standin.response import Response
    from crystalmath.standin.scf import ElectronicStep

__all__ = ["EV_PER_A3_IN_KBAR", "VasprunWriter"]

EV_PER_A3_IN_KBAR: Final = 1602.1766208


class VasprunWriter:
    """vasprun.xml; each method writes its part and flushes it."""

    def __init__(self, stream: TextIO, case: Case) -> None:
        self._out = stream
        self._case = case
        self._clock = time.process_time()

    def _write(self, *parts: str) -> None:
        self._out.write("".join(parts))
        self._out.flush()

    def head(self, grid: tuple[int, int, int], fine: tuple[int, int, int]) -> None:
        """Write everything before the first ionic step."""
        case = self._case
        self._write(
            '<?xml version="1.0" encoding="ISO-8859-1"?>\n<modeling>\n',
            _generator(),
            " <incar>\n",
            *("  " + xml_text.value(tag, typed(tag, text)) for tag, text in case.settings.raw.items()),
            " </incar>\n",
            xml_text.structure(case.cell, "primitive_cell"),
            self._kpoints(),
            " <parameters>\n",
            *(xml_text.separator(name, entries) for name, entries in groups(case, grid, fine)),
            " </parameters>\n",
            self._atoms(),
            xml_text.structure(case.cell, "initialpos"),
        )

    def _kpoints(self) -> str:
        mesh = self._case.mesh
        text = " <kpoints>\n"
        if mesh.style:
            text += f'  <generation param="{mesh.style}">\n'
        if mesh.path:
            text += f'   <i name="divisions" type="int">{mesh.divisions[0]:8d} </i>\n'
            text += rows(np.array(mesh.path), "   <v> %16.8f %16.8f %16.8f </v>")
        elif mesh.divisions:
            text += (
                '   <v type="int" name="divisions">' + "".join(f"{n:8d} " for n in mesh.divisions) + "</v>\n"
            )
            vectors = np.diag(1.0 / np.array(mesh.divisions))
            named = (
                ("usershift", mesh.shift),
                *((f"genvec{i + 1}", vectors[i]) for i in range(3)),
                ("shift", (0.0,) * 3),
            )
            for name, vector in named:
                text += f'   <v name="{name}">' + "".join(f"{x:16.8f} " for x in vector) + "</v>\n"
        if mesh.style:
            text += "  </generation>\n"
        text += xml_text.varray("kpointlist", mesh.points, "  ")
        return text + xml_text.varray("weights", mesh.weights[:, None], "  ") + " </kpoints>\n"

    def _atoms(self) -> str:
        cell = self._case.cell
        ions = "".join(
            f"    <rc><c>{symbol:<2}</c><c>{kind + 1:4d}</c></rc>\n"
            for symbol, kind in zip(cell.symbols, cell.types.tolist(), strict=True)
        )
        types = "".join(
            f"    <rc><c>{n:4d}</c><c>{symbol:<2}</c><c>{header.mass:16.8f}</c><c>{header.zval:16.8f}</c>"
            f"<c>  {header.title:<38}</c></rc>\n"
            for n, symbol, header in zip(cell.counts, cell.species, self._case.potcars, strict=True)
        )
        return (
            f" <atominfo>\n  <atoms>{cell.n_ions:8d} </atoms>\n  <types>{len(cell.species):8d} </types>\n"
            '  <array name="atoms" >\n   <dimension dim="1">ion</dimension>\n'
            '   <field type="string">element</field>\n   <field type="int">atomtype</field>\n   <set>\n'
            f"{ions}   </set>\n  </array>\n"
            '  <array name="atomtypes" >\n   <dimension dim="1">type</dimension>\n'
            '   <field type="int">atomspertype</field>\n   <field type="string">element</field>\n'
            "   <field>mass</field>\n   <field>valence</field>\n"
            f'   <field type="string">pseudopotential</field>\n   <set>\n{types}   </set>\n'
            "  </array>\n </atominfo>\n"
        )

    def begin_ionic_step(self) -> None:
        """Open a calculation element."""
        self._write(" <calculation>\n")

    def electronic_step(self, step: ElectronicStep) -> None:
        """Write one step of the cycle; the last one with the terms of the energy."""
        last = step.converged or step.number == self._case.settings.nelm
        energy = _energy(step.energy_ev, "   ", terms=last)
        self._write("  <scstep>\n", self._time("total"), energy, "  </scstep>\n")

    def _time(self, name: str) -> str:
        now = time.process_time()
        spent, self._clock = now - self._clock, now
        return f'   <time name="{name}">{spent:8.2f}{spent:8.2f}</time>\n'

    def ionic_step(
        self, cell: Cell, response: Response, energy_ev: float, kinetic_ev: float | None = None
    ) -> None:
        """Write geometry, forces, stress and energies of the step."""
        parts = [xml_text.structure(cell, indent="  "), xml_text.varray("forces", response.forces, "  ")]
        if self._case.settings.isif != 0:
            # vasprun.xml holds VASP's stress, in kB and with the sign of a pressure
            parts.append(xml_text.varray("stress", -response.stress * EV_PER_A3_IN_KBAR, "  "))
        self._write(*parts, _energy(energy_ev, "  ", kinetic_ev))

    def add(self, text: str) -> None:
        """Write a part that only some runs have."""
        self._write(text)

    def end_ionic_step(self) -> None:
        """Close the calculation element."""
        self._write(self._time("totalsc"), " </calculation>\n")

    def electrons(self, electrons: Electrons, dos: Dos) -> None:
        """Write eigenvalues, densities of states and projections, which VASP does in the last step."""
        eigenvalues = _eigenvalues(electrons)
        self._write(eigenvalues, self._dos(electrons, dos))
        n_rows = electrons.energies.size * self._case.cell.n_ions
        if self._case.settings.lorbit >= 10 and n_rows <= projections.MOST_ROWS:
            self._write("  <projected>\n", eigenvalues, self._projections(electrons), "  </projected>\n")

    def truncated(self, electrons: Electrons) -> None:
        """Write the beginning of the eigenvalues and no more, as when the disk or the node dies."""
        text = _eigenvalues(electrons)
        self._write(text[: len(text) // 2])

    def _dos(self, electrons: Electrons, dos: Dos) -> str:
        text = f'  <dos>\n   <i name="efermi">{electrons.fermi_ev:16.8f} </i>\n   <total>\n    <array>\n'
        text += '     <dimension dim="1">gridpoints</dimension>\n     <dimension dim="2">spin</dimension>\n'
        text += "     <field>energy</field>\n     <field>total</field>\n"
        text += "     <field>integrated</field>\n     <set>\n"
        for spin, (density, integral) in enumerate(zip(dos.density, dos.integral, strict=True), start=1):
            table = np.stack((dos.grid, density, integral), axis=1)
            text += f'      <set comment="spin {spin}">\n'
            text += rows(table, "       <r> %10.4f %10.4f %10.4f </r>") + "      </set>\n"
        text += "     </set>\n    </array>\n   </total>\n"
        small = len(dos.grid) * len(dos.density) * self._case.cell.n_ions <= projections.MOST_ROWS
        if self._case.settings.lorbit >= 10 and small:
            text += self._partial_dos(dos)
        return text + "  </dos>\n"

    def _partial_dos(self, dos: Dos) -> str:
        shares = projections.shares(self._case)
        fields = "".join(f"     <field>{name}</field>\n" for name in _fields(self._case))
        dims = "".join(
            f'     <dimension dim="{i}">{n}</dimension>\n'
            for i, n in enumerate(("gridpoints", "spin", "ion"), 1)
        )
        text = f"   <partial>\n    <array>\n{dims}     <field>energy</field>\n{fields}     <set>\n"
        pattern = "        <r> %10.4f " + " ".join(["%10.4f"] * shares.shape[1]) + " </r>"
        for ion, share in enumerate(shares, start=1):
            text += f'      <set comment="ion {ion}">\n'
            for spin, density in enumerate(dos.density, start=1):
                table = np.concatenate((dos.grid[:, None], density[:, None] * share), axis=1)
                text += f'       <set comment="spin {spin}">\n{rows(table, pattern)}       </set>\n'
            text += "      </set>\n"
        return text + "     </set>\n    </array>\n   </partial>\n"

    def _projections(self, electrons: Electrons) -> str:
        """Return the projections, the same for every state in this model."""
        shares = projections.shares(self._case)
        block = rows(shares, "        <r>" + "%8.4f" * shares.shape[1] + " </r>") + "       </set>\n"
        n_spins, n_kpoints, n_bands = electrons.energies.shape
        bands = "".join(f'       <set comment="band {band + 1}">\n{block}' for band in range(n_bands))
        dims = "".join(
            f'    <dimension dim="{i}">{name}</dimension>\n'
            for i, name in enumerate(("ion", "band", "kpoint", "spin"), 1)
        )
        text = (
            "   <array>\n"
            + dims
            + "".join(f"    <field>{name}</field>\n" for name in _fields(self._case))
            + "    <set>\n"
        )
        for spin in range(n_spins):
            text += f'     <set comment="spin{spin + 1}">\n'
            text += "".join(
                f'      <set comment="kpoint {k + 1}">\n{bands}      </set>\n' for k in range(n_kpoints)
            )
            text += "     </set>\n"
        return text + "    </set>\n   </array>\n"

    def tail(self, cell: Cell) -> None:
        """Write the final structure and close the document."""
        self._write(xml_text.structure(cell, "finalpos"), "</modeling>\n")


def _fields(case: Case) -> tuple[str, ...]:
    """Return the orbitals as wide as VASP writes their names."""
    return tuple(f"{name:>5}" for name in projections.orbitals(case))


def _generator() -> str:
    now = time.localtime()
    entries = (
        ("program", PROGRAM),
        ("version", f"{VERSION}  "),
        ("subversion", "this is not VASP: toy models in the format of VASP "),
        ("platform", "Python "),
        ("date", time.strftime("%Y %m %d ", now)),
        ("time", time.strftime("%H:%M:%S ", now)),
    )
    return (
        " <generator>\n"
        + "".join(f'  <i name="{n}" type="string">{v}</i>\n' for n, v in entries)
        + " </generator>\n"
    )


def _energy(energy: float, indent: str, kinetic: float | None = None, *, terms: bool = False) -> str:
    """Return an energy element; without an entropy term all three energies are the potential's."""
    names = [("e_fr_energy", energy), ("e_wo_entrp", energy), ("e_0_energy", energy)]
    if terms:
        names = [("eentropy", 0.0), ("atom", energy), *names]
    if kinetic is not None:
        names += [("kinetic", kinetic), ("nosepot", 0.0), ("nosekinetic", 0.0), ("total", energy + kinetic)]
    inner = "".join(f"{indent} {xml_text.scalar(name, number)}" for name, number in names)
    return f"{indent}<energy>\n{inner}{indent}</energy>\n"


def _eigenvalues(electrons: Electrons) -> str:
    """Return the eigenvalues with their occupations."""
    dims = "".join(
        f'    <dimension dim="{i}">{name}</dimension>\n'
        for i, name in enumerate(("band", "kpoint", "spin"), 1)
    )
    text = (
        f"  <eigenvalues>\n   <array>\n{dims}    <field>eigene</field>\n    <field>occ</field>\n    <set>\n"
    )
    for spin, (energies, filled) in enumerate(zip(electrons.energies, electrons.occupations, strict=True), 1):
        text += f'     <set comment="spin {spin}">\n'
        for k, pair in enumerate(np.stack((energies, filled), axis=2), start=1):
            text += (
                f'      <set comment="kpoint {k}">\n{rows(pair, "       <r> %9.4f %9.4f </r>")}      </set>\n'
            )
        text += "     </set>\n"
    return text + "    </set>\n   </array>\n  </eigenvalues>\n"
