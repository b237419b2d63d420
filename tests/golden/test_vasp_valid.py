"""Valid inputs raise neither errors nor warnings: the forms that other tools refuse."""

from __future__ import annotations

import pytest

from crystalmath.vasp.check import check
from crystalmath.vasp.folder import Folder

CELL = "4 0 0\n0 4 0\n0 0 4\n"
INCARS = [
    "SYSTEM = rhombohedral\nKERNEL_TRUNCATION { LTRUNCATE = T; IDIMENSIONALITY=2; ISURFACE=3 }\n",
    "PLUGINS {\n  FORCE_AND_STRESS = T\n}\n",
    "IMAGES = 3\nIMAGE_1 {\n EDIFF = 1E-6\n}\nIBRION=3\nNSW=10\nPOTIM=0.1\n",
    'LWANNIER90 = T\nWANNIER90_WIN = "\nnum_wann = 8\nbegin projections\nSi:sp3\nend projections\n"\n',
    "Startparameter for this Run:\nNWRITE = 2 ; LPETIM=F\n",
    "ENCUT = 300 eV\n SYSTEM = example\n ! comment\nElectronic minimization\n NELM  =  20  # steps\n",
    "LWAVE = .F.\nLCHARG=F\n",
    "LREAL = A\nALGO = N\nPREC = A\n",
    "METAGGA = R2SCAN\nLASPH=T\n",
    "METAGGA = SCAN ; LASPH = .TRUE. ; LMIXTAU=T ; ALGO = All\n",
    "EDIFF = 1d-6\nEDIFFG = -5.D-2\n",
    "MAGMOM = 3*0 2*1.5 \\\n 4*0\nISPIN=2\n",
    "ALGO = GW0 ; LSPECTRAL = T ; NOMEGA = 50 ; NBANDS=200 ; NELM = 1\n",
    "ALGO = Exact ; NELM=1 ; LOPTICS=T ; NBANDS=200\n",
    "ALGO=BSE ; NBANDSO=4;NBANDSV=8 ; ANTIRES=0\n",
    "ALGO = TDHF; ANTIRES=0;CSHIFT=0.1\n",
    "GGA = MK ; LUSE_VDW = T ; PARAM1=0.1234 ; PARAM2 = 1.0 ; AGGAC = 0.0 ; LASPH=T; Zab_VDW=-0.8491\n",
    "IVDW = 12\n",
    "IVDW=4\n",
    "IVDW=263 ; LVDWEXPANSION = T\n",
    "IBRION=0;NSW=1000;POTIM=1.0;TEBEG=300;MDALGO=3;LANGEVIN_GAMMA=10.0 10.0;LANGEVIN_GAMMA_L=10;ISIF=3\n",
    "IBRION=0\nNSW=100\nPOTIM=2\nMDALGO=1\nANDERSEN_PROB=0.1\nTEBEG = 300\n",
    "IBRION=44 ; NSW=100 ; POTIM=0.02\n",
    "IBRION = 40; IRC_DIRECTION = -1;NSW=20\n",
    "ICHAIN = 0 ; LCLIMB = .TRUE. ; IOPT = 1 ; IBRION = 3 ; POTIM = 0 ; IMAGES = 5 ; SPRING=-5;NSW=100\n",
    "LSORBIT = T; MAGMOM = 0 0 1 0 0 1; SAXIS = 1 0 0 ; LORBMOM = T; GGA_COMPAT=F\n",
    "LNONCOLLINEAR = T; I_CONSTRAINED_M = 1 ; LAMBDA = 10; M_CONSTR = 1 0 0 ; RWIGS = 1.0\n",
    "LDAU=.TRUE.;LDAUTYPE=2;LDAUL=-1 2;LDAUU=0 8;LDAUJ=0 0.95;LMAXMIX=4;LASPH=T;LDAUPRINT=2\n",
    "LHFCALC=T;HFSCREEN=0.2;ALGO=All;TIME=0.4;LASPH=T;PRECFOCK=F;NKRED=2\n",
    "LHFCALC=T; AEXX=1.0; ALDAC=0; AGGAC=0;ALGO=D;LASPH=T\n",
    "IBRION=8;LEPSILON=T;EDIFF=1E-8\n",
    "IBRION=6;NFREE=2;POTIM=0.015;EDIFF=1E-8\n",
    "LCALCEPS=T;EFIELD_PEAD = 0.01 0.01 0.01\n",
    "LPARD=T; EINT=-1 0; NBMOD=-3; LSEPB=F\n",
    "LPARD = .TRUE.\nIBAND = 20 21 22 23\nKPUSE = 1 2 3 4\nLSEPB = .TRUE.\n",
    "ML_LMLFF=T;ML_MODE=TRAIN;IBRION=0;NSW=100;POTIM=2;TEBEG=300;ISYM=0\n",
    "ML_LMLFF = T\nML_MODE = run\nIBRION=0;NSW=1;POTIM=1;TEBEG=1\n",
    "ISMEAR=-3;SMEARINGS=2 0.1 1 0.1 0 0.1;NSW=3;IBRION=-1\n",
    "ISMEAR=-2;ISPIN=2;FERWE=1 1 0;FERDO = 1 0 0\n",
    "XC = 0.5*PE 0.5*CA\n",
    "GGA = LIBXC;LIBXC1=MGGA_X_SCAN;LIBXC2=MGGA_C_SCAN\n",
    "METAGGA=LIBXC;LIBXC1=263;LIBXC2=267;LASPH=T\n",
    "LOCPROJ = 1 : s : Pr\n",
    "RANDOM_SEED = 688344966 0 0\n",
    "NPAR=4;KPAR=2;NSIM=4;LPLANE=T\n",
    "LATTICE_CONSTRAINTS = .FALSE. .FALSE. .TRUE.\nISIF=3\nIBRION=2\nNSW=20\n",
    "EFERMI = MIDGAP\n",
    "EFERMI=LEGACY\n",
    "VCA = 1.0 0.3 0.7\n",
    "PHON_NSTRUCT = 3\nPHON_LMC=T\nTEBEG=0\n",
    "ELPH_RUN = T\nELPH_SELFEN_TEMPS = 0 100 200\nELPH_NBANDS = -2\nELPH_SELFEN_FAN=T\n",
    "LCHIMAG=T\nDQ=0.003\nLBLUEOUT=T\nLREAL=F\nEDIFF=1E-10\n",
    "ISTART=1\nICHARG=11\nLORBIT=11\n",
    "ISPIN=1\nMAGMOM=2*0\n",
    "NSW = 0\nIBRION=-1\nISIF=2\n",
    "EDIFFG=-0.01\nNSW=100\nIBRION=1\n",
    "LORBIT=14\n",
    "WRT_POTENTIAL = hartree ionic\n",
    "STOP_ON = Alert\n",
    "DIPOL = 0.5 0.5 0.5\nLDIPOL=T\nIDIPOL=4\n",
    "EFIELD=0.1\nLDIPOL=T\nIDIPOL=3\n",
    "LVHAR = T\nLVTOT=T\n",
    "KSPACING = 0.22\nKGAMMA=.TRUE.\n",
    "NELMDL = -5\n",
    "TIME=0.4;IMIX=1\nBMIX=0.0001\nAMIX=0.2\nAMIX_MAG = 0.8;BMIX_MAG=0.0001\n",
    "ICORELEVEL=1\n",
    "ICORELEVEL=2\nCLNT=1;CLN=2;CLL=1;CLZ=0.5\n",
    "LELF=T\n",
    "MAXMIX=40\nLMAXPAW=0\nNEDOS=3000;EMIN=-10;EMAX=10\n",
    "NGX = 48 ; NGY=48;NGZ=48\n",
    "SYSTEM = a # b\n",
    "ALGO = None\nLWANNIER90=T\n",
    "LSCALAPACK=F\nLASYNC=T\nLSCAAWARE = F\n",
    "IWAVPR=11\nSMASS=-3\nNBLOCK=10;KBLOCK=50\nIBRION=0;NSW=20;POTIM=1.5;TEBEG=500\n",
    "ALGO = ACFDT\nNOMEGA=8\n",
    "ALGO=CRPA\nNTARGET_STATES = 1 2 3\nNCRPA_BANDS=21 22 23\n",
    "ALGO=EVGW0R;NELMGW=4\nNOMEGA=12;ENCUTGW=250\n",
    "VASP_VERSION_NOTE: this is a note\nfoo bar baz\n",
    "NBANDS = 64\nNELECT = 101.5\n",
    "QUAD_EFG = 146.6 0\nLEFG=T\n",
    "LMONO=T\nEPSILON=1\n",
    "LSPIRAL=T;LNONCOLLINEAR=T;QSPIRAL=0 0 0.25;ENINI=300\n",
    "NUPDOWN = 2;ISPIN=2\n",
    "NUPDOWN=-1\n",
    "PSTRESS=100\nISIF=3;IBRION=2;NSW=20\n",
    "NHC_NCHAINS=3;MDALGO=4;IBRION=0;NSW=20;POTIM=1;TEBEG=300\n",
    "TEBEG = 300;IBRION=0;NSW=20;POTIM=1;SMASS=0;MDALGO=2\n",
    "HILLS_H = 0.01;HILLS_W=0.1;HILLS_BIN=50;MDALGO=11;IBRION=0;NSW=20;POTIM=1;TEBEG=300\n",
]
POSCARS = [
    f"x\n-64\n{CELL}Si\n1\nDirect\n0 0 0\n",
    f"x\n1 1 1\n{CELL}Si\n1\nDirect\n0 0 0\n",
    f"x\n1.0D0\n{CELL}Fe/ O/ab12\n1 1\nFractional\n0.0D0 0 0 Fe1\n.5 .5 .5 ! the oxygen\n",
    f"x\n1.0\n{CELL}1\nKart\n0 0 0\n",
    f"x\n1.0\n{CELL}Si\n1\nSelective dynamics\nDirect\n0 0 0 .TRUE. F T Si\n",
    f"x\n1.0\n{CELL}Si\n1\nDirect\n0 0 0\nLattice velocities and vectors\n1\n"
    + "0 0 0\n" * 6
    + "Direct\n0 0 0\n",
    f"x\n1.0\n{CELL}Si\n1\nDirect\n0 0 0\n\n0.1 0 0\n\n1\n0.5\n0 0 0 0\n0 0 0\n0 0 0\n0 0 0\n",
    f"x\n1.0\n{CELL}Fe Cr\nFe\n1 1\n1\nDirect\n0 0 0\n.5 .5 .5\n.5 0 0\n",
]
KPOINTS = [
    "k\n0\nAuto\n40\n",
    "Fully automatic mesh\n0\nAutomatic\n 40 ! length\n",
    "k\n0 ! auto\nMonkhorst-Pack\n4 4 4 # n\n0. 0. 0.\n",
    "k\n0\nCartesian\n0.25 0 0\n0 0.25 0\n0 0 0.25\n0.5 0.5 0.5\n",
    "k\n2\nReciprocal\n0 0 0 1\n.5 0 0 0\n",
    "k\n40 ! n\nLine-mode\nrec\n0 0 0 ! G\n.5 0 0 1 ! X\n\n.5 0 0 X\n.5 .5 0 M\n",
    "k\n1\nk\n0 0 0 1\nTetrahedra\n1 1.0\n4 1 1 1 1\n",
]


@pytest.mark.parametrize("text", INCARS)
def test_valid_incars(text: str) -> None:
    assert [f for f in check(Folder({"INCAR": text})) if f.severity in {"error", "warning"}] == []


@pytest.mark.parametrize("text", POSCARS)
def test_valid_poscars(text: str) -> None:
    assert [f for f in check(Folder({"POSCAR": text})) if f.severity in {"error", "warning"}] == []


@pytest.mark.parametrize("text", KPOINTS)
def test_valid_kpoints(text: str) -> None:
    assert [f for f in check(Folder({"KPOINTS": text})) if f.severity in {"error", "warning"}] == []
