"""What the tabs of an entity say: outlines, places in YAML, history, why, inspection."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tui.history_answers import HistoryAnswer, OriginItem, WhyAnswer
from tui.model.activity_lines import activity_lines
from tui.model.api_outline import MOST, NoOutlineError, outline_of
from tui.model.history_lines import history_lines
from tui.model.inspection import colocated_query, inspection
from tui.model.lines import plain
from tui.model.outline_lines import outline_lines
from tui.model.source import EntityDetails
from tui.model.symbols import UNICODE
from tui.model.why_lines import why_lines
from tui.model.yaml_places import field_text, fields_by_line, first_line
from tui.model.yaml_views import file_lines

NOW = datetime(2026, 11, 30, tzinfo=UTC)

OPENAPI = """
openapi: 3.1.0
info: {title: Pets, version: "2"}
servers: [{url: https://pets.test}]
paths:
  /pets:
    get: {summary: All pets, tags: [read]}
    post: {operationId: addPet, tags: [write], deprecated: true}
    parameters: []
"""
ASYNC2 = "asyncapi: 2.6.0\nchannels: {readings: {subscribe: {summary: A reading}}}"
ASYNC3 = """
asyncapi: 3.0.0
channels: {in: {address: green/in}}
operations: {onReading: {action: receive, channel: {$ref: '#/channels/in'}}}
"""
GRAPHQL = '''
"""type Query { no: No }"""
type Query {
  pet(id: ID!): Pet # one
  old: Pet @deprecated
}
type Pet { id: ID }
'''
PROTO = """
syntax = "proto3"; package pets.v1;
// service No {
service Pets { rpc Get (GetPet) returns (stream Pet); }
"""


@pytest.mark.parametrize(
    ("kind", "text", "form", "operations"),
    [
        ("openapi", OPENAPI, "OpenAPI 3.1.0", [("GET", "/pets"), ("POST", "/pets")]),
        ("swagger", "swagger: '2.0'\npaths: {/a: {get: {}}}", "Swagger 2.0", [("GET", "/a")]),
        ("asyncapi", ASYNC2, "AsyncAPI 2.6.0", [("subscribe", "readings")]),
        ("asyncapi", ASYNC3, "AsyncAPI 3.0.0", [("receive", "green/in")]),
        ("graphql", GRAPHQL, "GraphQL", [("query", "pet(id: ID!): Pet"), ("query", "old: Pet")]),
        ("grpc", PROTO, "gRPC", [("rpc", "Get(GetPet) → stream Pet")]),
    ],
    ids=["openapi", "swagger", "asyncapi 2", "asyncapi 3", "graphql", "grpc"],
)
def test_api_definition_outline(kind: str, text: str, form: str, operations: list[tuple[str, str]]) -> None:
    outline = outline_of(kind, text)
    assert outline.form == form
    assert [(one.verb, one.name) for one in outline.operations] == operations
    assert any(operations[0][1] in plain(line) for line in outline_lines(outline))


def test_an_outline_of_many_operations_says_how_many_it_leaves_off() -> None:
    paths = "\n".join(f"  /p{number}: {{get: {{}}}}" for number in range(MOST + 5))
    lines = outline_lines(outline_of("openapi", f"openapi: 3.1.0\npaths:\n{paths}"))
    assert plain(lines[-1]) == "+5 more, all of them in the text: v"


@pytest.mark.parametrize(
    "text", ["a: [", "just words", "x: 1", "[" * 5000, ""], ids=["broken", "text", "other", "deep", "empty"]
)
def test_what_is_no_definition_says_why(text: str) -> None:
    with pytest.raises(NoOutlineError, match=r"\w"):
        outline_of("openapi", text)


TEXT = """\
# a comment
metadata:
  tags: [a, b]
  annotations:
    acme.test/pager: P
  description: |
    one
    two
spec:
  links:
  - url: x
    title: y
"""


def test_each_line_knows_its_field() -> None:
    assert fields_by_line(TEXT)[:12] == [
        "",
        "metadata",
        "metadata.tags",
        "metadata.annotations",
        'metadata.annotations."acme.test/pager"',
        "metadata.description",
        "metadata.description",
        "metadata.description",
        "spec",
        "spec.links",
        "spec.links[0].url",
        "spec.links[0].title",
    ]
    assert set(fields_by_line("a: [\n\n")) == {""}
    assert field_text(("a", 'x"y', 2)) == 'a."x\\"y"[2]'


def test_lines_of_a_file_have_the_numbers_of_the_file() -> None:
    assert first_line(TEXT) == 1
    lines = file_lines(TEXT, 42)
    assert [plain(line) for line, _ in lines][:2] == ["  41  # a comment", "  42  metadata:"]


def item(**more: Any) -> Any:
    base = dict.fromkeys(("seq", "request_id", "commit", "subject", "email", "file", "old", "new"))
    return {**base, "at": "2026-11-12T08:40:00.000Z", "actor": "Ines", "what": "commit", "effect": "updated", **more}


def test_git_history_field_by_field_and_what_it_leaves_off() -> None:
    git = {"repository": "r", "branch": "main", "path": "x", "first_path": "", "commits": 500, "reason": ""}
    answer: HistoryAnswer = {
        "items": [
            item(at="2026-11-20T08:40:00.000Z", what="property.set", path="metadata.tier", effect="added", new="gold"),
            item(commit="1117dc6159aa", subject="Move", path="spec.owner", old="a", new="b"),
            item(commit="1117dc6159aa", subject="Move", path="spec.system", effect="removed", old={"x": 1}),
            item(commit="087640f2a8bb", at="2026-10-01T00:00:00Z", subject="Describe", path="", effect="added"),
        ],
        "more": True,
        "git": {**git, "complete": False, "cut": False},  # type: ignore[typeddict-item]
    }
    lines = [plain(line) for line, _ in history_lines(answer, UNICODE, NOW)]
    assert lines == [
        "● 2026-11-20  1w ago    overlay     Ines  property set",
        "    metadata.tier  + gold",
        "",
        "● 2026-11-12  2w ago    1117dc6159  Ines  Move",
        "    spec.owner  a → b",
        '    spec.system  - {"x": 1}',
        "",
        "● 2026-10-01  8w ago    087640f2a8  Ines  Describe",
        "",
        "! older changes are not shown; catalog history --limit -1 has them",
        "",
        "! only 500 commits were looked at",
    ]


def test_why_this_value_names_line_commit_and_author_or_who_set_it() -> None:
    nothing: OriginItem = dict.fromkeys(OriginItem.__annotations__)  # type: ignore[assignment]
    overlay: Any = {
        **nothing, "said": "overlay", "ref": "component:default/x", "field": "metadata.title", "value": "New",
        "in_force": True, "by": "mira", "at": "2026-11-29T21:45:40Z", "door": "tui", "mode": "replace", "cut": False,
    }  # fmt: skip
    git: Any = {
        **nothing, "said": "git", "ref": "component:default/x", "field": "metadata.title", "value": "Old",
        "in_force": False, "by": "Ines", "at": "2026-10-01T09:12:00Z", "path": "x/catalog-info.yaml", "line": 5,
        "end_line": 6, "commit": "087640f2a8cc", "subject": "Describe \x1b[31mit", "cut": True,
    }  # fmt: skip
    answer: WhyAnswer = {
        "ref": "component:default/x",
        "field": "metadata.title",
        "value": "New",
        "origins": [overlay, git],
        "more": True,
    }
    told = "\n".join(plain(line) for line in why_lines(answer, 70, UNICODE, NOW))
    assert told.startswith("metadata.title = New\n\n✓ overlay  in force\n  by        mira, 2026-11-29 21:45 (2h ago)")
    assert "· git  hidden by what stands above\n  value     Old\n  file      x/catalog-info.yaml:5-6" in told
    assert "087640f2a8  Describe \\x1b[31mit" in told
    assert "history is cut" in told
    assert told.endswith("more say it, too: they are left out")


def test_inspect_tells_identity_ancestry_and_what_was_read_beside_it() -> None:
    entity = {"metadata": {"uid": "u-1", "annotations": {"backstage.io/managed-by-location": 'git:a"b'}}}
    details = EntityDetails("component:default/x", entity, "r", "refs/heads/main", "a.yaml", 3, location="7")
    assert colocated_query(details) == '"metadata.annotations.backstage.io/managed-by-location":"git:a\\"b"'
    refs = ["component:default/x", "component:default/y"]
    told = {
        part.title: [f"{line.label} {line.text}" for line in part.lines] for part in inspection(details, None, refs, 9)
    }
    assert told["Identity"][2] == "uid u-1"
    assert "file a.yaml:3" in told["Source"]
    assert told["Ancestry"] == ["location 7", 'read at git:a"b']
    assert told["Read from the same place"] == [" component:default/y", " +7 more"]


def test_activity_of_other_systems() -> None:
    record: Any = {
        "integration": "ci", "schema": "build", "identifier": None, "type": None, "timestamp": 1796000000000,
        "received": 0, "entity_ref": None, "entity_refs": [], "fields": {"status": "ok\x07", "nothing": None},
    }  # fmt: skip
    lines = activity_lines({"items": [record], "more": True}, UNICODE, NOW)
    assert "build" in plain(lines[0])
    assert plain(lines[0]).endswith("status ok\\x07")
    assert "older records" in plain(lines[-1])
