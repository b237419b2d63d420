from __future__ import annotations

from pathlib import Path

from tests.unit.results.recorded import unpack

from crystalmath.engine import folder, seam_atomate2
from crystalmath.engine.flow_documents import flow_steps, locator
from crystalmath.templates.folder import read

INCAR = "# mine\nencut=300 ; NELM = 8\n  SYSTEM = as it is\n"


def flow_of(directory: Path) -> bytes:
    unpack("converged", directory)
    (directory / "INCAR").write_text(INCAR)
    (item,) = flow_steps(folder.flow(read(directory)))
    assert item.step.kind == "vasp"
    return item.job


def nowhere(directory: str, target: Path) -> None:
    raise AssertionError(f"nobody should ask for {directory}")


def test_the_texts_of_a_folder_are_run_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "given").mkdir()
    (tmp_path / "made").mkdir()
    prepared = seam_atomate2.prepare(flow_of(tmp_path / "given"), [], nowhere, tmp_path / "made")
    assert prepared.files["INCAR"] == INCAR.encode()
    for name in ("KPOINTS", "POSCAR"):
        assert prepared.files[name] == (tmp_path / "given" / name).read_bytes()
    assert prepared.potcar_symbols == ("Si",)


def test_its_result_is_a_document_like_any_other(tmp_path: Path) -> None:
    done = seam_atomate2.complete(
        flow_of(tmp_path), tmp_path, locator("6ecf4a26-5ac4-4a3b-a9a7-0f6c2c2dd5ff")
    )
    assert done.document["output"]["task_label"] == "folder"
