"""Views of one's own: saved lines, stars, what was opened of late, columns by path."""

from pathlib import Path

from tests.tui.stage import Stage, play, staged
from tests.tui.test_finding import line, names, shop
from tui.bookmarks import Bookmarks
from tui.model.column_choice import ColumnChoice


def bookmarks(folder: Path) -> Bookmarks:
    return Bookmarks(folder / "views.toml", folder / "client")


def test_saved_views_keep_order_and_columns_and_say_where_they_differ(tmp_path: Path) -> None:
    async def scene() -> None:
        async with staged(shop(), query="kind:api sort:-name cols:name,owner", bookmarks=bookmarks(tmp_path)) as stage:
            await stage.press("v")
            await stage.see("find a view")
            await stage.type("my-apis")
            await stage.see("save this line")
            await stage.press("enter")
            await stage.see("catalog list @my-apis asks the same")
            await stage.see("Entities  →  my-apis ")
            await stage.press("S")
            await stage.see("my-apis*")
            await stage.press("escape", "escape")
            await stage.until(lambda: line(stage) == "" and len(names(stage)) == 6, "everything")
            assert "my-apis" not in stage.text()
            await stage.press("v")
            await stage.type("apis")
            await stage.press("down", "up", "enter")
            await stage.until(lambda: names(stage) == ["svc-e", "svc-d"], "as it was saved")
            assert "KIND" not in stage.text().split("\n", 4)[4]
        assert (tmp_path / "views.toml").read_text().endswith('my-apis = "kind:api sort:-name cols:name,owner"\n')

    play(scene())


def test_a_name_in_the_line_means_a_view_and_mistakes_are_marked(tmp_path: Path) -> None:
    async def scene() -> None:
        kept = bookmarks(tmp_path)
        kept.views.save("shop", "owner:shop sort:-name")
        async with staged(shop(), query="@shop kind:api", bookmarks=kept) as stage:
            await stage.until(lambda: names(stage) == ["svc-e", "svc-d"], "what the view says, and more")
            assert line(stage) == "@shop kind:api"
            await stage.see("NAME ▼")
            await stage.press("slash")
            await stage.type("@shpo")
            await stage.see("▲ there is no view @shpo — did you mean @shop?")
            await stage.press("home", "x")
            await stage.until(lambda: line(stage) == "x@shpo", "not a name any more")

    play(scene())


def test_starred_and_recent_are_found_again(tmp_path: Path) -> None:
    async def scene() -> None:
        async with staged(shop(), bookmarks=bookmarks(tmp_path)) as stage:
            await stage.press("j", "asterisk")
            await stage.see("★ svc-b")
            await stage.press("j", "enter")
            await stage.see("1 Overview")
            await stage.press("escape", "v")
            await stage.type("starred")
            await stage.press("enter")
            await stage.until(lambda: names(stage) == ["svc-b"], "the starred one")
            await stage.press("v")
            await stage.type("recent")
            await stage.press("enter")
            await stage.until(lambda: names(stage) == ["svc-c"], "the one that was opened")
        async with staged(shop(), bookmarks=bookmarks(tmp_path)) as again:
            await again.see("★ svc-b")

    play(scene())


def test_columns_by_path_are_live_and_ordered() -> None:
    async def scene() -> None:
        async with staged(shop(), query="kind:api cols:name,updated", size=(120, 30)) as stage:
            await stage.press("c")
            await stage.see("[x] name")
            await stage.see("svc-d ")  # a sample
            await stage.type("spec.t")
            await stage.see("[ ] spec.tier")
            await stage.press("enter")
            await stage.until(lambda: line(stage).endswith(",updated,spec.tier"), "the last column")
            await stage.see("TIER")
            await stage.press("shift+up")
            await stage.until(lambda: line(stage).endswith(",spec.tier,updated"), "further left")
            await _clear(stage, 6)
            await stage.type("metadata.annotations.x/y")
            await stage.press("enter")
            await stage.until(lambda: line(stage).endswith(",updated,metadata.annotations.x/y"), "any path")
            await stage.press("ctrl+r")
            await stage.until(lambda: line(stage) == "kind:api", "the usual ones")
            await stage.press("escape", "left_square_bracket")
            await stage.until(lambda: line(stage) == "kind:api cols:name,updated", "as before")

    play(scene())


async def _clear(stage: Stage, count: int) -> None:
    await stage.press(*["backspace"] * count)


def test_a_table_has_one_column_at_least() -> None:
    choice = ColumnChoice(("name",), ("name", "owner"))
    assert choice.toggled("name").chosen == ("name",)
    assert choice.toggled("owner").toggled("name").chosen == ("owner",)
    assert choice.shifted("name", 1) == choice
    assert choice.looking_for("spec.x").listed == ("spec.x",)
    assert choice.looking_for("spec.x,y").listed == ()


def test_groups_are_written_into_the_line() -> None:
    async def scene() -> None:
        async with staged(shop()) as stage:
            await stage.press("b", "down", "down", "enter")
            await stage.until(lambda: line(stage) == "group:owner", "by owner")
            await stage.press("b", "enter")
            await stage.until(lambda: line(stage) == "", "no groups")

    play(scene())
