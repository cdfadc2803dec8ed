"""Random catalogs and conditions that meet: few words, many coincidences.

`catalogs()` and `nodes` (every kind of node) are for every reading of the tree.
"""

from hypothesis import strategies as st

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
    compared,
)
from query.order import Order
from query.pattern import normal
from query.rank import OPERATORS
from query.rows import RowsError, search_rows
from query.text import fold

Entity = dict[str, object]
"""A final entity, as JSON."""

_KEYS = ("a", "b", "B", "a.b", "b.c", "tags", "true", "go", "x/y")
_TEXTS = ("a", "A", "b", "b.c", "go", "Go", "true", "TRUE", "", "1", "x/y", "ΑΣ", "%", "x" * 200, "x" * 201, "😀" * 101)
_TYPED = ("9", "10", "v2", "1.9", "1.10.2", "1.9.0", "1.10-rc.1", "2026-01-01", "2026-01-01T02:00:00Z", "2026-13-01")
_NAMES = tuple(f"{word}-{number}" for number in range(6) for word in ("svc", "Api"))

scalars = st.one_of(
    st.sampled_from(_TEXTS),
    st.none(),
    st.booleans(),
    st.sampled_from([0, 1, -0.0, 1.5, -3, 9, 10, 1.9, 1e21, 2**60]),
    st.sampled_from(_TYPED),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(_KEYS), inner, max_size=3)),
    max_leaves=6,
)
_targets = st.sampled_from(("group:default/a", "Group:default/A", "user:default/b"))
_relations = st.lists(st.tuples(st.sampled_from(("ownedBy", "partOf")), _targets), max_size=3)


def _has_rows(entity: Entity) -> bool:
    try:
        search_rows(entity)
    except RowsError:
        return False
    return True


@st.composite
def entities(draw: st.DrawFn, name: str, uid: str) -> Entity:
    """A final entity whose name and uid are given."""
    maps = st.dictionaries(st.sampled_from(_KEYS), values, max_size=3)
    metadata = {"name": name, "namespace": draw(st.sampled_from(("default", "edge"))), "uid": uid}
    return {
        "kind": draw(st.sampled_from(("Component", "API"))),
        "metadata": {**metadata, **draw(maps)},
        "spec": draw(maps),
        "relations": [{"type": name, "targetRef": target} for name, target in draw(_relations)],
    }


@st.composite
def catalogs(draw: st.DrawFn) -> list[Entity]:
    """Up to eight final entities with different names."""
    found = draw(st.lists(st.sampled_from(_NAMES), unique_by=str.lower, max_size=8))
    uids = draw(st.permutations([f"{number:04x}" for number in range(len(found))]))
    return [draw(entities(name, uid).filter(_has_rows)) for name, uid in zip(found, uids, strict=True)]


_paths = st.lists(st.sampled_from((*_KEYS, "c", "x" * 200)), min_size=1, max_size=3).map(".".join)
keys = st.one_of(
    st.sampled_from(
        ("kind", "metadata.name", "metadata.namespace", "metadata.uid", "relations.ownedby", "spec", "", "updated")
    ),
    st.builds("{}.{}".format, st.sampled_from(("metadata", "spec", "spec", "spec")), _paths).map(fold),
)
_words = st.one_of(st.sampled_from(_TEXTS), st.sampled_from(("svc-1", "component", "edge", "0001"))).map(fold)
_pieces = st.one_of(_words, st.sampled_from(("t", "ru", "tru", "e", "x", "o")))

_literals = st.one_of(_words, st.sampled_from((*_TYPED, "-2", "1e1", "2026-01-01 02:00", "2026-01-01t01:30:00+01:00")))
_operators = st.sampled_from(OPERATORS)
_patterns = (
    st.lists(st.one_of(st.sampled_from(("*", "?", "t", "r", "a", "x", "1", "-", r"\*", r"\\")), _words), max_size=5)
    .map("".join)
    .filter(lambda pattern: len(pattern) < 100)
    .map(normal)
)

leaves: st.SearchStrategy[Node] = st.one_of(
    st.builds(Pattern, keys, _patterns),
    st.builds(compared, keys, _operators, _literals, typed=st.booleans()),
    st.builds(Compare, keys, _operators, _literals.map(fold), st.just(False)),  # leaves are folded (query.ast)
    st.builds(Exists, keys),
    st.builds(Equals, keys, st.lists(_words, max_size=3).map(tuple)),
    st.builds(Prefix, keys, _pieces),
    st.builds(Contains, keys, _pieces),
    st.just(Everything()),
    st.just(Nothing()),
)


def trees(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Trees over some leaves."""
    return st.recursive(
        inner,
        lambda part: st.one_of(
            st.builds(And, st.lists(part, max_size=3).map(tuple)),
            st.builds(Or, st.lists(part, max_size=3).map(tuple)),
            st.builds(Not, part),
        ),
        max_leaves=8,
    )


nodes = trees(leaves)
all_leaves: st.SearchStrategy[Node] = st.one_of(leaves, st.builds(Below, keys))
"""Those too that neither a line nor a predicate can say."""
all_nodes = trees(all_leaves)
_directions = st.sampled_from(("asc", "desc"))
orders = st.lists(st.builds(Order, keys.filter(bool), _directions, st.booleans()), max_size=3).map(tuple)
text_orders = st.lists(st.builds(Order, keys.filter(bool), _directions), max_size=3).map(tuple)

_sortable = st.fixed_dictionaries(
    {},
    optional={
        "a": st.sampled_from((None, "x", "y", ["y", "x"], ["X", None], "x" * 201, 9, "9", ["10", 1.5])),
        "b": st.fixed_dictionaries({"tags": st.lists(st.sampled_from(("go", "x", "y")), max_size=2)}),
    },
)
sort_keys = st.sampled_from(("spec.a", "spec.b.tags", "spec.b.tags.go", "kind", "metadata.namespace", "x" * 201))


@st.composite
def ties(draw: st.DrawFn) -> list[Entity]:
    """A catalog with few sort values, and many entities that have the same one or none."""
    uids = draw(st.permutations([f"{number:04x}" for number in range(draw(st.integers(4, 9)))]))
    return [
        {
            "kind": draw(st.sampled_from(("Component", "API"))),
            "metadata": {"name": f"svc-{number}", "namespace": draw(st.sampled_from(("default", "edge"))), "uid": uid},
            "spec": draw(_sortable),
            "relations": [],
        }
        for number, uid in enumerate(uids)
    ]


tied_orders = st.lists(st.builds(Order, sort_keys, _directions, st.booleans()), min_size=1, max_size=3).map(tuple)
