"""Whatever is asked, within the API's own description and beside it, the answer is never a 500 (R29, R60)."""

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from syncd.api.app import ROUTES
from syncd.api.openapi import rendered
from syncd.api.scopes import SCOPES
from tests.support.daemon import Daemon
from tests.support.shop import SHOP_URL, SHOP_YAML, Backstage, Forge

ENDLESS = ("GET /api/own/events",)
"""Streams: what they answer is tested where they are."""
WHATEVER = ("POST /api/own/hooks/{id}",)
"""What the description says of these cannot be broken: any name, any body of a git host."""

DESCRIPTION = schemathesis.openapi.from_dict(json.loads(rendered(ROUTES)))
FOUND: Any = DESCRIPTION.get_all_operations()
ASKED = [result.ok() for result in FOUND if result.ok().label not in ENDLESS]
CHECKS: list[Any] = [not_a_server_error, response_schema_conformance, content_type_conformance]
Target = tuple[str, dict[str, str]]

RELAXED = settings(database=None, suppress_health_check=list(HealthCheck))
QUICK = settings(RELAXED, max_examples=3, derandomize=True)
LONG = settings(RELAXED, max_examples=300)
NEAR = settings(RELAXED, max_examples=40, derandomize=True)


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """The address of a daemon with the fixture "shop", and headers that may do everything."""
    folder = tmp_path_factory.mktemp("any")
    forge = Forge(folder / "git")
    forge.file("shop", SHOP_YAML)
    config = forge.config + "[limits]\nrequests_per_second = 1000000\nrequest_burst = 1000000\n"
    with Daemon(folder / "daemon", config) as daemon:
        daemon.register(SHOP_URL)
        yield daemon.url, {"authorization": f"Bearer {daemon.token(*SCOPES)}"}


def ask(operation: Any, mode: GenerationMode, target: Target, how: settings) -> None:
    """Requests of one kind, their answers held against the description."""
    url, headers = target

    @how
    @given(case=operation.as_strategy(generation_mode=mode))
    def one(case: Any) -> None:
        answer = case.call(base_url=url, headers=headers, timeout=60)
        case.validate_response(answer, checks=CHECKS)

    one()


def takes_something(operation: Any) -> bool:
    """Whether there is anything to get wrong."""
    return operation.label not in WHATEVER and (bool(operation.body) or bool(list(operation.iter_parameters())))


@pytest.mark.parametrize("operation", ASKED, ids=lambda one: one.label)
def test_r060_no_input_is_an_internal_error(operation: Any, target: Target) -> None:
    ask(operation, GenerationMode.POSITIVE, target, QUICK)
    if takes_something(operation):
        ask(operation, GenerationMode.NEGATIVE, target, QUICK)


@pytest.mark.slow
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda one: one.value)
@pytest.mark.parametrize("operation", ASKED, ids=lambda one: one.label)
def test_r060_nor_is_any_of_many(operation: Any, mode: GenerationMode, target: Target) -> None:
    if mode is GenerationMode.POSITIVE or takes_something(operation):
        ask(operation, mode, target, LONG)


# Input that is nearly right, made of the words that the API knows

WORDS = [
    "$all", "$any", "$not", "$in", "$exists", "$hasPrefix", "$contains", "kind", "KIND", "metadata.name", "relations",
    "relations.ownedBy", "type", "targetRef", "id", "target", "component", "metadata", "name", "spec", "apiVersion",
    "a.b", ".", "", "%", "'", "\u2028", "ı", "İ",
]  # fmt: skip
NUMBERS = st.sampled_from([0, -1, 1, 2**31, 2**63, 10**400, 0.1, -0.0, 1e308])
SCALARS = st.none() | st.booleans() | NUMBERS | st.sampled_from(WORDS) | st.text(max_size=5)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=3),
    max_leaves=10,
)
OBJECTS = st.dictionaries(st.sampled_from(WORDS), ANYTHING, max_size=3)
PREDICATE_DOORS: list[tuple[str, Callable[[Any], Any]]] = [
    ("/entities/by-query", lambda query: {"query": query, "limit": 1}),
    ("/entities/by-refs", lambda query: {"query": query, "entityRefs": ["component:default/checkout", ""]}),
    ("/entity-facets", lambda query: {"query": query, "facets": ["kind"]}),
    ("/locations/by-query", lambda query: {"query": query, "limit": 1}),
]


@pytest.mark.parametrize(("path", "body"), PREDICATE_DOORS, ids=lambda one: one if isinstance(one, str) else "")
@NEAR
@given(query=OBJECTS)
@example(query={"id": 10**400})
@example(query={"relations": {"$contains": {"type": "a", "targetRef": {"$in": 5}}}})
def test_r060_nearly_right_predicates(shop: Backstage, path: str, body: Callable[[Any], Any], query: Any) -> None:
    answer = shop.request("POST", path, json=body(query))
    assert answer.status_code in (200, 400), (query, answer.text)


PARTS = {
    "orderFields": ANYTHING | st.lists(st.fixed_dictionaries({"field": SCALARS, "order": st.just("asc")}), max_size=2),
    "orderFieldValues": ANYTHING | st.lists(st.sampled_from(WORDS), max_size=3),
    "firstSortFieldValues": ANYTHING,
    "isPrevious": ANYTHING | st.booleans(),
    "totalItems": ANYTHING | NUMBERS,
    "fullTextFilter": ANYTHING | st.fixed_dictionaries({"term": SCALARS, "fields": ANYTHING}),
    "query": OBJECTS,
    "filter": ANYTHING | st.fixed_dictionaries({"key": SCALARS, "values": ANYTHING}),
    "limit": ANYTHING,
    "offset": ANYTHING,
    "after": ANYTHING | st.sampled_from(WORDS),
}
CURSORS = st.fixed_dictionaries({}, optional=PARTS).map(json.dumps) | st.text(max_size=8)


@NEAR
@given(content=CURSORS)
@example(content=json.dumps({"query": {"kind": "\ud800"}}))
@example(content="[" * 3000)
@example(content=json.dumps({"totalItems": 10**400}))
def test_r060_nearly_right_cursors(shop: Backstage, content: str) -> None:
    cursor = base64.b64encode(content.encode()).decode() or "="
    for answer in (
        shop.get("/entities/by-query", ("cursor", cursor)),
        shop.get("/entities", ("after", cursor)),
        shop.request("POST", "/entities/by-query", json={"cursor": cursor}),
        shop.request("POST", "/locations/by-query", json={"cursor": cursor}),
    ):
        assert answer.status_code in (200, 400), (content, answer.text)


ENVELOPES = st.fixed_dictionaries(
    {
        "apiVersion": st.just("backstage.io/v1alpha1") | ANYTHING,
        "kind": st.sampled_from(["Component", "Location", "x"]),
    },
    optional={
        "metadata": ANYTHING | st.fixed_dictionaries({"name": st.sampled_from(["a", "A b"]) | ANYTHING}),
        "spec": ANYTHING
        | st.fixed_dictionaries({}, optional={"type": ANYTHING, "target": ANYTHING, "owner": ANYTHING}),
        "relations": ANYTHING,
    },
)


@NEAR
@given(entity=ENVELOPES | OBJECTS)
def test_r060_nearly_right_entities(shop: Backstage, entity: Any) -> None:
    body = {"entity": entity, "location": f"url:{SHOP_URL}"}
    answer = shop.request("POST", "/validate-entity", json=body)
    assert answer.status_code in (200, 400), (entity, answer.text)
