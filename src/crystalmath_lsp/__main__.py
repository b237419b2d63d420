"""`crystalmath-server`: the server for editors and the terminal UI."""

from __future__ import annotations

import sys

from crystalmath_lsp.server import serve

__all__ = ["main"]

_USAGE = """usage: crystalmath-server [--stdio] [--profile NAME]

Serves editors (language server protocol) and crystalmath-tui (jobs) over standard input and output.
  --stdio         the default, accepted because editors pass it
  --profile NAME  the AiiDA profile of the jobs (default: $CRYSTALMATH_PROFILE, else crystalmath)
"""


def main() -> None:
    """Run the command."""
    profile: str | None = None
    arguments = iter(sys.argv[1:])
    for argument in arguments:
        if argument in {"-h", "--help"}:
            print(_USAGE, end="")
            sys.exit(0)
        elif argument == "--profile" or argument.startswith("--profile="):
            profile = argument.partition("=")[2] or next(arguments, "") or _fail("--profile needs a name")
        elif argument != "--stdio":
            _fail(f"unknown argument {argument}")
    worker = [sys.executable, "-m", "crystalmath_lsp.worker"]
    sys.exit(serve([*worker, profile] if profile else worker))


def _fail(reason: str) -> str:
    print(f"crystalmath-server: {reason}\n{_USAGE}", file=sys.stderr, end="")
    sys.exit(2)


if __name__ == "__main__":
    main()
