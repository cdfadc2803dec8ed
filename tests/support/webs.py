"""Random catalogs that are all about relations and words: few entities, cycles, targets that do not exist."""

from hypothesis import strategies as st

from query.ast import MAX_REACH, And, Equals, Everything, Node, Not, Or, Related, Text
from tests.support.queries import Entity

_NAMES = ("a", "b", "payCart", "pay-cart", "Über", "x1")
_REFS = tuple(f"component:default/{name}".lower() for name in (*_NAMES, "gone"))
_TYPES = ("dependsOn", "partOf")
_PROSE = ("pay", "Paying the cart", "HTTPServer v2Beta", "über-cart", "a.b/c", "x" * 300, "uber1", "")
_WORDS = ("pay", "paycart", "cart", "ca", "uber", "http", "server", "v2", "beta", "a", "x" * 64, "no")

_arrows = st.lists(st.tuples(st.sampled_from(_TYPES), st.sampled_from(_REFS)), max_size=4, unique=True)


@st.composite
def catalogs(draw: st.DrawFn) -> list[Entity]:
    """Up to six entities that point at each other."""
    found = draw(st.lists(st.sampled_from(_NAMES), unique_by=str.lower, max_size=6))
    return [
        {
            "kind": "Component",
            "metadata": {
                "name": name,
                "namespace": "default",
                "uid": f"{number:04x}",
                "title": draw(st.sampled_from(_PROSE)),
                "tags": draw(st.lists(st.sampled_from(_PROSE), max_size=2)),
                "description": draw(st.sampled_from(_PROSE)),
            },
            "spec": {"definition": draw(st.sampled_from(_PROSE)), "type": draw(st.sampled_from(("t", "u")))},
            "relations": [{"type": type_, "targetRef": target} for type_, target in draw(_arrows)],
        }
        for number, name in enumerate(found)
    ]


_types = st.lists(st.sampled_from([name.lower() for name in _TYPES]), unique=True, max_size=2).map(tuple)
_depths = st.sampled_from((1, 2, 3, MAX_REACH))
_directions = st.sampled_from(("out", "in"))
_leaves: st.SearchStrategy[Node] = st.one_of(
    st.builds(Text, st.sampled_from(_WORDS)),
    st.builds(
        Related, _types, st.lists(st.sampled_from(_REFS), unique=True, max_size=2).map(tuple), _depths, _directions
    ),
    st.builds(Equals, st.just("spec.type"), st.sampled_from((("t",), ("u",)))),
    st.just(Everything()),
)


def _trees(part: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.one_of(
        st.builds(And, st.lists(part, max_size=3).map(tuple)),
        st.builds(Or, st.lists(part, max_size=3).map(tuple)),
        st.builds(Not, part),
        st.builds(Related, _types, part, _depths, _directions),
    )


nodes = st.recursive(_leaves, _trees, max_leaves=6)
words = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=3, unique=True)
