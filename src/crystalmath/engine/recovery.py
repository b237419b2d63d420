"""What the watchdog starts: bring back the daemon and what was lost, as the next command would, and end."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from crystalmath.engine import daemon, reconcile, session
from crystalmath.errors import CrystalMathError

__all__: list[str] = []


def _say(sentence: str) -> None:
    print(f"{datetime.now(UTC).isoformat(timespec='milliseconds')} {sentence}", flush=True)


def _recover(profile: str) -> None:
    opened = session.open(profile, create=False, announce=_say, recover=False)
    opened.begin()
    reconcile.settle(opened)
    daemon.ensure(opened, listening=True)
    reconcile.revive(opened)


def _main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-p", dest="profile", required=True)
    try:
        _recover(parser.parse_args().profile)
    except CrystalMathError as error:
        _say(f"{error.message}. {error.hint}")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(_main())
