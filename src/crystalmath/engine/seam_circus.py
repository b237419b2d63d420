"""What `daemon` starts: circus as AiiDA sets it up, but for a broker that imports only what it needs.

AiiDA starts its broker through its whole command line, which takes 70 MB and a second of a busy machine
more than the broker itself.
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from aiida.engine.daemon.client import DaemonClient
from aiida.manage.configuration import load_profile

__all__: list[str] = []


class _Client(DaemonClient):  # type: ignore[misc] # aiida is untyped here
    """AiiDA's own, with another command for the broker."""

    @property
    def _cmd_start_zmq_broker(self) -> list[str]:
        module = "crystalmath.engine.broker_process"
        folder, log = self._zmq_broker_service_dir, self._zmq_broker_service_log_file
        python = [Path(sys.executable).name, "-P", "-m", module]
        return [*python, "-p", self.profile.name, shlex.quote(folder), shlex.quote(log)]


if __name__ == "__main__":
    _Client(load_profile(sys.argv[sys.argv.index("-p") + 1]))._start_daemon(number_workers=1)
