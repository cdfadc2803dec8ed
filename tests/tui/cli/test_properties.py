"""Custom properties from the shell: set, unset, listed, told apart from git's values, moved, exported, imported."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.daemon import Daemon
from tests.support.golden import kept
from tests.support.repository import RepoBuilder
from tests.tui.cli.conftest import CONFIG, entity
from tests.tui.cli.program import Terminal, catalog
from tests.tui.cli.stock import FILES, records, set_on, stock
from tui.cli.commands import history, properties
from tui.cli.commands import set as setting
from tui.cli.formats import FORMATS, Style, lines_of
from tui.cli.listing import Listing
from tui.history_answers import HistoryItem
from tui.property_answers import EntityProperty, PropertyEffect, PropertyRecord

GOLDEN = Path(__file__).parents[2] / "data" / "golden" / "cli"
REF = "component:default/warehouse"
SHELF = "component:default/shelf-13"
AT = "2026-11-24T16:47:51.773Z"

PROPERTIES: list[EntityProperty] = [
    {"path": "metadata.codeCoverageScore", "value": 33, "mode": "replace", "source": "harness",
     "set_by": "token:ci", "set_at": AT, "git": None, "effective": 33},
    {"path": 'metadata.annotations."acme.test/pager"', "value": 'P-17, "night" | \x1b[31m', "mode": "replace",
     "source": "cli", "set_by": "socket:0", "set_at": AT, "git": "P-3", "effective": 'P-17, "night" | \x1b[31m'},
    {"path": "metadata.tags", "value": ["audited"], "mode": "append", "source": "ingest:tags.csv",
     "set_by": "socket:0", "set_at": AT, "git": ["go"], "effective": ["go", "audited"]},
]  # fmt: skip
RECORDS: list[PropertyRecord] = [
    {"ref": REF, "path": "metadata.a", "value": {"b": [1.5, True, None]}, "mode": "union", "source": "own",
     "set_by": "socket:0", "set_at": AT, "attached": True},
    {"ref": "component:default/gone", "path": "metadata.b", "value": "x\ny", "mode": "replace", "source": "import",
     "set_by": "socket:0", "set_at": AT, "attached": False},
]  # fmt: skip
ITEMS: list[HistoryItem] = [
    {"seq": 9, "at": AT, "actor": "token:ci", "what": "property.set", "path": "metadata.tier", "effect": "updated",
     "old": "silver", "new": {"gold": True}, "request_id": "1ab27580154a3a3d",
     "commit": None, "subject": None, "email": None, "file": None},
    {"seq": 7, "at": AT, "actor": "socket:0", "what": "property.removed", "path": "metadata.tier", "effect": "removed",
     "old": "\u202esilver", "new": None, "request_id": None, "commit": None,
     "subject": None, "email": None, "file": None},
    {"seq": None, "at": AT, "actor": "Mallory | \x1b[2J", "what": "commit", "path": "spec.owner", "effect": "added",
     "old": None, "new": "team-a", "request_id": None, "commit": "5f" * 20, "subject": "say who, \"at last\"",
     "email": "m@example.org", "file": "a/catalog-info.yaml"},
]  # fmt: skip
EFFECTS: list[PropertyEffect] = [
    {"ref": REF, "path": "metadata.tier", "effect": "added", "old": None, "new": "gold"},
    {"ref": REF, "path": "metadata.tags", "effect": "updated", "old": ["a"], "new": ["a", "b"]},
]
LISTINGS: dict[str, Listing] = {
    "properties-of-one": properties.listing_of_one(REF, PROPERTIES),
    "properties": properties.listing_of_all(RECORDS),
    "history": history.listing_of(ITEMS),
    "set": setting.listing_of(EFFECTS),
}


@pytest.mark.parametrize("output_format", FORMATS)
@pytest.mark.parametrize("name", LISTINGS)
def test_golden(name: str, output_format: str) -> None:
    text = "".join(line + "\n" for line in lines_of(LISTINGS[name], output_format, Style()))
    assert text == kept(GOLDEN / f"{name}.{output_format}", text)


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    yield from stock(tmp_path_factory.mktemp("stock"))


@pytest.fixture
def state(daemon: Daemon) -> Path:
    return daemon.state


# One entity


def test_set_keeps_types_and_shows_what_it_did(state: Path) -> None:
    done = catalog(state, "set", "shelf-00", "metadata.score=33", "metadata.note=thirty three", "-o", "json")
    assert (done.code, done.err) == (0, "")
    told = {one["path"]: (one["effect"], one["old"], one["new"]) for one in json.loads(done.out)}
    assert told == {"metadata.score": ("added", None, 33), "metadata.note": ("added", None, "thirty three")}
    again = catalog(state, "set", "shelf-00", "metadata.score", "-5", "--no-header")
    assert again.out == "component:default/shelf-00\tmetadata.score\tupdated\t33\t-5\n"
    assert catalog(state, "list", "metadata.score<0", "-o", "name").out == "component:default/shelf-00\n"


@pytest.mark.parametrize(
    ("mode", "value", "effective"),
    [("--append", '["go", "b"]', ["go", "picking", "go", "b"]), ("--union", '["go", "b"]', ["go", "picking", "b"])],
)
def test_modes_add_to_what_git_says(state: Path, mode: str, value: str, effective: list[str]) -> None:
    assert catalog(state, "set", "component:warehouse", mode, f"metadata.tags={value}").code == 0
    (shown,) = json.loads(catalog(state, "properties", "component:warehouse", "metadata.tags", "-o", "json").out)
    assert (shown["git"], shown["effective"], shown["mode"]) == (["go", "picking"], effective, mode[2:])
    marked = catalog(state, "get", "component:warehouse").out
    assert f"# custom metadata.tags {mode[2:]}: go, b by " in marked
    assert "git says go, picking\n" in marked
    assert catalog(state, "unset", "component:warehouse", "metadata.tags").code == 0
    assert catalog(state, "properties", "component:warehouse", "metadata.tags").code == 1
    assert "# custom" not in catalog(state, "get", "component:warehouse").out


def test_a_difference_shows_old_and_new_and_changes_nothing(state: Path) -> None:
    command = ("set", "shelf-23", "metadata.level=2", "--diff", "--exit-code")
    done = catalog(state, *command)
    assert (done.code, done.out) == (1, "@@ component:default/shelf-23 metadata.level @@\n+2\n")
    assert catalog(state, "properties", "shelf-23", "metadata.level").code == 1
    assert catalog(state, "set", "shelf-23", "metadata.level=2").code == 0
    assert (catalog(state, *command).code, catalog(state, *command).out) == (0, "")
    removed = catalog(state, "unset", "shelf-23", "metadata.level", "--diff")
    assert (removed.code, removed.out) == (0, "@@ component:default/shelf-23 metadata.level @@\n-2\n")


def test_a_dry_run_changes_nothing(state: Path) -> None:
    done = catalog(state, "set", "shelf-01", "metadata.a=1", "--dry-run")
    assert "added" in done.out
    assert done.err == "dry run: nothing was changed\n"
    assert set_on(state, "shelf-01") == {}
    catalog(state, "set", "shelf-01", "metadata.a=1")
    assert "removed" in catalog(state, "unset", "shelf-01", "metadata.a", "--dry-run").out
    assert set_on(state, "shelf-01") == {"metadata.a": 1}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        pytest.param(["set", "nothing", "metadata.a=1"], 1, "there is no entity", id="no-entity"),
        pytest.param(["set", "component:default/nothing", "metadata.a=1"], 1, "not found", id="no-such-ref"),
        pytest.param(["set", "warehouse", "metadata.a=1"], 1, "ambiguous", id="ambiguous"),
        pytest.param(["set", "shelf-02", "metadata.name=x"], 2, "which entity it is", id="closed"),
        pytest.param(["set", "shelf-02", "metadata.a=1", "metadata.tags=3"], 2, "must be a list", id="all-or-nothing"),
        pytest.param(["set", "shelf-02", "metadata..a=1"], 2, "property path", id="no-path"),
        pytest.param(["set", "shelf-02"], 2, "nothing to set", id="nothing"),
        pytest.param(["set"], 2, "no entity is named", id="no-ref"),
        pytest.param(["unset", "shelf-02"], 2, "no path", id="nothing-to-unset"),
        pytest.param(["set", "shelf-02", "metadata.a=1", "--skip", "x"], 2, "--query", id="skip-alone"),
        pytest.param(["set", "--query", "ownr:x", "metadata.a=1", "--yes"], 2, "did you mean owner?", id="bad-line"),
        pytest.param(["set", "shelf-02", "metadata.a=@nowhere"], 4, "No such file", id="no-file"),
        pytest.param(["properties", "nothing"], 1, "there is no entity", id="properties-of-none"),
        pytest.param(["history", "component:default/nothing"], 1, "there is no entity", id="history-of-none"),
        pytest.param(["properties", "shelf-02", "--unattached"], 2, "leave out REF", id="ref-and-all"),
    ],
)
def test_refusals(state: Path, arguments: list[str], code: int, words: str) -> None:
    done = catalog(state, *arguments)
    assert (done.code, done.out) == (code, "")
    assert words in done.err
    assert set_on(state, "shelf-02") == {}


def test_unset_of_what_was_never_set_is_told(state: Path) -> None:
    done = catalog(state, "unset", "shelf-03", "metadata.tags", "--no-header")
    assert (done.code, done.out) == (0, "component:default/shelf-03\tmetadata.tags\tabsent\t\t\n")


# Many


def test_a_bulk_change_without_a_terminal_needs_yes(state: Path) -> None:
    done = catalog(state, "set", "--query", "tag:row-2", "metadata.tier=gold")
    assert (done.code, done.out) == (2, "")
    assert "5 entities (component:default/shelf-10, " in done.err
    assert "set metadata.tier = gold" in done.err
    assert "--yes" in done.err
    assert records(state, "--path", "metadata.tier") == {}


def test_a_bulk_change_shows_its_plan_and_asks(state: Path) -> None:
    line = ["set", "--query", "name:shelf-2* -tag:row-5", "metadata.hall=2", "--skip", "shelf-20"]
    for answer, code, count in (("n", 130, 0), ("y", 0, 4)):
        terminal = Terminal(state, *line, width=200)
        shown = terminal.wait_for(lambda text: "[y/N]" in text)
        assert "4 entities (component:default/shelf-21, " in shown
        terminal.type(f"{answer}\n")
        assert terminal.end() == code
        assert len(records(state, "--path", "metadata.hall")) == count
    done = catalog(state, "unset", "--query", "name:shelf-2*", "metadata.hall", "-y", "-o", "jsonl")
    assert [json.loads(one)["effect"] for one in done.out.splitlines()].count("removed") == 4


def test_a_bulk_change_does_what_can_be_done(state: Path) -> None:
    done = catalog(state, "set", "--query", "name:warehouse", "spec.subcomponentOf=3", "-y", "--no-header")
    assert done.code == 7
    assert done.out == "api:default/warehouse\tspec.subcomponentOf\tadded\t\t3\n"
    assert "component:default/warehouse: spec.subcomponentOf" in done.err
    assert catalog(state, "unset", "api:warehouse", "spec.subcomponentOf").code == 0
    refused = catalog(state, "set", "--query", "name:shelf-06,shelf-07", "metadata.labels=3", "-y", "--no-header")
    assert (refused.code, refused.out) == (4, "")
    none = catalog(state, "set", "--query", "name:nobody", "metadata.a=1")
    assert (none.code, none.out, none.err) == (0, "", "no entity is meant; nothing to do\n")


# History


def test_h079_history_tells_who_when_what_and_by_which_request(state: Path) -> None:
    for value in ("1", "2", "2"):
        catalog(state, "set", "shelf-08", f"metadata.n={value}")
    catalog(state, "set", "shelf-08", "metadata.other=1")
    catalog(state, "unset", "shelf-08", "metadata.n")
    rows = json.loads(catalog(state, "history", "shelf-08", "metadata.n", "-o", "json").out)
    assert [(one["effect"], one["old"], one["new"]) for one in rows] == [
        ("removed", 2, None), ("updated", 1, 2), ("added", None, 1)
    ]  # fmt: skip
    assert all(one["actor"].startswith("socket:") and one["request_id"] and one["at"] for one in rows)
    limited = catalog(state, "history", "shelf-08", "--limit", "2", "--no-header")
    assert len(limited.out.splitlines()) == 2
    assert limited.err == "showing the newest 2; --limit -1 shows all\n"
    assert catalog(state, "history", "shelf-08", "--limit", "-1").err == ""
    untouched = catalog(state, "history", "shelf-09", "--no-header").out.split("\t")
    assert untouched[1:3] == ["Ada", "added"]  # by the commit that brought it
    assert catalog(state, "history", "shelf-09", "--field", "metadata.n", "--no-header").out == ""


# Renamed entities


def test_h055_the_properties_of_a_renamed_entity_are_listed_and_moved(tmp_path: Path) -> None:
    repository = RepoBuilder(tmp_path / "stock.git")
    repository.commit(FILES)
    with Daemon(tmp_path / "daemon", CONFIG) as daemon:
        daemon.register(repository.url, type="git")
        old, new = "component:default/old-name", "component:default/new-name"
        catalog(daemon.state, "set", old, "metadata.score=33")
        catalog(daemon.state, "set", old, "--append", 'metadata.tags=["a"]')
        repository.commit({"catalog-info.yaml": entity("Component", "new-name", tags=["git"])})
        daemon.sync()
        wanted = {"metadata.score": 33, "metadata.tags": ["a"]}
        assert records(daemon.state, "--unattached") == {(old, path): value for path, value in wanted.items()}
        shown = catalog(daemon.state, "properties", old)
        assert (shown.code, len(shown.out.splitlines())) == (0, 3)
        assert "is not there" in shown.err
        assert catalog(daemon.state, "properties", "move", "old-name", "new-name", "--dry-run").code == 0
        assert len(records(daemon.state, "--unattached")) == 2
        catalog(daemon.state, "set", new, "metadata.score=1")
        refused = catalog(daemon.state, "properties", "move", "old-name", "new-name")
        assert (refused.code, "metadata.score" in refused.err) == (5, True)
        catalog(daemon.state, "unset", new, "metadata.score")
        moved = catalog(daemon.state, "properties", "move", "old-name", "new-name", "-o", "json")
        assert {(one["new"], one["path"]): one["value"] for one in json.loads(moved.out)} == {
            (new, path): value for path, value in wanted.items()
        }
        assert records(daemon.state) == {(new, path): value for path, value in wanted.items()}
        found = json.loads(catalog(daemon.state, "get", new, "-o", "json").out)["metadata"]
        assert (found["score"], found["tags"]) == (33, ["git", "a"])
        assert catalog(daemon.state, "properties", "move", "old-name", "new-name").code == 1
        catalog(daemon.state, "set", new, "metadata.x=1")
        gone = catalog(daemon.state, "unset", new, "metadata.x", "-o", "jsonl").out
        assert json.loads(gone)["effect"] == "removed"


# Export and import

VALUES: dict[str, Any] = {
    "metadata.score": 33,
    "metadata.ratio": 48.27,
    "metadata.large": 1e22,
    "metadata.small": 1e-07,
    "metadata.text": "33",
    "metadata.yes": "yes",
    "metadata.octal": "0o17",
    "metadata.exponent": "1e3",
    "metadata.date": "2026-01-02",
    "metadata.flag": False,
    "metadata.empty": "",
    "metadata.lines": "a\nb\n",
    "metadata.odd": "\u202e\x1b[31m \u2028 é 日本 # : -",
    "metadata.list": [],
    "metadata.map": {"b": 1, "a": {"z": [None, {}], "on": True}},
    'metadata.annotations."acme.test/pager"': "P-17",
    "metadata['a b']": ["x", 1.0],
}


def test_an_export_comes_back_byte_for_byte(daemon: Daemon, tmp_path: Path) -> None:
    changes = [{"ref": "component:default/shelf-12", "path": path, "value": value} for path, value in VALUES.items()]
    changes.append({"ref": SHELF, "path": "metadata.tags", "op": "append", "value": ["x"]})
    changes.append({"ref": SHELF, "path": "metadata.links", "op": "union", "value": [{"url": "https://a.test"}]})
    answer = daemon.owner.post("/api/own/properties", json={"changes": changes})
    assert answer.status_code == 200, answer.text
    first, second = tmp_path / "first.yaml", tmp_path / "second.yaml"
    assert catalog(daemon.state, "properties", "export", str(first)).code == 0
    assert catalog(daemon.state, "properties", "export").out == first.read_text()
    read = yaml.safe_load(first.read_text())["component:default/shelf-12"]
    assert read['metadata.annotations."acme.test/pager"'] == {"replace": "P-17"}
    assert read["metadata.map"] == {"replace": VALUES["metadata.map"]}

    repository = RepoBuilder(tmp_path / "stock.git")
    repository.commit(FILES)
    with Daemon(tmp_path / "daemon", CONFIG) as other:  # empty: its properties wait for the entities
        imported = catalog(other.state, "properties", "import", str(first))
        assert imported.code == 0, imported.err
        assert catalog(other.state, "properties", "export", str(second)).code == 0
        assert second.read_bytes() == first.read_bytes()
        before = records(other.state)
        assert before == records(other.state, "--unattached")
        other.register(repository.url, type="git")
        assert records(other.state, "--unattached") == {}
        found = json.loads(catalog(other.state, "get", "shelf-12", "-o", "json").out)["metadata"]
        assert (found["score"], found["map"], found["a b"]) == (33, VALUES["metadata.map"], ["x", 1.0])
        again = catalog(other.state, "properties", "import", "-", input_text=first.read_text())
        assert (again.code, records(other.state)) == (0, before)
        assert ", 0 updated, " in again.err


def test_an_import_sets_what_differs_and_keeps_the_rest(state: Path, tmp_path: Path) -> None:
    catalog(state, "set", "shelf-14", "metadata.same=1", "metadata.other=1", "metadata.kept=1")
    catalog(state, "set", "shelf-14", "--append", 'metadata.tags=["a"]')
    catalog(state, "set", "shelf-14", "metadata.tags=[]", "--dry-run")
    file = tmp_path / "p.yaml"
    file.write_text(
        "component:default/shelf-14:\n"
        "  metadata.same: {replace: 1, set_by: ignored}\n"
        "  metadata.other: {replace: 2}\n"
        "  metadata.new: {replace: true}\n"
        "  metadata.tags: {append: [b]}\n"
        "component:default/shelf-15:\n"
        "  metadata.fine: {replace: 1}\n"
        "  metadata.tags: {replace: no list}\n"
    )
    dry = catalog(state, "properties", "import", str(file), "--dry-run", "-o", "json")
    done = catalog(state, "properties", "import", str(file), "-o", "json")
    assert (dry.code, done.code) == (7, 7)
    report = json.loads(done.out)
    assert {**json.loads(dry.out), "dry_run": False} == report
    assert (report["added"], report["updated"], report["same"], report["rejected"]) == (1, 2, 1, 1)
    assert (report["not_taken"][0]["line"], "must be a list" in report["not_taken"][0]["reason"]) == (7, True)
    assert set_on(state, "shelf-14") == {
        "metadata.kept": 1, "metadata.new": True, "metadata.other": 2, "metadata.same": 1, "metadata.tags": ["b"]
    }  # fmt: skip
    assert set_on(state, "shelf-15") == {}
    modes = {one["path"]: one["mode"] for one in json.loads(catalog(state, "properties", "shelf-14", "-o", "json").out)}
    assert modes["metadata.tags"] == "append"


@pytest.mark.parametrize(
    ("text", "line"),
    [("- a\n", 1), ("a:\n  metadata.x: 1\n", 2), ("a:\n  metadata.x: {set: 1}\n", 2), ("a: {\n", 2),
     ("a:\n  b: {replace: 1}\na:\n", 3), ("a:\n  b: {replace: 1, append: 2}\n", 2)],
)  # fmt: skip
def test_what_is_no_export_is_not_imported(state: Path, text: str, line: int) -> None:
    before = records(state)
    done = catalog(state, "properties", "import", "-", input_text=text)
    assert (done.code, done.out) == (2, "")
    assert f"stdin:{line}" in done.err
    assert records(state) == before


def test_provenance_can_be_exported(state: Path) -> None:
    catalog(state, "set", "shelf-16", "metadata.a=1")
    exported = yaml.safe_load(catalog(state, "properties", "export", "--provenance").out)
    said = exported["component:default/shelf-16"]["metadata.a"]
    assert (said["replace"], said["source"]) == (1, "cli")
    assert said["set_by"].startswith("socket:")
    assert catalog(state, "properties", "import", "-", input_text=yaml.safe_dump(exported)).code == 0


# The default command of the group


def test_overlay_and_list_are_other_words_for_the_same(state: Path) -> None:
    assert catalog(state, "set", "shelf-24", "metadata.level=1").code == 0
    shown = catalog(state, "properties", "show", "shelf-24").out
    assert "metadata.level" in shown
    for words in (("overlay", "list"), ("overlay",), ("properties", "list")):
        assert catalog(state, *words, "shelf-24").out == shown
    assert "overlay" not in catalog(state, "--help").out


def test_the_word_show_may_be_left_out(state: Path) -> None:
    catalog(state, "set", "shelf-17", "metadata.a=1")
    listed = catalog(state, "properties", "show", "shelf-17").out
    assert catalog(state, "properties", "shelf-17").out == listed
    assert catalog(state, "properties", "--state", str(state), "shelf-17").out == listed
    assert catalog(state, "properties", f"--state={state}", "-q", "show", "shelf-17").out == listed
    assert catalog(state, "properties", "--path", "metadata.a").code == 0
    assert "Usage: catalog properties [OPTIONS]" in catalog(state, "properties", "--help").out
    assert "Usage: catalog properties move" in catalog(state, "properties", "move", "--help").out
