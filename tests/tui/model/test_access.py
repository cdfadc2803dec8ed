"""What is off, and the reason that is shown for it."""

from dataclasses import replace

import pytest

from tui.actions import Action, Context
from tui.cli.commands.tui import wants_read_only
from tui.model.access import reason_off
from tui.model.health import Health

WRITE = Action("x.write", "write", "", ("e",), Context.BROWSE, "write", writes=True)
READ = Action("x.read", "read", "", ("e",), Context.BROWSE, "read", needs_row=True)
UP, DOWN = Health(), Health(down_since=1.0)


@pytest.mark.parametrize(
    ("action", "read_only", "health", "has_row", "reason"),
    [
        (WRITE, False, UP, True, ""),
        (WRITE, True, UP, True, "read-only"),
        (WRITE, False, DOWN, True, "offline"),
        (WRITE, True, DOWN, True, "read-only"),
        (READ, True, DOWN, True, ""),
        (READ, False, UP, False, "nothing selected"),
        (replace(WRITE, needs_row=True), False, UP, False, "nothing selected"),
    ],
)
def test_a_reason_for_what_is_off(action: Action, read_only: bool, health: Health, has_row: bool, reason: str) -> None:
    assert reason_off(action, read_only=read_only, health=health, has_row=has_row) == reason


@pytest.mark.parametrize(("value", "wanted"), [("1", True), ("yes", True), ("0", False), ("", False), ("false", False)])
def test_the_environment_may_ask_for_read_only(value: str, wanted: bool) -> None:
    assert wants_read_only({"CATALOG_READ_ONLY": value}) is wanted
    assert not wants_read_only({})
