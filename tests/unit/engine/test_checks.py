"""What stands in the way of a calculation, and what a waiver does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crystalmath import structures
from crystalmath.engine import checks
from crystalmath.engine.checks import Remark
from crystalmath.errors import InputError, PotcarError
from crystalmath.potcars import PotcarLibrary

if TYPE_CHECKING:
    from pathlib import Path

SILICON = "Si2\n1.0\n0.0 2.73 2.73\n2.73 0.0 2.73\n2.73 2.73 0.0\nSi\n2\nDirect\n0 0 0\n0.25 0.25 0.25\n"
ERROR = Remark("error", "no-charge-density", "CHGCAR is missing.", "library", 1)
LATER = Remark("error", "encut-too-low", "ENCUT is 1.", "vasp", 2, "INCAR", 3)
WARNING = Remark("warning", "odd", "Odd.", "vasp", 1)


def test_warnings_stand_in_nobodys_way() -> None:
    checks.refuse_errors([WARNING], ())


def test_errors_are_named_with_their_place_and_the_waivers_that_would_do() -> None:
    with pytest.raises(InputError) as raised:
        checks.refuse_errors([WARNING, ERROR, LATER], ())
    assert "2 errors" in raised.value.message
    assert "step 2, INCAR:3: ENCUT is 1 [encut-too-low]" in raised.value.message
    assert "--waive no-charge-density --waive encut-too-low" in raised.value.hint


def test_each_error_needs_its_own_waiver() -> None:
    with pytest.raises(InputError, match=r"1 error: .*encut-too-low"):
        checks.refuse_errors([ERROR, LATER], ["no-charge-density"])
    checks.refuse_errors([ERROR, LATER], ["no-charge-density", "encut-too-low"])


def test_a_waiver_of_no_error_is_refused() -> None:
    with pytest.raises(InputError, match="No finding 'odd' stands in the way"):
        checks.refuse_errors([WARNING], ["odd"])


def test_missing_potcars_alone_ask_for_a_folder_not_for_a_waiver() -> None:
    missing = Remark("error", "potcar-missing", "There is no POTCAR of PBE_54 for Si.", "potcars", 1)
    with pytest.raises(PotcarError, match="no POTCAR of PBE_54 for Si") as raised:
        checks.refuse_errors([missing], ())
    assert "crystalmath potcars index DIR" in raised.value.hint
    checks.refuse_errors([missing], ["potcar-missing"])


def test_a_structure_that_the_first_step_has_no_inputs_for_is_refused() -> None:
    crystal = structures.read(SILICON.replace("0.25 0.25 0.25", "0 0 0")).structure
    with pytest.raises(InputError, match="no inputs of static"):
        checks.of_template("static", crystal, {}, PotcarLibrary())


def test_rules_libraries_and_potcars_have_their_say_about_every_step() -> None:
    crystal = structures.read(SILICON).structure
    found = checks.of_template("relax_bands", crystal, {"ICHARG": 11, "ENCUT": 20}, PotcarLibrary())
    by_source = {
        source: {one.code for one in found if one.source == source} for source in ("vasp", "library")
    }
    assert "no-charge-density" in by_source["library"]
    assert by_source["vasp"]
    assert {one.step for one in found} > {1}
    (potcar,) = [one for one in found if one.code == "potcar-missing"]
    assert (potcar.severity, potcar.source) == ("error", "potcars")
    assert "Si" in potcar.message
    assert len(found) == len(set(found))


def test_the_files_of_a_folder_are_checked_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "INCAR").write_text("ENCUT = 300\nISMEER = 0\n")
    (tmp_path / "POSCAR").write_text(SILICON)
    (tmp_path / "KPOINTS").write_text("mesh\n0\nGamma\n2 2 2\n")
    found = checks.of_folder(tmp_path, PotcarLibrary())
    assert [(one.file, one.line) for one in found if one.code == "unknown-tag"] == [("INCAR", 2)]
    assert [one.code for one in found if one.source == "potcars"] == ["potcar-missing"]
