"""The command line itself: help, wrong names, tokens, completion, and what may be imported."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.daemon import Daemon
from tests.tui.cli.program import ROOT, catalog, environment
from tests.tui.cli.scripted_daemon import Request, entity_rows, scripted_daemon
from tui.cli.exit_codes import ExitCode
from tui.cli.failure import refused, unreachable
from tui.cli.paging import PAGE, find_documents, find_rows
from tui.cli.version import VERSION
from tui.client import Address, ApiProblem, Client, DaemonUnreachable

SLOW = ("textual", "duckdb", "pydantic", "git", "rich", "httpx", "yaml", "ssl", "http.client", "subprocess", "asyncio")
"""Each costs more than `catalog list` has left."""


@pytest.mark.parametrize("arguments", [["list", "kind:component"], ["--version"], ["list", "-o", "json"]])
def test_import_hygiene(tmp_path: Path, arguments: list[str]) -> None:
    program = f"import sys; from tui.cli.main import main; code = main({arguments!r}); "
    program += "print(code, *sorted(sys.modules), file=sys.stderr)"

    def answer(request: Request) -> None:
        if "columns" in request.parameters:
            entity_rows(request, [["Component", "x", "t", "service", "prod", None]])
        else:
            request.json({"items": [], "total": 0, "generation": 1})

    with scripted_daemon(tmp_path, answer):
        done = subprocess.run(
            [sys.executable, "-c", program], env=environment(tmp_path), cwd=ROOT, capture_output=True, text=True
        )
    code, *modules = done.stderr.split()
    assert code == "0"
    assert [name for name in modules if name.startswith("tui.")]
    assert [name for name in modules if name.split(".")[0] in SLOW or name in SLOW] == []


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == VERSION
    assert project["scripts"] == {"catalog": "tui.cli.main:main", "git-catalog": "tui.cli.main:main"}


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        pytest.param(["lisst"], "did you mean list", id="command"),
        pytest.param(["location", "ad"], "did you mean add?", id="subcommand"),
        pytest.param(["list", "--limt", "3"], "did you mean --limit", id="option"),
        pytest.param(["list", "-o", "jsno"], "did you mean json? `catalog list --help`", id="choice"),
        pytest.param(["check", "orphan"], "did you mean orphans?", id="choice-of-an-argument"),
        pytest.param(["list", "--columns", "onwer"], "did you mean owner?", id="column-of-entities"),
        pytest.param(["get"], "`catalog get --help`", id="argument-missing"),
        pytest.param(["location"], "`catalog location --help`", id="group-alone"),
        pytest.param(["location", "list", "--columns", "targt"], "did you mean target?", id="column"),
        pytest.param(["location", "list", "--sort", "targt"], "did you mean target?", id="sort"),
    ],
)
def test_wrong_names_tell_the_nearest(state: Path, arguments: list[str], hint: str) -> None:
    done = catalog(state, *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: ")
    assert hint in done.err.splitlines()[-1]


def test_help_begins_with_examples(state: Path) -> None:
    for option in ("-h", "--help"):
        done = catalog(state, "list", option)
        assert done.code == 0
        assert re.match(r"Usage: catalog list .*\n\nExamples:\n  catalog list ", done.out)


def test_git_catalog_names_itself_so(tmp_path: Path) -> None:
    link = tmp_path / "git-catalog"
    link.write_text(f"#!{sys.executable}\nimport sys\nfrom tui.cli.main import main\nsys.exit(main())\n")
    link.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["git", "catalog", "list"], env=environment(tmp_path, PATH=path), capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 3
    assert " next: start it with `git catalog daemon start`" in done.stderr


def test_tokens_are_made_shown_once_and_revoked(own_daemon: Daemon) -> None:
    state = own_daemon.state
    made = json.loads(catalog(state, "token", "create", "ci", "--scope", "read", "--expires", "9", "-o", "json").out)
    settings = {"CATALOG_URL": own_daemon.url, "CATALOG_TOKEN": made["token"]}
    assert catalog(state, "status", **settings).code == 0
    listed = catalog(state, "token", "list")
    assert made["token"] not in listed.out
    assert made["id"] in listed.out

    stranger = catalog(state, "status", CATALOG_URL=own_daemon.url)
    assert (stranger.code, "CATALOG_TOKEN" in stranger.err or " next: " in stranger.err) == (6, True)
    denied = catalog(state, "location", "refresh", "--all", **settings)
    assert denied.code == 6

    assert catalog(state, "token", "revoke", "ci", "--no-input").code == 2
    assert catalog(state, "token", "revoke", "ci", "--yes").code == 0
    assert catalog(state, "status", **settings).code == 6
    assert catalog(state, "token", "revoke", "ci", "--yes").code == 1


def test_clients_are_made_shown_once_rotated_and_disabled(own_daemon: Daemon) -> None:
    state = own_daemon.state

    def secret(*arguments: str) -> dict[str, str]:
        done = catalog(state, "client", *arguments, "-o", "json")
        made: dict[str, str] = json.loads(done.out)
        return {"clientId": made["client_id"], "clientSecret": made["client_secret"]}

    def exchanged(credentials: dict[str, str]) -> int:
        with own_daemon.stranger() as client:
            return client.post("/v1/auth/access_token", json=credentials).status_code

    made = secret("create", "ci")
    assert exchanged(made) == 200
    listed = catalog(state, "client", "list")
    assert (made["clientId"] in listed.out, made["clientSecret"] in listed.out) == (True, False)
    assert "read, entities:write" not in catalog(state, "client", "create", "reader", "--scope", "read").out
    assert catalog(state, "client", "create", "ci").code == 5
    assert catalog(state, "client", "rotate", "ci", "--no-input").code == 2
    rotated = secret("rotate", "ci", "--yes")
    assert (exchanged(made), exchanged(rotated)) == (401, 200)
    assert catalog(state, "client", "disable", "ci", "--no-input").code == 2
    assert catalog(state, "client", "disable", made["clientId"], "--yes").code == 0
    assert exchanged(rotated) == 401
    assert catalog(state, "client", "disable", "ci", "--yes").code == 1


def test_a_clients_secret_is_printed_for_people(own_daemon: Daemon) -> None:
    done = catalog(own_daemon.state, "client", "create", "ci")
    assert re.fullmatch(r"client_id      [0-9a-f]{32}\nclient_secret  gcatsec_[0-9a-f]{64}\n", done.out)


def test_r056_a_token_may_read_some_entities_only(own_daemon: Daemon) -> None:
    made = catalog(own_daemon.state, "token", "create", "cart", "--scope", "read", "--read", "kind:nothing-of-this")
    token = made.out.strip()
    listed = catalog(own_daemon.state, "status", "-o", "json", CATALOG_URL=own_daemon.url, CATALOG_TOKEN=token)
    assert json.loads(listed.out)["entities"] == 0
    assert "kind:nothing-of-this" in catalog(own_daemon.state, "token", "list").out
    refused = catalog(own_daemon.state, "token", "create", "x", "--scope", "read", "--read", "{")
    assert (refused.code != 0, "the condition is not JSON" in refused.err) == (True, True)


def test_a_token_alone_on_stdout(own_daemon: Daemon) -> None:
    done = catalog(own_daemon.state, "token", "create", "ci", "--scope", "read")
    assert re.fullmatch(r"\S+\n", done.out)


def test_where_the_configuration_is(tmp_path: Path) -> None:
    assert catalog(tmp_path, "config", "path", CATALOG_CONFIG="/etc/c.toml").out == "/etc/c.toml\n"
    found = catalog(tmp_path, "config", "path", CATALOG_CONFIG="", XDG_CONFIG_HOME=str(tmp_path))
    assert found.out == f"{tmp_path}/catalog/config.toml\n"


def completed(state: Path, line: str, breaks: str = "\"'><=;|&(:") -> list[str]:
    """What bash is offered."""
    done = catalog(state, COMP_LINE=line, COMP_WORDBREAKS=breaks, _CATALOG_COMPLETE="bash_complete")
    assert (done.code, done.err) == (0, "")
    return [line.partition(",")[2] for line in done.out.splitlines() if line]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        pytest.param("catalog lis", ["list"], id="command"),
        pytest.param("catalog location re", ["refresh", "resume", "remove"], id="subcommand"),
        pytest.param("catalog list --col", ["--columns", "--color"], id="option"),
        pytest.param("catalog get wi", ["wide"], id="name"),
        pytest.param("catalog get component:wi", ["wide"], id="kind-and-name"),
        pytest.param("catalog get api:default/pay", ["default/payments"], id="full-ref"),
        pytest.param("catalog get wide component:default/wi", ["default/wide"], id="second-ref"),
        pytest.param("catalog list life", ["lifecycle:"], id="field"),
        pytest.param("catalog list tag:l", ["legacy"], id="value"),
        pytest.param("catalog list kind:component -tag:l", ["legacy"], id="excluded-value"),
        pytest.param("catalog list kind:api tag:l", [], id="value-among-what-the-line-means"),
        pytest.param("catalog list kind:COMP", ["COMPonent"], id="value-as-it-was-begun"),
        pytest.param("catalog list name:led", ["ledger"], id="name"),
        pytest.param("catalog list kind:api payme", ["payments"], id="word"),
        pytest.param("catalog list annotation.a", ["annotation.acme.test/pager:"], id="path"),
        pytest.param("catalog facets -f ow", ["owner"], id="facet"),
        pytest.param("catalog list -ow", ["-owner:"], id="excluded-field"),
        pytest.param("catalog completion z", ["zsh"], id="choice"),
        pytest.param("catalog list --columns na", ["name", "namespace"], id="column"),
        pytest.param("catalog list --columns name,ow", ["name,owner"], id="second-column"),
        pytest.param("catalog errors --sort=pa", ["path"], id="column-to-sort-by"),
        pytest.param("catalog errors --code ", ["entity.format"], id="code"),
        pytest.param("catalog schema comp", ["component"], id="kind"),
        pytest.param("catalog why wide spec.o", ["spec.owner"], id="field-of-an-entity"),
        pytest.param("catalog set wide spec.ow", ["spec.owner="], id="path-to-set"),
        pytest.param("catalog set wi", ["wide"], id="ref-to-set"),
        pytest.param("catalog set --query tag:l", ["legacy"], id="query-in-an-option"),
        pytest.param("catalog token create --scope pro", ["properties:write"], id="scope"),
        pytest.param("catalog man location ad", ["add"], id="page-of-the-manual"),
        pytest.param("catalog config get git.poll", ["git.poll_interval"], id="setting"),
        pytest.param("catalog check du", ["duplicates"], id="check"),
    ],
)
def test_completion(state: Path, line: str, offered: list[str]) -> None:
    assert completed(state, line) == offered


def test_completion_keeps_the_prefix_where_bash_does_not_break_words(state: Path) -> None:
    assert completed(state, "catalog get component:wi", breaks=" ") == ["component:wide"]


def test_completion_is_silent_without_a_daemon(tmp_path: Path) -> None:
    assert completed(tmp_path, "catalog get x") == []


def test_completion_offers_nothing_that_acts_on_a_terminal(tmp_path: Path) -> None:
    items = [{"text": text, "about": "", "count": 1} for text in ("\x1b[31m", "team-a")]
    with scripted_daemon(tmp_path, lambda request: request.json({"start": 6, "end": 6, "items": items})):
        assert completed(tmp_path, "catalog list owner:") == ["team-a"]


@pytest.mark.parametrize(
    ("shell", "line", "word", "offered"),
    [
        ("zsh", "catalog get component:wi", "2", "plain\ncomponent:wide\n_\n"),
        ("fish", "catalog get component:wi", "component:wi", "plain,component:wide\n"),
        ("zsh", "catalog list tag:l", "2", "plain\ntag:legacy\n_\n"),
        ("fish", "catalog list tag:l", "tag:l", "plain,tag:legacy\n"),
        ("fish", "catalog apply -f w", "w", "file,w\n"),
        ("fish", "catalog list --columns name,ow", "name,ow", "plain,name,owner\n"),
    ],
)
def test_other_shells_are_offered_the_same(state: Path, shell: str, line: str, word: str, offered: str) -> None:
    done = catalog(state, COMP_WORDS=line, COMP_CWORD=word, _CATALOG_COMPLETE=f"{shell}_complete")
    assert (done.out, done.err) == (offered, "")


def test_names_in_sql_are_offered_once_its_process_is_there(state: Path) -> None:
    catalog(state, "sql", "SELECT 1")  # the first question starts it, which takes longer than completion waits
    line = "catalog sql -c 'SELECT ref FROM compo"
    assert any(completed(state, line) == ["SELECT ref FROM components"] for _ in range(10))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(state: Path, shell: str) -> None:
    done = catalog(state, "completion", shell)
    assert done.code == 0
    assert f"_CATALOG_COMPLETE={shell}_complete" in done.out
    assert "git-catalog" in done.out


def test_the_script_of_fish_keeps_commas_and_that_of_zsh_asks_once(state: Path, tmp_path: Path) -> None:
    assert "string split --max 1 " in catalog(state, "completion", "fish").out
    if shutil.which("fish"):
        program = tmp_path / "catalog"
        program.write_text(f'#!/bin/sh\nexec {sys.executable} -m tui.cli "$@"\n')
        program.chmod(0o755)
        asked = 'catalog completion fish | source; complete -C "catalog list --columns name,ow"'
        further = environment(state, PATH=f"{tmp_path}:{os.environ['PATH']}", HOME=str(tmp_path))
        done = subprocess.run(["fish", "-c", asked], env=further, cwd=ROOT, capture_output=True, text=True)
        assert done.stdout == "name,owner\n", done.stderr
    zsh = catalog(state, "completion", "zsh").out
    assert zsh.startswith("#compdef catalog git-catalog\n")
    assert re.findall(r"^ *compdef (.*)$", zsh, re.MULTILINE) == ["_catalog_completion catalog git-catalog"]
    assert zsh.count('_catalog_completion "$@"') == 1


def test_the_bash_script_completes_in_bash(state: Path) -> None:
    script = catalog(state, "completion", "bash").out
    program = f"{script}\nCOMP_LINE='catalog get component:wi' COMP_POINT=24\n_catalog_completion catalog\n"
    program += 'printf "%s\\n" "${COMPREPLY[@]}"'
    run = f'catalog() {{ {sys.executable} -m tui.cli "$@"; }}\nexport -f catalog\n'
    run += 'env() { local -a set; while [[ $1 == *=* ]]; do export "$1"; shift; done; "$@"; }\n'
    done = subprocess.run(
        ["bash", "--norc", "-c", run + program], env=environment(state), cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout == "wide\n", done.stderr


@pytest.mark.parametrize("total", [0, 1, PAGE, PAGE * 2 + 7])
@pytest.mark.parametrize("limit", [None, 5, PAGE + 3])
def test_pages_make_one_answer(tmp_path: Path, total: int, limit: int | None) -> None:
    def answer(request: Request) -> None:
        offset, size = (int(request.parameters.get(name, ["0"])[0]) for name in ("offset", "limit"))
        names = [f"e{number}" for number in range(total)][offset : offset + min(size, 700)]
        page = {"total": total, "generation": 1}
        if "columns" in request.parameters:
            request.json(page | {"columns": ["name"], "rows": [{"ref": name, "cells": [name]} for name in names]})
        else:
            request.json(page | {"items": names})

    expected = [f"e{number}" for number in range(total)][:limit]
    with scripted_daemon(tmp_path, answer):
        client = Client(Address(socket=str(tmp_path / "catalog.sock")))
        found = find_rows(client, "", ("name",), "", limit)
        assert (found.total, [row.name for row in found.rows()]) == (total, expected)
        assert list(find_documents(client, "", "", limit).items()) == expected
        client.close()


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, 2), (401, 6), (403, 6), (404, 1), (409, 5), (412, 5), (429, 3), (500, 4), (503, 3), (418, 4)],
)
def test_what_the_daemon_refuses_has_an_exit_code(status: int, code: int) -> None:
    failure = refused(ApiProblem(status, {"detail": "no", "code": "x"}), where="there")
    assert failure.code == ExitCode(code)
    assert [line.partition(":")[0].strip() for line in failure.lines] == ["error", "where", "next"]


def test_an_unreachable_daemon_elsewhere_is_not_started_here() -> None:
    assert "daemon start" in unreachable(DaemonUnreachable("unix:/x", "refused"), "catalog").next_step
    assert "CATALOG_URL" in unreachable(DaemonUnreachable("http://x", "refused"), "catalog").next_step
