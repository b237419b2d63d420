"""Cases of the rules in `crystalmath.vasp.rules.syntax`: fires, silent, legitimate exception."""

from __future__ import annotations

from typing import Any

import pytest

from crystalmath.vasp.check import check
from crystalmath.vasp.fixing import fix_folder
from crystalmath.vasp.folder import Folder
from crystalmath.vasp.rules.rule import all_rules

SUBJECT = "syntax"

CASES: dict[str, tuple[Any, Any, Any]] = {
    "foreign-blank": (
        "ENCUT\u00a0= 500\n",
        "ENCUT = 500 ! caf\u00e9\n",
        "SYSTEM = a\u00a0b # c\u00a0d\nfree\u00a0text\n",
    ),
    "parted-tag": ("I OPT = 3\n", "ENCUT = 500\n", "The cutoff = 500 eV\n"),
    "unclosed-quote": ('SYSTEM = "abc\nENCUT = 3\n', 'SYSTEM = "abc"\n', 'SYSTEM = 5" tube\n'),
    "unclosed-block": (
        "IMAGE_1 {\nEDIFF = 1E-5\n",
        "IMAGE_1 {\nEDIFF = 1E-5\n}\n",
        "# IMAGE_1 {\nENCUT = 300\n",
    ),
    "unopened-block": ("ENCUT = 300\n}\n", "PLUGINS { STRUCTURE = T }\n", "! }\nENCUT = 300\n"),
    "poscar-ends-early": ({"POSCAR": "Si\n1.0\n1 0 0\n"}, {"POSCAR": "@si2"}, {"POSCAR": "@slab"}),
    "scale": (
        {"POSCAR": "Si\n1.0 2.0\n1 0 0\n0 1 0\n0 0 1\nSi\n1\nDirect\n0 0 0\n"},
        {"POSCAR": "@si2"},
        {"POSCAR": "Si\n4 4 5 ! three\n1 0 0\n0 1 0\n0 0 1\nSi\n1\nDirect\n0 0 0\n"},
    ),
    "lattice-vector": (
        {"POSCAR": "Si\n1.0\n4 0\n0 4 0\n0 0 4\nSi\n1\nDirect\n0 0 0\n"},
        {"POSCAR": "@si2"},
        {"POSCAR": "Si\n1.0\n4.0D0 0 0 ! a\n0 4 0\n0 0 4\nSi\n1\nDirect\n0 0 0\n"},
    ),
    "species": (
        {"POSCAR": "Si\n1.0\n4 0 0\n0 4 0\n0 0 4\n\n1\nDirect\n0 0 0\n"},
        {"POSCAR": "@si2"},
        {"POSCAR": "Si\n1.0\n4 0 0\n0 4 0\n0 0 4\n1\nDirect\n0 0 0\n"},
    ),
    "counts": (
        {"POSCAR": "Si\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi\n-1\nDirect\n0 0 0\n"},
        {"POSCAR": "@si2"},
        {"POSCAR": "Si\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi\n1 ! one\nDirect\n0 0 0\n"},
    ),
    "species-count": (
        {"POSCAR": "Si\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi O\n1\nDirect\n0 0 0\n"},
        {"POSCAR": "@feo"},
        {"POSCAR": "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi\nO\n1\n1\nDirect\n0 0 0\n.5 .5 .5\n"},
    ),
    "mode-missing": (
        {"POSCAR": "Si\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi\n2\n0 0 0\n0.5 0.5 0.5\n"},
        {"POSCAR": "@si2"},
        {"POSCAR": "Si\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi\n1\nfractional\n0 0 0\n"},
    ),
    "too-few-positions": (
        {"POSCAR": "Si\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi\n3\nDirect\n0 0 0\n0.5 0.5 0.5\n"},
        {"POSCAR": "@si2"},
        {"POSCAR": "Si\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi\n2\nDirect\n0 0 0\n\n0.5 0.5 0.5\n"},
    ),
    "velocities": (
        {"POSCAR": "@fe2v"},
        {"POSCAR": "@fe2"},
        {"POSCAR": "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi\n1\nDirect\n0 0 0\n\nwritten by hand\n"},
    ),
    "position": (
        {"POSCAR": "Si\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi\n1\nDirect\n0 0 x\n"},
        {"POSCAR": "@si2"},
        {"POSCAR": "Si\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi\n1\nDirect\n0.0d0 0 0 Si first\n"},
    ),
    "selective-flags": (
        {"POSCAR": "Si\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi\n1\nSelective\nDirect\n0 0 0 T F\n"},
        {"POSCAR": "Si\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi\n1\nSelective\nDirect\n0 0 0 T F T\n"},
        {"POSCAR": "Si\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi\n1\nsel\nDirect\n0 0 0 .TRUE. .F. true Si\n"},
    ),
    "blank-line": (
        {"POSCAR": "Si\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi\n2\nDirect\n0 0 0\n\n0.5 0.5 0.5\n"},
        {"POSCAR": "@si2"},
        {"POSCAR": "Si\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi\n1\nDirect\n0 0 0\n\n0 0 0.1\n"},
    ),
    "lattice-velocities": (
        {"POSCAR": "Si\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi\n1\nDirect\n0 0 0\nLattice velocities\n1\n1 2 3\n"},
        {"POSCAR": "@si2"},
        {
            "POSCAR": "Si\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi\n1\nDirect\n0 0 0\nLattice velocities\n1\n"
            + "0 0 0\n" * 6
        },
    ),
    "kpoints-ends-early": ({"KPOINTS": "k\n0\n"}, {"KPOINTS": "@gamma"}, {"KPOINTS": "k\n0\nG\n4 4 4"}),
    "kpoints-count": (
        {"KPOINTS": "k\nx\nGamma\n4 4 4\n"},
        {"KPOINTS": "@list"},
        {"KPOINTS": "k\n0 ! n\nG\n4 4 4\n"},
    ),
    "kpoints-mode": ({"KPOINTS": "k\n0\n\n4 4 4\n"}, {"KPOINTS": "@monk"}, {"KPOINTS": "k\n0\nAuto\n40\n"}),
    "kpoints-mesh": (
        {"KPOINTS": "@gamma", "KPOINTS_OPT": "k\n0\nGamma\n4 4\n"},
        {"KPOINTS": "@gamma", "KPOINTS_OPT": "@gamma"},
        {"KPOINTS": "k\n0\nGamma\n3*4 ! n\n"},
    ),
    "kpoints-shift": (
        {"KPOINTS": "k\n0\nGamma\n4 4 4\nno shift\n"},
        {"KPOINTS": "k\n0\nGamma\n4 4 4\n.5 .5 .5\n"},
        {"KPOINTS": "k\n0\nGamma\n4 4 4\n\nremarks\n"},
    ),
    "kpoints-numbers": (
        {"KPOINTS": "k\n1\nreciprocal\n0 0 0\n"},
        {"KPOINTS": "@list"},
        {"KPOINTS": "k\n0\nreciprocal\n.25 0 0\n0 .25 0\n0 0 .25\n.5 .5 .5\n"},
    ),
    "kpoints-path": (
        {"KPOINTS": "k\n20\nLine\nrec\n0 0 0\n0.5 0 0\n0 0 0\n"},
        {"KPOINTS": "@path"},
        {"KPOINTS": "k\n20\nLine\nrec\n0 0 0\n0.5 0 0\n\n\n// END ****\n"},
    ),
    "kpoints-tetrahedra": (
        {"KPOINTS": "k\n1\nrec\n0 0 0 1\nTetrahedra\n1 0.1\n6 1 2 3 4\n"},
        {"KPOINTS": "k\n1\nrec\n0 0 0 1\nTetrahedra\n1 0.1\n6 1 1 1 1\n"},
        {"KPOINTS": "@list"},
    ),
    "unknown-tag": ("ENCUTT = 500\n", "ENCUT = 500\n", {"INCAR": "MYTAG = 1\n", "allow": ["MYTAG"]}),
    "undocumented-tag": ("ISPIND = 2\n", "ISPIN = 2\n", "LCLIMB = T\n"),
    "vtst-tag": ("LCLIMB = T\n", "SPRING = -5\n", "# LCLIMB = T\n"),
    "duplicate-tag": (
        "ENCUT = 500\nENCUT = 400\n",
        "ENCUT = 500\n",
        "EDIFF = 1E-6\nIMAGE_2 { EDIFF = 1E-7 }\n",
    ),
    "missing-equals": ("ENCUT 500\n", "ENCUT = 500\n", "Startparameter for this run:\nNPAR settings 4\n"),
    "empty-value": ("ENCUT =\n", "ENCUT = 5\n", "SYSTEM =\n"),
    "backslash-blank": ("MAGMOM = 1 2 \\ \n 3 4\n", "MAGMOM = 1 2 \\\n 3 4\n", "SYSTEM = a \\ b\n"),
    "lost-values": ("MAGMOM = 1 2\n 3 4\n", "MAGMOM = 1 2 \\\n 3 4\n", "electronic part 2\nENCUT = 3\n"),
    "hidden-statement": (
        "ENCUT = 500 ISMEAR = 0\n",
        "ENCUT = 500 ; ISMEAR = 0\n",
        "SYSTEM = id=[0] ENCUT=500\n",
    ),
    "windows-line-ends": ("ENCUT = 500\r\nISMEAR = 0\r\n", "ENCUT = 500\n", "SYSTEM = a\rb\n"),
    "misspelt-logical": ("LWAVE = .TURE.\n", "LWAVE = .T.\n", "LWAVE = True\n"),
}


def test_the_rule_fires_where_it_should_and_only_there(
    code: str, expected: bool, case: Any, codes: Any
) -> None:
    assert (code in codes(case)) is expected


def test_every_rule_of_the_subject_has_its_cases() -> None:
    assert {rule.code for rule in all_rules() if rule.subject == SUBJECT} == set(CASES)


def test_a_tag_in_a_sentence_behind_a_value_is_only_a_warning() -> None:
    texts = ("ENCUT = 400 eV was ENCUT = 300\n", "ENCUT = 500 (eV) ISMEAR = 0\n", "ISMEAR = 0 SIGMA = 0.1\n")
    found = [check(Folder({"INCAR": text})) for text in texts]
    assert [[finding.severity for finding in row] for row in found] == [["warning"], ["error"], ["error"]]


@pytest.mark.parametrize(
    "text",
    ["EDIFF = 1E-6 (default: EDIFF = 1E-4)\n", "NSIM = 4 (see NPAR = 2 (old))\nLDAUL = 2 -1 (shells)\n"],
)
def test_remarks_in_brackets_are_remarks(text: str, codes: Any) -> None:
    assert codes(text) == set()


def test_a_semicolon_in_a_remark_is_only_pointed_out() -> None:
    (finding,) = check(Folder({"INCAR": "ALGO = All (an algorithm; ALGO = 58)\n"}))
    assert (finding.code, finding.severity) == ("duplicate-tag", "information")


def test_rules_on_a_mesh_do_not_take_kpoints_opt_for_kpoints(codes: Any) -> None:
    case = {"INCAR": "KSPACING = 0.3\n", "POSCAR": "@si2", "KPOINTS_OPT": "@path"}
    assert "spacing-unused" not in codes(case)


@pytest.mark.parametrize(
    "text", ["\ufeffENCUT = 500\n", "ENCUT\u200b = 500\n", "ENCUT = 500\u2009\n", "ENCUT \uff1d 500\n"]
)
def test_characters_that_look_like_blanks_are_replaced(text: str) -> None:
    folder = fix_folder(Folder({"INCAR": text}))
    assert folder.texts["INCAR"].rstrip() == "ENCUT = 500"


@pytest.mark.parametrize(
    "text", ["encut 500\n", "lwave .FALSE.\n", "Ismear: 0\n", "MAGMOM 2*3 -3\n", "sigma 0.1 eV\n"]
)
def test_a_missing_equals_sign_is_seen_in_any_case(text: str, codes: Any) -> None:
    assert codes(text) == {"missing-equals"}


@pytest.mark.parametrize(
    "text", ["time 20\n", "Images 5\n", "Electronic 5\n", "ENCUT 400 500\n", "MAGMOM 3 per ion\n"]
)
def test_words_of_a_remark_are_no_tags(text: str, codes: Any) -> None:
    assert codes(text) == set()


def test_one_mistake_is_reported_once(codes: Any) -> None:
    assert codes("ISPIN = 2\nMAGMOM = 3 3 \\ \n") == {"backslash-blank"}


CELL = "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nSi\n1\n"


@pytest.mark.parametrize(
    ("files", "line", "words"),
    [
        ({"POSCAR": "1.0\n4 0 0\n0 4 0\n0 0 4\nSi\n1\nDirect\n0 0 0\n"}, 2, "the comment, missing"),
        ({"KPOINTS": "0\nGamma\n4 4 4\n0 0 0\n"}, 2, "the comment, missing"),
        ({"KPOINTS": "k\n0\nLine-mode\nrec\n0 0 0\n.5 0 0\n"}, 2, "points per segment"),
        ({"KPOINTS": "k\n9\nLine-mode\n0 0 0\n.5 0 0\n"}, 4, "Reciprocal or Cartesian is missing"),
        ({"KPOINTS": "k\n1\nGamma\n4 4 4\n0 0 0\n"}, 2, "a mesh needs 0 here"),
        ({"KPOINTS": "k\n0\nFully automatic\n10\n"}, 4, "generalised mesh (Fully automatic)"),
        ({"POSCAR": CELL.replace("Si", "Si C") + "Direct\n0 0 0\n"}, 7, "1 count"),
        ({"KPOINTS": "k\n0\nRegular\n4 4 4\n0 0 0\n"}, 6, "generalised mesh (Regular)"),
        ({"KPOINTS": "k\n0\nDirect\n.2 0 0\n0 .2 0\n0 0 0\n"}, 6, "lie in a plane"),
        ({"KPOINTS": "k\n1\nexplicit\n0 0 0 1\n"}, 3, "as Reciprocal"),
        ({"KPOINTS": "k\n1\nrec\n1/3 1/3 0 1\n"}, 4, "write 1/3 as a decimal"),
        ({"POSCAR": CELL + "Direct\n0.5 1/2 0\n"}, 9, "write 1/2 as a decimal"),
        ({"POSCAR": CELL + "0 0 0\n"}, 8, "Direct or Cartesian is missing"),
        ({"POSCAR": CELL + "Direct\n0 0 0 F F F\n"}, 9, "Selective dynamics is missing"),
        ({"INCAR": "ISPIN = 2\nMAGMOM = 3 3\n", "POSCAR": CELL + "Direct\n0 0 0\n"}, 2, "2 values, 1 is"),
    ],
)
def test_the_sentence_says_what_to_do(files: Any, line: int, words: str) -> None:
    found = [(f.line, f.message) for f in check(Folder(files)) if f.severity in {"error", "warning"}]
    assert len(found) == 1
    assert found[0][0] == line
    assert words in found[0][1]
