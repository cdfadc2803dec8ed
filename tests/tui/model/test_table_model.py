"""Pages of rows: what is kept, what is missing, what a fresh look may change. No Textual here."""

from dataclasses import replace

import pytest

from tui.model.source import PAGE_ROWS, EntityPage, Row
from tui.model.table_model import KEPT_PAGES, TableModel, Taken


def rows(first: int, count: int, version: str = "1") -> tuple[Row, ...]:
    return tuple(Row(f"component:default/{n:06d}", (f"{n:06d}", version)) for n in range(first, first + count))


def page(number: int = 0, total: int = 1000, count: int | None = None, version: str = "1") -> EntityPage:
    first = number * PAGE_ROWS
    size = max(0, min(PAGE_ROWS, total - first)) if count is None else count
    return EntityPage(("name", "version"), rows(first, size, version), first, total, 1)


def asked(total: int = 1000) -> TableModel:
    model = TableModel()
    model.ask_anew(1)
    assert model.put(page(total=total), 1) is Taken.FIRST
    return model


def test_an_answer_to_an_older_question_is_dropped() -> None:
    model = asked()
    model.ask_anew(2)
    assert model.put(page(1), 1) is Taken.STALE
    assert model.row(PAGE_ROWS) is None
    assert model.total == 1000


def test_old_rows_stay_until_the_new_answer_is_there() -> None:
    model = asked()
    model.ask_anew(2)
    assert model.row(0) == rows(0, 1)[0]
    assert model.missing(0, 500) == []
    assert model.put(page(total=3), 2) is Taken.FIRST
    assert (model.total, model.row(3)) == (3, None)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        pytest.param(0, 30, [], id="all-here"),
        pytest.param(-60, 30, [], id="before-the-start"),
        pytest.param(150, 250, [1], id="across-a-border"),
        pytest.param(150, 650, [1, 2, 3], id="several"),
        pytest.param(950, 5000, [4], id="never-beyond-the-end"),
    ],
)
def test_what_is_missing_is_asked_for_once(first: int, last: int, expected: list[int]) -> None:
    model = asked()
    assert model.missing(first, last) == expected
    assert model.missing(first, last) == []


def test_a_page_that_did_not_come_is_asked_for_again() -> None:
    model = asked()
    assert model.missing(200, 300) == [1]
    model.lost(1, 1)
    assert model.missing(200, 300) == [1]


def test_memory_is_bounded_and_what_was_dropped_comes_back_on_request() -> None:
    total = PAGE_ROWS * (KEPT_PAGES + 10)
    model = asked(total)
    for number in range(1, KEPT_PAGES + 10):
        assert model.missing(number * PAGE_ROWS, number * PAGE_ROWS) == [number]
        model.put(page(number, total), 1)
    assert model.pages_here == KEPT_PAGES
    assert model.row(0) is None
    assert model.missing(0, 0) == [0]


def test_a_short_page_is_not_asked_for_again_and_again() -> None:
    model = asked()
    model.missing(200, 300)
    model.put(page(1, 1000, count=10), 1)
    assert model.row(PAGE_ROWS + 50) is None
    assert model.missing(200, 300) == []


def test_changed_cells_are_patched_where_they_stand() -> None:
    model = asked()
    fresh = page(version="2")
    patch = model.compare(fresh, cursor=5)
    assert (patch.in_place, patch.same_order, len(patch.refs)) == (True, True, PAGE_ROWS)
    model.replace(fresh)
    assert model.row(7) == Row("component:default/000007", ("000007", "2"))


@pytest.mark.parametrize(
    ("cursor", "in_place"),
    [pytest.param(3, True, id="cursor-above-the-new-row"), pytest.param(50, False, id="cursor-below-the-new-row")],
)
def test_an_order_that_changed_is_shown_only_when_the_cursor_keeps_its_row(cursor: int, in_place: bool) -> None:
    model = asked()
    old = page()
    new = Row("component:default/new", ("new", "1"))
    fresh = replace(old, rows=(*old.rows[:10], new, *old.rows[10 : PAGE_ROWS - 1]), total=1001)
    assert model.compare(fresh, cursor).in_place is in_place


def test_a_cursor_row_that_went_waits_for_a_key() -> None:
    model = asked()
    old = page()
    fresh = replace(old, rows=old.rows[1:], total=999)
    assert not model.compare(fresh, cursor=0).in_place


def test_the_first_rows_of_an_empty_catalog_come_at_once() -> None:
    model = asked(total=0)
    assert model.compare(page(total=5), cursor=0).in_place


def test_a_patch_leaves_every_row_where_it_is() -> None:
    model = asked()
    old = page(version="2")
    fresh = replace(old, rows=(Row("component:default/new", ("new", "1")), *old.rows[:-1]), total=1001)
    model.patch(fresh)
    assert model.row(0) == Row("component:default/000000", ("000000", "2"))
    assert model.total == 1000


def test_other_pages_are_asked_for_again_after_a_change_and_shown_meanwhile() -> None:
    model = asked()
    model.missing(200, 300)
    model.put(page(1), 1)
    model.replace(page(version="2"))
    assert model.row(PAGE_ROWS) is not None
    assert model.missing(200, 300) == [1]
    assert model.missing(0, 100) == []


def test_a_ref_is_found_among_the_pages_that_are_here() -> None:
    model = asked()
    assert model.find("component:default/000042") == 42
    assert model.find("component:default/000242") is None
    assert model.positions(["component:default/000001", "component:default/000242"]) == [1]
