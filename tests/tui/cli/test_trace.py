"""`-v` and `--debug`: what is asked of the daemon can be seen, and holds no secret."""

import re
import stat
from pathlib import Path

import pytest

from tests.support.daemon import Daemon
from tests.tui.cli.hostile import TEXTS, raw
from tests.tui.cli.program import catalog
from tui.cli.trace import Trace

REQUEST = r"GET /api/own/entities\?q=wide&\S* 200 \d+ ms"


def test_verbose_tells_each_request_on_stderr(state: Path) -> None:
    quiet, told = catalog(state, "list", "wide"), catalog(state, "-v", "list", "wide")
    assert told.out == quiet.out
    assert re.findall(r"^GET .*$", told.err, re.MULTILINE) == re.findall(rf"^{REQUEST}$", told.err, re.MULTILINE) != []


def test_debug_writes_requests_and_failures_to_a_file_and_tells_its_path(state: Path, tmp_path: Path) -> None:
    done = catalog(state, "get", "nobody", "--debug", XDG_CACHE_HOME=str(tmp_path))
    assert done.code == 1
    [file] = (tmp_path / "catalog").iterdir()
    assert done.err.endswith(f"debug log: {file}\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    text = file.read_text()
    assert re.search(r"^\S+ catalog \S+, python ", text)
    assert "GET /api/own/entities?q=ref%3A%22nobody%22" in text
    assert "Failure: there is no entity 'nobody'" in text


def test_no_token_is_in_it(catalog_daemon: Daemon, tmp_path: Path) -> None:
    token = catalog_daemon.token("read")
    where = catalog_daemon.url
    options = ("list", "wide", "-v", "--debug")
    done = catalog(tmp_path, *options, CATALOG_URL=where, CATALOG_TOKEN=token, XDG_CACHE_HOME=str(tmp_path))
    assert done.code == 0
    [file] = (tmp_path / "catalog").iterdir()
    assert "GET " in file.read_text()
    assert token not in file.read_text() + done.err


def test_a_daemon_that_does_not_answer_is_told_too(tmp_path: Path) -> None:
    done = catalog(tmp_path, "status", "-v")
    assert done.code == 3
    assert re.search(r"^GET /api/own/status No such file or directory \d+ ms$", done.err, re.MULTILINE)


def test_r071_a_request_cannot_act_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    trace = Trace(verbose=True, debug=False, program="catalog")
    for text in TEXTS.values():
        trace.exchanged("GET", f"/{text}", text, 0.001)
    assert raw(capsys.readouterr().err) == []
