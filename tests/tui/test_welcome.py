"""First use: an empty catalog says what to do, a demo is one key away, and tips come once."""

from pathlib import Path

from tests.tui.fake_source import FakeSource, many
from tests.tui.stage import play, staged
from tui.model.location_source import Preview, Previewed
from tui.model.tips import TIPS
from tui.notebook import Notebook
from tui.screens.register import RegisterScreen
from tui.screens.welcome import WelcomeScreen, demo_repository

FOUND = Preview("", 1, {"new": 1}, (Previewed("new", "component:default/a", "catalog-info.yaml", 1),))


def test_an_empty_catalog_shows_one_screen_and_loads_the_demo(tmp_path: Path) -> None:
    async def scene() -> None:
        source = many(0)
        url = (tmp_path / "demo" / "company.git").resolve().as_uri()
        source.previews[url] = FOUND
        async with staged(source, size=(80, 24)) as stage:
            await stage.see("There are no locations yet")
            await stage.press("d")
            await stage.see("load the demo is off: there is no folder for it")
            stage.app.desk.demo = tmp_path / "demo"
            await stage.press("d")
            await stage.see("A registers 1 entity")
            assert isinstance(stage.app.screen, RegisterScreen)
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


def test_the_demo_is_a_real_repository_made_once(tmp_path: Path) -> None:
    url = demo_repository(tmp_path / "demo")
    assert demo_repository(tmp_path / "demo") == url
    assert (tmp_path / "demo" / "company.git" / "HEAD").is_file()
