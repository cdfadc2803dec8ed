"""The query line, on the shop and as trees."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from query.ast import And, Compare, Contains, Equals, Everything, Exists, Node, Not, Or, Pattern, Prefix, Text
from query.dialects.line import FIELDS, PREFIXES, Asker, Grouping, parse_line
from query.errors import QueryError
from query.order import Order
from tests.query.conftest import Names

_MIRA = Asker(("user:default/mira", "group:default/team-cart"), datetime(2026, 1, 1, 11, tzinfo=UTC))
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
        ("owner:team-?art", _OWNED),
        ("name:*out", {"checkout"}),
        ("name:c*t-*p*", {"checkout-api"}),
        ("name:c?eck*", {"checkout", "checkout-api"}),
        ("check*", {"checkout", "checkout-api"}),
        ('title:"checkout s"*', {"checkout"}),
        ("ref:component:*", {"checkout", "pricing", "gateway"}),
        ("ref:edge/*", {"gateway"}),
        ("kind:api or kind:group", {"checkout-api", "division", "team-cart"}),
        ("kind:component type:library OR kind:api", {"pricing", "checkout-api"}),
        ("kind:component (type:library or tag:go)", {"pricing", "gateway"}),
        ("kind:component and -(type:library or tag:go)", {"checkout"}),
        ("(kind:component (tag:go or (tag:rust)))", {"pricing", "gateway"}),
        ("-(-kind:api)", {"checkout-api"}),
        ("spec.sla.uptime>99", {"checkout"}),
        ("spec.sla.uptime>=99.95 spec.sla.uptime<=99.95", {"checkout"}),
        ("spec.sla.uptime>99.95", set()),
        ("spec.ports>9000", {"checkout"}),
        ("spec.ports<9", set()),
        ("spec.ports=8080.0", {"checkout"}),
        ("name>t kind>f", {"team-cart"}),
        ("kind=component type=library,x", {"pricing"}),
        ('title="checkout service"', {"checkout"}),
        ("title=checkout", set()),
        ("owner=team-cart", _OWNED),
        ("owner:@me", {*_OWNED, "pricing"}),
        ("owner:@me,division", {*_OWNED, "pricing", "commerce"}),
        ("owner=@me kind:component", {"checkout", "gateway", "pricing"}),
        ("memberof:@me", {"mira"}),
        ("ref:@me", {"mira"}),
        ('owner:"@me"', set()),
        ("updated<7h", {"checkout-api", "cart-db", "division", "team-cart", "mira", "generated-1b2c3d"}),
        ("updated>=9h", {"commerce", "storefront", "checkout"}),
        ("updated>2026-01-01T05:00", {"cart-db", "division", "team-cart", "mira", "generated-1b2c3d"}),
        ("updated<=2026-01-01T00:00:00Z", {"commerce"}),
        ("updated:2026-01-02", set()),
        ("updated=2026-01-01 kind:domain", {"commerce"}),
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
        ("relations.hasMember:user:mira", {"team-cart"}),
        ("ref:component:edge/gateway", {"gateway"}),
        ("ref:edge/gateway,api:checkout-api", {"gateway", "checkout-api"}),
        ("ref:group:division", {"division"}),
        ('metadata.links.url:"https://runbook.example.test/checkout"', {"checkout"}),
        ("metadata.links.url:https://runbook.example.test/checkout", {"checkout"}),
    ],
)
def test_line(names: Names, line: str, expected: set[str]) -> None:
    assert names(parse_line(line, _MIRA).where) == expected


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
        ('spec.a:x"*"*', Prefix("spec.a", "x*")),
        (r"spec.a:\*?*", Pattern("spec.a", r"\\?*")),
        ("spec.a:f(x)", Equals("spec.a", ("f(x)",))),
        ("(spec.a:f(x))", Equals("spec.a", ("f(x)",))),
        ('spec.a:"x)"', Equals("spec.a", ("x)",))),
        ('"spec":x "owner":y "":z', And((Equals("spec", ("x",)), Equals("owner", ("y",)), Equals("", ("z",))))),
        ("spec.a>V1.9", Compare("spec.a", ">", "v1.9")),
        ('spec.a>"1.9"', Compare("spec.a", ">", "1.9", typed=False)),
        ("spec.a<b", Compare("spec.a", "<", "b", typed=False)),
        ("spec.a=b,7", Or((Equals("spec.a", ("b",)), Compare("spec.a", "=", "7")))),
        ("spec.a>=2026-01-01T10:00+02:00", Compare("spec.a", ">=", "2026-01-01t10:00+02:00")),
        ("spec.a>1w", Compare("spec.a", "<", "2025-12-25t11:00:00.000z")),
        ("name>7d", Compare("metadata.name", ">", "7d", typed=False)),
        ("name>1.9", Compare("metadata.name", ">", "1.9", typed=False)),
        ('spec.a:x "or" spec.a:y', And((Equals("spec.a", ("x",)), Text("or"), Equals("spec.a", ("y",))))),
        ("-", Or((Contains("metadata.name", "-"), Contains("metadata.title", "-")))),
        ('"-x"', Text("x")),
        ("a,b", And((Text("a"), Text("b")))),
        ("aB", Or((Text("ab"), And((Text("a"), Text("b")))))),
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
    assert parse_line(line, _MIRA).where == tree


def test_columns_and_a_group() -> None:
    line = parse_line("cols:name,Owner kind:a cols:name,label.tier,spec.x group:Tag")
    assert line.columns == ("name", "Owner", "label.tier", "spec.x")
    assert line.group == Grouping("Tag", "metadata.tags")
    assert line.where == Equals("kind", ("a",))


def test_sort_says_the_order_and_nothing_else() -> None:
    line = parse_line("sort:-updated,name kind:a sort:-spec.type,label.tier")
    assert line.where == Equals("kind", ("a",))
    assert line.order == (
        Order("updated", "desc", typed=True),
        Order("metadata.name", typed=True),
        Order("spec.type", "desc", typed=True),
        Order("metadata.labels.tier", typed=True),
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
        ("affectedby=x", 10, "affectedby:x"),
        ("owner:", 6, 'owner:""'),
        ("a owner:,", 9, 'owner:""'),
        ('kind:"a', 5, "end it with"),
        ('a"b', 1, "end it with"),
        ("-sort:name", 0, "sort:-name"),
        ("ref:a:", 4, "[kind:][namespace/]name"),
        ("ref:/a", 4, "[kind:][namespace/]name"),
        ("http://x", 0, "fields are"),
        ("kind:a or", 9, "quotes"),
        ("or kind:a", 0, "quotes"),
        ("kind:a or sort:name", 9, "quotes"),
        ("kind:a and", 7, "quotes"),
        ("and kind:a", 0, "quotes"),
        ("()", 1, "quotes"),
        ("(kind:a", 0, "end it with )"),
        ("kind:a )", 7, "open it with ("),
        ("kind:a)", 6, "open it with ("),
        ("kind:(a or b)", 5, "write field:a,b"),
        ("checkout(", 8, "quotes"),
        ("(kind:a sort:name)", 8, "outside"),
        ("(" * 101, 100, "join"),
        ("spec.a>", 7, "no space"),
        ("spec.a > 5", 7, "without spaces"),
        ("spec.a>1,2", 9, "spec.a>1"),
        ("spec.a>1*", 7, "spec.a:1*"),
        ("spec.a:>5", 7, "spec.a>5"),
        ("updated>soon", 8, "updated<7d"),
        ("updated:x", 8, "updated<7d"),
        ("updated<99999999999y", 8, "shorter"),
        ("zzzz>5", 0, "fields are"),
        ("lifecicle>5", 0, "did you mean lifecycle?"),
        ("owner:@me", 6, "CATALOG_ME"),
        ("type:@me", 5, "owner"),
        ("system:@me", 7, "owner"),
        ("ref:@me", 4, "CATALOG_ME"),
        ("spec.a:" + "?*" * 17, 7, "*"),
        ("spec.a:" + "x" * 201 + "*y", 7, "200"),
        ("cols:name,ownr", 10, "did you mean owner?"),
        ("cols:" + ",".join(f"a.b{number}" for number in range(51)), 5 + 290, "fewer"),
        ("group:ownr", 6, "did you mean owner?"),
        ("group:owner,kind", 12, "one field"),
        ("group:owner group:kind", 18, "one field"),
        ("-cols:name", 0, ""),
        ("sort>name", 4, "sort:name"),
        ("has>name", 3, "has:name"),
        ("a" * 16_385, 16_384, "lines"),
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


@given(text=st.text(alphabet='ab:,-*" .\\()<>=?or@me1', max_size=30))
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
    value = "2026-01-01" if name == "updated" else "x"
    names(parse_line(f"{name}:{value} has:{name} sort:{name}").where)
    assert all(entry.about for entry in FIELDS.values())
