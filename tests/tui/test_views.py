"""Views of one's own: saved lines, stars, what was opened of late, columns by path."""

from pathlib import Path

from tests.tui.stage import Stage, play, staged
from tests.tui.test_finding import line, names, shop
from tui.bookmarks import Bookmarks
from tui.model.column_choice import ColumnChoice
from tui.model.groups import Groups, in_row_order


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


def test_saved_views_get_another_name_or_are_forgotten_by_a_second_key(tmp_path: Path) -> None:
    async def scene() -> None:
        kept = bookmarks(tmp_path)
        kept.views.save("shop", "owner:shop")
        kept.views.save("apis", "@shop kind:api")
        async with staged(shop(), query="owner:shop", bookmarks=kept) as stage:
            await stage.see("Entities  →  shop ")
            await stage.press("v")
            await stage.see("^r rename   ^x remove")
            await stage.press("ctrl+x")
            await stage.see("everything is no saved view, and cannot be removed")
            await stage.type("owner:shop")
            await stage.press("ctrl+r")
            await stage.see("other name of shop (apis names it): enter takes it, esc not")
            await stage.type("apis")
            await stage.press("enter")
            await stage.see("there is a view apis already; choose another name")
            await stage.press("escape")
            await stage.see("^r rename   ^x remove")
            assert sorted(kept.views.all()) == ["apis", "shop"]
            await stage.press("ctrl+r")
            await stage.type("store")
            await stage.press("down", "enter")
            await stage.see("shop is store now")
            assert kept.views.all() == {"apis": "@shop kind:api", "store": "owner:shop"}
            await stage.press("ctrl+x")
            await stage.see("enter forgets store; any other key keeps it")
            await stage.press("up")
            await stage.see("^r rename   ^x remove")
            await stage.press("down", "ctrl+x", "ctrl+x")
            await stage.see("enter forgets store")
            assert "store" in kept.views.all()
            await stage.press("enter")
            await stage.see("forgotten: owner:shop")
            assert list(kept.views.all()) == ["apis"]
            await stage.press("escape")
            await stage.until(lambda: "→" not in stage.text().splitlines()[0], "the view of the title is gone")
            kept.views.path.write_text("apis = 3")  # type: ignore[union-attr]
            await stage.press("v")
            await stage.see("'apis' is no view")
            await stage.see("everything")

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
            await again.press("enter")
            await again.see("1 Overview")
            await again.press("asterisk", "escape")
            await again.see("★ svc-a")

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


def test_groups_have_counts_and_fold() -> None:
    async def scene() -> None:
        source = shop()
        async with staged(source, size=(100, 30)) as stage:
            await stage.press("j", "j", "b", "down", "down", "enter")
            await stage.until(lambda: line(stage) == "group:owner", "by owner")
            await stage.see("▾ shop  3")
            assert stage.table.ref == "component:default/svc-c"
            assert _shown(stage) == [
                "[x]  1",
                "svc-f",
                "pay  2",
                "svc-a",
                "svc-b",
                "shop  3",
                "svc-c",
                "svc-d",
                "svc-e",
            ]
            await stage.press("g", "enter")
            await stage.see("▸ [x]  1")
            assert _shown(stage)[:2] == ["[x]  1", "pay  2"]
            await stage.press("j", "enter")
            await stage.until(lambda: _shown(stage)[:3] == ["[x]  1", "pay  2", "shop  3"], "two are folded")
            await stage.press("G", "space")
            assert stage.app.desk.marks.refs == ("api:default/svc-e",)
            source.change("svc-e", lifecycle="production")
            await stage.until(lambda: "deprecated" not in stage.text(), "the change is seen")
            await stage.press("B")
            await stage.until(lambda: stage.table.lines == 3, "all are folded")
            await stage.press("k", "space", "y", "enter")
            assert stage.table.lines == 3 or stage.table.lines == 5
            await stage.press("B", "b", "enter")
            await stage.until(lambda: line(stage) == "", "no groups")
            await stage.until(lambda: stage.table.lines == 6, "rows alone")

    play(scene())


def _shown(stage: Stage) -> list[str]:
    table = stage.table
    headed = [table.groups.heading(index) if table.groups else None for index in range(table.lines)]
    texts = [table.paint(index, False, 60).text[3:].strip() for index in range(table.lines)]
    return [text if heading else text.split()[0] for heading, text in zip(headed, texts, strict=True)]


def test_groups_come_in_the_order_of_their_rows_or_not_at_all() -> None:
    groups = Groups(in_row_order([("b", 2), (None, 1), ("A", 3), ("B", 1)], 7), ["A"])
    assert [(group.value, group.first, group.count) for group in groups.groups] == [
        ("A", 0, 3),
        ("b", 3, 3),
        (None, 6, 1),
    ]
    assert [groups.row(index) for index in range(groups.lines)] == [None, None, 3, 4, 5, None, 6]
    assert [groups.line(row) for row in range(7)] == [0, 0, 0, 2, 3, 4, 6]
    assert in_row_order([("a", 2), ("b", 2)], 3) == ()
    assert [one.value for one in in_row_order([("a", 1), (None, 1), ("b", 1)], 3, falling=True)] == ["b", "a", None]
    assert in_row_order([("1.10", 1), ("1.9", 1)], 2) == ()
    assert groups.all_toggled().all_toggled().lines == 10
