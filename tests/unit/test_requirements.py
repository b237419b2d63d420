"""The lock file pins what pyproject.toml asks for, with hashes and without an index."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text()
PINS = {canonicalize_name(m[1]): m[2] for m in re.finditer(r"^([\w.-]+)==(\S+) \\$", LOCK, re.MULTILINE)}


def _wanted() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [line for group in project["optional-dependencies"].values() for line in group]
    return [Requirement(line) for line in [*project["dependencies"], *extras]]


def test_every_requirement_is_pinned_inside_its_range() -> None:
    for requirement in _wanted():
        pin = PINS.get(canonicalize_name(requirement.name))
        assert pin is not None, f"{requirement.name} is not in requirements.lock: run `make lock`"
        assert requirement.specifier.contains(pin), f"{requirement} is pinned to {pin}: run `make lock`"


def test_every_pin_has_a_hash() -> None:
    blocks = re.split(r"^(?=[\w.-]+==)", LOCK, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(PINS)
    assert all("--hash=sha256:" in block for block in blocks)


def test_no_lock_file_names_a_registry() -> None:
    options = re.findall(r"^--.*$|https?://\S+", LOCK, re.MULTILINE)
    assert options == []
