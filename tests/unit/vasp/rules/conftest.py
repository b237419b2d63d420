"""Each rule has three cases: it fires, it stays silent, it knows its legitimate exception.

A case is the text of an INCAR, or a mapping from file names to texts (`@name` stands for a text of
`TEXTS`) with the optional keys `context`, `target`, `allow`, `present` and `hide` (a library that is not
there).
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from crystalmath.vasp import neighbours
from crystalmath.vasp.check import check
from crystalmath.vasp.folder import Folder, Options

if TYPE_CHECKING:
    from crystalmath.vasp.finding import Finding

CUBE = "{name}\n1.0\n{a} 0 0\n0 {a} 0\n0 0 {a}\n"


def cube(species: str, counts: str, positions: str, a: float = 4.0) -> str:
    """Return the POSCAR of a cubic cell."""
    return CUBE.format(name=species, a=a) + f"{species}\n{counts}\nDirect\n{positions}\n"


def potcar(*entries: str) -> str:
    """Return POTCAR headers from words: symbol, ENMAX, ZVAL, LEXCH."""
    blocks = []
    for entry in entries:
        symbol, enmax, zval, lexch, *rest = entry.split()
        blocks.append(
            f" PAW_PBE {symbol} 01Jan2000\n {zval}\n parameters from PSCTR are:\n   VRHFIN ={symbol}: s1p1\n"
            f"   LEXCH  = {lexch}\n   TITEL  = PAW_PBE {symbol} 01Jan2000\n   POMASS = 1.0; ZVAL = {zval}\n"
            f"   ENMAX  =  {enmax}; ENMIN  =  100.0 eV\n" + ("   SHA256 = 00ff\n" if rest else "")
        )
    return "End of Dataset\n".join(blocks)


TEXTS = {
    "@si2": "Si\n1.0\n0 2.7 2.7\n2.7 0 2.7\n2.7 2.7 0\nSi\n2\nDirect\n0 0 0\n0.25 0.25 0.25\n",
    "@hex": "Mg\n1.0\n3.2 0 0\n-1.6 2.7712812921 0\n0 0 5.2\nMg\n2\nDirect\n0.333333 0.666667 0.25\n"
    "0.666667 0.333333 0.75\n",
    "@fe2": cube("Fe", "2", "0 0 0\n0.5 0.5 0.5"),
    "@fe2v": cube("Fe", "2", "0 0 0\n0.5 0.5 0.5\n\n0.1 0 0\nx 0 0"),
    "@feo": cube("Fe O", "1 1", "0 0 0\n0.5 0.5 0.5"),
    "@h2o": cube("H O", "2 1", "0 0 0.1\n0.1 0 0\n0 0 0", 10.0),
    "@slab": "Al\n1.0\n2.86 0 0\n0 2.86 0\n0 0 25\nAl\n2\nDirect\n0 0 0\n0.5 0.5 0.08\n",
    "@o2": cube("O", "2", "0 0 0\n0 0 0.12", 10.0),
    "@long": "Al\n1.0\n4 0 0\n0 4 0\n0 0 60\nAl\n1\nDirect\n0 0 0\n",
    "@gamma": "k\n0\nGamma\n4 4 4\n",
    "@gamma1": "k\n0\nGamma\n1 1 1\n",
    "@monk": "k\n0\nMonkhorst\n4 4 4\n",
    "@path": "k\n20\nLine-mode\nreciprocal\n0 0 0 G\n0.5 0 0 X\n",
    "@list": "k\n4\nreciprocal\n0 0 0 1\n0.5 0 0 1\n0.5 0.5 0 1\n0.5 0.5 0.5 1\n",
    "@fe-pot": potcar("Fe 268 8 PE"),
    "@feo-pot": potcar("Fe 268 8 PE", "O 400 6 PE"),
}

_EDGE = 18
TEXTS["@large"] = cube(
    "Al",
    str(_EDGE**3),
    "\n".join(f"{i / _EDGE} {j / _EDGE} {k / _EDGE}" for i, j, k in product(range(_EDGE), repeat=3)),
    3.0 * _EDGE,
)

Case = str | dict[str, Any]


def text_of(written: str) -> str:
    """Return the text that `@name` or `potcar:…;…` stands for, others as they are."""
    if written.startswith("potcar:"):
        return potcar(*written.removeprefix("potcar:").split(";"))
    return TEXTS.get(written, written)


def folder_of(case: Case) -> Folder:
    """Return the folder that a case describes."""
    if isinstance(case, str):
        case = {"INCAR": case}
    texts: Any = {key: text_of(text) for key, text in case.items() if key.isupper()}
    options = Options(target=case.get("target"), allow=frozenset(case.get("allow", ())))
    present = case.get("present")
    extra = {"context": case["context"]} if "context" in case else {}
    return Folder(texts, present=None if present is None else frozenset(present), options=options, **extra)


def findings(case: Case) -> tuple[Finding, ...]:
    """Check the files of a case."""
    folder = folder_of(case)
    with pytest.MonkeyPatch.context() as patch:
        if "hide" in case:
            patch.setattr(neighbours, "available", lambda: False)
        return check(folder)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test of each case in the CASES of the module."""
    if "expected" in metafunc.fixturenames:
        rows = [
            pytest.param(code, index == 0, case, id=f"{code}-{kind}")
            for code, cases in metafunc.module.CASES.items()
            for index, (kind, case) in enumerate(zip(("fires", "silent", "exception"), cases, strict=True))
        ]
        metafunc.parametrize(("code", "expected", "case"), rows)


@pytest.fixture
def codes() -> Any:
    """Return the function that checks a case and gives the codes found."""
    return lambda case: {finding.code for finding in findings(case)}
