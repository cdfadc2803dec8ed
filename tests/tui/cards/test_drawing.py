"""H65, H67-H69: cards as lines of text on a width."""

import json
from dataclasses import asdict

import pytest
import yaml

from syncd.layouts import BUILT_IN, Subject, choose, resolve
from tests.support.layouts import SERVICE_LAYOUT, TUTORIAL_CARD, WAREHOUSE, Flaw, subject
from tests.tui.cli.hostile import TEXTS, raw
from tui.cards.drawing import curve
from tui.cards.grid import columns_of, rows_of
from tui.cards.page import overview_lines, page_lines, tab_lines
from tui.cards.span import Line, Span, plain, width_of
from tui.cards.wrapping import wrapped
from tui.cli.cell_width import cell_width
from tui.cli.painting import painted
from tui.layout_answers import CardAnswer, LayoutAnswer
from tui.model.addresses import fit
from tui.model.symbols import ASCII, UNICODE


@pytest.mark.parametrize(
    ("series", "unicode", "plain_text"),
    [
        ([1.0], "▄", "-"),
        ([3.0, 1.0, 2.5], "█▁▆", "#_*"),
        ([-1.7e308, 0.0, 1.7e308], "▁▅█", "_-#"),
        ([2, 2], "▄▄", "--"),
    ],
)
def test_a_curve_has_a_bar_for_each_number(series: list[float], unicode: str, plain_text: str) -> None:
    assert [curve(series, symbols.bars) for symbols in (UNICODE, ASCII)] == [unicode, plain_text]


TUTORIAL = yaml.safe_load(SERVICE_LAYOUT + TUTORIAL_CARD)


def answer(layout: object = TUTORIAL, of: Subject | None = None) -> LayoutAnswer:
    """What the API says of an entity with a layout; with None, with the built-in one."""
    found = of or subject()
    chosen = choose(WAREHOUSE, [] if layout is None else [("layout:default/service", layout)])  # type: ignore[list-item]
    page = asdict(resolve(chosen, found))
    said: LayoutAnswer = json.loads(json.dumps({"ref": found.ref, "layout": chosen.ref, "generation": 1, **page}))
    return said


def with_card(text: str) -> LayoutAnswer:
    """A layout with one card, given as the YAML of its props."""
    content = {"component": "EntityAdditionalInfoCard", "specs": {"props": yaml.safe_load(text)}}
    spec = {"kind": "Component", "page": {"tabs": [{"title": "Overview", "contents": [content]}]}}
    return answer({"spec": spec})


def texts(lines: list[Line]) -> list[str]:
    return [plain(line) for line in lines]


def spans(lines: list[Line], text: str) -> list[Span]:
    """The spans that hold a text."""
    return [span for line in lines for span in line if text in span.text]


def test_h065_the_card_of_the_tutorial_is_drawn_at_half_width_on_100_columns() -> None:
    lines = tab_lines(answer()["tabs"][0], 100, UNICODE)
    assert texts(lines)[0] == "┌ Warehouse " + "─" * 36 + "┐ ┌ Additional Info Card " + "─" * 26 + "┐"
    assert texts(lines)[1].endswith("│ │ Code Coverage Score  33" + " " * 24 + "│")
    assert {width_of(line) for line in lines} == {100}
    assert [span.styles for span in spans(lines, "33")] == [("bold",)]


def test_an_overview_leaves_out_the_card_that_says_what_it_begins_with_anyway() -> None:
    assert texts(overview_lines(answer(), 100, UNICODE))[0] == "┌ Additional Info Card " + "─" * 25 + "┐"


def test_under_80_columns_every_card_takes_the_whole_width() -> None:
    lines = texts(tab_lines(answer()["tabs"][0], 79, UNICODE))
    assert [line for line in lines if line.startswith("┌")] == [
        "┌ Warehouse " + "─" * 66 + "┐",
        "┌ Additional Info Card " + "─" * 55 + "┐",
    ]


@pytest.mark.parametrize(
    ("grid", "columns"),
    [
        pytest.param({"md": 6}, (12, 6, 6), id="md"),
        pytest.param({"md": 6, "lg": 4}, (12, 6, 4), id="lg"),
        pytest.param({"xs": 3}, (12, 3, 3), id="falls-to-the-smaller-one"),
        pytest.param({"sm": 8, "xs": 3}, (12, 8, 8), id="the-next-smaller-one"),
        pytest.param({"lg": 4}, (12, 12, 4), id="nothing-smaller"),
        pytest.param({"xl": 2}, (12, 12, 12), id="xl"),
        pytest.param({}, (12, 12, 12), id="absent"),
    ],
)
def test_the_grid_depends_on_the_width(grid: dict[str, int], columns: tuple[int, int, int]) -> None:
    assert tuple(columns_of(grid, width) for width in (79, 80, 160)) == columns
    assert columns_of(grid, 159) == columns[1]


def card(columns: int) -> CardAnswer:
    return {
        "component": "EmptyState",
        "title": "",
        "tone": "plain",
        "text": "",
        "header": [],
        "items": [],
        "graph": None,
        "grid": {"md": columns},
    }


@pytest.mark.parametrize("width", [80, 81, 97, 100, 159])
def test_rows_fill_twelve_columns_exactly(width: int) -> None:
    rows = list(rows_of([card(columns) for columns in (6, 6, 4, 4, 4, 8, 6, 1)], width))
    assert [len(row) for row in rows] == [2, 3, 1, 2]
    assert sum(cells for _, cells in rows[0]) + 1 == width
    assert sum(cells for _, cells in rows[1]) + 2 == width


@pytest.mark.parametrize("width", [1, 20, 23, 40, 80, 100, 200])
@pytest.mark.parametrize("layout", [TUTORIAL, None], ids=["own", "built-in"])
@pytest.mark.parametrize("symbols", [UNICODE, ASCII], ids=["unicode", "ascii"])
def test_no_line_is_wider_than_there_is_room(width: int, layout: object, symbols: object) -> None:
    flawed = subject(flaws=[Flaw("spec.owner is " + "very " * 30 + "wrong", hint="write it")])
    drawn = list(page_lines(answer(layout, flawed), width, symbols))  # type: ignore[arg-type]
    assert max(map(width_of, drawn[2:])) <= max(width, 20)
    assert symbols is UNICODE or all(plain(line).replace("·", "").isascii() for line in drawn)


def test_the_built_in_overview_repeats_nothing() -> None:
    said = answer(None)
    assert said["layout"] == BUILT_IN
    assert overview_lines(said, 100, UNICODE) == []


def test_h067_a_dash_is_followed_by_its_reason() -> None:
    lines = overview_lines(with_card("{items: [{label: X, value: <+metadata.x>}]}"), 100, UNICODE)
    assert "X  —  no value at metadata.x" in texts(lines)[1]
    assert spans(lines, "no value")[0].tone == "quiet"


LINK = "{headerItems: [{label: Head, url: 'https://x.test/h'}], items: [{value: '%s', type: link, text: The board}]}"


def test_r073_a_link_is_its_text_and_its_address_and_never_a_hyperlink() -> None:
    said = with_card(LINK % "https://x.test/a b")
    lines = overview_lines(said, 100, UNICODE)
    written = texts(lines)
    assert any("The board" in line for line in written)
    assert any("https://x.test/a b" in line for line in written)
    assert not any("\x1b]8" in painted(line, colour=True) for line in lines)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "https://x\x1b]8;;y", "x", "", None])
def test_r073_nobody_is_led_to_an_odd_address(url: str | None) -> None:
    assert fit(url) == ""


def test_h069_warnings_stand_under_the_cards() -> None:
    said = with_card("{colour: red, items: [{value: a}]}")
    lines = texts(overview_lines(said, 100, UNICODE))
    assert lines[-1] == "! EntityAdditionalInfoCard: the prop colour is not known and does nothing"


def test_styles_become_weights() -> None:
    item = "{items: [{label: L, value: V, style: {bold: true, italic: true, underline: true}}]}"
    line = overview_lines(with_card(item), 100, UNICODE)[1]
    assert "\x1b[1;3;4mV\x1b[0m" in painted(line, colour=True)
    assert "\x1b" not in painted(line, colour=False)


@pytest.mark.parametrize("name", TEXTS)
def test_r071_texts_from_outside_are_harmless(name: str) -> None:
    said = with_card("{title: T, items: [{label: L, value: V}]}")
    hostile = TEXTS[name]
    drawn = said["tabs"][0]["cards"][0]
    drawn["title"] = drawn["text"] = hostile
    drawn["items"][0] |= {"label": hostile, "value": hostile, "note": hostile}
    drawn["header"] = [{"label": hostile, "url": hostile, "icon": ""}]
    said["warnings"], said["ref"], said["tabs"][0]["title"] = [hostile], hostile, hostile
    for line in page_lines(said, 90, UNICODE):
        assert raw(painted(line, colour=False)) == []


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        pytest.param("a bc d", 4, ["a bc", "d"], id="words"),
        pytest.param("abcdefgh i", 3, ["abc", "def", "gh", "i"], id="long-word"),
        pytest.param("表表表", 4, ["表表", "表"], id="wide"),
        pytest.param("表", 1, ["表"], id="wider-than-the-line"),
        pytest.param("a\n\nb", 9, ["a", "", "b"], id="paragraphs"),
        pytest.param("", 9, [""], id="nothing"),
    ],
)
def test_text_is_wrapped(text: str, width: int, lines: list[str]) -> None:
    assert wrapped(text, width) == lines
    assert all(cell_width(line) <= max(width, 2) for line in lines)
