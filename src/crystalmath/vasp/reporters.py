"""Findings as text for people, JSON, SARIF and the annotations of GitHub."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crystalmath.vasp.finding import Finding, Fix

__all__ = ["FORMATS", "report"]

_SARIF_LEVELS: Final = {"error": "error", "warning": "warning", "information": "note", "hint": "note"}
_GITHUB_LEVELS: Final = {"error": "error", "warning": "warning", "information": "notice", "hint": "notice"}


def report(
    findings: Sequence[Finding], sources: Mapping[str, str], style: str, *, colour: bool = False
) -> str:
    """Return the findings in one of `FORMATS`.

    Args:
        findings: what was found.
        sources: path to text, to show the lines.
        style: human, json, sarif or github.
        colour: whether a terminal shows it.
    """
    return FORMATS[style](findings, sources, colour)


def _human(findings: Sequence[Finding], sources: Mapping[str, str], colour: bool) -> str:
    lines = {path: text.split("\n") for path, text in sources.items()}
    blocks = [_block(finding, lines.get(finding.path, []), colour) for finding in findings]
    return "\n".join([*blocks, _summary(findings)]) + "\n"


def _block(finding: Finding, lines: Sequence[str], colour: bool) -> str:
    paint = {"error": "31", "warning": "33", "information": "36", "hint": "2"}[finding.severity]
    word = f"\033[{paint};1m{finding.severity}\033[0m" if colour else finding.severity
    place = f"{_shown(finding.path)}:{finding.line}:{finding.column}"
    head = f"{place}: {word}[{finding.code}] {_shown(finding.message)}"
    rows = [head]
    if 0 < finding.line <= len(lines):
        line = _shown(lines[finding.line - 1].rstrip("\r").replace("\t", " "))
        end = finding.end_column if finding.end_line == finding.line else len(line) + 1
        start = max(finding.column - 61, 0)
        width = max(1, min(end, len(line) + 1) - finding.column)
        rows.append(f"{finding.line:>6} | {line[start : start + 120]}")
        rows.append(f"       | {' ' * (finding.column - 1 - start)}{'^' * min(width, 100)}")
    rows += [f"       = fix: {fix.title}{'' if fix.safe else ' (unsafe)'}" for fix in finding.fixes]
    rows += [f"       = see {_shown(r.path)}:{r.line}: {_shown(r.message)}" for r in finding.related]
    rows.append(f"       = {finding.url}")
    return "\n".join(rows)


def _shown(text: str) -> str:
    """Return text that a terminal and a pipe can take: no control characters, no lone surrogates."""
    clean = "".join(ch if ch.isprintable() else "�" for ch in text)
    return clean.encode("utf-8", "replace").decode("utf-8")


def _summary(findings: Sequence[Finding]) -> str:
    if not findings:
        return "no findings"
    counts = {
        name: sum(f.severity == name for f in findings)
        for name in ("error", "warning", "information", "hint")
    }
    plural = {"error": "errors", "warning": "warnings", "information": "remarks", "hint": "hints"}
    single = {"error": "error", "warning": "warning", "information": "remark", "hint": "hint"}
    listed = ", ".join(f"{n} {(single if n == 1 else plural)[name]}" for name, n in counts.items() if n)
    return listed + _mendable(findings)


def _mendable(findings: Sequence[Finding]) -> str:
    """Say how many findings the options of the command would mend."""
    safe = sum(any(fix.safe for fix in finding.fixes) for finding in findings)
    guessed = sum(bool(finding.fixes) for finding in findings) - safe
    offers = [f"{safe} with --fix"] if safe else []
    offers += [f"{guessed}{' more' if safe else ''} by guessing with --unsafe-fixes"] if guessed else []
    return f"\ncan be mended: {', '.join(offers)} (--diff shows how)" if offers else ""


def _fix(fix: Fix) -> dict[str, Any]:
    return {
        "title": fix.title,
        "safe": fix.safe,
        "edits": [{"start": edit.start, "end": edit.end, "text": edit.text} for edit in fix.edits],
    }


def as_object(finding: Finding) -> dict[str, Any]:
    """Return a finding as the object of the JSON format; edits are character offsets into the file."""
    return {
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "end_line": finding.end_line,
        "end_column": finding.end_column,
        "severity": finding.severity,
        "code": finding.code,
        "message": _shown(finding.message),
        "url": finding.url,
        "related": [related._asdict() for related in finding.related],
        "fixes": [_fix(fix) for fix in finding.fixes],
    }


def _json(findings: Sequence[Finding], sources: Mapping[str, str], colour: bool) -> str:
    del sources, colour
    return json.dumps([as_object(finding) for finding in findings], indent=1 if findings else None) + "\n"


def _sarif(findings: Sequence[Finding], sources: Mapping[str, str], colour: bool) -> str:
    del sources, colour
    from crystalmath.vasp.rules.rule import all_rules

    used = {finding.code for finding in findings}
    rules = [
        {
            "id": rule.code,
            "shortDescription": {"text": rule.reason},
            "helpUri": rule.url,
            "defaultConfiguration": {"level": _SARIF_LEVELS[rule.severity]},
        }
        for rule in all_rules()
        if rule.code in used
    ]
    run = {
        "tool": {"driver": {"name": "crystalmath", "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(finding) for finding in findings],
    }
    document = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=1) + "\n"


def _sarif_result(finding: Finding) -> dict[str, Any]:
    region = {
        "startLine": finding.line,
        "startColumn": finding.column,
        "endLine": finding.end_line,
        "endColumn": finding.end_column,
    }
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "level": _SARIF_LEVELS[finding.severity],
        "message": {"text": _shown(finding.message)},
        "locations": [_sarif_place(finding.path, region)],
    }
    if finding.related:
        result["relatedLocations"] = [
            {
                **_sarif_place(place.path, {"startLine": place.line, "startColumn": place.column}),
                "message": {"text": _shown(place.message)},
            }
            for place in finding.related
        ]
    return result


def _sarif_place(path: str, region: dict[str, int]) -> dict[str, Any]:
    from urllib.parse import quote

    uri = quote(path.replace("\\", "/").encode("utf-8", "surrogateescape"))
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}


def _github(findings: Sequence[Finding], sources: Mapping[str, str], colour: bool) -> str:
    del sources, colour
    return "".join(
        f"::{_GITHUB_LEVELS[f.severity]} file={_property(f.path)},line={f.line},col={f.column},"
        f"endLine={f.end_line},endColumn={f.end_column},title={_property(f.code)}::{_data(f.message)}\n"
        for f in findings
    )


def _data(text: str) -> str:
    return _shown(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


FORMATS: Final = {"human": _human, "json": _json, "sarif": _sarif, "github": _github}
