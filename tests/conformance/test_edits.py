"""Edits that are commits: what is pushed, what is never lost, and what is refused (R46-R53)."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.daemon import wait_until
from tests.support.edits import FILE, Editor, commits_of, configuration, editing, set_hook, shop, shop_repository
from tests.support.process import KilledError, Process
from tests.support.repository import Odd

SPARE = 40
"""Repositories for tests that need one of their own."""
HOSTILE = "no \\033[31mred\\007 \\342\\200\\256evil https://bob:secret@example.test/x"


@pytest.fixture(scope="module")
def editors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[Editor]]]:
    """Editors of repositories that nobody has touched, by what may be written."""
    wanted = {f"shop{number}": "commit" for number in range(SPARE)}
    wanted |= {f"{write}{number}": write for write in ("none", "branch") for number in range(2)}
    with editing(tmp_path_factory.mktemp("edits"), wanted) as made:
        yield {
            write: [one for one, name in zip(made, wanted, strict=True) if wanted[name] == write]
            for write in ("none", "branch", "commit")
        }


@pytest.fixture
def editor(editors: dict[str, list[Editor]]) -> Editor:
    return editors["commit"].pop()


# The way through


def test_r047_an_edit_is_a_commit_of_the_changed_lines_and_visible_when_it_is_answered(editor: Editor) -> None:
    before = editor.repository.head()
    edit = editor.set("metadata.title", "The Shop")
    assert (edit["state"], edit["commit"]) == ("confirmed", editor.repository.head())
    assert editor.entity()["entity"]["metadata"]["title"] == "The Shop"
    assert editor.repository.git("rev-parse", "main^").strip() == before
    assert editor.text() == editor.shop.replace('"Shop"', '"The Shop"')
    assert editor.repository.git("diff", "--name-only", "main^", "main").split() == [FILE]


@pytest.mark.parametrize(
    ("op", "path", "value", "old", "new"),
    [
        ("append", "metadata.tags", ["audited"], "    - java\n", "    - java\n    - audited\n"),
        ("union", "metadata.tags", ["java", "go"], "    - java\n", "    - java\n    - go\n"),
        ("replace", "metadata.tags.0", "go", "- java", "- go"),
        ("replace", "spec.owner", "group:default/team-b", "owner: team-a", "owner: group:default/team-b"),
        ("replace", "metadata.labels.tier", "gold", "    - java\n", "    - java\n  labels:\n    tier: gold\n"),
        ("remove", "metadata.title", None, '  title: "Shop"\n', ""),
    ],
    ids=["append", "union", "item", "text", "mapping", "remove"],
)
def test_r047_each_operation_changes_its_lines_only(
    editor: Editor, op: str, path: str, value: Any, old: str, new: str
) -> None:
    editor.set(path, value, op=op)
    assert editor.text() == editor.shop.replace(old, new)


def test_r047_mode_and_line_ends_of_all_other_lines_stay(editor: Editor) -> None:
    crlf = editor.shop.replace("\n", "\r\n")
    editor.repository.commit({FILE: Odd("100755", crlf), ".gitattributes": "* text=auto eol=lf\n"})
    editor.set("spec.lifecycle", "deprecated")
    assert editor.text() == crlf.replace("production", "deprecated")
    assert editor.repository.git("ls-tree", "main", FILE).split()[0] == "100755"


def test_r047_what_became_a_link_or_a_submodule_is_refused(editor: Editor) -> None:
    for odd in (Odd("120000", "other.txt"), Odd("160000", editor.repository.head())):
        before = editor.repository.commit({FILE: odd})
        assert "no regular file stands there" in editor.set("metadata.title", "x", 400)["detail"]
        assert editor.repository.head() == before


def test_r047_no_hook_of_ours_runs_and_the_mirror_has_no_work_tree(tmp_path: Path, editor: Editor) -> None:
    (git_dir,) = (
        place.parent / "git"
        for place in (editor.daemon.state / "mirrors").glob("*/url")
        if place.read_text().strip() == editor.repository.url
    )
    names = ("pre-push", "pre-commit", "commit-msg", "post-commit", "post-index-change", "reference-transaction")
    for name in names:
        file = git_dir / "hooks" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/sh\ntouch {tmp_path}/{name}\nexit 1\n")
        file.chmod(0o755)
    editor.set("metadata.title", "x")
    assert list(tmp_path.iterdir()) == []
    assert not (git_dir / "index").exists()
    assert not list((git_dir.parent / "indexes").iterdir())


# Nothing is ever replaced


def test_r046_a_rewritten_branch_is_not_written_over(editor: Editor) -> None:
    forced = editor.repository.force({FILE: editor.shop.replace("java", "go")})
    editor.set("metadata.title", "x")
    assert editor.repository.git("rev-parse", "main^").strip() == forced
    assert "- go\n" in editor.text()


# Conflicts


def test_r049_a_field_that_moved_upstream_is_a_conflict_with_both_values(editor: Editor) -> None:
    moved = editor.upstream(editor.shop.replace("team-a", "team-b"))
    refused = editor.set("spec.owner", "team-c", 409)
    assert refused["code"] == "edit.conflict"
    assert refused["conflicts"] == [{"ref": editor.ref, "path": "spec.owner", "was": "team-a", "now": "team-b"}]
    assert '"team-a"' in refused["detail"]
    assert '"team-b"' in refused["detail"]
    assert editor.repository.head() == moved


def test_r049_a_moved_remote_whose_field_is_the_same_gets_the_edit_on_top(editor: Editor) -> None:
    moved = editor.shop.replace("java", "go").replace("# What", "# And this is\n# what")
    editor.upstream(moved)
    editor.set("spec.owner", "team-c")
    assert editor.text() == moved.replace("team-a", "team-c")


def test_r049_what_only_adds_is_no_conflict(editor: Editor) -> None:
    editor.upstream(editor.shop.replace("    - java\n", "    - java\n    - go\n"))
    editor.set("metadata.tags", ["audited"], op="append")
    assert "    - java\n    - go\n    - audited\n" in editor.text()


def test_r049_the_version_that_the_caller_read_decides(editor: Editor) -> None:
    read = editor.entity()
    blob, etag = read["source"]["blob"], read["entity"]["metadata"]["etag"]
    editor.set("spec.owner", "team-b", if_match=etag)
    for version in (blob, etag, "f" * 40, "nonsense"):
        refused = editor.set("spec.owner", "team-c", 409, if_match=version)
        assert refused["conflicts"][0]["now"] == "team-b"
    assert editor.set("spec.lifecycle", "retired", if_match=blob)["state"] == "confirmed"
    assert "owner: team-b" in editor.text()


def test_r049_a_proposal_whose_field_moved_fails_when_it_is_agreed_to(editor: Editor) -> None:
    proposal = editor.propose("spec.owner", "team-c")
    moved = editor.upstream(editor.shop.replace("team-a", "team-b"))
    refused = editor.confirm(proposal, 409)
    assert refused["existing"] == proposal
    assert '"team-a"' in refused["detail"]
    assert '"team-b"' in refused["detail"]
    assert editor.get(proposal)["state"] == "failed"
    assert editor.repository.head() == moved


# Exactly once


def test_r050_agreeing_twice_pushes_once(editor: Editor) -> None:
    proposal = editor.propose("metadata.title", "x")
    threads = [threading.Thread(target=editor.confirm, args=(proposal,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(editor.commits(proposal)) == 1
    assert editor.confirm(proposal)["state"] == "confirmed"


def test_r050_a_terminal_state_never_changes(editor: Editor) -> None:
    editor.hook("pre-receive", "exit 1")
    failed = editor.set("metadata.title", "x", 409)["existing"]
    editor.hook("pre-receive", "")
    editor.confirm(failed, 409)
    assert editor.get(failed)["state"] == "failed"
    assert editor.commits(failed) == []


@pytest.mark.parametrize(
    "cut", ["before-the-remote-has-it", "after-the-remote-has-it", pytest.param("anywhere", marks=pytest.mark.slow)]
)
def test_r050_an_edit_that_is_cut_by_a_kill_ends_pushed_once(tmp_path: Path, cut: str) -> None:
    """A hook of the remote holds each push until the daemon is killed; the next daemon finds out what became of it."""
    remotes = {target: shop_repository(tmp_path / f"{target}.git") for target in ("commit", "branch")}
    go = tmp_path / "go"
    name = "post-receive" if cut.startswith("after") else "pre-receive"
    for target, remote in remotes.items():
        wait = f"for i in $(seq 2000); do test -e {go} && exit 0; sleep 0.01; done; exit 1"
        set_hook(remote, name, f"touch {tmp_path}/reached-{target}; {wait}")
    folder, config = tmp_path / "daemon", configuration({remote.url: "commit" for remote in remotes.values()})
    with Process(folder, config) as process:
        process.wait_ready()
        process.wait_idle()
        threads = [threading.Thread(target=_cut, args=(process, target)) for target in remotes]
        for thread in threads:
            thread.start()
        wait_until(lambda: all((tmp_path / f"reached-{target}").exists() for target in remotes), "pushes are held")
        process.kill()
        for thread in threads:
            thread.join()
    if cut.startswith("before"):
        for remote in remotes.values():
            set_hook(remote, name, "")
    else:
        go.touch()
    with Process(folder, config) as process:
        process.wait_ready()
        wait_until(lambda: {edit["state"] for edit in _edits(process)} == {"confirmed"}, "the edits came to their end")
        edits = _edits(process)
    assert len(edits) == len(remotes)
    for edit in edits:
        branch = "main" if edit["target"] == "commit" else f"catalog/edit-{edit['id']}"
        assert commits_of(remotes[edit["target"]], edit["id"], branch) == [edit["commit"]]


@pytest.mark.parametrize("name", [pytest.param("pre-receive", marks=pytest.mark.slow), "post-receive"])
def test_r050_a_push_that_is_cut_by_its_clock_is_looked_for(tmp_path: Path, name: str) -> None:
    """The first push is ended by us, before or after the remote has it; nobody is asked to try again."""
    with editing(tmp_path, {"till": "commit"}, '[limits]\nfetch_timeout = "1s"\n') as (editor,):
        slow = tmp_path / "slow"
        slow.touch()
        editor.hook(name, f"test -e {slow} && rm {slow} && sleep 20; exit 0")
        edit = editor.set("metadata.title", "x")
        assert edit["state"] == "confirmed"
        assert not slow.exists()
        assert editor.commits(edit["id"]) == [edit["commit"]]


def _cut(process: Process, target: str) -> None:
    change = {"ref": f"component:default/{target}", "path": "metadata.title", "value": "x"}
    with pytest.raises(KilledError):
        process.ask("POST", "/api/own/edits", {"changes": [change], "target": target, "confirm": True})


def _edits(process: Process) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = process.ask("GET", "/api/own/edits")[1]["items"]
    return found


# Metadata


def test_r051_a_commit_says_who_and_nothing_can_be_forged(editor: Editor) -> None:
    message = "Title\x1b[31m\u202e\r\n\r\nBody\n---\n\nSigned-off-by: Ada\nCatalog-Edit: 0123\nCATALOG-EDIT: 0123"
    changes = [editor.change("metadata.title", "x")]
    body = {"changes": changes, "target": "commit", "confirm": True, "message": message}
    with editor.daemon.stranger(editor.daemon.token("edits:write", name="mallory")) as stranger:
        edit = stranger.post("/api/own/edits", json=body).json()
    raw = editor.repository.git("cat-file", "commit", "main")
    header, _, written = raw.partition("\n\n")
    author, committer = (line for line in header.split("\n") if line.startswith(("author ", "committer ")))
    assert author.startswith(f"author {edit['actor']} <")
    assert "mallory" in edit["actor"]
    assert committer.startswith("committer git-catalog <git-catalog@catalog.invalid> ")
    assert written.split("\n")[:3] == ["Title[31m", "", "Body"]
    trailers = editor.repository.git("interpret-trailers", "--parse", stdin=written.encode())
    assert trailers == f"Catalog-Edit: {edit['id']}\n"
    assert not {"\x1b", "\r", "\u202e"} & set(raw)
    log = editor.daemon.owner.get("/api/own/changes?limit=1000").json()["items"]
    told = [(item["what"], item["actor"]) for item in log if item["target"] == edit["id"]]
    assert told == [("edit.begun", edit["actor"]), ("edit.pushed", edit["actor"])]


# Opt-in


@pytest.mark.parametrize(
    ("write", "target", "status"),
    [
        ("none", "branch", 403),
        ("none", "commit", 403),
        ("branch", "branch", 201),
        ("branch", "commit", 403),
        ("commit", "branch", 201),
        ("commit", "commit", 201),
    ],
)
def test_r052_a_location_is_written_to_as_its_configuration_says(
    editors: dict[str, list[Editor]], write: str, target: str, status: int
) -> None:
    editor = editors[write].pop()
    before = editor.repository.head()
    answer = editor.set("metadata.title", "x", status, target=target)
    if status == 403:
        assert "[[locations]]" in answer["hint"]
        assert editor.repository.git("for-each-ref", "--format=%(objectname)").split() == [before]
    elif target == "branch":
        assert answer["branch"] == f"catalog/edit-{answer['id']}"
        assert (editor.repository.head(), editor.repository.head(answer["branch"])) == (before, answer["commit"])
    else:
        assert editor.repository.head() == answer["commit"]


def test_r052_a_branch_of_its_own_is_the_default_and_edits_need_their_scope(editor: Editor) -> None:
    body = {"changes": [editor.change("metadata.title", "x")], "confirm": True}
    assert editor.post(body)["target"] == "branch"
    conditional = {"name": "part", "scopes": ["edits:write", "read"], "read": "kind:component"}
    part = editor.daemon.owner.post("/api/own/tokens", json=conditional).json()["token"]
    for token in (editor.daemon.token("read", "properties:write", "entities:write", "locations:write"), part):
        with editor.daemon.stranger(token) as stranger:
            assert stranger.post("/api/own/edits", json=body).status_code == 403


def test_r052_what_is_registered_by_call_is_not_written_to_before_somebody_says_so(
    tmp_path: Path, editor: Editor
) -> None:
    other = shop_repository(tmp_path / "called.git")
    place = editor.daemon.register(other.url, type="git")
    change = {"ref": "component:default/called", "path": "metadata.title", "value": "x"}
    editor.post({"changes": [change]}, 403)
    editor.daemon.owner.patch(f"/api/own/locations/{place['id']}", json={"write": "branch"})
    editor.post({"changes": [change]})


# Servers


def test_r053_a_server_that_refuses_is_quoted_without_what_could_do_harm(editor: Editor) -> None:
    before = editor.repository.head()
    editor.hook("pre-receive", f"printf '{HOSTILE}' >&2; exit 1")
    refused = editor.set("metadata.title", "x", 409)
    assert "pre-receive hook declined" in refused["detail"]
    assert "evil" in refused["detail"]
    assert refused["detail"].isprintable()
    assert "secret" not in refused["detail"]
    assert editor.repository.head() == before
    assert editor.get(refused["existing"])["reason"] == refused["detail"]


# What is not pushed, and what is taken back


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("metadata.tags", ["Not A Tag"], "tags"),
        ("spec.lifecycle", 5, "lifecycle"),
        ("metadata.name", "other", "would not be"),
        ("kind", "System", "would not be"),
        ("metadata.title.deeper", "x", "single value"),
        ("metadata.title", "Shop", "nothing would change"),
    ],
)
def test_what_the_catalog_would_not_take_is_not_pushed(editor: Editor, path: str, value: Any, says: str) -> None:
    before = editor.repository.head()
    assert says in editor.set(path, value, 400)["detail"]
    assert editor.repository.head() == before


def test_an_undo_brings_the_bytes_back_unless_the_field_moved(editor: Editor) -> None:
    edit = editor.set("metadata.tags", ["go"])
    undone = editor.post({"undo": edit["id"], "target": "commit", "confirm": True})
    assert (undone["undoes"], editor.text()) == (edit["id"], editor.shop)
    again = editor.post({"undo": undone["id"], "target": "commit", "confirm": True})
    assert "- go\n" in editor.text()
    editor.set("metadata.tags", ["rust"])
    editor.post({"undo": again["id"], "target": "commit", "confirm": True}, 409)
    assert "- rust\n" in editor.text()


def test_several_changes_are_one_commit_with_one_difference_a_file(editor: Editor) -> None:
    name = editor.ref.rpartition("/")[2]
    files = {FILE: f"{editor.shop}---\n{shop(name + '-b')}", f"c/{FILE}": shop(f"{name}-c")}
    before = editor.repository.commit(files)
    editor.daemon.sync()
    changes = [{"ref": editor.ref + end, "path": "spec.owner", "value": "team-b"} for end in ("", "-b", "-c")]
    proposal = editor.post({"changes": changes, "target": "commit"})
    assert proposal["base"] == before
    assert [file["path"] for file in proposal["files"]] == [FILE, f"c/{FILE}"]
    assert [file["diff"].count("\n+  owner: team-b") for file in proposal["files"]] == [2, 1]
    assert editor.repository.head() == before
    editor.confirm(proposal["id"])
    assert editor.repository.git("rev-parse", "main^").strip() == before
    assert {editor.entity(change["ref"])["entity"]["spec"]["owner"] for change in changes} == {"team-b"}
