"""R71 to R73 in the interface: what comes from outside is shown as text, in every place where such text can stand.

A catalog of lists plants the same hostile text in all of them, and a walk goes past every screen; a real repository on
a real terminal shows that nothing between git and the screen lets one of them through.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.support.daemon import Daemon
from tests.support.repository import RepoBuilder
from tests.tui.cli.hostile import FORBIDDEN, TEXTS, raw
from tests.tui.cli.program import catalog
from tests.tui.fake_source import FakeSource, Thing
from tests.tui.stage import Stage, play, staged
from tests.tui.terminal import Terminal
from tests.tui.test_terminal import CATALOG, CONFIG, at
from tui.model.location_source import Departure, FieldChange, Pointer, Preview, Previewed
from tui.model.source import Change, LocationItem, ProblemItem
from tui.model.sql_source import SqlResult, SqlView

MARKUP = "[red]x[/y][@click=app.quit]q[/][link=https://evil.example]l[/link]"
HOSTILE = "".join(text for name, text in TEXTS.items() if name != "surrogate") + MARKUP + "宽" * 40 + "e\u0301" * 9
HUGE = "\x1b[2J" + "x" * 300_000
URL = "https://git.example/\x1b]8;;evil\x07/a.git"


def hostile(text: str) -> FakeSource:
    """Every text of it is this one."""
    source = FakeSource([Thing(f"svc-{text}", owner=text, type=text, system=text, description=text), Thing("svc-b")])
    ref = source.things[0].ref
    source.problem_items = [
        ProblemItem(text, text, text, 3, 1, text, ref, "1", text, text, f"https://git.example/{text}"),
        ProblemItem(text, text, text, location="2", repository=f"https://git.example/{text}.git"),
    ]
    item = LocationItem(
        "1", text, f"https://git.example/{text}.git", text, (text,), text, text, text, text, text, text, text, 3, text
    )
    source.location_items = [item, replace(item, id="2", error="", error_code="", last_success=text, counts={text: 4})]
    change = (Previewed("changed", text, text, 1, text, text, (FieldChange(text, text, [text]),)),)
    source.previews["https://x/a.git"] = Preview("", 1, {"changed": 1}, change, ((text, 2),))
    source.departures["1"] = Departure((text, text), 2, (text,), (Pointer(text, text, text),), 1)
    answer = SqlResult((text, "b"), ("VARCHAR", text), [[text, {text: [text]}], [None, text]], text)
    source.answers["FROM x"] = answer
    plain = source.entities
    source.entities = lambda query, *rest: plain(query.replace("name:", "").strip("*"), *rest)  # type: ignore[method-assign]
    source.views = (SqlView(text, ((text, text),)),)
    source.happen(Change(0, text, text, text, text, {"location": text, "name": text}, (text,), (text,), (text,)))
    source.happen(Change(0, text, text, "edit.failed", text, {"branch": text, "commit": text, "reason": text}))
    return source


def judge(stage: Stage, where: str) -> None:
    """Nothing that acts, in no line; nothing that can be clicked; and every line as wide as the screen."""
    width = stage.app.size.width
    strips = stage.app.screen._compositor.render_strips(stage.app.size)
    for strip in strips:
        assert raw(strip.text, allowed="") == [], (where, strip.text)
        assert strip.cell_length <= width, where
        assert cell_len(strip.text) <= width, (where, strip.text)
        for segment in strip:
            assert segment.style is None or segment.style.link is None, (where, segment)
            assert segment.style is None or "@click" not in segment.style.meta, (where, segment)


async def walk(stage: Stage) -> None:
    """Past every screen."""
    judge(stage, "browse")
    steps: list[tuple[str, tuple[str, ...], str]] = [
        ("entity", ("enter",), "1 Overview"),
        *((f"tab {number}", (str(number),), "") for number in range(2, 9)),
        ("errors", ("escape", "exclamation_mark"), "Errors"),
        ("errors, known", ("g", "j", "space", "s"), "known"),
        ("errors, source", ("o",), ""),
        ("sync", ("escape", "f4"), "Events"),
        ("location", ("enter",), "target"),
        ("unregister", ("escape", "x"), "leave the catalog"),
        ("activity", ("escape", "f6"), "edit.failed"),
        ("activity, copy", ("y",), "clipboard"),
        ("sql", ("f3",), "Question"),
    ]
    for where, keys, words in steps:
        await stage.press(*keys)
        if words:
            await stage.see(words)
        await stage.quiet()
        judge(stage, where)
    stage.app.show_sql("FROM x")
    await stage.see("FROM x")
    await stage.press("ctrl+r")
    await stage.see("data 0s old")
    judge(stage, "sql, answer")
    await stage.press("f8")
    await stage.see("Asked before")
    judge(stage, "sql, history")
    await stage.press("escape", "f2", "a")
    await stage.see("Register a location")
    await stage.type("https://x/a.git")
    await stage.press("enter")
    await stage.see("A registers")
    judge(stage, "register")
    await stage.press("escape", "ctrl+p")
    await stage.see("Commands and entities")
    await stage.type("svc")
    await stage.see("component")
    judge(stage, "palette")
    await stage.press("escape", "question_mark")
    await stage.see("type a key or a word")
    judge(stage, "help")


@pytest.mark.parametrize("text", [HOSTILE, HUGE], ids=["r071-r072-r073-everything", "r071-huge"])
@pytest.mark.parametrize("size", [(60, 20), (130, 40)], ids=["narrow", "wide"])
def test_hostile_text_is_only_text_on_every_screen(text: str, size: tuple[int, int]) -> None:
    async def scene() -> None:
        async with staged(hostile(text), size=size) as stage:
            await walk(stage)

    play(scene())


def test_r072_what_the_daemon_refuses_with_is_no_markup_either() -> None:
    async def scene() -> None:
        source = hostile("x")
        source.previews.clear()
        async with staged(source, size=(100, 30)) as stage:
            await stage.press("a")
            await stage.see("Source")
            await stage.type("https://x/[/b].git")
            await stage.press("enter")
            await stage.see("[/b]")
            await stage.see("[no] such host")
            stage.app.notify("a [/b] toast", markup=False)
            await stage.see("a [/b] toast")

    play(scene())


def test_r073_an_address_from_outside_is_opened_only_after_it_was_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWSER", "true")

    async def scene() -> None:
        source = hostile("x")
        opened: list[str] = []
        async with staged(source, size=(100, 30)) as stage:
            stage.app.open_url = lambda url, **_: opened.append(url)  # type: ignore[method-assign]
            await stage.press("exclamation_mark")
            await stage.see("Errors")
            await stage.press("g", "o")
            await stage.see("https://git.example/x#L3")
            assert not opened
            await stage.press("enter")
            await stage.until(lambda: opened == ["https://git.example/x#L3"], "opened")
            source.problem_items = [replace(source.problem_items[0], url="http://plain.example/x")]
            await stage.press("r", "g", "o")
            await stage.see("http://plain.example/x")
            await stage.press("enter")
            await stage.until(lambda: stage.app.clipboard.startswith("http://plain"), "copied, not opened")
            assert len(opened) == 1

    play(scene())


CANARY = r"\e]0;OWNED\a\e[2J\e[31m\u202e\u200b\x9b2J"
"""As YAML writes it in double quotes."""


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """A daemon whose repository holds the canary in fields, in a path, in a commit message and in mistakes."""
    folder = tmp_path_factory.mktemp("planted")
    origin = RepoBuilder(folder / "shop.git")
    files = {
        "catalog-info.yaml": (
            "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: planted\n"
            f'  title: "{CANARY}"\n  description: "{CANARY}"\n  annotations:\n    a.test/x: "{CANARY}"\n'
            f'  links:\n  - url: https://x.example/\n    title: "{CANARY}"\n'
            f'spec:\n  type: "{CANARY}"\n  lifecycle: production\n  owner: team\n'
        ),
        "d\x1b]0;OWNED\x07\u202e/catalog-info.yaml": f'kind: "{CANARY}"\nmetadata: {{name: "{CANARY}"}}\n',
    }
    origin.commit(files, message="\x1b]0;OWNED\x07 message \u202e")
    with Daemon(folder / "daemon", CONFIG) as daemon:
        daemon.register(origin.url, type="git")
        yield daemon


def test_r071_a_hostile_repository_does_not_act_on_a_real_terminal(planted: Daemon) -> None:
    with Terminal([*CATALOG, "kind:component"], at(planted)) as terminal:
        terminal.see("planted")
        terminal.press("\r")
        terminal.see("\\x1b]0;OWNED")
        for key, words in (("2", "apiVersion"), ("5", "message"), ("\x1b", "planted"), ("!", "catalog-info.yaml")):
            terminal.press(key)
            terminal.see(words)
        for key, words in (("\x1bOS", "Events"), ("\r", "target"), ("\x1b[17~", "location.added")):
            terminal.press(key)
            terminal.see(words)
        terminal.press("\x1bOR")
        terminal.see("Question")
        terminal.press("q" * 0 + "\x12")
        terminal.see("rows")
        terminal.press("\x03")
        terminal.wait()
        output = terminal.output
        assert terminal.is_restored()
    for planted_code in (b"\x1b]0;", b"\x1b[31mred", "\x9b2J".encode(), "\u202e".encode(), "\u200b".encode()):
        assert planted_code not in output
    assert b"\x1b]8;" not in output


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["errors"], id="errors"),
        pytest.param(["location", "list"], id="locations"),
        pytest.param(["history", "planted"], id="history"),
        pytest.param(["why", "planted", "metadata.title"], id="why"),
        pytest.param(
            ["sql", "SELECT chr(27) || ']0;OWNED' || chr(7) || chr(8238) AS \"a\x1b\", title FROM entities"], id="sql"
        ),
        pytest.param(["sql", "SELECT nope\x1b"], id="sql-error"),
        pytest.param(["tree", "planted"], id="tree"),
        pytest.param(["location", "add", "/nowhere/\x1b]0;OWNED\x07"], id="bad-path"),
    ],
)
def test_r074_no_command_lets_a_control_through_to_a_pipe(planted: Daemon, arguments: list[str]) -> None:
    done = catalog(planted.state, *arguments)
    assert done.out or done.err
    assert raw(done.out, allowed="\n\t") == []
    assert raw(done.err, allowed="\n\t") == []


def test_r076_the_editor_gets_a_list_of_arguments_and_no_shell(tmp_path: Path) -> None:
    """A path that a shell would obey, opened at its line from the Errors screen."""
    import subprocess

    tree = tmp_path / "work"
    tree.mkdir()
    name = "$(touch pwned);`touch pwned` 'a\".yaml"
    (tree / name).write_text("kind: [broken\n")
    seen, editor = tmp_path / "seen", tmp_path / "my editor.sh"
    editor.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{seen}"\n')
    editor.chmod(0o755)
    git = ["git", "-C", str(tree), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    clean = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "x"]):
        subprocess.run([*git, *command], check=True, env=clean)
    with Daemon(tmp_path / "daemon", CONFIG) as daemon:
        daemon.register(tree.as_uri(), type="git", path="*.yaml")
        environ = {**at(daemon), "EDITOR": f"'{editor}'", "VISUAL": "", "GIT_EDITOR": "", "CATALOG_EDITOR": ""}
        with Terminal(CATALOG, environ) as terminal:
            terminal.see("live")
            terminal.press("!")
            terminal.see("touch pwned")
            terminal.press("O")
            terminal.see("Errors")
            terminal.press("q")
            assert terminal.wait() == 0
            assert terminal.is_restored()
    assert seen.read_text().splitlines()[-1] == str(tree / name)
    assert not list(tmp_path.rglob("pwned"))


def test_what_is_forbidden_is_known_here_on_its_own() -> None:
    assert {"\x1b", "\x9b", "\u202e", "\u200b", "\ufeff"} <= FORBIDDEN
