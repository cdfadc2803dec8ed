"""Text on its way to the screen: harmless, measured in cells, never longer than its place."""

from datetime import UTC, datetime

import pytest
import yaml
from rich.cells import cell_len

from tui.model.columns import column, plain_value, widths
from tui.model.lines import Tone, fitted, fitted_end, layout, plain, wrapped, yaml_lines
from tui.model.location_lines import location_details, location_line, location_mark
from tui.model.overview import Line, heading, marks, sections
from tui.model.reports import problem_line, short_repository
from tui.model.source import EntityDetails, LocationItem, ProblemItem
from tui.model.symbols import ASCII, UNICODE, Mark, symbols
from tui.model.times import ago, seconds_ago, until
from tui.model.view_state import ViewState
from tui.model.yaml_text import as_yaml

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOSTILE = "\x1b]52;c;eA==\x07[red]x[/y]\u202e\u200bé\u0301" + "宽" * 5


@pytest.mark.parametrize("width", [0, 1, 2, 5, 12, 40])
@pytest.mark.parametrize(
    "text", ["", "short", "a much longer text than any column", "宽字符宽字符宽字符", "é\u0301é\u0301"]
)
def test_a_cell_is_exactly_as_wide_as_its_column(text: str, width: int) -> None:
    assert cell_len(fitted(text, width)) == width


def test_a_cut_text_says_so() -> None:
    assert fitted("abcdefgh", 5) == "abcd…"


@pytest.mark.parametrize("width", [4, 9, 20])
def test_wrapped_lines_fit_and_lose_nothing(width: int) -> None:
    text = "one two threeeeeeeeeeeeeeeeeee four\n\nfive 宽宽宽宽宽宽"
    lines = wrapped(text, width)
    assert max(map(cell_len, lines)) <= width
    assert "".join("".join(lines).split()) == "".join(text.split())


def details(**entity: object) -> EntityDetails:
    return EntityDetails(
        "component:default/x", {"kind": "Component", **entity}, path="a.yaml", line=3, commit="4f2c1d9"
    )


def test_r071_nothing_in_an_entity_reaches_the_screen_raw() -> None:
    hostile = details(
        metadata={"name": HOSTILE, "title": HOSTILE, "description": HOSTILE, "annotations": {HOSTILE: HOSTILE}},
        spec={HOSTILE: HOSTILE, "type": HOSTILE},
        relations=[{"type": HOSTILE, "targetRef": HOSTILE}],
    )
    shown = "\n".join(plain(line) for line in layout(sections(hostile, NOW), 40, UNICODE))
    shown += "\n".join(plain(line) for line in yaml_lines(as_yaml(hostile.entity)))
    shown += plain(problem_line(ProblemItem("c", HOSTILE, HOSTILE, hint=HOSTILE), 80, UNICODE))
    location = LocationItem("1", "git", HOSTILE, HOSTILE, error=HOSTILE, hint=HOSTILE, last_success=HOSTILE)
    shown += plain(location_line(location, 120, UNICODE, NOW))
    shown += "\n".join(plain(line) for line in location_details(location, (), 80, UNICODE, NOW))
    assert not set(shown) & {"\x1b", "\x07", "\u202e", "\u200b"}
    assert "[red]" in shown


def test_the_overview_lines_keep_to_their_width() -> None:
    entity = details(metadata={"name": "x", "description": "word " * 40}, spec={"aVeryLongFieldNameIndeed": "y" * 90})
    for width in (20, 36, 80):
        assert max(cell_len(plain(line)) for line in layout(sections(entity, NOW), width, UNICODE)) <= width


def test_what_was_said_beside_git_says_so() -> None:
    entity = {
        "metadata": {"name": "x", "tier": "gold", "annotations": {"acme.test/pager": "P-1", "b": "2"}},
        "spec": {"owner": "team-a", "sla": {"uptime": 9}},
    }
    overlay = {"metadata.tier": "mira", 'metadata.annotations."acme.test/pager"': "", "spec.sla.uptime": "[ci]"}
    made = sections(EntityDetails("component:default/x", entity, overlay=overlay), NOW)
    texts = [plain(line).strip() for line in layout(made, 70, UNICODE)]
    for words in ("~ gold   beside git by mira", "~ P-1   beside git", "~ uptime: 9   beside git by [ci]"):
        assert any(text.endswith(words) for text in texts), (words, texts)
    assert sum("beside git" in text for text in texts) == 3


def test_relations_are_grouped_and_what_is_not_shown_is_counted() -> None:
    relations = [{"type": "ownedBy", "targetRef": "group:default/a"}]
    relations += [{"type": "dependsOn", "targetRef": f"component:default/{n:02d}"} for n in range(15)]
    found = {section.title: section for section in sections(details(relations=relations), NOW)}["Relations"]
    assert (found.lines[0].label, found.lines[0].text) == ("dependsOn", "component:default/00")
    assert [line.text for line in found.lines if line.quiet] == ["+3 more, all of them in the YAML"]


def test_source_names_file_and_line() -> None:
    found = {section.title: section for section in sections(details(), NOW)}["Source"]
    assert Line("file", "a.yaml:3") in found.lines


def test_state_is_a_symbol_and_a_word() -> None:
    good = details(metadata={"name": "x"})
    orphan = details(metadata={"name": "x", "annotations": {"backstage.io/orphan": "true"}})
    bad = EntityDetails("x", {}, problems=(ProblemItem("c", "m"),))
    assert (marks(good), marks(orphan), marks(bad)) == ((Mark.OK,), (Mark.ORPHAN,), (Mark.ERROR,))
    assert heading(details(metadata={"name": "x"}, spec={"type": "service"})) == ("x", "Component · service")


@pytest.mark.parametrize(
    "entity", [{}, {"metadata": None, "spec": [1], "relations": "x"}, {"spec": {"type": {"a": [1, None]}}}]
)
def test_an_entity_of_any_shape_has_an_overview(entity: dict[str, object]) -> None:
    assert layout(sections(EntityDetails("component:default/x", entity), NOW), 40, UNICODE)


def test_yaml_is_read_back_equal_and_texts_stay_blocks() -> None:
    entity = {"kind": "API", "spec": {"definition": "a: 1\nb:\n  - c\n", "list": [1, {"x": "y"}], "no": "off"}}
    text = as_yaml(entity)
    assert yaml.safe_load(text) == entity
    assert "definition: |" in text


def test_keys_are_told_from_values_but_not_inside_a_block() -> None:
    lines = yaml_lines("spec:\n  owner: team\n  text: |\n    key: no key\n  list:\n  - a: b\n  - plain\n")
    keys = [piece.text for line in lines for piece in line if piece.tone is Tone.ACCENT]
    assert keys == ["spec", "owner", "text", "list", "a"]
    assert "\n".join(plain(line) for line in lines).startswith("spec:\n  owner: team\n  text: |\n    key: no key")


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        ("owner", "group:default/team-pay", "team-pay"),
        ("owner", "team-pay", "team-pay"),
        ("owner", "user:default/ana", "user:default/ana"),
        ("owner", "group:other/team", "other/team"),
        ("name", "group:default/x", "group:default/x"),
    ],
)
def test_a_ref_is_shown_without_what_its_column_says(key: str, value: str, shown: str) -> None:
    assert plain_value(key, value) == shown


def test_widths_follow_the_cells_within_bounds() -> None:
    columns = [column("name"), column("metadata.annotations.x")]
    assert widths(columns, [(20, 500)]) == (20, 24)
    assert widths(columns, []) == (14, 8)
    assert column("metadata.annotations.x").title == "X"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-5, "0s"), (59, "59s"), (60, "1m"), (3600, "1h"), (86_400, "1d"), (8 * 86_400, "1w"), (4e7, "1y")],
)
def test_ages_have_one_unit(seconds: float, text: str) -> None:
    assert seconds_ago(seconds) == text


def test_a_time_that_is_none_is_shown_as_it_is() -> None:
    assert (ago("yesterday", NOW), until("soon", NOW)) == ("yesterday", "soon")
    assert (ago("2026-11-21T11:00:00Z", NOW), until("2026-11-21T12:05:00", NOW)) == ("1h", "in 5m")


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        (LocationItem("1", "git", "x"), (Mark.WAITING, "waiting")),
        (LocationItem("1", "git", "x", last_attempt="t", last_success="t"), (Mark.OK, "ok")),
        (LocationItem("1", "git", "x", last_attempt="t", error_code="c"), (Mark.ERROR, "failing")),
        (LocationItem("1", "git", "x", last_attempt="t", last_success="t", error="e"), (Mark.WARNING, "stale")),
        (LocationItem("1", "git", "x", last_attempt="t", counts={"bad": 1}), (Mark.WARNING, "problems")),
    ],
)
def test_a_location_says_how_it_is(location: LocationItem, expected: tuple[Mark, str]) -> None:
    assert location_mark(location) == expected


def test_repositories_are_shown_short() -> None:
    assert short_repository("https://git.example/acme/pay.git") == "acme/pay"
    assert short_repository("file:///srv/git/pay.git") == "/srv/git/pay.git"


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, UNICODE),
        ({"LANG": "C.UTF-8"}, UNICODE),
        ({"LANG": "de_DE.utf8"}, UNICODE),
        ({"LANG": "POSIX"}, ASCII),
        ({"LANG": "C.UTF-8", "CATALOG_ASCII": "1"}, ASCII),
        ({"LANG": "C.UTF-8", "TERM": "linux"}, ASCII),
    ],
)
def test_symbols_suit_the_terminal(environment: dict[str, str], expected: object) -> None:
    assert symbols(environment) is expected


def test_ascii_symbols_are_ascii_and_both_sets_are_complete() -> None:
    assert all(ASCII[mark].isascii() and cell_len(UNICODE[mark]) == 1 for mark in Mark)


@pytest.mark.parametrize(
    ("view", "order"),
    [
        (ViewState(), "name"),
        (ViewState("kind:api sort:-updated"), "-updated,name"),
        (ViewState("kind:api sort:-owner,name"), "-owner,name"),
        (ViewState("resort:x"), "name"),
        (ViewState("group:owner"), "owner,name"),
        (ViewState("sort:-updated,-Owner group:owner"), "-owner,-updated,name"),
        (ViewState("pay"), "name"),
    ],
)
def test_the_order_asked_for(view: ViewState, order: str) -> None:
    assert view.order == order


def test_sorting_by_the_same_column_turns_it_round() -> None:
    view = ViewState("kind:api").sorted_by("owner").sorted_by("owner")
    assert view.query == "kind:api sort:-owner"
    assert (view.sorted_by("kind").sort, view.flipped().sort) == (("kind",), ("owner",))
    assert ViewState().sorted_by("name").query == "sort:-name"
    assert ViewState("sort:-name").flipped().query == ""


def test_a_further_sort_key_decides_where_the_first_is_equal() -> None:
    view = ViewState("cols:name,owner sort:owner").sorted_further("updated").sorted_further("updated")
    assert view.query == "sort:owner,-updated cols:name,owner"
    assert (view.rank("owner"), view.rank("updated"), view.rank("kind"), view.falls("updated")) == (1, 2, 0, True)
    assert view.order == "owner,-updated,name"


def test_of_a_long_place_the_end_is_shown() -> None:
    assert fitted_end("/srv/git/pay.git", 10) == "…t/pay.git"
    assert fitted_end("/srv/git/pay.git", 20) == "/srv/git/pay.git    "
    assert cell_len(fitted_end("宽" * 9, 6)) == 6
    assert fitted_end("x", 0) == ""
    assert fitted_end("/srv", 2, "...") == ".."
    assert fitted_end("/srv/宽x", 4) == "…宽x"
