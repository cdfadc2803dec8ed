"""The output contract: what each listing command prints in each format, against files; the answers are by script.

A change that breaks a reader counts up `OUTPUT_VERSION`. The files are written anew with UPDATE_GOLDEN=1.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.golden import kept
from tests.tui.cli.hostile import raw
from tests.tui.cli.scripted_daemon import Request, scripted_daemon
from tui.cli.formats import FORMATS
from tui.cli.main import main

GOLDEN = Path(__file__).parents[2] / "data" / "golden" / "cli" / "contract"
AT, LATER = "2026-11-24T16:47:51.773Z", "2026-11-25T08:00:00Z"
REF = "component:default/warehouse"
HOSTILE = 'said "no", | \x1b[31m\u202e twice'
PLACE = {"location": "8df0", "repository": "file:///srv/git/shop.git", "git_ref": "refs/heads/main", "url": ""}
PROBLEM = {
    "code": "parse.syntax", "message": HOSTILE, "hint": "quote it", "ref": "", "path": "a/catalog-info.yaml", "line": 7,
    "column": 3, **PLACE,
}  # fmt: skip
DANGLING = PROBLEM | {
    "check": "dangling", "code": "check.dangling", "ref": REF, "field": "spec.owner", "type": "ownedBy",
    "target": "group:default/nobody",
}  # fmt: skip
ORPHAN = PROBLEM | {
    "check": "orphans",
    "code": "check.orphans",
    "ref": "api:default/gone",
    "field": "",
    "type": "",
    "target": "",
}
STATE = {
    "last_attempt": AT, "last_success": AT, "commit": "5f" * 20, "next_attempt": None, "error_code": "", "error": "",
    "hint": "", "failures": 0, "stale_since": None, "phase": "fetching", "percent": 40,
    "counts": {"entity": 12, "bad": 1},
}  # fmt: skip
LOCATION = {
    "id": "8df0e0d5", "type": "git", "target": "file:///srv/git/shop.git", "ref": "", "paths": ["a/*.yaml", "b.yaml"],
    "priority": 0, "configured": False, "paused": False, "write": "none", "poll_interval": None,
    "entity_ref": "location:default/g",
    "location_ref": "git:file:///srv/git/shop.git", "state": STATE,
}  # fmt: skip
EDIT = {
    "id": "0f3c", "at": AT, "updated": AT, "actor": "owner", "state": "confirmed", "reason": None, "location": "8df0",
    "repository": "file:///srv/git/shop.git", "target": "commit", "branch": "main", "commit": "6f" * 20,
    "message": f"Owner\n\n{HOSTILE}", "undoes": None, "entities": [REF], "changes": [], "files": [],
}  # fmt: skip
TOKEN = {
    "id": "t1", "name": HOSTILE, "scopes": ["read", "sql"], "created": AT, "expires": LATER, "last_used": None,
    "read": "owner:team-a",
}  # fmt: skip
CLIENT = {
    "client_id": "c1", "name": "ci", "scopes": ["read"], "created": AT, "rotated": None, "last_used": LATER,
    "disabled": None,
}  # fmt: skip
RECORD = {
    "integration": "ci", "schema": "build", "identifier": "42", "type": "ci", "timestamp": 1796000000000,
    "received": 1796000001000, "entity_ref": REF, "entity_refs": [REF], "fields": {"name": HOSTILE, "status": "FAILED"},
}  # fmt: skip
INTEGRATION = {
    "id": "ci", "way": "webhook", "schema": "build", "state": "active", "retention_days": 30, "correlation": None,
    "fields": [], "mapping": {"name": "$.n"}, "signature": None, "created": AT, "path": "/integration/x",
}  # fmt: skip
WEBHOOK = {
    "id": "shop", "provider": "gitea", "path": "/api/own/webhooks/shop", "url": None, "created": AT,
    "secrets": [{"id": "s1", "created": AT, "expires": None, "last_delivery": LATER}],
}  # fmt: skip
FACETS = {"facets": {"owner": [{"value": HOSTILE, "count": 3}, {"value": "team-a", "count": 2}]}, "more": {"owner": 0}}

ANSWERS: dict[str, tuple[list[str], Any]] = {
    "errors": (["errors"], {"items": [PROBLEM], "total": 1}),
    "check": (["check"], {"items": [DANGLING, ORPHAN], "counts": {"dangling": 1, "orphans": 1}, "total": 2}),
    "location-list": (["location", "list"], {"items": [LOCATION]}),
    "edits": (["edits"], {"items": [EDIT]}),
    "token-list": (["token", "list"], {"items": [TOKEN]}),
    "client-list": (["client", "list"], {"items": [CLIENT]}),
    "activity": (["activity"], {"items": [RECORD], "more": False}),
    "integration-list": (["integration", "list"], {"items": [INTEGRATION]}),
    "webhook-list": (["webhook", "list"], {"items": [WEBHOOK]}),
    "schema": (
        ["schema"],
        {"items": [{"kind": "Component", "declared": False}, {"kind": "service", "declared": True}]},
    ),
    "facets": (["facets", "-f", "owner"], FACETS),
}
"""By the name of the file: the command, and what the daemon answers to whatever it asks."""


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, Any]]]:
    """A state directory where somebody answers, and what the answer is."""
    state = tmp_path_factory.mktemp("contract")
    now: dict[str, Any] = {}

    def answer(request: Request) -> None:
        request.json(now["answer"])

    with scripted_daemon(state, answer):
        yield state, now


@pytest.mark.parametrize("name", ANSWERS)
def test_golden(
    name: str,
    answers: tuple[Path, dict[str, Any]],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    state, now = answers
    for variable in ("CATALOG_URL", "CATALOG_OUTPUT", "FORCE_COLOR", "CLICOLOR_FORCE"):
        monkeypatch.delenv(variable, raising=False)
    command, now["answer"] = ANSWERS[name]
    printed = {}
    for output_format in FORMATS:
        assert main(["--state", str(state), *command, "-o", output_format]) in (0, 1)
        printed[output_format] = capsys.readouterr().out
    text = "\n".join(f"$ catalog {' '.join(command)} -o {one}\n{printed[one]}" for one in FORMATS)
    assert raw(text, allowed="\n\t") == []
    assert text == kept(GOLDEN / f"{name}.txt", text)
