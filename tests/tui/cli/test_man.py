"""The manual: every command has a page that says what the command says, and that the formatters take without a word."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.tui.cli.program import catalog, in_terminal
from tui.cli.command import CatalogCommand, CatalogGroup
from tui.cli.exit_codes import MEANINGS
from tui.cli.main import cli
from tui.cli.manual import commands_below, manual_page, page_name
from tui.cli.roff import Page, prose
from tui.cli.variables import VARIABLES

ROOT = Path(__file__).parents[3]
COMMANDS = dict(commands_below(cli))
PAGES = {page_name(path): manual_page(command, path) for path, command in COMMANDS.items()}
SECTIONS = ["NAME", "SYNOPSIS", "DESCRIPTION", "EXAMPLES", "OPTIONS", "EXIT STATUS", "SEE ALSO"]
FURTHER = {"COMMANDS", "ENVIRONMENT", "FILES"}
LETTERS = {"\\-": "-", "\\[aq]": "'", "\\[dq]": '"', "\\[ga]": "`", "\\[ha]": "^", "\\[ti]": "~", "\\e": "\\"}
LINE = re.compile(r"(?:\.(?:TH|SH|SS|PP|TP|RS|RE|EX|EE)\b.*|[^.'].*)")


def plain(page: str) -> str:
    """The page without its markup."""
    text = re.sub(r"\\f[BR]|\\&", "", page)
    text = re.sub(r"\\\[u([0-9A-F]{4,5})\]", lambda found: chr(int(found[1], 16)), text)
    for written, letter in LETTERS.items():
        text = text.replace(written, letter)
    return text


@pytest.mark.parametrize("path", COMMANDS, ids=page_name)
def test_each_command_has_a_page_with_its_sections_and_options(path: tuple[str, ...]) -> None:
    command, page = COMMANDS[path], PAGES[page_name(path)]
    assert isinstance(command, CatalogCommand | CatalogGroup)
    assert page.isascii()
    assert [line for line in page.splitlines() if not LINE.fullmatch(line)] == []
    headings = re.findall(r'^\.SH "(.*)"$', page, re.MULTILINE)
    assert [one for one in headings if one not in FURTHER] == SECTIONS
    said = plain(page)
    options = {name for one in command.params for name in (*one.opts, *one.secondary_opts) if name.startswith("-")}
    assert [name for name in options if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", said)] == []
    assert [line for line, _ in command.examples if f"\ncatalog {line}".rstrip() not in said] == []


def test_the_page_of_the_program_lists_variables_and_exit_codes() -> None:
    said = plain(PAGES["catalog"])
    assert [name for name in VARIABLES if f".TP\n{name}\n" not in said] == []
    assert [code for code in MEANINGS if f".TP\n{code.value}\n" not in said] == []


def test_text_is_never_a_macro() -> None:
    page = Page("x", 1, "1")
    for text in (".PP of it", "'quoted", "\\fB", "a\\nb", "…", "`--all` and \\e"):
        page.paragraph(text)
    lines = [line for line in page.text.splitlines()[1:] if line != ".PP"]
    assert lines == ["\\&.PP of it", "\\[aq]quoted", "\\efB", "a\\enb", "\\[u2026]", "\\fB\\-\\-all\\fR and \\ee"]
    assert prose("no `end") == "no \\[ga]end"


def test_all_pages_are_written_and_the_formatters_take_them(tmp_path: Path) -> None:
    folder = tmp_path / "share" / "man1"
    done = catalog(tmp_path, "man", "--dir", str(folder))
    assert (done.code, done.err) == (0, f"{len(PAGES) + 1} pages in {folder}\n")
    files = sorted(folder.iterdir())
    wanted = PAGES | {"git-catalog": PAGES["catalog"]}  # for `git catalog --help`
    assert {file.name: file.read_text() for file in files} == {f"{name}.1": page for name, page in wanted.items()}
    checkers = (
        ["groff", "-man", "-Tutf8", "-ww", "-z"],
        ["mandoc", "-Tlint", "-W", "error"],
    )
    for checker in checkers:
        if shutil.which(checker[0]):
            told = subprocess.run([*checker, *map(str, files)], capture_output=True, text=True)
            assert (told.stdout, told.stderr) == ("", "")


def test_one_page_is_printed_or_shown_by_man(tmp_path: Path) -> None:
    assert catalog(tmp_path, "man", "location", "add").out == PAGES["catalog-location-add"]
    program = tmp_path / "man"
    program.write_text('#!/bin/sh\necho "shown ${1##*/}"\n')
    program.chmod(0o755)
    code, shown = in_terminal(tmp_path, "man", "list", PATH=f"{tmp_path}:/usr/bin:/bin")
    assert (code, shown) == (0, "shown catalog-list.1\n")


def test_a_page_that_is_none(tmp_path: Path) -> None:
    done = catalog(tmp_path, "man", "lcation", "add")
    assert done.code == 2
    assert "did you mean location add?" in done.err
    (tmp_path / "file").touch()
    assert catalog(tmp_path, "man", "--dir", str(tmp_path / "file" / "x")).code == 4
    assert catalog(tmp_path, "man", "list", "--dir", str(tmp_path)).code == 2


def test_every_variable_that_is_read_is_listed() -> None:
    sources = [path.read_text() for path in (ROOT / "tui").rglob("*.py") if path.name != "variables.py"]
    read = {name for text in sources for name in re.findall(r'"(CATALOG_[A-Z_]+)"', text)}
    assert read == {name for name in VARIABLES if name.startswith("CATALOG_")}
