"""`crystalmath-server`: the server for editors and the terminal UI."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from pathlib import Path
from typing import NoReturn

__all__ = ["main"]

_STOP_S = 10.0


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(
        prog="crystalmath-server",
        description="Serves editors (language server protocol) and crystalmath-tui (jobs).",
    )
    parser.add_argument("verb", nargs="?", choices=["status", "stop"], help="of the shared server")
    parser.add_argument("--stdio", action="store_true", help="serve standard input and output (the default)")
    parser.add_argument(
        "--socket", nargs="?", const="", metavar="PATH", help="be the shared server of this user, on a socket"
    )
    parser.add_argument("--idle-exit", type=float, default=600.0, metavar="SECONDS", help="without clients")
    parser.add_argument(
        "--profile", metavar="NAME", help="AiiDA profile [$CRYSTALMATH_PROFILE or crystalmath]"
    )
    arguments = parser.parse_args()
    if arguments.verb is not None:
        sys.exit(_control(arguments.verb, _path(arguments.socket or "")))
    worker = [sys.executable, "-m", "crystalmath_lsp.worker"]
    if arguments.socket is None:
        from crystalmath_lsp.server import serve

        sys.exit(serve(worker, arguments.profile))
    _serve_socket(_path(arguments.socket), worker, arguments.profile, arguments.idle_exit)


def _serve_socket(path: Path, worker: list[str], profile: str | None, idle_s: float) -> NoReturn:
    from crystalmath.errors import EngineError
    from crystalmath_lsp.socket_server import serve_socket

    try:
        sys.exit(serve_socket(path, worker, profile, idle_s=idle_s))
    except (EngineError, OSError) as error:
        print(f"crystalmath-server: {error}", file=sys.stderr)
        sys.exit(3)


def _path(named: str) -> Path:
    from crystalmath_lsp.socket_path import default_path

    return Path(named).expanduser().absolute() if named else default_path()


def _control(verb: str, path: Path) -> int:
    from crystalmath_lsp.socket_path import running

    found = running(path)
    if found is None:
        print(f"No server listens on {path}.")
        return 1 if verb == "status" else 0
    if verb == "status":
        print(f"A server (process {found.pid}, {found.version}) listens on {path} since {found.started_at}.")
        return 0
    os.kill(found.pid, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_S
    while running(path) is not None:
        if time.monotonic() > deadline:
            print(f"The server (process {found.pid}) does not end.", file=sys.stderr)
            return 3
        time.sleep(0.05)
    print("The server is stopped.")
    return 0


if __name__ == "__main__":
    main()
