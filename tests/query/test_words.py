"""Full text: what the words of an entity are, which of them a word means, and what comes first."""

from typing import Any

import pytest
from hypothesis import given, settings

from query.ast import And, Everything, Not, Text
from query.order import RELEVANCE, Order
from query.question import Question
from query.terms import MAX_TERMS, asked_words, entity_terms, score, text_node
from tests.query.index import Catalog, Index
from tests.query.shop import Entity
from tests.support import webs

RANKED = (Order(RELEVANCE, "desc"), Order("metadata.name"))


def entity(name: str, definition: str = "", **metadata: Any) -> Entity:
    """A final entity with what is searched."""
    spec = {"definition": definition} if definition else {}
    return {
        "kind": "API",
        "metadata": {"name": name, "namespace": "default", "uid": name, **metadata},
        "spec": spec,
        "relations": [],
    }


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Takes the money", "takes the money"),
        ("checkout-api.v2/foo_bar", "checkout api v2 foo bar"),
        ("PaymentService", "paymentservice payment service"),
        ("parseHTTPRequest", "parsehttprequest parse http request"),
        ("oauth2Client", "oauth2client oauth2 client"),
        ("URL", "url"),
        ("Überweisung façade ÅNGSTRÖM", "uberweisung facade angstrom"),
        ("Straße", "strasse"),
        ("данные Ёлка", "данные елка"),
        ("x" * 90, "x" * 64),
        ("-- % 'q' --", "q"),
        ("", ""),
    ],
)
def test_what_the_words_of_a_text_are(text: str, terms: str) -> None:
    assert list(entity_terms(entity("n", description=text))) == ["n", *terms.split()]


def test_terms_have_an_end_and_the_name_comes_first() -> None:
    found = entity_terms(entity("first", definition=" ".join(f"w{number}" for number in range(5000))))
    assert (len(found), next(iter(found))) == (MAX_TERMS, "first")


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("money", "checkout"),
        ("mon", "checkout"),
        ("oney", ""),
        ("CHECKOUT service", "checkout"),
        ("padded openapi", "checkout-api"),
        ("runbook.example.test", ""),
        ("mira", "mira"),
        ("okafor", "mira"),
        ("python", "checkout pricing"),
    ],
)
def test_all_words_must_be_there(asked: str, names: str) -> None:
    from tests.query.shop import SHOP

    shop = [*SHOP]
    shop[5] = {**shop[5], "spec": {"definition": "openapi: 3.1.0 " + "x" * 300 + " padded"}}
    index = Index()
    index.load(shop)
    node = text_node(asked)
    assert node is not None
    refs = index.refs(node)
    assert refs == Catalog(shop).meant(node)
    assert sorted(ref.partition("/")[2] for ref in refs) == names.split()


def test_what_fits_better_comes_first(scratch: Index) -> None:
    order = [
        entity("pay"),
        entity("a-pay"),
        entity("b", title="Pay here"),
        entity("payments"),
        entity("c-payments"),
        entity("d", tags=["pay"]),
        entity("e", title="Payments"),
        entity("f", tags=["payroll"]),
        entity("g", description="how to pay"),
        entity("h", description="payments"),
        entity("i", definition="pay"),
        entity("j", definition="payments"),
    ]
    scratch.load([*reversed(order), entity("k")])
    node = text_node("pay")
    assert node is not None
    page, _ = scratch.page(Question(node, RANKED, tie="ref"))
    assert [ref.partition("/")[2] for ref, _ in page] == [str(_name(one)) for one in order]


def _name(one: Entity) -> object:
    metadata = one["metadata"]
    assert isinstance(metadata, dict)
    return metadata["name"]


@settings(max_examples=60)
@given(entities=webs.catalogs(), words=webs.words)
def test_sql_and_python_rank_alike(scratch: Index, entities: list[Entity], words: list[str]) -> None:
    scratch.load(entities)
    catalog = Catalog(entities)
    node = And(tuple(Text(word) for word in words))
    page, _ = scratch.page(Question(node, RANKED, tie="ref"))
    scores = {ref: sum(score(word, catalog.terms(ref)) for word in words) for ref in catalog.meant(node)}
    assert [(ref, int(position.values[0] or 0)) for ref, position in page] == sorted(
        scores.items(), key=lambda found: (-found[1], found[0])
    )


def test_only_words_that_are_asked_for_count(scratch: Index) -> None:
    tree = And((Text("a"), Not(Text("b"))))
    assert asked_words(tree) == ("a",)
    scratch.load([entity("a"), entity("z")])
    page, _ = scratch.page(Question(Everything(), RANKED, tie="ref"))
    assert [ref for ref, _ in page] == ["api:default/a", "api:default/z"]
    assert text_node("--") is None
