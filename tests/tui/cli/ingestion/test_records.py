"""Files of rows: every format and its oddities, with the line each row begins in."""

import json
from pathlib import Path
from typing import Any

import pytest

from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.ingestion.record import Record, read_records
from tui.cli.ingestion.rejects import rejects_file


def rows(folder: Path, name: str, text: str | bytes) -> list[Record]:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read_records(str(path), None).rows)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        pytest.param("a.csv", "ref,a\nx,1\ny,2\n", [(2, {"ref": "x", "a": "1"}), (3, {"ref": "y", "a": "2"})],
                     id="csv"),
        pytest.param("a.csv", "ref;a\nx;1,5\n", [(2, {"ref": "x", "a": "1,5"})], id="p075-semicolons"),
        pytest.param("a.csv", "ref\ta,b\nx\t1\n", [(2, {"ref": "x", "a,b": "1"})], id="p075-tabs"),
        pytest.param("a.tsv", "ref\ta;b\nx\t1\n", [(2, {"ref": "x", "a;b": "1"})], id="tsv"),
        pytest.param("a.csv", b"\xef\xbb\xbfref,a\r\nx,1\r\n", [(2, {"ref": "x", "a": "1"})], id="p075-mark-and-crlf"),
        pytest.param("a.csv", "ref,a\rx,1\r", [(2, {"ref": "x", "a": "1"})], id="lines-of-old-macs"),
        pytest.param("a.csv", "\n ref , a \n\nx,1\n,\n", [(4, {"ref": "x", "a": "1"})], id="blank-lines-and-rows"),
        pytest.param("a.csv", 'ref,a\nx,"1\n2"\ny,3\n', [(2, {"ref": "x", "a": "1\n2"}), (4, {"ref": "y", "a": "3"})],
                     id="a-cell-of-two-lines"),
        pytest.param("a.csv", '"a,b",ref\n1,x\n', [(2, {"a,b": "1", "ref": "x"})], id="a-quoted-name"),
        pytest.param("a.csv", "ref,a,b\nx,1\n", [(2, {"ref": "x", "a": "1"})], id="a-short-row"),
        pytest.param("a.csv", "ref,a\nx,1,,\n", [(2, {"ref": "x", "a": "1"})], id="blank-cells-too-many"),
        pytest.param("a.jsonl", '{"ref": "x"}\n\n{"ref": "y", "a": 1.0}\n',
                     [(1, {"ref": "x"}), (3, {"ref": "y", "a": 1.0})], id="jsonl"),
        pytest.param("a.ndjson", '{"ref": "x"}', [(1, {"ref": "x"})], id="ndjson"),
        pytest.param("a.json", '[\n {"ref": "x"}, {"ref": "y"},\n {"ref": "z"}\n]\n',
                     [(2, {"ref": "x"}), (2, {"ref": "y"}), (3, {"ref": "z"})], id="json"),
        pytest.param("a.json", '{"ref": "x"}', [(1, {"ref": "x"})], id="one-object"),
        pytest.param("a.json", "[]", [], id="an-empty-list"),
        pytest.param("a.yaml", "- ref: x\n  on: yes\n- {ref: y, a: 1e3, b: 2026-01-02}\n",
                     [(1, {"ref": "x", "on": "yes"}), (3, {"ref": "y", "a": 1000.0, "b": "2026-01-02"})], id="yaml"),
        pytest.param("a.yml", "ref: x\n---\nref: y\n", [(1, {"ref": "x"}), (3, {"ref": "y"})], id="yaml-documents"),
    ],
)  # fmt: skip
def test_rows_with_their_lines(tmp_path: Path, name: str, text: str | bytes, expected: list[Any]) -> None:
    assert [(row.line, row.fields) for row in rows(tmp_path, name, text)] == expected


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        pytest.param("a.csv", "ref,a\nx,1,2\ny,3\n", {2: "3 cells, but 2 columns"}, id="too-many-cells"),
        pytest.param("a.csv", 'ref,a\nx,1\ny,"2\nz,3\n', {3: "nothing behind this line was read"}, id="open-quotes"),
        pytest.param("a.jsonl", '{"ref": "x"}\n{ref}\n[1]\n{"a": NaN}\n', {2: "no JSON", 3: "an object", 4: "NaN"},
                     id="jsonl"),
        pytest.param("a.json", '[{"ref": "x"},\n3]', {2: "an object"}, id="json"),
    ],
)  # fmt: skip
def test_rows_that_cannot_be_read_do_not_stop_the_others(
    tmp_path: Path, name: str, text: str, expected: dict[int, str]
) -> None:
    found = rows(tmp_path, name, text)
    faults = {row.line: row.fault for row in found if row.fault}
    assert faults.keys() == expected.keys()
    assert [line for line, fault in faults.items() if expected[line] not in fault] == []
    assert any(not row.fault for row in found)


@pytest.mark.parametrize(
    ("name", "text", "where"),
    [
        pytest.param("a.csv", "", ":1", id="nothing"),
        pytest.param("a.csv", "a,a\n", ":1", id="a-column-twice"),
        pytest.param("a.csv", b"ref\nx\n\xff\n", ":3", id="not-utf-8"),
        pytest.param("a.csv", "ref\n".encode("utf-16"), ":1", id="utf-16"),
        pytest.param("a.json", '[{"ref": "x"},\n{]', ":2", id="broken-json"),
        pytest.param("a.yaml", "- ref: x\n- [", ":3", id="broken-yaml"),
        pytest.param("a.yaml", "ref: x\nref: y\n", ":2", id="a-key-twice"),
        pytest.param("a.yaml", "a: &a [*a]\n", ":1", id="endless"),
        pytest.param("a.xls", "", "known: ", id="an-unknown-ending"),
    ],
)
def test_files_that_cannot_be_read_are_refused_as_a_whole(
    tmp_path: Path, name: str, text: str | bytes, where: str
) -> None:
    with pytest.raises(Failure) as caught:
        rows(tmp_path, name, text)
    assert caught.value.code == ExitCode.USAGE
    assert where in caught.value.where


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("a.csv", 'ref;"a;b"\nx;"1\n2"\ny;3;4\n', id="csv"),
        pytest.param("a.tsv", "ref\ta\nx\t1\ny\t3\t4\n", id="tsv"),
        pytest.param("a.jsonl", '{"ref": "x", "a": {"b": [1.5, null]}}\n', id="jsonl"),
        pytest.param("a.json", '[{"ref": "x", "a": "ä"}, {"ref": "y"}]', id="json"),
        pytest.param("a.yaml", "- {ref: x, a: '0o17'}\n- {ref: y, a: [b: 1]}\n", id="yaml"),
    ],
)
def test_rejected_rows_come_back_as_they_were(tmp_path: Path, name: str, text: str) -> None:
    original = rows(tmp_path, name, text)
    before = tmp_path / name
    for turn in (1, 2):  # the second time, line and reason are replaced
        after = tmp_path / f"rejects-{turn}-{name}"
        records = read_records(str(before), None)
        taken = list(records.rows)
        with rejects_file(str(after), records) as rejects:
            for row in taken:
                rejects.write(row, f'no; "{turn}"\treason')
        found = list(read_records(str(after), None).rows)
        assert {row.fields.pop("reject_reason") for row in found} == {f'no; "{turn}"\treason'}
        assert [int(row.fields.pop("reject_line")) for row in found] == [row.line for row in taken]
        assert [row.fields for row in found] == [row.fields for row in original]
        before = after


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_what_is_no_row_is_kept_in_the_rejects(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("[3]")
    records = read_records(str(tmp_path / name), None)
    with rejects_file(str(tmp_path / "out.json"), records) as rejects:
        for row in records.rows:
            rejects.write(row, row.fault)
    written = json.loads((tmp_path / "out.json").read_text())
    kept = written[0] if isinstance(written, list) else written
    assert kept["row"] in (3, [3])


def test_the_rejects_are_never_the_input(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("ref\nx\n")
    records = read_records(str(tmp_path / "a.csv"), None)
    with pytest.raises(Failure), rejects_file(str(tmp_path / "." / "a.csv"), records):
        pass
    assert (tmp_path / "a.csv").read_text() == "ref\nx\n"
