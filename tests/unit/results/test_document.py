from __future__ import annotations

import gzip
import json

import pytest

from crystalmath.errors import JobFileError
from crystalmath.results import document


def test_a_document_is_read_back() -> None:
    kept = {"output": {"vasp_objects": {"bandstructure": {"efermi": 1.0}}}}
    read = document.load(gzip.compress(json.dumps(kept).encode()))
    assert read == kept
    assert document.band_structure(read) == {"efermi": 1.0}


def test_a_document_without_output_has_no_band_structure() -> None:
    assert document.band_structure({"output": None}) is None


@pytest.mark.parametrize("data", [b"", b"no gzip", gzip.compress(b"{")[:-4], gzip.compress(b"{")])
def test_a_damaged_document_is_an_error_with_a_way_out(data: bytes) -> None:
    with pytest.raises(JobFileError) as caught:
        document.load(data)
    assert "raw files" in caught.value.hint
