"""How long the tests wait for what must come.

A deadline is for what never comes; it measures nothing. Both are far beyond what a machine needs that does
much else, and below the limit of a test, so that it is the condition that is named.
"""

from __future__ import annotations

from typing import Final

SOON_S: Final = 240.0  # an answer, a screen, the beginning or the end of a process
JOB_S: Final = 500.0  # the end of a job, or of a command that waits for one
