"""What holds for all tests: generated examples may take their time on a machine that does much else."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile(
    "calm", parent=settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("calm")
