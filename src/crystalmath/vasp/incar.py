"""INCAR: text to a lossless syntax tree.

The grammar, as VASP reads it:

- a statement is `TAG = values`, ended by the line, by `;` or by a comment; several may share a line;
- `#` and `!` begin a comment that runs to the end of the line, also behind a `;` in it;
- a backslash that is the last character of a line continues the values on the next line;
- a value in double quotes may run over several lines and holds everything up to the closing quote;
- `NAME { … }` nests: a statement `TAG = …` inside is the statement `NAME/TAG = …`;
- whatever is no statement is free text, which VASP does not look at;
- tags may be written in any case; of several statements with one tag VASP takes the first.

Joining the tokens of a tree gives the text back, character for character, whatever the text is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import Final, Literal, NamedTuple, cast

from crystalmath.vasp.source import Place, Problem, Source, Span

__all__ = ["Incar", "Statement", "Token", "TokenKind", "Word", "parse"]

TokenKind = Literal[
    "newline", "space", "comment", "tag", "equals", "value", "quoted", "continuation", "semicolon",
    "block", "open", "close", "text",
]  # fmt: skip

_SPACE_PATTERN: Final = r"(?:[^\S\r\n]|\r(?!\n))+"  # a carriage return belongs to the line end it precedes
_START: Final = re.compile(
    r"(?P<newline>\r?\n)"
    rf"|(?P<space>{_SPACE_PATTERN})"
    r"|(?P<comment>[#!][^\n]*)"
    r"|(?P<semicolon>;)"
    r"|(?P<tag>[A-Za-z][^\s=;#!{}\"\\]*)(?=[^\S\n]*=)"
    r"|(?P<block>[A-Za-z]\w*)(?=\s*\{)"
    r"|(?P<close>\})"
    r"|(?P<text>\{|[^\n;#!{}]+)"
)
# The line that most lines are: `TAG = value`, perhaps a remark. Read in one step, as the rest would read it.
_LINE: Final = re.compile(
    r"([^\S\r\n]*)([A-Za-z][A-Za-z0-9_]*)([^\S\r\n]*)=([^\S\r\n]*)"
    r"([^\s;#!\\\"](?:[^\r\n;#!\\]*[^\s;#!\\])?)([^\S\r\n]*)([#!](?:[^\r\n]*[^\s])?)?(\r?\n)"
)
_AFTER_TAG: Final = re.compile(r"(?P<space>[^\S\n]+)?=")
_AFTER_BLOCK: Final = re.compile(r"(?P<space>\s+)?\{")
_SPACE: Final = re.compile(_SPACE_PATTERN)
_QUOTED: Final = re.compile(r'"[^"]*"')
_VALUE: Final = re.compile(r"[^\n;#!\\]+")
_VALUE_IN_BLOCK: Final = re.compile(r"[^\n;#!\\}]+")
_CONTINUATION: Final = re.compile(r"\\\r?\n")
_WORD: Final = re.compile(r"\S+")
_MAX_DEPTH: Final = 100


class Token(NamedTuple):
    """A piece of the text; all tokens joined are the text."""

    kind: TokenKind
    text: str
    offset: int

    @property
    def end(self) -> int:
        """The offset behind the token."""
        return self.offset + len(self.text)


class Word(NamedTuple):
    """A word of a value and the offset at which it stands in the text."""

    text: str
    offset: int

    @property
    def span(self) -> Span:
        """Where the word stands."""
        return Span(self.offset, self.offset + len(self.text))


class Statement(NamedTuple):
    """One `TAG = values`.

    `tag` is upper case and carries the blocks around it (`KERNEL_TRUNCATION/LTRUNCATE`); `name` is what was
    written. `value` is what VASP reads: quotes, comments and continuations are gone, continued lines are
    joined with a blank. `line` and `column` (from 1) are those of the name.
    """

    tag: str
    name: str
    value: str
    line: int
    column: int
    name_span: Span
    value_span: Span
    pieces: tuple[Token, ...]
    quoted: bool
    closed: bool

    @property
    def span(self) -> Span:
        """From the name to the end of the values."""
        return Span(self.name_span.start, self.value_span.end)

    @property
    def first_word(self) -> Word | None:
        """Return the first word of the value with its place, None when there is none."""
        for piece in self.pieces:
            match = _WORD.search(piece.text)
            if match is not None:
                return Word(match.group(), piece.offset + match.start())
        return None

    def words(self) -> tuple[Word, ...]:
        """Return the words of the value with their places."""
        return tuple(
            Word(match.group(), piece.offset + match.start())
            for piece in self.pieces
            for match in _WORD.finditer(piece.text)
        )


class Incar:
    """The syntax tree of an INCAR file."""

    def __init__(
        self,
        source: Source,
        tokens: tuple[Token, ...],
        statements: tuple[Statement, ...],
        problems: tuple[Problem, ...],
    ) -> None:
        self.source = source
        self.tokens = tokens
        self.statements = statements
        self.problems = problems

    @property
    def text(self) -> str:
        """The text that was parsed."""
        return self.source.text

    @cached_property
    def effective(self) -> dict[str, Statement]:
        """The statement that counts for each tag: the first one."""
        effective: dict[str, Statement] = {}
        for statement in self.statements:
            effective.setdefault(statement.tag, statement)
        return effective

    def statement_at(self, offset: int) -> Statement | None:
        """Return the statement that reaches over an offset, None outside of all."""
        index = bisect_right(self.statements, offset, key=lambda statement: statement.name_span.start) - 1
        statement = self.statements[index] if index >= 0 else None
        return statement if statement is not None and offset <= statement.span.end else None

    def values(self) -> dict[str, str]:
        """Return what VASP would use: tag (upper case, `A/B` when nested) to value text."""
        return {tag: statement.value for tag, statement in self.effective.items()}

    def place(self, offset: int) -> Place:
        """Return the line and column of an offset."""
        return self.source.place(offset)

    @property
    def free_text(self) -> tuple[Token, ...]:
        """The pieces that are neither statement nor comment, which VASP does not look at."""
        return tuple(token for token in self.tokens if token.kind == "text")


def parse(text: str) -> Incar:
    """Parse an INCAR; never raises, whatever the text is."""
    return _Parser(text).parse()


class _Parser:
    """One pass over the text; every method moves `at` forward and appends tokens."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.source = Source(text)
        self.at = 0
        self.tokens: list[Token] = []
        self.statements: list[Statement] = []
        self.problems: list[Problem] = []
        self.blocks: list[tuple[str, int]] = []

    def parse(self) -> Incar:
        length, match_start = len(self.text), _START.match
        while self.at < length:
            if not self.blocks and self._plain_lines():
                continue
            match = match_start(self.text, self.at)
            assert match is not None  # every character begins one of the alternatives
            self._take(cast("TokenKind", match.lastgroup), match.group())
        for name, offset in self.blocks:
            self._problem(
                offset, len(name), "unclosed-block", f"the block {name} is never closed with a brace"
            )
        return Incar(self.source, tuple(self.tokens), tuple(self.statements), tuple(self.problems))

    def _plain_lines(self) -> bool:
        """Take the lines `TAG = value` that follow; say whether there were any."""
        text, at, add = self.text, self.at, self.tokens.append
        if at and text[at - 1] != "\n":
            return False
        number = bisect_right(self.source.starts, at)
        while (match := _LINE.match(text, at)) is not None:
            lead, name, before, after, value, behind, remark, end = match.groups("")
            if lead:
                add(Token("space", lead, at))
            tag_at = at + len(lead)
            tag_end = tag_at + len(name)
            add(Token("tag", name, tag_at))
            if before:
                add(Token("space", before, tag_end))
            equals_at = tag_end + len(before)
            add(Token("equals", "=", equals_at))
            if after:
                add(Token("space", after, equals_at + 1))
            value_at = equals_at + 1 + len(after)
            value_end = value_at + len(value)
            piece = Token("value", value, value_at)
            add(piece)
            if behind:
                add(Token("space", behind, value_end))
            if remark:
                add(Token("comment", remark, value_end + len(behind)))
            add(Token("newline", end, match.start(8)))
            spans = Span(tag_at, tag_end), Span(value_at, value_end)
            column = tag_at - at + 1
            self.statements.append(
                Statement(name.upper(), name, value, number, column, *spans, (piece,), False, True)
            )
            at, number = match.end(), number + 1
        found, self.at = at > self.at, at
        return found

    def _take(self, kind: TokenKind, text: str) -> None:
        if kind == "tag":
            self._statement(text)
        elif kind == "block":
            self._open_block(text)
        elif kind == "close":
            self._close_block()
        elif kind in {"text", "comment"}:
            self._add(kind, text.rstrip())
        else:
            self._add(kind, text)

    def _add(self, kind: TokenKind, text: str) -> Token:
        token = Token(kind, text, self.at)
        self.tokens.append(token)
        self.at += len(text)
        return token

    def _problem(self, offset: int, length: int, code: str, message: str) -> None:
        line, column = self.source.place(offset)
        self.problems.append(Problem(line, column, message, code, column + length))

    def _open_block(self, name: str) -> None:
        offset = self.at
        self._add("block", name)
        match = _AFTER_BLOCK.match(self.text, self.at)
        assert match is not None  # looked for when the name was found
        if match["space"]:
            self._add("space", match["space"])
        self._add("open", "{")
        self.blocks.append((name.upper(), offset))

    def _close_block(self) -> None:
        if self.blocks:
            self.blocks.pop()
            self._add("close", "}")
        else:
            self._problem(self.at, 1, "unopened-block", "this brace closes no block")
            self._add("text", "}")

    def _statement(self, name: str) -> None:
        start = self.at
        self._add("tag", name)
        match = _AFTER_TAG.match(self.text, self.at)
        assert match is not None  # looked for when the name was found
        if match["space"]:
            self._add("space", match["space"])
        self._add("equals", "=")
        behind_equals = self.at
        pieces, quoted, closed = self._values()
        place = self.source.place(start)
        value = (
            pieces[0].text.removeprefix('"').removesuffix('"') if quoted else " ".join(p.text for p in pieces)
        )
        end = pieces[-1].end if pieces else behind_equals
        begin = pieces[0].offset if pieces else behind_equals
        self.statements.append(
            Statement(
                "/".join([block for block, _ in self.blocks[-_MAX_DEPTH:]] + [name.upper()]),
                name,
                value,
                place.line,
                place.column,
                Span(start, start + len(name)),
                Span(begin, end),
                tuple(pieces),
                quoted,
                closed,
            )
        )

    def _values(self) -> tuple[list[Token], bool, bool]:
        self._value_space()
        closed = True
        if self.text.startswith('"', self.at):
            match = _QUOTED.match(self.text, self.at)
            if match is not None:
                return [self._add("quoted", match.group())], True, True
            self._problem(self.at, 1, "unclosed-quote", "the quotation mark is never closed")
            closed = False
        return self._unquoted(), False, closed

    def _value_space(self) -> None:
        match = _SPACE.match(self.text, self.at)
        if match is not None:
            self._add("space", match.group())

    def _unquoted(self) -> list[Token]:
        pattern = _VALUE_IN_BLOCK if self.blocks else _VALUE
        pieces: list[Token] = []
        while True:
            self._value_space()
            match = _CONTINUATION.match(self.text, self.at)
            if match is not None:
                self._add("continuation", match.group())
                continue
            match = pattern.match(self.text, self.at)
            if match is None and self.text.startswith("\\", self.at):
                pieces.append(self._add("value", "\\"))  # a backslash inside a line is a character
            elif match is not None and (value := match.group().rstrip()):
                pieces.append(self._add("value", value))
            else:
                return pieces
