"""The tag table: what is known, what was probably meant, and that no documentation text is in it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from crystalmath.vasp import tags


def test_the_table_holds_the_documented_tags() -> None:
    assert len(tags.TAGS) > 600
    encut = tags.TAGS["ENCUT"]
    assert (encut.type, encut.arity, encut.array) == ("real", "scalar", False)
    assert encut.page.endswith("/ENCUT")


def test_arrays_say_how_many_values_they_take() -> None:
    assert [tags.TAGS[name].arity for name in ("MAGMOM", "M_CONSTR", "LDAUU", "SAXIS", "SMEARINGS")] == [
        "per_ion",
        "three_per_ion",
        "per_species",
        "three",
        "list",
    ]


@pytest.mark.parametrize(
    "name", ["encut", "LIBXC1_P3", "IMAGE_2/EDIFF", "KERNEL_TRUNCATION/LTRUNCATE", "LMAXFOCKAE"]
)
def test_names_are_found_in_any_case_and_families_by_pattern(name: str) -> None:
    assert tags.find(name) is not None


def test_undocumented_and_patched_tags_are_known_but_not_found() -> None:
    assert tags.find("ISPIND") is None
    assert tags.is_known("ISPIND")
    assert tags.is_known("LCLIMB")
    assert tags.is_vtst("LCLIMB")
    assert not tags.is_known("ENCUTT")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("NBAND", "NBANDS"),
        ("ISMAER", "ISMEAR"),
        ("ENCUTT", "ENCUT"),
        ("MAGMON", "MAGMOM"),
        ("EDIFG", "EDIFFG"),
        ("KERNEL_TRUNCATION/LTRUNCAT", "KERNEL_TRUNCATION/LTRUNCATE"),
        ("FOOBARBAZ", None),
    ],
)
def test_the_nearest_name_is_suggested(typed: str, meant: str | None) -> None:
    assert tags.suggest(typed) == meant


def test_values_that_a_signature_leaves_out_are_listed() -> None:
    assert {"10", "11", "12"} <= set(tags.TAGS["ICHARG"].values)
    assert "3" in tags.TAGS["LDAUTYPE"].values


def test_constant_defaults_are_given_and_conditional_ones_have_their_condition() -> None:
    assert tags.TAGS["EDIFF"].default == "1E-4"
    assert tags.TAGS["ICHARG"].default is None
    assert tags.TAGS["ICHARG"].defaults[0] == ("2", "ISTART = 0")


def test_no_sentence_is_in_the_table() -> None:
    table = json.loads(Path(tags.__file__).with_name("tags.json").read_text(encoding="utf-8"))
    texts = [part for row in table["tags"].values() for clause in row[3] for part in clause]
    assert not [text for text in texts if re.search(r"[a-z]{4,}\s+[a-z]{3,}\s+[a-z]{3,}", text)]
