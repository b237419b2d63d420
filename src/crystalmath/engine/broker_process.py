"""The broker of a profile in a process of its own: `-p PROFILE FOLDER LOG`."""

from __future__ import annotations

import sys

from aiida.brokers.zeromq.service import run_broker_service

__all__: list[str] = []

if __name__ == "__main__":
    folder, log = sys.argv[-2:]
    run_broker_service(folder, log)
