"""The other screens, and the ways between them."""

import asyncio
from io import StringIO

import pytest
from textual.widget import Widget

from tests.tui.fake_source import FakeSource, Thing, many
from tests.tui.stage import play, staged
from tui.actions import ACTIONS
from tui.app import refusal, run
from tui.client import Address, Client
from tui.model.source import LocationItem, ProblemItem
from tui.screens.activity import ActivityScreen
from tui.screens.base import CatalogScreen
from tui.screens.browse import BrowseScreen
from tui.screens.help import HelpScreen
from tui.screens.locations import LocationsScreen
from tui.screens.shell import SLOW_TICK


def troubled() -> FakeSource:
    source = many(30)
    source.problem_items = [
        ProblemItem(
            "schema", "owner is [missing]", "a/catalog-info.yaml", 7, 3, "add it", "component:default/svc-00003"
        ),
        ProblemItem("yaml.syntax", "found a tab", "b.yaml", 9),
    ]
    source.location_items = [
        LocationItem("1", "git", "https://git.example/acme/pay.git", "main", last_attempt="x", last_success="x"),
        LocationItem(
            "2", "git", "https://git.example/acme/risk.git", last_attempt="x", error_code="c", error="no such host"
        ),
    ]
    return source


def test_enter_opens_an_entity_and_esc_goes_back_to_the_same_row() -> None:
    async def scene() -> None:
        async with staged(troubled()) as stage:
            await stage.press("j", "j", "j", "enter")
            await stage.see("component:default/svc-00003")
            await stage.see("catalog-info.yaml:7")
            await stage.see("✗ error")
            await stage.see("owner is [missing]")
            await stage.press("escape")
            await stage.until(lambda: stage.app.screen is stage.browse, "the table")
            assert stage.table.cursor == 3

    play(scene())


def test_the_title_of_an_entity_says_what_it_is_from_where_there_is_room() -> None:
    async def scene() -> None:
        async with staged(troubled(), size=(120, 24)) as stage:
            await stage.press("enter")
            await stage.see("component:default/svc-00000  ")
            await stage.see("from git 4f2c1d9a0b · ")
            await stage.pilot.resize_terminal(70, 24)
            await stage.until(lambda: "from git" not in stage.text().splitlines()[0], "the first to go")
            assert "component:default/svc-00000  " in stage.text().splitlines()[0]

    play(scene())


def test_yaml_is_shown_and_scrolls() -> None:
    async def scene() -> None:
        source = many(1)
        source.things[0] = Thing("svc-00000", description="\n".join(f"line {n}" for n in range(100)))
        async with staged(source) as stage:
            await stage.press("enter")
            await stage.see("[1 Overview]")
            await stage.press("tab")
            await stage.see("[2 YAML]")
            await stage.see("apiVersion: backstage.io/v1alpha1")
            await stage.press("G")
            await stage.see("targetRef: group:team-a")
            await stage.press("g")
            await stage.see("apiVersion")

    play(scene())


def test_an_open_entity_follows_its_changes_and_its_end() -> None:
    async def scene() -> None:
        source = many(3)
        async with staged(source) as stage:
            await stage.press("enter")
            await stage.see("owner      team-a")
            source.change("svc-00000", owner="group:team-new")
            await stage.see("owner      team-new")
            source.remove("svc-00000")
            await stage.see("no longer in the catalog")
            assert "owner      team-new" in stage.text()

    play(scene())


def test_an_entity_that_is_gone_says_so() -> None:
    async def scene() -> None:
        source = many(3)
        async with staged(source) as stage:
            source.things = []
            await stage.press("enter")
            await stage.see("there is no component:default/svc-00000")

    play(scene())


def test_problems_are_listed_and_lead_to_their_entity() -> None:
    async def scene() -> None:
        async with staged(troubled(), size=(100, 24)) as stage:
            await stage.press("exclamation_mark")
            await stage.see("owner is [missing]")
            await stage.see("a/catalog-info.yaml:7")
            await stage.press("j", "enter")
            await stage.see("no entity came from this place")
            await stage.press("k", "enter")
            await stage.see("1 Overview")
            await stage.press("escape")
            await stage.see("found a tab")
            await stage.press("escape")
            await stage.see("NAME")

    play(scene())


def test_no_problems_say_so() -> None:
    async def scene() -> None:
        async with staged(many(1)) as stage:
            await stage.press("exclamation_mark")
            await stage.see("✓ no problems")
            await stage.press("enter", "j", "G", "escape")
            await stage.see("svc-00000")

    play(scene())


def test_locations_show_their_state_and_their_error() -> None:
    async def scene() -> None:
        async with staged(troubled()) as stage:
            await stage.press("f4")
            await stage.see("✓ ok")
            await stage.see("acme/pay @main")
            await stage.see("✗ failing")
            assert "no such host" not in stage.text()
            await stage.press("j")
            await stage.see("✗ no such host")
            await stage.press("f2")
            await stage.see("NAME")

    play(scene())


def test_help_speaks_of_the_place_first_and_the_palette_runs_actions() -> None:
    async def scene() -> None:
        async with staged(many(5)) as stage:
            await stage.press("question_mark")
            await stage.see("Write a query line")
            await stage.press("escape", "ctrl+p")
            await stage.see("Commands and entities")
            await stage.type("sync")
            await stage.see("Where the catalog is read from")
            await stage.press("enter")
            await stage.see("no locations yet")

    play(scene())


@pytest.mark.parametrize("keys", [("q",), ("ctrl+c",), ("slash", "ctrl+c"), ("enter", "q"), ("s", "ctrl+c")], ids=str)
def test_leaving_is_one_key_everywhere(keys: tuple[str, ...]) -> None:
    async def scene() -> None:
        async with staged(many(5)) as stage:
            await stage.press(*keys)
            await stage.until(lambda: not stage.app.is_running or stage.app.return_code == 0, "the end")

    play(scene())


def terminal(*, yes: bool) -> StringIO:
    stream = StringIO()
    stream.isatty = lambda: yes  # type: ignore[method-assign]
    return stream


@pytest.mark.parametrize(
    ("stdin", "stdout", "term", "refused"),
    [
        (True, True, "xterm-256color", False),
        (False, True, "xterm", True),
        (True, False, "xterm", True),
        (True, True, "dumb", True),
        (True, True, "", True),
    ],
)
def test_without_a_terminal_it_does_not_start(stdin: bool, stdout: bool, term: str, refused: bool) -> None:
    assert bool(refusal(terminal(yes=stdin), terminal(yes=stdout), {"TERM": term})) is refused


def test_the_refusal_is_exit_code_2_and_names_another_way(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", terminal(yes=False))
    assert run(Client(Address(socket="/nowhere"))) == 2
    assert "catalog list" in capsys.readouterr().err


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36), (160, 45)], ids=str)
def test_every_screen_fits_every_size(size: tuple[int, int]) -> None:
    async def scene() -> None:
        async with staged(troubled(), size=size) as stage:
            for keys, words in _TOUR:
                await stage.press(*keys)
                await stage.see(words)
                lines = stage.text().splitlines()
                assert len(lines) == size[1]
                assert "quit" in lines[-1]
                assert lines[0].lstrip().startswith("catalog")

    play(scene())


_TOUR: tuple[tuple[tuple[str, ...], str], ...] = (
    ((), "svc-00000"),
    (("enter",), "1 Overview"),
    (("2",), "apiVersion"),
    (("question_mark",), "Help"),
    (("escape", "escape", "exclamation_mark"), "found a tab"),
    (("f4",), "acme/pay"),
)


@pytest.mark.parametrize("place", ["f2", "f3", "f4", "f5", "f6", "enter", "a"])
def test_a_screen_whose_widgets_are_gone_can_be_asked_what_works(place: str) -> None:
    """They go one by one, and keys are drawn and pressed meanwhile."""

    async def scene() -> None:
        async with staged(troubled()) as stage:
            await stage.press(place)
            await stage.quiet()
            screen = stage.app.screen
            assert isinstance(screen, CatalogScreen)
            await screen.remove_children()
            reasons = {action.id: screen.off(action) for action in ACTIONS}
            assert reasons["app.quit"] == ""

    play(scene())


def test_a_screen_that_is_done_goes_when_somebody_comes_back_and_stays() -> None:
    async def scene() -> None:
        async with staged(troubled()) as stage:
            await stage.press("f1")
            await stage.quiet()
            screen = stage.app.screen
            assert isinstance(screen, HelpScreen)
            await stage.press("f6")
            await stage.until(lambda: isinstance(stage.app.screen, ActivityScreen), "the log")
            screen.leave()
            screen.on_screen_resume()  # as when f2 and f6 are pressed faster than screens hear of it
            await stage.quiet()
            assert isinstance(stage.app.screen, ActivityScreen)
            await stage.press("f2")
            await stage.until(lambda: isinstance(stage.app.screen, BrowseScreen), "the table")

    play(scene())


def test_the_clock_ticks_while_the_screens_go_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks: list[bool] = []

    async def scene() -> None:
        async with staged(troubled()) as stage:
            app = stage.app
            await stage.press("f4", "f2")
            await stage.until(lambda: isinstance(app.screen, BrowseScreen), "the table")
            prune = app._prune

            async def slowly(*screens: Widget) -> None:
                if isinstance(screens[0], LocationsScreen):  # the table, in whose place the clock ticks, went before
                    monkeypatch.setattr(app, "_ticked", -SLOW_TICK)
                    app.set_interval(0.01, lambda: ticks.append(not app.screen_stack))
                    app.set_interval(0.01, app._tick)
                    await asyncio.sleep(0.1)
                await prune(*screens)

            monkeypatch.setattr(app, "_prune", slowly)

    play(scene())
    assert True in ticks
