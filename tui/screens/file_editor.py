"""The file that an entity is written in, in the person's editor."""

import re
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

from tui.foreground import run_in_foreground
from tui.model.courier import Answer
from tui.model.editor import at_line, editor_command
from tui.model.source import why_not
from tui.model.symbols import Mark
from tui.model.work_tree import file_in_work_tree
from tui.screens.desk import Desk

Tell = Callable[[Mark, str], None]


def open_in_editor(app: App[Any], path: Path, line: int, tell: Tell) -> bool:
    """Open a file at a line (0: the file), and wait until the editor ends; whether there was one."""
    command = at_line(editor_command(), path, line)
    try:
        with app.suspend():
            run_in_foreground(command)
    except SuspendNotSupported:
        tell(Mark.WARNING, "no editor can be opened from here")
        return False
    except OSError as error:
        tell(Mark.ERROR, f"{command[0]} cannot be started: {error.strerror}; name an editor in EDITOR")
        return False
    finally:
        app.refresh(layout=True)
    return True


class FileEditor:
    """Opens the file of an entity at its line in a work tree on this machine; else a copy of its document, which is
    there to be read."""

    def __init__(self, app: App[Any], desk: Desk, ref: str, tell: Tell) -> None:
        self._app = app
        self._desk = desk
        self._ref = ref
        self._tell = tell

    def begin(self) -> None:
        """Ask where the file is, then open the editor."""
        self._desk.courier.send("file", self._find, lambda answer: self._app.call_later(self._found, answer))

    def _find(self) -> tuple[Path, int] | str:
        """The file and its line, or the text of the document."""
        details = self._desk.source.entity(self._ref)
        if path := file_in_work_tree(details.repository, details.path):
            return path, details.line
        return self._desk.source.document(self._ref)["text"]

    def _found(self, answer: Answer[tuple[Path, int] | str]) -> None:
        if answer.value is None:
            self._tell(Mark.WARNING, why_not(answer.error))
        elif isinstance(answer.value, str):
            self._read(answer.value)
        else:
            open_in_editor(self._app, *answer.value, self._tell)

    def _read(self, text: str) -> None:
        """A copy, readable by this person only (R76); it goes with the editor, unless something was written into it."""
        name = re.sub(r"[^A-Za-z0-9._-]", "", self._ref.rpartition("/")[2])[:60] or "document"
        try:
            folder = Path(tempfile.mkdtemp(prefix="catalog-"))
            copy = folder / f"{name}.yaml"
            copy.write_text(text, encoding="utf-8", newline="", errors="surrogatepass")
            copy.chmod(0o400)
        except OSError as error:
            self._tell(Mark.WARNING, f"no file for a copy can be made: {error.strerror}")
            return
        opened = open_in_editor(self._app, copy, 0, self._tell)
        if _says(copy, text):
            with suppress(OSError):
                copy.unlink()
                folder.rmdir()
            if opened:
                self._tell(Mark.OK, "that was a copy, to be read: its file is in no work tree of this machine")
        else:
            self._tell(Mark.WARNING, f"what you wrote is in {copy}, and nowhere else; E edits the file itself")


def _says(path: Path, text: str) -> bool:
    try:
        return path.read_bytes() == text.encode("utf-8", "surrogatepass")
    except OSError:
        return False
