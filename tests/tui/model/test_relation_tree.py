"""The relations tree: every entity has its branches once, and what is not shown is counted."""

from typing import Any

from tui.answers import GraphAnswer
from tui.model.lines import plain
from tui.model.relation_tree import RelationTree, TreeView, dangling
from tui.model.symbols import ASCII, UNICODE
from tui.safe_text import safe_text

REVERSE = {"dependsOn": "dependencyOf", "partOf": "hasPart", "ownedBy": "ownerOf"}


def graph(*edges: tuple[str, str, str], missing: tuple[str, ...] = (), hidden: Any = (), left: Any = (0, 0)) -> Any:
    refs = dict.fromkeys(ref for source, _, target in edges for ref in (source, target))
    hidden = dict(hidden)
    answer: GraphAnswer = {
        "root": "component:default/a",
        "direction": "both",
        "depth": 2,
        "nodes": [
            {
                "ref": ref,
                "kind": ref.partition(":")[0],
                "title": None,
                "depth": 0,
                "missing": ref in missing,
                "hidden": hidden.get(ref, 0),
            }
            for ref in (refs or {"component:default/a": None})
        ],
        "edges": [
            {"source": source, "type": type_, "reverse": REVERSE[type_], "target": target}
            for source, type_, target in edges
        ],
        "left_off": {"nodes": left[0], "edges": left[1]},
        "generation": 1,
    }
    return answer


def text(answer: GraphAnswer, view: TreeView = TreeView(), **more: Any) -> list[str]:  # noqa: B008 - it is frozen
    return [plain(line.pieces) for line in RelationTree(answer, view).lines(UNICODE, **more)]


A, B, C, D = (f"component:default/{name}" for name in "abcd")


def test_relations_tree_shows_both_directions_and_dangling_references() -> None:
    answer = graph(
        (A, "dependsOn", B), (A, "dependsOn", "resource:x/gone"), (C, "dependsOn", A), missing=("resource:x/gone",)
    )
    tree = RelationTree(answer, TreeView())
    assert [plain(line.pieces) for line in tree.lines(UNICODE)] == [
        "component:a",
        "├─→ dependsOn (2)",
        "│  ├─ component:b",
        "│  └─ resource:x/gone   ✗ not in the catalog",
        "└─← dependencyOf",
        "   └─ component:c",
    ]
    assert dangling(tree.lines(UNICODE)) == 1
    assert "`--> dependsOn (2)" in [plain(one.pieces) for one in RelationTree(answer, TreeView("out")).lines(ASCII)]


def test_an_entity_tells_its_problems_its_title_its_type_and_its_owner() -> None:
    answer = graph((A, "dependsOn", B), (A, "dependsOn", C), (A, "dependsOn", D))
    told: Any = {
        A: {"title": "The A", "type": "service", "owner": "group:default/team-pay", "problems": 1},
        B: {"title": "b", "type": None, "owner": "user:other/mira", "problems": 2},
        C: {"title": None, "type": "web\x1b[31msite", "owner": None, "problems": 0},
    }
    for node in answer["nodes"]:
        node.update(told.get(node["ref"], {}))
    assert text(answer) == [
        "component:a   ✗ 1 problem   The A   service · team-pay",
        "└─→ dependsOn (3)",
        "   ├─ component:b   ✗ 2 problems   user:other/mira",
        f"   ├─ component:c   {safe_text(told[C]['type'])}",
        "   └─ component:d",
    ]


def test_a_ring_is_walked_once() -> None:
    lines = text(graph((A, "dependsOn", B), (B, "dependsOn", C), (C, "dependsOn", A)), TreeView("out", depth=5))
    assert [line.strip() for line in lines] == [
        "component:a",
        "└─→ dependsOn",
        "└─ component:b",
        "└─→ dependsOn",
        "└─ component:c",
        "└─→ dependsOn",
        "└─ component:a   shown elsewhere",
    ]


def test_what_is_left_off_is_always_told() -> None:
    answer = graph(
        (A, "dependsOn", B), (B, "dependsOn", C), (B, "dependsOn", D), (C, "dependsOn", D), hidden={C: 3}, left=(4, 5)
    )
    lines = text(answer, TreeView("out", depth=2))
    assert "         │  └─ +3 relations hidden" in lines
    assert lines[-1] == "! +6 relations and 4 entities hidden beyond depth 2; + goes a step further"
    assert text(graph())[-1] == "no relations in this direction"


def test_many_of_one_relation_are_folded_and_open() -> None:
    answer = graph(*((A, "dependsOn", f"component:default/x{number:02}") for number in range(30)))
    tree = RelationTree(answer, TreeView("out"))
    folded = next(line for line in tree.lines(UNICODE) if line.more)
    assert plain(folded.pieces) == "   └─ … +20 more (enter to show)"
    assert folded.more is not None
    assert len(tree.lines(UNICODE, {folded.more})) == 32


def test_a_kind_keeps_the_way_to_it_and_counts_the_rest() -> None:
    answer = graph((A, "dependsOn", B), (B, "ownedBy", "group:default/g"), (A, "dependsOn", C))
    lines = text(answer, TreeView("out", kind="group"))
    assert lines[:5] == [
        "component:a",
        "└─→ dependsOn",
        "   └─ component:b",
        "      └─→ ownedBy",
        "         └─ group:g",
    ]
    assert lines[-1] == "! +1 entity hidden by kind; f shows others"
    assert RelationTree(answer, TreeView("out")).kinds == {"component": 2, "group": 1}


def test_roll_up_puts_systems_in_the_place_of_their_parts() -> None:
    view = TreeView("out", rolled=True)
    assert (view.asked_direction, view.asked_depth) == ("both", 3)
    answer = graph(
        (A, "dependsOn", B), (A, "dependsOn", C), (B, "partOf", "system:default/s"), (C, "partOf", "system:default/s")
    )
    assert text(answer, view) == ["component:a", "└─→ dependsOn", "   └─ system:s"]
