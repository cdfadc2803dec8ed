"""Trees of a commit: bounded walks, single paths, differences; read object by object, never checked out (R15-R17)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from syncd.errors import LimitError
from syncd.git.descent import Descent, States
from syncd.git.objects import ObjectError, ObjectReader, TreeLine
from syncd.git.settings import GitSettings
from syncd.model.pattern import Pattern
from syncd.model.problem import Problem

_FILE_MODES: Final = frozenset({b"100644", b"100755"})
_TREE_MODE: Final = b"40000"
_KINDS: Final = {b"120000": "a symbolic link", b"160000": "a submodule", b"40000": "a directory"}
_AT_ONCE: Final = 128
_CACHED_ENTRIES: Final = 200_000
_TREE_BYTES: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class TreeFile:
    """A regular file: path from the root and blob id."""

    path: str
    blob: str


@dataclass(frozen=True, slots=True)
class TreeListing:
    """Files in path order. `complete` is False where a limit ended the walk: then what is not listed is unknown."""

    files: list[TreeFile]
    problems: list[Problem]
    complete: bool = True


@dataclass(frozen=True, slots=True)
class FileChange:
    """A path whose content differs; `blob` None means that there is no regular file any more, `problem` why so."""

    path: str
    blob: str | None
    problem: Problem | None = None


class Entry(NamedTuple):
    """One line of a tree."""

    mode: bytes
    id: str

    @property
    def is_file(self) -> bool:
        """Whether its content may be read (R16)."""
        return self.mode in _FILE_MODES


class Trees:
    """Reads trees of one mirror within the limits of one question."""

    def __init__(self, reader: ObjectReader, settings: GitSettings) -> None:
        self._reader = reader
        self._settings = settings
        self._cache = reader.trees
        self._cached = 0
        self._left = settings.tree_entries

    def files(self, commit: str, patterns: Iterable[Pattern]) -> TreeListing:
        """Every regular file that a pattern matches."""
        wanted = list(patterns)
        listing = _Listing(self._settings.matched_files)
        root = self.root(commit)
        try:
            for pattern in wanted:
                if pattern.is_exact:
                    listing.add(pattern.text.encode("utf-8", "surrogateescape"), self._entry(root, pattern.text))
            self._walk(root, [pattern for pattern in wanted if not pattern.is_exact], listing)
        except LimitError as reason:
            listing.problems.append(Problem(reason.code, str(reason), hint=reason.hint))
            listing.complete = False
        return listing.result()

    def entry(self, commit: str, path: str) -> Entry | None:
        """What stands at a path, of whatever mode."""
        return self._entry(self.root(commit), path)

    def changes(self, old: str, new: str) -> list[FileChange]:
        """Paths that differ between two commits. Raises `LimitError` where the difference is beyond the limits."""
        changes: list[FileChange] = []
        pairs: list[tuple[bytes, str, str]] = [(b"", self.root(old), self.root(new))]
        while pairs:
            some, pairs = pairs[-_AT_ONCE:], pairs[:-_AT_ONCE]
            self._load([tree for _, left, right in some for tree in (left, right) if tree])
            for folder, left, right in some:
                self._check(folder, len(self._tree(left)) + len(self._tree(right)))
                before, after = set(self._tree(left)), set(self._tree(right))
                gone, come = _entries(before - after), _entries(after - before)
                for name in gone.keys() | come.keys():
                    self._compare(folder + name, gone.get(name), come.get(name), changes, pairs)
        return sorted(changes, key=lambda change: change.path)

    def root(self, commit: str) -> str:
        """Tree id of a commit. Raises `ObjectError`."""
        known = self._reader.roots.get(commit)
        if known is not None:
            return known
        info = next(self._reader.infos([f"{commit}^{{tree}}"]))
        if info is None or info.type != "tree":
            raise ObjectError(commit)
        self._reader.roots[commit] = info.id
        return info.id

    def _compare(
        self,
        path: bytes,
        before: Entry | None,
        after: Entry | None,
        changes: list[FileChange],
        pairs: list[tuple[bytes, str, str]],
    ) -> None:
        old_tree, new_tree = _tree_id(before), _tree_id(after)
        if old_tree != new_tree:
            pairs.append((path + b"/", old_tree, new_tree))
        old_blob, new_blob = _blob_id(before), _blob_id(after)
        odd = after is not None and after.mode not in _FILE_MODES and after.mode != _TREE_MODE
        if old_blob != new_blob or odd:
            problem = _not_regular(path, after) if odd and after else _not_unicode(path)
            changes.append(FileChange(_shown(path), None if problem else new_blob, problem))

    def _entry(self, root: str, path: str) -> Entry | None:
        entry: Entry | None = Entry(_TREE_MODE, root)
        for name in path.encode("utf-8", "surrogateescape").split(b"/"):
            if entry is None or entry.mode != _TREE_MODE:
                return None
            self._load([entry.id])
            entry = next((Entry(mode, raw.hex()) for mode, found, raw in self._tree(entry.id) if found == name), None)
        return entry

    def _walk(self, root: str, patterns: list[Pattern], listing: "_Listing") -> None:
        """Depth first, some folders at once, so that neither round trips nor the list of open folders grow."""
        descent = Descent(patterns)
        folders: list[tuple[bytes, str, States]] = [(b"", root, descent.start)] if patterns else []
        while folders:
            some, folders = folders[-_AT_ONCE:], folders[:-_AT_ONCE]
            self._load([tree for _, tree, _ in some])
            for folder, tree, states in some:
                entries = self._tree(tree)
                self._check(folder, len(entries))
                known, other = descent.names(states)
                for mode, name, raw_id in entries:
                    step = known.get(name, other) or descent.judge(states, name)
                    if step.goes_on and mode == _TREE_MODE:
                        folders.append((folder + name + b"/", raw_id.hex(), step.states))
                    elif step.accepts:
                        listing.add_match(folder + name, Entry(mode, raw_id.hex()))

    def _check(self, folder: bytes, entries: int) -> None:
        settings = self._settings
        self._left -= entries
        if self._left < 0:
            raise LimitError(
                f"the repository has more than {settings.tree_entries} tree entries (tree_entries)",
                code="git.too_many_entries",
                hint="name paths without wildcards, or raise the limit",
            )
        if folder.count(b"/") > settings.tree_depth:
            raise LimitError(f"folders are nested deeper than {settings.tree_depth} (tree_depth)", code="git.too_deep")
        if len(folder) > settings.path_bytes:
            raise LimitError(f"a path is longer than {settings.path_bytes} bytes (path_size)", code="git.path_too_long")

    def _tree(self, tree: str) -> list[TreeLine]:
        return self._cache[tree] if tree else []

    def _load(self, trees: Sequence[str]) -> None:
        if self._cached > _CACHED_ENTRIES:
            self._cache.clear()
            self._cached = 0
        missing = [tree for tree in dict.fromkeys(trees) if tree not in self._cache]
        for tree, raw in zip(missing, self._reader.contents(missing, _TREE_BYTES), strict=True):
            lines = self._cache[tree] = _parse_tree(raw, tree)
            self._cached += len(lines)


class _Listing:
    def __init__(self, max_files: int) -> None:
        self._files: dict[str, TreeFile] = {}
        self._max_files = max_files
        self.problems: list[Problem] = []
        self.complete = True

    def add(self, path: bytes, entry: Entry | None) -> None:
        """What an exact path names; a folder there is a mistake."""
        if entry is None:
            return
        if entry.mode == _TREE_MODE:
            self.problems.append(_not_regular(path, entry))
        else:
            self.add_match(path, entry)

    def add_match(self, path: bytes, entry: Entry) -> None:
        """What a wildcard met; folders are only passed through."""
        if entry.mode == _TREE_MODE:
            return
        problem = _not_unicode(path) if entry.is_file else _not_regular(path, entry)
        if problem:
            self.problems.append(problem)
            return
        if len(self._files) >= self._max_files:
            raise LimitError(f"more than {self._max_files} files match (matched_files)", code="git.too_many_files")
        text = path.decode()
        self._files[text] = TreeFile(text, entry.id)

    def result(self) -> TreeListing:
        return TreeListing([self._files[path] for path in sorted(self._files)], self.problems, self.complete)


_LINE: Final = {digits: rb"0{0,2}([1-7][0-7]{4,5}) ([^\0]+)\0(.{%d})" % (digits // 2) for digits in (40, 64)}
_LINES: Final = {digits: re.compile(line, re.DOTALL) for digits, line in _LINE.items()}
_WHOLE: Final = {digits: re.compile(rb"(?:%s)*" % line, re.DOTALL) for digits, line in _LINE.items()}
"""A tree is a run of `<octal mode> <name> NUL <id>`; ids are 20 or 32 bytes."""


def _parse_tree(raw: bytes, tree: str) -> list[TreeLine]:
    if not _WHOLE[len(tree)].fullmatch(raw):
        raise ObjectError(tree)
    return _LINES[len(tree)].findall(raw)


def _entries(lines: Iterable[TreeLine]) -> dict[bytes, Entry]:
    return {name: Entry(mode, raw_id.hex()) for mode, name, raw_id in lines}


def _tree_id(entry: Entry | None) -> str:
    return entry.id if entry and entry.mode == _TREE_MODE else ""


def _blob_id(entry: Entry | None) -> str | None:
    return entry.id if entry and entry.is_file else None


def _shown(path: bytes) -> str:
    return path.decode("utf-8", "backslashreplace")


def _not_regular(path: bytes, entry: Entry) -> Problem:
    return Problem(
        "file.not_regular",
        f"{_KINDS.get(entry.mode, 'something else')} stands where a file is expected",
        path=_shown(path),
        hint="links and submodules are not followed: commit the file itself",
    )


def _not_unicode(path: bytes) -> Problem | None:
    try:
        path.decode()
    except UnicodeDecodeError:
        return Problem("file.path_not_unicode", "the path is not UTF-8", path=_shown(path), hint="rename the file")
    return None
