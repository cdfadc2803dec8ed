"""Writing plans: proposed, so that their differences can be read, then carried out; what was written can be undone."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tui.edit_answers import EditItem, EditProblem
from tui.model.plan import Plan, Target
from tui.model.source import LostError, RefusedError, Source, SourceError, why_not
from tui.property_answers import PropertyChange, PropertyEffect


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that says something else by now: `was` when it was read, `now`, and what was to be written (`mine`)."""

    ref: str
    path: str
    was: Any
    now: Any
    mine: Any = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a plan would do. `error` says why it cannot be done; with `conflicts` it can after a decision."""

    plan: Plan
    target: Target
    edit: EditItem | None = None
    effects: tuple[PropertyEffect, ...] = ()
    problems: tuple[EditProblem, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    error: str = ""

    @property
    def is_good(self) -> bool:
        """Whether it may be carried out."""
        return not (self.error or self.problems or self.conflicts)

    @property
    def base(self) -> str:
        """The commit that its files are made from, empty where there is none or nobody tells."""
        return (self.edit and self.edit.get("base")) or ""

    @property
    def moved(self) -> bool | None:
        """Whether its file is another one by now than the one that was read; None where the newest was meant."""
        if self.edit is None or not self.plan.base:
            return None
        return any(file["before"] != self.plan.base for file in self.edit["files"])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a plan. `undo` takes it back, None where nothing can or nothing was done."""

    proposal: Proposal
    done: bool
    words: str
    commit: str = ""
    undo: Plan | None = None

    @property
    def half(self) -> bool:
        """Whether the file says it, and what was to lie over it is not set."""
        return bool(self.commit) and not self.done


def propose(source: Source, plan: Plan, target: Target, message: str) -> Proposal:
    """What the plan would do now. Raises LostError where the daemon does not answer; refusals are told in the value."""
    found = Proposal(plan, target)
    try:
        if over := plan.over_files(target):
            found = replace(found, effects=tuple(source.change_properties(over, dry_run=True)))
        if plan.in_files and target != "overlay":
            edit = source.propose_edit(plan.body(target, message))
            found = replace(found, edit=edit, problems=tuple(edit.get("problems", ())))
    except RefusedError as error:
        conflicts = () if plan.create else conflicts_of(plan, error)  # what is there is not read: nothing to merge
        found = replace(found, conflicts=conflicts, error="" if conflicts else why_not(error))
    return found


CATCH_UP = 5.0
"""Seconds in which the catalog may come to know what the other side wrote."""


def propose_again(source: Source, plan: Plan, target: Target, message: str) -> Proposal:
    """After a decision: the plan on what is there now. What conflicted is read by the catalog first (R49)."""
    location = plan.location or source.entity(plan.refs[0]).location
    source.refresh_location(location)
    deadline = time.monotonic() + CATCH_UP
    while (found := propose(source, plan, target, message)).conflicts and time.monotonic() < deadline:
        time.sleep(0.2)
    return found


def carry_out(source: Source, proposal: Proposal) -> Outcome:
    """Do it, the file first: what lies over it is set when that stands.

    A failure is an outcome; that of a daemon that went away says that nobody knows yet.
    """
    words: list[str] = []
    commit, undo = "", None
    plan = proposal.plan
    try:
        if proposal.edit is not None:
            edit = source.confirm_edit(proposal.edit["id"])
            commit = edit["commit"] or ""
            words.append(f"{commit[:10]} on {edit['branch']}" if commit else f"{edit['state']}: {edit['branch']}")
            undo = Plan(plan.refs, undo=edit["id"], write=plan.write, location=plan.location)
        if over := plan.over_files(proposal.target):
            effects = source.change_properties(over, dry_run=False)
            words.append(f"{len(effects)} beside git")
            undo = undo or Plan(plan.refs, properties=tuple(back(effects)))
    except LostError as error:
        return Outcome(
            proposal, False, f"nobody knows yet whether it was written: {error}; see the edits", commit, undo
        )
    except SourceError as error:
        told = why_not(error)
        return Outcome(proposal, False, "; ".join([*words, told]), commit, undo)
    return Outcome(proposal, True, ", ".join(words), commit, undo)


def back(effects: Sequence[PropertyEffect]) -> list[PropertyChange]:
    """The changes that bring back what was over files before."""
    made: list[PropertyChange] = []
    for one in effects:
        if one["effect"] in ("updated", "removed") and one["old"] is not None:
            made.append({"ref": one["ref"], "path": one["path"], "op": "replace", "value": one["old"]})
        elif one["effect"] == "added":
            made.append({"ref": one["ref"], "path": one["path"], "op": "remove"})
    return made


def conflicts_of(plan: Plan, error: RefusedError) -> tuple[Conflict, ...]:
    """The conflicts that a refusal names, each beside what was to be written."""
    mine = {(one["ref"], one["path"]): one.get("value") for one in plan.changes}
    found = error.members.get("conflicts")
    return tuple(
        Conflict(
            one["ref"],
            one["path"],
            one.get("was"),
            one.get("now"),
            plan.text if plan.text is not None else mine.get((one["ref"], one["path"])),
        )
        for one in (found if isinstance(found, list) else ())
    )
