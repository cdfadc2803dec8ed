"""`catalog config`: what is in force and where it is said, and one setting changed. No daemon runs."""

import json
import os
import stat
from pathlib import Path

import pytest
from pydantic import BaseModel

from syncd.config import Settings
from tests.tui.cli.program import Done, catalog
from tui.cli.setting_names import SETTINGS


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A configuration."""
    path = tmp_path / "config.toml"
    path.write_text('[git]\nwatch = false # here\n\n[[hosts]]\nhost = "git.example.test"\ntype = "gitea"\n')
    path.chmod(0o640)
    return path


def config(file: Path, *arguments: str) -> Done:
    return catalog(file.parent, "config", *arguments, CATALOG_CONFIG=str(file))


def test_settings_are_shown_with_file_and_line(file: Path) -> None:
    done = config(file, "show", "--changed", "--origin")
    assert done.out.splitlines() == [
        "setting\tvalue\torigin\tinstead_of",
        f"git.watch\tfalse\t{file}:2\ttrue (default)",
        f'hosts.1.host\t"git.example.test"\t{file}:5\t',
        f'hosts.1.type\t"gitea"\t{file}:6\t',
    ]
    [one] = json.loads(config(file, "show", "git.poll_interval", "-o", "json").out)
    assert (one["value"], one["origin"]) == ('"60s"', "default")
    assert one["about"] == "How often a repository is fetched when nothing rang."


def test_one_setting_is_read_changed_and_taken_out(file: Path) -> None:
    assert config(file, "get", "git.poll_interval").out == "60s\n"
    before = file.read_text()
    tried = config(file, "set", "git.poll_interval", "5m", "--dry-run")
    assert '+poll_interval = "5m"\n' in tried.out
    assert file.read_text() == before
    assert "is changed" in config(file, "set", "git.poll_interval", "5m").err
    assert "is changed" in config(file, "set", "git.watch", "true").err
    assert file.read_text() == before.replace("false # here\n", 'true # here\npoll_interval = "5m"\n')
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert config(file, "get", "git.poll_interval").out == "5m\n"
    assert "says so already" in config(file, "set", "git.poll_interval", "5m").err
    config(file, "unset", "git.poll_interval")
    assert file.read_text() == before.replace("false", "true")


def test_a_file_is_made_where_there_is_none_and_a_link_stays_a_link(tmp_path: Path) -> None:
    place = tmp_path / "there" / "config.toml"
    link = tmp_path / "link.toml"
    link.symlink_to(place)
    assert config(link, "set", "limits.bulk_entities", "-1").code == 2
    assert not place.exists()
    assert config(link, "set", "limits.bulk_entities", "50").code == 0
    assert link.is_symlink()
    assert place.read_text() == "[limits]\nbulk_entities = 50\n"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["get", "git.poll_intervall"], "did you mean git.poll_interval?"),
        (["show", "gitt"], "did you mean git?"),
        (["set", "git.poll_intervall", "5m"], "did you mean git.poll_interval?"),
        (["set", "git.poll_interval", "soon"], '[git] poll_interval = "soon": must be a duration'),
        (["set", "hosts.1.host", "x"], "changed in the file itself"),
    ],
)
def test_what_cannot_be_is_code_2_and_nothing_is_written(file: Path, arguments: list[str], told: str) -> None:
    before = file.read_text()
    done = config(file, *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: ")
    assert told in done.err
    assert file.read_text() == before


def test_a_file_is_judged_with_lines_and_nearest_names(file: Path, tmp_path: Path) -> None:
    assert config(file, "validate").err == f"{file} is sound\n"
    other = tmp_path / "other.toml"
    other.write_text('[git]\npoll_intervall = "1m"\n\n[keys]\n"browse.gruop" = "o"\n')
    done = config(file, "validate", str(other))
    assert done.code == 1
    assert done.out.splitlines() == [
        f"{other}:2: unknown setting [git] poll_intervall; did you mean poll_interval?",
        f"{other}: there is no action browse.gruop; did you mean browse.group?",
    ]
    assert config(tmp_path / "none.toml", "validate").code == 2
    assert catalog(tmp_path, "config", "validate", CATALOG_CONFIG="", XDG_CONFIG_HOME=os.devnull).code == 0


def test_the_schema_is_json(file: Path) -> None:
    assert json.loads(config(file, "schema").out)["title"] == "The configuration of git-catalog"


def test_completion_knows_the_settings() -> None:
    tables = {name: field.default for name, field in Settings.model_fields.items()}
    known = {name: tuple(type(one).model_fields) for name, one in tables.items() if isinstance(one, BaseModel)}
    assert {name: fields for name, fields in known.items() if fields} == SETTINGS
