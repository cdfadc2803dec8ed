"""`fields` and `GET /entities`: C149-C166 (spec 5.8, 5.9)."""

import base64
import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.support.shop import SHOP_REFS, Backstage, names, ref

ONE = ("filter", "metadata.name=checkout")

PROJECTED = [
    pytest.param(
        [("fields", "kind,metadata.name")],
        {"kind": "Component", "metadata": {"name": "checkout"}},
        id="c149-two-fields",
    ),
    pytest.param(
        [("fields", "metadata.annotations.acme.test/pager")],
        {"metadata": {"annotations": {"acme.test/pager": "P-17"}}},
        id="c150-one-annotation",
    ),
    pytest.param([("fields", "metadata.nope")], {}, id="c151-nothing-there"),
    pytest.param([("fields", "KIND")], {}, id="c152-case-counts"),
    pytest.param([("fields", "relations.type")], {}, id="c153-no-mapping-over-lists"),
    pytest.param(
        [("fields", "kind"), ("fields", "metadata.name")],
        {"kind": "Component", "metadata": {"name": "checkout"}},
        id="c155-repeated",
    ),
    pytest.param([("fields", "spec.sla.notes")], {"spec": {"sla": {"notes": None}}}, id="c156-null-is-shown"),
    pytest.param([("fields", "spec.ports.0")], {"spec": {"ports": [8080]}}, id="c153-an-item-by-number"),
]


@pytest.mark.parametrize(("parameters", "expected"), PROJECTED)
@pytest.mark.parametrize("path", ["/entities", "/entities/by-query"])
def test_fields(shop: Backstage, path: str, parameters: list[tuple[str, str]], expected: object) -> None:
    answer = shop.json(path, ONE, *parameters)
    assert (answer if path == "/entities" else answer["items"]) == [expected]


def test_c151_c152_every_entity_stays(shop: Backstage) -> None:
    assert shop.json("/entities", ("fields", "KIND,metadata.nope")) == [{}] * 11


def test_c153_whole_relations(shop: Backstage) -> None:
    [entity] = shop.json("/entities", ONE, ("fields", "relations"))
    assert len(entity.pop("relations")) == 6
    assert entity == {}


@pytest.mark.parametrize("path", ["/entities", "/entities/by-query"])
def test_c154_brackets_are_400(shop: Backstage, path: str) -> None:
    assert shop.get(path, ("fields", "spec[0]")).status_code == 400


def test_c157_without_paging_a_bare_array_of_all(shop: Backstage) -> None:
    answer = shop.get("/entities")
    assert sorted(map(ref, answer.json())) == list(SHOP_REFS)
    assert "link" not in answer.headers


def test_c158_a_page_links_to_the_next(shop: Backstage) -> None:
    answer = shop.get("/entities", ("limit", "2"), ("offset", "1"), ("filter", "kind=component,kind=api"))
    assert len(answer.json()) == 2
    url = _next(answer.headers["link"])
    asked = dict(parse_qsl(urlsplit(url).query))
    assert url.startswith("/entities?")
    assert set(asked) == {"limit", "filter", "after"}
    assert asked["filter"] == "kind=component,kind=api"


def test_c159_following_after_gives_all_once(shop: Backstage) -> None:
    found, url, pages = [], "/entities?limit=2", 0
    while url:
        pages += 1
        answer = shop.get(url)
        found += [ref(entity) for entity in answer.json()]
        url = _next(answer.headers["link"]) if "link" in answer.headers else ""
    assert (found, pages) == (list(SHOP_REFS), 6)


def test_c159_after_wins_over_limit_and_offset(shop: Backstage) -> None:
    after = base64.b64encode(b'{"limit":3,"offset":9}').decode()
    answer = shop.get("/entities", ("after", after), ("limit", "1"), ("offset", "0"))
    assert [ref(entity) for entity in answer.json()] == list(SHOP_REFS[9:])


@pytest.mark.parametrize(
    "parameter",
    [
        pytest.param(("limit", "0"), id="c160-limit-0"),
        pytest.param(("limit", "-1"), id="c160-limit-negative"),
        pytest.param(("limit", "x"), id="c160-limit-x"),
        pytest.param(("offset", "-1"), id="c160-offset-negative"),
        pytest.param(("after", ""), id="c160-after-empty"),
        pytest.param(("order", "kind"), id="c164-order-without-direction"),
        pytest.param(("order", "up:kind"), id="c164-order-with-another-direction"),
        pytest.param(("after", "nonsense"), id="c166-after-undecodable"),
        pytest.param(("after", base64.b64encode(b'{"limit":-1,"offset":0}').decode()), id="c166-after-negative"),
        pytest.param(("after", base64.b64encode(b"[1]").decode()), id="c166-after-a-list"),
    ],
)
def test_wrong_paging_is_400(shop: Backstage, parameter: tuple[str, str]) -> None:
    answer = shop.get("/entities", parameter)
    assert (answer.status_code, answer.json()["error"]["name"]) == (400, "InputError")


def test_c166_the_message_is_what_clients_look_for(shop: Backstage) -> None:
    assert "Malformed cursor" in shop.get("/entities", ("after", "nonsense")).json()["error"]["message"]


def test_c161_offset_without_limit_is_the_rest(shop: Backstage) -> None:
    answer = shop.get("/entities", ("offset", "9"))
    assert len(answer.json()) == 2
    assert "link" not in answer.headers


def test_c162_a_page_without_order_is_by_ref(shop: Backstage) -> None:
    assert [ref(entity) for entity in shop.json("/entities", ("limit", "2"))] == list(SHOP_REFS[:2])


def test_c163_all_directives_count(shop: Backstage) -> None:
    entities = shop.json("/entities", ("order", "asc:kind"), ("order", "desc:metadata.name"), ("limit", "4"))
    assert names(entities) == ["checkout-api", "pricing", "Gateway", "checkout"]


@pytest.mark.parametrize("paging", [[], [("limit", "100")]], ids=["c165-whole", "c165-paginated"])
def test_c165_what_lacks_the_field_comes_last(shop: Backstage, paging: list[tuple[str, str]]) -> None:
    for direction in ("asc", "desc"):
        found = names(shop.json("/entities", ("order", f"{direction}:metadata.TITLE"), *paging))
        assert len(found) == 11
        assert found[0] == "checkout"


def _next(link: str) -> str:
    match = re.fullmatch(r'<([^>]+)>; rel="next"', link)
    assert match is not None, link
    return match[1]
