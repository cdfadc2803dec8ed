"""Our bare copy of one repository: fetched without a work tree, read by object id."""

import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from syncd.errors import InputError, StalledError, TransientError
from syncd.git.blame import Blamed, read_blame
from syncd.git.carried import find_edit
from syncd.git.commit import NewCommit, folders_above, write_commit
from syncd.git.failure import Cause, cause_of, failure_of
from syncd.git.history import Commit, read_history
from syncd.git.leftovers import age_of, remove_leftovers
from syncd.git.objects import ObjectError, ObjectReader, ReaderPool, parents_of
from syncd.git.path_log import FileLog, read_file_log
from syncd.git.peek import look
from syncd.git.push import Pushed, push
from syncd.git.refs import all_refs, read_ref
from syncd.git.remote import Advertised, ask, receive
from syncd.git.revision import COMMIT, KEEP, Head, candidates, is_object_id, is_valid_ref, local_ref, spelled
from syncd.git.runner import Finished, Runner
from syncd.git.saved import SAVED, SAVED_REF, write_saved
from syncd.git.storage import INDEXES, Storage
from syncd.git.tree import Entry, FileChange, TreeListing, Trees
from syncd.git.url import CloneUrl
from syncd.model.pattern import Pattern
from syncd.model.problem import Problem

T = TypeVar("T")
_RECENT = 4
_COMMIT_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a fetch found. A revision is in `heads` or in `missing`: a branch that was deleted is a state, no error.

    `rewritten` maps a revision to its old and new commit where the new one does not contain the old one (R18).
    """

    heads: dict[str, Head]
    missing: tuple[str, ...] = ()
    rewritten: dict[str, tuple[str, str]] = field(default_factory=dict)


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
        self._url = url
        self._other_spellings: list[CloneUrl] = []
        self._spelling = threading.Lock()
        self._runner = runner
        self._settings = runner.settings
        self._readers = readers
        self._turn = turn
        self._lock = threading.RLock()
        self._storage = Storage(folder, url.identity, runner)
        self._has_received = False
        self.work_tree: Path | None = None
        """The folder of which somebody asked for what is saved."""

    @property
    def url(self) -> str:
        """The canonical clone URL: the repository's identity."""
        return self._url.identity

    @property
    def path(self) -> Path:
        """The git directory."""
        return self._storage.git_dir

    def fetch(self, revisions: Iterable[str]) -> Fetched:
        """Bring the revisions up to date with the remote: branch, tag, full ref, commit id, or "" for its default.

        Raises `StalledError` (git.not_found, git.denied, git.moved, git.too_large, git.fsck_rejected, git.host_key,
        git.tls) or `TransientError` (git.unreachable, git.timeout, git.disk_full, git.damaged); what was fetched
        before stays readable then.
        """
        wanted = tuple(dict.fromkeys(revisions))
        with self._lock, self._turn(self._url.host):
            for _ in range(len(self._other_spellings)):
                try:
                    return self._fetch(wanted)
                except StalledError as reason:
                    if reason.code not in {"git.not_found", "git.moved"}:
                        raise
                    self._spell_otherwise()
            return self._fetch(wanted)

    def spell(self, url: CloneUrl) -> None:
        """Another spelling of the same URL, to try where the server does not know the one used before; never waits."""
        with self._spelling:
            if url.text not in {known.text for known in (self._url, *self._other_spellings)}:
                self._other_spellings.append(url)

    def heads(self, revisions: Iterable[str]) -> dict[str, Head]:
        """Where the revisions pointed at the last fetch; those never fetched are left out. No network."""
        found: dict[str, tuple[str, str]] = {}
        for revision in revisions:
            ref = self._known_ref(revision)
            value = read_ref(self.path, local_ref(ref)) if ref else None
            if ref and value:
                found[revision] = (ref, value)
        branches = {revision for revision, (ref, _) in found.items() if ref.startswith("refs/heads/")}
        others = [revision for revision in found if revision not in branches]
        commits = dict(zip(others, self._peeled([found[revision][1] for revision in others]), strict=True))
        heads = ((revision, ref, commits.get(revision, value)) for revision, (ref, value) in found.items())
        return {revision: Head(revision, ref, commit) for revision, ref, commit in heads if commit}

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
        return is_object_id(name) and self._storage.exists and self._is_there(name)

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
        with self._lock, self._turn(self._url.host):
            return push(self._runner, self.path, self._url, _hex(commit), ref)

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
        named = {self._known_ref(revision) for revision in revisions}
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
            if not self._storage.exists:
                return False
            if self._storage.is_sound() and not (suspect and self._is_there(suspect)):
                return False
            if not self._storage.may_replace():
                return False
            self._readers.forget(self.path)
            self._storage.replace(self._url)
            return True

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

    def _spell_otherwise(self) -> None:
        with self._spelling:
            self._other_spellings.append(self._url)
            self._url = self._other_spellings.pop(0)

    def _fetch(self, wanted: Sequence[str]) -> Fetched:
        self._storage.prepare()
        before = self.heads(wanted)
        missing = self._fetch_refs([name for name in wanted if not is_object_id(name) and name != SAVED])
        missing += [SAVED] if SAVED in wanted and not self._fetch_saved() else []
        missing += [revision for revision in wanted if is_object_id(revision) and not self._fetch_commit(revision)]
        if self._has_received:
            self._storage.check_size()
            self._has_received = False
        heads = {name: head for name, head in self.heads(wanted).items() if name not in missing}
        self._storage.tidy(is_quiet=heads == before)
        return Fetched(heads, tuple(missing), self._rewritten(before, heads))

    def _fetch_refs(self, revisions: Sequence[str]) -> list[str]:
        """Fetch what is known to exist at once; ask the remote first only where something is not known.

        A repository of this disk tells by itself where its HEAD is now: a person may have checked out another branch.
        """
        if not revisions:
            return []
        plan = {revision: ref for revision in revisions if (ref := self._fresh_ref(revision))}
        seen = look(self._url.local_path, plan.values()) if self._url.local_path else None
        if len(plan) < len(revisions) or (seen is not None and plan.get("", seen.head) != seen.head):
            plan = self._ask(revisions)
        elif seen is not None and all(read_ref(self.path, local_ref(r)) == seen.refs.get(r, "") for r in plan.values()):
            return []
        finished = self._receive(plan.values())
        if not finished.ok:
            cause = cause_of(finished)
            if cause not in {"ref_missing", "local"} and not self._heal_after(cause):
                raise failure_of(finished, self._url)
            plan = self._ask(revisions)
            self._storage.clear_way({local_ref(ref) for ref in plan.values()})
            finished = self._receive(plan.values())
        if not finished.ok:
            raise failure_of(finished, self._url)
        return [revision for revision in revisions if revision not in plan]

    def _fetch_saved(self) -> bool:
        """Whether there is a commit that is checked out, and with it one of what is saved."""
        self.work_tree = self._url.local_path or Path()
        head = None if self._fetch_refs([""]) else self.heads([""]).get("")
        if head is None:
            return False
        commit = write_saved(self._runner, self.path, self._storage.folder / INDEXES, self.work_tree, head.commit)
        if read_ref(self.path, local_ref(SAVED_REF)) != commit:
            self._update_ref(local_ref(SAVED_REF), commit)
        return True

    def _heal_after(self, cause: Cause) -> bool:
        """Whether a fetch failed by damage that is healed now; a check takes time, so a doubt leads to few of them."""
        doubtful = cause == "unclear" and self._storage.may_check()
        return (cause == "damaged" or doubtful) and self.heal()

    def _fetch_commit(self, commit: str) -> bool:
        """Whether the commit is there now; the remote may refuse to give what none of its refs names."""
        if self._storage.exists and self._peeled([commit]) != [None]:
            if read_ref(self.path, COMMIT + commit) is None:
                self._update_ref(COMMIT + commit, commit)
            return True
        self._storage.create(len(commit))
        finished = self._receive([commit])
        if finished.ok or cause_of(finished) == "ref_missing":
            return finished.ok
        raise failure_of(finished, self._url)

    def _receive(self, refs: Iterable[str]) -> Finished:
        wanted = list(refs)
        if not wanted:
            return Finished(0, b"", "")
        with self._storage.receiving() as clock:
            self._has_received = True
            finished = receive(self._runner, self.path, self._url, wanted, clock=clock, depth=self._settings.depth)
            if not finished.ok:
                self._storage.suspect()
            return finished

    def _ask(self, revisions: Sequence[str]) -> dict[str, str]:
        """Full names of the revisions that the remote has; remembers its default branch."""
        names = {revision: candidates(revision) for revision in revisions}
        advertised = self._advertised(names)
        if advertised.head or advertised.refs:
            self._storage.create(advertised.id_length)
        if advertised.head:  # without one now, the last one is what its old content is found by (R19)
            self._storage.remember_default(advertised.head)
        plan = {revision: next((n for n in some if n in advertised.refs), None) for revision, some in names.items()}
        if "" in plan:
            plan[""] = advertised.head
        return {revision: ref for revision, ref in plan.items() if ref}

    def _advertised(self, names: dict[str, tuple[str, ...]]) -> Advertised:
        wanted = {name for some in names.values() for name in some}
        seen = look(self._url.local_path, wanted) if self._url.local_path else None
        if seen and all(some[0] in seen.refs for some in names.values() if some):
            return seen
        return ask(self._runner, self.path, self._url, wanted)

    def _fresh_ref(self, revision: str) -> str | None:
        """The known full name, unless it is the default branch and was not asked for lately."""
        return self._known_ref(revision) if revision or self._storage.default_is_fresh else None

    def _known_ref(self, revision: str) -> str | None:
        if not revision:
            return self._storage.default_ref
        if revision == SAVED:
            return SAVED_REF
        if is_object_id(revision):
            return revision
        return next((name for name in candidates(revision) if read_ref(self.path, local_ref(name))), None)

    def _rewritten(self, before: dict[str, Head], after: dict[str, Head]) -> dict[str, tuple[str, str]]:
        if self._settings.depth:
            return {}  # where history is cut, nobody can tell
        known = {name: head for name, head in after.items() if name in before and name != SAVED}
        moved = {name: (before[name].commit, head.commit) for name, head in known.items()}
        return {name: (old, new) for name, (old, new) in moved.items() if old != new and not self._contains(new, old)}

    def _contains(self, commit: str, older: str) -> bool:
        try:
            with self._readers.reader(self.path) as reader:
                recent = [commit]
                for _ in range(_RECENT):  # most pushes add a few commits: these are seen without a process
                    if older in recent:
                        return True
                    recent = [parent for text in reader.contents(recent, _COMMIT_BYTES) for parent in parents_of(text)]
        except ObjectError:
            return True  # the remote's own history is cut: nobody can tell
        return self._runner.run(["merge-base", "--is-ancestor", older, commit], self.path).ok

    def _peeled(self, ids: Sequence[str]) -> list[str | None]:
        if not ids:
            return []
        names = [f"{name}^{{commit}}" for name in ids]
        with self._readers.reader(self.path) as reader:
            return [info.id if info else None for info in reader.infos(names)]

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

    def _is_there(self, name: str) -> bool:
        """Whether git lists an object, be it readable or not."""
        try:
            with self._readers.reader(self.path) as reader:
                return next(reader.infos([name])) is not None
        except ObjectError:
            return True

    def _update_ref(self, name: str, commit: str | None) -> None:
        with self._lock:
            self._storage.update_ref(name, commit)


def _hex(name: str) -> str:
    if not is_object_id(name):
        raise InputError(f"{name!r} is no full object id", code="git.id_invalid")
    return name


def _damaged(reason: ObjectError) -> TransientError:
    return TransientError(f"the mirror lacks or cannot read object {reason.name}", code="git.damaged")
