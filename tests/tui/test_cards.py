"""The cards of a layout in the overview of an entity."""

import copy
import webbrowser
from pathlib import Path

import pytest

from tests.tui.fake_source import many
from tests.tui.stage import Stage, play, staged
from tui.layout_answers import LayoutAnswer
from tui.screens.link_picker import LinkPicker
from tui.screens.panes.overview import OverviewPane

LAYOUT: LayoutAnswer = {
    "ref": "component:default/svc-00000",
    "layout": "layout:default/service",
    "tabs": [
        {
            "name": "overview",
            "title": "Overview",
            "path": "/",
            "cards": [
                {
                    "component": "EntityAdditionalInfoCard",
                    "title": "Additional Info Card",
                    "tone": "plain",
                    "text": "",
                    "header": [{"label": "Docs", "url": "https://docs.test/x", "icon": ""}],
                    "items": [
                        {
                            "label": "Code Coverage Score",
                            "value": "33",
                            "type": "string",
                            "url": None,
                            "style": ["bold", "underline"],
                            "note": "",
                        }
                    ],
                    "graph": None,
                    "grid": {"md": 6},
                }
            ],
        }
    ],
    "warnings": ["the component X is not known here"],
    "unresolved": [],
    "replaced": [],
    "generation": 1,
}


def shown(stage: Stage) -> OverviewPane:
    return stage.app.screen.query_one("#overview", OverviewPane)


def test_h065_the_overview_begins_with_the_cards() -> None:
    async def scene() -> None:
        source = many(1)
        source.layouts["component:default/svc-00000"] = LAYOUT
        async with staged(source, size=(100, 40)) as stage:
            await stage.press("enter")
            await stage.see("Code Coverage Score  33")
            await stage.see("! the component X is not known here")
            text = stage.text()
            assert text.index("Additional Info Card") < text.index("lifecycle")
            [box] = [line for line in text.splitlines() if "┌ Additional Info Card" in line]
            assert 45 <= len(box.strip()) <= 50

    play(scene())


def test_r073_a_link_of_a_card_is_no_hyperlink_and_h068_styles_are_weights() -> None:
    async def scene() -> None:
        source = many(1)
        source.layouts["component:default/svc-00000"] = LAYOUT
        async with staged(source, size=(100, 40)) as stage:
            await stage.press("enter")
            await stage.see("Docs")
            overview = shown(stage)
            segments = [one for y in range(20) for one in overview.render_line(y)]
            [docs] = [one for one in segments if one.text == "Docs"]
            [score] = [one for one in segments if one.text == "33"]
            assert docs.style is not None
            assert docs.style.link is None
            assert "https://docs.test/x" in stage.text()
            assert score.style is not None
            assert (score.style.bold, score.style.underline) == (True, True)

    play(scene())


def test_an_older_daemon_and_the_built_in_layout_add_nothing() -> None:
    async def scene() -> None:
        source = many(2)
        built_in = copy.deepcopy(LAYOUT)
        built_in["layout"] = "built-in"
        source.layouts["component:default/svc-00001"] = built_in
        async with staged(source, size=(100, 40)) as stage:
            for keys in (["enter"], ["escape", "j", "enter"]):
                await stage.press(*keys)
                await stage.see("lifecycle")
                await stage.quiet()
                assert "┌" not in stage.text()
                assert "no such path" not in stage.text()

    play(scene())


def test_cards_follow_their_layout_and_their_entity() -> None:
    async def scene() -> None:
        source = many(1)
        ref = "component:default/svc-00000"
        source.layouts[ref] = LAYOUT
        async with staged(source, size=(100, 40)) as stage:
            await stage.press("enter")
            await stage.see("Code Coverage Score  33")
            for value, changed in (("50", ref), ("60", "layout:default/service")):
                later = copy.deepcopy(LAYOUT)
                later["tabs"][0]["cards"][0]["items"][0]["value"] = value
                source.layouts[ref] = later
                source.tell(updated=(changed,))
                await stage.see(f"Code Coverage Score  {value}")

    play(scene())


def test_h068_a_link_is_opened_by_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nprintf "%s\\n" "$1" >> {opened}\n')
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", str(browser))
    monkeypatch.setattr(webbrowser, "_tryorder", None)  # it looks at BROWSER once in the life of a process

    async def scene() -> None:
        source = many(1)
        layout = copy.deepcopy(LAYOUT)
        layout["tabs"][0]["cards"][0]["items"][0] |= {"type": "link", "value": "Board", "url": "https://board.test/a b"}
        source.layouts["component:default/svc-00000"] = layout
        async with staged(source, size=(100, 40)) as stage:
            await stage.press("enter")
            await stage.see("Board")
            await stage.press("o")
            await stage.see("https://board.test/a%20b")
            await stage.press("down", "enter")
            await stage.until(opened.exists, "the browser")
            assert opened.read_text() == "https://board.test/a%20b\n"

    play(scene())


def test_r073_h068_without_a_browser_the_address_is_copied_once_it_was_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)

    async def scene() -> None:
        source = many(2)
        source.layouts["component:default/svc-00000"] = LAYOUT
        async with staged(source, size=(100, 40)) as stage:
            await stage.press("enter")
            await stage.see("Docs")
            await stage.press("o")
            await stage.until(lambda: isinstance(stage.app.screen, LinkPicker), "where it leads")
            assert not stage.app.clipboard  # r073: first it is shown
            await stage.press("enter")
            await stage.until(lambda: stage.app.clipboard == "https://docs.test/x", "the clipboard")
            await stage.press("escape", "j", "enter")
            await stage.see("lifecycle")
            await stage.press("o")
            await stage.see("it has no links")

    play(scene())
