"""Pages of documentation that are run: the commands of their console blocks, in order, and what each answered."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.support.daemon import Daemon

ROOT = Path(__file__).parents[2]
ADDRESS = "http://127.0.0.1:7007"
"""Where the daemon is on the pages."""
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARK = "\x1e"
"""Stands between the answers of a run."""
VARIES = (
    (r"\d{4}-\d\d-\d\dT[\d:.]+Z", "TIME"),
    (r"\b[0-9a-f]{16}\b", "REQUEST"),
    (r"\b[0-9a-f]{10}\b", "COMMIT"),
    (r"socket:\d+", "socket:0"),
    (r"[ \t]+", " "),
)
"""What is another one in every run."""


class Command(NamedTuple):
    """A command of a page, as it is typed, and the answer below it."""

    typed: list[str]
    answer: str

    @property
    def script(self) -> str:
        """What the shell gets."""
        return "\n".join(line[2:] for line in self.typed)


class Page:
    """One page. Console blocks are those without a language."""

    def __init__(self, path: Path, varies: Sequence[tuple[str, str]] = VARIES) -> None:
        self._path = path
        self._varies = varies

    def blocks(self, language: str) -> Iterator[str]:
        """The blocks of one language, "" for console blocks."""
        return (text for named, text in BLOCK.findall(self._path.read_text(encoding="utf-8")) if named == language)

    @property
    def commands(self) -> list[Command]:
        """The commands of all console blocks."""
        return [command for block in self.blocks("") for command in _commands(block)]

    def renew(self, given: Sequence[str]) -> None:
        """Write the answers of a run into the page."""
        rest = iter(given)

        def renewed(match: re.Match[str]) -> str:
            if match[1]:
                return match[0]
            lines = (f"{chr(10).join(one.typed)}\n{_ended(next(rest))}" for one in _commands(match[2]))
            return f"```\n{''.join(lines)}```"

        self._path.write_text(BLOCK.sub(renewed, self._path.read_text(encoding="utf-8")), encoding="utf-8")

    def compare(self, given: Sequence[str]) -> None:
        """Hold the answers of a run against those of the page; `UPDATE_DOCS=1` writes them into it."""
        if os.environ.get("UPDATE_DOCS"):
            self.renew(given)
        shown = self.commands
        assert [(one.typed[0], self._steady(text)) for one, text in zip(shown, given, strict=True)] == [
            (one.typed[0], self._steady(one.answer)) for one in shown
        ]

    def _steady(self, text: str) -> str:
        for pattern, standing in self._varies:
            text = re.sub(pattern, standing, text)
        return text.strip()


def answers(
    folder: Path, daemon: Daemon, scripts: Sequence[str], replaced: Mapping[str, str], environment: Mapping[str, str]
) -> list[str]:
    """Run scripts in one shell that has `catalog`; what each printed, on stdout and stderr.

    `replaced` are texts of the page with what they are in this run; the answers have those of the page again.
    """
    program = folder / "bin" / "catalog"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m tui.cli "$@"\n')
    program.chmod(0o755)
    ours = {
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "HOME": str(folder),
        "CATALOG_STATE": str(daemon.state),
        "CATALOG_CONFIG": os.devnull,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "LC_ALL": "C.UTF-8",
    }
    text = "".join(f"printf '{MARK}'\n{script}\n" for script in scripts)
    for standing, found in replaced.items():
        text = text.replace(standing, found)
    done = subprocess.run(
        ["bash"],
        input=text,
        env={**ours, **environment},
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = done.stdout
    for standing, found in replaced.items():
        said = said.replace(found, standing)
    return said.split(MARK)[1:]


def _commands(text: str) -> list[Command]:
    found: list[Command] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append(Command([line], ""))
        elif line.startswith("> ") and not found[-1].answer:
            found[-1].typed.append(line)
        else:
            found[-1] = found[-1]._replace(answer=found[-1].answer + line + "\n")
    return found


def _ended(text: str) -> str:
    """The text with the end of its last line."""
    return text if not text or text.endswith("\n") else f"{text}\n"
