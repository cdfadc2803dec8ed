"""One meaning, three readings: SQL, Python, and the rules of spec 2.12 and 3.3 written down as slowly as they stand."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from query import sql
from query.ast import (
    And,
    Below,
    Compare,
    Contains,
    Equals,
    Everything,
    Exists,
    Node,
    Not,
    Nothing,
    Or,
    Pattern,
    Prefix,
    Related,
    Text,
)
from query.condition import MAX_CONDITIONS
from query.errors import QueryError
from query.facets import count_facets
from query.match import matches
from query.rows import UPDATED, SearchRow, search_rows
from query.simplify import simplify
from query.text import number_text
from tests.query.index import Catalog, Index
from tests.query.shop import Entity
from tests.support import queries as strategies
from tests.support import webs

shared = settings(max_examples=80)


def _agree(index: Index, catalog: list[Entity], node: Node) -> None:
    rows = index.load(catalog)
    by_rules = {ref for ref, entity in zip(rows, catalog, strict=True) if _holds(node, _pairs(entity), rows[ref])}
    assert {ref for ref, own in rows.items() if matches(node, own)} == by_rules
    assert index.refs(node) == by_rules
    assert index.count(node) == len(by_rules)


@shared
@given(catalog=strategies.catalogs(), node=strategies.all_nodes)
def test_sql_and_python_and_the_rules_agree(scratch: Index, catalog: list[Entity], node: Node) -> None:
    _agree(scratch, catalog, node)


_catalogs = st.one_of(strategies.catalogs(), webs.catalogs())
_all_kinds = strategies.trees(st.one_of(strategies.all_leaves, webs.nodes))


@shared
@given(catalog=_catalogs, node=_all_kinds)
def test_all_kinds_of_nodes_agree(scratch: Index, catalog: list[Entity], node: Node) -> None:
    scratch.load(catalog)
    assert scratch.refs(node) == Catalog(catalog).meant(node)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@settings(max_examples=10_000, suppress_health_check=list(HealthCheck))
@given(catalog=_catalogs, node=_all_kinds)
def test_they_agree_ten_thousand_times(scratch: Index, catalog: list[Entity], node: Node) -> None:
    scratch.load(catalog)
    assert scratch.refs(node) == Catalog(catalog).meant(node)


@settings(max_examples=30)
@given(catalog=strategies.catalogs(), parts=st.lists(strategies.nodes, min_size=10, max_size=14))
def test_wide_trees_agree(scratch: Index, catalog: list[Entity], parts: list[Node]) -> None:
    pairs = zip(parts[::2], parts[1::2], strict=False)
    node = Or(tuple(Not(And((left, Not(right)))) for left, right in pairs))
    rows = scratch.load(catalog)
    assert scratch.refs(node) == {ref for ref, own in rows.items() if matches(node, own)}


def test_an_entity_that_no_scan_finds_lacks_everything(shop: Index) -> None:
    absent = [Not(Equals(f"spec.n{number}", ("x",))) for number in range(20)]
    assert shop.count(And(tuple(absent))) == 11


def test_more_tests_than_one_number_has_bits(scratch: Index) -> None:
    right = [(x, x * 7 % 11) for x in range(150)]
    wrong = [(x, y + 1) for x, y in right]
    rows = scratch.load([_point(x, y) for x, y in [*right, *wrong]])
    pairs = [And((Equals("spec.x", (str(x),)), Equals("spec.y", (str(y),)))) for x, y in right]
    assert sorted(scratch.refs(Or(tuple(pairs)))) == sorted(list(rows)[: len(right)])


def _point(x: int, y: int) -> Entity:
    metadata = {"name": f"e{x}-{y}", "namespace": "default", "uid": f"{x}-{y}"}
    return {"kind": "Component", "metadata": metadata, "spec": {"x": x, "y": y}, "relations": []}


def test_conditions_have_an_end() -> None:
    leaves = [Exists(f"spec.k{number}") for number in range(MAX_CONDITIONS + 1)]
    sql.condition(And(tuple(leaves[1:])))
    with pytest.raises(QueryError, match="conditions"):
        sql.condition(And(tuple(leaves)))


_few: st.SearchStrategy[Node] = st.sampled_from(
    [*(Equals("spec.a", values) for values in ((), ("x",), ("y",), ("x", "z"))), Exists("spec.b"), Exists("spec.c")]
)


@settings(max_examples=300)
@given(node=strategies.trees(_few), extra=strategies.trees(_few))
def test_simplifying_changes_no_meaning(node: Node, extra: Node) -> None:
    whole = Or((And((node, extra)), And((extra, Exists("spec.b"))), node))
    simple = simplify(whole)
    assert simplify(simple) == simple
    for spec in ({}, {"a": "x"}, {"a": ["y", "z"]}, {"b": 1}, {"a": "z", "c": 1}, {"a": "x", "b": 1, "c": 1}):
        rows = search_rows({"spec": spec})
        assert matches(whole, rows) == matches(simple, rows)


@shared
@given(catalog=strategies.catalogs(), node=strategies.leaves, key=strategies.keys, other=strategies.keys)
def test_facets_agree(scratch: Index, catalog: list[Entity], node: Node, key: str, other: str) -> None:
    keys = list(dict.fromkeys([key, other.upper(), "kind"]))
    rows = scratch.load(catalog)
    meant = [own for own in rows.values() if matches(node, own)]
    assert scratch.facets(keys, node) == count_facets(keys, meant)


def test_values_never_become_sql_text(shop: Index) -> None:
    hostile = "x') OR TRUE --"
    leaves: list[Node] = [
        Exists(f"spec.{hostile}"),
        Equals(f"spec.{hostile}", (hostile, "true")),
        Equals("kind", (hostile,)),
        Prefix("spec.type", hostile),
        Contains("metadata.name", hostile),
    ]
    assert shop.refs(Or(tuple(leaves))) == set()
    assert all(hostile not in sql.condition(leaf).text for leaf in leaves)
    assert shop.facets([f"spec.{hostile}"], Everything()) == {f"spec.{hostile}": []}


@pytest.mark.parametrize("depth", [100])
def test_deep_trees_compile(shop: Index, depth: int) -> None:
    node: Node = Equals("spec.type", ("service",))
    for _ in range(depth):
        node = Not(Or((node, Exists("spec.nope"))))
    assert shop.count(node) == 2


def test_alternatives_share_what_they_have_in_common() -> None:
    team, service = Equals("relations.ownedby", ("t",)), Equals("spec.type", ("service",))
    tree = sql.condition(Or(tuple(And((service, Equals("spec.n", (str(number),)))) for number in range(50))))
    assert tree.text.count("core.search") == 2
    assert sql.condition(Or((And((team, service)), team))) == sql.condition(team)


# The rules, as slow as they are written ----------------------------------------------------------------------------


def _pairs(entity: Entity) -> set[tuple[str, str | None]]:
    """All search rows of spec 2.12, item rows included."""
    output: list[tuple[str, object]] = []
    for key, value in entity.items():
        if key != "relations":
            output.extend(_walk(key, value, output))
    metadata, relations = entity["metadata"], entity["relations"]
    assert isinstance(metadata, dict)
    assert isinstance(relations, list)
    output += [(f"metadata.{name}", metadata[name]) for name in ("name", "namespace", "uid")]
    output += [(f"relations.{relation['type']}", relation["targetRef"]) for relation in relations]
    return {(key, value) for path, found in output for key, value in _row(path, found)}


def _expression(symbol: str) -> str:
    return {"*": ".*", "?": "."}.get(symbol, re.escape(symbol[-1]))


def _walk(path: str, value: object, output: list[tuple[str, object]]) -> Iterator[tuple[str, object]]:
    if path in ("metadata.name", "metadata.namespace", "metadata.uid"):
        return
    if isinstance(value, dict):
        for key, item in value.items():
            output.extend(_walk(f"{path}.{key}", item, output))
    elif isinstance(value, list):
        for item in value:
            output.extend(_walk(path, item, output))
            key = f"{path}.{item}"
            if isinstance(item, str) and _lower(key) not in {_lower(known) for known, _ in output}:
                output.append((key, True))
    else:
        yield path, value


def _row(path: str, value: object) -> Iterator[tuple[str, str | None]]:
    if value is None:
        text = None
    elif isinstance(value, (bool, str)):
        text = _lower(str(value))
    else:
        assert isinstance(value, (int, float))
        text = number_text(value)
    if text is not None and _units(text) > 200:
        text = None
    if _units(_lower(path)) <= 200:
        yield _lower(path), text


def _lower(text: str) -> str:
    return "".join(letter.lower() for letter in text)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _holds(node: Node, pairs: set[tuple[str, str | None]], rows: list[SearchRow]) -> bool:
    pairs = pairs | {(row.key, row.value) for row in rows if row.key == UPDATED}
    match node:
        case Everything():
            return True
        case Nothing():
            return False
        case Exists(key):
            return any(key == own for own, _ in pairs)
        case Below(key):
            return _units(key) <= 200 and any(row.key.startswith(f"{key}.") for row in rows)
        case Equals(key, values):
            return any((key, value) in pairs for value in values)
        case Prefix(key, text):
            return any(key == own and value is not None and value.startswith(text) for own, value in pairs)
        case Contains(key, text):
            return any(key == own and value is not None and text in value for own, value in pairs)
        case Compare():
            return matches(node, rows)  # the rules of types are in test_rank.py
        case Pattern(key, pattern):
            expression = re.compile("".join(map(_expression, re.findall(r"\\?.", pattern, re.DOTALL))), re.DOTALL)
            return any(key == own and value is not None and expression.fullmatch(value) for own, value in pairs)
        case And(parts):
            return all(_holds(part, pairs, rows) for part in parts)
        case Or(parts):
            return any(_holds(part, pairs, rows) for part in parts)
        case Not(part):
            return not _holds(part, pairs, rows)
        case Text() | Related():
            raise AssertionError("these have rules of their own: test_related.py, test_words.py")
