"""`catalog config`: where the configuration is."""

import os
from pathlib import Path

import click

from tui.cli.command import CatalogGroup, catalog_command
from tui.cli.output import Choices
from tui.cli.session import Session
from tui.safe_text import safe_text


@click.group("config", cls=CatalogGroup, help="The configuration.", examples=(("config path", "which file is read"),))
def config() -> None:
    """The group itself does nothing."""


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


def config_path() -> Path:
    """`CATALOG_CONFIG`, `$XDG_CONFIG_HOME/catalog/config.toml`, `~/.config/catalog/config.toml`."""
    named = os.environ.get("CATALOG_CONFIG")
    if named:
        return Path(named).expanduser().absolute()
    base = os.environ.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "catalog" / "config.toml"


config.add_command(path)
