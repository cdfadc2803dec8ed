"""Our bare copy of one repository: fetched without a work tree, read by object id."""

import threading
from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from syncd.errors import InputError, TransientError
from syncd.git.blame import Blamed, read_blame
from syncd.git.carried import find_edit
from syncd.git.commit import NewCommit, folders_above, write_commit
from syncd.git.heads import Heads
from syncd.git.history import Commit, read_history
from syncd.git.leftovers import age_of, remove_leftovers
from syncd.git.objects import ObjectError, ObjectReader, ReaderPool
from syncd.git.origin import Fetched, Origin
from syncd.git.path_log import FileLog, read_file_log
from syncd.git.push import Pushed
from syncd.git.refs import all_refs, read_ref
from syncd.git.revision import KEEP, Head, is_object_id, is_valid_ref, local_ref, spelled
from syncd.git.runner import Runner
from syncd.git.storage import INDEXES, Storage
from syncd.git.tree import Entry, FileChange, TreeListing, Trees
from syncd.git.url import CloneUrl
from syncd.model.pattern import Pattern
from syncd.model.problem import Problem

T = TypeVar("T")


class Mirror:
    """One repository. Fetches are one at a time; reads may run beside them. Made by `Mirrors.open`.

    Reads heal a damaged mirror by themselves where a fetch can do it; where it cannot, they raise `TransientError`
    git.damaged. Commits and blobs are named by full hex ids; anything else raises `InputError`.
    """

    def __init__(
        self,
        url: CloneUrl,
        folder: Path,
        runner: Runner,
        readers: ReaderPool,
        turn: Callable[[str], AbstractContextManager[None]],
    ) -> None:
        self._runner = runner
        self._settings = runner.settings
        self._readers = readers
        self._turn = turn
        self._lock = threading.RLock()
        self._storage = Storage(folder, url.identity, runner)
        self._heads = Heads(self._storage, runner, readers)
        self._origin = Origin(url, self._storage, self._heads, runner, readers)

    @property
    def url(self) -> str:
        """The canonical clone URL: the repository's identity."""
        return self._origin.url.identity

    @property
    def path(self) -> Path:
        """The git directory."""
        return self._storage.git_dir

    @property
    def work_tree(self) -> Path | None:
        """The folder of which somebody asked for what is saved."""
        return self._origin.work_tree

    @property
    def percent(self) -> int | None:
        """How far a fetch under way is, 0 to 99; None where none is, or git has not told yet. Never waits."""
        return self._origin.percent

    def fetch(self, revisions: Iterable[str]) -> Fetched:
        """Bring the revisions up to date with the remote: branch, tag, full ref, commit id, or "" for its default.

        Raises `StalledError` (git.not_found, git.denied, git.moved, git.too_large, git.fsck_rejected, git.host_key,
        git.tls) or `TransientError` (git.unreachable, git.timeout, git.disk_full, git.damaged); what was fetched
        before stays readable then.
        """
        wanted = tuple(dict.fromkeys(revisions))
        with self._lock, self._turn(self._origin.url.host):
            return self._origin.fetch(wanted)

    def spell(self, url: CloneUrl) -> None:
        """Another spelling of the same URL, to try where the server does not know the one used before; never waits."""
        self._origin.spell(url)

    def heads(self, revisions: Iterable[str]) -> dict[str, Head]:
        """Where the revisions pointed at the last fetch; those never fetched are left out. No network."""
        return self._heads.at(revisions)

    def list_files(self, commit: str, patterns: Iterable[str | Pattern]) -> TreeListing:
        """The regular files of a commit that a pattern matches; a path without wildcards is looked up, not searched.

        Raises `PatternError` for text that is no pattern.
        """
        wanted = [Pattern.parse(pattern) if isinstance(pattern, str) else pattern for pattern in patterns]
        return self._read(lambda reader: Trees(reader, self._settings).files(_hex(commit), wanted))

    def changed_files(self, old: str, new: str) -> list[FileChange]:
        """Paths whose content differs. Raises `LimitError` where the difference is too large to be told."""
        if _hex(old) == _hex(new):
            return []
        return self._read(lambda reader: Trees(reader, self._settings).changes(old, new))

    def file_blob(self, commit: str, path: str) -> str | None:
        """Blob id of the regular file at a path; None where there is none."""
        entry = self._read(lambda reader: Trees(reader, self._settings).entry(_hex(commit), path))
        return entry.id if entry and entry.is_file else None

    def read_blobs(self, ids: Iterable[str], max_bytes: int) -> dict[str, bytes | Problem]:
        """The content of each blob, or the problem file.too_large where it has more than `max_bytes` (R14)."""
        wanted = [_hex(blob) for blob in dict.fromkeys(ids)]
        return self._read(lambda reader: reader.blobs(wanted, max_bytes))

    def holds(self, name: str) -> bool:
        """Whether an object of this id is here; False for what is no id."""
        return is_object_id(name) and self._storage.exists and self._readers.lists(self.path, name)

    def commit(self, wanted: NewCommit) -> str:
        """Write a commit that no ref names yet; its id. See `write_commit`."""

        def entries(reader: ObjectReader) -> dict[str, Entry]:
            trees = Trees(reader, self._settings)
            places = {*wanted.files, *(place for path in wanted.added for place in folders_above(path))}
            found = {path: trees.entry(_hex(wanted.parent), path) for path in places}
            return {path: entry for path, entry in found.items() if entry}

        with self._lock:
            standing = self._read(entries)
            return write_commit(self._runner, self.path, self._storage.folder / INDEXES, wanted, standing)

    def push(self, commit: str, ref: str) -> Pushed:
        """Push a commit to a branch, by its full name; what is there is never replaced (R46)."""
        if not ref.startswith("refs/heads/") or not is_valid_ref(ref):
            raise InputError(f"{ref!r} is no branch", code="git.ref_invalid")
        with self._lock, self._turn(self._origin.url.host):
            return self._origin.push(_hex(commit), ref)

    def find_edit(self, edit: str, tip: str, since: str) -> str | None:
        """The commit of an edit in what was fetched: among those of `tip` that `since` has not."""
        return find_edit(self._runner, self.path, edit, _hex(tip), since)

    def keep(self, commit: str) -> None:
        """Let no maintenance remove this commit, whatever the remote does; safe to repeat."""
        if read_ref(self.path, KEEP + _hex(commit)) != commit:
            self._update_ref(KEEP + commit, commit)

    def release(self, commit: str) -> None:
        """Undo `keep`; safe to repeat."""
        self._update_ref(KEEP + _hex(commit), None)

    def history(self, commit: str, path: str = "", limit: int = 100) -> list[Commit]:
        """The last commits that changed a path, newest first. Slow (processes of its own): for people who ask."""
        return read_history(self._runner, self.path, _hex(commit), path, limit)

    def blame(self, commit: str, path: str, lines: tuple[int, int]) -> list[Blamed]:
        """Who wrote the lines of a file, from the first to the last of `lines`; see `read_blame`."""
        self._require_fetched()
        return read_blame(self._runner, self.path, _hex(commit), path, lines)

    def file_log(self, commit: str, path: str, limit: int) -> FileLog:
        """The last commits that changed a file, followed across its renames; see `read_file_log`."""
        self._require_fetched()
        return read_file_log(self._runner, self.path, _hex(commit), path, limit)

    def commit_named(self, text: str, head: str) -> str | None:
        """The commit that a person means by a branch, a tag, an id or its beginning, `HEAD` (that is `head`), each with
        `~2` or `^` behind it if wanted; None where there is none, or more than one."""
        names = spelled(text, _hex(head))
        if not names:
            return None
        found = self._read(lambda reader: list(reader.infos([f"{name}^{{commit}}" for name in names])))
        return next((info.id for info in found if info is not None and info.type == "commit"), None)

    def commit_before(self, when: datetime, head: str) -> str | None:
        """The newest commit of a branch that was made by then, merges counting as a whole; None before the first."""
        self._require_fetched()
        until = f"--before={int(when.timestamp())}"
        finished = self._runner.run(["rev-list", "--max-count=1", "--first-parent", until, _hex(head)], self.path)
        return finished.output.decode("ascii", "replace").strip() or None

    def retain(self, revisions: Iterable[str]) -> None:
        """Forget every other ref of the remote; what `keep` named stays."""
        named = {self._heads.ref(revision) for revision in revisions}
        kept = {local_ref(ref) for ref in named if ref}
        with self._lock:
            for name in all_refs(self.path):
                if name not in kept and not name.startswith(KEEP):
                    self._update_ref(name, None)

    def heal(self, suspect: str = "") -> bool:
        """Check the mirror, and fetch it anew where it is damaged; True when that was done.

        `suspect` is an object that could not be read. At most once an hour; raises as `fetch`.
        """
        with self._lock:
            return self._origin.heal(suspect)

    def remove(self, is_needed: Callable[[], bool]) -> bool:
        """Delete the mirror; False, and nothing is done, where it is in use, needed or not there (R45)."""
        if not self._lock.acquire(blocking=False):
            return False
        try:
            if not self._storage.folder.is_dir() or is_needed():
                return False
            self._readers.forget(self.path)
            self._storage.remove()
            return True
        finally:
            self._lock.release()

    def tidy(self, kept: Collection[str], older: float) -> int:
        """Delete what a killed git left, and what `keep` named but is not in `kept`; how many.

        Only what is older than `older` seconds, and nothing at all while somebody writes to the mirror (R45).
        """
        if not self._lock.acquire(blocking=False):
            return 0
        try:
            count = remove_leftovers(self.path, older)
            for name, commit in all_refs(self.path).items():
                file = self.path / name
                if name.startswith(KEEP) and commit not in kept and (not file.exists() or age_of(file) >= older):
                    self.release(commit)
                    count += 1
            return count
        finally:
            self._lock.release()

    def close(self) -> None:
        """End the processes that read this mirror; it may be used again."""
        self._readers.forget(self.path)

    def _require_fetched(self) -> None:
        if not self._storage.exists:
            raise TransientError("the repository was not fetched yet", code="git.not_fetched")

    def _read(self, question: Callable[[ObjectReader], T]) -> T:
        self._require_fetched()
        for _ in range(2):  # the second reader is a new one: only what it cannot read either is damaged
            try:
                with self._readers.reader(self.path) as reader:
                    return question(reader)
            except ObjectError as reason:
                failed = reason
                self._readers.forget(self.path)
        if not self.heal(failed.name):
            raise _damaged(failed)
        try:
            with self._readers.reader(self.path) as reader:
                return question(reader)
        except ObjectError as reason:
            raise _damaged(reason) from reason

    def _update_ref(self, name: str, commit: str | None) -> None:
        with self._lock:
            self._storage.update_ref(name, commit)


def _hex(name: str) -> str:
    if not is_object_id(name):
        raise InputError(f"{name!r} is no full object id", code="git.id_invalid")
    return name


def _damaged(reason: ObjectError) -> TransientError:
    return TransientError(f"the mirror lacks or cannot read object {reason.name}", code="git.damaged")
