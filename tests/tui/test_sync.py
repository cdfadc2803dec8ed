"""Sync: each location with its state, what happens now, and what can be done about it."""

from dataclasses import replace

import pytest

from tests.tui.fake_source import FakeSource, many
from tests.tui.stage import Stage, play, staged
from tui.model.lines import plain
from tui.model.location_lines import full_pass, heading, location_details, location_line, sync_summary
from tui.model.source import Change, LocationItem, ProblemItem, Status
from tui.model.symbols import UNICODE
from tui.model.times import parse
from tui.screens import locations
from tui.screens.location import LocationScreen
from tui.widgets.text_lines import TextLines

NOW = parse("2026-11-21T12:00:00Z")
PAY = LocationItem(
    "1",
    "git",
    "https://git.example/acme/pay.git",
    "main",
    last_attempt="2026-11-21T11:59:00Z",
    last_success="2026-11-21T11:59:00Z",
    next_attempt="2026-11-21T12:00:30Z",
    seconds=0.31,
    changed=(1, 2, 0),
    counts={"entity": 42, "bad": 1},
)
RISK = replace(PAY, id="2", target="https://git.example/acme/risk.git", last_success="", error="no [such] host")


def source() -> FakeSource:
    made = many(3)
    made.location_items = [PAY, RISK]
    made.problem_items = [ProblemItem("yaml", "found a tab", "a.yaml", 14, location="1")]
    return made


def test_a_line_has_state_next_counts_changes_time_and_note_as_far_as_there_is_room() -> None:
    assert NOW is not None
    wide = plain(location_line(PAY, 120, UNICODE, NOW))
    for words in ("! problems", "acme/pay @main", "42", "1m", "in 30s", "1/2/0", "310ms", "1 bad"):
        assert words in wide, words
    assert wide.index("310ms") == plain(heading(120)).index("TOOK")
    narrow = plain(location_line(PAY, 58, UNICODE, NOW))
    assert len(narrow) <= 58
    assert "acme/pay @main" in narrow
    paused = plain(location_line(replace(PAY, paused=True), 90, UNICODE, NOW))
    assert "⊘ paused" in paused
    assert "in 30s" not in paused
    assert "↻ reading" in plain(location_line(PAY, 90, UNICODE, NOW, busy=(PAY.target,)))
    for phase in ("fetching", "reading", "storing"):
        assert f"↻ {phase}" in plain(location_line(replace(PAY, phase=phase), 90, UNICODE, NOW))


def test_a_fetch_says_how_far_it_is_and_counts_as_one_state() -> None:
    assert NOW is not None
    fetched = [replace(PAY, phase="fetching", percent=percent) for percent in (None, 0, 40, 99)]
    lines = [plain(location_line(one, 58, UNICODE, NOW)) for one in fetched]
    for line, word in zip(lines, ("fetching", "fetch 0%", "fetch 40%", "fetch 99%"), strict=True):
        assert line.startswith(f"↻ {word} ")
    assert {line.index("acme/pay") for line in lines} == {12}
    assert plain(sync_summary(fetched, None, 30, UNICODE, NOW)) == "4 locations   ↻ fetching 4   "
    assert "fetch 40%" in "\n".join(map(plain, location_details(fetched[2], [], 80, UNICODE, NOW)))
    assert "40%" not in plain(location_line(replace(PAY, phase="reading", percent=40), 90, UNICODE, NOW))


def test_a_location_that_is_read_again_is_followed_while_that_lasts() -> None:
    async def scene() -> None:
        made = source()
        async with staged(made, size=(120, 30)) as stage:
            await stage.press("f4")
            await stage.see("2 locations")
            await stage.quiet()
            made.idle = False
            made.location_items[0] = replace(PAY, phase="fetching", percent=40)
            await stage.press("R")
            await stage.see("↻ fetch 40%")
            made.location_items[0] = replace(PAY, phase="fetching", percent=63)
            await stage.see("↻ fetch 63%")
            made.location_items[0], made.idle = PAY, True
            await stage.until(lambda: "fetch" not in stage.text(), "it is done")

    play(scene())


def test_the_summary_tells_what_waits_when_all_were_looked_at_and_how_long_the_daemon_has_been_up() -> None:
    assert NOW is not None
    status = Status("ready", True, 3, 1, 0, 7)
    begin = "1 location   ! problems 1   "
    assert plain(sync_summary([PAY], None, 120, UNICODE, NOW)) == f"{begin}last full pass 1m"
    assert plain(sync_summary([PAY], status, 120, UNICODE, NOW)) == f"{begin}last full pass 1m"
    busy = replace(status, waiting=1200, started=parse("2026-11-18T11:00:00Z"))
    whole = f"{begin}queue 1,200   last full pass 1m   daemon up 3d"
    assert plain(sync_summary([PAY], busy, len(whole), UNICODE, NOW)) == whole
    without = whole.replace("last full pass 1m   ", "")
    assert plain(sync_summary([PAY], busy, len(without), UNICODE, NOW)) == without, "what fits"
    assert plain(sync_summary([PAY], busy, len(begin), UNICODE, NOW)) == begin


def test_a_full_pass_is_as_old_as_the_oldest_look_paused_ones_aside() -> None:
    older = replace(PAY, last_attempt="2026-11-21T11:50:00Z")
    assert full_pass([PAY, older]) == older.last_attempt
    assert full_pass([PAY, replace(older, paused=True)]) == PAY.last_attempt
    assert full_pass([PAY, replace(PAY, last_attempt="")]) == "", "one was never looked at"
    assert full_pass([]) == ""


def test_looks_that_found_nothing_new_are_shown_though_no_event_tells_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locations, "RENEWED", 0.05)

    async def scene() -> None:
        made = source()
        async with staged(made, size=(120, 30)) as stage:
            await stage.press("f4")
            await stage.see("42  ")
            made.location_items[0] = replace(PAY, counts={"entity": 77})
            await stage.see("77  ")

    play(scene())


def test_sync_pauses_shows_details_and_follows_events() -> None:
    async def scene() -> None:
        made = source()
        async with staged(made, size=(120, 30)) as stage:
            await stage.press("f4")
            await stage.see("2 locations   ! problems 1   ✗ failing 1")
            await stage.press("p")
            await stage.see("same as: catalog location pause 1")
            await stage.see("⊘ paused")
            assert made.location_items[0].paused
            await stage.press("R")
            await stage.see("refresh is off: it is paused; p resumes it")
            await stage.press("p")
            await stage.until(lambda: not made.location_items[0].paused, "resumed")
            await stage.press("enter")
            await stage.see("found a tab")
            await stage.see("tried")
            await stage.press("escape", "j")
            await stage.see("✗ no [such] host")
            made.happen(Change(0, "2026-11-21T12:00:00Z", "git", "sync", "1", updated=("component:default/a",)))
            await stage.see("+0 ~1 -0  component:default/a")
            for number in range(40):
                made.happen(Change(0, "", "ada", "location.added", str(number)))
            await stage.see("location.added      39")
            await stage.press("f")
            await stage.see("Events (f follows)")
            events = stage.app.screen.query_one("#events", TextLines)
            place = events.scroll_offset.y
            made.happen(Change(0, "", "ada", "location.added", "forty"))
            await stage.until(lambda: "forty" in events.text(), "the event")
            assert events.scroll_offset.y == place
            await stage.press("tab", "g", "shift+tab")
            await stage.press("y")
            await stage.until(lambda: "location add https://git.example/acme/risk.git" in stage.app.clipboard, "copied")

    play(scene())


def test_a_location_shows_where_edits_go_and_how_often_it_is_looked_at_and_both_are_chosen() -> None:
    async def scene() -> None:
        made = source()
        made.poll_interval = 60.0
        made.location_items[0] = replace(made.location_items[0], poll_interval=7200.0)
        async with staged(made, size=(60, 20)) as stage:
            await stage.press("f4", "enter")
            await shows(stage, "edits", "none")
            await shows(stage, "every", "2h")
            await stage.press("w")
            await stage.see("one for each edit")
            await stage.press("down", "enter")
            await stage.see("same as: catalog location set 1 --write branch")
            await shows(stage, "edits", "commit on a branch")
            await stage.press("i")
            await stage.see("2h")
            await stage.press("home")
            await stage.see("every 1m")
            await stage.press("enter")
            await shows(stage, "every", "1m (configured)")
            item = made.location_items[0]
            assert (item.write, item.poll_interval, item.paused) == ("branch", None, False)
            made.not_allowed = 'write = "commit" needs the scope admin'
            await stage.press("w", "end", "enter")
            await stage.see('write = "commit" needs the scope admin')
            assert made.location_items[0].write == "branch"

    play(scene())


async def shows(stage: Stage, label: str, text: str) -> None:
    """Wait until a field of the details has a text."""

    def lines() -> list[list[str]]:
        return [line.split(maxsplit=1) for line in stage.app.screen.query_one(TextLines).text().splitlines()]

    await stage.until(lambda: isinstance(stage.app.screen, LocationScreen) and [label, text] in lines(), text)


def test_what_is_configured_is_changed_in_its_file_and_read_only_and_offline_let_nothing_begin() -> None:
    async def scene() -> None:
        made = source()
        made.location_items[0] = replace(made.location_items[0], configured=True, write="commit")
        async with staged(made, size=(100, 30)) as stage:
            await stage.press("f4", "enter")
            await stage.see("commit on what is read")
            for key, title in (("w", "edits"), ("i", "interval")):
                await stage.press(key)
                await stage.see(f"{title} is off: it stands in [[locations]] of the configuration")
            made.location_items[0] = replace(made.location_items[0], configured=False)
            await stage.press("escape", "enter")
            await stage.see("by a call")
            stage.app.action_toggle_read_only()
            for key, title in (("w", "edits"), ("i", "interval")):
                await stage.press(key)
                await stage.see(f"{title} is off: read-only")
            stage.app.action_toggle_read_only()
            await stage.until(lambda: "⊘ read-only" not in stage.text().splitlines()[0], "the lock is off")
            made.die()
            await stage.see("offline")
            await stage.press("w")
            await stage.see("edits is off: offline")

    play(scene())


def test_the_cursor_stays_on_its_location_when_others_come() -> None:
    async def scene() -> None:
        made = source()
        async with staged(made, size=(100, 30)) as stage:
            await stage.press("f4", "j")
            await stage.see("▌ ✗ failing")
            made.location_items.insert(0, replace(PAY, id="0", target="https://git.example/acme/new.git"))
            made.tell(added=("component:default/new",))
            await stage.see("acme/new")
            await stage.see("▌ ✗ failing")

    play(scene())


def test_activity_lists_changes_and_each_can_be_copied_as_a_command() -> None:
    async def scene() -> None:
        made = source()
        async with staged(made, size=(120, 30)) as stage:
            made.happen(Change(0, "2026-11-21T12:00:00Z", "git", "sync", "1", added=("component:default/svc-00000",)))
            made.happen(
                Change(0, "", "ada", "location.added", "1", {"location": "git:https://git.example/a b.git#main:x.yaml"})
            )
            await stage.press("f6")
            await stage.see("location.added")
            await stage.press("y")
            wanted = "catalog location add 'https://git.example/a b.git' --type git --ref main --path x.yaml"
            await stage.until(lambda: stage.app.clipboard == wanted, "the command")
            await stage.press("j", "enter")
            await stage.see("component:default/svc-00000")
            await stage.press("escape", "s")
            await stage.see("what people and programs did")
            assert "sync" not in stage.app.screen.query_one("#list", TextLines).text()
            made.happen(Change(0, "", "bo", "property.set", "component:default/svc-00001"))
            await stage.see("property.set")
            await stage.press("g", "y")
            await stage.until(lambda: stage.app.clipboard == "catalog history component:default/svc-00001", "history")

    play(scene())
