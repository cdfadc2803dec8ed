"""Palette, help, other keys, themes: one registry, searched by typing."""

from pathlib import Path

from textual import events
from textual.app import App, ComposeResult

from tests.tui.fake_source import many
from tests.tui.stage import play, staged
from tui.actions import ACTIONS, Context, of
from tui.actions.keymap import keymap
from tui.model.palette import Command, entity_queries, is_subsequence, matching
from tui.notebook import Notebook
from tui.screens.entity import EntityScreen
from tui.screens.help import HelpScreen
from tui.widgets.choice_list import ChoiceList


def titles(text: str) -> list[str]:
    commands = [Command(action, action.key) for action in (*of(Context.BROWSE), *of(Context.APP))]
    return [one.action.title for one in matching(commands, text)]


def test_the_best_match_comes_first() -> None:
    assert titles("so")[0] == "sort"
    assert titles("!")[0] == "errors"
    assert titles("flip")[0] == "flip order"
    assert titles("order")[0] == "flip order"
    assert "read-only" in titles("writing off")
    assert titles("zzz") == []
    assert is_subsequence("sfl", "sort, flip")
    assert entity_queries("p") == ()
    assert entity_queries("pay") == ("name:pay", "name:*pay*", "name:*p*a*y*")
    assert entity_queries("kind:api x") == ("kind:api x",)


def test_the_palette_runs_any_action_and_jumps_to_any_entity() -> None:
    async def scene() -> None:
        async with staged(many(30), size=(100, 30)) as stage:
            await stage.press("ctrl+p")
            await stage.see("Commands and entities")
            await stage.type("sync")
            await stage.press("enter")
            await stage.see("no locations yet")
            await stage.press("f2", "colon")
            await stage.see("Commands and entities")
            stage.app.desk.source.asked.clear()  # type: ignore[attr-defined]
            await stage.type("svc-00017")
            await stage.see("component:default/svc-00017")
            await stage.press("escape")
            stage.app.action_palette()
            await stage.see("Commands and entities")

    play(scene())


def test_an_entity_is_found_in_the_palette_and_opened() -> None:
    async def scene() -> None:
        source = many(30)
        plain = source.entities
        source.entities = lambda query, *rest: plain(query.replace("name:", "").strip("*"), *rest)  # type: ignore[method-assign]
        async with staged(source, size=(100, 30)) as stage:
            await stage.press("colon")
            await stage.type("svc-00017")
            await stage.see("component:default/svc-00017")
            await stage.press("enter")
            await stage.until(lambda: isinstance(stage.app.screen, EntityScreen), "the entity")
            assert stage.app.screen.row == "component:default/svc-00017"  # type: ignore[attr-defined]

    play(scene())


def test_help_is_searched_by_key_and_by_name_and_enter_runs_it() -> None:
    async def scene() -> None:
        async with staged(many(5), size=(100, 30)) as stage:
            await stage.press("question_mark")
            await stage.see("type a key or a word")
            await stage.type("S")
            await stage.see("flip order")
            assert "clear filter" not in stage.text()
            await stage.press("backspace")
            await stage.type("overview")
            await stage.press("enter")
            await stage.see("overview works in Entity only")
            await stage.press(*["backspace"] * 8)
            await stage.type("where the catalog")
            await stage.press("enter")
            await stage.see("no locations yet")
            assert not any(isinstance(screen, HelpScreen) for screen in stage.app.screen_stack)

    play(scene())


def test_keys_of_the_configuration_work_and_are_shown_everywhere() -> None:
    async def scene() -> None:
        keys = keymap({"browse.open": ("i",), "app.sync": ("^t",), "app.read-only": ("L",)}, ACTIONS)
        async with staged(many(5), size=(120, 30), keymap=keys) as stage:
            await stage.see("i open")
            await stage.press("enter")
            await stage.pilot.pause()
            assert stage.app.screen is stage.browse
            await stage.press("L")
            await stage.see("⊘ read-only")
            await stage.press("ctrl+p")
            await stage.type("^t")
            await stage.see("^t    Sync")
            await stage.press("enter")
            await stage.see("no locations yet")
            await stage.press("f2", "i")
            await stage.see("1 Overview")

    play(scene())


def test_a_theme_is_seen_while_choosing_taken_back_on_esc_and_kept(tmp_path: Path) -> None:
    async def scene() -> None:
        book = Notebook(tmp_path / "tui.json")
        async with staged(many(5), size=(100, 30), notebook=book) as stage:
            assert stage.app.theme == "catalog-dark"
            stage.app.action_theme()
            await stage.see("Theme")
            await stage.press("home")
            await stage.until(lambda: stage.app.theme != "catalog-dark", "another theme")
            await stage.press("escape")
            assert stage.app.theme == "catalog-dark"
            stage.app.action_theme()
            await stage.see("Theme")
            await stage.press("home", "enter")
            await stage.until(lambda: book.theme, "it is kept")
            assert stage.app.theme == book.theme
            assert {"ansi-dark", "ansi-light", "nord"} <= set(stage.app.available_themes)
            assert len(stage.app.available_themes) >= 21
        async with staged(many(5), notebook=Notebook(tmp_path / "tui.json")) as stage:
            assert stage.app.theme == book.theme

    play(scene())


def test_a_click_on_the_key_bar_is_its_key() -> None:
    async def scene() -> None:
        async with staged(many(5), size=(120, 30)) as stage:
            line = stage.text().splitlines()[-1]
            await stage.pilot.click("KeyBar", offset=(line.index("errors"), 0))
            await stage.see("no problems")
            line = stage.text().splitlines()[-1]
            await stage.pilot.click("KeyBar", offset=(line.index("esc back"), 0))
            await stage.until(lambda: stage.app.screen is stage.browse, "the table")

    play(scene())


class Shown(App[None]):
    def compose(self) -> ComposeResult:
        self.chosen: list[int] = []
        yield ChoiceList("one", "two")

    def on_option_list_option_selected(self, event: ChoiceList.OptionSelected) -> None:
        self.chosen.append(event.option_index)


def test_a_click_on_an_option_that_went_chooses_nothing() -> None:
    async def scene() -> None:
        app = Shown()
        async with app.run_test() as pilot:
            choices = app.query_one(ChoiceList)
            style = app.screen.get_style_at(choices.region.x + 2, choices.region.y + 2)

            async def click() -> None:
                event = events.Click(choices, 2, 1, 0, 0, 1, False, False, False, style=style)
                event._set_forwarded()  # as the screen does, to which it would come back otherwise
                choices.post_message(event)
                await pilot.pause()

            await click()
            assert app.chosen == [1]
            choices.clear_options()
            choices.add_option("another")
            await click()
            assert app.chosen == [1]

    play(scene())


def test_a_page_is_asked_of_a_list_that_is_not_shown_yet() -> None:
    async def scene() -> None:
        app = Shown()
        async with app.run_test() as pilot:
            choices = app.query_one(ChoiceList)
            choices.highlighted = 1
            choices.display = False
            await pilot.pause()
            choices.clear_options()
            choices.add_options(["three", "four"])
            choices.highlighted = 1
            choices.action_page_up()
            choices.action_page_down()
            assert choices.highlighted == 1
            choices.display = True
            await pilot.pause()
            choices.action_page_up()
            assert choices.highlighted == 0

    play(scene())
