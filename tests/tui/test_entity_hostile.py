"""Outside text in every tab and in every step of an edit: shown as escapes, never acting, never markup (R71-R73)."""

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from tests.tui.fake_source import FakeSource, Thing
from tests.tui.stage import Stage, play, staged
from tests.tui.test_entity import REF
from tui.history_answers import HistoryItem, OriginItem
from tui.model.source import ProblemItem

EVIL = "[red]x[/y] \x1b]8;;http://evil.test\x07click\x1b[2J\r\u202e\u200b\x9b31m$(id)"
"""Markup, a hyperlink, a cleared screen, a carriage return, reordered and hidden text, a C1 introducer."""
SHOWN = "[red]x[/y] \\x1b]8;;http://evil.test\\x07click"
"""How it begins on the screen."""


class Evil(Thing):
    def document(self) -> dict[str, Any]:
        paths = {EVIL: {"get": {"summary": EVIL}}}
        definition = json.dumps({"openapi": "3.1.0", "info": {"title": EVIL}, "paths": paths})
        return {
            "apiVersion": "backstage.io/v1alpha1",
            "kind": "Component",
            "metadata": {
                "name": "svc-00000",
                "title": EVIL,
                "description": EVIL,
                "tags": [EVIL],
                "uid": EVIL,
                "annotations": {EVIL: EVIL, "backstage.io/managed-by-location": EVIL},
                "labels": {EVIL: EVIL},
                "links": [{"url": EVIL, "title": EVIL}],
            },
            "spec": {"type": "openapi", "owner": EVIL, "lifecycle": EVIL, EVIL: EVIL, "definition": definition},
            "relations": [{"type": EVIL, "targetRef": f"component:default/{EVIL}"}],
        }


def hostile() -> FakeSource:
    source = FakeSource([Evil("svc-00000")])
    source.texts[REF] = json.dumps(
        {"metadata": {"title": EVIL, "tags": [EVIL]}, "spec": {"owner": EVIL, "system": EVIL}}
    )
    source.problem_items = [ProblemItem("x", EVIL, "catalog-info.yaml", 1, 1, EVIL, REF)]
    other = f"component:default/{EVIL}"
    source.graphs[REF] = {
        "root": REF,
        "direction": "both",
        "depth": 2,
        "nodes": [
            {"ref": ref, "kind": EVIL, "title": EVIL, "depth": 1, "missing": False, "hidden": 0} for ref in (REF, other)
        ],
        "edges": [{"source": REF, "type": EVIL, "reverse": EVIL, "target": other}],
        "left_off": {"nodes": 0, "edges": 0},
        "generation": 1,
    }
    origin: Any = dict.fromkeys(OriginItem.__annotations__, EVIL)
    origin |= {"in_force": True, "line": 1, "end_line": 1, "cut": True, "at": "2026-11-02T10:00:00Z"}
    answer: Any = {"ref": REF, "field": EVIL, "value": EVIL, "origins": [origin], "more": False}
    for field in ("metadata.title", "metadata.description", "spec.owner"):
        source.whys[REF, field] = answer
    item: Any = dict.fromkeys(HistoryItem.__annotations__, EVIL)
    item |= {"at": "2026-11-02T10:00:00Z", "effect": "updated"}
    git: Any = {"complete": False, "cut": False, "commits": 1, "reason": EVIL}
    source.histories[REF] = {"items": [item], "more": False, "git": git}
    record: Any = dict.fromkeys(("integration", "schema", "identifier", "type", "entity_ref"), EVIL)
    record |= {"timestamp": 1_796_000_000_000, "received": 0, "entity_refs": [], "fields": {EVIL: EVIL}}
    source.records[REF] = {"items": [record], "more": False}
    source.overlay[REF, f'metadata."{EVIL}"'] = EVIL
    return source


def is_harmless(stage: Stage) -> None:
    """Nothing on the screen acts, hides or reorders; and there is no hyperlink from outside."""
    for line in stage.text().split("\n"):
        assert not [one for one in line if unicodedata.category(one) in ("Cc", "Cf")], repr(line)
    for strip in stage.app.screen._compositor.render_strips(stage.app.size):
        for segment in strip:
            assert segment.style is None or not segment.style.link


def test_r071_r072_r073_every_tab_of_an_entity_shows_outside_text_as_it_is() -> None:
    async def scene() -> None:
        async with staged(hostile(), size=(160, 50)) as stage:
            await stage.press("enter")
            for keys in ("1", "2", "v", "v", "3", "4", "v", "5", "6", "7", "8", "o"):
                await stage.press(keys)
                await stage.quiet()
                await stage.see("[red]x[/y]")
                is_harmless(stage)
            await stage.press("1", "j", "j", "j", "w")
            for _ in range(20):
                if "Why this value" in stage.text():
                    break
                await stage.press("j", "w")
            await stage.see("in force")
            await stage.see(SHOWN)
            is_harmless(stage)
            await stage.press("y")
            await stage.quiet()
            assert "\x1b" not in stage.app.clipboard

    play(scene())


def test_r071_r072_r073_every_step_of_an_edit_shows_outside_text_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CATALOG_STATE", str(tmp_path))

    async def scene() -> None:
        source = hostile()
        async with staged(source, size=(160, 50)) as stage:
            await stage.press("e")
            await stage.see(SHOWN)
            await stage.quiet()
            is_harmless(stage)
            await stage.press("enter")
            await stage.see("enter take")
            is_harmless(stage)
            await stage.press("end", "z", "enter", "j")
            await stage.see("1 changed")
            source.complaints = [EVIL]
            await stage.press("r")
            await stage.see(f"catalog-info.yaml:9: {SHOWN}")
            is_harmless(stage)
            source.complaints = []
            source.conflicts = [{"ref": REF, "path": "metadata.title", "was": EVIL, "now": EVIL + "2"}]
            await stage.press("escape", "r")
            await stage.see("Changed upstream")
            is_harmless(stage)
            await stage.press("m", "r")
            await stage.see("W writes")
            is_harmless(stage)
            source.refusals = [EVIL]
            await stage.press("W")
            await stage.see("nothing is written, the draft is kept")
            is_harmless(stage)
            source.journal[0] |= {"state": "failed", "reason": EVIL, "commit": EVIL, "message": EVIL}
            await stage.press("escape", "escape", "down", "enter", "z")
            await stage.see("failed")
            await stage.quiet()
            is_harmless(stage)

    play(scene())
