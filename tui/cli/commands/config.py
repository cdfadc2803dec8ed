"""`catalog config`: where the configuration is, what it says, and one setting changed.

Only the daemon's program knows the settings: it reads, judges and changes the file, and answers in JSON.
"""

import os
from pathlib import Path
from typing import Any, TypedDict, cast

import click

from tui.cli.arrange import unknown_name
from tui.cli.command import CatalogGroup, ValueCommand, catalog_command, plain
from tui.cli.completion import complete_settings
from tui.cli.completion_values import complete_files
from tui.cli.exit_codes import ExitCode
from tui.cli.json_text import json_text
from tui.cli.listing import Listing, Row
from tui.cli.output import Choices, output_options
from tui.cli.session import Session
from tui.named_path import named_path
from tui.safe_text import safe_text

COLUMNS = ("setting", "value")
ORIGIN = ("setting", "value", "origin", "instead_of")
WIDE = (*ORIGIN, "about")


class SettingItem(TypedDict):
    """A setting as the daemon's program tells it."""

    name: str
    value: str
    origin: str
    instead_of: str
    about: str


_FILE = click.option(
    "--config", "file", metavar="FILE", shell_complete=complete_files, help="Another file [env: CATALOG_CONFIG]."
)


@click.group(
    "config",
    cls=CatalogGroup,
    help="The configuration: show, path, get, set, unset, validate, schema.",
    examples=(
        ("config show --origin", "what is in force, and which line says so"),
        ("config set git.poll_interval 5m", "change one line of the file"),
    ),
)
def config() -> None:
    """The group itself does nothing."""


@catalog_command(
    "show",
    "The settings in force.",
    ("config show", "all of them"),
    ("config show git limits.file_size", "a table, and one more"),
    ("config show --changed --origin", "what is not the default, which line says so, and what it took the place of"),
)
@click.argument("names", metavar="[NAME]…", nargs=-1, shell_complete=complete_settings)
@click.option("--origin", is_flag=True, help="Where each is said, and what it took the place of.")
@click.option("--changed", is_flag=True, help="Only those that are not the default.")
@_FILE
@output_options(columns=WIDE)
def show(
    session: Session, choices: Choices, names: tuple[str, ...], origin: bool, changed: bool, file: str | None
) -> None:
    """Values are spelled as in the file; entries of lists are counted from 1. A running daemon has what the file said
    when it started."""
    found = _settings(session, file)
    for name in names:
        if not any(_is_below(one["name"], name) for one in found):
            raise _unknown(name, found)
    chosen = [one for one in found if not names or any(_is_below(one["name"], name) for name in names)]
    items = [_shown(one) for one in chosen if not changed or one["origin"] != "default"]
    columns = WIDE if choices.columns or choices.output_format == "wide" else ORIGIN if origin else COLUMNS
    rows = [Row(one["setting"], [one[column] or None for column in columns]) for one in items]
    choices.write(Listing(columns, lambda: rows, lambda: items))


@catalog_command(
    "get",
    "The value of one setting.",
    ("config get git.poll_interval", "the value alone, for a script"),
)
@click.argument("name", metavar="NAME", shell_complete=complete_settings)
@_FILE
@click.pass_obj
def get(session: Session, name: str, file: str | None) -> None:
    """A text is printed without quotes, everything else as the file spells it."""
    import tomllib

    found = _settings(session, file)
    setting = next((one for one in found if one["name"] == name), None)
    if setting is None:
        raise _unknown(name, found)
    value = tomllib.loads(f"value = {setting['value']}")["value"] if setting["value"] else ""
    Choices(session, pager=False).write_lines([safe_text(value if isinstance(value, str) else setting["value"])])


@catalog_command(
    "set",
    "Give a setting another value: one line of the file.",
    ("config set git.poll_interval 5m", "text where it is no TOML"),
    ('config set git.protocols \'["https", "file"]\'', "a list"),
    ("config set keys.browse.open o --dry-run", "only show the difference"),
    cls=ValueCommand,
)
@click.argument("name", metavar="NAME", shell_complete=complete_settings)
@click.argument("value", metavar="VALUE")
@click.option("--dry-run", is_flag=True, help="Show the difference; write nothing.")
@_FILE
@click.pass_obj
def set_value(session: Session, name: str, value: str, dry_run: bool, file: str | None) -> None:
    """What the file would say is judged first; comments and all other lines stay. A daemon reads it when it starts."""
    [text] = plain([value])
    _change(session, ["set", *_flags(file, dry_run=dry_run), "--", name, text], dry_run=dry_run)


@catalog_command(
    "unset",
    "Take a setting out of the file: its default holds again.",
    ("config unset git.poll_interval", "the line goes"),
)
@click.argument("name", metavar="NAME", shell_complete=complete_settings)
@click.option("--dry-run", is_flag=True, help="Show the difference; write nothing.")
@_FILE
@click.pass_obj
def unset(session: Session, name: str, dry_run: bool, file: str | None) -> None:
    """A setting that the file does not say stays as it is."""
    _change(session, ["unset", *_flags(file, dry_run=dry_run), "--", name], dry_run=dry_run)


@catalog_command(
    "path",
    "The configuration file that is read.",
    ("config path", "CATALOG_CONFIG, or the file in the configuration directory"),
)
@click.pass_obj
def path(session: Session) -> None:
    """No folder above the working directory is searched: a checkout of anyone could then change settings."""
    found = config_path()
    Choices(session, pager=False).write_lines([safe_text(str(found))])
    if not found.exists():
        session.note("it does not exist; the defaults apply")


@catalog_command(
    "validate",
    "Whether the file is sound.",
    ("config validate", "the file that is read"),
    ("config validate new.toml", "another one, before it takes its place"),
)
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(dir_okay=False))
@click.pass_obj
def validate(session: Session, file: str | None) -> None:
    """Prints `file:line: what is wrong` for each mistake, and the nearest name for one that is unknown; exit code 1
    when there are any. Keys and themes of the terminal interface are checked too."""
    told = _asked(session, ["validate", *_flags(file)], also=ExitCode.NO)
    problems = [*told["problems"], *(_of_the_interface(Path(told["file"])) if told["file"] else ())]
    Choices(session, pager=False).write_lines(safe_text(line) for line in problems)
    if problems:
        raise SystemExit(ExitCode.NO)
    session.note(f"{told['file']} is sound" if told["file"] else "there is no file; the defaults apply")


@catalog_command(
    "schema",
    "The JSON Schema of the file, for an editor.",
    ("config schema > catalog-config.schema.json", "an editor completes and checks TOML by it"),
)
@click.pass_obj
def schema(session: Session) -> None:
    """Made of what reads the file, with the sentence and the default of each setting."""
    Choices(session).write_lines(json_text(_asked(session, ["schema"]), indent=2).splitlines())


def config_path() -> Path:
    """`CATALOG_CONFIG`, `$XDG_CONFIG_HOME/catalog/config.toml`, `~/.config/catalog/config.toml`."""
    named = os.environ.get("CATALOG_CONFIG")
    if named:
        return named_path(named).absolute()
    base = os.environ.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "catalog" / "config.toml"


def _settings(session: Session, file: str | None) -> list[SettingItem]:
    return cast("list[SettingItem]", _asked(session, ["show", *_flags(file)]))


def _shown(one: SettingItem) -> dict[str, str]:
    return {
        "setting": one["name"],
        "value": one["value"],
        "origin": one["origin"],
        "instead_of": one["instead_of"],
        "about": one["about"],
    }


def _change(session: Session, arguments: list[str], *, dry_run: bool) -> None:
    told = _asked(session, arguments)
    Choices(session, pager=False).write_lines(safe_text(line) for line in told["diff"])
    if not told["changed"]:
        session.note(f"{told['file']} says so already")
    elif not dry_run:
        session.note(f"{told['file']} is changed; a daemon that runs reads it when it starts again")


def _flags(file: str | None, *, dry_run: bool = False) -> list[str]:
    return [*(["--config", file] if file else []), *(["--dry-run"] if dry_run else [])]


def _asked(session: Session, arguments: list[str], *, also: int = 0) -> Any:
    from tui.cli.daemon_program import ask_daemon_program

    return ask_daemon_program("config", *arguments, also=also, program=session.program)


def _of_the_interface(path: Path) -> list[str]:
    """What the terminal interface would not take of a file that can be read."""
    from tui.actions import ACTIONS
    from tui.actions.keymap import KeymapError, keymap
    from tui.preferences import PreferenceError, read_preferences

    try:
        keymap(read_preferences(path).keys, ACTIONS)
    except PreferenceError as error:
        return [f"{error.where}: {error}; {error.hint}"]
    except KeymapError as error:
        return [f"{path}: {error}; {error.hint}"]
    return []


def _is_below(setting: str, name: str) -> bool:
    return setting == name or setting.startswith(f"{name}.")


def _unknown(name: str, found: list[SettingItem]) -> Exception:
    names = [one["name"] for one in found]
    tables = list(dict.fromkeys(one.partition(".")[0] for one in names))
    if "." not in name and name not in tables:
        return unknown_name("table of settings", name, tables)
    return unknown_name("setting", name, [one for one in names if one.startswith(name.partition(".")[0])] or names)


for command in (show, path, get, set_value, unset, validate, schema):
    config.add_command(command)
