"""The lines around VASP in the job script: run once per folder, bring files along, compress what is large.

They run where VASP runs, in POSIX shell, so that a 10 GB WAVECAR neither passes through the daemon nor
blocks it.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from crystalmath.engine import double_relaxation
from crystalmath.results.ending import GUARD_LINE

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["COMPRESSED", "GUARD_DIRECTORY", "MARK_FILE", "after", "before"]

GUARD_DIRECTORY = ".cm-started"
MARK_FILE = "crystalmath.started"
COMPRESSED = ("vasprun.xml", "OUTCAR")
MISSING = "crystalmath: not copied, missing or empty:"

# AiiDA submits again when its worker dies between the scheduler's answer and its own note of it. `mkdir` is
# atomic, so only one start gets through; a second one on the same machine waits for the first, so that the
# outputs are whole when AiiDA fetches them, and says so where it cannot wait.
GUARD = f"""\
if mkdir {GUARD_DIRECTORY} 2>/dev/null; then
  echo "$$ $(hostname) $(date -u +%Y-%m-%dT%H:%M:%SZ)" | tee {GUARD_DIRECTORY}/by >> {MARK_FILE}
else
  sleep 1
  read -r cm_pid cm_host cm_rest < {GUARD_DIRECTORY}/by
  if [ "$cm_host" = "$(hostname)" ] && [ -d /proc/"$cm_pid" ]; then
    until [ -e {GUARD_DIRECTORY}/done ] || ! kill -0 "$cm_pid" 2>/dev/null ||
      grep -q '^State:.Z' /proc/"$cm_pid"/status; do sleep 1; done
    exit 0
  fi
  [ -e {GUARD_DIRECTORY}/done ] && exit 0
  echo "{GUARD_LINE} ($cm_pid on $cm_host)" >&2
  exit 97
fi"""


def before(parent: str | None, files: Sequence[str]) -> str:
    """Return the lines before VASP; `files` are copied from the folder `parent` where they are not empty."""
    if not parent or not files:
        return GUARD
    names = " ".join(shlex.quote(name) for name in files)
    source = shlex.quote(parent)
    copy = f"""\
for cm_file in {names}; do
  if [ -s {source}/"$cm_file" ]; then cp -f {source}/"$cm_file" "$cm_file"
  elif [ -s {source}/"$cm_file".gz ]; then gzip -dc {source}/"$cm_file".gz > "$cm_file"
  else echo "{MISSING} $cm_file" >&2
  fi
done"""
    return f"{GUARD}\n{copy}"


def after(*, again: bool = False) -> str:
    """Return the lines after VASP; with `again` VASP runs a second time, as in a double relaxation."""
    images = [f"[0-9][0-9]/{name}" for name in COMPRESSED]
    names = " ".join([*COMPRESSED, *double_relaxation.COMPRESSED, *images])
    second = f"{double_relaxation.run_again()}\n" if again else ""
    return f"""\
{second}for cm_file in {names}; do
  if [ -s "$cm_file" ]; then gzip -f "$cm_file" || echo "crystalmath: $cm_file stays uncompressed" >&2; fi
done
touch {GUARD_DIRECTORY}/done"""
