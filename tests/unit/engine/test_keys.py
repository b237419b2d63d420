"""Two submits are the same when what they ask for is the same."""

from __future__ import annotations

import uuid

from crystalmath.engine.keys import digest, normalised


def flow(encut: int = 520, version: str = "0.1.5") -> str:
    first, second = uuid.uuid4(), uuid.uuid4()
    return (
        f'{{"jobs": ["{first}", "{second}"], "after": "{first}", "ENCUT": {encut}, "@version": "{version}"}}'
    )


def of(flow_json: str, **rest: object) -> str:
    known = {"template": "relax", "overrides": {"ENCUT": 520}, "code": "vasp", "resources": {"ranks": 1}}
    return digest(flow_json=flow_json, **(known | rest))  # type: ignore[arg-type]  # a table of arguments


def test_two_builds_of_one_flow_have_one_digest() -> None:
    assert of(flow()) == of(flow())


def test_the_version_of_the_package_that_built_the_flow_does_not_count() -> None:
    assert of(flow(version="0.1.5")) == of(flow(version="0.1.6"))


def test_uuids_keep_their_identity_within_a_flow() -> None:
    first, second = str(uuid.uuid4()), str(uuid.uuid4())
    assert normalised(f"{first} {second} {first}") != normalised(f"{first} {second} {second}")


def test_everything_that_changes_the_calculation_changes_the_digest() -> None:
    changed = [
        of(flow(encut=600)),
        of(flow(), template="static"),
        of(flow(), overrides={"ENCUT": 600}),
        of(flow(), code="standin"),
        of(flow(), resources={"ranks": 4}),
    ]
    assert len({of(flow()), *changed}) == 1 + len(changed)
