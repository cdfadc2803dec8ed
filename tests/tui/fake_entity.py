"""What a fake daemon answers about one entity, and what becomes of edits of it, with every mishap on demand."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from difflib import unified_diff
from typing import Any, Literal

import yaml

from tui.answers import Activity, GraphAnswer, JsonObject
from tui.edit_answers import DocumentText, EditItem, OutlineAnswer
from tui.history_answers import HistoryAnswer, WhyAnswer
from tui.model.source import RefusedError
from tui.property_answers import EntityProperties, EntityProperty, PropertyChange, PropertyEffect

SCHEMA: JsonObject = {
    "type": "object",
    "properties": {
        "metadata": {
            "type": "object",
            "required": ["name"],
            "properties": {
                "name": {"type": "string"},
                "title": {"type": "string", "minLength": 1},
                "description": {"type": "string"},
                "tags": {
                    "type": "array",
                    "items": {"type": "string", "pattern": "^[a-z0-9-]+$", "description": "use lower-case letters"},
                },
                "labels": {"type": "object", "additionalProperties": {"type": "string"}},
                "annotations": {"type": "object", "additionalProperties": {"type": "string"}},
            },
        },
        "spec": {
            "type": "object",
            "required": ["type", "lifecycle", "owner"],
            "properties": {
                "type": {"type": "string", "minLength": 1},
                "lifecycle": {"type": "string", "enum": ["experimental", "production", "deprecated"]},
                "owner": {"type": "string", "minLength": 1, "x-ref": "Group"},
                "system": {"type": "string", "x-ref": "System"},
                "dependsOn": {"type": "array", "items": {"type": "string", "x-ref": ""}},
                "public": {"type": "boolean"},
            },
        },
    },
}


@dataclass(kw_only=True)
class FakeEntity:
    """Answers from dictionaries; what is not there is refused, as the daemon would."""

    graphs: dict[str, GraphAnswer] = field(default_factory=dict)
    whys: dict[tuple[str, str], WhyAnswer] = field(default_factory=dict)
    histories: dict[str, HistoryAnswer] = field(default_factory=dict)
    records: dict[str, Activity] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    write: Literal["none", "branch", "commit"] = "commit"
    overlay: dict[tuple[str, str], Any] = field(default_factory=dict)
    overlay_refusal: str = ""
    conflicts: list[dict[str, Any]] = field(default_factory=list)
    blob: str = "b10b"
    base: str = "4f2c1d9a0b" + "0" * 30
    before: dict[str, str] = field(default_factory=dict)
    """What the file of an edit said before it."""
    refusals: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    outline_flaws: list[str] = field(default_factory=list)
    journal: list[EditItem] = field(default_factory=list)
    bodies: list[JsonObject] = field(default_factory=list)
    questions: list[tuple[object, ...]] = field(default_factory=list)

    def _check(self) -> None:
        raise NotImplementedError

    def graph(self, ref: str, direction: str, depth: int) -> GraphAnswer:
        self._check()
        self.questions.append(("graph", ref, direction, depth))
        if ref not in self.graphs:
            raise RefusedError(f"there is no {ref}", code="not_found")
        return self.graphs[ref]

    def document(self, ref: str) -> DocumentText:
        self._check()
        text = self.texts.get(ref)
        if text is None:
            raise RefusedError(f"{ref} is not read from a file", code="edit.no_file", hint="keep it with --to overlay")
        place: DocumentText = {
            "ref": ref,
            "path": "catalog-info.yaml",
            "blob": self.blob,
            "text": text,
            "write": self.write,
            "location": "8df0e0d5",
            "configured": False,
        }
        return place

    def properties(self, ref: str) -> EntityProperties:
        self._check()
        found: list[EntityProperty] = [
            {
                "path": path,
                "value": value,
                "mode": "replace",
                "source": "tui",
                "set_by": "mira",
                "set_at": "2026-11-20T10:00:00Z",
                "git": None,
                "effective": value,
            }
            for (of, path), value in self.overlay.items()
            if of == ref
        ]
        return {"ref": ref, "attached": True, "properties": found}

    def why(self, ref: str, field: str) -> WhyAnswer:
        self._check()
        if (ref, field) not in self.whys:
            raise RefusedError(f"{ref} has no field {field}", code="not_found", hint="did you mean spec.owner?")
        return self.whys[ref, field]

    def entity_history(self, ref: str, path: str, limit: int) -> HistoryAnswer:
        self._check()
        self.questions.append(("history", ref, path, limit))
        git = {"repository": "", "branch": "main", "path": "catalog-info.yaml", "first_path": "", "commits": 0}
        nothing: Any = {"items": [], "more": False, "git": {**git, "complete": True, "cut": False, "reason": ""}}
        empty: HistoryAnswer = nothing
        return deepcopy(self.histories.get(f"{ref} {path}".strip(), empty))

    def entity_activity(self, ref: str, limit: int) -> Activity:
        self._check()
        self.questions.append(("activity", ref, limit))
        return self.records.get(ref, {"items": [], "more": False})

    def schema(self, kind: str) -> JsonObject:
        self._check()
        self.questions.append(("schema", kind))
        return deepcopy(SCHEMA)

    # -- writing

    def kinds(self) -> tuple[str, ...]:
        self._check()
        return ("Component", "Group", "Shelf")

    def outline(self, body: JsonObject) -> OutlineAnswer:
        """A Shelf needs nothing but a name."""
        self._check()
        spec = {} if body["kind"] == "Shelf" else {"owner": "team-a"}
        metadata = {"name": body["name"], "namespace": body["namespace"]}
        entity = {"kind": body["kind"], "metadata": metadata, "spec": spec}
        problems: Any = [{"path": "metadata.name", "message": one, "hint": "as in a URL"} for one in self.outline_flaws]
        return {"entity": entity, "open": [f"spec.{name}" for name in spec], "problems": problems}

    def propose_edit(self, body: JsonObject) -> EditItem:
        self._check()
        self.bodies.append(body)
        if self.conflicts:
            conflicts, self.conflicts = self.conflicts, []
            raise RefusedError("it moved", code="edit.conflict", members={"conflicts": conflicts})
        undone = next((one for one in self.journal if one["id"] == body.get("undo")), None)
        changes = body.get("changes") or []
        create = body.get("create")
        ref = undone["entities"][0] if undone else _ref(create["text"]) if create else changes[0]["ref"]
        if create and self.texts.get(ref):
            raise RefusedError(f"{ref} is there already", code="edit.exists", hint="change it with catalog edit")
        before = self.texts.setdefault(ref, "")
        after = self.before[undone["id"]] if undone else create["text"] if create else _changed(before, changes)
        if before == after:
            raise RefusedError("the files say that already: nothing would change", code="edit.same")
        lines = unified_diff(before.splitlines(), after.splitlines(), "a/catalog-info.yaml", "b/catalog-info.yaml")
        edit: EditItem = {
            "id": f"{len(self.journal) + 1:032x}",
            "at": "2026-11-20T10:00:00Z",
            "updated": "2026-11-20T10:00:00Z",
            "actor": "mira",
            "state": "proposed",
            "reason": None,
            "location": (create or {}).get("location") or "1",
            "repository": "https://git.example/acme/pay.git",
            "target": body.get("target", "branch"),
            "branch": "main" if body.get("target") == "commit" else "catalog/edit-1",
            "base": self.base,
            "commit": None,
            "message": body.get("message") or (f"Add {ref}" if create else "Set it"),
            "undoes": body.get("undo"),
            "entities": [ref],
            "changes": list(changes),
            "files": [
                {
                    "path": "catalog-info.yaml",
                    "before": self.blob,
                    "after": after,
                    "diff": "".join(f"{one}\n" for one in map(str.rstrip, lines)),
                }
            ],
        }
        self.journal.append(edit)
        self.before[edit["id"]] = before
        problems: Any = [
            {"code": "x", "message": text, "path": "catalog-info.yaml", "line": 9, "column": 1, "hint": "", "ref": ref}
            for text in self.complaints
        ]
        return {**edit, "problems": problems}

    def confirm_edit(self, edit_id: str) -> EditItem:
        self._check()
        edit = self.edit(edit_id)
        if self.refusals:
            edit["state"], edit["reason"] = "failed", self.refusals.pop()
            raise RefusedError(str(edit["reason"]), code="edit.failed", members={"existing": edit_id})
        edit["state"], edit["commit"] = "confirmed", "4f2c1d9a0b"
        if edit["target"] == "commit":
            self.texts[edit["entities"][0]] = edit["files"][0]["after"]
        return edit

    def edits(self, limit: int) -> list[EditItem]:
        self._check()
        return list(reversed(self.journal))[:limit]

    def edit(self, edit_id: str) -> EditItem:
        self._check()
        return next(one for one in self.journal if one["id"] == edit_id)

    def change_properties(self, changes: Sequence[PropertyChange], *, dry_run: bool) -> list[PropertyEffect]:
        self._check()
        if self.overlay_refusal:
            raise RefusedError(self.overlay_refusal, code="input", hint="open_prefixes opens it")
        effects: list[PropertyEffect] = []
        for one in changes:
            place = (one["ref"], one["path"])
            old, new = self.overlay.get(place), one.get("value")
            effect = "removed" if one["op"] == "remove" else "updated" if place in self.overlay else "added"
            effects.append({"ref": one["ref"], "path": one["path"], "effect": effect, "old": old, "new": new})
            if dry_run:
                continue
            if one["op"] == "remove":
                self.overlay.pop(place, None)
            else:
                self.overlay[place] = new
        return effects


def _ref(text: str) -> str:
    said = yaml.safe_load(text)
    metadata = said["metadata"]
    return f"{said['kind'].lower()}:{metadata.get('namespace', 'default')}/{metadata['name']}"


def _changed(text: str, changes: Sequence[JsonObject]) -> str:
    """The text with changes of fields that stand on one line, or another text."""
    for one in changes:
        if "text" in one:
            return str(one["text"])
        data = yaml.safe_load(text)
        *steps, last = str(one["path"]).split(".")
        place = data
        for step in steps:
            place = place.setdefault(step, {})
        if one["op"] == "remove":
            place.pop(last, None)
        else:
            place[last] = one["value"]
        text = yaml.safe_dump(data, sort_keys=False)
    return text
