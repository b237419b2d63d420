"""Rules on single values: types, numbers of values, listed values, sensible ranges, versions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from crystalmath.vasp import fortran
from crystalmath.vasp.rules.fixes import write
from crystalmath.vasp.rules.rule import Report, at, replace, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crystalmath.vasp.finding import Fix
    from crystalmath.vasp.folder import Folder
    from crystalmath.vasp.incar import Statement
    from crystalmath.vasp.tags import Tag

_LONGEST: Final = 40
_SEVERAL: Final = re.compile(r"\S\s+\S|[*,]")
_COMMA: Final = re.compile(r"([-+]?[0-9]+),([0-9]+)\Z")
_KINDS: Final = {"integer": "a whole number", "real": "a number", "logical": ".TRUE. or .FALSE."}
_LISTS: Final = {"integer": "whole numbers", "real": "numbers", "logical": ".TRUE. or .FALSE."}
# Tags whose values may also be words: the documentation names a type that is only part of the truth.
_MIXED: Final = frozenset(
    """EFERMI LREAL ELPH_SELFEN_IKPT ELPH_SELFEN_KPTS OMEGAMAX ELPH_DRIVER ENCUTGW RANDOM_SEED FMP_ACTIVE
    ML_MB ML_MCONF NUM_WANN LH5 LCHARGH5 LWAVEH5 PROUTINE LIBXC1 LIBXC2""".split()  # noqa: SIM905  # quotes hide the names
)


def _known(folder: Folder, *types: str) -> Iterator[tuple[Statement, Tag]]:
    for statement, tag in folder.parameters.known:
        if (not types or tag.type in types) and not statement.quoted and statement.pieces:
            yield statement, tag


@rule("wrong-type", "error", "VASP stops when it cannot read the value of a tag", "INCAR")
def wrong_type(folder: Folder) -> Iterator[Report]:
    """Report values that Fortran cannot read as the type of the tag."""
    for statement, tag in _known(folder, *_KINDS):
        if tag.name in _MIXED and statement.value[:1].isalpha():
            continue
        reason = folder.parameters.fault(statement.tag, tag.type or "", several=tag.array)
        if reason is not None and not _cut(folder, statement):
            message = f"{tag.name} takes {(_LISTS if tag.array else _KINDS)[tag.type or '']}: {reason}"
            word = _readable(statement.value, tag)
            yield at(statement, message, *([write(statement, word, safe=True)] if word else []))


def _cut(folder: Folder, statement: Statement) -> bool:
    """Say whether a backslash with something behind it ends the value: another rule reports it."""
    text, end = folder.source("INCAR").text, statement.value_span.end
    return statement.value.endswith("\\") and text[end : end + 1] in {" ", "\t", "#", "!"}


_WHOLE: Final = re.compile(r"([-+]?[0-9]{1,9})\.0*\Z")
_UNIT: Final = re.compile(r"([-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))(?:eV|fs|K|A|Ang|kB)\Z", re.IGNORECASE)
_WORDS: Final = {
    "yes": ".TRUE.",
    "on": ".TRUE.",
    "1": ".TRUE.",
    "no": ".FALSE.",
    "off": ".FALSE.",
    "0": ".FALSE.",
}
_DASHES: Final = str.maketrans("\u2212\u2013\u2014", "---")  # what word processors make of a minus
_STAR: Final = re.compile(r"(?<=\d)\s*\*\s*(?=[-+.\d])")
_SIGN: Final = re.compile(r"\A=?\s*([-+]?)\s*(?=[.\d])")  # `== 5` and `- 5`


def _readable(value: str, tag: Tag) -> str | None:
    """Return what `20.0`, `500eV`, `yes`, `- 5` and `2 * 5` can only mean, None for other values."""
    if tag.type == "logical":
        return _WORDS.get(value.lower())
    plain = value.translate(_DASHES)
    mended = _STAR.sub("*", plain) if tag.array else _SIGN.sub(r"\1", plain, count=1)
    match = (_WHOLE if tag.type == "integer" else _UNIT).match(mended)
    if match is not None and not tag.array:
        return match[1]
    try:
        fortran.read_integers(mended) if tag.type == "integer" else fortran.read_reals(mended)
    except ValueError:
        return None
    return mended


_BARE: Final = re.compile(r"[-+]?\d+\.?\d*[-+]\d+\Z")


@rule("bare-exponent", "warning", "a number followed by a signed one is a power of ten", "INCAR")
def bare_exponent(folder: Folder) -> Iterator[Report]:
    """Report `10-6`, which Fortran reads as 10E-6, that is 1E-5."""
    for statement, _ in _known(folder, "real"):
        for word in statement.words() if "-" in statement.value or "+" in statement.value else ():
            if _BARE.match(word.text.rpartition("*")[2]):
                value = fortran.read_real(word.text)
                yield Report(
                    "INCAR", word.span, f"{word.text} is read as {value:g}: write the exponent with E"
                )


_FRACTION: Final = re.compile(r"([-+]?\d+\.?\d*)/(\d+\.?\d*)\Z")


@rule("fraction", "error", "a slash ends what VASP reads: 1/4 is read as 1", "INCAR")
def fraction(folder: Folder) -> Iterator[Report]:
    """Report fractions where numbers belong; slashes in remarks are fine."""
    for statement, tag in _known(folder, "integer", "real"):
        if "/" not in statement.value:
            continue
        for word in statement.words() if tag.array else statement.words()[:1]:
            match = _FRACTION.match(word.text)
            if match is not None and float(match[2]):
                written = f"{float(match[1]) / float(match[2]):.6g}"
                fix = replace(f"Write {written}", word.span, written, safe=False)
                yield Report(
                    "INCAR", word.span, f"{word.text} is read as {match[1]}, the rest is lost", (fix,)
                )


@rule("too-many-values", "warning", "VASP reads the first value of a tag that takes one", "INCAR")
def too_many_values(folder: Folder) -> Iterator[Report]:
    """Report several numbers where the tag takes one; units and remarks are fine."""
    for statement, tag in _known(folder, "integer", "real"):
        if tag.array or tag.name in _MIXED or _SEVERAL.search(statement.value) is None:
            continue
        count = len(folder.parameters.reals(statement.tag) or ())
        comma = _COMMA.match(statement.value)
        if comma is not None and tag.type == "real":
            fix = write(statement, f"{comma[1]}.{comma[2]}")
            yield at(statement, f"a comma ends a number: VASP reads {comma[1]}", fix, severity="error")
        elif count > 1:
            yield at(statement, f"{tag.name} takes one value, {count} are given: VASP uses the first")


_COMMA_IN_LIST: Final = re.compile(r"(?:\d+\*)?[-+]?\d+,\d+(?:[eEdD][-+]?\d+)?\Z")


@rule("comma-in-list", "warning", "a comma separates numbers, it does not stand for a decimal point", "INCAR")
def comma_in_list(folder: Folder) -> Iterator[Report]:
    """Report `8 0 4,5`, which are four numbers; `8,0,4.5` and `8, 0, 4.5` are lists."""
    for statement, tag in _known(folder, "real"):
        words = statement.words() if tag.array and "," in statement.value else ()
        word = next((word for word in words if _COMMA_IN_LIST.match(word.text)), None)
        if word is not None and len(words) > 1:
            fix = replace("Write a point", word.span, word.text.replace(",", "."), safe=False)
            message = f"{word.text} is read as two numbers: a comma separates them"
            yield Report("INCAR", word.span, message, (fix,))


@rule("three-values", "warning", "the tag takes three values", "INCAR")
def three_values(folder: Folder) -> Iterator[Report]:
    """Report vectors with too few or too many components."""
    for statement, tag in _known(folder, "integer", "real"):
        if tag.arity != "three":
            continue
        count = len(folder.parameters.reals(statement.tag) or ())
        if count not in {0, 3}:
            yield at(
                statement, f"{tag.name} takes three values, {count} {'is' if count == 1 else 'are'} given"
            )


@rule("unlisted-value", "warning", "the documentation does not list this value", "INCAR")
def unlisted_value(folder: Folder) -> Iterator[Report]:
    """Report values outside the documented list, with the nearest listed one."""
    for statement, tag in _known(folder):
        if not tag.values or tag.array or tag.type == "logical":
            continue
        word = statement.first_word
        if word is None or _listed(word.text, tag):
            continue
        near = _nearest(word.text, tag)
        fixes = (replace(f"Write {near}", word.span, near, safe=False),) if near else ()
        listed = ", ".join(tag.values[:12]) + (", …" if len(tag.values) > 12 else "")
        message = f"{word.text} is no documented value of {tag.name} ({listed})"
        yield Report("INCAR", word.span, message, fixes)


def _listed(word: str, tag: Tag) -> bool:
    if tag.type == "integer":
        try:
            value = fortran.read_integer(word)
        except ValueError:
            return True  # another rule reports the type
        return str(value) in tag.values or (tag.name in {"ISMEAR", "ELPH_ISMEAR"} and value > 0)
    upper = word.upper().strip("\"'")
    listed = [value.upper() for value in tag.values]
    if tag.name in {"PREC", "PRECFOCK", "BSEPREC"}:
        return any(value.startswith(upper) or upper.startswith(value) for value in listed)
    if tag.name == "GGA":
        return any(value[:2] == upper[:2] for value in listed)
    return upper in listed or (tag.name == "METAGGA" and upper.startswith(("MGGA", "HYB", "LIBXC", "--")))


def _nearest(word: str, tag: Tag) -> str | None:
    if len(word) > _LONGEST:
        return None
    import difflib

    found = difflib.get_close_matches(word.upper(), [value.upper() for value in tag.values], 1, 0.7)
    return next((value for value in tag.values if found and value.upper() == found[0]), None)


@rule(
    "unknown-algorithm",
    "warning",
    "VASP tells the algorithm by its name or first letter",
    "ALGO",
    tags="ALGO",
)
def unknown_algorithm(folder: Folder) -> Iterator[Report]:
    """Report names of ALGO that begin like none of the documented ones."""
    statement = folder.parameters.statement("ALGO")
    word = folder.parameters.word("ALGO")
    if statement is None or word is None:
        return
    known = ("NORMAL", "VERYFAST", "FAST", "CONJUGATE", "ALL", "DAMPED", "SUBROT")
    if folder.parameters.algorithm in {"beyond", "none", "exact"}:
        return
    if not any(name.startswith(word.replace("_", "")) for name in known):
        near = [name for name in known if name[0] == word[0]]
        hint = f"; VASP reads it as {near[0].capitalize()}" if near else ""
        fixes = [write(statement, name.capitalize()) for name in near]
        yield at(statement, f"{statement.value} is no documented value of ALGO{hint}", *fixes)


_POSITIVE: Final = (
    "ENCUT ENCUTGW EDIFF NBANDS NELM NEDOS NPAR NCORE KPAR NSIM POTIM NGX NGY NGZ NGXF NGYF NGZF "
    "KSPACING SYMPREC NBLOCK KBLOCK LMAXFOCK NFREE ENAUG NELECT"
)


@rule("not-positive", "warning", "the value should be positive", "INCAR", tags=_POSITIVE)
def not_positive(folder: Folder) -> Iterator[Report]:
    """Report zero or negative cutoffs, tolerances and counts."""
    for name in _POSITIVE.split():
        statement, value = folder.parameters.statement(name), folder.parameters.real(name)
        if statement is None or value is None or value > 0:
            continue
        if name == "POTIM" and (value == 0 or folder.parameters.has("IOPT")):
            continue  # VTST's optimisers want POTIM = 0
        if name in {"NPAR", "NCORE", "NSIM", "NBANDS", "NELECT", "NFREE"} and value in {-1, 0}:
            continue  # VASP chooses
        fixes = [write(statement, statement.value.strip().lstrip("-"))] if value < 0 else []
        if name == "EDIFF" and value < 0:
            message = f"EDIFF = {statement.value}: VASP takes the absolute value"
            yield at(statement, message, *fixes, severity="information")
        else:
            yield at(statement, f"{name} = {statement.value} should be positive", *fixes)


@rule(
    "loose-convergence",
    "warning",
    "the electronic steps stop far from the ground state",
    "EDIFF",
    tags="EDIFF",
)
def loose_convergence(folder: Folder) -> Iterator[Report]:
    """Report an EDIFF that is probably a typing error: 1 instead of 1E-6."""
    statement, value = folder.parameters.statement("EDIFF"), folder.parameters.real("EDIFF")
    if statement is not None and value is not None and value >= 0.1:
        yield at(statement, f"EDIFF = {statement.value} eV stops the electronic steps far from convergence")


@rule("functional-word", "warning", "VASP reads two letters of GGA", "GGA", tags="GGA")
def functional_word(folder: Folder) -> Iterator[Report]:
    """Report names such as PBE, whose first two letters are another functional."""
    statement, word = folder.parameters.statement("GGA"), folder.parameters.word("GGA")
    if statement is None or word is None or len(word) <= 2 or word.startswith("LIBXC"):
        return
    bare = word.strip("'")
    meant = bare if len(bare) == 2 else _FUNCTIONALS.get(bare)
    fixes = [write(statement, meant)] if meant is not None else []
    if meant != word[:2]:
        yield at(statement, f"VASP reads GGA = {statement.value} as {word[:2]}", *fixes)


_FUNCTIONALS: Final = {
    "PBE": "PE", "PBESOL": "PS", "REVPBE": "RE", "RPBE": "RP", "AM05": "AM", "PW91": "91", "LDA": "CA",
}  # fmt: skip


@rule("unknown-projection", "warning", "LREAL is .TRUE., .FALSE., On or Auto", "LREAL", tags="LREAL")
def unknown_projection(folder: Folder) -> Iterator[Report]:
    """Report values of LREAL that are neither a logical nor begin with A or O."""
    p = folder.parameters
    statement, word = p.statement("LREAL"), p.word("LREAL")
    if statement is None or word is None or p.logical("LREAL") is not None or word[0] in "AO":
        return
    meant = {"A": "Auto", "O": "On"}.get(word.strip(".'")[:1])
    fixes = [write(statement, meant)] if meant is not None else []
    yield at(statement, f"LREAL = {statement.value} is neither .TRUE., .FALSE., On nor Auto", *fixes)


@rule("deprecated-tag", "information", "the tag is deprecated", "Category:INCAR_tag")
def deprecated_tag(folder: Folder) -> Iterator[Report]:
    """Point out deprecated tags and what replaces them."""
    instead = {
        "IALGO": "ALGO", "LWAVEH5": "LH5", "ML_ISTART": "ML_MODE", "ML_LERR": "ML_IERR",
    }  # fmt: skip
    for statement, tag in _known(folder):
        if tag.deprecated:
            other = instead.get(tag.name)
            message = f"{tag.name} is deprecated" + (f", use {other}" if other else "")
            yield at(statement, message, *_successor(folder, statement), value=False)


_ALGORITHMS: Final = {38: "Normal", 48: "VeryFast", 68: "Fast", 58: "All", 53: "Damped", 90: "Exact"}
_MODES: Final = {0: "train", 1: "train", 2: "run", 3: "select", 4: "refit"}


def _successor(folder: Folder, statement: Statement) -> Iterator[Fix]:
    """Yield the fix that says the same with the tag of today; the modes of force fields set more than one."""
    p = folder.parameters
    for old, new, values, safe in (
        ("IALGO", "ALGO", _ALGORITHMS, True),
        ("ML_ISTART", "ML_MODE", _MODES, False),
    ):
        value = values.get(p.integer(old) or 0) if p.integer(old) is not None else None
        if statement.tag == old and value is not None and not p.has(new):
            yield replace(f"Write {new} = {value}", statement.span, f"{new} = {value}", safe=safe)


@rule("newer-than-target", "error", "the VASP in use ignores tags of later versions", "Category:INCAR_tag")
def newer_than_target(folder: Folder) -> Iterator[Report]:
    """Report tags that the target version does not know; silent without a target."""
    target = folder.options.target
    if target is None:
        return
    for statement, tag in _known(folder):
        since = version(tag.since)
        if since and since > target:
            shown = ".".join(map(str, target))
            yield at(statement, f"{tag.name} needs VASP {tag.since}; {shown} ignores it", value=False)


def version(text: str | None) -> tuple[int, ...]:
    """Return a version as numbers, empty when there is none."""
    return tuple(int(part) for part in (text or "").split(".") if part.isdigit())
