"""Everything that speaks to AiiDA: profile, daemon, codes, submission, jobs. Only this package imports it."""

from __future__ import annotations

import sys

from crystalmath.engine.session import Session, open  # noqa: A004 - the verb of the engine

__all__ = ["Session", "open"]

if "aiida.engine.daemon.worker" in sys.modules:
    # A worker of the daemon loads its first process of ours: from here on it polls by the jobs' age, and
    # takes no new node for one that was deleted.
    from crystalmath.engine import polling, seam_aiida

    polling.install()
    seam_aiida.launch_hook()
