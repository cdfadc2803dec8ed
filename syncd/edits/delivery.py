"""Carrying out an edit: committed on the branch as it is now, pushed once, and looked for where nobody knows (R50)."""

import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final, Protocol

from syncd.edits.author import COMMITTER, author_of
from syncd.edits.draft import Draft, Drafter, Place
from syncd.edits.permission import check_write
from syncd.edits.work import Wanted
from syncd.errors import CatalogError, InputError, NotFoundError, UnavailableError, UnfitError
from syncd.git import Head, Mirror, Mirrors, NewCommit
from syncd.model.edit import FINAL, Edit, EditState
from syncd.model.location import Location
from syncd.model.source import Branch
from syncd.store.edits import StoredEdits

TRIES: Final = 20
"""How often an edit is made anew where the branch moves under it (R49)."""

PAUSE: Final = 0.05
"""Seconds before the first of these, at most; it doubles with each."""

LONGEST_PAUSE: Final = 1.0


class Record(Protocol):
    """Writes an edit's new state down, with a row in the log of changes (R51)."""

    def __call__(self, edit: Edit, state: EditState, reason: str = "", commit: str = "") -> Edit: ...


class Delivery:
    """Carries edits out, those of one repository one after the other. Thread-safe."""

    def __init__(
        self,
        mirrors: Mirrors,
        journal: StoredEdits,
        drafter: Drafter,
        location: Callable[[str], Location],
        visible: Callable[[str], bool],
        record: Record,
    ) -> None:
        """`visible` has a look at a repository and waits until what it finds is visible; False after too long."""
        self._mirrors = mirrors
        self._journal = journal
        self._drafter = drafter
        self._location = location
        self._visible = visible
        self._record = record
        self._lock = threading.Lock()
        self._turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def carry_out(self, edit_id: str) -> Edit:
        """Bring an edit to its end, from wherever it is; the edit as it is then.

        An outcome that nobody knows leaves it as it is, and raises: `UnavailableError`, or what fetching raises.
        """
        edit = self._journal.get(edit_id)
        if edit is None:
            raise NotFoundError(f"there is no edit {edit_id}", hint="catalog edits lists them")
        with self._turn(edit.repository):
            edit = self._journal.get(edit_id) or edit  # another thread may have been first
            if edit.state == "pending":
                edit = self._pushed(edit)
        return self._confirmed(edit) if edit.state == "pushed" else edit

    def head(self, edit: Edit) -> Head:
        """Where the branch that the edit is made on is now. Raises what fetching raises, and `UnavailableError`."""
        return self.head_of(self._mirrors.open(edit.repository), edit.ref)

    def draft(self, edit: Edit, head: Head) -> Draft:
        """The edit as it would be on a commit."""
        location = self._location(edit.location)
        branch = Branch(edit.repository, edit.ref)
        place = Place(location, branch, head.commit, self._mirrors.open(edit.repository))
        return self._drafter.draft(place, self._wanted(edit))

    def _pushed(self, edit: Edit) -> Edit:
        mirror = self._mirrors.open(edit.repository)
        known = True
        for attempt in range(TRIES):
            if attempt:
                longest = min(PAUSE * 2**attempt, LONGEST_PAUSE)
                time.sleep(random.uniform(0, longest))  # noqa: S311 - no secret
            head = self.head_of(mirror, edit.ref)
            if edit.commit and (found := self._found(mirror, edit, head)):
                return self._record(edit, "pushed", commit=found)
            aimed = self._aimed(mirror, edit, head)
            if isinstance(aimed, str):
                return self._record(edit, "failed", aimed)
            edit = aimed
            pushed = mirror.push(edit.commit, edit.branch)
            if pushed.outcome == "pushed":
                return self._record(edit, "pushed", commit=edit.commit)
            if pushed.outcome == "refused":
                return self._record(edit, "failed", f"the remote refused it: {pushed.words}")
            known = pushed.outcome == "moved"
        if known:
            return self._record(edit, "failed", f"{edit.ref} moved {TRIES} times while it was pushed")
        raise UnavailableError(
            f"nobody knows yet whether edit {edit.id} was pushed",
            code="edit.unknown",
            hint="it is looked for, and pushed where it is not there; see catalog edits",
        )

    def _aimed(self, mirror: Mirror, edit: Edit, head: Head) -> Edit | str:
        """The edit with its commit on this head, written down; or why it can never be made."""
        try:
            check_write(self._location(edit.location), edit.target)
            draft = self.draft(edit, head)
        except UnavailableError:
            raise
        except CatalogError as error:
            return str(error)
        if draft.conflicts:
            return "; ".join(map(str, draft.conflicts))
        if draft.problems:
            return str(UnfitError(draft.problems))
        if not draft.contents:
            return "the files say that already"
        author = author_of(edit.actor)
        added = frozenset(file.path for file in draft.files if not file.before)
        wanted = NewCommit(head.commit, draft.contents, author, COMMITTER, edit.message, edit.id, added)
        try:
            commit = mirror.commit(wanted)
        except InputError as error:
            return str(error)
        self._journal.aim(edit.id, head.commit, commit, draft.files)
        return replace(edit, parent=head.commit, commit=commit, files=draft.files)

    def _confirmed(self, edit: Edit) -> Edit:
        """A branch of its own is not read: that it was pushed is all. Else it is there when it is visible."""
        if edit.branch != edit.ref:
            return self._record(edit, "confirmed")
        if not self._visible(edit.repository):
            return edit
        mirror = self._mirrors.open(edit.repository)
        known = mirror.heads([edit.ref]).get(edit.ref)
        if known is None or not mirror.find_edit(edit.id, known.commit, edit.parent):
            head = self.head_of(mirror, edit.ref)
            if not mirror.find_edit(edit.id, head.commit, edit.parent):
                return self._record(edit, "failed", f"{edit.ref} was rewritten: its commit is not there any more")
        return self._record(edit, "confirmed")

    def _found(self, mirror: Mirror, edit: Edit, head: Head) -> str | None:
        """The commit of this edit on the remote, where an earlier push brought it there after all."""
        heads = [head.commit]
        if edit.branch != edit.ref:
            theirs = mirror.fetch([edit.branch]).heads.get(edit.branch)
            heads += [theirs.commit] if theirs is not None else []
        return next((found for tip in heads if (found := mirror.find_edit(edit.id, tip, edit.parent))), None)

    def head_of(self, mirror: Mirror, ref: str) -> Head:
        """Where a branch is now, by any name; "" is the default one. Raises as `head`."""
        head = mirror.fetch([ref]).heads.get(ref)
        if head is None:
            raise UnavailableError(
                f"{mirror.url} has no {ref or 'default branch'} now",
                code="git.ref_missing",
                hint="push the branch, or change the location",
            )
        return head

    def _wanted(self, edit: Edit) -> list[Wanted]:
        if not edit.undoes:
            return [
                Wanted(ref, path, tuple(change for change in edit.changes if change.ref == ref))
                for ref, path in edit.paths
            ]
        undone = self._journal.get(edit.undoes)
        files = undone.files if undone is not None else ()
        return [Wanted(ref, file.path, undo=undo) for file in files for ref, undo in file.undo]

    @contextmanager
    def _turn(self, repository: str) -> Iterator[None]:
        """Edits of one repository wait for each other: they would only move the branch under one another."""
        with self._lock:
            turn = self._turns[repository]
        with turn:
            yield


def is_finished(edit: Edit) -> bool:
    """Whether nothing will change any more."""
    return edit.state in FINAL
