"""The query line, on the shop and as trees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from query.ast import And, Contains, Equals, Everything, Exists, Node, Not, Or, Prefix
from query.dialects.line import FIELDS, PREFIXES, parse_line
from query.errors import QueryError
from query.order import Order
from tests.query.conftest import Names

_OWNED = {"checkout", "gateway", "checkout-api", "cart-db", "storefront"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("kind:component", {"checkout", "pricing", "gateway"}),
        ("KIND:Component type:service", {"checkout", "gateway"}),
        ("kind:component -type:service", {"pricing"}),
        ("kind:user,group", {"mira", "division", "team-cart"}),
        ("check", {"checkout", "checkout-api"}),
        ("CHECK -api", {"checkout"}),
        ('"checkout service"', {"checkout"}),
        ("title:service", {"checkout"}),
        ("description:money", {"checkout"}),
        ("name:check", set()),
        ("name:check*", {"checkout", "checkout-api"}),
        ("name:*out*", {"checkout", "checkout-api"}),
        ("title:*", {"checkout"}),
        ("tag:python,go", {"checkout", "pricing", "gateway"}),
        ("metadata.tags.python:true", {"checkout", "pricing"}),
        ("owner:team-cart", _OWNED),
        ("owner:group:default/team-cart", _OWNED),
        ("owner:default/team-cart", _OWNED),
        ("owner:GROUP:team-cart", _OWNED),
        ("owner:mira", {"pricing"}),
        ("owner:user:mira,division", {"pricing", "commerce"}),
        ("owner:team*", _OWNED),
        ("owner:*cart*", _OWNED),
        ("-has:owner", {"division", "team-cart", "mira", "generated-1b2c3d"}),
        ("system:storefront", {"checkout", "checkout-api"}),
        ("system:system:default/storefront", {"checkout", "checkout-api"}),
        ("domain:commerce", {"storefront"}),
        ("has:domain", {"storefront"}),
        ("parent:division", {"team-cart"}),
        ("memberof:team-cart", {"mira"}),
        ("dependson:pricing", {"checkout"}),
        ("dependson:resource:cart-db", {"checkout"}),
        ("provides:checkout-api", {"checkout"}),
        ("lifecycle:production namespace:edge", {"gateway"}),
        ("has:spec.sla.notes", {"checkout"}),
        ("has:title,spec.children", {"checkout", "division"}),
        ("label.tier:gold", {"checkout"}),
        ("annotation.acme.test/pager:p-17", {"checkout"}),
        ("spec.ports:8080", {"checkout"}),
        ("relations.hasmember:user:default/mira", {"team-cart"}),
        ("ref:component:edge/gateway", {"gateway"}),
        ("ref:edge/gateway,api:checkout-api", {"gateway", "checkout-api"}),
        ("ref:group:division", {"division"}),
        ('metadata.links.url:"https://runbook.example.test/checkout"', {"checkout"}),
        ("metadata.links.url:https://runbook.example.test/checkout", {"checkout"}),
    ],
)
def test_line(names: Names, line: str, expected: set[str]) -> None:
    assert names(parse_line(line).where) == expected


@pytest.mark.parametrize(
    ("line", "tree"),
    [
        ("", Everything()),
        ("   ", Everything()),
        ("spec.a:x,,Y,", Equals("spec.a", ("x", "y"))),
        ('spec.a:""', Equals("spec.a", ("",))),
        ('spec.a:"x,y z"', Equals("spec.a", ("x,y z",))),
        (r'spec.a:"a \"b\" \\ \c"', Equals("spec.a", (r'a "b" \ \c',))),
        ('spec.a:"x*"', Equals("spec.a", ("x*",))),
        ("spec.a:*", Prefix("spec.a", "")),
        ("spec.a:x*,y", Or((Equals("spec.a", ("y",)), Prefix("spec.a", "x")))),
        ('"spec.a:b":c', Equals("spec.a:b", ("c",))),
        ("spec.a:b:c=d", Equals("spec.a", ("b:c=d",))),
        ("-has:spec.a", Not(Exists("spec.a"))),
        ("-", Or((Contains("metadata.name", "-"), Contains("metadata.title", "-")))),
        ('"-x"', Or((Contains("metadata.name", "-x"), Contains("metadata.title", "-x")))),
        ("a,b", Or((Contains("metadata.name", "a,b"), Contains("metadata.title", "a,b")))),
        (
            "kind:a -tag:b",
            And((Equals("kind", ("a",)), Not(Equals("metadata.tags", ("b",))))),
        ),
        (
            "owner:t",
            Or((Equals("spec.owner", ("t",)), Equals("relations.ownedby", ("group:default/t", "user:default/t")))),
        ),
    ],
)
def test_the_whole_tree(line: str, tree: Node) -> None:
    assert parse_line(line).where == tree


def test_sort_says_the_order_and_nothing_else() -> None:
    line = parse_line("sort:-updated,name kind:a sort:-spec.type,label.tier")
    assert line.where == Equals("kind", ("a",))
    assert line.order == (
        Order("updated", "desc"),
        Order("metadata.name"),
        Order("spec.type", "desc"),
        Order("metadata.labels.tier"),
    )


@pytest.mark.parametrize(
    ("line", "position", "hint"),
    [
        ("kind:a ownr:x", 7, "did you mean owner?"),
        ("has:titel", 4, "did you mean title?"),
        ("sort:-updatd", 6, "did you mean updated?"),
        ("zzzz:x", 0, "fields are kind, name,"),
        ("spec.:x", 0, "spec.type"),
        (".type:x", 0, "spec.type"),
        ("owner:", 6, 'owner:""'),
        ("a owner:,", 9, 'owner:""'),
        ('kind:"a', 5, "end it with"),
        ('"a"b', 3, "quotes"),
        ('kind:"a"b', 8, "quotes"),
        ("name:*x", 5, "*x*"),
        ("-sort:name", 0, "sort:-name"),
        ("ref:a:", 4, "[kind:][namespace/]name"),
        ("ref:/a", 4, "[kind:][namespace/]name"),
        ("http://x", 0, "fields are"),
    ],
)
def test_refusals_say_where_and_what_instead(line: str, position: int, hint: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_line(line)
    assert caught.value.position == position
    assert hint in caught.value.hint


def _refused_at(text: str) -> int | None:
    """Where a line is refused; 0 where it is not."""
    try:
        parse_line(text)
    except QueryError as error:
        return error.position
    return 0


@given(text=st.text(alphabet='ab:,-*" .\\', max_size=20))
def test_every_text_is_read_or_refused_at_a_place_in_it(text: str) -> None:
    place = _refused_at(text)
    assert place is not None
    assert 0 <= place <= len(text)


@given(value=st.text(max_size=10))
def test_every_value_can_be_quoted(value: str) -> None:
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    assert parse_line(f'spec.a:"{quoted}"').where == Equals("spec.a", (value.replace("Σ", "σ").lower(),))


@pytest.mark.parametrize("name", [*FIELDS, *(f"{prefix}.x" for prefix in PREFIXES)])
def test_every_short_name_can_be_asked_and_sorted_by(names: Names, name: str) -> None:
    names(parse_line(f"{name}:x has:{name} sort:{name}").where)
    assert all(entry.about for entry in FIELDS.values())
