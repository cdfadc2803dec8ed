"""`catalog new`: entities that no file says yet."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.edits import FILE, Editor, editing
from tests.tui.cli.program import Done, catalog

SHOP = ("spec.type=service", "spec.lifecycle=production", "spec.owner=team-a")
TEXT = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: {name}
spec:
  type: service
  lifecycle: production
  owner: team-a
"""


@pytest.fixture(scope="module")
def editors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Editor]]:
    wanted = {"closed": "none", "only": "commit"}
    with editing(tmp_path_factory.mktemp("new"), wanted) as made:
        yield made


@pytest.fixture
def editor(editors: list[Editor]) -> Editor:
    return editors[1]


def run(editor: Editor, *arguments: str, **further: str) -> Done:
    return catalog(editor.daemon.state, "new", *arguments, cwd=None, input_text="", **further)


def test_a_new_entity_is_a_commit_of_a_file_of_its_own_and_undo_takes_it_away(editor: Editor) -> None:
    before = editor.repository.git("ls-tree", "-r", "main")
    done = run(editor, "component", "till", *SHOP, "--to", "commit", "-y", "-o", "name", "-m", "A till")
    assert done.code == 0, done.err
    assert editor.text("till/catalog-info.yaml") == TEXT.format(name="till")
    assert "+++ b/till/catalog-info.yaml" in done.err
    assert editor.repository.git("log", "-1", "--format=%s", "main").strip() == "A till"
    assert editor.entity("component:default/till")["source"]["path"] == "till/catalog-info.yaml"
    undone = catalog(editor.daemon.state, "undo", done.out.strip(), "--to", "commit", "-y", "-o", "name")
    assert undone.code == 0, undone.err
    assert editor.repository.git("ls-tree", "-r", "main") == before
    again = catalog(editor.daemon.state, "undo", undone.out.strip(), "--to", "commit", "-y")
    assert again.code == 0, again.err
    assert editor.text("till/catalog-info.yaml") == TEXT.format(name="till")


def test_the_default_is_a_branch_and_the_message_says_what_was_added(editor: Editor) -> None:
    before = editor.repository.head()
    done = run(editor, "GROUP", "Team-Z", "spec.type=team", "-y", "-o", "tsv", "--columns", "branch,message")
    assert done.code == 0, done.err
    branch, message = done.out.splitlines()[-1].split("\t")
    assert message == "Add group:default/team-z"
    assert "children: []" in editor.text("team-z/catalog-info.yaml", branch)
    assert editor.repository.head() == before


@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_a_file_that_is_there_gets_one_document_more_and_all_else_stays(editor: Editor, ends: str) -> None:
    path, name = f"{len(ends)}/{FILE}", f"second{len(ends)}"
    first = f"# first{ends}kind: Nothing # no end"
    editor.repository.commit({path: first})
    done = run(editor, "component", name, *SHOP, "--path", path, "--to", "commit", "-y", "-o", "name")
    assert done.code == 0, done.err
    expected = first + ends + f"---\n{TEXT.format(name=name)}".replace("\n", ends)
    assert editor.text(path) == expected
    undone = catalog(editor.daemon.state, "undo", done.out.strip(), "--to", "commit", "-y")
    assert undone.code == 0, undone.err
    assert editor.text(path) == first + ends


@pytest.mark.parametrize(
    ("first", "code"),
    [("# only words\n", 0), ("a: |\n  text", 2), ("a: 1\n...\n", 0), ("%YAML 1.2\n---\na: 1\n", 0), ("a: [1,\n", 0)],
    ids=["comment", "block", "ended", "directive", "unclosed"],
)
def test_r048_other_documents_of_the_file_say_what_they_said(
    editor: Editor, first: str, code: int, request: pytest.FixtureRequest
) -> None:
    name = f"behind-{request.node.callspec.id}"
    path = f"{name}/{FILE}"
    editor.repository.commit({path: first})
    done = run(editor, "component", name, *SHOP, "--path", path, "--to", "commit", "-y", "-o", "name")
    assert done.code == code, done.err
    if code:
        assert editor.text(path) == first
        return
    assert editor.text(path).startswith(first)
    undone = catalog(editor.daemon.state, "undo", done.out.strip(), "--to", "commit", "-y")
    assert undone.code == 0, undone.err
    assert editor.text(path).rstrip("\n") == first.rstrip("\n")


def test_a_dry_run_prints_the_descriptor_with_examples_and_pushes_nothing(editor: Editor, tmp_path: Path) -> None:
    before = editor.repository.head()
    drawn = run(editor, "api", "pay", "spec.owner=team-a", "--namespace", "shop", "--dry-run")
    assert drawn.code == 0
    assert "  namespace: shop\n" in drawn.out
    assert "spec.definition holds an example" in drawn.err
    assert "spec.owner holds" not in drawn.err
    file = tmp_path / "api.yaml"
    file.write_text("# ours\n" + drawn.out.replace("$text: ./openapi.yaml", "$text: ./pay.yaml"))
    shown = run(editor, "--from", str(file), "--dry-run")
    assert "+# ours" in shown.err
    assert "pay.yaml" in shown.err  # there is no such file: the catalog would say so
    assert shown.code == 1
    assert editor.repository.head() == before


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        pytest.param(("component", "x", "spec.owner=a"), 2, "spec.type, spec.lifecycle", id="still-to-be-said"),
        pytest.param(("component",), 2, "kind and name", id="no-name"),
        pytest.param(("komponent", "x"), 2, "did you mean component", id="no-kind"),
        pytest.param(("component", "not a name", *SHOP), 1, "metadata.name", id="no-entity-name"),
        pytest.param(("component", "only", *SHOP), 5, "is there already", id="there"),
        pytest.param(("component", "y", *SHOP, "--path", "y.yaml"), 2, "would not read y.yaml", id="unread"),
        pytest.param(("component", "y", *SHOP, "--path", f"../{FILE}"), 2, "leaves the repository", id="outside"),
        pytest.param(("component", "y", *SHOP, "--path", f"other.txt/{FILE}"), 5, "a file stands at", id="a-file"),
        pytest.param(("component", "y", *SHOP, "--location", "closed"), 6, 'its write is "none"', id="closed"),
        pytest.param(("component", "y", *SHOP, "spec.owner=[]"), 1, "spec.owner", id="unfit"),
    ],
)
def test_what_cannot_be_written_is_told_and_nothing_is_pushed(
    editors: list[Editor], words: tuple[str, ...], code: int, told: str
) -> None:
    before = [one.repository.head() for one in editors]
    words = tuple(editors[0].repository.url if word == "closed" else word for word in words)
    done = run(editors[1], *words, "--to", "commit", "-y")
    assert (done.code, told in done.err) == (code, True), done.err
    assert [one.repository.head() for one in editors] == before


def test_an_entity_that_somebody_else_added_meanwhile_is_a_conflict(editor: Editor) -> None:
    create = {"text": TEXT.format(name="race"), "path": f"race/{FILE}"}
    proposal = editor.post({"create": create, "target": "commit"})["id"]
    theirs = TEXT.format(name="race").replace("team-a", "team-b")
    editor.repository.commit({f"race/{FILE}": theirs})
    refused = editor.confirm(proposal, 409)
    assert "component:default/race" in refused["detail"]
    assert editor.text(f"race/{FILE}") == theirs


def test_a_declared_kind_is_drafted_from_its_blueprint(editor: Editor) -> None:
    blueprint = {
        "identifier": "shelf",
        "title": "Shelf",
        "schema": {
            "properties": {
                "size": {"type": "number"},
                "kind": {"type": "string", "enum": ["cold", "warm"]},
                "open": {"type": "boolean", "default": True},
            },
            "required": ["size", "kind", "open"],
        },
        "relations": {"shop": {"target": "component", "required": True, "many": False}},
    }
    assert editor.daemon.owner.post("/v1/blueprints", json=blueprint).status_code == 201
    drawn = editor.daemon.owner.post("/api/own/outlines", json={"kind": "shelf", "name": "s1"}).json()
    assert drawn["entity"]["spec"]["properties"] == {"size": 0, "kind": "cold", "open": True}
    assert drawn["open"] == ["spec.properties.size", "spec.properties.kind", "spec.relations.shop"]
    values = ("spec.properties.size=3", "spec.properties.kind=warm", "spec.relations.shop=only")
    done = run(editor, "shelf", "s1", *values, "--to", "commit", "-y")
    assert done.code == 0, done.err
    assert editor.entity("shelf:default/s1")["entity"]["spec"]["properties"]["kind"] == "warm"
