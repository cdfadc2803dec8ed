"""The desk for edits: proposed, agreed to, carried out, taken back; what is under way survives a crash (R50)."""

import logging
import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

import orjson

from syncd.blueprints.blueprint import Blueprint
from syncd.edits.creation import only_writable, tidied
from syncd.edits.delivery import Delivery, is_finished
from syncd.edits.draft import Draft, Drafter
from syncd.edits.field import field_path
from syncd.edits.outline import Outline, outline
from syncd.edits.permission import branch_for, check_write
from syncd.errors import CatalogError, ConflictError, FieldConflict, FieldConflictError, InputError, NotFoundError
from syncd.git import Mirrors
from syncd.model.change import MUST_NOT_EXIST, WHOLE, Change
from syncd.model.edit import Edit, EditState, EditTarget, FieldChange
from syncd.model.json import Json, value_at
from syncd.model.location import Location, WriteMode
from syncd.model.problem import Problem
from syncd.model.ref import parse_ref
from syncd.stitch.publication import Publication
from syncd.stitch.publisher import Publisher
from syncd.stitch.write import Entry
from syncd.store.edits import StoredEdits
from syncd.store.reports import EntityDetails
from syncd.store.state import now

LOG = logging.getLogger("syncd.edits")
LOOK_AGAIN: Final = 15.0
"""Seconds between two looks for edits of which nobody knows what became of them."""
PROPOSAL_LIFE: Final = timedelta(days=7)
LOGGED: Final[dict[EditState, str]] = {"pending": "edit.begun", "pushed": "edit.pushed", "failed": "edit.failed"}


class EditFailedError(ConflictError):
    """An edit came to nothing; `existing` is it, and says why."""

    code = "edit.failed"

    def __init__(self, edit: Edit) -> None:
        super().__init__(edit.reason or "the edit failed", hint="nothing was changed; read the entity, then try again")
        self.existing = edit


class Catalog(Protocol):
    """What the desk asks of the index."""

    def details(self, ref: str) -> EntityDetails | None: ...
    def by_ref(self, ref: str) -> bytes | None: ...


class Locations(Protocol):
    """What is registered."""

    def all(self) -> list[Location]: ...
    def get(self, location_id: str) -> Location: ...


@dataclass(frozen=True, slots=True)
class Proposal:
    """An edit with what the catalog would say of the files."""

    edit: Edit
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentText:
    """The lines of an entity's document in a version of its file, and whether edits of it may be pushed."""

    ref: str
    path: str
    blob: str
    text: str
    write: WriteMode
    location: str
    configured: bool
    """Whether the location, and with it `write`, is said in the configuration."""


class EditDesk:
    """Everything that is asked about edits. Thread-safe; calls take as long as their fetches and pushes."""

    def __init__(
        self,
        catalog: Catalog,
        journal: StoredEdits,
        publisher: Publisher,
        mirrors: Mirrors,
        drafter: Drafter,
        locations: Locations,
        declared: Callable[[str], Blueprint | None],
        visible: Callable[[str], bool],
    ) -> None:
        """`declared` finds the Blueprint of a kind; `visible` is that of `Delivery`."""
        self._catalog = catalog
        self._journal = journal
        self._publisher = publisher
        self._mirrors = mirrors
        self._drafter = drafter
        self._locations = locations
        self._declared = declared
        self._delivery = Delivery(mirrors, journal, drafter, locations.get, visible, self._record)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._settle, name="edits", daemon=True)

    def start(self) -> None:
        """Find out what became of the edits of an earlier life, and of those that were cut."""
        self._thread.start()

    def close(self) -> None:
        """Begin nothing any more. Close the mirrors first: what runs ends with them."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    # Asking

    def get(self, edit_id: str) -> Edit:
        """One edit; `NotFoundError` for an unknown id."""
        edit = self._journal.get(edit_id)
        if edit is None:
            raise NotFoundError(f"there is no edit {edit_id}", hint="catalog edits lists them")
        return edit

    def newest(self, limit: int) -> list[Edit]:
        """The last edits, the newest first."""
        return self._journal.newest(limit)

    def document(self, ref: str) -> DocumentText:
        """The lines of an entity's document as the catalog has read them."""
        details = self._one_place([Change(ref, WHOLE, "replace")])[ref]
        mirror = self._mirrors.open(details.repository)
        text = self._drafter.text(mirror, details.path, details.blob, ref)
        location = self._locations.get(details.location_id)
        return DocumentText(ref, details.path, details.blob, text, location.write, location.id, location.configured)

    def outline(self, kind: str, name: str, namespace: str, values: Sequence[tuple[str, Json]]) -> Outline:
        """An entity that nobody has written yet; see `outline`."""
        return outline(kind, name, namespace, values, self._declared)

    # Acting

    def propose(self, changes: Sequence[Change], target: EditTarget, message: str) -> Proposal:
        """What the changes of descriptor files would look like on the branch as it is now; nothing is pushed.

        All of them are one commit. Raises `InputError`, `UnfitError` with what cannot be done, `NotAllowedError` where
        the location's `write` forbids it, `FieldConflictError`, and what fetching raises.
        """
        details = self._one_place(changes)
        first = details[changes[0].ref]
        location = self._locations.get(first.location_id)
        check_write(location, target)
        edit_id = uuid.uuid4().hex
        edit = Edit(
            edit_id,
            now(),
            changes[0].actor,
            location.id,
            first.repository,
            first.git_ref,
            target,
            branch_for(edit_id, first.git_ref, target),
            message or _told(changes),
            tuple((ref, one.path) for ref, one in details.items()),
            self._read(changes, details),
            (),
        )
        return self._proposed(edit)

    def propose_new(
        self, text: str, location_id: str, path: str, target: EditTarget, message: str, actor: str
    ) -> Proposal:
        """A document that is not there yet, in a file that the location reads.

        "" as location is the only one that may be written to, "" as path one that fits the entity's name. Raises what
        `propose` raises, and `ConflictError` for an entity that is there already.
        """
        text = tidied(text)
        ref = self._drafter.ref(text)
        if self._catalog.by_ref(ref) is not None:
            raise ConflictError(f"{ref} is there already", code="edit.exists", hint="change it with catalog edit")
        location = self._locations.get(location_id) if location_id else only_writable(self._locations.all())
        check_write(location, target)
        aim, file = self._drafter.place(location, parse_ref(ref).name, path)
        mirror = self._mirrors.open(aim.repository)
        head = self._delivery.head_of(mirror, aim.revision)
        _check_branch(ref, head.ref)
        edit_id = uuid.uuid4().hex
        change = FieldChange(ref, WHOLE, "replace", text, MUST_NOT_EXIST)
        edit = Edit(
            edit_id, now(), actor, location.id, mirror.url, head.ref, target, branch_for(edit_id, head.ref, target),
            message or f"Add {ref}", ((ref, file),), (change,), (),
        )  # fmt: skip
        return self._proposed(edit)

    def propose_undo(self, edit_id: str, target: EditTarget, message: str, actor: str) -> Proposal:
        """What takes an edit back, as another one; raises what `propose` raises, and `ConflictError`."""
        undone = self.get(edit_id)
        if undone.state not in ("pushed", "confirmed"):
            raise ConflictError(
                f"edit {edit_id} is {undone.state}: there is nothing to take back", hint="catalog edits lists them"
            )
        check_write(self._locations.get(undone.location), target)
        new_id = uuid.uuid4().hex
        message = message or f"Undo: {undone.message.partition(chr(10))[0]}"
        edit = Edit(
            new_id, now(), actor, undone.location, undone.repository, undone.ref, target,
            branch_for(new_id, undone.ref, target), message, undone.paths, (), (), undoes=edit_id,
        )  # fmt: skip
        return self._proposed(edit)

    def confirm(self, edit_id: str, actor: str) -> Edit:
        """Carry a proposal out; the edit when it is visible, or on its way. Safe to repeat.

        Raises `EditFailedError` where it came to nothing, and `UnavailableError` where nobody knows yet.
        """
        edit = self.get(edit_id)
        if edit.state == "proposed":
            edit = self._record(replace(edit, actor=actor or edit.actor), "pending")
        if not is_finished(edit):
            edit = self._delivery.carry_out(edit.id)
        if edit.state == "failed":
            raise EditFailedError(edit)
        return edit

    # Behind it

    def _proposed(self, edit: Edit) -> Proposal:
        head = self._delivery.head(edit)
        draft: Draft = self._delivery.draft(edit, head)
        if draft.conflicts:
            raise FieldConflictError(draft.conflicts)
        if not draft.contents:
            raise InputError("the files say that already: nothing would change", code="edit.same")
        edit = replace(edit, files=draft.files, parent=head.commit)
        self._journal.add(edit)
        self._journal.forget_proposals((datetime.now(UTC) - PROPOSAL_LIFE).isoformat())
        return Proposal(edit, draft.problems)

    def _one_place(self, changes: Sequence[Change]) -> dict[str, EntityDetails]:
        """Where each entity is read; all of it has to fit into one commit."""
        found: dict[str, EntityDetails] = {}
        for change in changes:
            details = self._catalog.details(change.ref)
            if details is None:
                raise NotFoundError(f"entity {change.ref} not found", hint="catalog list shows the refs")
            if not details.repository:
                raise InputError(
                    f"{change.ref} is not read from a file",
                    code="edit.no_file",
                    hint="keep the value with --to overlay",
                )
            _check_branch(change.ref, details.git_ref)
            found[change.ref] = details
        places = {(one.location_id, one.repository, one.git_ref) for one in found.values()}
        if len(places) > 1:
            raise InputError(
                f"these entities are read from {len(places)} places",
                code="edit.many_places",
                hint="an edit is one commit: make one for each repository and location",
            )
        return found

    def _read(self, changes: Sequence[Change], details: dict[str, EntityDetails]) -> tuple[FieldChange, ...]:
        """The changes with what their fields said in the version that the caller read."""
        found: list[FieldChange] = []
        for change in changes:
            if change.path == WHOLE and sum(one.ref == change.ref for one in changes) > 1:
                raise InputError(f"the text of {change.ref} and a field of it are changed at once")
            expected = self._value(change, details[change.ref])
            found.append(FieldChange(change.ref, change.path, change.op, change.value, expected))
        return tuple(found)

    def _value(self, change: Change, details: EntityDetails) -> Json:
        mirror = self._mirrors.open(details.repository)
        blob = details.blob
        if change.if_match is not None and change.if_match not in (blob, self._etag(change.ref)):
            if not mirror.holds(change.if_match):
                now_there = self._at(change, details, blob)
                raise FieldConflictError([FieldConflict(change.ref, change.path or "the document", None, now_there)])
            blob = change.if_match
        return self._at(change, details, blob)

    def _at(self, change: Change, details: EntityDetails, blob: str) -> Json:
        mirror = self._mirrors.open(details.repository)
        if change.path == WHOLE:
            return self._drafter.text(mirror, details.path, blob, change.ref)
        data = self._drafter.data(mirror, details.path, blob, change.ref)
        return value_at(data, field_path(change.path, data))

    def _etag(self, ref: str) -> str:
        document = self._catalog.by_ref(ref)
        return "" if document is None else str(orjson.loads(document)["metadata"].get("etag", ""))

    def _record(self, edit: Edit, state: EditState, reason: str = "", commit: str = "") -> Edit:
        """Write a state down with its row in the log; the edit as it is in the journal then."""

        def write(_: Publication) -> Entry | None:
            if not self._journal.move(edit.id, state, reason=reason, commit=commit) or state not in LOGGED:
                return None
            told = {"repository": edit.repository, "branch": edit.branch, "commit": commit or edit.commit}
            return Entry(edit.actor, LOGGED[state], edit.id, {**told, "entities": list(edit.refs), "reason": reason})

        self._publisher.submit(write).result()
        return self.get(edit.id)

    def _settle(self) -> None:
        while not self._stopping.is_set():
            try:
                for edit in self._journal.unfinished():
                    self._try(edit)
            except CatalogError as error:
                LOG.warning("edits wait: %s", error)
            self._stopping.wait(LOOK_AGAIN)

    def _try(self, edit: Edit) -> None:
        if self._stopping.is_set():
            return
        try:
            self._delivery.carry_out(edit.id)
        except CatalogError as error:
            LOG.warning("edit %s: %s", edit.id, error)


def _check_branch(ref: str, git_ref: str) -> None:
    if not git_ref.startswith("refs/heads/"):
        raise InputError(
            f"{ref} is read from {git_ref}, which is no branch",
            code="edit.no_branch",
            hint="only a branch can be committed to: register one",
        )


def _told(changes: Sequence[Change]) -> str:
    """A subject for who gave none."""
    refs = list(dict.fromkeys(change.ref for change in changes))
    paths = ", ".join(dict.fromkeys(change.path or "the text" for change in changes))
    about = refs[0] if len(refs) == 1 else f"{len(refs)} entities"
    verb = "Remove" if all(change.op == "remove" for change in changes) else "Set"
    return f"{verb} {paths} of {about}"
