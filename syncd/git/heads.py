"""Where the revisions of one remote pointed at the last fetch, as its mirror knows it."""

from collections.abc import Iterable, Sequence
from typing import Final

from syncd.git.objects import ObjectError, ReaderPool, parents_of
from syncd.git.refs import read_ref
from syncd.git.revision import Head, candidates, is_object_id, local_ref
from syncd.git.runner import Runner
from syncd.git.saved import SAVED, SAVED_REF
from syncd.git.storage import Storage

_RECENT: Final = 4
_COMMIT_BYTES: Final = 1024 * 1024


class Heads:
    """The refs and commits of a mirror by what a person calls them. Asks no remote."""

    def __init__(self, storage: Storage, runner: Runner, readers: ReaderPool) -> None:
        self._storage = storage
        self._runner = runner
        self._readers = readers
        self._git_dir = storage.git_dir

    def at(self, revisions: Iterable[str]) -> dict[str, Head]:
        """Where the revisions point; those never fetched are left out."""
        found: dict[str, tuple[str, str]] = {}
        for revision in revisions:
            ref = self.ref(revision)
            value = read_ref(self._git_dir, local_ref(ref)) if ref else None
            if ref and value:
                found[revision] = (ref, value)
        branches = {revision for revision, (ref, _) in found.items() if ref.startswith("refs/heads/")}
        others = [revision for revision in found if revision not in branches]
        commits = dict(zip(others, self.peeled([found[revision][1] for revision in others]), strict=True))
        heads = ((revision, ref, commits.get(revision, value)) for revision, (ref, value) in found.items())
        return {revision: Head(revision, ref, commit) for revision, ref, commit in heads if commit}

    def ref(self, revision: str) -> str | None:
        """The full name that the remote has for a revision; None where it was never fetched."""
        if not revision:
            return self._storage.default_ref
        if revision == SAVED:
            return SAVED_REF
        if is_object_id(revision):
            return revision
        return next((name for name in candidates(revision) if read_ref(self._git_dir, local_ref(name))), None)

    def peeled(self, ids: Sequence[str]) -> list[str | None]:
        """The commit that each object is or, as a tag, stands for; None where it is not there, or is another thing."""
        if not ids:
            return []
        with self._readers.reader(self._git_dir) as reader:
            return [info.id if info else None for info in reader.infos([f"{name}^{{commit}}" for name in ids])]

    def rewritten(self, before: dict[str, Head], after: dict[str, Head]) -> dict[str, tuple[str, str]]:
        """Old and new commit of each revision of which the new one does not contain the old one (R18)."""
        if self._runner.settings.depth:
            return {}  # where history is cut, nobody can tell
        known = {name: head for name, head in after.items() if name in before and name != SAVED}
        moved = {name: (before[name].commit, head.commit) for name, head in known.items()}
        return {name: (old, new) for name, (old, new) in moved.items() if old != new and not self._contains(new, old)}

    def _contains(self, commit: str, older: str) -> bool:
        try:
            with self._readers.reader(self._git_dir) as reader:
                recent = [commit]
                for _ in range(_RECENT):  # most pushes add a few commits: these are seen without a process
                    if older in recent:
                        return True
                    recent = [parent for text in reader.contents(recent, _COMMIT_BYTES) for parent in parents_of(text)]
        except ObjectError:
            return True  # the remote's own history is cut: nobody can tell
        return self._runner.run(["merge-base", "--is-ancestor", older, commit], self._git_dir).ok
