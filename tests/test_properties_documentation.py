"""`docs/properties.md` is run: every command of its console blocks, in order, and each answers what the page shows.

`UPDATE_DOCS=1` writes the answers into the page.
"""

import re
import shlex
from pathlib import Path

import click
import pytest
import yaml

from tests.support.console import ADDRESS, ROOT, Page, answers
from tests.support.daemon import Daemon
from tui.cli.demo import SAMPLE, Company
from tui.cli.main import cli

PAGE = Page(ROOT / "docs" / "properties.md")
CONFIG = '[git]\nprotocols = ["file"]\npoll_interval = "1h"\nwatch = false\n'


def test_every_command_answers_as_the_page_shows(tmp_path: Path) -> None:
    shown = PAGE.commands
    assert len(shown) > 25
    company = Company(tmp_path, SAMPLE)
    with Daemon(tmp_path / "daemon", CONFIG) as daemon:
        daemon.register(company.url, type="git")
        given = answers(tmp_path, daemon, [command.script for command in shown], {ADDRESS: daemon.url}, {})
    PAGE.compare(given)


@pytest.mark.parametrize("language", ["cron", "yaml"])
def test_examples_for_schedules_call_commands_that_there_are(language: str) -> None:
    found = [
        match[0].removesuffix("\n")
        for block in PAGE.blocks(language)
        for match in re.finditer(r"\bcatalog (ingest|set) [^\n#]+", block)
    ]
    assert found
    for line in found:
        _, name, *words = shlex.split(line)
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        command.make_context(name, words).close()


def test_the_examples_for_ci_are_yaml() -> None:
    github, gitlab = (yaml.safe_load(block) for block in PAGE.blocks("yaml"))
    assert github["jobs"]["report"]["steps"]
    assert gitlab["coverage"]["script"][0].startswith("curl ")
