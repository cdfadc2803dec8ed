"""What `docs/cli.md` says is what there is: every command, every option, every exit code, every format."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tui.cli.command import CatalogCommand, CatalogGroup
from tui.cli.exit_codes import MEANINGS, ExitCode
from tui.cli.formats import FORMATS
from tui.cli.main import COMMANDS, cli
from tui.cli.variables import VARIABLES

TEXT = (Path(__file__).parents[3] / "docs" / "cli.md").read_text(encoding="utf-8")
SHARED = ("Output", "Options of all commands")


def section(title: str) -> str:
    """The text below a heading, up to the next one."""
    found = re.search(rf"^##+ {re.escape(title)}\n(.*?)(?=^##+ |\Z)", TEXT, re.MULTILINE | re.DOTALL)
    assert found, f"docs/cli.md has no heading {title!r}"
    return found.group(1)


def commands(command: click.Command = cli, path: str = "catalog") -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, with its full name."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            yield from commands(child, f"{path} {name}")
    else:
        yield path, command


ALL = dict(commands())


@pytest.mark.parametrize("path", ALL)
def test_each_command_and_each_of_its_options_is_documented(path: str) -> None:
    text = section(f"`{path}`") + "".join(section(title) for title in SHARED)
    options = [
        name for one in ALL[path].params if isinstance(one, click.Option) for name in (*one.opts, *one.secondary_opts)
    ]
    assert [name for name in options if f"`{name}`" not in text and not re.search(rf"`{name} [a-z]+`", text)] == []


def test_nothing_is_documented_that_is_not_there() -> None:
    assert sorted(re.findall(r"^### `(.*)`$", TEXT, re.MULTILINE)) == sorted(ALL)


def test_r074_exit_codes_are_documented() -> None:
    rows = re.findall(r"^\| (\d+) \| (.*) \|$", section("Exit codes"), re.MULTILINE)
    assert rows == [(str(code.value), MEANINGS[code]) for code in ExitCode]


def test_variables_are_documented() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", section("Environment variables"), re.MULTILINE)
    assert dict(rows) == VARIABLES


def test_formats_are_documented() -> None:
    assert tuple(re.findall(r"^\| `(\w+)` \|", section("Output"), re.MULTILINE)) == FORMATS


@pytest.mark.parametrize("path", ALL)
def test_each_command_has_examples_that_call_it(path: str) -> None:
    command = ALL[path]
    assert isinstance(command, CatalogCommand)
    assert command.examples
    name = path.removeprefix("catalog ")
    assert [line for line, _ in command.examples if not re.match(rf"{name}(\s|$)", line)] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_of_commands_says_what_the_command_says(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert isinstance(command, CatalogCommand | CatalogGroup)
    assert COMMANDS[name].summary == (command.short_help or command.help)
