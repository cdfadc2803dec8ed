"""The remote of one mirror, and the conversation with it: what to ask, what to fetch, what helps when that fails."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from syncd.errors import StalledError
from syncd.git.failure import Cause, cause_of, failure_of
from syncd.git.heads import Heads
from syncd.git.objects import ReaderPool
from syncd.git.peek import look
from syncd.git.progress import Progress
from syncd.git.push import Pushed, push
from syncd.git.refs import read_ref
from syncd.git.remote import Advertised, ask, receive
from syncd.git.revision import COMMIT, Head, candidates, is_object_id, local_ref
from syncd.git.runner import Finished, Runner
from syncd.git.saved import SAVED, SAVED_REF, write_saved
from syncd.git.storage import INDEXES, Storage
from syncd.git.url import CloneUrl


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a fetch found. A revision is in `heads` or in `missing`: a branch that was deleted is a state, no error.

    `rewritten` maps a revision to its old and new commit where the new one does not contain the old one (R18).
    """

    heads: dict[str, Head]
    missing: tuple[str, ...] = ()
    rewritten: dict[str, tuple[str, str]] = field(default_factory=dict)


class Origin:
    """Where a mirror comes from. One conversation at a time: but for `spell`, the mirror's lock is held by the caller.

    A fetch that fails by damage on our side heals the mirror, and goes on.
    """

    def __init__(self, url: CloneUrl, storage: Storage, heads: Heads, runner: Runner, readers: ReaderPool) -> None:
        self.url = url
        """As it is spelled now."""
        self.work_tree: Path | None = None
        """The folder of which somebody asked for what is saved."""
        self._other_spellings: list[CloneUrl] = []
        self._spelling = threading.Lock()
        self._storage = storage
        self._git_dir = storage.git_dir
        self._heads = heads
        self._runner = runner
        self._readers = readers
        self._has_received = False
        self._progress: Progress | None = None

    @property
    def percent(self) -> int | None:
        """See `Mirror.percent`."""
        progress = self._progress
        return progress.percent if progress else None

    def spell(self, url: CloneUrl) -> None:
        """Another spelling of the same URL, to try where the server does not know the one used before; never waits."""
        with self._spelling:
            if url.text not in {known.text for known in (self.url, *self._other_spellings)}:
                self._other_spellings.append(url)

    def fetch(self, wanted: Sequence[str]) -> Fetched:
        """Bring the revisions up to date, by a spelling of the URL that the server knows; raises as `Mirror.fetch`."""
        for _ in range(len(self._other_spellings)):
            try:
                return self._fetch(wanted)
            except StalledError as reason:
                if reason.code not in {"git.not_found", "git.moved"}:
                    raise
                self._spell_otherwise()
        return self._fetch(wanted)

    def push(self, commit: str, ref: str) -> Pushed:
        """Push a commit to a branch, by its full name; see `syncd.git.push`."""
        return push(self._runner, self._git_dir, self.url, commit, ref)

    def heal(self, suspect: str = "") -> bool:
        """Check the mirror, and fetch it anew where it is damaged; see `Mirror.heal`."""
        if not self._storage.exists:
            return False
        if self._storage.is_sound() and not (suspect and self._readers.lists(self._git_dir, suspect)):
            return False
        if not self._storage.may_replace():
            return False
        self._readers.forget(self._git_dir)
        self._storage.replace(self.url)
        return True

    def _spell_otherwise(self) -> None:
        with self._spelling:
            self._other_spellings.append(self.url)
            self.url = self._other_spellings.pop(0)

    def _fetch(self, wanted: Sequence[str]) -> Fetched:
        self._storage.prepare()
        before = self._heads.at(wanted)
        missing = self._fetch_refs([name for name in wanted if not is_object_id(name) and name != SAVED])
        missing += [SAVED] if SAVED in wanted and not self._fetch_saved() else []
        missing += [revision for revision in wanted if is_object_id(revision) and not self._fetch_commit(revision)]
        if self._has_received:
            self._storage.check_size()
            self._has_received = False
        heads = {name: head for name, head in self._heads.at(wanted).items() if name not in missing}
        self._storage.tidy(is_quiet=heads == before)
        return Fetched(heads, tuple(missing), self._heads.rewritten(before, heads))

    def _fetch_refs(self, revisions: Sequence[str]) -> list[str]:
        """Fetch what is known to exist at once; ask the remote first only where something is not known.

        A repository of this disk tells by itself where its HEAD is now: a person may have checked out another branch.
        """
        if not revisions:
            return []
        plan = {revision: ref for revision in revisions if (ref := self._fresh_ref(revision))}
        seen = look(self.url.local_path, plan.values()) if self.url.local_path else None
        if len(plan) < len(revisions) or (seen is not None and plan.get("", seen.head) != seen.head):
            plan = self._ask(revisions)
        elif seen is not None and self._has_all(seen, plan.values()):
            return []
        finished = self._receive(plan.values())
        if not finished.ok:
            cause = cause_of(finished)
            if cause not in {"ref_missing", "local"} and not self._heal_after(cause):
                raise failure_of(finished, self.url)
            plan = self._ask(revisions)
            self._storage.clear_way({local_ref(ref) for ref in plan.values()})
            finished = self._receive(plan.values())
        if not finished.ok:
            raise failure_of(finished, self.url)
        return [revision for revision in revisions if revision not in plan]

    def _has_all(self, seen: Advertised, refs: Iterable[str]) -> bool:
        return all(read_ref(self._git_dir, local_ref(ref)) == seen.refs.get(ref, "") for ref in refs)

    def _fetch_saved(self) -> bool:
        """Whether there is a commit that is checked out, and with it one of what is saved."""
        self.work_tree = self.url.local_path or Path()
        head = None if self._fetch_refs([""]) else self._heads.at([""]).get("")
        if head is None:
            return False
        commit = write_saved(self._runner, self._git_dir, self._storage.folder / INDEXES, self.work_tree, head.commit)
        if read_ref(self._git_dir, local_ref(SAVED_REF)) != commit:
            self._storage.update_ref(local_ref(SAVED_REF), commit)
        return True

    def _heal_after(self, cause: Cause) -> bool:
        """Whether a fetch failed by damage that is healed now; a check takes time, so a doubt leads to few of them."""
        doubtful = cause == "unclear" and self._storage.may_check()
        return (cause == "damaged" or doubtful) and self.heal()

    def _fetch_commit(self, commit: str) -> bool:
        """Whether the commit is there now; the remote may refuse to give what none of its refs names."""
        if self._storage.exists and self._heads.peeled([commit]) != [None]:
            if read_ref(self._git_dir, COMMIT + commit) is None:
                self._storage.update_ref(COMMIT + commit, commit)
            return True
        self._storage.create(len(commit))
        finished = self._receive([commit])
        if finished.ok or cause_of(finished) == "ref_missing":
            return finished.ok
        raise failure_of(finished, self.url)

    def _receive(self, refs: Iterable[str]) -> Finished:
        wanted = list(refs)
        if not wanted:
            return Finished(0, b"", "")
        progress = self._progress = Progress()
        try:
            with self._storage.receiving() as clock:
                self._has_received = True
                depth = self._runner.settings.depth
                finished = receive(
                    self._runner, self._git_dir, self.url, wanted, clock=clock, depth=depth, progress=progress
                )
                if not finished.ok:
                    self._storage.suspect()
                return finished
        finally:
            self._progress = None

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
        seen = look(self.url.local_path, wanted) if self.url.local_path else None
        if seen and all(some[0] in seen.refs for some in names.values() if some):
            return seen
        return ask(self._runner, self._git_dir, self.url, wanted)

    def _fresh_ref(self, revision: str) -> str | None:
        """The known full name, unless it is the default branch and was not asked for lately."""
        return self._heads.ref(revision) if revision or self._storage.default_is_fresh else None
