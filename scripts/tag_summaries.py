"""One sentence on each of the tags that people use most, in our own words."""

from __future__ import annotations

from typing import Final

_TEXT: Final = """
ADDGRID: Adds a finer grid for the augmentation charges.
AEXX: Sets the fraction of exact exchange in a hybrid functional.
AGGAC: Scales the gradient part of the correlation.
AGGAX: Scales the gradient part of the exchange.
ALDAC: Scales the local part of the correlation.
ALGO: Selects the electronic minimiser, or a method beyond DFT such as GW and BSE.
AMIN: Sets the smallest mixing parameter, which long cells need to be small.
AMIX: Sets how much of the new charge density is mixed in.
AMIX_MAG: Sets how much of the new magnetisation density is mixed in.
ANDERSEN_PROB: Sets how often the Andersen thermostat makes an ion collide.
BMIX: Damps the long waves of the charge density in mixing.
BMIX_MAG: Damps the long waves of the magnetisation density in mixing.
CSHIFT: Broadens the peaks of the dielectric function.
DIPOL: Gives the centre of the cell for dipole corrections, in direct coordinates.
EDIFF: Ends the electronic steps when the energy changes by less than this many eV.
EDIFFG: Ends the ionic steps: positive by the change of energy, negative by the largest force.
EFIELD: Applies an electric field along the direction of IDIPOL.
EMAX: Sets the upper end of the density of states.
EMIN: Sets the lower end of the density of states.
ENCUT: Sets the kinetic energy up to which plane waves are in the basis.
ENCUTGW: Sets the cutoff of the response function.
FERDO: Gives the occupations of the second spin by hand.
FERWE: Gives the occupations of the first spin by hand.
GGA: Selects the gradient-corrected functional.
GGA_COMPAT: Keeps the gradient correction of older versions, which breaks some symmetries.
HFSCREEN: Sets the range at which exact exchange is screened, as in HSE.
IALGO: Selects the electronic minimiser by number; ALGO is its modern form.
IBAND: Lists the bands whose partial charge density is written.
IBRION: Selects what moves the ions: a minimiser, molecular dynamics, or displacements for phonons.
ICHARG: Says where the starting charge density comes from, and above 10 that it stays fixed.
IDIPOL: Selects the direction of the dipole correction.
IMAGES: Sets the number of images of an elastic band.
IMIX: Selects how charge densities are mixed.
INIWAV: Says whether starting orbitals are random.
ISIF: Selects what may change: ions, shape and volume of the cell, and whether the stress is computed.
ISMEAR: Selects how states near the Fermi level are occupied.
ISPIN: Switches collinear spin polarisation on.
ISTART: Says whether orbitals are read from WAVECAR.
ISYM: Says how symmetry is used.
IVDW: Selects a dispersion correction that is added to the energy.
IWAVPR: Selects how orbitals and density are extrapolated between ionic steps.
I_CONSTRAINED_M: Constrains the direction or size of local moments.
KBLOCK: Sets after how many blocks pair correlations are averaged.
KGAMMA: Says whether the mesh of KSPACING holds the Gamma point.
KPAR: Sets how many groups of ranks work on different k-points.
KPOINT_BSE: Selects the k-point of a finite-momentum BSE calculation.
KPUSE: Lists the k-points whose partial charge density is written.
KSPACING: Makes a mesh of k-points from their spacing, when there is no KPOINTS file.
LAECHG: Writes the all-electron charge densities, as Bader analysis needs.
LAMBDA: Weighs the penalty of constrained moments.
LANGEVIN_GAMMA: Sets the friction of each species for the Langevin thermostat.
LANGEVIN_GAMMA_L: Sets the friction of the cell for the Langevin barostat.
LASPH: Includes non-spherical terms inside the PAW spheres.
LATTICE_CONSTRAINTS: Says along which directions the cell may change.
LBERRY: Computes the Berry phase along one direction.
LCALCEPS: Computes dielectric and piezoelectric tensors from a finite field.
LCALCPOL: Computes the macroscopic polarisation.
LCHARG: Writes the charge density.
LDAU: Switches DFT+U on.
LDAUJ: Gives the exchange parameter J of each species in eV.
LDAUL: Gives the shell of each species to which U is applied, -1 for none.
LDAUPRINT: Sets how much is printed about DFT+U.
LDAUTYPE: Selects the form of DFT+U.
LDAUU: Gives the interaction U of each species in eV.
LDIPOL: Adds a dipole correction to the potential and the forces.
LEFG: Computes electric field gradients at the nuclei.
LELF: Writes the electron localisation function.
LEPSILON: Computes static dielectric and piezoelectric tensors by perturbation theory.
LHFCALC: Switches exact exchange on.
LHYPERFINE: Computes hyperfine tensors.
LKPOINTS_OPT: Says whether the points of KPOINTS_OPT are computed as well.
LMAXFOCK: Sets the largest angular momentum in the augmentation of exact exchange.
LMAXMIX: Sets up to which angular momentum the PAW occupancies are mixed and written.
LMAXTAU: Sets the largest angular momentum of the kinetic energy density in the spheres.
LMIXTAU: Mixes the kinetic energy density along with the charge.
LMONO: Adds the monopole correction of charged cells.
LNONCOLLINEAR: Lets the magnetisation point in any direction.
LOPTICS: Computes the frequency-dependent dielectric function.
LORBIT: Selects the projection of the states on sites, which also gives local moments.
LORBMOM: Writes orbital moments.
LPARD: Writes a partial charge density.
LPEAD: Computes derivatives of orbitals with respect to k by finite differences.
LPLANE: Distributes the planes of the grid over the ranks.
LREAL: Says whether projectors are evaluated in real space.
LRPA: Leaves out local field effects beyond Hartree.
LSCALAPACK: Uses scaLAPACK.
LSCALU: Uses parallel LU decomposition.
LSEPB: Writes partial charge densities of bands one by one.
LSEPK: Writes partial charge densities of k-points one by one.
LSORBIT: Switches spin-orbit coupling on.
LSPECTRAL: Uses the spectral method for response functions.
LSPIRAL: Switches spin spirals on.
LTHOMAS: Screens exact exchange in the Thomas-Fermi way.
LUSE_VDW: Switches nonlocal van der Waals functionals on.
LVHAR: Writes the electrostatic potential without exchange and correlation.
LVTOT: Writes the local potential.
LWANNIER90: Switches the interface to Wannier90 on.
LWANNIER90_RUN: Runs Wannier90 as a library.
LWAVE: Writes the orbitals.
MAGMOM: Gives the starting magnetic moment of each ion, three components when noncollinear.
MAXMIX: Sets how many earlier steps the mixer remembers.
MDALGO: Selects thermostat and method of molecular dynamics.
METAGGA: Selects the meta-GGA functional.
ML_LMLFF: Switches machine-learned force fields on.
ML_MODE: Says whether a force field is trained, refitted or run.
ML_RCUT1: Sets the cutoff of the radial descriptor.
ML_RCUT2: Sets the cutoff of the angular descriptor.
M_CONSTR: Gives the directions or moments that are to be kept.
NBANDS: Sets the number of bands.
NBANDSGW: Sets how many bands get quasiparticle energies.
NBANDSO: Sets how many occupied bands enter the BSE.
NBANDSV: Sets how many empty bands enter the BSE.
NBLOCK: Sets after how many ionic steps positions are written.
NCORE: Sets how many ranks share one band.
NEDOS: Sets the number of energies of the density of states.
NELECT: Sets the number of electrons.
NELM: Sets the largest number of electronic steps.
NELMDL: Sets how many steps are made before the charge density is updated.
NELMIN: Sets the smallest number of electronic steps.
NFREE: Sets how many displacements are made per direction, or how many steps are remembered.
NGX: Sets the grid along the first vector.
NGXF: Sets the fine grid along the first vector.
NGY: Sets the grid along the second vector.
NGYF: Sets the fine grid along the second vector.
NGZ: Sets the grid along the third vector.
NGZF: Sets the fine grid along the third vector.
NKRED: Evaluates exact exchange on a mesh that is coarser by this factor.
NOMEGA: Sets the number of frequencies.
NPAR: Sets how many bands are treated in parallel; NCORE is easier to choose.
NSIM: Sets how many bands are optimised at once.
NSW: Sets the largest number of ionic steps.
NUPDOWN: Fixes the difference between electrons of the two spins.
NWRITE: Sets how much is written to OUTCAR.
PHON_NSTRUCT: Sets how many structures of the zero-point or Monte Carlo sampling are made.
PMASS: Sets the mass of the cell in molecular dynamics.
POMASS: Gives the mass of each species in atomic units.
POTIM: Sets the time step in fs, the step of a minimiser, or a displacement in ångström.
PREC: Sets grids and defaults of accuracy together.
PRECFOCK: Sets the grid for exact exchange.
PSTRESS: Applies an external pressure in kB.
QSPIRAL: Gives the wave vector of a spin spiral.
RANDOM_SEED: Fixes the random numbers.
ROPT: Sets the accuracy of the projectors in real space.
RWIGS: Gives the radius of each species for projections by spheres.
SAXIS: Gives the axis to which spinors refer.
SIGMA: Sets the width of the smearing in eV.
SMASS: Controls the velocities of molecular dynamics, among them the mass of the Nosé thermostat.
SMEARINGS: Lists the pairs of smearing that ISMEAR = -3 works through.
SPRING: Sets the spring constant between images of a band.
SYMPREC: Sets how precisely positions must match to count as symmetric.
SYSTEM: Is a title, which is copied to the output.
TEBEG: Sets the starting temperature.
TEEND: Sets the final temperature.
TIME: Sets the step of the damped minimiser.
VDW_RADIUS: Sets the cutoff of pair interactions in dispersion corrections.
VOSKOWN: Selects the interpolation of the correlation for spins.
WANNIER90_WIN: Holds the input of Wannier90.
WEIMIN: Sets the smallest weight at which a state counts as occupied.
"""

SUMMARIES: Final = {
    name: sentence for name, _, sentence in (line.partition(": ") for line in _TEXT.strip().split("\n"))
}
