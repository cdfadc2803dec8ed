"""First use: an empty catalog says what to do, a demo is one key away, and tips come once."""

from pathlib import Path

from tests.tui.fake_source import FakeSource, many
from tests.tui.stage import play, staged
from tui.model.location_source import Preview, Previewed
from tui.model.tips import TIPS
from tui.notebook import Notebook
from tui.screens.welcome import WelcomeScreen

FOUND = Preview("", 1, {"new": 1}, (Previewed("new", "component:default/a", "catalog-info.yaml", 1),))


def test_an_empty_catalog_shows_one_screen_which_goes_once_there_is_something() -> None:
    async def scene() -> None:
        source = many(0)
        source.previews["https://git.example/a.git"] = FOUND
        async with staged(source, size=(80, 24)) as stage:
            await stage.see("There are no locations yet")
            await stage.see("a add location")
            await stage.press("d")  # the stage is no terminal that could be handed over
            await stage.see("no demo can be opened from here")
            await stage.press("a")
            await stage.type("https://git.example/a.git")
            await stage.press("enter")
            await stage.see("A registers 1 entity")
            await stage.press("A")
            await stage.until(lambda: source.location_items, "registered")
            source.add("svc-00000")
            await stage.until(lambda: stage.app.screen is stage.browse, "the table")
            await stage.see("svc-00000")

    play(scene())


def test_a_paste_into_the_empty_screen_begins_to_register() -> None:
    async def scene() -> None:
        source = FakeSource()
        source.previews["https://git.example/a.git"] = FOUND
        async with staged(source, size=(60, 20)) as stage:
            await stage.see("There are no locations yet")
            from textual import events

            stage.app.screen.post_message(events.Paste("  https://git.example/a.git\n"))
            await stage.see("A registers 1 entity")
            await stage.press("escape", "escape")
            await stage.until(lambda: stage.app.screen is stage.browse, "the empty table")
            assert not any(isinstance(screen, WelcomeScreen) for screen in stage.app.screen_stack)

    play(scene())


def test_tips_are_given_once_each(tmp_path: Path) -> None:
    async def scene() -> None:
        path = tmp_path / "tui.json"
        for _, text in TIPS[next(iter(TIPS))]:
            async with staged(many(3), notebook=Notebook(path), size=(100, 24)) as stage:
                await stage.see(text)
        async with staged(many(3), notebook=Notebook(path), size=(100, 24)) as stage:
            await stage.pilot.pause(1.2)
            assert "tip:" not in stage.text()

    play(scene())
