"""`catalog man`: the manual, made from the commands themselves."""

import os
import sys
from pathlib import Path

import click

from tui.cli.arrange import unknown_name
from tui.cli.command import catalog_command
from tui.cli.completion import complete_commands
from tui.cli.failure import Failure
from tui.cli.manual import SECTION, commands_below, manual_page, page_name
from tui.cli.output import Choices
from tui.cli.session import Session
from tui.cli.whole_file import write_whole
from tui.named_path import named_path

FOR_GIT = "git-catalog"
"""What git asks man(1) for, where a person types `git catalog --help`."""


@catalog_command(
    "man",
    "The manual: of a command, or all of it as files.",
    ("man", "what the program is, with all commands, variables and exit codes"),
    ("man location add", "the page of a command"),
    ("man --dir ~/.local/share/man/man1", "all pages, so that `man catalog-list` finds them"),
)
@click.argument("words", metavar="[COMMAND]…", nargs=-1, shell_complete=complete_commands)
@click.option("--dir", "folder", metavar="DIR", type=click.Path(file_okay=False), help="Write all pages there.")
@click.pass_obj
def man(session: Session, words: tuple[str, ...], folder: str | None) -> None:
    """On a terminal the page is shown by man(1); in a pipe it is roff."""
    from tui.cli.main import cli

    pages = dict(commands_below(cli))
    if folder is not None:
        if words:
            raise click.UsageError("--dir writes all pages; leave out the command")
        files = {page_name(path): manual_page(command, path) for path, command in pages.items()}
        _write(session, files | {FOR_GIT: files[page_name(())]}, folder)
        return
    if words not in pages:
        known = [" ".join(path) for path in pages if len(path) == len(words)]
        raise unknown_name("command", " ".join(words), known)
    text = manual_page(pages[words], words)
    if not (sys.stdout.isatty() and _shown(text, page_name(words))):
        Choices(session, pager=False).write_lines(text.splitlines())


def _write(session: Session, pages: dict[str, str], folder: str) -> None:
    target = named_path(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name, text in pages.items():
            write_whole(target / f"{name}.{SECTION}", [text.encode("ascii")])
    except OSError as error:
        raise Failure(
            f"the manual cannot be written: {error.strerror}",
            where=str(error.filename or target),
            next_step="name a folder that you may write to",
        ) from None
    session.note(f"{len(pages)} pages in {target}")


def _shown(text: str, name: str) -> bool:
    """Whether man(1) is there and has shown the page."""
    import shutil
    import subprocess
    from tempfile import TemporaryDirectory

    program = shutil.which("man")
    if program is None:
        return False
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"{name}.{SECTION}"
        file.write_text(text, encoding="ascii")
        pager = os.environ.get("CATALOG_PAGER")
        chosen = {"MANPAGER": pager} if pager else {}
        return subprocess.run([program, str(file)], env=os.environ | chosen, check=False).returncode == 0
