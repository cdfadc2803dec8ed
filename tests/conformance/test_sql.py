"""Questions in SQL over HTTP: the sandbox of R66-R70 in a running daemon, hostile questions included."""

import json
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest

from tests.support.daemon import Daemon, wait_until
from tests.support.shop import SHOP_REFS, SHOP_URL, SHOP_YAML, Forge, component

LIMITS = """
[limits]
sql_time = "2s"
sql_workers = 2
sql_queue = 1
sql_rows = 1000
sql_bytes = "1 MiB"
sql_columns = 100
"""


class Sql:
    """A daemon that is asked in SQL."""

    def __init__(self, daemon: Daemon, forge: Forge) -> None:
        self.daemon = daemon
        self.forge = forge

    def ask(self, sql: str, **further: Any) -> httpx.Response:
        """Any answer."""
        return self.daemon.owner.post("/api/own/sql", json={"sql": sql, **further})

    def rows(self, sql: str, *parameters: Any) -> Any:
        """The rows of an answer that succeeds."""
        answer = self.ask(sql, params=list(parameters))
        assert answer.status_code == 200, answer.text
        return answer.json()["rows"]

    def state(self) -> Any:
        """What the status says of SQL."""
        return self.daemon.owner.get("/api/own/status").json()["sql"]

    @property
    def pid(self) -> int:
        """A process that answers."""
        self.rows("SELECT 1")
        return int(self.state()["pids"][0])


@pytest.fixture(scope="module")
def sql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sql]:
    """The fixture "shop", and a broken file."""
    folder = tmp_path_factory.mktemp("sql")
    forge = Forge(folder / "git")
    forge.file("shop", SHOP_YAML)
    with Daemon(folder / "daemon", forge.config + LIMITS) as daemon:
        daemon.register(SHOP_URL)
        yield Sql(daemon, forge)


REFUSED, NAME, FAILED, SPENT, MEMORY = {"sql.refused"}, {"sql.name"}, {"sql.failed"}, {"limit"}, {"sql.memory"}
CHANGE = REFUSED | NAME
HOSTILE = [
    # What writes
    ("INSERT INTO core.meta VALUES ('a', 'b')", REFUSED),
    ("UPDATE core.entities SET name = 'x'", REFUSED),
    ("DELETE FROM core.entities", REFUSED),
    ("TRUNCATE core.entities", REFUSED),
    ("MERGE INTO core.meta USING core.meta m ON true WHEN MATCHED THEN DELETE", REFUSED | {"sql.syntax"}),
    ("CREATE TABLE x (a INTEGER)", REFUSED),
    ("CREATE TEMP TABLE x (a INTEGER)", REFUSED),
    ("CREATE MACRO x() AS 1", REFUSED),
    ("CREATE SECRET (TYPE s3, KEY_ID 'a', SECRET 'b')", REFUSED),
    ("DROP VIEW entities", REFUSED),
    ("ALTER TABLE core.meta ADD COLUMN x INTEGER", REFUSED),
    ("WITH x AS (DELETE FROM core.entities RETURNING *) SELECT * FROM x", CHANGE),
    ("WITH x AS (UPDATE core.meta SET value = '' RETURNING *) SELECT * FROM x", CHANGE),
    ("WITH x AS (INSERT INTO core.meta VALUES ('a', 'b') RETURNING *) SELECT * FROM x", CHANGE),
    ("EXPLAIN WITH x AS (DELETE FROM core.entities RETURNING *) SELECT * FROM x", CHANGE),
    ("EXPLAIN ANALYZE SELECT 1", REFUSED),
    ("EXPLAIN (ANALYZE) SELECT 1", REFUSED),
    ("EXPLAIN DELETE FROM core.entities", REFUSED),
    # Files, other databases, extensions
    ("SELECT * FROM read_csv('/etc/passwd')", REFUSED),
    ("SELECT * FROM read_text('/etc/passwd')", REFUSED),
    ("SELECT * FROM read_blob('/proc/self/environ')", REFUSED),
    ("SELECT * FROM glob('/**')", REFUSED),
    ("SELECT * FROM '/etc/passwd'", {"sql.refused", "sql.name", "sql.failed"}),
    ("SELECT * FROM 'http://127.0.0.1:1/x.parquet'", {"sql.refused", "sql.name", "sql.failed"}),
    ("SELECT * FROM parquet_scan('x')", REFUSED),
    ("SELECT * FROM sniff_csv('/etc/passwd')", REFUSED),
    ("SELECT * FROM read_json_auto('/etc/passwd')", REFUSED),
    ("COPY entities TO '/tmp/stolen.csv'", REFUSED),
    ("COPY core.meta FROM '/etc/passwd'", REFUSED),
    ("EXPORT DATABASE '/tmp/stolen'", REFUSED),
    ("IMPORT DATABASE '/tmp/stolen'", REFUSED | {"sql.syntax", "sql.failed"}),
    ("ATTACH '/etc/passwd' AS x", REFUSED),
    ("ATTACH ':memory:' AS x", REFUSED),
    ("DETACH x", REFUSED),
    ("USE memory", REFUSED),
    ("INSTALL httpfs", REFUSED),
    ("LOAD httpfs", REFUSED),
    ("LOAD '/tmp/x.duckdb_extension'", REFUSED),
    # Settings, transactions, what shows paths
    ("SET enable_external_access = true", REFUSED),
    ("SET memory_limit = '100GB'", REFUSED),
    ("RESET lock_configuration", REFUSED),
    ("PRAGMA database_list", REFUSED),
    ("PRAGMA enable_profiling", REFUSED),
    ("CALL duckdb_settings()", REFUSED),
    ("CHECKPOINT", REFUSED),
    ("VACUUM", REFUSED),
    ("ANALYZE", REFUSED),
    ("PREPARE x AS SELECT 1", REFUSED),
    ("EXECUTE x", REFUSED),
    ("BEGIN", REFUSED),
    ("COMMIT", REFUSED),
    ("ROLLBACK", REFUSED),
    ("SET VARIABLE x = 1", REFUSED),
    ("SELECT * FROM duckdb_settings()", REFUSED),
    ("SELECT * FROM duckdb_settings", REFUSED | NAME),
    ("SELECT path FROM duckdb_databases()", REFUSED),
    ("SELECT path FROM system.main.duckdb_databases", REFUSED | NAME),
    ("SELECT * FROM pragma_database_list()", REFUSED),
    ("SELECT * FROM pragma_database_list", REFUSED | NAME),
    ("SELECT * FROM duckdb_secrets()", REFUSED),
    ("SELECT * FROM duckdb_extensions()", REFUSED),
    ("SELECT * FROM duckdb_logs()", REFUSED),
    ("SHOW DATABASES", REFUSED),
    ("SHOW ALL TABLES", REFUSED | {""}),
    ("SELECT current_setting('temp_directory')", REFUSED),
    ("SELECT (SELECT max(current_setting('threads')) FROM entities)", REFUSED),
    ("SELECT 'threads'.current_setting()", REFUSED),
    ("SELECT getenv('HOME')", REFUSED | NAME),
    ("SELECT * FROM query('SELECT * FROM duckdb_settings()')", REFUSED),
    ("SELECT * FROM query_table('entities')", REFUSED),
    ("SELECT * FROM json_execute_serialized_sql('{}')", REFUSED),
    ("SELECT write_log('x')", REFUSED),
    ("SELECT * FROM arrow_scan(1, 2, 3)", REFUSED),
    ("SELECT * FROM pandas_scan(1)", REFUSED),
    ("SELECT * FROM python_map_function(1)", REFUSED),
    ("SELECT * FROM seq_scan('x')", REFUSED),
    # More than one
    ("SELECT 1; SELECT 2", REFUSED),
    ("SELECT 1; DELETE FROM core.entities", REFUSED),
    ("PIVOT entities ON kind USING count(*)", REFUSED),
    ("", {"input"}),
    ("-- nothing", {"sql.syntax"}),
    (";", {"sql.syntax"}),
    # Bombs
    ("SELECT repeat('x', 2000000000)", MEMORY),
    ("SELECT length(repeat('x', 4000000000))", MEMORY | FAILED | NAME),
    ("SELECT list(r) FROM range(1000000000) t(r)", MEMORY | SPENT),
    (
        "SELECT count(*) FROM range(1000000) a, range(1000000) b, range(1000) c WHERE a.range + b.range = 7",
        SPENT | MEMORY,
    ),
    ("SELECT * FROM range(10000000000000) ORDER BY hash(range)", MEMORY | SPENT),
    ("WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r", SPENT | MEMORY),
    (
        "SELECT [[[x * y * z FOR z IN range(4000)] FOR y IN range(4000)] FOR x IN range(4000)]",
        MEMORY | SPENT | {"sql.crashed"},
    ),
    ("SELECT regexp_replace(repeat('a', 50000000), '(a*)*b', 'x')", MEMORY | SPENT | {"", "sql.crashed"}),
    ("SELECT " + "(" * 5000 + "1" + ")" * 5000, {"", "sql.syntax", "sql.failed", "sql.crashed", "sql.memory"}),
    ("SELECT " + "+".join(["1"] * 20000), {"", "sql.syntax", "sql.failed", "sql.crashed", "sql.name", "sql.memory"}),
    ("SELECT sleep_ms(60000)", REFUSED),
]


@pytest.mark.parametrize(
    ("text", "codes"), [pytest.param(text, codes, id=f"r069-{text[:50] or 'empty'}") for text, codes in HOSTILE]
)
def test_hostile_questions(sql: Sql, text: str, codes: set[str]) -> None:
    answer = sql.ask(text)
    code = "" if answer.status_code == 200 else answer.json()["code"]
    assert code in codes, answer.text[:500]
    assert answer.status_code in (200, 400)
    assert str(sql.daemon.state) not in answer.text
    assert sql.rows("SELECT count(*) FROM entities") == [[len(SHOP_REFS)]]


def test_r066_the_process_has_a_snapshot_open_and_nothing_of_the_state(sql: Sql) -> None:
    opened = [path.readlink() for path in Path(f"/proc/{sql.pid}/fd").iterdir()]
    files = [path for path in opened if path.is_absolute() and path.parts[1] != "dev"]
    assert [path.parent for path in files] == [sql.daemon.state / "snapshots"]


def test_r066_the_index_holds_no_secret(sql: Sql) -> None:
    token = sql.daemon.token("read", name="canary")
    secret = token.rpartition("_")[2]
    wait_until(lambda: sql.rows("SELECT count(*) FROM changes WHERE what = 'token.created'")[0][0] >= 1, "it is logged")
    contents = [path.read_bytes() for path in (sql.daemon.state / "snapshots").iterdir()]
    assert contents
    assert [one for one in contents if secret.encode() in one or token.encode() in one] == []


def test_r066_a_snapshot_follows_the_index_and_the_old_one_goes(sql: Sql) -> None:
    before = sql.ask("SELECT 1").json()["index_seq"]
    url = sql.forge.file("later", component("later"))
    location = sql.daemon.register(url)
    wait_until(lambda: sql.rows("SELECT count(*) FROM components WHERE name = 'later'") == [[1]], "it is in a snapshot")
    answer = sql.ask("SELECT max(seq) FROM changes").json()
    assert answer["index_seq"] > before
    assert answer["rows"] == [[answer["index_seq"]]]
    assert 0 <= answer["snapshot_age_seconds"] < 60
    sql.daemon.owner.delete(f"/api/own/locations/{location['id']}")
    wait_until(lambda: sql.rows("SELECT count(*) FROM components WHERE name = 'later'") == [[0]], "it is gone again")
    assert len(list((sql.daemon.state / "snapshots").iterdir())) == 1


def test_r067_what_confines_the_process_is_in_the_status_and_true(sql: Sql) -> None:
    pid = sql.pid
    layers = sql.state()["layers"]
    assert set(layers) == {"network", "capabilities", "no_new_privs", "landlock", "limits", "seccomp"}
    threads = list(Path(f"/proc/{pid}/task").iterdir())
    assert len(threads) == 2  # the one that answers and the one that hears an interrupt
    for thread in threads:
        lines = (thread / "status").read_text().splitlines()
        told = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
        assert (told["NoNewPrivs"], told["Seccomp"], int(told["CapEff"], 16)) == ("1", "2", 0)
        assert (thread / "ns" / "net").readlink() != Path("/proc/self/ns/net").readlink()
    assert Path(f"/proc/{pid}/environ").read_bytes() == b""
    limits = Path(f"/proc/{pid}/limits").read_text()
    bounds = {line[:26].strip(): line[26:].split() for line in limits.splitlines()}
    assert bounds["Max file size"][:2] == bounds["Max processes"][:2] == bounds["Max core file size"][:2] == ["0", "0"]
    assert "unlimited" not in bounds["Max address space"] + bounds["Max cpu time"]


def test_r070_after_the_deadline_the_process_is_interrupted_and_goes_on(sql: Sql) -> None:
    pid = sql.pid
    answer = sql.ask(
        "SELECT count(*) FROM range(1000000) a, range(1000000) b, range(1000) c WHERE a.range + b.range = 7"
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "limit")
    assert "sql_time" in answer.json()["detail"]
    assert pid in sql.state()["pids"]


def test_r070_a_process_that_does_not_hear_is_killed_and_replaced(sql: Sql) -> None:
    pid = sql.pid
    os.kill(pid, signal.SIGSTOP)
    answer = sql.ask("SELECT 1")
    assert (answer.status_code, answer.json()["code"]) == (400, "limit")
    assert not Path(f"/proc/{pid}").exists()
    assert sql.rows("SELECT 1") == [[1]]


def test_r070_only_so_many_wait(sql: Sql) -> None:
    endless = "SELECT count(*) FROM range(1000000) a, range(1000000) b, range(1000) c WHERE a.range + b.range = 7"
    threads = [threading.Thread(target=sql.ask, args=(endless,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    wait_until(lambda: (sql.state()["running"], sql.state()["waiting"]) == (2, 1), "two run and one waits")
    refused = sql.ask("SELECT 1")
    assert (refused.status_code, refused.json()["code"]) == (429, "busy")
    assert sql.daemon.owner.get("/api/catalog/entities/by-query").status_code == 200
    for thread in threads:
        thread.join()
    assert sql.rows("SELECT 1") == [[1]]


def test_r070_who_reads_slowly_holds_up_the_engine_and_nobody_else(sql: Sql) -> None:
    long = {"sql": "SELECT repeat('x', 1000) FROM range(1000)"}
    with sql.daemon.owner.stream("POST", "/api/own/sql", json=long) as answer:
        pieces = answer.iter_raw(1)
        next(pieces)
        assert sql.rows("SELECT 1") == [[1]]
    wait_until(lambda: sql.state()["running"] == 0, "who went away has given its place back")


@pytest.mark.parametrize(
    ("text", "limit", "rows", "by"),
    [
        pytest.param("FROM range(2000)", None, 1000, "sql_rows", id="r070-rows"),
        pytest.param("FROM range(2000)", 10, 10, "limit", id="r070-own limit"),
        pytest.param("FROM range(10)", 10, 10, None, id="r070-all"),
        pytest.param("SELECT repeat('x', 2000) FROM range(999)", None, 522, "sql_bytes", id="r070-bytes"),
        pytest.param("FROM range(10)", 0, 0, "limit", id="r070-none"),
    ],
)
def test_answers_say_what_cut_them(sql: Sql, text: str, limit: int | None, rows: int, by: str | None) -> None:
    answer = sql.ask(text, **({} if limit is None else {"limit": limit})).json()
    assert (answer["row_count"], len(answer["rows"])) == (rows, rows)
    assert (answer["truncated"], answer["truncated_by"]) == (by is not None, by)


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_a_format_that_cannot_say_that_it_is_cut_is_refused_or_breaks_off(sql: Sql, form: str) -> None:
    short = sql.ask("FROM range(1001)", format=form)
    assert (short.status_code, short.json()["code"]) == (400, "limit")
    with pytest.raises(httpx.RemoteProtocolError):
        sql.ask("SELECT [md5((i * 99 + x)::VARCHAR) FOR x IN range(20)] FROM range(1001) r(i)", format=form)
    assert sql.ask("FROM range(1001)", format=form, limit=1000).headers["x-truncated"] in ("limit", "no")


def test_formats(sql: Sql, tmp_path: Path) -> None:
    asked = "SELECT ref, tags FROM components ORDER BY ref LIMIT 2"
    assert sql.ask(asked, format="csv").text == (
        'ref,tags\ncomponent:default/checkout,"python, grpc"\ncomponent:default/pricing,"rust, python"\n'
    )
    lines = [json.loads(line) for line in sql.ask(asked, format="jsonl").text.splitlines()]
    assert lines[0] == {"ref": "component:default/checkout", "tags": ["python", "grpc"]}
    file = tmp_path / "answer.parquet"
    file.write_bytes(sql.ask(asked, format="parquet").content)
    with duckdb.connect() as connection:
        rows = connection.execute("FROM read_parquet(?)", [str(file)]).fetchall()
    assert rows[0] == ("component:default/checkout", ["python", "grpc"])


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"sql": 1},
        {"sql": ""},
        {"sql": "SELECT 1", "format": "xml"},
        {"sql": "SELECT 1", "x": 1},
        {"sql": "SELECT 1", "limit": -1},
        {"sql": "SELECT 1", "params": "x"},
        {"sql": "SELECT $1", "params": []},
    ],
)
def test_a_wrong_body_is_400(sql: Sql, body: Any) -> None:
    assert sql.daemon.owner.post("/api/own/sql", json=body).status_code == 400


def test_a_question_that_fails_late_says_so_after_its_rows(sql: Sql) -> None:
    late = "SELECT repeat('y', 1000) FROM range(900) UNION ALL SELECT ('x' || range)::INTEGER::VARCHAR FROM range(1)"
    answer = sql.ask(late)
    assert answer.status_code == 200
    told = answer.json()
    assert set(told) == {"columns", "rows", "error"}
    assert (told["error"]["code"], 0 < len(told["rows"]) <= 900) == ("sql.failed", True)
    with pytest.raises(httpx.RemoteProtocolError):
        sql.ask(late, format="csv")
    assert sql.rows("SELECT 1") == [[1]]


def test_the_scope_is_sql(sql: Sql) -> None:
    for scope, status in (("read", 403), ("sql", 200)):
        with sql.daemon.stranger(sql.daemon.token(scope, name=scope)) as client:
            assert client.post("/api/own/sql", json={"sql": "SELECT 1"}).status_code == status


def test_who_reads_only_a_part_asks_no_sql(sql: Sql) -> None:
    body = {"name": "part", "scopes": ["read", "sql"], "read": "owner:team-cart"}
    made = sql.daemon.owner.post("/api/own/tokens", json=body)
    if made.status_code == 201:
        with sql.daemon.stranger(made.json()["token"]) as client:
            assert client.post("/api/own/sql", json={"sql": "SELECT 1"}).status_code == 403
    else:
        assert made.status_code == 400, made.text


def test_a_wrong_name_is_told_with_its_place(sql: Sql) -> None:
    told = sql.ask("SELECT ref\nFROM componets").json()
    assert (told["line"], told["column"], told["position"], told["hint"]) == (2, 6, 16, "did you mean components?")


def test_processes_end_when_nobody_asks(tmp_path: Path) -> None:
    with Daemon(tmp_path / "daemon", '[limits]\nsql_idle = "300ms"\n') as daemon:
        idle = Sql(daemon, Forge(tmp_path / "git"))
        pid = idle.pid
        wait_until(lambda: not Path(f"/proc/{pid}").exists(), "the process was ended")
        assert idle.state()["workers"] == 0
        assert idle.rows("SELECT 1") == [[1]]


def test_processes_end_with_the_daemon(tmp_path: Path) -> None:
    with Daemon(tmp_path / "daemon") as daemon:
        pid = Sql(daemon, Forge(tmp_path / "git")).pid
        daemon.process.kill()
        daemon.process.wait()
        wait_until(lambda: not Path(f"/proc/{pid}").exists(), "it has noticed")
