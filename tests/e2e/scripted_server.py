"""The real front process, with a worker whose methods obey the test."""

from __future__ import annotations

import sys

from crystalmath_lsp.server import serve

if __name__ == "__main__":
    sys.exit(serve([sys.executable, "-m", "tests.e2e.scripted_worker"]))
