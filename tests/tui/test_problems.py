"""Errors: filtered, grouped, put aside, and the way to the line."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.tui.fake_source import FakeSource, many
from tests.tui.stage import play, staged
from tui.model.editor import at_line
from tui.model.lines import plain
from tui.model.problem_list import entries, line_url, matches, token, whole
from tui.model.source import LocationItem, ProblemItem
from tui.model.symbols import UNICODE
from tui.model.work_tree import file_in_work_tree
from tui.notebook import Notebook

TAB = ProblemItem("yaml.tab", "found a [tab]", "a/catalog-info.yaml", 14, 9, "use spaces", "", "1", "https://x/p.git")
OWNER = ProblemItem("schema", "owner is missing", "b.yaml", 7, ref="component:default/svc-00001", location="2")


def troubled() -> FakeSource:
    source = many(3)
    source.location_items = [
        LocationItem("1", "git", "https://git.example/acme/pay.git"),
        LocationItem("2", "git", "https://git.example/acme/risk.git"),
    ]
    source.problem_items = [replace(TAB, url="https://git.example/acme/pay/blob/main/a/catalog-info.yaml"), OWNER]
    return source


def test_problems_stand_under_their_locations_and_those_known_are_put_aside() -> None:
    made = entries([TAB, OWNER], 100, UNICODE, names={"1": "acme/pay", "2": "acme/risk"})
    assert [plain(entry.line).split("  ")[0] for entry in made if entry.problem is None] == [
        "acme/pay",
        "",
        "acme/risk",
    ]
    known = {token(TAB)}
    assert [entry.problem for entry in entries([TAB, OWNER], 100, UNICODE, known=known)] == [OWNER]
    shown = entries([TAB], 100, UNICODE, known=known, with_known=True)
    assert plain(shown[0].line).startswith("(known)")
    assert token(TAB) == token(replace(TAB, line=99)) != token(replace(TAB, message="other"))
    assert matches(TAB, "TAB a/cat")
    assert not matches(TAB, "tab owner")


def test_the_whole_of_a_problem_is_told_in_lines() -> None:
    told = [plain(line).rstrip() for line in whole(replace(TAB, message="long " * 30), 40, UNICODE)]
    assert " ".join(line.removeprefix("✗ ") for line in told[:5]).split() == ["long"] * 30
    assert [line.split()[0] for line in told if line and not line.startswith(("✗", "long"))][:2] == ["next", "place"]
    assert max(map(len, told)) <= 40


def test_the_way_to_the_line(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("x")
    here = ProblemItem("c", "m", "a.yaml", 3, repository=tmp_path.as_uri())
    assert file_in_work_tree(here.repository, here.path) == tmp_path / "a.yaml"
    assert file_in_work_tree(here.repository, "../../etc/passwd") is None
    assert file_in_work_tree(here.repository, "none.yaml") is None
    assert file_in_work_tree("https://x/y.git", here.path) is None
    assert at_line(["vi"], tmp_path / "a.yaml", 3) == ["vi", "+3", str(tmp_path / "a.yaml")]
    assert at_line(["code", "-w"], tmp_path / "a", 3) == ["code", "-w", "--goto", f"{tmp_path / 'a'}:3"]
    assert at_line(["/usr/bin/hx"], tmp_path / "a", 3) == ["/usr/bin/hx", f"{tmp_path / 'a'}:3"]
    assert at_line(["nano"], tmp_path / "a", 0) == ["nano", str(tmp_path / "a")]
    assert line_url(replace(here, url="https://g/x/blob/main/a")) == "https://g/x/blob/main/a#L3"
    assert line_url(replace(here, url="https://bitbucket.org/x")) == "https://bitbucket.org/x#lines-3"
    assert line_url(replace(here, url="javascript:alert(1)")) == ""


def test_errors_filter_group_acknowledge_and_lead_to_entity_and_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("BROWSER", raising=False)

    async def scene() -> None:
        book = Notebook(tmp_path / "tui.json")
        async with staged(troubled(), size=(110, 30), notebook=book) as stage:
            await stage.press("exclamation_mark")
            await stage.see("acme/risk")
            await stage.see("found a [tab]")
            await stage.press("slash")
            await stage.type("owner")
            await stage.until(lambda: "found a [tab]" not in stage.text(), "filtered")
            await stage.press("enter", "enter")
            await stage.see("component:default/svc-00001")
            await stage.press("escape", "escape")
            await stage.see("found a [tab]")
            await stage.press("g", "j", "o")
            await stage.see("#L14")
            await stage.press("enter")
            await stage.until(lambda: stage.app.clipboard.endswith("catalog-info.yaml#L14"), "copied")
            await stage.press("O")
            await stage.see("in no work tree of this machine")
            await stage.press("space")
            await stage.see("1 known, put aside; s shows them too")
            assert "found a [tab]" not in stage.text()
            await stage.press("s")
            await stage.see("(known)")
            assert Notebook(tmp_path / "tui.json").known

    play(scene())
