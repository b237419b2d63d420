"""The VASP language core: text to syntax trees to findings. Pure: no aiida, pymatgen or network."""
