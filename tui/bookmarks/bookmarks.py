"""All bookmarks of a person, and what `@name` means in a query line."""

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tui.bookmarks.error import BookmarkError
from tui.bookmarks.ref_list import RefList
from tui.bookmarks.views import Views
from tui.model.query_line import DIRECTIVES, conditions, directive, is_choice, terms, with_directive, written
from tui.suggestion import nearest

STARRED_AT_MOST, RECENT_AT_MOST, ANSWER_AT_MOST = 200, 50, 200
"""Refs that are remembered: all of them have to stand in one query line."""
DEEPEST = 8
"""Views within views."""

_NAMED = re.compile(r"(?:(?<=[\s(-])|^)@(\w[\w.-]*)(?=[\s)]|$)")
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"?')


class Expanded(NamedTuple):
    """A line without names; `original` tells where a place of it is in the line as it was written."""

    text: str
    pieces: tuple[tuple[int, int, int, int], ...]

    def original(self, position: int) -> int:
        """The offset in the written line of an offset in the text; within a name, where the name begins."""
        shift = 0
        for start, end, old_start, old_end in self.pieces:
            if position < start:
                break
            if position < end:
                return old_start
            shift = old_end - end
        return position + shift


class Bookmarks:
    """Views, stars, and what was opened of late."""

    def __init__(self, views: Path | None = None, folder: Path | None = None) -> None:
        self.views = Views(views)
        self.starred = RefList(folder and folder / "starred", STARRED_AT_MOST)
        self.recent = RefList(folder and folder / "recent", RECENT_AT_MOST)
        self.answer: tuple[str, ...] = ()
        """Entities of the last answer in SQL that was shown as a table; `@answer` in this session."""

    def expand(self, line: str) -> Expanded:
        """The line with each `@name` replaced by what it stands for; BookmarkError where it stands for nothing.

        What a view says of order, columns and groups holds where the line says nothing of them itself.
        """
        if "@" not in line:
            return Expanded(line, ())
        return self._expand(line, ())

    def _expand(self, line: str, within: tuple[str, ...]) -> Expanded:
        masked = _QUOTED.sub(lambda found: "_" * len(found.group()), line)
        parts: list[str] = []
        pieces: list[tuple[int, int, int, int]] = []
        said: dict[str, tuple[str, ...]] = {}
        at = length = 0
        alone = not [term for term in terms(line) if not term.is_directive and not _NAMED.fullmatch(term.text)]
        alone = alone and len(_NAMED.findall(masked)) == 1
        for found in _NAMED.finditer(masked):
            name = found.group(1)
            if name.lower() == "me":
                continue
            meant = self._meaning(name, found.start(), within)
            for one in DIRECTIVES:
                said.setdefault(one, directive(meant, one))
            text = conditions(meant) or "kind:*"
            negated = line[max(0, found.start() - 1) : found.start()] == "-"
            if not alone and (is_choice(text) or (negated and len(terms(text)) > 1)):
                text = f"({text})"
            kept = line[at : found.start()]
            parts += [kept, text]
            start = length + len(kept)
            length = start + len(text)
            pieces.append((start, length, found.start(), found.end()))
            at = found.end()
        whole = "".join([*parts, line[at:]])
        for one, values in said.items():
            if values and not directive(whole, one):
                whole = with_directive(whole, one, values)
        return Expanded(whole, tuple(pieces))

    def _meaning(self, name: str, position: int, within: tuple[str, ...]) -> str:
        if name.lower() in ("starred", "recent"):
            return _these((self.starred if name.lower() == "starred" else self.recent).refs)
        views = self.views.all()
        if self.answer and name.lower() == "answer" and name not in views:
            return _these(self.answer)
        if name not in views:
            known = [*views, "starred", "recent"]
            near = nearest(name, known)
            hint = f"did you mean @{near}?" if near else f"there are {', '.join(f'@{one}' for one in known)}"
            raise BookmarkError(f"there is no view @{name[:60]}", hint=hint, position=position)
        if name in within or len(within) == DEEPEST:
            raise BookmarkError(f"the view @{name} leads back to itself", position=position)
        try:
            return self._expand(views[name], (*within, name)).text
        except BookmarkError as error:
            raise BookmarkError(f"in the view @{name}: {error}", hint=error.hint, position=position) from None


def _these(refs: Sequence[str]) -> str:
    return f"ref:{','.join(map(written, refs))}" if refs else "-kind:*"


def open_bookmarks(state: Path, environ: Mapping[str, str] = os.environ) -> Bookmarks:
    """The bookmarks of this person: views in `CATALOG_VIEWS` or `$XDG_CONFIG_HOME/catalog/views.toml`, refs in the
    state directory, since they are of that catalog."""
    named = environ.get("CATALOG_VIEWS")
    base = environ.get("XDG_CONFIG_HOME")
    views = Path(named) if named else (Path(base) if base else Path.home() / ".config") / "catalog" / "views.toml"
    return Bookmarks(views, state / "client")
