"""Settings with their origins, one of them changed in its line, and the schema of the file."""

import json
import tomllib
from pathlib import Path

import jsonschema_rs
import pytest

from syncd.config import Settings, parse_settings
from syncd.config.change import read_value, with_setting, without_setting
from syncd.config.file import Chosen
from syncd.config.origin import all_settings
from syncd.config.schema import config_schema
from syncd.config.spelling import spelled, spelled_key
from syncd.errors import ConfigError
from tests.syncd.test_config import DOCUMENT, REFUSED

TEXT = """\
# ours
[git]
  watch = true   # a "#" is no comment
protocols = [
  "file",  # demo
]

# who may ask
[auth] # tokens
mode = "open"
[keys]
browse.open = "o"
"""

CHANGES = [
    pytest.param("git", "watch", False, '  watch = true   # a "#"', '  watch = false   # a "#"', id="comment stays"),
    pytest.param(
        "git",
        "protocols",
        ["https"],
        'protocols = [\n  "file",  # demo\n]\n',
        'protocols = ["https"]\n',
        id="many lines",
    ),
    pytest.param(
        "git", "depth", 3, '"file",  # demo\n]\n', '"file",  # demo\n]\ndepth = 3\n', id="a new one in a table"
    ),
    pytest.param("auth", "mode", "a # b", 'mode = "open"', 'mode = "a # b"', id="a text with a sharp"),
    pytest.param("tui", "theme", "nord", 'open = "o"\n', 'open = "o"\n\n[tui]\ntheme = "nord"\n', id="a new table"),
    pytest.param("keys", "a.b", ["x"], 'open = "o"\n', 'open = "o"\n"a.b" = ["x"]\n', id="an id with a dot"),
]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(("table", "key", "value", "before", "after"), CHANGES)
def test_one_setting_is_changed_and_every_other_line_stays(
    table: str, key: str, value: object, before: str, after: str, end: str
) -> None:
    assert before in TEXT
    changed = with_setting(TEXT.replace("\n", end), table, key, value)
    assert changed == TEXT.replace(before, after, 1).replace("\n", end)
    assert tomllib.loads(changed)[table][key] == value


def test_a_setting_is_taken_out_and_what_is_not_there_stays_away() -> None:
    assert without_setting(TEXT, "git", "protocols") == TEXT.replace('protocols = [\n  "file",  # demo\n]\n', "")
    assert without_setting(TEXT, "git", "depth") == TEXT
    assert with_setting("", "git", "depth", 1) == "[git]\ndepth = 1\n"
    assert with_setting("a = 1", "git", "depth", 1) == "a = 1\n\n[git]\ndepth = 1\n"


@pytest.mark.parametrize("text", ["git = { depth = 1 }\n", 'git.depth = 1\nauth.mode = "open"\n'])
def test_what_is_spelled_otherwise_is_left_alone(text: str) -> None:
    with pytest.raises(ConfigError, match=r"git\.watch is spelled in a way"):
        with_setting(text, "git", "watch", False)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("5m", "5m"),
        ("3", 3),
        ("true", True),
        ('"x"', "x"),
        ('["a", "b"]', ["a", "b"]),
        ("a\nb = 1", "a\nb = 1"),
        ("", ""),
    ],
)
def test_a_value_is_toml_where_it_reads_as_toml(typed: str, value: object) -> None:
    assert read_value(typed) == value


@pytest.mark.parametrize("value", [True, 3, 0.5, 'a"\\\n\x7f\x01é', ["a", 1], {"a b": {"c": [False]}}])
def test_what_is_spelled_reads_back(value: object) -> None:
    assert tomllib.loads(f"{spelled_key('a.b')} = {spelled(value)}") == {"a.b": value}


def test_every_setting_has_an_origin_and_what_it_took_the_place_of() -> None:
    text = TEXT + '\n[[hosts]]\nhost = "git.example.test"\ntype = "gitea"\n[client]\nuser = "mira"\n'
    chosen = Chosen(Path("c.toml"), text)
    found = {one.name: one for one in all_settings(chosen, {"CATALOG_ME": "user:default/kim"})}
    said = {name: (one.value, one.origin, one.instead_of) for name, one in found.items() if one.origin != "default"}
    assert said == {
        "git.watch": ("true", "c.toml:3", "true (default)"),
        "git.protocols": ('["file"]', "c.toml:4", '["https", "ssh"] (default)'),
        "auth.mode": ('"open"', "c.toml:10", '"tokens" (default)'),
        "keys.browse.open": ('"o"', "c.toml:12", ""),
        "hosts.1.host": ('"git.example.test"', "c.toml:15", ""),
        "hosts.1.type": ('"gitea"', "c.toml:16", ""),
        "client.user": ('"user:default/kim"', "CATALOG_ME", '"mira" (c.toml:18)'),
    }
    assert found["limits.mirror_size"].value == '"512 MiB"'
    assert found["limits.stop_time"].about == "How long an orderly stop may take."


def test_what_is_told_as_default_is_the_default() -> None:
    told: dict[str, dict[str, object]] = {}
    for one in all_settings(None, {}):
        table, _, key = one.name.partition(".")
        if key and one.value:
            told.setdefault(table, {})[key] = tomllib.loads(f"value = {one.value}")["value"]
    assert Settings.model_validate(told) == Settings()


def test_the_schema_accepts_what_is_accepted_and_knows_every_setting() -> None:
    schema = config_schema()
    valid = jsonschema_rs.validator_for(schema)
    examples = DOCUMENT.read_text().split("```toml\n")[1:]
    for example in examples:
        values = tomllib.loads(example.split("```")[0])
        parse_settings(example.split("```")[0], "example.toml")
        assert valid.is_valid(values)
    unknown = [case.values[0] for case in REFUSED if "unknown" in str(case.values[1])]
    assert unknown
    assert not any(valid.is_valid(tomllib.loads(str(text))) for text in unknown)
    git = schema["$defs"]["GitSettings"]["properties"]
    assert git["poll_interval"]["default"] == "60s"
    assert git["watch"] == {
        "default": True,
        "description": "Watch `file://` repositories for pushes.",
        "type": "boolean",
    }
    json.dumps(schema)
