"""What a terminal gets: width, colour, pager; and the rules for who decides."""

import os
import re
import stat
import webbrowser
from pathlib import Path
from typing import Any

import pytest

from tests.support.daemon import Daemon
from tests.tui.cli.program import Terminal, catalog, in_terminal
from tui.cli.age import age, with_ages
from tui.cli.commands.tui import prefer_browser
from tui.cli.main import program_name
from tui.cli.terminal import wants_colour

LONG = ["list", "name:wide"]


@pytest.mark.parametrize("width", [40, 100])
def test_a_table_is_cut_to_the_terminal(state: Path, width: int) -> None:
    code, shown = in_terminal(state, *LONG, COLUMNS=str(width), NO_COLOR="1")
    header, row = shown.splitlines()
    assert (code, header.split()[:2]) == (0, ["KIND", "NAME"])
    assert len(row) == width
    assert row.endswith("…")


@pytest.mark.parametrize(
    ("settings", "coloured"),
    [
        pytest.param({}, True, id="terminal"),
        pytest.param({"NO_COLOR": "1"}, False, id="no-color"),
        pytest.param({"TERM": "dumb"}, False, id="dumb"),
        pytest.param({"CLICOLOR": "0"}, False, id="clicolor-0"),
        pytest.param({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False, id="no-color-wins"),
    ],
)
def test_colour_on_a_terminal(state: Path, settings: dict[str, Any], coloured: bool) -> None:
    _, shown = in_terminal(state, *LONG, **settings)
    assert ("\x1b[" in shown) == coloured
    assert ("\x1b[" in in_terminal(state, *LONG, "--color", "always", **settings)[1]) is True
    assert ("\x1b[" in in_terminal(state, *LONG, "--color", "never", **settings)[1]) is False


def test_a_pipe_gets_no_colour_unless_forced(state: Path) -> None:
    assert "\x1b" not in catalog(state, *LONG, "-o", "table").out
    assert "\x1b[" in catalog(state, *LONG, "-o", "table", CLICOLOR_FORCE="1").out
    assert "\x1b" not in catalog(state, *LONG, "-o", "csv", "--color", "always").out


@pytest.mark.parametrize(
    ("choice", "tty", "environ", "wanted"),
    [
        ("auto", True, {}, True),
        ("auto", False, {}, False),
        ("auto", False, {"FORCE_COLOR": "1"}, True),
        ("auto", False, {"CLICOLOR_FORCE": "0"}, False),
        ("always", False, {"NO_COLOR": "1"}, True),
        ("never", True, {"FORCE_COLOR": "1"}, False),
        ("auto", True, {"NO_COLOR": ""}, True),
    ],
)
def test_who_decides_on_colour(choice: str, tty: bool, environ: dict[str, str], wanted: bool) -> None:
    assert wants_colour(choice, tty=tty, environ=environ) == wanted


@pytest.fixture
def pager(tmp_path: Path) -> Path:
    """A program that marks what it was given."""
    program = tmp_path / "my pager"
    program.write_text("#!/bin/sh\necho PAGED\ncat\n")
    program.chmod(program.stat().st_mode | stat.S_IEXEC)
    return program


@pytest.mark.parametrize(
    ("arguments", "paged"),
    [
        pytest.param(["list", "-o", "json"], True, id="long"),
        pytest.param(["list", "name:wide"], False, id="fits"),
        pytest.param(["list", "-o", "json", "--no-pager"], False, id="switched-off"),
    ],
)
def test_a_pager_only_for_what_does_not_fit(state: Path, pager: Path, arguments: list[str], paged: bool) -> None:
    code, shown = in_terminal(state, *arguments, CATALOG_PAGER=f"'{pager}'")
    assert (code, shown.startswith("PAGED\n")) == (0, paged)
    assert "PAGED" not in catalog(state, *arguments, CATALOG_PAGER=f"'{pager}'").out


def test_a_pager_that_is_left_early(state: Path, tmp_path: Path) -> None:
    quitter = tmp_path / "quitter"
    quitter.write_text("#!/bin/sh\nexit 0\n")
    quitter.chmod(0o755)
    assert in_terminal(state, "list", "-o", "json", CATALOG_PAGER=str(quitter)) == (0, "")


def test_a_reader_that_leaves_is_no_error(state: Path) -> None:
    import subprocess

    from tests.tui.cli.program import COMMAND, ROOT, environment

    process = subprocess.Popen(
        [*COMMAND, "list", "-o", "json", "--limit", "-1"],
        env=environment(state),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 0


def test_times_are_ages_on_a_terminal_only(catalog_daemon: Daemon) -> None:
    arguments = ["location", "list", "--columns", "last_success"]
    _, shown = in_terminal(catalog_daemon.state, *arguments, NO_COLOR="1")
    assert re.fullmatch(r"\d+[smh] ago|now", shown.splitlines()[1])
    piped = catalog(catalog_daemon.state, *arguments).out
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S*", piped.splitlines()[1])


def test_ages() -> None:
    from datetime import UTC, datetime

    now = datetime(2026, 1, 2, 12, 0, 0, tzinfo=UTC)
    times = {
        "2026-01-02T12:00:00Z": "now",
        "2026-01-02T11:59:20+00:00": "40s ago",
        "2026-01-02T10:00:00Z": "2h ago",
        "2025-12-01T12:00:00Z": "32d ago",
        "2026-01-02T12:05:00Z": "in 5m",
        "2026-01-02T11:59:00": "1m ago",
        "soon": "soon",
        "": "",
    }
    assert {text: age(text, now) for text in times} == times
    assert with_ages(["name", "updated"], [["2026-01-02T10:00:00Z"] * 2], now) == [["2026-01-02T10:00:00Z", "2h ago"]]


def test_the_tui_needs_a_terminal(state: Path) -> None:
    done = catalog(state, "tui")
    assert (done.code, done.out) == (2, "")
    assert " next: `catalog list` prints the same entities" in done.err
    code, shown = in_terminal(state, "tui", TERM="dumb")
    assert (code, "where: TERM=dumb" in shown, "\x1b" in shown) == (2, True, False)


def test_the_tui_reads_the_configuration_that_is_named(state: Path, tmp_path: Path) -> None:
    file = tmp_path / "other.toml"
    file.write_text('[keys]\n"browse.nothing" = "o"\n')
    code, shown = in_terminal(state, "tui", "--config", str(file))
    assert code == 2
    assert "there is no action browse.nothing" in shown
    assert f"where: {file}" in shown


def test_no_arguments_without_a_terminal_is_help_and_code_2(state: Path) -> None:
    done = catalog(state)
    assert (done.code, done.out) == (2, "")
    assert done.err.index("Examples:") < done.err.index("Read:") < done.err.index("Options:")


def test_the_tui_offers_to_start_the_daemon(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "tui")
    terminal.wait_for(lambda shown: "Start it in the background? [Y/n]" in shown)
    terminal.type("n\n")
    assert terminal.end() == 3
    assert in_terminal(tmp_path, "tui", "--no-input")[0] == 3


@pytest.mark.parametrize(
    ("called", "name"),
    [("/usr/bin/catalog", "catalog"), ("/x/git-catalog", "git catalog"), ("/x/tui/cli/__main__.py", "catalog")],
)
def test_the_name_it_was_called_by(called: str, name: str) -> None:
    assert program_name(called) == name


def test_no_arguments_on_a_terminal_open_the_tui(state: Path) -> None:
    terminal = Terminal(state, width=120)
    terminal.wait_for(lambda shown: "hostile-esc" in shown)
    assert "\x1b]0;owned" not in terminal.text
    terminal.type("q")
    assert terminal.end() == 0


def test_catalog_browser_comes_before_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = tmp_path / "opened"
    for name in ("ours", "theirs"):
        (tmp_path / name).write_text(f'#!/bin/sh\necho {name} "$1" >> {opened}\n')
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("BROWSER", str(tmp_path / "theirs"))
    monkeypatch.setenv("CATALOG_BROWSER", str(tmp_path / "ours"))
    monkeypatch.setattr(webbrowser, "_tryorder", None)  # it looks at BROWSER once in the life of a process
    prefer_browser(os.environ)
    assert webbrowser.open("https://board.test/")
    assert opened.read_text() == "ours https://board.test/\n"
