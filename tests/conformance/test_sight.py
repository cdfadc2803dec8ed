"""What a daemon tells of itself: metrics (R92), its log (R93), the audit trail (R94), and doctor (R96)."""

import json
import logging
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from syncd.logs import JsonLines, TextLines, harmless, told
from tests.support.daemon import Daemon, wait_until
from tests.support.loopback import say_nothing, tcp_server
from tests.support.process import ROOT, component, syncd_command
from tests.support.repository import RepoBuilder
from tests.support.webhooks import SECRET, deliver, made, push
from tests.tui.cli.program import catalog

GIT = '[git]\nprotocols = ["file"]\nwatch = false\npoll_interval = "1h"\n'
OFTEN = '[limits]\nbackoff_first = "1s"\nbackoff_longest = "1s"\n'
FORGED = "evil\n2026-01-01 ERROR root forged"
SAMPLE = re.compile(r"^(\w+)(?:\{(.*)\})? (\S+)$", re.MULTILINE)
OPERATIONS = (ROOT / "docs" / "operations.md").read_text("utf-8")


class Watched:
    """A daemon with one location that can be read, `well`, and one that cannot, `broken`."""

    def __init__(self, folder: Path) -> None:
        repository = RepoBuilder(folder / "acme-shop.git")
        repository.commit({"catalog-info.yaml": "---\n".join([component("till"), component("shelf")])})
        self.repository = repository
        self.log = folder / "daemon" / "daemon.log"
        self.daemon = Daemon(folder / "daemon", f'[daemon]\nlog_format = "json"\n{GIT}{OFTEN}')
        self.well = self.daemon.register(repository.url, type="git")
        self.broken = self.daemon.register((folder / "nothing.git").as_uri(), type="git")

    def metrics(self) -> dict[tuple[str, str], float]:
        """All samples, by name and labels as they are printed."""
        answer = self.daemon.owner.get("/metrics")
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
        return {(name, labels): float(value) for name, labels, value in SAMPLE.findall(answer.text)}

    def lines(self) -> list[dict[str, Any]]:
        """The log, each line read as the JSON that it must be."""
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """One for the module; tests add to it and count from where they begin."""
    found = Watched(tmp_path_factory.mktemp("sight"))
    yield found
    found.daemon.stop()


# Metrics -------------------------------------------------------------------------------------------------------------


def test_r092_the_figures_are_those_of_the_daemon(watched: Watched) -> None:
    status = watched.daemon.owner.get("/api/own/status").json()
    found = watched.metrics()
    assert found["catalog_entities", 'kind="Component"'] == status["kinds"]["Component"] == 2
    assert found["catalog_problems", ""] == status["problems"]
    assert found["catalog_index_seq", ""] == found["catalog_log_seq", ""] == status["log_seq"] > 0
    assert found["catalog_generation", ""] == status["generation"]
    assert found["catalog_state", 'state="ready"'] == 1
    assert found["catalog_disk_free_bytes", ""] > 0
    assert found["process_resident_memory_bytes", ""] > 1e6
    assert {labels for name, labels in found if name == "catalog_queue_length"} == {
        f'queue="{queue}"' for queue in ("api", "api_sql", "api_wait", "looks", "sql", "writes")
    }
    assert {labels for name, labels in found if name == "catalog_running"} == {
        f'what="{what}"' for what in ("git", "looks", "sql")
    }


def test_r092_what_is_done_is_counted(watched: Watched) -> None:
    def count(result: str) -> float:
        return watched.metrics().get(("catalog_syncs_duration_seconds_count", f'result="{result}"'), 0)

    good = count("ok")
    watched.daemon.sync()
    assert count("ok") == good + 1
    failing = {labels for name, labels in watched.metrics() if name == "catalog_syncs_duration_seconds_count"}
    assert failing - {'result="ok"'}, "the broken location is counted by the code of its error"
    found = watched.metrics()
    assert found["catalog_locations", 'which="all"'] == 2
    assert found["catalog_locations", 'which="failing"'] == found["catalog_locations", 'which="never_read"'] == 1
    age = found["catalog_location_last_success_age_seconds", f'location="{watched.well["id"]}"']
    assert 0 <= age < 60
    assert found["catalog_location_last_success_age_seconds_max", ""] >= age


def test_r092_requests_are_counted_by_route_and_status(watched: Watched) -> None:
    def count(method: str, route: str, status: int) -> float:
        labels = f'method="{method}",route="{route}",status="{status}"'
        return watched.metrics().get(("catalog_http_requests_duration_seconds_count", labels), 0)

    one, entity = "/api/own/entities/{ref}", "/api/own/entities/component:default%2F"
    before = count("GET", one, 200), count("GET", one, 404), count("GET", one, 401), count("", "", 404)
    for name in ("till", "shelf", "till", "nobody"):
        watched.daemon.owner.get(f"{entity}{name}")
    with watched.daemon.stranger() as client:
        assert client.get(f"{entity}till").status_code == 401
    watched.daemon.owner.get("/no/such/path")
    after = count("GET", one, 200), count("GET", one, 404), count("GET", one, 401), count("", "", 404)
    assert [new - old for new, old in zip(after, before, strict=True)] == [3, 1, 1, 1]


def test_r092_webhooks_are_counted_by_what_came_of_them(watched: Watched) -> None:
    made(watched.daemon.owner, "counted", "github")
    with watched.daemon.stranger() as client:
        assert deliver(client, "counted", push("github")).status_code == 202
        assert deliver(client, "counted", push("github", secret="not the secret at all")).status_code == 401
    found = watched.metrics()
    assert found["catalog_webhook_deliveries_total", 'result="ignored"'] == 1
    assert found["catalog_webhook_deliveries_total", 'result="refused"'] == 1


def test_r092_what_cannot_be_read_is_counted_by_its_code(watched: Watched) -> None:
    def count(code: str) -> float:
        return watched.metrics().get(("catalog_parse_errors_total", f'code="parse.{code}"'), 0)

    before = count("syntax"), count("duplicate_key")
    texts = ["a: [", "a: 1\n---\na: }", "a: 1\na: 2\n"]
    watched.repository.commit({f"bad{number}/catalog-info.yaml": text for number, text in enumerate(texts)})
    watched.daemon.sync()
    assert (count("syntax"), count("duplicate_key")) == (before[0] + 2, before[1] + 1)
    found = watched.metrics()
    assert found["catalog_parser_unexpected_total", ""] == 0
    assert found["catalog_git_started_total", ""] > 0
    watched.repository.commit({f"bad{number}/catalog-info.yaml": None for number in range(len(texts))})
    watched.daemon.sync()


def test_r092_silent_hosts_killed_children_and_retries_are_counted(tmp_path: Path) -> None:
    configuration = '[git]\nprotocols = ["git"]\n[limits]\nfetch_timeout = "300ms"\nfirst_fetch_timeout = "300ms"\n'
    pauses = 'backoff_first = "100ms"\nbackoff_longest = "100ms"\n'
    with tcp_server(say_nothing) as port, Daemon(tmp_path, configuration + pauses) as daemon:

        def count(name: str, labels: str = "") -> float:
            text = daemon.owner.get("/metrics").text
            return {(name, labels): float(value) for name, labels, value in SAMPLE.findall(text)}.get((name, labels), 0)

        assert count("catalog_hosts", 'breaker="open"') == 0
        for number in range(3):
            body = {"type": "git", "target": f"git://127.0.0.1:{port}/{number}.git"}
            assert daemon.owner.post("/api/own/locations", json=body).status_code == 201
        wait_until(lambda: count("catalog_git_killed_total", 'reason="timeout"') >= 3, "git is ended by its clock")
        wait_until(lambda: count("catalog_sync_retries_total") > 0, "a look is tried again")
        wait_until(lambda: count("catalog_hosts", 'breaker="open"') == 1, "the host is left alone")
        assert count("catalog_hosts", 'breaker="closed"') == 0
        assert count("catalog_git_started_total") >= count("catalog_git_killed_total", 'reason="timeout"')


def test_r092_locations_that_are_not_read_again_are_overdue(tmp_path: Path) -> None:
    repository = RepoBuilder(tmp_path / "going.git")
    repository.commit({"catalog-info.yaml": component("till")})
    with Daemon(tmp_path / "daemon", '[git]\nprotocols = ["file"]\npoll_interval = "1s"\nwatch = false\n') as daemon:

        def overdue() -> float:
            text = daemon.owner.get("/metrics").text
            return {(name, labels): float(value) for name, labels, value in SAMPLE.findall(text)}[
                "catalog_locations", 'which="overdue"'
            ]

        daemon.register(repository.url, type="git")
        assert overdue() == 0
        repository.path.rename(tmp_path / "gone.git")
        wait_until(lambda: overdue() == 1, "it was not read for three intervals")


def test_r092_labels_name_no_url_path_entity_or_token(watched: Watched) -> None:
    token = watched.daemon.token("read", name="scraper")
    with watched.daemon.stranger(token) as client:
        text = client.get("/metrics").text
    assert watched.well["id"] in text
    held = (str(watched.repository.path), "acme-shop", "file:", "till", "shelf", "scraper", token)
    assert [word for word in held if word in text] == []


@pytest.mark.parametrize(("scopes", "status"), [((), 401), (("sql",), 403), (("read",), 200)])
def test_r092_scraping_takes_the_right_to_read(watched: Watched, scopes: tuple[str, ...], status: int) -> None:
    with watched.daemon.stranger(watched.daemon.token(*scopes) if scopes else "") as client:
        assert client.get("/metrics").status_code == status


def test_r092_the_documented_metrics_are_those_that_there_are(watched: Watched) -> None:
    text = watched.daemon.owner.get("/metrics").text
    told = set(re.findall(r"^# HELP (catalog_\w+) \S", text, re.MULTILINE))
    rows = re.findall(r"^\| (`catalog_.*?) \|", OPERATIONS, re.MULTILINE)
    assert set(re.findall(r"`(catalog_\w+)`", " ".join(rows))) == told


# The log -------------------------------------------------------------------------------------------------------------


def test_r093_a_sync_that_changes_something_is_a_line(watched: Watched) -> None:
    watched.repository.commit({"more.yaml": "x: y\n", "catalog-info.yaml": component("till", "Another")})
    begin = len(watched.lines())
    watched.daemon.sync()
    watched.daemon.sync()
    [line] = [one for one in watched.lines()[begin:] if one["event"] == "sync.published"]
    assert line["locations"] == [watched.well["id"]]
    assert line["level"] == "info"
    assert line["duration_ms"] > 0
    assert line["seq"] == watched.daemon.owner.get("/api/own/status").json()["index_seq"]
    assert line["message"].endswith("0 added, 1 updated, 1 removed")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"])


def test_r093_a_failure_that_lasts_is_summarised(watched: Watched) -> None:
    path = f"/api/own/locations/{watched.broken['id']}"
    while (failures := watched.daemon.owner.get(path).json()["state"]["failures"]) < 6:
        watched.daemon.owner.post(f"{path}/refresh", params={"wait": 30})
    lines = [line for line in watched.lines() if line["event"] == "sync.failed"]
    assert {tuple(line["locations"]) for line in lines} == {(watched.broken["id"],)}
    later = watched.daemon.owner.get(path).json()["state"]["failures"]
    assert failures.bit_length() <= len(lines) <= later.bit_length() < failures, "the 1st, 2nd, 4th, 8th…"
    assert {line["code"] for line in lines} == {lines[0]["code"]} != {""}
    assert {line["level"] for line in lines} == {"warning"}


def test_r093_each_write_is_a_line_with_its_request(watched: Watched) -> None:
    begin = len(watched.lines())
    token = watched.daemon.token("properties:write", name="writer")
    change = {"ref": "component:default/till", "path": "metadata.tier", "op": "replace", "value": "gold"}
    with watched.daemon.stranger(token) as client:
        done = client.post("/api/own/properties", json={"changes": [change]})
        refused = client.post("/api/own/tokens", json={"name": "more", "scopes": ["admin"]})
        client.get("/api/own/status")
    assert (done.status_code, refused.status_code) == (200, 403)

    def written() -> list[dict[str, Any]]:
        return [line for line in watched.lines()[begin:] if line["event"] == "api.write"]

    wait_until(lambda: len(written()) == 3, "the lines are written")
    lines = written()
    assert [(line["request_id"], line["status"], line["route"]) for line in lines[1:]] == [
        (done.headers["x-request-id"], 200, "/api/own/properties"),
        (refused.headers["x-request-id"], 403, "/api/own/tokens"),
    ]
    assert "writer" in lines[1]["actor"]
    assert lines[1]["duration_ms"] > 0


@pytest.mark.parametrize(
    ("hostile", "written"),
    [
        pytest.param("a\n2026-01-01 ERROR forged", "a\\n2026-01-01 ERROR forged", id="r093-a-second-line"),
        pytest.param("\x1b[2J\x07", "\\x1b[2J\\x07", id="r093-an-escape-sequence"),
        pytest.param("a\u2028b\u202ec\x85", "a\\u2028b\\u202ec\\x85", id="r093-other-line-ends-and-directions"),
        pytest.param("https://ada:s3cret@host/x", "https://…@host/x", id="r093-a-password-in-a-url"),
        pytest.param("ssh://git@host/x", "ssh://git@host/x", id="r093-a-user-in-a-url"),
        pytest.param("token gcat_abc.DEF-1 and gcatsec_x", "token … and …", id="r093-tokens"),
    ],
)
def test_hostile_text_is_escaped(hostile: str, written: str) -> None:
    assert harmless(hostile) == written


@pytest.mark.parametrize("form", [TextLines(), JsonLines()], ids=["text", "json"])
def test_r093_nobody_forges_a_line(form: logging.Formatter) -> None:
    """The text comes as a message, as a field, and as what an exception says."""

    def fail() -> None:
        raise ValueError(FORGED)

    try:
        fail()
    except ValueError:
        record = logging.LogRecord("syncd", logging.ERROR, __file__, 1, "%s failed", (FORGED,), sys.exc_info())
    record.__dict__.update(told("api.write", actor=FORGED))
    lines = form.format(record).splitlines()
    assert [line for line in lines if line.startswith("2026-01-01")] == []
    assert all(line.startswith("    ") for line in lines[1:])
    assert "evil\\n2026-01-01" in lines[0].replace("\\\\", "\\")


def test_r093_the_log_of_the_background_is_bounded(tmp_path: Path) -> None:
    """Two programs, as the command that opens the file and the daemon that writes it are."""
    log = tmp_path / "daemon.log"
    program = (
        "import logging, pathlib, sys; from syncd.logs import set_up\n"
        "set_up(sys.stderr, 'text', pathlib.Path(sys.argv[1]), 2000)\n"
        "for number in range(100): logging.getLogger('x').info('line %d', number)"
    )
    with log.open("ab") as stderr:
        subprocess.run([sys.executable, "-c", program, str(log)], cwd=ROOT, stderr=stderr, check=True)
    before, after = (path.read_text() for path in (tmp_path / "daemon.log.1", log))
    assert max(len(before), len(after)) < 2100
    numbers = [int(line.rpartition(" ")[2]) for line in (before + after).splitlines()]
    assert numbers == list(range(numbers[0], 100)), "nothing is lost but what is oldest"
    other = tmp_path / "other.log"
    with other.open("ab") as stderr:
        subprocess.run([sys.executable, "-c", program, str(log)], cwd=ROOT, stderr=stderr, check=True)
    assert len(other.read_text().splitlines()) == 100, "a file that somebody else chose stays whole"


@pytest.mark.parametrize("form", ["text", "json"])
def test_r093_no_line_holds_a_secret(start: Callable[[str], Daemon], form: str) -> None:
    daemon = start(f'[daemon]\nlog_format = "{form}"\n[git]\nprotocols = ["file", "https"]\n')
    token = daemon.token("read", "locations:write", "properties:write", name="eve")
    client_made = daemon.owner.post("/api/own/clients", json={"name": "canary"}).json()
    secret = client_made["client_secret"]
    made(daemon.owner, "canary", "github")
    target = "https://ada:hunter2-canary@127.0.0.1/acme/shop.git"
    with daemon.stranger(token) as client:
        assert client.post("/api/own/locations", json={"target": target, "type": "git"}).status_code >= 400
        client.post("/v1/auth/access_token", json={"clientId": client_made["client_id"], "clientSecret": secret})
        deliver(client, "canary", push("github"))
        client.post("/api/own/properties", json={"changes": []})
    with daemon.stranger("gcat_canary-that-is-unknown") as client:
        client.post("/api/own/locations", json={"target": "x"})
    assert daemon.stop() == 0
    text = daemon.log.read_text("utf-8")
    assert "webhook canary" in text, "the log is there"
    secrets = (token, secret, SECRET, "hunter2-canary", "gcat_canary")
    assert [one for one in secrets if one in text] == []


# The audit trail -----------------------------------------------------------------------------------------------------


def test_r094_a_change_names_who_did_what_with_hashes_before_and_after(watched: Watched) -> None:
    def trail(since: int) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = watched.daemon.owner.get("/api/own/changes", params={"since": since}).json()[
            "items"
        ]
        return items

    begin = watched.daemon.owner.get("/api/own/status").json()["index_seq"]
    token = watched.daemon.token("properties:write", name="auditor")
    ref = "component:default/till"
    with watched.daemon.stranger(token) as client:
        for change in (
            {"op": "replace", "value": "one"},
            {"op": "replace", "value": "two"},
            {"op": "remove"},
        ):
            whole = {"ref": ref, "path": "metadata.audited", **change}
            assert client.post("/api/own/properties", json={"changes": [whole]}).status_code == 200
    rows = [row for row in trail(begin) if row["properties"]]
    assert ["auditor" in row["actor"] for row in rows] == [True] * 3
    kept = [(one["ref"], one["path"], one["effect"]) for row in rows for one in row["properties"]]
    assert kept == [(ref, "metadata.audited", effect) for effect in ("added", "updated", "removed")]
    hashes = [(row["properties"][0]["before"], row["properties"][0]["after"]) for row in rows]
    assert hashes[0][0] is hashes[2][1] is None
    assert hashes[0][1] == hashes[1][0] != hashes[1][1] == hashes[2][0]
    assert '"one"' not in json.dumps(rows), "a hash tells what was there to those who know it, and to nobody else"
    again = trail(begin)
    assert [row for row in again if row["properties"]] == rows, "nothing of it changes afterwards"
    assert [row["seq"] for row in again] == sorted({row["seq"] for row in again})


# Doctor --------------------------------------------------------------------------------------------------------------


class Patient:
    """A state directory and a configuration that doctor looks at."""

    def __init__(self, folder: Path) -> None:
        self.state = folder / "state"
        self.config = folder / "config.toml"
        self.config.write_text(GIT)
        self.path = os.environ["PATH"]
        self.limits = ""

    def checks(self) -> tuple[int, dict[str, dict[str, str]]]:
        """The exit code, and every check by its name."""
        command = [*syncd_command("doctor", self.state.parent), "--config", str(self.config), "-o", "json"]
        if self.limits:
            command = ["/bin/sh", "-c", f'{self.limits}; exec "$@"', "sh", *command]
        environ = {**os.environ, "PATH": self.path}
        done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
        assert done.stderr == ""
        return done.returncode, {check["name"]: check for check in json.loads(done.stdout)}


@pytest.fixture
def patient(tmp_path: Path) -> Patient:
    return Patient(tmp_path)


def test_r096_a_healthy_daemon(watched: Watched) -> None:
    state = watched.daemon.state
    done = catalog(state, "doctor", "-o", "json")
    checks = {check["name"]: check for check in json.loads(done.out)}
    bad = {name: check for name, check in checks.items() if check["result"] == "failed"}
    assert list(bad) == [f"location {watched.broken['id']}"], bad
    assert done.code == 8
    names = (
        ["configuration", "python", "git", "sqlite", "duckdb", "disk", "clock", "daemon", "index"]
        + ["git profile", "open files", "inotify max_user_watches", "state directory", "file state.sqlite"]
        + [f"location {watched.well['id']}"]
        + [f"sandbox {layer}" for layer in ("network", "capabilities", "no_new_privs", "landlock", "limits", "seccomp")]
    )
    assert [name for name in names if name not in checks] == []
    assert checks["index"]["found"].startswith("all ")
    assert "last read 20" in checks[f"location {watched.well['id']}"]["found"]
    table = catalog(state, "doctor")
    assert table.code == 8
    assert re.search(r"^daemon +ok +\S+, ready, http", table.out, re.MULTILINE)
    assert re.search(rf"^location {watched.broken['id']} +failed .*\n +→ \S", table.out, re.MULTILINE)


def test_r096_no_daemon_is_no_failure(patient: Patient) -> None:
    code, checks = patient.checks()
    assert (code, checks["daemon"]["result"], checks["state directory"]["result"]) == (0, "warning", "warning")
    assert not patient.state.exists()


def _old_git(patient: Patient) -> None:
    folder = patient.state.parent / "bin"
    folder.mkdir()
    (folder / "git").write_text("#!/bin/sh\necho git version 2.30.1\n")
    (folder / "git").chmod(0o755)
    patient.path = f"{folder}:{patient.path}"


def _own_mind(patient: Patient) -> None:
    """A git that adds settings of its own."""
    folder = patient.state.parent / "bin"
    folder.mkdir()
    real = subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout.strip()
    (folder / "git").write_text(f'#!/bin/sh\nexec {real} -c core.hooksPath=/tmp "$@"\n')
    (folder / "git").chmod(0o755)
    patient.path = f"{folder}:{patient.path}"


def _state(patient: Patient, mode: int = 0o700, key_mode: int = 0o600) -> None:
    patient.state.mkdir(mode=0o700)
    patient.state.chmod(mode)
    (patient.state / "secret.key").write_text("x")
    (patient.state / "secret.key").chmod(key_mode)


def _of_the_future(patient: Patient) -> None:
    _state(patient)
    (patient.state / "state.sqlite").touch(mode=0o600)
    os.utime(patient.state / "state.sqlite", (time.time() + 86400,) * 2)


def _dead(patient: Patient) -> None:
    _state(patient)
    (patient.state / "daemon.pid").write_text("1\n")


def _credential(patient: Patient, mode: int) -> None:
    secret = patient.state.parent / "token"
    secret.touch(mode=mode)
    secret.chmod(mode)
    secret.write_text("doctor-canary")
    table = f'[[credentials]]\nname = "forge"\nurl = "ssh://forge.example.test"\nsecret_file = "{secret}"\n'
    patient.config.write_text(table)


CASES: list[tuple[str, Callable[[Patient], object], str, str]] = [
    ("git", _old_git, "failed", "2.30.1"),
    ("git profile", _own_mind, "failed", "core.hooksPath"),
    ("state directory", lambda patient: _state(patient, mode=0o755), "failed", "0755"),
    ("file secret.key", lambda patient: _state(patient, key_mode=0o640), "failed", "0640"),
    ("credential forge", lambda patient: _credential(patient, 0o640), "failed", "0640"),
    ("ssh hosts", lambda patient: _credential(patient, 0o600), "failed", "known_hosts"),
    ("clock", _of_the_future, "failed", "later than that"),
    ("daemon", _dead, "failed", "process 1"),
    ("configuration", lambda patient: patient.config.write_text("[gti]\n"), "failed", "gti"),
    ("disk", lambda patient: patient.config.write_text('[limits]\nfree_space = "900000 GiB"\n'), "failed", "GiB free"),
    ("open files", lambda patient: setattr(patient, "limits", "ulimit -n 200"), "warning", "200"),
]


@pytest.mark.parametrize(
    ("name", "break_it", "result", "found"), CASES, ids=[f"r096-{case[0].replace(' ', '-')}" for case in CASES]
)
def test_doctor_names_what_is_wrong(
    patient: Patient, name: str, break_it: Callable[[Patient], object], result: str, found: str
) -> None:
    break_it(patient)
    code, checks = patient.checks()
    assert checks[name]["result"] == result
    assert found in checks[name]["found"]
    assert checks[name]["advice"]
    assert code == (8 if result == "failed" else 0)
