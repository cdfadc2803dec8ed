"""`filter` on the fixture: C120-C148 (spec 5.7)."""

import pytest

from tests.support.shop import DEFINITION, SHOP_REFS, Backstage, Forge, component

CHECKOUT, PRICING, GATEWAY = "component:default/checkout", "component:default/pricing", "component:edge/gateway"
API, DATABASE = "api:default/checkout-api", "resource:default/cart-db"
DIVISION, TEAM, MIRA = "group:default/division", "group:default/team-cart", "user:default/mira"
COMPONENTS = [CHECKOUT, PRICING, GATEWAY]
OWNED_BY_TEAM = sorted([API, CHECKOUT, GATEWAY, DATABASE, "system:default/storefront"])
WITH_OWNER = sorted([*OWNED_BY_TEAM, PRICING, "domain:default/commerce"])

FOUND = [
    pytest.param(["kind=component"], COMPONENTS, id="c120-kind"),
    pytest.param(["KIND=COMPONENT"], COMPONENTS, id="c120-kind-is-caseless"),
    pytest.param(["kind=component,kind=api"], [API, *COMPONENTS], id="c121-same-key-merges"),
    pytest.param(["kind=user", "kind=group"], [DIVISION, TEAM, MIRA], id="c122-sets-are-alternatives"),
    pytest.param(["kind=component,spec.type=service"], [CHECKOUT, GATEWAY], id="c123-keys-are-joined"),
    pytest.param(["metadata.tags.python"], [CHECKOUT, PRICING], id="c124-tag-exists"),
    pytest.param(["metadata.tags.python=true"], [CHECKOUT, PRICING], id="c124-tag-is-true"),
    pytest.param(["metadata.tags=python"], [CHECKOUT, PRICING], id="c124-tag-by-value"),
    pytest.param(["metadata.tags.python=false"], [], id="c125-a-tag-is-never-false"),
    pytest.param(["spec.lifecycle=production"], [API, CHECKOUT, GATEWAY], id="c126-values-are-caseless"),
    pytest.param(["spec.sla"], [], id="c127-an-object-has-no-row"),
    pytest.param(["spec.sla.uptime=99.95"], [CHECKOUT], id="c127-a-number"),
    pytest.param(["spec.sla.critical=true"], [CHECKOUT], id="c127-a-flag"),
    pytest.param(["spec.sla.notes"], [CHECKOUT], id="c128-null-exists"),
    pytest.param(["spec.sla.notes=null"], [], id="c128-null-is-no-text"),
    pytest.param(["spec.ports=8080"], [CHECKOUT], id="c129-a-number-in-a-list"),
    pytest.param(["spec.ports.8080"], [], id="c129-numbers-have-no-item-row"),
    pytest.param(["metadata.links.url=https://runbook.example.test/checkout"], [CHECKOUT], id="c130-a-url-in-a-list"),
    pytest.param(["metadata.annotations.acme.test/pager=p-17"], [CHECKOUT], id="c131-an-annotation"),
    pytest.param(["metadata.namespace=default"], [r for r in SHOP_REFS if r != GATEWAY], id="c132-namespace"),
    pytest.param(["metadata.namespace=edge"], [GATEWAY], id="c132-another-namespace"),
    pytest.param(["relations.ownedby=group:default/team-cart"], OWNED_BY_TEAM, id="c133-a-relation"),
    pytest.param(["relations.ownedBy=GROUP:default/Team-Cart"], OWNED_BY_TEAM, id="c133-a-relation-is-caseless"),
    pytest.param(["relations.ownedby=team-cart"], [], id="c134-targets-are-full-refs"),
    pytest.param(["relations.ownedBy"], WITH_OWNER, id="c134-a-relation-exists"),
    pytest.param(["relations"], [], id="c134-relations-have-no-row"),
    pytest.param(["metadata.etag"], [], id="c135-etag"),
    pytest.param(["metadata.annotations"], [], id="c135-an-object-path"),
    pytest.param(["spec.definition"], [API], id="c136-a-long-value-exists"),
    pytest.param([f"spec.definition={DEFINITION}"], [], id="c136-a-long-value-never-matches"),
    pytest.param(["spec.children"], [DIVISION], id="c137-an-empty-list-has-no-row"),
    pytest.param(
        ["kind=component,spec.type=library", "kind=resource"], [PRICING, DATABASE], id="c138-sets-of-several-pieces"
    ),
    pytest.param(["kind=component,"], COMPONENTS, id="c139-a-comma-at-the-end"),
    pytest.param([","], list(SHOP_REFS), id="c139-nothing-but-a-comma"),
    pytest.param([",", "kind=api"], [API], id="c139-an-empty-set-is-ignored"),
    pytest.param(["kind=component,kind"], COMPONENTS, id="c141-exists-beside-a-value-adds-nothing"),
    pytest.param(["Kind=user,kind=group"], [DIVISION, TEAM, MIRA], id="c142-keys-merge-whatever-their-case"),
    pytest.param(["kind = component , spec.type= service"], [CHECKOUT, GATEWAY], id="c147-spaces-are-ignored"),
    pytest.param([f"kind=k{n}" for n in range(99)] + ["kind=api"], [API], id="c260-a-hundred-sets"),
]


@pytest.mark.parametrize(("filters", "refs"), FOUND)
def test_filter_on_the_fixture(shop: Backstage, filters: list[str], refs: list[str]) -> None:
    assert shop.refs(*filters) == sorted(refs)


@pytest.mark.parametrize(
    "text", [pytest.param("=x", id="c140-no-key"), pytest.param("", id="c140-empty"), pytest.param("a,=", id="c140-eq")]
)
def test_a_filter_without_a_key_is_400(shop: Backstage, text: str) -> None:
    answer = shop.get("/entities", ("filter", text))
    assert (answer.status_code, answer.json()["error"]["name"]) == (400, "InputError")


def test_the_brackets_of_other_clients_are_taken(shop: Backstage) -> None:
    assert len(shop.json("/entities", ("filter[]", "kind=user"), ("filter[]", "kind=group"))) == 3


# C143-C148, on entities of their own


@pytest.fixture(scope="module")
def odd(workshop: Backstage, forge: Forge) -> Backstage:
    texts = [
        component(
            "exact",
            annotations={"acme.test/q": "a=b", "acme.test/long": "v" * 200, "acme.test/longer": "w" * 201},
            spec={"s": "", "k" * 195: "short enough", "l" * 196: "too long"},
        ),
        component("foos", labels={"Foo": "a", "foo": "b"}),
        component("other"),
    ]
    workshop.daemon.register(forge.file("odd", "\n---\n".join(texts)))
    return workshop


ODD = (
    pytest.param("metadata.annotations.acme.test/long=" + "v" * 200, ["exact"], id="c143-200-characters-match"),
    pytest.param("metadata.annotations.acme.test/longer=" + "w" * 201, [], id="c143-201-characters-do-not"),
    pytest.param("metadata.annotations.acme.test/longer", ["exact"], id="c143-but-they-exist"),
    pytest.param("spec." + "k" * 195, ["exact"], id="c144-a-key-of-200-characters"),
    pytest.param("spec." + "l" * 196, [], id="c144-a-key-of-201-characters"),
    pytest.param("kind=component", ["exact", "other"], id="c145-keys-that-differ-in-case-hide-their-entity-only"),
    pytest.param("spec.s=", ["exact"], id="c146-the-empty-text-is-a-value"),
    pytest.param("metadata.annotations.acme.test/q=a=b", ["exact"], id="c148-a-value-with-an-equals-sign"),
)


@pytest.mark.parametrize(("text", "names"), ODD)
def test_filter_on_odd_entities(odd: Backstage, text: str, names: list[str]) -> None:
    assert odd.refs(text) == [f"component:default/{name}" for name in names]
