"""Whatever is typed and asked for, in whatever order, every request of an editor gets a sane answer."""

from __future__ import annotations

import asyncio
import itertools
import json
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from lsprotocol import types
from lsprotocol.converters import get_converter

from crystalmath_lsp.client import Client
from crystalmath_lsp.documents import Document
from crystalmath_lsp.features import FEATURES, Features
from crystalmath_lsp.messages import Notification, Request
from crystalmath_lsp.positions import to_character, to_column
from crystalmath_lsp.shapes import Change, OpenedDocument, Position, Range
from crystalmath_lsp.workspace import Workspace

ENCODINGS = ["utf-8", "utf-16", "utf-32"]
CODECS = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
WIDTHS = {"utf-8": 1, "utf-16": 2, "utf-32": 4}
PIECES = [
    "ENCUT = 5", "MAGMOM = 2*1 0", "ISPIN=2", "LDAUU = 1 2", "\n", "\n", "\n", "é", "🙂", "# ", '"', "\\\n",
    "{", "}", " ; ", "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nFe O\n2 1\nDirect\n0 0 0\n.5 .5 .5\n.2 .2 .2\n",
    "Selective\n", "T F T",
    "k\n0\nGamma\n4 4 4\n0 0 0\n", "Line", "\r\n", "3*", "NSW = 5", "TITEL = PAW_PBE Fe", "\u2028", " ", "7",
]  # fmt: skip
text = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
NAMES = ["INCAR", "POSCAR", "KPOINTS", "POTCAR", "KPOINTS_OPT", "INCAR.relax", "notes.txt"]
READING = [
    "textDocument/completion", "textDocument/hover", "textDocument/signatureHelp", "textDocument/inlayHint",
    "textDocument/semanticTokens/full", "textDocument/semanticTokens/range", "textDocument/codeLens",
    "textDocument/documentLink", "textDocument/documentHighlight", "textDocument/documentSymbol",
    "textDocument/foldingRange", "textDocument/codeAction", "textDocument/diagnostic",
]  # fmt: skip


def units(piece: str, encoding: str) -> int:
    return len(piece.encode(CODECS[encoding], "surrogatepass")) // WIDTHS[encoding]


def place_of(whole: str, offset: int, encoding: str) -> Position:
    """Return an offset as a client counts it."""
    before = whole[:offset]
    return Position(before.count("\n"), units(before[before.rfind("\n") + 1 :], encoding))


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(line=st.text(max_size=20), data=st.data())
def test_columns_and_characters_belong_together(encoding: str, line: str, data: st.DataObject) -> None:
    line = line.replace("\n", "")
    character = data.draw(st.integers(0, len(line)))
    column = to_column(line, character, encoding)
    assert column == units(line[:character], encoding)
    assert to_character(line, column, encoding) == character
    assert to_character(line, column + 10_000, encoding) == len(line)


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(whole=text, edits=st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99), text), max_size=6))
def test_a_document_follows_edits_counted_in_any_units(
    encoding: str, whole: str, edits: list[tuple[int, int, str]]
) -> None:
    document = Document(OpenedDocument("file:///work/INCAR", whole), encoding)
    for one, two, new in edits:
        start, end = sorted((min(one, len(whole)), min(two, len(whole))))
        where = Range(place_of(whole, start, encoding), place_of(whole, end, encoding))
        document.change([Change(new, where)], None)
        whole = whole[:start] + new + whole[end:]
    assert document.text == whole


class Editing(RuleBasedStateMachine):
    """An editor that opens, edits, closes and asks; a model knows the texts and checks every answer."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.ids = itertools.count(1)
        self.written: list[dict[str, Any]] = []
        self.texts: dict[str, str] = {}
        self.versions = itertools.count(1)
        self.version: dict[str, int] = {}
        self.encoding = "utf-16"
        self.start()

    def start(self) -> None:
        capabilities = {"general": {"positionEncodings": [self.encoding]}}
        client = Client(lambda body: self.written.append(json.loads(body)), {"capabilities": capabilities})
        self.workspace = Workspace(client)
        self.features = Features(self.workspace)

    def teardown(self) -> None:
        self.loop.close()

    @precondition(lambda self: not self.texts)
    @rule(encoding=st.sampled_from(ENCODINGS))
    def choose(self, encoding: str) -> None:
        self.encoding = encoding
        self.start()

    def tell(self, method: str, params: object) -> None:
        self.features.serve(Notification(method, msgspec.Raw(json.dumps(params).encode())))

    def ask(self, method: str, params: object) -> Any:
        async def main() -> None:
            self.features.serve(Request(identity, method, msgspec.Raw(json.dumps(params).encode())))
            while not any(m.get("id") == identity for m in self.written):
                await asyncio.sleep(0)

        identity = next(self.ids)
        self.loop.run_until_complete(main())
        (answer,) = (m for m in self.written if m.get("id") == identity)
        assert "error" not in answer, answer
        result_of = types.METHOD_TO_TYPES[method][1]
        assert result_of is not None
        get_converter().structure(answer, result_of)
        return answer["result"]

    @rule(name=st.sampled_from(NAMES), whole=text)
    def open(self, name: str, whole: str) -> None:
        uri = f"file:///nowhere/{name}"
        self.version[uri], self.texts[uri] = next(self.versions), whole
        document = {"uri": uri, "languageId": "", "version": self.version[uri], "text": whole}
        self.tell("textDocument/didOpen", {"textDocument": document})

    @precondition(lambda self: self.texts)
    @rule(data=st.data(), new=text)
    def edit(self, data: st.DataObject, new: str) -> None:
        uri = data.draw(st.sampled_from(sorted(self.texts)))
        whole = self.texts[uri]
        start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(whole))] * 2)))
        where = Range(place_of(whole, start, self.encoding), place_of(whole, end, self.encoding))
        self.texts[uri], self.version[uri] = whole[:start] + new + whole[end:], next(self.versions)
        change = {"range": msgspec.to_builtins(where), "text": new}
        target = {"uri": uri, "version": self.version[uri]}
        self.tell("textDocument/didChange", {"textDocument": target, "contentChanges": [change]})
        assert self.workspace.documents.by_uri[uri].text == self.texts[uri]

    @precondition(lambda self: self.texts)
    @rule(data=st.data())
    def close(self, data: st.DataObject) -> None:
        uri = data.draw(st.sampled_from(sorted(self.texts)))
        del self.texts[uri]
        self.tell("textDocument/didClose", {"textDocument": {"uri": uri}})

    @precondition(lambda self: self.texts)
    @rule(data=st.data(), method=st.sampled_from(READING))
    def look(self, data: st.DataObject, method: str) -> None:
        uri = data.draw(st.sampled_from(sorted(self.texts)))
        whole = self.texts[uri]
        at = msgspec.to_builtins(place_of(whole, data.draw(st.integers(0, len(whole))), self.encoding))
        params = {
            "textDocument": {"uri": uri},
            "position": at,
            "range": {"start": at, "end": at},
            "context": {"diagnostics": []},
        }
        result = self.ask(method, params)
        if method == "textDocument/diagnostic":
            self.inside(whole, [item["range"] for item in result["items"]])
        elif method == "textDocument/documentSymbol" and result:
            self.inside(whole, [item["range"] for item in result])

    def inside(self, whole: str, ranges: list[dict[str, Any]]) -> None:
        """Places must lie in their line, in the client's units; an end may be one unit behind it."""
        lines = whole.split("\n")
        for where in ranges:
            for end in ("start", "end"):
                line = lines[where[end]["line"]]
                assert 0 <= where[end]["character"] <= units(line, self.encoding) + 1


Editing.TestCase.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestEditing = Editing.TestCase


def test_every_feature_that_reads_is_asked_for() -> None:
    others = {
        "textDocument/didOpen", "textDocument/didChange", "textDocument/didClose", "completionItem/resolve",
        "textDocument/semanticTokens/full/delta", "workspace/diagnostic", "workspace/didChangeConfiguration",
        "workspace/didChangeWatchedFiles", "workspace/didChangeWorkspaceFolders", "workspace/executeCommand",
    }  # fmt: skip
    assert FEATURES.keys() == {*READING, *others}
