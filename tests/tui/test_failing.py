"""Locations that fail, told above the keys of the table."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.tui.fake_source import FakeSource, many
from tests.tui.stage import Stage, play, staged
from tui.actions import ACTIONS
from tui.actions.keymap import keymap
from tui.model.courier import Answer
from tui.model.failing import failing_line, failing_locations
from tui.model.source import ProblemItem, ProblemPage
from tui.model.symbols import ASCII, UNICODE
from tui.screens.messages import ProblemsArrived

RISK = ProblemItem(
    "parse.syntax", "found a tab", "catalog-info.yaml", 14, location="2", repository="https://git.example/acme/risk.git"
)
PAY = ProblemItem("git.not_found", "there is no such repository", location="1", repository="/srv/pay")
OF_ENTITY = ProblemItem("entity.field", "owner is missing", ref="component:default/svc-00001", location="3")
SAID = "1 location failing: acme/risk (parse.syntax, line 14); press f4"


def failing(*problems: ProblemItem) -> FakeSource:
    source = many(30)
    source.problem_items = list(problems)
    return source


async def happen(stage: Stage, source: FakeSource, *problems: ProblemItem) -> None:
    """Other problems, and an event; returns when what it leads to is over."""
    source.problem_items = list(problems)
    source.change("svc-00001", owner=f"group:team-{source.seq}")
    await stage.see(f"team-{source.seq - 1}")
    await stage.quiet()


@pytest.mark.parametrize(
    ("problems", "line"),
    [
        ([RISK, RISK, OF_ENTITY], SAID),
        ([PAY], "1 location failing: /srv/pay (git.not_found); press f4"),
        ([PAY, RISK], "2 locations failing: /srv/pay (git.not_found) and 1 more; press f4"),
    ],
)
def test_the_line_names_the_first_location_and_why(problems: Sequence[ProblemItem], line: str) -> None:
    assert failing_line(failing_locations(problems), "f4", 80, UNICODE) == line


def test_a_narrow_line_keeps_the_key_and_the_end_of_the_name() -> None:
    deep = replace(RISK, repository="https://git.example/acme/platform/team-of-risk.git")
    line = failing_line(failing_locations([deep]), "f4", len(SAID) + 3, ASCII)
    assert line == "1 location failing: ~eam-of-risk (parse.syntax, line 14); press f4"
    assert len(line) == len(SAID) + 3
    narrow = failing_line(failing_locations([deep]), "f4", 56, ASCII)
    assert narrow == "1 location failing: ~am-of-risk (parse.syntax); press f4"
    assert failing_line(failing_locations([PAY]), "", 80, UNICODE).endswith("(git.not_found)"), "no key, no word of it"
    assert not failing_locations([OF_ENTITY])


def test_failing_locations_are_told_when_the_screen_comes_up() -> None:
    async def scene() -> None:
        async with staged(failing(RISK, OF_ENTITY)) as stage:
            await stage.see(f"! {SAID}")
            await stage.press("slash")
            await stage.type("svc-0001")
            await stage.see("10 of 30")
            await stage.quiet()
            assert stage.browse.notice.words == SAID, "it stays while nothing else is said"
        async with staged(failing(OF_ENTITY)) as stage:
            assert stage.browse.notice.words == ""
        async with staged(failing(PAY), keymap=keymap({"app.sync": ["f12"]}, ACTIONS)) as stage:
            await stage.see("press f12")

    play(scene())


def test_in_another_width_there_is_room_for_other_words() -> None:
    async def scene() -> None:
        async with staged(failing(RISK)) as stage:
            await stage.see(f"! {SAID}")
            await stage.pilot.resize_terminal(60, 20)
            await stage.see("acme/risk (parse.syntax); press f4")
            await stage.pilot.resize_terminal(80, 24)
            await stage.see(f"! {SAID}")

    play(scene())


def test_other_failures_are_told_and_the_same_are_not_told_again() -> None:
    async def scene() -> None:
        source = failing()
        async with staged(source) as stage:
            await happen(stage, source, RISK)
            assert stage.browse.notice.words == SAID
            await happen(stage, source, PAY, RISK)
            assert stage.browse.notice.words.startswith("2 locations failing")
            await happen(stage, source, RISK)
            assert stage.browse.notice.words == SAID
            await stage.press("V", "escape")
            await stage.until(lambda: not stage.browse.notice.words, "something else was said")
            await happen(stage, source, RISK)
            assert stage.browse.notice.words == "", "it was told"
            await happen(stage, source)
            await happen(stage, source, RISK)
            assert stage.browse.notice.words == SAID, "it went well meanwhile"
            await happen(stage, source)
            assert stage.browse.notice.words == "", "none fails"

    play(scene())


def test_failing_locations_wait_until_nothing_else_is_said() -> None:
    async def scene() -> None:
        source = failing()
        async with staged(source) as stage:
            await stage.press("V")
            await stage.see("a range begins here")
            stage.browse.post_message(ProblemsArrived(Answer(ProblemPage((RISK,), 1), None, 0.0)))
            await stage.quiet()
            assert stage.browse.notice.words.startswith("a range begins here")
            await stage.press("escape")
            await stage.see(SAID)

    play(scene())
