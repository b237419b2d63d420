"""The reference pages and the tag table are what the scripts make of the code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from crystalmath.vasp import tags

ROOT = Path(__file__).parents[3]
FACTS = Path(os.environ.get("CRYSTALMATH_SHARED_DATA", ROOT.parent / "shared/data")) / "incar-tags.json"


def test_the_reference_pages_are_fresh() -> None:
    program = [sys.executable, "-m", "scripts.generate_reference", "--check"]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_tags_that_people_use_most_have_a_summary_of_ours() -> None:
    assert sum(bool(tag.summary) for tag in tags.TAGS.values()) >= 140
    assert all(tag.summary.endswith(".") for tag in tags.TAGS.values() if tag.summary)


@pytest.mark.skipif(not FACTS.is_file(), reason="the facts about tags are not on this machine")
def test_the_tag_table_is_what_the_script_makes_of_the_facts(tmp_path: Path) -> None:
    code = (
        "import json, pathlib, sys; from scripts import generate_tags as g;"
        "g.TARGET = pathlib.Path(sys.argv[2]); sys.argv = ['x', sys.argv[1]]; g.main()"
    )
    target = tmp_path / "tags.json"
    subprocess.run([sys.executable, "-c", code, FACTS, target], cwd=ROOT, check=True)
    assert target.read_bytes() == Path(tags.__file__).with_name("tags.json").read_bytes()
