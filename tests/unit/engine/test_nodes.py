from __future__ import annotations

import math
from datetime import UTC, datetime

import numpy as np
import pytest

from crystalmath.engine import nodes


def test_a_document_is_read_back_with_times_arrays_and_infinities() -> None:
    document = {"at": datetime(2026, 1, 1, tzinfo=UTC), "a": np.eye(2), "n": math.inf, "m": math.nan}
    read = nodes.decode(nodes.encode(document))
    assert read["at"]["@class"] == "datetime"
    assert read["a"] == [[1.0, 0.0], [0.0, 1.0]]
    assert math.isinf(read["n"])
    assert math.isnan(read["m"])


def test_equal_documents_are_equal_bytes() -> None:
    assert nodes.encode({"a": 1}) == nodes.encode({"a": 1})


def test_what_is_no_document_is_refused() -> None:
    with pytest.raises(TypeError, match="object cannot be stored"):
        nodes.encode({"a": object()})


def test_the_label_of_a_child_is_one_that_aiida_takes() -> None:
    label = nodes.child_label("run", "6ecf4a26-5ac4-4a3b-a9a7-0f6c2c2dd5ff:2")
    assert label.isidentifier()
    assert label == "run_6ecf4a26_5ac4_4a3b_a9a7_0f6c2c2dd5ff_2"
