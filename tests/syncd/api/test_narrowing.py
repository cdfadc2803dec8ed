"""What a conditional caller's question looks at beside the entities that answer it (R56)."""

import pytest

from query.ast import And, Everything, Node, Not, Or, equals, exists, related
from syncd.api.narrowing import narrowed
from syncd.errors import NotAllowedError

READ = equals("kind", ["component"])
TARGET = exists("spec.secret")


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Everything(), Everything()),
        (Not(TARGET), Not(TARGET)),
        (related(["ownedBy"], ["group:default/a"]), related(["ownedBy"], ["group:default/a"])),
        (related(["ownedBy"], TARGET), related(["ownedBy"], And((READ, TARGET)))),
        (
            Or((Not(related(["a"], related(["b"], TARGET))), TARGET)),
            Or((Not(related(["a"], And((READ, related(["b"], And((READ, TARGET))))))), TARGET)),
        ),
    ],
)
def test_r056_other_entities_are_told_apart_by_what_may_be_read_only(where: Node, expected: Node) -> None:
    assert narrowed(where, READ) == And((READ, expected))


@pytest.mark.parametrize("where", [related(["a"], ["b:c/d"], 2), And((related(["a"], related(["b"], ["c:d/e"], 3)),))])
def test_r056_chains_through_what_may_not_be_read_are_refused(where: Node) -> None:
    with pytest.raises(NotAllowedError, match="chains of relations"):
        narrowed(where, READ)
