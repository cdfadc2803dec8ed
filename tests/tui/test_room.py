"""How much room columns and panes take, from one day to the next."""

from pathlib import Path

from tests.tui.fake_source import FakeSource, Thing
from tests.tui.stage import Stage, play, staged
from tui.model.columns import Density, column, widths
from tui.notebook import Notebook
from tui.widgets.overview_text import OverviewText

LONG = "svc-of-the-long-name-that-nobody-wants-to-type-twice"


def source() -> FakeSource:
    return FakeSource([Thing(LONG, system="system:default/accounts-receivable-of-all-branches"), Thing("svc-b")])


def title(stage: Stage) -> str:
    return next(line for line in stage.text().splitlines() if "NAME" in line)


def test_columns_have_bounds_by_density() -> None:
    columns = (column("name"), column("owner"), column("lifecycle"))
    samples = [(50, 30, 5), (3, 3, 3)]
    assert widths(columns, samples, Density.NARROW) == (22, 14, 10)
    assert widths(columns, samples) == (34, 22, 11)
    assert widths(columns, samples, Density.WIDE) == (50, 30, 11)
    assert widths(columns, [(500, 1, 1)], Density.WIDE)[0] == 80


def test_narrow_and_wide_columns_by_one_key_and_as_they_were_the_next_time(tmp_path: Path) -> None:
    async def scene() -> None:
        async with staged(source(), size=(80, 24), notebook=Notebook(tmp_path / "tui.json")) as stage:
            assert "TYPE" not in title(stage)
            await stage.press("ctrl+w")
            await stage.see("columns: narrow")  # for two seconds
            await stage.see("TYPE")
            assert title(stage).index("KIND") == 4 + 1 + 22 + 1
            await stage.pilot.click(stage.table, offset=(title(stage).index("OWNER"), 0))
            await stage.until(lambda: stage.browse.view.query == "sort:owner", "a click finds the narrow column")
        async with staged(source(), size=(120, 24), notebook=Notebook(tmp_path / "tui.json")) as stage:
            assert stage.table.density is Density.NARROW
            await stage.press("underscore", "ctrl+w")
            await stage.until(lambda: LONG[:44] in stage.text(), "as wide as the first column may be")
            await stage.press("ctrl+w")
            await stage.until(lambda: LONG[:44] not in stage.text(), "as usual")

    play(scene())


def test_the_room_of_the_preview_is_remembered_but_it_never_hides_the_table_unasked(tmp_path: Path) -> None:
    async def scene() -> None:
        async with staged(source(), size=(120, 24), notebook=Notebook(tmp_path / "tui.json")) as stage:
            await stage.press("plus", "plus")
            await stage.until(lambda: not stage.table.display, "all of it")
        async with staged(source(), size=(120, 24), notebook=Notebook(tmp_path / "tui.json")) as stage:
            preview = stage.browse.query_one(OverviewText)
            assert stage.table.display
            assert preview.size.width > 50
            await stage.press("underscore", "underscore")
            await stage.until(lambda: not preview.display, "none")
        (tmp_path / "tui.json").write_text('{"panes": {"preview": -7, "columns": 77}}')
        async with staged(source(), size=(120, 24), notebook=Notebook(tmp_path / "tui.json")) as stage:
            assert not stage.browse.query_one(OverviewText).display
            assert stage.table.density is Density.USUAL

    play(scene())
