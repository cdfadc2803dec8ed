"""What an edit does to a file (R48): the lines that it is about, nothing else, and the way back."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from syncd.ingest.limits import ParseLimits
from syncd.ingest.reader import read_pieces
from syncd.model.json import Json
from syncd.patch.edit import FieldEdit, applied, same
from syncd.patch.patch import patched
from syncd.patch.refusal import PatchRefusedError
from syncd.patch.splices import Hunk


def put(*path: str | int, to: Json) -> FieldEdit:
    return FieldEdit(path, "set", to)


def drop(*path: str | int) -> FieldEdit:
    return FieldEdit(path, "remove")


def add(*path: str | int, value: Json) -> FieldEdit:
    return FieldEdit(path, "append", value)


def squeeze(*path: str | int, value: Json) -> FieldEdit:
    return FieldEdit(path, "insert", value)


def nested(depth: int) -> Json:
    value: Json = 1
    for _ in range(depth):
        value = [value]
    return value


@dataclass(frozen=True)
class Case:
    """`edits` in document 0 make `new` of `old`."""

    name: str
    old: str
    edits: tuple[FieldEdit, ...]
    new: str


def case(name: str, old: str, new: str, *edits: FieldEdit) -> Case:
    return Case(name, old, edits, new)


WORDS = "  " + " ".join(["word"] * 14)
SCALARS = (
    case("plain", "a: x # c\nb: y\n", "a: z # c\nb: y\n", put("a", to="z")),
    case("alignment", "a:    x   # c\nbb:   y\n", "a:    z   # c\nbb:   y\n", put("a", to="z")),
    case("single_quotes_stay", "a: 'x'\n", "a: 'it''s'\n", put("a", to="it's")),
    case("double_quotes_stay", 'a: "x"\n', 'a: "say \\"so\\""\n', put("a", to='say "so"')),
    case("double_quotes_carry_lines", 'a: "x"\n', 'a: "t\\nu\\n"\n', put("a", to="t\nu\n")),
    case("plain_where_it_reads_back", "a: x\n", "a: yes\n", put("a", to="yes")),
    case("quotes_where_plain_is_a_number", "a: x\n", "a: '012'\n", put("a", to="012")),
    case("quotes_where_plain_is_null", "a: x\n", "a: '~'\n", put("a", to="~")),
    case("quotes_of_the_file", 'a: x\nb: "y"\n', 'a: "1:"\nb: "y"\n', put("a", to="1:")),
    case("quotes_for_an_empty_text", "a: x\n", "a: ''\n", put("a", to="")),
    case("quotes_for_a_comment_sign", "a: x\n", "a: 'y #z'\n", put("a", to="y #z")),
    case("escapes_where_needed", "a: 'x'\n", 'a: "t\\u2028u\\u0007"\n', put("a", to="t\u2028u\a")),
    case("backslash_in_single_quotes", "a: 'x'\n", "a: 'C:\\d'\n", put("a", to="C:\\d")),
    case("number_for_text", "a: 'x' # c\n", "a: 5 # c\n", put("a", to=5)),
    case("float", "a: 1\n", "a: 1.5\n", put("a", to=1.5)),
    case("whole_float_is_an_integer", "a: 2\n", "a: 1\n", put("a", to=1.0)),
    case("true", "a: 'true'\n", "a: true\n", put("a", to=True)),
    case("null", "a: x\n", "a: null\n", put("a", to=None)),
    case("text_for_number", "a: 5\n", "a: '6'\n", put("a", to="6")),
    case(
        "yaml_1_1",
        "%YAML 1.1\n---\na: x\n",
        "%YAML 1.1\n---\na: 'yes'\nb: 'off'\n",
        put("a", to="yes"),
        put("b", to="off"),
    ),
    case("folded_plain", "a: one\n  two # c\nb: 1\n", "a: x # c\nb: 1\n", put("a", to="x")),
    case("folded_quotes", "a: 'one\n  two' # c\nb: 1\n", "a: 'x' # c\nb: 1\n", put("a", to="x")),
    case("continued_quotes", 'a: "x\\\n  y"\nb: z\n', 'a: "q"\nb: z\n', put("a", to="q")),
    case("value_in_the_next_line", "a:\n  # why\n  x # c\nb: 1\n", "a:\n  # why\n  y # c\nb: 1\n", put("a", to="y")),
    case("quoted_key", "'a b': 1\n\"c\": 2\n", "'a b': 3\n\"c\": 2\n", put("a b", to=3)),
    case("number_as_key", "1: x\ntrue: y\n", "1: z\ntrue: y\n", put("1", to="z")),
    case("explicit_key", "? a\n: 1\n? b\n: 2\n", "? a\n: 5\n? b\n: 2\n", put("a", to=5)),
    case("tabs_between", "a:\tx\t# c\n", "a:\ty\t# c\n", put("a", to="y")),
    case("tag_on_a_text", "a: !!str 5\n", "a: !!str '6'\n", put("a", to="6")),
    case("unused_anchor", "a: &x 1\nb: 2\n", "a: &x 3\nb: 2\n", put("a", to=3)),
    case("alias_as_a_single_value", "a: &x 1\nb: *x\n", "a: &x 1\nb: 2\n", put("b", to=2)),
    case(
        "merge_key_is_a_key", "<<: 1\na: 2\n", "<<: 3\na: 2\nb:\n  '<<': 1\n", put("<<", to=3), put("b", to={"<<": 1})
    ),
)
NOTHING = (
    case("nothing", "a:\nb: 1\n", "a: x\nb: 1\n", put("a", to="x")),
    case("nothing_and_a_comment", "a: # c\n", "a: x # c\n", put("a", to="x")),
    case("nothing_and_blanks", "a:    \nb: 1", "a:    x\nb: 1", put("a", to="x")),
    case("nothing_in_a_list", "- a\n-\n- b\n", "- a\n- x\n- b\n", put(1, to="x")),
    case("nothing_in_brackets", "{a: , b}\n", "{a: 1, b: 2}\n", put("a", to=1), put("b", to=2)),
    case("nothing_becomes_a_mapping", "a:\nb: 1\n", "a:\n  c:\n    d: x\nb: 1\n", put("a", "c", "d", to="x")),
    case("null_becomes_a_mapping", "a: ~ # c\nb: 1\n", "a: # c\n  d: x\nb: 1\n", put("a", "d", to="x")),
    case("nothing_becomes_a_list", "a:\nb:\n- c\n", "a:\n- x\nb:\n- c\n", add("a", value="x")),
)
LINES = (
    case("literal", "a: |\n  x\n  y\nb: 1\n", "a: |\n  x\n  z\n  y\nb: 1\n", put("a", to="x\nz\ny\n")),
    case(
        "literal_blank_lines_stay",
        "a: |\n  x\n \n  y\n\n# c\nb: 1\n",
        "a: |\n  x\n \n  z\n\n# c\nb: 1\n",
        put("a", to="x\n\nz\n"),
    ),
    case("literal_without_end", "a: | # c\n  x\n", "a: |- # c\n  y\n", put("a", to="y")),
    case("literal_gets_an_end", "a: |-\n  x\n", "a: |\n  y\n", put("a", to="y\n")),
    case("literal_keeps_ends", "a: |+\n  x\n\n\nb: 1\n", "a: |+\n  x\n\nb: 1\n", put("a", to="x\n\n")),
    case("literal_with_more_ends", "a: |\n  x\n\nb: 1\n", 'a: "x\\n\\n\\n"\n\nb: 1\n', put("a", to="x\n\n\n")),
    case(
        "literal_with_an_indicator",
        "a: |2\n    x\n   y\nb: 1\n",
        "a: |2\n    x\n   z\nb: 1\n",
        put("a", to="  x\n z\n"),
    ),
    case("literal_with_tabs", "a: |\n  x:\n  \ty\n", "a: |\n  x:\n  \tz\n", put("a", to="x:\n\tz\n")),
    case("literal_to_a_number", "a: | # c\n  x\n  y\nb: 1\n", "a: 5 # c\nb: 1\n", put("a", to=5)),
    case("literal_to_a_mapping", "a: |\n  x\n  y\nb: 1\n", "a:\n  k: v\nb: 1\n", put("a", to={"k": "v"})),
    case("literal_cannot_carry_it", "a: |\n  x\nb: 1\n", 'a: "\\u0007"\nb: 1\n', put("a", to="\a")),
    case(
        "folded",
        "a: >-\n  one two\n  three\n\n  four\n",
        "a: >-\n  one two three\n\n  five\n",
        put("a", to="one two three\nfive"),
    ),
    case("folded_paragraphs", "a: >\n  x\n", "a: >\n  x\n\n  y\n\n\n  z\n", put("a", to="x\ny\n\nz\n")),
    case(
        "folded_is_wrapped",
        "a: >\n" + WORDS + "\n  end\n",
        "a: >\n" + WORDS + " word\n  word end\n",
        put("a", to=" ".join(["word"] * 16) + " end\n"),
    ),
    case("folded_with_indented_lines", "a: >\n  x\n", "a: |\n  x\n    y\n", put("a", to="x\n  y\n")),
    case("several_lines_for_one", "a: x # c\nb: 1\n", "a: |- # c\n  t\n  u\nb: 1\n", put("a", to="t\nu")),
    case(
        "several_lines_below_a_comment",
        "a:\n  # c\n  x\nb: 1\n",
        "a:\n  # c\n  |\n  t\n  u\nb: 1\n",
        put("a", to="t\nu\n"),
    ),
    case("several_lines_in_a_list", "- x # c\n", "- |- # c\n  t\n  u\n", put(0, to="t\nu")),
    case("several_lines_in_brackets", "a: [x]\n", 'a: ["t\\nu"]\n', put("a", 0, to="t\nu")),
)
MAPPINGS = (
    case(
        "key", "a:\n  b: 1 # c\n\n  # on d\nd: 1\n", "a:\n  b: 1 # c\n  e: 2\n\n  # on d\nd: 1\n", put("a", "e", to=2)
    ),
    case(
        "key_behind_what_was_commented_out",
        "a:\n  b:\n    # c: 1\nd: 1\n",
        "a:\n  b:\n    # c: 1\n  e: 2\nd: 1\n",
        put("a", "e", to=2),
    ),
    case("key_in_quotes_like_the_others", "'a': 1\n'b': 2\n", "'a': 1\n'b': 2\n'c': x\n", put("c", to="x")),
    case("key_that_needs_quotes", "a: 1\n", "a: 1\n'b: c': 2\n'12': 3\n", put("b: c", to=2), put("12", to=3)),
    case("key_behind_a_literal", "a: |\n  x\n\nb: |+\n  x\n\n", "a: |\n  x\n\nb: |+\n  x\n\nc: 1\n", put("c", to=1)),
    case("key_with_missing_parents", "a: 1\n# t\n", "a: 1\nb:\n  c:\n    d: x\n# t\n", put("b", "c", "d", to="x")),
    case(
        "key_with_a_tree",
        "a:\n- b\n",
        "a:\n- b\nc:\n  d:\n  - e: 1\n    f: []\n  - - g\n",
        put("c", to={"d": [{"e": 1, "f": []}, ["g"]]}),
    ),
    case("key_in_steps_of_four", "a:\n    b: 1\n", "a:\n    b: 1\n    c:\n        d: 1\n", put("a", "c", "d", to=1)),
    case("key_in_an_empty_mapping", "a: {} # c\nb: 1\n", "a: # c\n  d: 1\nb: 1\n", put("a", "d", to=1)),
    case("key_in_a_list_item", "- a: 1\n  b: 2\n- c\n", "- a: 1\n  b: 2\n  d: 3\n- c\n", put(0, "d", to=3)),
    case("key_of_an_indented_document", "  a: 1\n  b: 2\n", "  a: 1\n  b: 2\n  c: 3\n", put("c", to=3)),
    case("removal", "a: 1\n# on b\nb: 2 # c\n# on c\nc: 3\n", "a: 1\n# on b\n# on c\nc: 3\n", drop("b")),
    case("removal_with_what_is_below", "a:\n  # x\n  b:\n  - 1\n  # c: 1\n# d\nd: 1\n", "# d\nd: 1\n", drop("a")),
    case("removal_of_nothing", "a:\n  # b: 1\n\nc: 1\n", "\nc: 1\n", drop("a")),
    case("removal_of_the_last_key", "a:  # c\n  # d\n  b: 1 # e\nf: 1\n", "a: {}  # c\n  # d\nf: 1\n", drop("a", "b")),
    case("removal_of_the_only_key", "# c\na: 1\n# t\n", "# c\n{}\n# t\n", drop("a")),
    case("removal_of_all_behind_an_anchor", "a: &x # c\n  k: 1\nb: 1\n", "a: &x {} # c\nb: 1\n", drop("a", "k")),
    case("text_for_mapping_behind_an_anchor", "a: &x # c\n  k: 1\n", "a: &x y # c\n", put("a", to="y")),
    case("mapping_for_text_behind_an_anchor", "a: &x y # c\n", "a: &x # c\n  k: 1\n", put("a", to={"k": 1})),
    case("list_for_mapping_behind_an_anchor", "a: &x\n  k: 1\n", "a: &x\n  - y\n", put("a", to=["y"])),
    case("removal_beside_a_dash", "- a: 1 # c\n  b: 2\n- d\n", "- b: 2\n- d\n", drop(0, "a")),
    case("removal_beside_a_dash_under_a_comment", "- a: 1\n  # on b\n  b: 2\n", "-\n  # on b\n  b: 2\n", drop(0, "a")),
    case("removal_of_all_beside_a_dash", "- a: 1 # c\n- d\n", "- {} # c\n- d\n", drop(0, "a")),
    case("removal_of_several", "- a: 1\n  b: 2\n  c: 3\n", "- c: 3\n", drop(0, "a"), drop(0, "b")),
    case("removal_of_an_explicit_key", "? a\n: 1\n? b\n: 2\n", "? a\n: 1\n", drop("b")),
    case("removal_of_what_is_not_there", "a:  1\n", "a:  1\n", drop("b"), drop("c", "d")),
    case(
        "mapping_for_mapping",
        "a:\n  b: 1 # b\n  c: 2 # c\n  d: 3 # d\n",
        "a:\n  b: 1 # b\n  d: 4 # d\n  e: 5\n",
        put("a", to={"d": 4, "e": 5, "b": 1}),
    ),
    case(
        "other_keys_altogether",
        "a:\n  b: 1 # b\n  c: 2\nz: 1\n",
        "a:\n  d: 3\n  e: 4\nz: 1\n",
        put("a", to={"d": 3, "e": 4}),
    ),
    case("mapping_for_text", "a: x # c\nb: 1\n", "a: # c\n  k: v\nb: 1\n", put("a", to={"k": "v"})),
    case("mapping_for_list", "a: # c\n- x\nb: 1\n", "a: # c\n  k: v\nb: 1\n", put("a", to={"k": "v"})),
    case("mapping_for_list_below_a_comment", "a:\n# c\n- x\nb: 1\n", "a:\n# c\n k: v\nb: 1\n", put("a", to={"k": "v"})),
    case("text_for_mapping", "a: # c\n  k: v # d\n  l: w\nb: 1\n", "a: x # c\nb: 1\n", put("a", to="x")),
    case("empty_for_mapping", "a: # c\n  k: v # d\n  l: w\nb: 1\n", "a: {} # c\nb: 1\n", put("a", to={})),
)
LISTS = (
    case("item", "a:\n  - x # c\n  # t\nb: 1\n", "a:\n  - x # c\n  - y\n  # t\nb: 1\n", add("a", value="y")),
    case("item_not_indented", "a:\n- x\nb: 1\n", "a:\n- x\n- y\nb: 1\n", add("a", value="y")),
    case("item_in_quotes_like_the_last", 'a:\n- "x"\n', 'a:\n- "x"\n- "y"\n', add("a", value="y")),
    case(
        "item_far_from_its_dash",
        "-   a: 1\n    b: 2\n",
        "-   a: 1\n    b: 2\n-   c: 1\n    d: 2\n",
        add(value={"c": 1, "d": 2}),
    ),
    case("item_in_an_empty_list", "a: [] # c\n", "a: # c\n  - x\n", add("a", value="x")),
    case("item_of_no_list_yet", "a: 1\n", "a: 1\nb:\n  - x\n", add("b", value="x")),
    case("item_in_front", "a:\n  # c\n  - x\n", "a:\n  # c\n  - y\n  - x\n", squeeze("a", 0, value="y")),
    case("item_between", "- x # x\n# on y\n- y\n", "- x # x\n- z\n# on y\n- y\n", squeeze(1, value="z")),
    case("item_at_the_end", "- x\n", "- x\n- y\n", squeeze(1, value="y")),
    case("item_beside_a_dash", "- - a\n  - b\n", "- - z\n  - a\n  - b\n", squeeze(0, 0, value="z")),
    case("removal_of_an_item", "- x # 1\n- x # 2\n- x # 3\n", "- x # 1\n- x # 3\n", drop(1)),
    case("removal_of_the_first_beside_a_dash", "- - a\n  - b\n- c\n", "- - b\n- c\n", drop(0, 0)),
    case("removal_of_all_items", "a: # c\n- x\n- y\nb: 1\n", "a: [] # c\nb: 1\n", drop("a", 0), drop("a", 0)),
    case("list_for_list", "- a # a\n- b # b\n- c # c\n", "- b # b\n- x\n- c # c\n", put(to=["b", "x", "c"])),
    case("list_of_mappings", "- n: a # a\n- n: b # b\n", "- n: a # a\n- n: x # b\n", put(to=[{"n": "a"}, {"n": "x"}])),
    case(
        "edits_of_a_list_for_a_list",
        "- a # a\n- b # b\n",
        "- b # b\n- c\n",
        put(to=["b"]),
        add(value="c"),
        drop(0),
        squeeze(0, value="b"),
    ),
    case("list_for_text", "a: x # c\nb:\n- c\n", "a: # c\n- y\nb:\n- c\n", put("a", to=["y"])),
)
BRACKETS = (
    case(
        "in_brackets",
        "a: {b: 1, c: [x, y]} # c\n",
        "a: {b: 2, c: [x, y, 'a]b'], d: {e: []}} # c\n",
        put("a", "b", to=2),
        add("a", "c", value="a]b"),
        put("a", "d", "e", to=[]),
    ),
    case("removal_in_brackets", "{a: 1, b: 2, c: 3}\n", "{b: 2}\n", drop("a"), drop("c")),
    case("removal_of_all_in_brackets", "a: {b: 1}\n", "a: {}\n", drop("a", "b")),
    case("last_comma", "a: [1, 2,]\n", "a: [1, 3,]\n", drop("a", 1), add("a", value=3)),
    case(
        "lines_in_brackets",
        "a: [\n  1, # 1\n  2, # 2\n  3 # 3\n]\n",
        "a: [\n  1, # 1\n  3, # 3\n  4\n]\n",
        drop("a", 1),
        add("a", value=4),
    ),
    case(
        "lines_with_a_last_comma",
        "a: [\n  1, # 1\n  2, # 2\n]\n",
        "a: [\n  0,\n  1, # 1\n  2, # 2\n  3,\n]\n",
        add("a", value=3),
        squeeze("a", 0, value=0),
    ),
    case("last_line_in_brackets", "a: [\n  1, # 1\n  2 # 2\n]\n", "a: [\n  1 # 1\n]\n", drop("a", 1)),
    case("pair_in_brackets", "[a, b: 1]\n", "[a, b: 5]\n", put(1, "b", to=5)),
    case("behind_a_mark", "--- {a: 1}\n...\n", "--- {a: 1, b: x}\n...\n", put("b", to="x")),
    case("empty_document_in_brackets", "--- {} # c\n", "--- {a: x} # c\n", put("a", to="x")),
    case(
        "json",
        '{\n\t"a": 1,\n\t"b": {\n\t\t"c": "x"\n\t}\n}\n',
        '{\n\t"a": "q",\n\t"b": {\n\t\t"c": "x",\n\t\t"d": "y"\n\t},\n\t"e": ["z", {"k": null}]\n}\n',
        put("a", to="q"),
        put("b", "d", to="y"),
        put("e", to=["z", {"k": None}]),
    ),
    case(
        "json_surrogates", '{"a":"\\ud83d\\ude00","b":1}', '{"a":"\\ud83d\\ude00","b":"\u2603"}', put("b", to="\u2603")
    ),
    case(
        "json_list",
        '{"a":[1,{}]}',
        '{"a":["x",{"b": "y"}, "z"]}',
        put("a", 0, to="x"),
        put("a", 1, "b", to="y"),
        add("a", value="z"),
    ),
    case("json_empty", '{"a":{}, "b":[]}', '{"a":{"c": "x"}, "b":["y"]}', put("a", "c", to="x"), add("b", value="y")),
)
FILES = (
    case(
        "lines_of_windows",
        "a: 1\r\nb: |\r\n  x\r\n  y\r\nc: 2\r\n",
        "a: 1\r\nb: |\r\n  x\r\n  z\r\n  y\r\nc: 2\r\nd:\r\n  e: 1\r\n",
        put("b", to="x\nz\ny\n"),
        put("d", to={"e": 1}),
    ),
    case(
        "mixed_line_ends",
        "a:\r\n  b: 1\r\nc:\n  d: 1\n",
        "a:\r\n  b: 1\r\n  e: 2\r\nc:\n  d: 1\n  f: 3\n",
        put("a", "e", to=2),
        put("c", "f", to=3),
    ),
    case("old_line_ends", "a: x\rb: y\r", "a: x\rb: y\rc: z\r", put("c", to="z")),
    case("byte_order_mark", "\ufeffa: ü # é\nb: 😀\n", "\ufeffa: ü # é\nb: ☃ x\n", put("b", to="☃ x")),
    case("breaks_of_yaml_1_1", "a: x\u2028y\nb: 1\u0085\n", "a: x\u2028y\nb: 2\n", put("b", to=2)),
    case("no_final_line_end", "a: 1\nb: 2", "a: 1\nb: 2\nc: 3", put("c", to=3)),
    case("removal_at_the_end", "a: 1\r\nb: 2\r\nc: 3", "a: 1", drop("b"), drop("c")),
    case("literal_without_final_line_end", "a: |\n  x", "a: |-\n  x\nb: 1", put("b", to=1)),
    case("literal_before_the_removed_end", "a: |\n  x\nb: 1", "a: |\n  x\n", drop("b")),
    case(
        "other_documents",
        "a: x\n---\n# c\n---\nc: [\n---\nd: \x01\n",
        "a: y\n---\n# c\n---\nc: [\n---\nd: \x01\n",
        put("a", to="y"),
    ),
    case("no_change", "a:  'x'\nb: [1,  2]\n", "a:  'x'\nb: [1,  2]\n", put("a", to="x"), put("b", to=[1, 2])),
    case("there_and_back", "a:  1.0\n", "a:  1.0\n", put("a", to=2), put("a", to=1)),
)
CASES = (*SCALARS, *NOTHING, *LINES, *MAPPINGS, *LISTS, *BRACKETS, *FILES)


def named(cases: Sequence[Case]) -> list[object]:
    return [pytest.param(each, id=f"r048_{each.name}") for each in cases]


@pytest.mark.parametrize("each", named(CASES))
def test_an_edit_changes_its_lines(each: Case) -> None:
    assert patched(each.old.encode(), 0, each.edits).content.decode() == each.new


@pytest.mark.parametrize("each", named(CASES))
def test_an_edit_can_be_taken_back(each: Case) -> None:
    patch = patched(each.old.encode(), 0, each.edits)
    assert patched(patch.content, 0, patch.undo.edits, patch.undo.hunks).content.decode() == each.old


@pytest.mark.parametrize("each", named(CASES))
def test_the_edits_of_an_undo_alone_bring_the_data_back(each: Case) -> None:
    patch = patched(each.old.encode(), 0, each.edits)
    back = patched(patch.content, 0, patch.undo.edits).content
    assert same(values(back)[0], values(each.old.encode())[0])


def values(content: bytes) -> list[Json]:
    found = read_pieces(content, ParseLimits())
    assert isinstance(found, list)
    return [piece.value for piece in found]


def test_r048_an_undo_restores_lines_in_a_file_that_went_on() -> None:
    old = b"a: 1\nb:\n  # on c\n  c: 'x'   # c\n  d: 1\ne: 1\n"
    patch = patched(old, 0, [drop("b", "c")])
    assert patch.content == b"a: 1\nb:\n  # on c\n  d: 1\ne: 1\n"
    later = b"# new\n" + patch.content.replace(b"e: 1", b"e: 2").replace(b"a: 1", b"a: 0\nz: 1")
    back = patched(later, 0, patch.undo.edits, patch.undo.hunks).content
    assert back == b"# new\n" + old.replace(b"e: 1", b"e: 2").replace(b"a: 1", b"a: 0\nz: 1")


def test_r048_an_undo_that_finds_other_lines_brings_the_data_back() -> None:
    patch = patched(b"a: 'x' # c\nb: 1\n", 0, [put("a", to=5)])
    assert patch.content == b"a: 5 # c\nb: 1\n"
    assert patched(b"b: 1\na: 5 # d\n", 0, patch.undo.edits, patch.undo.hunks).content == b"b: 1\na: x # d\n"


def test_r048_lines_of_an_undo_that_say_something_else_are_not_used() -> None:
    patch = patched(b"a: 1\nb: 1\n", 0, [put("a", to=2)])
    text = b"c: |\n  a: 2\n  b: 1\na: 2\nz: 1\nb: 1\n"
    assert patched(text, 0, patch.undo.edits, patch.undo.hunks).content == text.replace(b"\na: 2", b"\na: 1")


def test_r048_lines_of_an_undo_that_change_another_document_are_not_used() -> None:
    text = b"a: 1\n---\nb: 1\n"
    hunk = Hunk(0, "", text.decode(), "a: 2\n---\nb: 2\n", "")
    assert patched(text, 0, [put("a", to=2)], [hunk]).content == b"a: 2\n---\nb: 1\n"


def test_r048_documents_count_as_in_reading() -> None:
    text = b"# c\n---\na: 1\n---\n# nothing\n---\na: [\n--- \na: 1 # here\n...\n# end\n"
    assert patched(text, 3, [put("a", to=2)]).content == text.replace(b"1 # here", b"2 # here")


def test_r048_an_item_of_a_list_of_entities_is_edited_through_its_place() -> None:
    text = b"- identifier: a\n  blueprint: b\n- identifier: c # c\n  blueprint: b\n"
    number, index = 0, 1
    assert patched(text, number, [put(index, "identifier", to="d")]).content == text.replace(b"c #", b"d #")


HOSTILE = "a: " + "[" * 70 + "]" * 70
REFUSALS: tuple[tuple[str, bytes, FieldEdit, str, int], ...] = (
    ("syntax", b"a: 1\nb: [\n", put("a", to=2), "unreadable", 2),
    ("tabs", b"a:\n\tb: 1\n", put("a", "b", to=2), "unreadable", 2),
    ("duplicate_key", b"a: 1\nb: 1\na: 2\n", put("a", to=2), "unreadable", 3),
    ("not_utf8", b"a: 1\nb: \xff\n", put("a", to=2), "unreadable", 2),
    ("over_a_cap", HOSTILE.encode(), put("b", to=2), "unreadable", 1),
    ("over_the_cap_of_the_file", b"a: 1\n#" + b"x" * 4 * 2**20, put("a", to=2), "unreadable", 0),
    ("no_such_document", b"a: 1\n", put("a", to=2), "no_document", 0),
    ("empty_document", b"# c\n---\n# d\n", put("a", to=2), "empty", 2),
    ("through_a_text", b"a: x\n", put("a", "b", to=2), "bad_path", 0),
    ("through_a_list", b"a: [x]\n", put("a", "b", to=2), "bad_path", 0),
    ("index_in_a_mapping", b"a: {}\n", put("a", 0, to=2), "bad_path", 0),
    ("append_to_a_text", b"a: x\n", add("a", value=2), "bad_path", 0),
    ("insert_without_a_place", b"a: [x]\n", squeeze("a", value=2), "bad_path", 0),
    ("removal_of_the_document", b"a: 1\n", FieldEdit((), "remove"), "bad_path", 0),
    ("index_outside", b"a: [x]\n", put("a", 1, to=2), "index", 0),
    ("negative_index", b"a: [x]\n", drop("a", -1), "index", 0),
    ("text_for_a_document", b"# c\na: 1\n", put(to="x"), "root", 2),
    ("list_for_a_document", b"a: 1\n", put(to=["x"]), "root", 1),
    ("not_a_number", b"a: 1\n", put("a", to=float("nan")), "bad_value", 0),
    ("nul", b"a: 1\n", put("a", to="x\0"), "bad_value", 0),
    ("half_a_surrogate_pair", b"a: 1\n", put("a", to={"\ud800": 1}), "bad_value", 0),
    ("endless_value", b"a: 1\n", put("a", to=nested(2000)), "bad_value", 0),
    ("used_anchor", b"a: &x 1\nb: *x\n", put("a", to=2), "anchor", 1),
    ("within_a_used_anchor", b"a: &x\n  k: 1\nb: *x\n", put("a", "k", to=2), "anchor", 1),
    ("removal_of_a_used_anchor", b"a:\n  k: &x 1\nb: *x\n", drop("a"), "anchor", 2),
    ("key_beside_a_used_anchor", b"a: &x\n  k: 1\nb: *x\n", put("a", "l", to=2), "anchor", 1),
    ("through_an_alias", b"a: &x {k: 1}\nb: *x\n", put("b", "k", to=2), "alias", 2),
    ("through_a_merge", b"a: &x {k: 1}\nb:\n  <<: *x\n", put("b", "<<", "k", to=2), "alias", 3),
    ("tag_that_tells_the_type", b"a: !!str 5\n", put("a", to=6), "tag", 1),
    ("more_than_a_cap_afterwards", b"a: 1\n", put("a", to="x" * 300_000), "inexact", 0),
    ("key_without_a_colon", b"? a\n? b\n", put("a", to=1), "inexact", 0),
)


@pytest.mark.parametrize(
    ("content", "edit", "reason", "line"), [pytest.param(*rest, id=f"r048_{name}") for name, *rest in REFUSALS]
)
def test_what_cannot_be_kept_is_refused_with_its_place(content: bytes, edit: FieldEdit, reason: str, line: int) -> None:
    document = 7 if reason == "no_document" else 0
    with pytest.raises(PatchRefusedError) as caught:
        patched(content, document, [edit])
    assert (caught.value.reason, caught.value.line) == (reason, line)
    assert caught.value.message


def test_edits_follow_each_other() -> None:
    edits = [put("a", "b", to=[]), add("a", "b", value=1), squeeze("a", "b", 0, value=0), drop("a", "b", 1)]
    assert applied({"a": None}, edits) == {"a": {"b": [0]}}
    assert patched(b"a:\n", 0, edits).content == b"a:\n  b:\n    - 0\n"
