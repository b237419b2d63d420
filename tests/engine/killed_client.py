"""Submit a job and be killed: by oneself right after (`client`), or by the test meanwhile (`submitter`)."""

from __future__ import annotations

import importlib.util
import os
import signal
import sys
from pathlib import Path
from types import ModuleType

from crystalmath import engine
from crystalmath.engine import daemon, submit


def conftest() -> ModuleType:
    """Return the fixtures' module, which knows how to build an addition."""
    spec = importlib.util.spec_from_file_location("engine_conftest", Path(__file__).with_name("conftest.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def main(victim: str, key: str, code: str, sleep_s: str) -> None:
    """Submit one addition."""
    fixtures = conftest()
    session = engine.open(recover=False)
    daemon.ensure(session)
    entry = fixtures.addition(key)
    if victim == "submitter":
        print("submitting", flush=True)
    submit.submit_builder(session, entry, lambda: fixtures.add_builder(code, float(sleep_s)))
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])
