"""`docs/properties.md` is run: every command of its console blocks, in order, and each answers what the page shows.

`UPDATE_DOCS=1` writes the answers into the page.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click
import pytest
import yaml

from tests.support.daemon import Daemon
from tui.cli.demo import SAMPLE, Company
from tui.cli.main import cli

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "properties.md"
ADDRESS = "http://127.0.0.1:7007"
CONFIG = '[git]\nprotocols = ["file"]\npoll_interval = "1h"\nwatch = false\n'
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARK = "\x1e"
"""Stands between the answers of a run."""

_VARIES = (
    (r"\d{4}-\d\d-\d\dT[\d:.]+Z", "TIME"),
    (r"\b[0-9a-f]{16}\b", "REQUEST"),
    (r"\b[0-9a-f]{10}\b", "COMMIT"),
    (r"socket:\d+", "socket:0"),
    (r"[ \t]+", " "),
)
"""What is another one in every run."""


class Command(NamedTuple):
    """A command of the page, as it is typed, and the answer below it."""

    typed: list[str]
    answer: str

    @property
    def script(self) -> str:
        """What the shell gets."""
        return "\n".join(line[2:] for line in self.typed)


def commands(text: str) -> list[Command]:
    """The commands of a console block."""
    found: list[Command] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append(Command([line], ""))
        elif line.startswith("> ") and not found[-1].answer:
            found[-1].typed.append(line)
        else:
            found[-1] = found[-1]._replace(answer=found[-1].answer + line + "\n")
    return found


def blocks(language: str) -> Iterator[str]:
    """The blocks of one language, "" for console blocks."""
    return (text for named, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")) if named == language)


def answers(folder: Path, daemon: Daemon, scripts: list[str]) -> list[str]:
    """Run them in one shell; what each printed."""
    program = folder / "bin" / "catalog"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m tui.cli "$@"\n')
    program.chmod(0o755)
    environment = {
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "HOME": str(folder),
        "CATALOG_STATE": str(daemon.state),
        "CATALOG_CONFIG": os.devnull,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "LC_ALL": "C.UTF-8",
    }
    text = "".join(f"printf '{MARK}'\n{script.replace(ADDRESS, daemon.url)}\n" for script in scripts)
    done = subprocess.run(
        ["bash"], input=text, env=environment, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    return done.stdout.split(MARK)[1:]


def ended(text: str) -> str:
    """The text with the end of its last line."""
    return text if not text or text.endswith("\n") else f"{text}\n"


def steady(text: str) -> str:
    """The text without what varies."""
    for pattern, standing in _VARIES:
        text = re.sub(pattern, standing, text)
    return text.strip()


def test_every_command_answers_as_the_page_shows(tmp_path: Path) -> None:
    shown = [command for block in blocks("") for command in commands(block)]
    assert len(shown) > 25
    company = Company(tmp_path, SAMPLE)
    with Daemon(tmp_path / "daemon", CONFIG) as daemon:
        daemon.register(company.url, type="git")
        given = answers(tmp_path, daemon, [command.script for command in shown])
    if os.environ.get("UPDATE_DOCS"):
        rest = iter(given)

        def renewed(match: re.Match[str]) -> str:
            if match[1]:
                return match[0]
            lines = (f"{chr(10).join(one.typed)}\n{ended(next(rest))}" for one in commands(match[2]))
            return f"```\n{''.join(lines)}```"

        PAGE.write_text(BLOCK.sub(renewed, PAGE.read_text(encoding="utf-8")), encoding="utf-8")
        shown = [command for block in blocks("") for command in commands(block)]
    assert [(one.typed[0], steady(text)) for one, text in zip(shown, given, strict=True)] == [
        (one.typed[0], steady(one.answer)) for one in shown
    ]


@pytest.mark.parametrize("language", ["cron", "yaml"])
def test_examples_for_schedules_call_commands_that_there_are(language: str) -> None:
    found = [
        match[0].removesuffix("\n")
        for block in blocks(language)
        for match in re.finditer(r"\bcatalog (ingest|set) [^\n#]+", block)
    ]
    assert found
    for line in found:
        _, name, *words = shlex.split(line)
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        command.make_context(name, words).close()


def test_the_examples_for_ci_are_yaml() -> None:
    github, gitlab = (yaml.safe_load(block) for block in blocks("yaml"))
    assert github["jobs"]["report"]["steps"]
    assert gitlab["coverage"]["script"][0].startswith("curl ")
