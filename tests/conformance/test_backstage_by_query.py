"""`GET /entities/by-query`: C167-C191 (spec 5.10)."""

import base64
import json
from typing import Any

import pytest

from tests.support.shop import SHOP_LOCATION, Backstage, Forge, component, names

BY_NAME = ("orderField", "metadata.name,asc")
LOCATION_NAME = SHOP_LOCATION.partition("/")[2]
ALL_NAMES = [
    "cart-db", "checkout", "checkout-api", "commerce", "division", "Gateway", LOCATION_NAME, "mira", "pricing",
    "storefront", "team-cart",
]  # fmt: skip


def walk(client: Backstage, *parameters: tuple[str, str], limit: str = "3") -> list[dict[str, Any]]:
    """All pages of a listing, forward."""
    pages = [client.page(*parameters, ("limit", limit))]
    while cursor := pages[-1]["pageInfo"].get("nextCursor"):
        pages.append(client.page(("cursor", cursor), ("limit", limit)))
    return pages


def test_c167_without_parameters_everything(shop: Backstage) -> None:
    page = shop.page()
    assert len(page["items"]) == page["totalItems"] == 11
    assert page["pageInfo"] == {}


def test_c169_a_limit_of_nought_counts_only(shop: Backstage) -> None:
    assert shop.page(("limit", "0")) == {"items": [], "totalItems": 11, "pageInfo": {}}


def test_c171_c172_c173_pages_forward_and_back(shop: Backstage) -> None:
    first = shop.page(BY_NAME, ("limit", "3"))
    assert names(first["items"]) == ALL_NAMES[:3]
    assert (first["totalItems"], set(first["pageInfo"])) == (11, {"nextCursor"})
    second = shop.page(("cursor", first["pageInfo"]["nextCursor"]), ("limit", "3"))
    assert names(second["items"]) == ALL_NAMES[3:6]
    assert (second["totalItems"], set(second["pageInfo"])) == (11, {"nextCursor", "prevCursor"})
    back = shop.page(("cursor", second["pageInfo"]["prevCursor"]), ("limit", "3"))
    assert names(back["items"]) == ALL_NAMES[:3]
    assert set(back["pageInfo"]) == {"nextCursor"}
    again = shop.page(("cursor", back["pageInfo"]["nextCursor"]), ("limit", "3"))
    assert again["items"] == second["items"]


def test_c172_the_walk_of_the_specification(shop: Backstage) -> None:
    pages = walk(shop, BY_NAME, ("filter", "kind=component,kind=resource,kind=user"), limit="2")
    assert [names(page["items"]) for page in pages] == [["cart-db", "checkout"], ["Gateway", "mira"], ["pricing"]]
    assert [set(page["pageInfo"]) for page in pages] == [{"nextCursor"}, {"nextCursor", "prevCursor"}, {"prevCursor"}]
    back = shop.page(("cursor", pages[2]["pageInfo"]["prevCursor"]), ("limit", "2"))
    assert names(back["items"]) == ["Gateway", "mira"]
    assert set(back["pageInfo"]) == {"nextCursor", "prevCursor"}


def test_c174_the_cursor_knows_no_limit(shop: Backstage) -> None:
    first = shop.page(BY_NAME, ("limit", "3"))
    rest = shop.page(("cursor", first["pageInfo"]["nextCursor"]))
    assert names(rest["items"]) == ALL_NAMES[3:]


def test_c175_beside_a_cursor_the_rest_is_ignored(shop: Backstage) -> None:
    first = shop.page(BY_NAME, ("limit", "3"))
    cursor = ("cursor", first["pageInfo"]["nextCursor"])
    others = [("filter", "kind=api"), ("orderField", "kind,desc"), ("offset", "3"), ("totalItems", "exclude")]
    page = shop.page(cursor, ("limit", "3"), *others)
    assert (names(page["items"]), page["totalItems"]) == (ALL_NAMES[3:6], 11)


def test_c175_the_cursor_knows_the_filter(shop: Backstage) -> None:
    pages = walk(shop, ("filter", "kind=component"), BY_NAME, limit="2")
    assert [names(page["items"]) for page in pages] == [["checkout", "Gateway"], ["pricing"]]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        pytest.param(["METADATA.NAME,desc"], ALL_NAMES[::-1], id="c178-caseless-and-downward"),
        pytest.param(["metadata.title,asc"], ["checkout"], id="c177-what-lacks-the-field-is-left-out"),
        pytest.param(["metadata.tags,asc"], ["Gateway", "checkout", "pricing"], id="c181-once-by-the-smallest"),
        pytest.param(["metadata.tags,desc"], ["pricing", "checkout", "Gateway"], id="c181-once-by-the-largest"),
        pytest.param(
            ["spec.lifecycle,asc", "metadata.name,desc"],
            ["pricing", "Gateway", "checkout-api", "checkout"],
            id="c177-only-the-first-field-leaves-out",
        ),
    ],
)
def test_order(shop: Backstage, order: list[str], expected: list[str]) -> None:
    parameters = [("orderField", text) for text in order]
    page = shop.page(*parameters)
    assert (names(page["items"]), page["totalItems"]) == (expected, len(expected))
    stepwise = [names(page["items"]) for page in walk(shop, *parameters, limit="1")]
    assert stepwise == [[name] for name in expected]


@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_c171_ties_go_by_uid_in_the_same_direction(shop: Backstage, direction: str) -> None:
    page = shop.page(("orderField", f"kind,{direction}"), ("filter", "kind=component"))
    uids = [entity["metadata"]["uid"] for entity in page["items"]]
    assert uids == sorted(uids, reverse=direction == "desc")


def test_c180_a_cursor_of_an_order_without_direction_works(shop: Backstage) -> None:
    pages = walk(shop, ("orderField", "metadata.name"))
    assert [name for page in pages for name in names(page["items"])] == ALL_NAMES


def test_c182_without_order_by_uid(shop: Backstage) -> None:
    uids = [entity["metadata"]["uid"] for entity in shop.page()["items"]]
    assert uids == sorted(uids)
    assert [e["metadata"]["uid"] for page in walk(shop) for e in page["items"]] == uids


TEXTS = [
    pytest.param("CHECK", ["metadata.name"], [], ["checkout", "checkout-api"], id="c183-a-field"),
    pytest.param("CHECK", ["METADATA.NAME"], [], ["checkout", "checkout-api"], id="c183-a-caseless-field"),
    pytest.param("check", [], [BY_NAME], ["checkout", "checkout-api"], id="c184-the-sort-field"),
    pytest.param("check", [], [], [], id="c185-the-uid-only"),
    pytest.param("money", ["metadata.title,metadata.description"], [], ["checkout"], id="c186-two-fields"),
    pytest.param("%", ["metadata.name"], [], [], id="c187-no-wildcards"),
    pytest.param("_", ["metadata.name"], [], [], id="c187-no-underscore-either"),
    pytest.param(" check ", ["metadata.name"], [], ["checkout", "checkout-api"], id="c183-trimmed"),
]


@pytest.mark.parametrize(("term", "fields", "others", "expected"), TEXTS)
def test_full_text(
    shop: Backstage, term: str, fields: list[str], others: list[tuple[str, str]], expected: list[str]
) -> None:
    parameters = [("fullTextFilterTerm", term), *(("fullTextFilterFields", text) for text in fields), *others]
    page = shop.page(*parameters)
    assert (sorted(names(page["items"])), page["totalItems"]) == (expected, len(expected))


def test_c183_the_cursor_knows_the_text(shop: Backstage) -> None:
    parameters = [("fullTextFilterTerm", "check"), ("fullTextFilterFields", "metadata.name"), BY_NAME]
    assert [names(page["items"]) for page in walk(shop, *parameters, limit="1")] == [["checkout"], ["checkout-api"]]


def test_c188_totals_can_be_left_out(shop: Backstage) -> None:
    page = shop.page(("totalItems", "exclude"), ("limit", "3"))
    assert (len(page["items"]), page["totalItems"]) == (3, 0)
    assert shop.page(("cursor", page["pageInfo"]["nextCursor"]))["totalItems"] == 0
    assert shop.page(("totalItems", "include"))["totalItems"] == 11


def test_c189_offset(shop: Backstage) -> None:
    page = shop.page(("offset", "10"))
    assert (len(page["items"]), page["totalItems"]) == (1, 11)


def test_c191_a_cursor_is_base64_of_json_in_the_words_of_backstage(shop: Backstage) -> None:
    page = shop.page(BY_NAME, ("limit", "3"), ("filter", "kind=component,kind=api"))
    content = json.loads(base64.b64decode(page["pageInfo"]["nextCursor"]))
    assert content["orderFields"] == [{"field": "metadata.name", "order": "asc"}]
    assert content["totalItems"] == 4
    assert "query" in content


@pytest.mark.parametrize(
    "parameters",
    [
        pytest.param([("limit", "-1")], id="c170-limit-negative"),
        pytest.param([("limit", "1.5")], id="c170-limit-fraction"),
        pytest.param([("limit", "")], id="c170-limit-empty"),
        pytest.param([("limit", "1"), ("limit", "2")], id="c170-limit-twice"),
        pytest.param([("orderField", "metadata.name,up")], id="c179-another-direction"),
        pytest.param([("orderField", "metadata.name,")], id="c179-an-empty-direction"),
        pytest.param([("totalItems", "foo")], id="c188-total-items-foo"),
        pytest.param([("cursor", "garbage")], id="c191-garbage"),
        pytest.param([("cursor", "")], id="c191-empty"),
        pytest.param([("cursor", base64.b64encode(b"{").decode())], id="c191-no-json"),
        pytest.param([("nope", "1")], id="c192-unknown-parameter"),
        pytest.param([("fullTextFilter", "x")], id="c192-the-name-in-the-documentation"),
    ],
)
def test_wrong_questions_are_400(shop: Backstage, parameters: list[tuple[str, str]]) -> None:
    answer = shop.get("/entities/by-query", *parameters)
    assert (answer.status_code, answer.json()["error"]["name"]) == (400, "InputError")


def test_c191_the_message_is_what_clients_look_for(shop: Backstage) -> None:
    assert "Malformed cursor" in shop.get("/entities/by-query", ("cursor", "garbage")).json()["error"]["message"]


# C168 and C176: more entities than a page, and some that come while one reads


@pytest.fixture(scope="module")
def many(workshop: Backstage, forge: Forge) -> Backstage:
    texts = [component(f"c{number:03}") for number in range(200)]
    workshop.daemon.register(forge.file("many", "\n---\n".join(texts)))
    return workshop


def test_c168_a_page_holds_200_unless_told_otherwise(many: Backstage) -> None:
    page = many.page()
    assert (len(page["items"]), page["totalItems"]) == (200, 201)
    assert len(many.page(("cursor", page["pageInfo"]["nextCursor"]))["items"]) == 1


def test_c176_what_comes_between_pages_neither_repeats_nor_skips(many: Backstage, forge: Forge) -> None:
    first = many.page(("filter", "kind=component"), BY_NAME, ("limit", "150"))
    many.daemon.register(forge.file("more", f"{component('a000')}\n---\n{component('z000')}"))
    second = many.page(("cursor", first["pageInfo"]["nextCursor"]), ("limit", "150"))
    assert (first["totalItems"], second["totalItems"]) == (200, 200)
    assert names(second["items"]) == [f"c{number:03}" for number in range(150, 200)] + ["z000"]


def test_the_whole_list_is_streamed(many: Backstage) -> None:
    answer = many.get("/entities", ("filter", "metadata.name"))
    assert "content-length" not in answer.headers
    assert len(answer.json()) >= 201
