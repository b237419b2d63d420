"""The server of CrystalMath: VASP input files for editors, jobs for the terminal UI, over one stream."""
