"""Rules on how the files are written: what VASP does not take as the author meant it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from crystalmath.vasp import fortran, tags
from crystalmath.vasp.finding import Edit, Fix
from crystalmath.vasp.incar import parse
from crystalmath.vasp.rules.fixes import remove
from crystalmath.vasp.rules.rule import Report, at, parsing_rule, replace, rule
from crystalmath.vasp.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crystalmath.vasp.folder import Folder
    from crystalmath.vasp.incar import Statement, Token
    from crystalmath.vasp.source import Severity

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:/[A-Za-z0-9_]+)*\Z")
_HIDDEN: Final = re.compile(r"(?<![A-Za-z0-9_])([A-Za-z][A-Za-z0-9_]*)\s*=(?!=)")
_HEAD: Final = re.compile(r"([A-Za-z][A-Za-z0-9_]*)(\s*:?=?\s*)(?=\S)")  # a name and what stands for the sign
_UNITS: Final = frozenset({"eV", "fs", "K", "A", "Å", "kB"})
_ENGLISH: Final = frozenset({"TIME", "IMAGES", "VELOCITY"})  # words that begin a remark
_PARTED: Final = re.compile(r"([A-Za-z][A-Za-z0-9_]*)[ \t]+([A-Za-z0-9_]+)[ \t]*=")
_THIRD_WORD: Final = re.compile(r"\s*\S+\s+\S+\s+\S")
_ITEM_END: Final = re.compile(r"[,/]")
_LOGICALS: Final = frozenset({"t", "f", "true", "false"})
_NUMBERS: Final = re.compile(r"(?:\d+\*)?[-+]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][-+]?\d+)?\Z")

for _code, _severity, _reason in (
    ("unclosed-quote", "error", "a quoted value never ends, so that it holds what was not meant"),
    ("unclosed-block", "error", "a block in braces never ends and takes in what follows"),
    ("unopened-block", "warning", "a closing brace stands where no block is open"),
):
    parsing_rule(_code, _severity, _reason, "INCAR", "INCAR")  # type: ignore[arg-type]  # the literals are severities

for _code, _severity, _reason in (
    ("poscar-ends-early", "error", "the POSCAR ends before it is complete"),
    ("scale", "error", "the second line holds one scale factor or three positive ones"),
    ("lattice-vector", "error", "each lattice vector is a line of three numbers"),
    ("species", "error", "the sixth line holds species or counts"),
    ("counts", "error", "the numbers of ions are positive whole numbers"),
    ("species-count", "error", "each species has one count"),
    ("mode-missing", "error", "without the mode line VASP loses the first position"),
    ("too-few-positions", "error", "the counts announce more ions than positions follow"),
    ("position", "error", "each position is a line that begins with three numbers"),
    ("selective-flags", "error", "selective dynamics needs three flags T or F behind each position"),
    ("blank-line", "warning", "an empty line stands among the positions"),
    ("lattice-velocities", "warning", "the lattice velocities are incomplete"),
    ("velocities", "warning", "the velocities are incomplete"),
):
    parsing_rule(_code, _severity, _reason, "POSCAR", "POSCAR")  # type: ignore[arg-type]  # the literals are severities

for _code, _reason in (
    ("kpoints-ends-early", "the KPOINTS ends before it is complete"),
    ("kpoints-count", "the second line holds the number of points, 0 for a mesh"),
    ("kpoints-mode", "the third line says how the points are made"),
    ("kpoints-mesh", "a mesh needs three positive whole numbers"),
    ("kpoints-numbers", "a line of the KPOINTS has too few numbers"),
    ("kpoints-path", "each segment of a path has a start and an end"),
    ("kpoints-tetrahedra", "the corners of a tetrahedron are numbers of points"),
):
    parsing_rule(_code, "error", _reason, "KPOINTS", "KPOINTS")
parsing_rule("kpoints-shift", "warning", "the shift of a mesh is three numbers", "KPOINTS", "KPOINTS")


@rule("unknown-tag", "error", "VASP ignores a tag that it does not know, silently", "Category:INCAR_tag")
def unknown_tag(folder: Folder) -> Iterator[Report]:
    """Report names that no VASP knows: errors when a known name is near, else perhaps a patched build."""
    allowed = {name.upper() for name in folder.options.allow}
    assert folder.incar is not None
    for statement in folder.incar.statements:
        if tags.is_known(statement.tag) or statement.tag in allowed:
            continue
        near = tags.suggest(statement.tag)
        if near is not None and near not in folder.incar.effective:
            written = near.rsplit("/", 1)[-1] if "/" not in statement.name else near
            fix = replace(f"Write {near}", statement.name_span, written, safe=False)
            yield at(statement, f"{statement.name} is no tag of VASP; did you mean {near}?", fix, value=False)
        elif near is not None:
            message = f"{statement.name} is no tag of VASP (but {near} is, and is given too)"
            yield at(statement, message, value=False)
        elif _NAME.match(statement.name) is None:
            message = f"{statement.name} is no name of a tag: VASP takes the line as text"
            yield at(statement, message, value=False, severity="information")
        else:
            message = f"{statement.name} is no tag of VASP, which ignores it (unless yours is patched)"
            yield at(statement, message, value=False, severity="warning")


@rule("undocumented-tag", "hint", "the tag exists but is not documented", "Category:INCAR_tag")
def undocumented_tag(folder: Folder) -> Iterator[Report]:
    """Point out tags that programs know and the documentation does not."""
    assert folder.incar is not None
    for statement in folder.incar.statements:
        if (
            tags.find(statement.tag) is None
            and tags.is_known(statement.tag)
            and not tags.is_vtst(statement.tag)
        ):
            yield at(statement, f"{statement.tag} is known to VASP but not documented", value=False)


@rule("vtst-tag", "hint", "the tag works only in a VASP with the VTST patches", "Nudged_elastic_bands")
def vtst_tag(folder: Folder) -> Iterator[Report]:
    """Point out tags of the VTST patches; silent where the settings say that the build has them."""
    assert folder.incar is not None
    if folder.options.vtst:
        return
    for statement in folder.incar.statements:
        if tags.is_vtst(statement.tag) and tags.find(statement.tag) is None:
            yield at(statement, f"{statement.tag} needs a VASP built with the VTST patches", value=False)


@rule("duplicate-tag", "error", "of several statements with one tag VASP takes the first", "INCAR")
def duplicate_tag(folder: Folder) -> Iterator[Report]:
    """Report every statement that an earlier one beats."""
    assert folder.incar is not None
    for statement in folder.incar.statements:
        first = folder.incar.effective[statement.tag]
        if first is statement:
            continue
        same = first.value.split() == statement.value.split()
        fix = remove(folder, statement, safe=same)
        message = f"{statement.tag} is given in line {first.line} already, which VASP uses"
        severity: Severity | None = "warning" if same else None
        if first.line == statement.line and first.value.count("(") > first.value.count(")"):
            severity = "information"  # the semicolon stands in a remark such as `(see the manual; ALGO = 58)`
        report = at(statement, message, fix, value=False, severity=severity)
        yield report._replace(related=(("INCAR", first.line, f"{statement.tag} = {first.value[:40]}"),))


@rule("missing-equals", "error", "VASP takes a line without = as text and ignores it", "INCAR")
def missing_equals(folder: Folder) -> Iterator[Report]:
    """Report text that is a tag and a value of its type with the equals sign left out."""
    assert folder.incar is not None
    for token in folder.incar.free_text:
        match = _HEAD.match(token.text)
        name = match[1].upper() if match is not None else ""
        if match is None or not match[2] or name in folder.incar.effective:
            continue
        if (match[1] != name and name in _ENGLISH) or not _values_of(name, token.text[match.end() :].split()):
            continue
        start, end = (token.offset + place for place in match.span(2))
        fix = Fix("Insert =", False, (Edit(start, end, " = "),))
        message = f"{match[1]} without = is text to VASP, which ignores it"
        yield Report("INCAR", Span(token.offset, token.end), message, (fix,))


_FOREIGN: Final = re.compile(
    "[\u00a0\u1680\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff\uff1d]"  # blanks and `=` that are not ASCII
)
_NO_WIDTH: Final = "\u200b\u200c\u200d\u2060\ufeff"


@rule(
    "foreign-blank", "error", "VASP knows no blanks but those of ASCII and reads others as letters", "INCAR"
)
def foreign_blank(folder: Folder) -> Iterator[Report]:
    """Report blanks that came with a copied text, and the byte order mark, where they spoil a statement."""
    assert folder.incar is not None
    text = folder.incar.text
    if text.isascii():
        return
    spans = [_reach(text, statement) for statement in folder.incar.statements]
    spans += [Span(token.offset, token.end) for token in folder.incar.free_text if _spoilt(token.text)]
    for start, end in sorted(spans):
        found = list(_FOREIGN.finditer(text, start, end))
        if found:
            edits = tuple(Edit(*match.span(), _plain(match.group())) for match in found)
            span = Span(*found[0].span())
            message = "a character that looks like a blank and is none to VASP, which misreads this line"
            yield Report("INCAR", span, message, (Fix("Write plain blanks", True, edits),))


def _reach(text: str, statement: Statement) -> Span:
    """Return a statement with the blanks around it; what stands inside a title or a quoted text is fine."""
    tag = tags.find(statement.tag)
    start, end = statement.span
    if statement.quoted or tag is None or tag.type == "string":
        end = statement.value_span.start
    while start > 0 and text[start - 1] != "\n" and text[start - 1].isspace():
        start -= 1
    while end < len(text) and text[end] not in "\r\n" and text[end].isspace():
        end += 1
    return Span(start, end)


def _spoilt(text: str) -> bool:
    """Say whether free text is a statement but for foreign characters."""
    if _FOREIGN.search(text) is None:
        return False
    clean = _FOREIGN.sub(lambda match: _plain(match.group()), text)
    return any(tags.find(statement.tag) is not None for statement in parse(clean).statements)


def _plain(character: str) -> str:
    return "" if character in _NO_WIDTH else "=" if character == "\uff1d" else " "


def _values_of(name: str, words: list[str]) -> bool:
    """Say whether words, perhaps with a unit behind them, are what a tag takes."""
    tag = tags.find(name)
    words = words[:-1] if len(words) > 1 and words[-1] in _UNITS else words
    if tag is None or (len(words) > 1 and not tag.array):
        return False
    return all(_reads_as(word, tag.type) for word in words)


@rule("parted-tag", "error", "VASP ignores a tag that a blank parts in two", "INCAR")
def parted_tag(folder: Folder) -> Iterator[Report]:
    """Report text such as `EN CUT = 500`, whose words are one tag."""
    assert folder.incar is not None
    for token in folder.incar.free_text:
        match = _PARTED.match(token.text)
        name = (match[1] + match[2]).upper() if match is not None else ""
        if match is None or not tags.is_known(name) or name in folder.incar.effective:
            continue
        span = Span(token.offset, token.offset + match.end(2))
        message = f"{match[1]} {match[2]} is text to VASP; did you mean {name}?"
        yield Report("INCAR", span, message, (replace(f"Write {name}", span, name, safe=False),))


def _reads_as(word: str, kind: str | None) -> bool:
    readers = {"integer": fortran.read_integer, "real": fortran.read_real, "logical": fortran.read_logical}
    read = readers.get(kind or "")
    if read is None:
        return False
    try:
        read(word)
    except ValueError:
        return False
    return True


@rule("empty-value", "error", "VASP stops at a tag whose value it cannot read", "INCAR")
def empty_value(folder: Folder) -> Iterator[Report]:
    """Report tags without a value; strings may be empty."""
    for statement, tag in folder.parameters.known:
        if statement.value.strip() or tag.type in {"string", None}:
            continue
        fix = remove(folder, statement, safe=False)
        yield at(statement, f"{statement.tag} has no value", fix, value=False)


@rule("backslash-blank", "error", "a backslash continues the line only as its last character", "INCAR")
def backslash_blank(folder: Folder) -> Iterator[Report]:
    """Report a backslash at the end of a line that blanks or a comment follow."""
    assert folder.incar is not None
    if "\\" not in folder.incar.text:
        return
    tokens = folder.incar.tokens
    for index, token in enumerate(tokens):
        if token.kind != "value" or token.text != "\\":
            continue
        after = index + 1
        while after < len(tokens) and tokens[after].kind in {"space", "comment"}:
            after += 1
        if after == index + 1 or (after < len(tokens) and tokens[after].kind != "newline"):
            continue
        blanks = all(between.kind == "space" for between in tokens[index + 1 : after])
        edit = Edit(token.end, tokens[after - 1].end, "")
        fixes = (Fix("Remove the blanks behind the backslash", False, (edit,)),) if blanks else ()
        message = "the backslash does not continue the line: something stands behind it"
        yield Report("INCAR", Span(token.offset, token.end), message, fixes)


@rule("lost-values", "warning", "a line of numbers without a tag is text to VASP", "INCAR")
def lost_values(folder: Folder) -> Iterator[Report]:
    """Report lines that are nothing but numbers: mostly a lost continuation."""
    assert folder.incar is not None
    for token in folder.incar.free_text:
        words = token.text.split()
        if len(words) > 1 and all(_NUMBERS.match(word) for word in words):
            message = "these numbers belong to no tag; to continue the line before, end it with a backslash"
            yield Report("INCAR", Span(token.offset, token.end), message)


@rule("hidden-statement", "error", "a second statement on a line needs a semicolon before it", "INCAR")
def hidden_statement(folder: Folder) -> Iterator[Report]:
    """Report `TAG =` inside the value of another tag, which VASP never sees."""
    assert folder.incar is not None
    for statement in folder.incar.statements:
        if "=" not in statement.value or statement.quoted:
            continue
        tag = tags.find(statement.tag)
        if tag is None or (tag.type in {"string", None} and statement.tag not in _SHORT_WORDS):
            continue
        for piece in statement.pieces:
            third = _THIRD_WORD.match(piece.text)
            for match in _outside_brackets(piece.text):
                if match.start() > 0 and tags.is_known(match[1]):
                    # a value, its unit, and words: perhaps a sentence
                    yield _hidden(piece, match, remark=third is not None and third.end() <= match.start())


def _outside_brackets(text: str) -> Iterator[re.Match[str]]:
    """Yield the `TAG =` of a text, without those of remarks such as `(default: EDIFF = 1E-4)`."""
    depth, at = 0, 0
    for match in _HIDDEN.finditer(text):
        depth += text.count("(", at, match.start()) - text.count(")", at, match.start())
        at = match.start()
        if depth <= 0:
            yield match


_SHORT_WORDS: Final = frozenset({"ALGO", "PREC", "LREAL", "GGA", "METAGGA", "PRECFOCK"})


def _hidden(piece: Token, match: re.Match[str], *, remark: bool) -> Report:
    offset = piece.offset + match.start()
    fix = Fix("Insert a semicolon", False, (Edit(offset, offset, "; "),))
    span = Span(offset, offset + len(match[1]))
    message = f"{match[1]} is part of the value before it: a semicolon is missing"
    return Report("INCAR", span, message, (fix,), severity="warning" if remark else None)


@rule(
    "windows-line-ends", "hint", "line ends of Windows are read as part of the value by some builds", "INCAR"
)
def windows_line_ends(folder: Folder) -> Iterator[Report]:
    """Point out CR LF, once per file."""
    assert folder.incar is not None
    text = folder.incar.text
    first = text.find("\r\n")
    if first >= 0:
        edits = tuple(Edit(match.start(), match.start() + 1, "") for match in re.finditer("\r(?=\n)", text))
        fix = Fix("Use Unix line ends", False, edits)
        yield Report("INCAR", Span(first, first + 1), "the lines end as on Windows", (fix,))


@rule("misspelt-logical", "warning", "VASP reads every word that begins with T or F as a logical", "INCAR")
def misspelt_logical(folder: Folder) -> Iterator[Report]:
    """Report `.TURE.` and the like, which VASP reads by the first letter."""
    p = folder.parameters
    for statement, tag in p.known:
        value = p.logical(statement.tag) if tag.type == "logical" else None
        word = None if value is None else statement.first_word
        if word is None or _ITEM_END.split(word.text, 1)[0].strip(".").lower() in _LOGICALS:
            continue
        written = ".TRUE." if value else ".FALSE."
        import difflib

        meant = difflib.get_close_matches(word.text.strip(".,").lower(), ("true", "false"), 1, 0.7)
        clear = bool(meant) and meant[0][0] == written[1].lower()
        fix = replace(f"Write {written}", word.span, written, safe=clear)
        yield Report("INCAR", word.span, f"{word.text} is read as {written}", (fix,))
