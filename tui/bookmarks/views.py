"""Named query lines, in a TOML file that people may edit and share: `name = "line"`."""

import re
from pathlib import Path

from tui.bookmarks.error import BookmarkError

BUILT_IN = ("starred", "recent", "me")
"""Names that no view may have: lists of entities, and who asks."""

NAME = re.compile(r"\w[\w.-]*")
LONGEST_NAME = 60

_HEAD = "# Views of git-catalog: a name, and the query line that it stands for.\n"


class Views:
    """The views of one file; without a file, of this process alone. Another program's changes are seen at once."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._read_at: tuple[int, int] | None = None
        self._lines: dict[str, str] = {}

    def all(self) -> dict[str, str]:
        """Lines by name, by name. Raises BookmarkError where the file is not what it should be."""
        if self.path is not None:
            self._look(self.path)
        return dict(sorted(self._lines.items()))

    def save(self, name: str, line: str) -> None:
        """Keep a line under a name, which may be taken: the new line takes its place."""
        _check(name)
        self._write({**self.all(), name: line}, name, line)

    def remove(self, name: str) -> bool:
        """Forget a view; whether there was one."""
        wanted = self.all()
        if name not in wanted:
            return False
        del wanted[name]
        self._write(wanted, name, None)
        return True

    def rename(self, name: str, new: str) -> None:
        """Give a view another name, in its place; a view of that name is not replaced. Raises BookmarkError."""
        _check(new)
        known = self.all()
        if name not in known:
            raise BookmarkError(f"there is no view {name}", hint="somebody else removed it")
        if new in known:
            raise BookmarkError(f"there is a view {new} already", hint="choose another name")
        self._write({new if one == name else one: line for one, line in known.items()}, name, known[name], new)

    def naming(self, name: str) -> tuple[str, ...]:
        """The views whose lines name this one."""
        named = re.compile(rf"(?<![^\s(-])@{re.escape(name)}(?![^\s)])")
        return tuple(one for one, line in self.all().items() if one != name and named.search(line))

    def _look(self, path: Path) -> None:
        try:
            found = path.stat()
        except OSError:
            self._lines, self._read_at = {}, None
            return
        if (found.st_mtime_ns, found.st_size) != self._read_at:
            self._lines = _parsed(_text(path), path)
            self._read_at = (found.st_mtime_ns, found.st_size)

    def _write(self, wanted: dict[str, str], name: str, line: str | None, new: str = "") -> None:
        """Keep the wanted views: the entry of this name gets the line (None: goes), and a new name if there is one."""
        if self.path is None:
            self._lines = wanted
            return
        before = _text(self.path) if self.path.exists() else _HEAD
        text = _edited(before, name, _entry(new or name, line) if line is not None else "")
        if not _says(text, wanted, self.path):  # a value over several lines: write the file anew
            text = _HEAD + "".join(_entry(one, said) for one, said in wanted.items())
        from tui.cli.whole_file import write_whole

        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self.path, [text.encode()])
        except OSError as error:
            raise BookmarkError(f"views cannot be written: {error.strerror}", where=str(self.path)) from None
        self._lines, self._read_at = wanted, None


def _check(name: str) -> None:
    if not NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        hint = "use letters, digits, - _ and . without spaces, such as my-services"
        raise BookmarkError(f"{name[:LONGEST_NAME]!r} is no name of a view", hint=hint)
    if name.lower() in BUILT_IN:
        raise BookmarkError(f"@{name} means something already", hint="choose another name")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BookmarkError(f"views cannot be read: {error}", where=str(path)) from None


def _parsed(text: str, path: Path) -> dict[str, str]:
    import tomllib

    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BookmarkError(f"views cannot be read: {error}", where=str(path), hint="correct the file") from None
    for name, line in found.items():
        if not isinstance(line, str) or not NAME.fullmatch(name):
            hint = 'write my-services = "kind:component owner:@me"'
            raise BookmarkError(f"{name!r} is no view", where=str(path), hint=hint)
    return found


def _says(text: str, wanted: dict[str, str], path: Path) -> bool:
    try:
        return _parsed(text, path) == wanted
    except BookmarkError:
        return False


def _edited(text: str, name: str, entry: str) -> str:
    """The text with another entry in the place of one, and every other line as it is."""
    begins = re.compile(rf"""\s*(?:{re.escape(name)}|"{re.escape(name)}"|'{re.escape(name)}')\s*=""")
    lines = text.splitlines(keepends=True)
    at = next((number for number, one in enumerate(lines) if begins.match(one)), None)
    if at is not None:
        return "".join([*lines[:at], entry, *lines[at + 1 :]])
    return "".join([text, "\n" if text and not text.endswith("\n") else "", entry])


def _entry(name: str, line: str) -> str:
    key = name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _quoted(name)
    return f"{key} = {_quoted(line)}\n"


def _quoted(text: str) -> str:
    escaped = "".join(
        f"\\u{ord(one):04x}" if ord(one) < 32 or ord(one) == 127 else f"\\{one}" if one in '"\\' else one
        for one in text
    )
    return f'"{escaped}"'
