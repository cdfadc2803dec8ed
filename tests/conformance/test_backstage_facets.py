"""`GET /entity-facets`: C211-C217, C256 (spec 5.12)."""

import pytest

from tests.support.shop import Backstage

KINDS = {"API": 1, "Component": 3, "Domain": 1, "Group": 2, "Location": 1, "Resource": 1, "System": 1, "User": 1}

COUNTED = [
    pytest.param("kind", [], KINDS, id="c211-kind"),
    pytest.param("spec.lifecycle", [], {"Production": 1, "experimental": 1, "production": 2}, id="c212-case-is-kept"),
    pytest.param(
        "metadata.tags", ["kind=component"], {"go": 1, "grpc": 1, "python": 2, "rust": 1}, id="c213-items-of-a-list"
    ),
    pytest.param(
        "relations.ownedBy",
        [],
        {"group:default/division": 1, "group:default/team-cart": 5, "user:default/mira": 1},
        id="c214-full-refs",
    ),
    pytest.param("KIND", [], KINDS, id="c215-spelled-as-asked"),
    pytest.param("nope", [], {}, id="c216-unknown"),
    pytest.param("spec", [], {}, id="c216-an-object-path"),
    pytest.param("spec.definition", [], {}, id="c216-a-value-too-long"),
    pytest.param("metadata.etag", [], {}, id="c216-what-is-not-searchable"),
    pytest.param("spec.sla.notes", [], {}, id="c216-null"),
    pytest.param("metadata.tags.python", [], {"true": 2}, id="c213-one-item-of-a-list"),
    pytest.param("metadata.namespace", [], {"default": 10, "edge": 1}, id="c211-namespace"),
    pytest.param("kind", ["kind=user", "kind=api"], {"API": 1, "User": 1}, id="c213-sets"),
]


@pytest.mark.parametrize(("facet", "filters", "counts"), COUNTED)
def test_facet(shop: Backstage, facet: str, filters: list[str], counts: dict[str, int]) -> None:
    answer = shop.json("/entity-facets", ("facet", facet), *(("filter", text) for text in filters))
    assert answer == {"facets": {facet: [{"value": value, "count": counts[value]} for value in sorted(counts)]}}


def test_c211_several_at_once(shop: Backstage) -> None:
    answer = shop.json("/entity-facets", ("facet", "kind"), ("facet", "spec.type"))
    assert list(answer["facets"]) == ["kind", "spec.type"]


@pytest.mark.parametrize(
    "parameters",
    [
        pytest.param([], id="c217-none"),
        pytest.param([("facet", "")], id="c217-empty"),
        pytest.param([("facet", " ")], id="c217-blank"),
        pytest.param([("facet", "kind"), ("limit", "1")], id="c217-another-parameter"),
    ],
)
def test_c217_no_facet_is_400(shop: Backstage, parameters: list[tuple[str, str]]) -> None:
    assert shop.get("/entity-facets", *parameters).status_code == 400


def test_c256_the_answer_is_tagged(shop: Backstage) -> None:
    first = shop.get("/entity-facets", ("facet", "kind"))
    etag = first.headers["etag"]
    assert etag.startswith('W/"')
    same = shop.get("/entity-facets", ("facet", "kind"), headers={"if-none-match": f'"x", {etag}'})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", etag)
    other = shop.get("/entity-facets", ("facet", "metadata.tags"), headers={"if-none-match": etag})
    forced = shop.get("/entity-facets", ("facet", "kind"), headers={"if-none-match": etag, "cache-control": "no-cache"})
    assert (other.status_code, forced.status_code) == (200, 200)


def test_c256_entities_without_fields_have_no_tag(shop: Backstage) -> None:
    assert "etag" not in shop.get("/entities").headers
    assert "etag" in shop.get("/entities", ("fields", "kind")).headers
    assert "etag" in shop.get("/locations").headers
