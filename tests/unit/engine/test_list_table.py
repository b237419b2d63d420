"""The job list in our file: every filter, every order, pages that join, nothing half written."""

from __future__ import annotations

import random
import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from crystalmath.engine.index import Index
from crystalmath.engine.list_table import SORT_KEYS, Filter, JobRow, ListTable
from crystalmath.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from crystalmath.engine.list_table import SortKey

SILICON = JobRow(
    id=1, uuid="u-1", label="Möbius strip", formula="Si", template="relax", n_atoms=2, code="vasp",
    state="finished", exit_status=0, exit_message=None, created_at="2026-01-01T00:00:00.000+00:00",
    modified_at="2026-01-02T00:00:00.000+00:00", foreign=False,
)  # fmt: skip
ROWS = (
    SILICON,
    replace(SILICON, id=2, label="ours", formula="MgO", template="static", state="running", exit_status=None),
    replace(SILICON, id=3, label="iron", formula="LiFePO4", n_atoms=28, state="failed", exit_status=305,
            exit_message="NELM was not enough", code="vasp-6", modified_at="2026-02-01T00:00:00.000+00:00"),
    replace(SILICON, id=4, label="theirs", formula=None, template=None, n_atoms=None, code=None,
            state="killed", exit_status=None, created_at="2026-03-01T00:00:00.000+00:00", foreign=True),
)  # fmt: skip


@pytest.fixture
def table(tmp_path: Path) -> ListTable:
    found = Index.at(tmp_path / "index.sqlite").table
    found.write(ROWS)
    return found


def ids(table: ListTable, wanted: Filter) -> list[int]:
    return [row.id for row in table.page(wanted).rows]


def test_rows_come_back_as_they_were_written_the_newest_first(table: ListTable) -> None:
    assert table.page(Filter()).rows == ROWS[::-1]
    assert table.of_ids([3, 7]) == {3: ROWS[2]}


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Filter(states=("finished",)), [1]),
        (Filter(states=("failed", "running")), [3, 2]),
        (Filter(states=("finished", "running")), [2, 1]),
        (Filter(template="static"), [2]),
        (Filter(code="vasp-6"), [3]),
        (Filter(formula="MgO"), [2]),
        (Filter(elements=("O",)), [3, 2]),
        (Filter(elements=("Fe", "O")), [3]),
        (Filter(elements=("S",)), []),
        (Filter(label="MÖBIUS"), [1]),
        (Filter(label="relax"), []),
        (Filter(text="möbius"), [1]),
        (Filter(text="relax"), [3, 1]),
        (Filter(text="lifepo"), [3]),
        (Filter(text="Theirs"), [4]),
        (Filter(exit_status=305), [3]),
        (Filter(exit_status=0), [1]),
        (Filter(created_after="2026-02-01"), [4]),
        (Filter(created_before="2026-02-01T01:00:00+02:00"), [3, 2, 1]),
        (Filter(modified_after="2026-01-15", modified_before="2026-02-02"), [3]),
        (Filter(foreign=False), [3, 2, 1]),
        (Filter(states=("failed",), elements=("Fe",), text="iron", code="vasp-6"), [3]),
        (Filter(text="%"), []),
        (Filter(label="' OR 1 --"), []),
    ],
)
def test_a_filter_finds_what_it_names(table: ListTable, wanted: Filter, expected: list[int]) -> None:
    assert ids(table, wanted) == expected
    assert sum(table.counts(wanted).values()) == len(expected)


def test_jobs_are_counted_by_state(table: ListTable) -> None:
    assert table.counts(Filter()) == {"finished": 1, "running": 1, "failed": 1, "killed": 1}
    assert table.unended() == (2,)


def filled(tmp_path: Path, n_rows: int) -> ListTable:
    dice = random.Random(2)
    found = Index.at(tmp_path / "index.sqlite").table
    choices = {
        "label": ["b", "a", "ö", ""], "formula": ["Si", "MgO"], "template": ["relax", "static"],
        "code": ["vasp", None], "state": ["finished", "failed", "running"], "exit_status": [0, 305, None],
        "n_atoms": [2, 8], "modified_at": ["2026-01-01T00:00:00.000+00:00", "2026-02-01T00:00:00.000+00:00"],
    }  # fmt: skip
    rows = [
        replace(SILICON, id=pk, uuid=f"u-{pk}", **{name: dice.choice(some) for name, some in choices.items()})  # type: ignore[arg-type]  # by name
        for pk in range(1, n_rows + 1)
    ]
    found.write(rows)
    return found


@pytest.mark.parametrize("sort", SORT_KEYS)
@pytest.mark.parametrize("descending", [True, False])
def test_pages_join_to_the_whole_list_in_every_order(tmp_path: Path, sort: SortKey, descending: bool) -> None:
    table = filled(tmp_path, 60)
    whole = table.page(Filter(), sort=sort, descending=descending)
    assert whole.next is None
    joined: list[JobRow] = []
    after: str | None = None
    while True:
        page = table.page(Filter(), sort=sort, descending=descending, after=after, limit=7)
        assert len(page.rows) <= 7
        joined += page.rows
        if (after := page.next) is None:
            break
    assert tuple(joined) == whole.rows
    assert {row.id for row in joined} == set(range(1, 61))


def test_a_page_goes_on_where_it_was_though_rows_came_and_went(tmp_path: Path) -> None:
    table = filled(tmp_path, 30)
    first = table.page(Filter(), limit=10)
    table.write([replace(SILICON, id=pk) for pk in range(31, 41)])
    table.remove([first.rows[-1].id, 20])
    second = table.page(Filter(), after=first.next, limit=10)
    assert [row.id for row in second.rows] == [19, 18, 17, 16, 15, 14, 13, 12, 11, 10]


@pytest.mark.parametrize("after", ["", "5", "[1]", "[1, 2, 3]", "[null, 1]", "{}", '["a", "b"]'])
def test_what_is_no_key_of_a_page_is_refused(table: ListTable, after: str) -> None:
    with pytest.raises(InputError, match="is not the place of a page"):
        table.page(Filter(), after=after)


def test_what_is_no_time_is_refused(table: ListTable) -> None:
    with pytest.raises(InputError, match="'yesterday' is not a time"):
        table.page(Filter(created_after="yesterday"))


def test_a_row_is_written_over_with_all_that_belongs_to_it(table: ListTable) -> None:
    table.write([replace(ROWS[2], label="gone", formula="Si", state="finished")])
    assert ids(table, Filter(text="iron")) == []
    assert ids(table, Filter(label="gone")) == [3]


def test_elements_of_a_row_that_is_written_over_are_forgotten(table: ListTable) -> None:
    table.write([replace(ROWS[2], formula="Si")])
    assert ids(table, Filter(elements=("Fe",))) == []


def test_removed_jobs_are_found_by_nothing(table: ListTable) -> None:
    table.remove([3])
    assert ids(table, Filter(elements=("Fe",))) == ids(table, Filter(text="iron")) == []
    assert table.ids() == {1, 2, 4}


def test_what_is_written_under_the_lock_is_written_all_or_not_at_all(table: ListTable) -> None:
    def broken() -> None:
        with table.locked():
            table.write([replace(SILICON, id=9)], {"swept_to": "now"})
            raise KeyError

    with pytest.raises(KeyError):
        broken()
    assert 9 not in table.ids()
    assert table.note("swept_to") is None


def test_a_list_that_is_made_anew_holds_only_what_is_given(table: ListTable) -> None:
    table.make_anew([[replace(SILICON, id=7)], [replace(SILICON, id=8)]], lambda: {"swept_to": "x"})
    assert table.ids() == {7, 8}
    assert table.note("swept_to") == "x"


def test_a_list_that_cannot_be_made_anew_is_left_as_it_was(table: ListTable) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        table.make_anew([[replace(SILICON, id=7, uuid=None)]], dict)  # type: ignore[arg-type]  # what no row has
    assert table.ids() == {1, 2, 3, 4}
