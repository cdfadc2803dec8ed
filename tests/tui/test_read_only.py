"""Writing switched off: at the start, while it runs, and because the daemon is away."""

import pytest

from tests.tui.fake_source import many
from tests.tui.stage import play, staged
from tui.actions import browse
from tui.actions.action import Action, Context
from tui.cli.failure import Failure
from tui.screens.browse import BrowseScreen


@pytest.fixture
def writing(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Puts an action into the registry that would write, and tells when it ran."""
    ran: list[str] = []
    action = Action("browse.test-write", "write", "Writes.", ("w",), Context.BROWSE, "test_write", 2, writes=True)
    monkeypatch.setattr("tui.actions.ACTIONS", (action, *browse.ACTIONS))
    monkeypatch.setattr(BrowseScreen, "action_test_write", lambda _: ran.append("done"), raising=False)
    return ran


def test_read_only_is_switched_while_it_runs_and_writes_are_off_with_the_reason(writing: list[str]) -> None:
    async def scene() -> None:
        async with staged(many(3), read_only=True) as stage:
            await stage.see("⊘ read-only")
            await stage.see("(w write)")
            screen = stage.browse
            await stage.app.run_action("test_write", screen)
            await stage.see("write is off: read-only")
            assert not writing
            stage.app.action_toggle_read_only()
            await stage.until(lambda: "⊘ read-only" not in stage.text().splitlines()[0], "the lock is off")
            await stage.app.run_action("test_write", screen)
            assert writing == ["done"]
            stage.app.desk.source.die()  # type: ignore[attr-defined]
            await stage.see("offline")
            await stage.app.run_action("test_write", screen)
            await stage.see("write is off: offline")
            assert writing == ["done"]

    play(scene())


def test_disabled_actions_are_listed_with_their_reason_in_palette_and_help() -> None:
    async def scene() -> None:
        async with staged(many(0)) as stage:
            await stage.see("There are no locations yet")
            await stage.press("escape", "y")
            await stage.see("copy is off: nothing selected")
            await stage.see("(enter open)")
            await stage.press("question_mark")
            await stage.see("(off: nothing selected)")
            await stage.press("escape", "ctrl+p")
            await stage.type("copy")
            await stage.see("off: nothing selected")

    play(scene())


def test_a_daemon_that_is_gone_can_be_started_from_the_palette() -> None:
    async def scene() -> None:
        source = many(3)
        failed = Failure("the daemon ended while starting", where="daemon.log")
        answers: list[Exception | int] = [failed, 7]

        def start() -> int:
            answer = answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            source.down = False
            return answer

        async with staged(source) as stage:
            await stage.see("● live")
            await stage.app.run_action("start_daemon")
            await stage.see("start the daemon is off: it is another machine's")
            stage.app.desk.start_daemon = start
            await stage.app.run_action("start_daemon")
            await stage.see("start the daemon is off: it runs")
            source.die()
            await stage.see("the daemon does not answer; what was read stays")
            await stage.press("ctrl+p")
            await stage.type("start the")
            await stage.see("Start the daemon")
            await stage.press("enter")
            await stage.see("the daemon ended while starting")
            await stage.app.run_action("start_daemon")
            await stage.see("● live")
            await stage.until(lambda: "does not answer" not in stage.text(), "what is over is not told any more")

    play(scene())
