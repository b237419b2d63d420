"""Stop with a sentence when the interpreter is too old or cannot make virtual environments."""

import sys

if sys.version_info < (3, 11):
    found = ".".join(str(part) for part in sys.version_info[:3])
    sys.exit(
        "CrystalMath needs Python 3.11 or newer; %s is %s.\n"
        "Hint: install a newer Python and run `make PYTHON=python3.12 setup`." % (sys.executable, found)
    )
try:
    import ensurepip  # noqa: F401
except ImportError:
    sys.exit(
        "This Python cannot make virtual environments.\nHint: install your system's python3-venv package."
    )
