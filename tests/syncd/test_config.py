"""The configuration file: what is read, what is refused and how the refusal reads; the documentation is tested too."""

import re
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from syncd.config import Listener, LocationSettings, Settings, load_settings, parse_settings, reported_limits
from syncd.config.settings import KeySettings
from syncd.errors import ConfigError

DOCUMENT = Path(__file__).parents[2] / "docs" / "configuration.md"

UNITS = (("GiB", 3), ("MiB", 2), ("KiB", 1))


def _tables() -> dict[str, type[BaseModel]]:
    tables: dict[str, type[BaseModel]] = {}
    for name, field in Settings.model_fields.items():
        if isinstance(field.default, BaseModel):
            tables[f"[{name}]"] = type(field.default)
        else:
            listed = field.annotation
            while not isinstance(listed, type) or not issubclass(listed, BaseModel):
                listed = get_args(listed)[0]
            tables[f"[[{name}]]"] = listed
    return tables


def _shown(value: object) -> str:
    match value:
        case timedelta():
            seconds = int(value.total_seconds())
            if seconds % 3600 == 0:
                return f'`"{seconds // 3600}h"`'
            return f'`"{seconds // 60}m"`' if seconds % 60 == 0 and seconds >= 600 else f'`"{seconds}s"`'
        case bool():
            return f"`{str(value).lower()}`"
        case Listener():
            return f'`"{value}"`'
        case str():
            return f'`"{value}"`'
        case tuple():
            return ", ".join(_shown(item) for item in value) or "none"
        case None:
            return "none"
        case int() if value >= 1024 and value % 1024 == 0:
            unit, power = next((unit, 1024**power) for unit, power in UNITS if value % 1024**power == 0)
            return f'`"{value // power} {unit}"`'
    return f"`{value}`"


SETTINGS = [(table, name) for table, model in _tables().items() for name in model.model_fields]


@pytest.mark.parametrize(("table", "name"), SETTINGS, ids=lambda part: part.strip("[]"))
def test_every_setting_is_documented_with_its_default_and_sentence(table: str, name: str) -> None:
    field = _tables()[table].model_fields[name]
    default = "required" if field.is_required() else _shown(field.default)
    section = DOCUMENT.read_text().split(f"\n## `{table}`\n")[1].split("\n## ")[0]
    assert f"| `{name}` | {default} | {field.description} |" in section


def test_every_table_is_documented() -> None:
    assert re.findall(r"\n## `(\[.*\])`\n", DOCUMENT.read_text()) == list(_tables())


def test_the_documents_examples_are_accepted() -> None:
    examples = re.findall(r"```toml\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    assert len(examples) >= 2
    for example in examples:
        assert parse_settings(example, "example.toml") != Settings()


REFUSED = [
    pytest.param(
        '[git]\npoll_intervall = "1m"',
        "c.toml:2: unknown setting [git] poll_intervall; did you mean poll_interval?",
        id="a misspelt key names the nearest",
    ),
    pytest.param("[gitt]\ndepth = 1", "c.toml:1: unknown table [gitt]; did you mean git?", id="a misspelt table too"),
    pytest.param(
        '[[hosts]]\nhost = "a"\ntype = "github"\n\n[[hosts]]\nhost = "b"\ntype = "github"\nclones = "x"',
        "c.toml:8: unknown setting [[hosts]] 2 clones; did you mean clone?",
        id="entries of a list are counted from one",
    ),
    pytest.param(
        "# comment\n[views]\n\ncolour = 1",
        "c.toml:4: unknown setting [views] colour; this table has no settings yet",
        id="a table without settings takes none",
    ),
    pytest.param(
        '[auth]\nmode = "opne"',
        "c.toml:2: [auth] mode = \"opne\": must be 'tokens' or 'open'",
        id="a wrong value is shown with those that are right",
    ),
    pytest.param(
        'note = """\n[git]\n"""\n[git]\ndepth = "x"',
        'c.toml:5: [git] depth = "x": must be a valid integer',
        id="a multi-line text is not searched for keys",
    ),
    pytest.param('[git]\nprotocols = ["https", "ext"]', "[git] protocols item 2", id="r001 a helper transport"),
    pytest.param("[git]\nwatch = 1", "[git] watch = 1: must be a valid boolean", id="a number is no flag"),
    pytest.param('[git]\npoll_interval = "soon"', "must be a duration", id="a duration without number"),
    pytest.param("[git]\npoll_interval = -1", "must be a duration", id="a negative duration"),
    pytest.param("[git]\npoll_interval = 0", "must be greater than", id="an interval that never waits"),
    pytest.param("[git]\npoll_interval = true", "must be a duration", id="a flag is no duration"),
    pytest.param('[limits]\nfile_size = "2 miles"', "must be a size", id="an unknown unit"),
    pytest.param('[limits]\nfile_size = "0.1 B"', "whole number of bytes", id="half a byte"),
    pytest.param("[limits]\ngit_processes = 0", "must be greater than or equal to 1", id="a limit of nothing"),
    pytest.param('[daemon]\nlisten = "7007"', "must be HOST:PORT", id="a port alone"),
    pytest.param('[daemon]\nlisten = "::1:7007"', "IPv6 address in brackets", id="IPv6 without brackets"),
    pytest.param('[daemon]\nlisten = "localhost:70070"', "port from 0 to 65535", id="a port out of range"),
    pytest.param("[daemon]\nlisten = 7007", "[daemon] listen = 7007: must be a list", id="a number to listen on"),
    pytest.param('[daemon]\nbase_url = "catalog"', "must be an http or https URL", id="a base URL without scheme"),
    pytest.param('[daemon]\ntls_key = "k.pem"', "go together", id="a key without certificate"),
    pytest.param('[[hosts]]\nhost = "a"', "[[hosts]] 1 type is missing", id="a host without type"),
    pytest.param(
        '[[locations]]\ntarget = "https://github.com/o/r/blob/main/c.yaml"\nref = "main"',
        "ref and path belong to locations of type",
        id="a ref beside a URL that names one",
    ),
    pytest.param("[git", "c.toml: ", id="not TOML"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_what_is_not_understood_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        parse_settings(text, "c.toml")
    assert message in str(refusal.value)


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(ConfigError) as refusal:
        parse_settings('[git]\ndepth = "x"\n[auth]\nmode = 1\n[nope]\n', "c.toml")
    assert sorted(line.split(": ")[0] for line in str(refusal.value).splitlines()) == [
        "c.toml:2",
        "c.toml:4",
        "c.toml:5",
    ]


DURATIONS = {'"60s"': 60, '"1m"': 60, '"1.5h"': 5400, '"1500 ms"': 1.5, "90": 90, "1.5": 1.5, '"2d"': 172800}


@pytest.mark.parametrize(("written", "seconds"), DURATIONS.items())
def test_durations_are_written_with_a_unit_or_as_seconds(written: str, seconds: float) -> None:
    settings = parse_settings(f"[git]\npoll_interval = {written}", "c.toml")
    assert settings.git.poll_interval == timedelta(seconds=seconds)


SIZES = {'"4 MiB"': 4 * 1024**2, '"1kB"': 1000, "17": 17, '"0.5 KiB"': 512}


@pytest.mark.parametrize(("written", "size"), SIZES.items())
def test_sizes_are_written_with_a_unit_or_in_bytes(written: str, size: int) -> None:
    assert parse_settings(f"[limits]\nfile_size = {written}", "c.toml").limits.file_size == size


def test_one_value_may_stand_for_a_list_of_one() -> None:
    settings = parse_settings('[daemon]\nlisten = "[::1]:0"\n[git]\nprotocols = "file"', "c.toml")
    assert (settings.daemon.listen, settings.git.protocols) == ((Listener("::1", 0),), ("file",))


def test_locations_and_hosts_are_read_in_order() -> None:
    settings = parse_settings(
        '[[locations]]\ntarget = "https://github.com/o/r/blob/main/c.yaml"\n'
        '[[locations]]\ntype = "git"\ntarget = "ssh://git@h.test/r.git"\nref = "main"\n'
        'path = "a/*.yaml"\npriority = 3\n'
        '[[hosts]]\nhost = "git.example.test"\ntype = "github"\nclone = "file:///srv/{owner}/{repo}.git"\n',
        "c.toml",
    )
    assert settings.locations == (
        LocationSettings(target="https://github.com/o/r/blob/main/c.yaml"),
        LocationSettings(type="git", target="ssh://git@h.test/r.git", ref="main", path=("a/*.yaml",), priority=3),
    )
    assert [(host.host, host.type) for host in settings.hosts] == [("git.example.test", "github")]


class TestWhereTheFileIs:
    def test_an_argument_wins_over_the_environment(self, tmp_path: Path) -> None:
        (tmp_path / "a.toml").write_text("[git]\ndepth = 1")
        (tmp_path / "b.toml").write_text("[git]\ndepth = 2")
        environ = {"CATALOG_CONFIG": str(tmp_path / "b.toml")}
        assert load_settings(tmp_path / "a.toml", environ).git.depth == 1
        assert load_settings(None, environ).git.depth == 2

    @pytest.mark.parametrize("variable", ["XDG_CONFIG_HOME", "HOME"])
    def test_the_usual_place_is_looked_at_last(self, tmp_path: Path, variable: str) -> None:
        folder = tmp_path / ("" if variable == "XDG_CONFIG_HOME" else ".config") / "catalog"
        folder.mkdir(parents=True)
        (folder / "config.toml").write_text("[git]\ndepth = 3")
        assert load_settings(None, {variable: str(tmp_path)}).git.depth == 3

    def test_without_a_file_the_defaults_hold(self, tmp_path: Path) -> None:
        assert load_settings(None, {"HOME": str(tmp_path)}) == Settings()

    def test_a_named_file_that_is_not_there_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match=r"cannot read the configuration .*gone\.toml: No such file"):
            load_settings(None, {"CATALOG_CONFIG": str(tmp_path / "gone.toml")})

    def test_a_file_that_is_no_text_is_an_error(self, tmp_path: Path) -> None:
        (tmp_path / "c.toml").write_bytes(b"\xff\xfe")
        with pytest.raises(ConfigError, match="not UTF-8"):
            load_settings(tmp_path / "c.toml", {})


class TestListeners:
    @pytest.mark.parametrize("listen", ['"0.0.0.0:1"', '["127.0.0.1:1", "192.0.2.1:1"]', '"[::]:1"', '"db.test:1"'])
    def test_r054_open_mode_is_for_loopback_only(self, listen: str) -> None:
        with pytest.raises(ConfigError, match=r"c\.toml:4: \[auth\] mode = .open."):
            parse_settings(f'[auth]\nmode = "open"\n[daemon]\nlisten = {listen}\nbehind_proxy = true', "c.toml")

    def test_r054_open_mode_holds_for_the_command_line_too(self) -> None:
        settings = parse_settings('[auth]\nmode = "open"', "c.toml")
        assert settings.listening_on([Listener("localhost", 0)]).daemon.listen == (Listener("localhost", 0),)
        with pytest.raises(ConfigError, match="everybody who reaches"):
            settings.listening_on([Listener("0.0.0.0", 7007)])

    def test_r057_another_address_needs_tls_or_a_declared_proxy(self) -> None:
        with pytest.raises(ConfigError, match="in clear"):
            parse_settings('[daemon]\nlisten = "192.0.2.1:443"', "c.toml")
        for protection in ("behind_proxy = true", 'tls_certificate = "c.pem"\ntls_key = "k.pem"'):
            assert parse_settings(f'[daemon]\nlisten = "192.0.2.1:443"\n{protection}', "c.toml")

    def test_r057_the_default_is_loopback(self) -> None:
        assert [str(listener) for listener in Settings().daemon.listen] == ["127.0.0.1:7007"]


def test_every_limit_is_reported_with_value_and_unit() -> None:
    limits = {limit.name: (limit.value, limit.unit) for limit in reported_limits(Settings().limits)}
    assert limits["body_size"] == (1024 * 1024, "bytes")
    assert limits["fetch_timeout"] == (120.0, "seconds")
    assert limits["yaml_depth"] == (64, "count")
    assert len(limits) == len(_tables()["[limits]"].model_fields)


def test_the_settings_cannot_change() -> None:
    models: list[type[BaseModel]] = [Settings, *_tables().values()]
    for model in models:
        assert model.model_config.get("frozen")
        if model is not KeySettings:  # the ids of actions are known to the interface alone
            assert model.model_config.get("extra") == "forbid"


def test_the_user_in_front_of_the_terminal_is_a_ref() -> None:
    assert parse_settings('[client]\nuser = "Mira"\n', "test").client.user == "user:default/mira"
    with pytest.raises(ConfigError, match="empty part"):
        parse_settings('[client]\nuser = "user:"\n', "test")
