"""The journal of edits in `state.sqlite` (R50)."""

import json
from typing import Any

from syncd.model.edit import UNFINISHED, Edit, EditedFile, EditState, FieldChange
from syncd.store.state import State, now

_COLUMNS = (
    "id, at, actor, location, repository, git_ref, target, branch, message, paths, changes, files, state, reason, "
    "parent, commit_id, undoes, updated"
)


class StoredEdits:
    """Edits by their id; each call is durable when it returns (R34). A terminal state never changes."""

    def __init__(self, state: State) -> None:
        self._state = state

    def add(self, edit: Edit) -> None:
        """Write down a new edit."""
        places = ", ".join("?" * len(_COLUMNS.split(",")))
        self._state.write(f"INSERT INTO edits ({_COLUMNS}) VALUES ({places})", _row(edit))

    def get(self, edit_id: str) -> Edit | None:
        """One edit."""
        rows = self._state.read(f"SELECT {_COLUMNS} FROM edits WHERE id = ?", (edit_id,))
        return _edit(rows[0]) if rows else None

    def newest(self, limit: int) -> list[Edit]:
        """The last edits, the newest first."""
        rows = self._state.read(f"SELECT {_COLUMNS} FROM edits ORDER BY at DESC, id DESC LIMIT ?", (limit,))
        return [_edit(row) for row in rows]

    def unfinished(self) -> list[Edit]:
        """Those of which it has to be found out what became of them, the oldest first."""
        rows = self._state.read(
            f"SELECT {_COLUMNS} FROM edits WHERE state IN (?, ?) ORDER BY at, id", (UNFINISHED[0], UNFINISHED[1])
        )
        return [_edit(row) for row in rows]

    def move(self, edit_id: str, state: EditState, *, reason: str = "", commit: str = "") -> bool:
        """Give an edit another state; False, and nothing changes, where its state is terminal.

        Only a proposal becomes pending. `commit` is kept as it is where it is "".
        """
        changed = self._state.write(
            "UPDATE edits SET state = ?, reason = ?, commit_id = CASE ? WHEN '' THEN commit_id ELSE ? END, updated = ? "
            "WHERE id = ? AND state NOT IN ('confirmed', 'failed') AND (? <> 'pending' OR state = 'proposed')",
            (state, reason, commit, commit, now(), edit_id, state),
        )
        return changed > 0

    def aim(self, edit_id: str, parent: str, commit: str, files: tuple[EditedFile, ...]) -> bool:
        """Note the commit that is about to be pushed, and what it makes of its files; False as in `move`."""
        changed = self._state.write(
            "UPDATE edits SET parent = ?, commit_id = ?, files = ?, updated = ? "
            "WHERE id = ? AND state NOT IN ('confirmed', 'failed')",
            (parent, commit, _files(files), now(), edit_id),
        )
        return changed > 0

    def forget_proposals(self, before: str) -> int:
        """Drop proposals that nobody said yes to since a time; how many there were."""
        return self._state.write("DELETE FROM edits WHERE state = 'proposed' AND at < ?", (before,))

    def forget_finished(self, before: str) -> int:
        """Drop edits that came to their end before a time; how many there were."""
        return self._state.write("DELETE FROM edits WHERE state IN ('confirmed', 'failed') AND updated < ?", (before,))

    def repositories(self) -> set[str]:
        """Those in which something is still to be done, or may be."""
        rows = self._state.read("SELECT DISTINCT repository FROM edits WHERE state NOT IN ('confirmed', 'failed')")
        return {str(row[0]) for row in rows}


def _files(files: tuple[EditedFile, ...]) -> str:
    return json.dumps([(file.path, file.before, file.after, file.diff, file.undo) for file in files])


def _changes(changes: tuple[FieldChange, ...]) -> str:
    return json.dumps([(one.ref, one.path, one.op, one.value, one.expected) for one in changes])


def _row(edit: Edit) -> tuple[str, ...]:
    return (
        edit.id, edit.at, edit.actor, edit.location, edit.repository, edit.ref, edit.target, edit.branch, edit.message,
        json.dumps(edit.paths), _changes(edit.changes), _files(edit.files),
        edit.state, edit.reason, edit.parent, edit.commit, edit.undoes, now(),
    )  # fmt: skip


def _edit(row: tuple[Any, ...]) -> Edit:
    paths, changes, files = (json.loads(text) for text in row[9:12])
    values: list[Any] = [
        *row[:9],
        tuple((ref, path) for ref, path in paths),
        tuple(FieldChange(*change) for change in changes),
        tuple(
            EditedFile(path, before, after, diff, tuple((ref, undo) for ref, undo in back))
            for path, before, after, diff, back in files
        ),
        *row[12:],
    ]
    return Edit(*values)
