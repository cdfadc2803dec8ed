"""`catalog browse --plain`: everything can be heard line by line."""

from pathlib import Path

from tests.tui.cli.program import Terminal, catalog
from tests.tui.fake_source import FakeSource, Thing, many
from tui.bookmarks import Bookmarks
from tui.cli.plain_browser import PlainBrowser
from tui.model.source import ProblemItem


def heard(source: FakeSource, *commands: str, query: str = "") -> list[str]:
    lines: list[str] = []
    browser = PlainBrowser(source, Bookmarks(), lines.append)
    browser.begin(query)
    for command in commands:
        lines.append(f"> {command}")
        assert browser.obey(command) is (command != "q")
    return lines


def test_entities_are_listed_with_numbers_and_more_of_them_on_enter() -> None:
    lines = heard(many(45), "", "", "", "q")
    assert lines[1:3] == ["45 entities. All of them.", "1. Component, svc-00000, service, production, owner team-a"]
    assert lines.count("20 of 45 listed. Enter lists more.") == 1
    assert lines[-4].startswith("45. ")
    assert lines[-3:] == ["> ", "That was all.", "> q"]


def test_a_number_tells_all_of_an_entity_and_a_line_finds_others() -> None:
    source = many(30)
    source.problem_items = [ProblemItem("c", "owner is missing", "a.yaml", 3, ref="component:default/svc-00007")]
    lines = heard(source, "/svc-00007", "1", "b", "99", "e", "f kind", "s -owner", "what")
    text = "\n".join(lines)
    assert "1 entity. svc-00007." in text
    assert "component:default/svc-00007" in text
    assert "owner: team-a" in text
    assert "There is no number 99; 20 are listed." in text
    assert "a.yaml:3: owner is missing" in text
    assert "kind: 1 values.\nComponent: 30" in text
    assert "30 entities. sort:-owner." in text
    assert "What is 'what'? To look for it, write /what" in text


def test_a_wrong_line_is_said_and_the_one_before_stays() -> None:
    lines = heard(many(3), "/a!b", "1", "b")
    assert "Error: unknown field" in lines
    assert "Next: owner?" in lines
    assert "component:default/svc-00000" in lines
    assert lines[-1] == "There is no line before this one."
    source = many(3)
    source.down = True
    assert heard(source)[-1].startswith("Error: no answer from")


def test_r071_nothing_of_it_acts_on_the_terminal() -> None:
    lines = heard(FakeSource([Thing("x\x1b]52;c;eA==\x07", description="y\x9b2J\u202e")]), "1")
    assert not set("\n".join(lines)) & {"\x1b", "\x07", "\x9b", "\u202e"}


def test_the_command_reads_a_pipe_and_a_terminal(state: Path) -> None:
    done = catalog(state, "browse", "--plain", "tag:java", input_text="1\n/ownr:x\nq\n")
    assert done.code == 0, done.err
    assert "payments" in done.out
    assert "Next: did you mean owner?" in done.out
    assert "\x1b" not in done.out
    terminal = Terminal(state, "browse", "--plain", "kind:api")
    terminal.wait_for(lambda text: "catalog> " in text)
    terminal.type("q\n")
    assert terminal.end() == 0
    assert catalog(state / "nowhere", "browse", "--plain").code == 3
