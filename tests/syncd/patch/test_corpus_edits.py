"""The command that edits every value of a folder of files, on the sample company."""

from pathlib import Path

import pytest

from benchmarks.corpus_edits import ADDED, Account, Witness, edit_all, main, report
from syncd.model.json import Json
from syncd.patch.edit import FieldEdit

SAMPLE = Path(__file__).parents[3] / "sample-repo"


def test_r048_every_value_of_the_sample_is_edited_and_comes_back(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(SAMPLE)]) == 0
    assert "refused 0 (0.00%), wrong 0" in capsys.readouterr().out


def test_a_folder_without_files_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert "no descriptor files" in capsys.readouterr().err


def test_refusals_are_counted_by_reason_and_over_one_percent_fail() -> None:
    account = Account()
    edit_all(account, "a.yaml", b"a: &x 1\nb: *x\n", seed=1)
    assert (account.tried, account.refused, account.fails) == (2, {"anchor": 1}, True)
    assert "anchor 1, for example a.yaml [0]" in report(account)


OLD = b"a: 1 # c\nb:\n- - x\n  - y\nc: |\n  t\n\n# e\nd: {k: v}\n"


@pytest.mark.parametrize(
    ("edit", "new", "strange"),
    [
        (FieldEdit(("a",), "set", 2), OLD.replace(b"1 #", b"2 #"), False),
        (FieldEdit(("a",), "set", 2), OLD.replace(b"1 #", b"2 #").replace(b"- x", b"-  x"), True),
        (FieldEdit(("c",), "set", "u"), OLD.replace(b"  t\n", b"  u\n"), False),
        (FieldEdit(("c",), "set", "u"), OLD.replace(b"  t\n\n# e", b"  u\n\n#  e"), True),
        (FieldEdit(("b", 0, 0), "remove"), OLD.replace(b"- x\n  - y", b"- y"), False),
        (FieldEdit(("b", 0), "append", "z"), OLD.replace(b"y\n", b"y\n  - z\n"), False),
        (FieldEdit(("b", 0), "append", "z"), OLD.replace(b"y\nc:", b"y\n  - z\nc: "), True),
        (FieldEdit(("d", ADDED), "set", 1), OLD.replace(b"v}", b"v, a new key: 1}"), False),
    ],
)
def test_the_witness_tells_lines_that_should_have_stayed(edit: FieldEdit, new: bytes, strange: bool) -> None:
    value: Json = {"a": 1, "b": [["x", "y"]], "c": "t\n", "d": {"k": "v"}}
    assert bool(Witness(OLD).strange_lines(new, 0, edit, value)) == strange
