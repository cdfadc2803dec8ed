"""Changes as commands: each is one that the command line has."""

import shlex

import click
import pytest

from tui.cli.main import cli
from tui.model.lines import plain
from tui.model.log_lines import change_line, command
from tui.model.source import Change
from tui.model.symbols import UNICODE

LOCATION = {"location": "git:https://git.example/pay.git#main:a.yaml,b/*.yaml"}
COMMANDS = [
    (
        Change(1, what="location.added", target="7", detail=LOCATION),
        "catalog location add https://git.example/pay.git --type git --ref main --path a.yaml --path 'b/*.yaml'",
    ),
    (
        Change(1, what="location.added", detail={"location": "url:https://git.example/pay/blob/main/c.yaml"}),
        "catalog location add https://git.example/pay/blob/main/c.yaml",
    ),
    (
        Change(1, what="location.added", detail={"location": "url:https://git.example/c.yaml", "write": "branch"}),
        "catalog location add https://git.example/c.yaml --write branch",
    ),
    (
        Change(1, what="location.changed", target="7", detail={"write": "commit", "poll_interval": 300.0}),
        "catalog location set 7 --write commit --interval 5m",
    ),
    (
        Change(1, what="location.changed", target="7", detail={"poll_interval": None}),
        "catalog location set 7 --interval configured",
    ),
    (Change(1, what="location.removed", target="7"), "catalog location remove 7"),
    (Change(1, what="location.paused", target="7"), "catalog location pause 7"),
    (Change(1, what="location.resumed", target="7"), "catalog location resume 7"),
    (Change(1, what="sync", target="7"), "catalog location refresh 7"),
    (Change(1, what="sync", detail={"locations": ["7", "8"]}), "catalog location refresh 7 8"),
    (Change(1, what="sync"), "catalog location list"),
    (
        Change(1, what="token.created", target="t", detail={"name": "a; rm -rf /", "scopes": ["read"]}),
        "catalog token create 'a; rm -rf /' --scope read",
    ),
    (Change(1, what="token.revoked", target="t"), "catalog token revoke t"),
    (Change(1, what="client.created", target="c", detail={"name": "ci"}), "catalog client create ci"),
    (Change(1, what="client.rotated", target="c"), "catalog client rotate c"),
    (Change(1, what="client.disabled", target="c"), "catalog client disable c"),
    (Change(1, what="edit.pushed", target="e"), "catalog edits e"),
    (Change(1, what="property.set", target="component:default/a"), "catalog history component:default/a"),
    (Change(1, what="activity.received", at="2026-11-21T12:00:00Z"), "catalog diff 2026-11-21T12:00:00Z"),
    (Change(1, what="activity.received"), "catalog status"),
]


@pytest.mark.parametrize(("change", "expected"), COMMANDS, ids=lambda value: getattr(value, "what", ""))
def test_each_change_is_copyable_as_a_command_that_exists(change: Change, expected: str) -> None:
    assert command(change) == expected
    words = shlex.split(expected)[1:]
    group: click.Command = cli
    context = click.Context(cli)
    while isinstance(group, click.Group):
        found = group.get_command(context, words.pop(0))
        assert found is not None, expected
        group = found
    options = {name for parameter in group.params for name in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options


def test_a_line_of_the_log_names_a_few_refs_and_counts_the_rest() -> None:
    refs = tuple(f"component:default/{letter}" for letter in "abcde")
    change = Change(9, "2026-11-21T12:00:00Z", "git", "sync", "7", added=refs[:3], removed=refs[3:])
    shown = plain(change_line(change, 200, {"7": "acme/pay"}, UNICODE))
    assert "acme/pay  +3 ~0 -2  component:default/a, component:default/b, component:default/c … +2" in shown
    assert len(plain(change_line(change, 60, {"7": "acme/pay"}, UNICODE))) < 90


def test_the_counts_of_a_change_are_in_sight_however_long_its_place_is() -> None:
    place = "/srv/" + "deep/" * 30 + "pay.git"
    change = Change(1, what="sync", target="7", added=("component:default/a",))
    shown = plain(change_line(change, 100, {"7": place}, UNICODE))
    assert shown.index("+1 ~0 -0") <= 92
    assert "deep/pay.git  +1" in shown
