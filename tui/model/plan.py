"""What is going to be written, before it is: changes of files, or of what lies over them, or an edit to take back."""

import json
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from tui.answers import JsonObject
from tui.edit_answers import DocumentChange, EditItem
from tui.model.form.form import Form
from tui.property_answers import PropertyChange
from tui.safe_text import safe_text

Target = Literal["commit", "branch", "overlay"]
TARGETS: tuple[Target, ...] = ("commit", "branch", "overlay")
MOST_ENTITIES = 50
"""Entities of one commit."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One write. `changes` are of one repository, `text` is the whole document of the one entity in `refs`; with
    `create` of one that no file says yet, for the file `path` of `location` ("": one that fits).

    `write` is what the location of the entities allows; `base` the version that was read, "" for the newest.
    `properties` lie over the file whatever the target is. `undo` is the id of an edit to take back.
    """

    refs: tuple[str, ...]
    changes: tuple[DocumentChange, ...] = ()
    text: str | None = None
    create: bool = False
    path: str = ""
    properties: tuple[PropertyChange, ...] = ()
    undo: str = ""
    base: str = ""
    write: str = "none"
    message: str = ""
    location: str = ""

    @property
    def in_files(self) -> bool:
        """Whether there is anything for a file."""
        return bool(self.changes or self.undo) or self.text is not None

    def off(self, target: Target) -> str:
        """Why a target cannot be chosen, empty where it can."""
        if not self.in_files:
            return "" if target == "overlay" else "it lies over the file, not in it"
        if target == "overlay":
            if self.undo:
                return "what was a commit is taken back by one"
            return "the lines of a file do not lie over it" if self.text is not None else ""
        if self.write == "none":
            return f"its location is not written to: catalog location set {self.location or 'ID'} --write branch"
        if target == "commit" and self.write == "branch":
            return 'its location takes branches only: write = "branch"'
        return ""

    def first_target(self, wanted: Target | None) -> Target | None:
        """The target that was chosen last, where it can be chosen here; else the first that can."""
        possible = [target for target in TARGETS if not self.off(target)]
        return wanted if wanted in possible else next(iter(possible), None)

    def body(self, target: Target, message: str) -> JsonObject:
        """The edit as the daemon takes it."""
        told: JsonObject = {"target": target, "message": message}
        if self.undo:
            return {**told, "undo": self.undo}
        if self.create:
            return {**told, "create": {"text": self.text, "path": self.path, "location": self.location}}
        changes: list[Any] = [*self.changes]
        if self.text is not None:
            changes = [{"ref": self.refs[0], "text": self.text}]
        return {**told, "changes": changes} | ({"if_match": self.base} if self.base else {})

    def over_files(self, target: Target) -> tuple[PropertyChange, ...]:
        """What is to lie over files: with the target overlay, all of it."""
        if target != "overlay":
            return self.properties
        moved: list[PropertyChange] = [{**change} for change in self.changes]
        return (*moved, *self.properties)

    def as_of(self, base: str) -> "Plan":
        """The same on another version."""
        return replace(self, base=base)

    def named(self, edit: EditItem) -> "Plan":
        """The same with the entities and the message that the daemon found in the text."""
        return replace(self, refs=tuple(edit["entities"]), message=self.message or edit["message"])


def plans_of(form: Form, properties: Sequence[PropertyChange] = ()) -> list[Plan]:
    """The changes of a form: one plan for each place that its entities are read from."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    for number, document in enumerate(form.documents):
        groups.setdefault(document.place, []).append(number)
    plans: list[Plan] = []
    message = message_of(form.changes())
    for place, numbers in groups.items():
        for start in range(0, len(numbers), MOST_ENTITIES):
            documents = [form.documents[number] for number in numbers[start : start + MOST_ENTITIES]]
            changes = tuple(change for one in documents for change in form.changes_of(one))
            if not changes:
                continue
            refs = tuple(dict.fromkeys(change["ref"] for change in changes))
            base = documents[0].blob if len(form.documents) == 1 else ""
            plans.append(Plan(refs, changes, base=base, write=documents[0].write, message=message, location=place[0]))
    if properties and plans:
        plans[0] = replace(plans[0], properties=tuple(properties))
    elif properties:
        refs = tuple(dict.fromkeys(one["ref"] for one in properties))
        plans.append(Plan(refs, properties=tuple(properties)))
    return plans


def message_of(changes: Iterable[DocumentChange]) -> str:
    """A subject as people write it: `Set lifecycle of payments-api`."""
    told = list(changes)
    names = list(dict.fromkeys(change["path"].rpartition(".")[2].strip('"') for change in told))
    refs = list(dict.fromkeys(change["ref"] for change in told))
    about = refs[0].rpartition("/")[2] if len(refs) == 1 else f"{len(refs)} entities"
    verb = "Remove" if all(change["op"] == "remove" for change in told) else "Set"
    listed = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return safe_text(f"{verb} {listed} of {about}")


def command_of(plan: Plan, target: Target, message: str) -> str:
    """The commands that do the same, one after the other."""
    tail = "" if target == "overlay" else f" --to {target}" + (f" -m {shlex.quote(message)}" if message else "")
    if plan.undo:
        return f"catalog undo {plan.undo}{tail}"
    if plan.create:
        return _creating(plan, tail)
    if plan.text is not None:
        return f"catalog edit {shlex.quote(plan.refs[0])}{tail}"
    commands = _commands(plan.over_files(target) if target == "overlay" else plan.changes, tail)
    if target != "overlay":
        commands += _commands(plan.properties, "")
    return " && ".join(commands)


def _creating(plan: Plan, tail: str) -> str:
    """The text is its standard input, so that every byte of it goes in; nobody can be asked then."""
    text = plan.text or ""
    end = "END"
    while end in text.splitlines():
        end += "_"
    place = "".join(f" {name} {shlex.quote(value)}" for name, value in _places(plan) if value)
    body = text if text.endswith("\n") else f"{text}\n"
    return f"catalog new --from -{place}{tail} --yes <<'{end}'\n{body}{end}"


def _places(plan: Plan) -> tuple[tuple[str, str], ...]:
    return ("--location", plan.location), ("--path", plan.path)


def _commands(changes: Sequence[DocumentChange | PropertyChange], tail: str) -> list[str]:
    made: list[str] = []
    for ref in dict.fromkeys(change["ref"] for change in changes):
        ours = [change for change in changes if change["ref"] == ref]
        sets = [f"{one['path']}={_written(one.get('value'))}" for one in ours if one["op"] != "remove"]
        unsets = [one["path"] for one in ours if one["op"] == "remove"]
        if sets:
            made.append(f"catalog set {shlex.quote(ref)} {' '.join(map(shlex.quote, sets))}{tail}")
        if unsets:
            made.append(f"catalog unset {shlex.quote(ref)} {' '.join(map(shlex.quote, unsets))}{tail}")
    return made


def _written(value: Any) -> str:
    """A value as `catalog set` reads it back: a text that looks like JSON is written as JSON."""
    from tui.model.json_value import json_or_text

    if isinstance(value, str) and json_or_text(value) == value and not value.startswith(("@", "-")):
        return value
    return json.dumps(value, ensure_ascii=False)
