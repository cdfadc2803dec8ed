"""Whether and where edits of a location may be pushed: nobody's files are written to unless the location's `write` says
so (R52)."""

from syncd.errors import NotAllowedError
from syncd.model.edit import EditTarget
from syncd.model.location import Location

PROPOSALS = "refs/heads/catalog/edit-"
"""Beginning of the branches that are made for edits; the rest is the edit's id."""


def check_write(location: Location, target: EditTarget) -> None:
    """Raise `NotAllowedError` unless the location's `write` allows the target; it names the setting."""
    named = f"location {location.id} ({location.target})"
    if location.write == "none":
        raise NotAllowedError(
            f'edits of {named} are not pushed: its write is "none"',
            code="edit.not_allowed",
            hint=f"{_said(location, 'branch')}, or commit; or keep the value beside the file: --to overlay",
        )
    if target == "commit" and location.write != "commit":
        raise NotAllowedError(
            f'edits of {named} go to a branch of their own: its write is "branch"',
            code="edit.not_allowed",
            hint=f"propose it with --to branch; or {_said(location, 'commit')}",
        )


def _said(location: Location, write: EditTarget) -> str:
    """How somebody lets edits be pushed to a location."""
    if location.configured:
        return f'set write = "{write}" in its [[locations]] of the configuration'
    return f"catalog location set {location.id} --write {write}"


def branch_for(edit_id: str, ref: str, target: EditTarget) -> str:
    """The full name of the branch that an edit is pushed to; the daemon alone makes it."""
    return ref if target == "commit" else PROPOSALS + edit_id
