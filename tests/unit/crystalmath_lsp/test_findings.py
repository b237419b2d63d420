"""Findings are pushed or pulled, never both, never old ones."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import msgspec
from tests.unit.crystalmath_lsp.open_documents import document, opened, span

from crystalmath_lsp.client import Client
from crystalmath_lsp.findings import Findings, report
from crystalmath_lsp.shapes import Checked, CodeDescription, Diagnostic

PULLS = {"textDocument": {"diagnostic": {}}, "workspace": {"diagnostics": {"refreshSupport": True}}}
ONE = document("ENCUT = 4\n")
FINDING = Diagnostic(span(0, 0, 0, 5), 2, "some-code", CodeDescription("https://a"), "what is wrong")


def findings(written: list[Any], capabilities: dict[str, Any] | None = None) -> Findings:
    client = Client(lambda body: written.append(json.loads(body)), {"capabilities": capabilities or {}})
    return Findings(client, opened(ONE))


def found(*diagnostics: Diagnostic, version: int = 1) -> Checked:
    return Checked(ONE.uri, version, diagnostics, ((),) * len(diagnostics))


def test_new_findings_are_pushed_once_with_their_version() -> None:
    written: list[Any] = []
    kept = findings(written)
    kept.take(found(FINDING))
    kept.take(found(FINDING))
    (message,) = written
    assert message["params"]["version"] == 1
    assert [each["code"] for each in message["params"]["diagnostics"]] == ["some-code"]


def test_findings_of_an_older_version_or_a_closed_document_are_dropped() -> None:
    written: list[Any] = []
    kept = findings(written)
    kept.take(found(FINDING, version=0))
    kept.take(msgspec.structs.replace(found(FINDING), uri="file:///elsewhere/INCAR"))
    assert written == []
    assert kept.checked == {}


def test_the_same_findings_have_the_same_name_and_are_not_sent_again() -> None:
    kept = findings([], PULLS)
    kept.take(found(FINDING), edited=ONE.uri)
    full = report(kept.checked[ONE.uri], None)
    assert (full.kind, full.items) == ("full", (FINDING,))
    assert report(kept.checked[ONE.uri], full.result_id).kind == "unchanged"
    kept.take(found(), edited=ONE.uri)
    assert report(kept.checked[ONE.uri], full.result_id).items == ()


def test_a_client_that_pulls_is_told_to_when_another_file_changed_one_question_at_a_time() -> None:
    written: list[Any] = []

    async def main() -> None:
        kept = findings(written, PULLS)
        kept.take(found(), edited=ONE.uri)
        await asyncio.sleep(0)
        assert written == []
        kept.take(found(FINDING))
        kept.refresh()
        await asyncio.sleep(0)

    asyncio.run(main())
    assert [message["method"] for message in written] == ["workspace/diagnostic/refresh"]
