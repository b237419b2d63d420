"""The real front process, with a worker whose methods obey the test; shared with `--socket PATH`."""

from __future__ import annotations

import sys
from pathlib import Path

from crystalmath_lsp.server import serve
from crystalmath_lsp.socket_server import serve_socket

WORKER = [sys.executable, "-m", "tests.e2e.scripted_worker"]

if __name__ == "__main__":
    if "--socket" in sys.argv:
        sys.exit(serve_socket(Path(sys.argv[sys.argv.index("--socket") + 1]), WORKER))
    sys.exit(serve(WORKER))
