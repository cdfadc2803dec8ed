"""`catalog ingest` against a real daemon: what is stored, what is told, what is left over."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.daemon import Daemon
from tests.tui.cli.program import Terminal, catalog
from tests.tui.cli.scripted_daemon import Request, scripted_daemon
from tests.tui.cli.stock import set_on, stock

MAPPED = ("--ref", "service", "--map", "coverage=metadata.coverage")


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    yield from stock(tmp_path_factory.mktemp("stock"))


@pytest.fixture
def state(daemon: Daemon) -> Path:
    return daemon.state


def report(done: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.out)
    return found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "entity_ref,metadata.coverage,metadata.note\n{0},33,thirty\n{1},48.27,\n"),
        ("a.csv", '\ufeffref;metadata.coverage;metadata.note\r\n"component:default/{0}";33;thirty\r\n{1};48.27;\r\n'),
        ("a.tsv", "name\tmetadata.coverage\tmetadata.note\n{0}\t33\tthirty\n\n{1}\t48.27\n"),
        ("a.jsonl", '{{"ref":"{0}","metadata.coverage":33,"metadata.note":"thirty"}}\n'
                    '{{"entity":"{1}","metadata.coverage":48.27}}\n'),
        ("a.json", '[{{"ref":"{0}","metadata.coverage":33,"metadata.note":"thirty"}},'
                   '{{"ref":"{1}","metadata.coverage":48.27}}]'),
        ("a.yaml", "- {{ref: {0}, metadata.coverage: 33, metadata.note: thirty}}\n"
                   "- {{ref: {1}, metadata.coverage: 48.27}}\n"),
    ],
    ids=["csv", "semicolons-mark-crlf", "tsv", "jsonl", "json", "yaml"],
)  # fmt: skip
def test_every_format_sets_the_same(state: Path, tmp_path: Path, name: str, text: str) -> None:
    catalog(state, "unset", "--query", "tag:row-0", "metadata.coverage", "metadata.note", "-y")
    file = tmp_path / name
    file.write_bytes(text.format("shelf-00", "shelf-01").encode())
    done = catalog(state, "ingest", str(file))
    assert (done.code, done.out) == (0, "")
    assert done.err == "2 rows: 3 added, 0 updated, 0 same, 0 unknown, 0 rejected\n"
    assert set_on(state, "shelf-00") == {"metadata.coverage": 33, "metadata.note": "thirty"}
    assert set_on(state, "shelf-01") == {"metadata.coverage": 48.27}
    again = catalog(state, "ingest", "-", "--format", name.partition(".")[2], input_text=file.read_text())
    assert again.err == "2 rows: 0 added, 0 updated, 3 same, 0 unknown, 0 rejected\n"


def test_p075_bad_rows_are_told_with_their_lines_and_the_others_are_stored(state: Path, tmp_path: Path) -> None:
    file, rejects = tmp_path / "report.csv", tmp_path / "rejects.csv"
    file.write_text(
        "service,coverage,metadata.tags,owner\n"
        "shelf-05,1,,x\n"
        "ghost,2,,x\n"
        'shelf-06,3,"[""a""]",x\n'
        "\n"
        "shelf-07,4,no list,x\n"
        ",5,,x\n"
        "shelf-08,6,,x,surplus\n"
        r"shelf-09,\N,,x"
        "\n"
    )
    done = catalog(state, "ingest", str(file), *MAPPED, "--map", "owner=", "--rejects", str(rejects), "-o", "json")
    assert done.code == 7
    told = report(done)
    lines = {one["line"]: (one["ref"], one["result"], one["reason"]) for one in told["not_taken"]}
    assert lines.keys() == {3, 6, 7, 8}
    assert lines[3] == ("component:default/ghost", "unknown", "there is no such entity")
    assert (lines[6][0], lines[6][1]) == ("component:default/shelf-07", "rejected")
    assert "must be a list" in lines[6][2]
    assert (lines[7][2], lines[8][2]) == ("the row names no entity", "5 cells, but 4 columns")
    counts = {name: told[name] for name in ("rows", "added", "updated", "same", "absent", "unknown", "rejected")}
    assert counts == {"rows": 7, "added": 3, "updated": 0, "same": 0, "absent": 1, "unknown": 1, "rejected": 3}
    assert set_on(state, "shelf-05") == {"metadata.coverage": 1}
    assert set_on(state, "shelf-06") == {"metadata.coverage": 3, "metadata.tags": ["a"]}
    assert set_on(state, "shelf-07") == {}
    kept = rejects.read_text().splitlines()
    assert kept[0] == "reject_line,reject_reason,service,coverage,metadata.tags,owner"
    assert sorted(line.partition(",")[0] for line in kept[1:]) == ["3", "6", "7", "8"]
    assert "3,there is no such entity,ghost,2,,x" in kept

    plain = catalog(state, "ingest", str(file), *MAPPED, "--map", "owner=")
    assert plain.out.splitlines()[0] == f"{file}:3: component:default/ghost: there is no such entity"
    assert plain.err == "7 rows: 0 added, 0 updated, 3 same, 1 absent, 1 unknown, 3 rejected\n"

    rejects.write_text("\n".join([kept[0], "7,the row names no entity,shelf-07,5,,x"]))
    mended = catalog(state, "ingest", str(rejects), *MAPPED, "--map", "owner=")
    assert (mended.code, set_on(state, "shelf-07")) == (0, {"metadata.coverage": 5})


def test_stop_stores_nothing_behind_the_first_bad_row(state: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("ref,metadata.tags\nshelf-10,[]\nshelf-11,x\nshelf-12,[]\n")
    done = catalog(state, "ingest", str(file), "--on-error", "stop")
    assert done.code == 7
    assert (set_on(state, "shelf-10"), set_on(state, "shelf-12")) == ({"metadata.tags": []}, {})


def test_a_dry_run_tells_the_same_and_stores_nothing(state: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("ref,metadata.n,metadata.tags\nshelf-13,1,\nshelf-14,2,x\nghost,3,\n")
    dry = catalog(state, "ingest", str(file), "--dry-run", "-o", "json")
    assert "(dry run: nothing was changed)" in dry.err
    assert (set_on(state, "shelf-13"), set_on(state, "shelf-14")) == ({}, {})
    real = catalog(state, "ingest", str(file), "-o", "json")
    assert report(real) == report(dry) | {"dry_run": False}
    assert (dry.code, real.code) == (7, 7)


@pytest.mark.parametrize(
    ("options", "cell", "value"),
    [
        pytest.param([], "1.10", 1.1, id="inferred"),
        pytest.param(["--text"], "1.10", "1.10", id="text"),
        pytest.param(["--text-columns", "metadata.v"], "007", "007", id="text-column"),
        pytest.param(["--append"], '["b"]', ["a", "b"], id="append"),
        pytest.param(["--union"], '["a", "b"]', ["a", "b"], id="union"),
    ],
)
def test_how_cells_are_taken(state: Path, options: list[str], cell: str, value: Any) -> None:
    catalog(state, "set", "shelf-15", 'metadata.v=["a"]')
    quoted = cell.replace('"', '""')
    done = catalog(state, "ingest", "-", *options, input_text=f'ref,metadata.v\nshelf-15,"{quoted}"\n')
    assert (done.code, set_on(state, "shelf-15")) == (0, {"metadata.v": value})


def test_names_may_be_of_another_kind(state: Path) -> None:
    done = catalog(state, "ingest", "-", "--kind", "api", input_text="name,metadata.q\nwarehouse,1\n")
    assert done.code == 0
    shown = catalog(state, "properties", "api:warehouse", "metadata.q", "--columns", "effective,source", "--no-header")
    assert shown.out == "1\tingest:stdin\n"


def test_of_two_rows_of_one_entity_the_later_one_wins(state: Path) -> None:
    rows = "".join(f"shelf-16,{number}\n" for number in range(3000))
    done = catalog(state, "ingest", "-", input_text=f"ref,metadata.n\n{rows}")
    assert done.code == 0
    assert set_on(state, "shelf-16") == {"metadata.n": 2999}


def test_many_bad_rows_are_found_one_by_one(state: Path) -> None:
    bad = [number for number in range(1, 701) if number % 97 == 0]
    rows = [
        {"ref": f"shelf-{17 + number % 3}", f"metadata.annotations.k{number}": number if number in bad else "x"}
        for number in range(1, 701)
    ]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    done = catalog(state, "ingest", "-", "--format", "jsonl", "-o", "json", input_text=text)
    assert done.code == 7
    told = report(done)
    assert [one["line"] for one in told["not_taken"]] == bad
    assert told["added"] == 700 - len(bad)


@pytest.mark.parametrize(
    ("arguments", "text", "words"),
    [
        pytest.param([], "service,coverage\nx,1\n", "--ref", id="nothing-names-the-entity"),
        pytest.param([], "ref,coverage\nx,1\n", "--map", id="no-path"),
        pytest.param(["--map", "coverag=metadata.c"], "ref,coverage\nx,1\n", "did you mean coverage?", id="map"),
        pytest.param(["--ref", "servce"], "service,metadata.c\nx,1\n", "did you mean service?", id="ref"),
        pytest.param(["--only", "metadata.d"], "ref,metadata.c\nx,1\n", "did you mean metadata.c?", id="only"),
        pytest.param([], "ref,metadata..c\nshelf-20,1\n", "column metadata..c", id="bad-path"),
        pytest.param([], "ref,metadata.name\nshelf-20,1\n", "which entity it is", id="closed-path"),
        pytest.param(["--upsert"], "ref,metadata.c\nx,1\n", "--blueprint", id="upsert-alone"),
        pytest.param(["--format", "json"], "[", "stdin:1", id="no-json"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_stored(
    state: Path, arguments: list[str], text: str, words: str
) -> None:
    done = catalog(state, "ingest", "-", *arguments, input_text=text)
    assert (done.code, done.out) == (2, "")
    assert words in done.err


@pytest.mark.parametrize(("options", "code"), [([], 4), (["--allow-unknown"], 0)])
def test_unknown_entities_are_a_part_that_was_not_done(state: Path, options: list[str], code: int) -> None:
    done = catalog(state, "ingest", "-", *options, input_text="ref,metadata.a\nghost,1\n")
    assert (done.code, "1 unknown" in done.err) == (code, True)


def test_rows_that_say_nothing_are_no_fault(state: Path) -> None:
    done = catalog(state, "ingest", "-", input_text="ref,metadata.a\nshelf-21,\nghost,\n")
    assert (done.code, done.err) == (0, "2 rows: 0 added, 0 updated, 0 same, 0 unknown, 0 rejected\n")


def test_a_daemon_that_goes_away_is_told_with_what_was_done(tmp_path: Path) -> None:
    def answer(request: Request) -> None:
        changes = request.body["changes"]
        if request.body.get("dry_run") or changes[0]["value"] < 500:
            effects = [{"ref": one["ref"], "path": one["path"], "effect": "added"} for one in changes]
            request.json({"items": [{**one, "old": None, "new": 0} for one in effects]})
        else:
            request.drop()

    rows = "".join(f"c{number},{number}\n" for number in range(1500))
    with scripted_daemon(tmp_path, answer):
        done = catalog(tmp_path, "ingest", "-", input_text=f"ref,metadata.a\n{rows}")
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith("500 rows: 500 added, 0 updated, 0 same, 0 unknown, 0 rejected; then it broke off.")


def test_progress_is_shown_on_a_terminal_and_leaves_no_trace(state: Path, tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    file.write_text("ref,metadata.n\n" + "".join(f"shelf-{number % 30:02},{number}\n" for number in range(4000)))
    terminal = Terminal(state, "ingest", str(file), width=100)
    assert terminal.end() == 0
    assert " a second" in terminal.text
    assert terminal.text.rpartition("\x1b[K")[2].startswith("4,000 rows: ")
