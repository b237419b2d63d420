"""Findings as people and programs read them."""

from __future__ import annotations

import json

from crystalmath.vasp.check import check
from crystalmath.vasp.folder import Folder
from crystalmath.vasp.reporters import report

TEXT = "SYSTEM = a\nENCUTT = 500\n"
FINDINGS = check(Folder({"INCAR": TEXT}))


def test_people_see_the_line_and_a_caret_below_the_place() -> None:
    shown = report(FINDINGS, {"INCAR": TEXT}, "human").split("\n")
    assert shown[0].startswith("INCAR:2:1: error[unknown-tag]")
    assert shown[1] == "     2 | ENCUTT = 500"
    assert shown[2] == "       | ^^^^^^"
    assert shown[-3] == "1 error"
    assert shown[-2] == "can be mended: 1 by guessing with --unsafe-fixes (--diff shows how)"


def test_json_is_a_list_of_objects_with_the_keys_of_the_contract() -> None:
    (row,) = json.loads(report(FINDINGS, {}, "json"))
    keys = "path line column end_line end_column severity code message url related fixes"
    assert list(row) == keys.split()
    assert (row["line"], row["column"], row["end_line"], row["end_column"]) == (2, 1, 2, 7)
    assert list(row["fixes"][0]) == ["title", "safe", "edits"]


def test_json_of_nothing_is_an_empty_list() -> None:
    assert report((), {}, "json") == "[]\n"


def test_sarif_names_the_rules_that_fired() -> None:
    run = json.loads(report(FINDINGS, {}, "sarif"))["runs"][0]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["unknown-tag"]
    assert run["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] == 2


def test_github_annotations_escape_what_github_would_read() -> None:
    odd = FINDINGS[0]._replace(path="a,b:c/INCAR", message="100%\nlost")
    line = report((odd,), {}, "github")
    place = "file=a%2Cb%3Ac/INCAR,line=2,col=1,endLine=2,endColumn=7"
    assert line == f"::error {place},title=unknown-tag::100%25%0Alost\n"


def test_nothing_that_a_terminal_obeys_gets_through() -> None:
    text = "ENCUTT\x1b = \udc801\n"
    shown = report(check(Folder({"INCAR": text})), {"INCAR": text}, "human")
    assert "\x1b" not in shown
    shown.encode("utf-8")


def test_sarif_names_the_second_place_of_a_finding() -> None:
    text = "NSW = 1\nNSW = 2\n"
    document = json.loads(report(check(Folder({"INCAR": text})), {"INCAR": text}, "sarif"))
    result = next(one for one in document["runs"][0]["results"] if one["ruleId"] == "duplicate-tag")
    related = result["relatedLocations"][0]
    assert related["physicalLocation"]["region"]["startLine"] == 1
    assert related["message"]["text"] == "NSW = 1"


def test_sarif_paths_are_uris() -> None:
    odd = FINDINGS[0]._replace(path="my run/caf\udce9/INCAR")
    run = json.loads(report((odd,), {}, "sarif"))["runs"][0]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "my%20run/caf%E9/INCAR"
