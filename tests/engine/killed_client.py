"""Submit a job and be killed: by oneself right after (`client`), or by the test meanwhile (`submitter`)."""

from __future__ import annotations

import os
import signal
import sys

from crystalmath import engine
from crystalmath.engine import daemon, flow_documents, requests, submit


def main(victim: str, key: str, poscar: str, overrides: list[str]) -> None:
    """Submit one static run, everything slow having been imported before."""
    settings = dict(setting.split("=", 1) for setting in overrides)
    request = requests.build("static", poscar, overrides=settings, key=key)
    flow_documents.flow_steps(flow_documents.load_flow(request.flow_json))
    session = engine.open(recover=False)
    daemon.ensure(session)
    if victim == "submitter":
        print("submitting", flush=True)
    submit.submit(session, request)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:])
