"""What is generated from the models is up to date, and says what the models say."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import msgspec
import pytest

from crystalmath import errors
from crystalmath_lsp import schema
from crystalmath_lsp.methods import METHODS
from crystalmath_lsp.models import JobCard, JobRow, JobsSubmitParams, JobStep

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("command", [["-m", "crystalmath_lsp.schema"], ["scripts/generate_rust_types.py"]])
def test_the_generated_file_is_up_to_date(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, *command, "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_schema_tells_right_params_from_wrong_ones() -> None:
    contract = schema.contract()
    rule = {**contract["methods"]["jobs.submit"]["params"], "$defs": contract["$defs"]}
    jsonschema.Draft202012Validator.check_schema(rule)
    jsonschema.validate({"template": "relax", "structure": {"path": "Si.vasp"}}, rule)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"template": 7, "structure": {}}, rule)


def test_every_error_of_ours_is_in_the_contract() -> None:
    listed = {row["name"]: row["code"] for row in schema.contract()["errors"]}
    for name in errors.__all__:
        assert listed[name] == getattr(errors, name).code


def test_every_method_has_a_row() -> None:
    assert schema.contract()["methods"].keys() == METHODS.keys()


def test_a_structure_is_a_path_or_a_text_not_both() -> None:
    for structure in ({}, {"path": "a", "text": "b"}):
        body = json.dumps({"template": "relax", "structure": structure})
        with pytest.raises(msgspec.ValidationError, match="exactly one"):
            msgspec.json.decode(body, type=JobsSubmitParams)


def test_the_wire_has_every_field_of_the_librarys_rows_and_cards() -> None:
    # In a process of its own: the front process must not learn what the engine imports.
    code = """
import dataclasses, json, msgspec
from crystalmath.engine.jobs import JobRow, Step
from crystalmath.results.card import Card
names = [[f.name for f in dataclasses.fields(kind)] for kind in (JobRow, Step)]
print(json.dumps([*names, list(Card.__struct_fields__)]))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    row, step, card = json.loads(done.stdout)
    assert set(row) == set(JobRow.__struct_fields__)
    assert set(step) == set(JobStep.__struct_fields__)
    assert set(card) == set(JobCard.__struct_fields__)
