"""The manual: a page for each command, made of what its help is made of."""

import re
from collections.abc import Iterator, Sequence

import click

from tui.cli.command import CatalogCommand, CatalogGroup, LazyGroup
from tui.cli.exit_codes import MEANINGS
from tui.cli.roff import Page
from tui.cli.variables import VARIABLES
from tui.cli.version import VERSION

SECTION = 1
PROGRAM = "catalog"

Path = tuple[str, ...]


def commands_below(command: click.Command, path: Path = ()) -> Iterator[tuple[Path, click.Command]]:
    """The command and all below it, each with the words that call it."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None:
                yield from commands_below(inner, (*path, name))


def page_name(path: Path) -> str:
    """`catalog-location-add`: what `man` is asked for."""
    return "-".join((PROGRAM, *path))


def manual_page(command: click.Command, path: Path) -> str:
    """The page of a command as roff."""
    context = _context(command, path)
    page = Page(page_name(path), SECTION, VERSION)
    summary, _, details = (command.help or "").partition("\n\n")
    page.name(_as_name(command.short_help or summary))
    page.heading("SYNOPSIS")
    page.synopsis(context.command_path, " ".join(command.collect_usage_pieces(context)))
    page.heading("DESCRIPTION")
    page.paragraph(summary)
    page.paragraph(details)
    _examples(page, command)
    if isinstance(command, click.Group):
        _commands(page, command, context)
    page.heading("OPTIONS")
    for names, meaning in _options(command, context):
        page.term(names, meaning)
    _what_all_share(page, path)
    _see_also(page, command, path)
    return page.text


def _context(command: click.Command, path: Path) -> click.Context:
    """As if the command were being called, which it is not: groups above it need only their names."""
    above = None
    for name in (PROGRAM, *path)[:-1]:
        above = click.Context(click.Group(name), info_name=name, parent=above)
    name = path[-1] if path else PROGRAM
    return click.Context(command, info_name=name, parent=above, **command.context_settings)


def _as_name(summary: str) -> str:
    """One sentence with a small letter and no full stop: the form of the line NAME."""
    text = summary.partition(". ")[0].strip().removesuffix(".")
    return text if re.match(r"[A-Z]{2}", text) else text[:1].lower() + text[1:]


def _examples(page: Page, command: click.Command) -> None:
    examples = command.examples if isinstance(command, CatalogCommand | CatalogGroup) else ()
    if examples:
        page.heading("EXAMPLES")
    for line, meaning in examples:
        page.example(f"{PROGRAM} {line}".rstrip(), f"{meaning[:1].upper()}{meaning[1:]}:")


def _commands(page: Page, group: click.Group, context: click.Context) -> None:
    page.heading("COMMANDS")
    if isinstance(group, LazyGroup):
        for section in dict.fromkeys(lazy.section for lazy in group.table.values()):
            page.heading_below(section)
            for name, lazy in group.table.items():
                if lazy.section == section:
                    page.term(name, lazy.summary)
        return
    for name in group.list_commands(context):
        inner = group.get_command(context, name)
        if inner is not None:
            page.term(name, inner.short_help or "")


def _options(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context) if isinstance(parameter, click.Option) else None
        if record is not None:
            yield record


def _what_all_share(page: Page, path: Path) -> None:
    if path:
        page.heading("EXIT STATUS")
        page.paragraph(f"0 when it is done. {PROGRAM}(1) lists all codes.")
        return
    page.heading("ENVIRONMENT")
    for name, meaning in VARIABLES.items():
        page.term(name, meaning)
    page.heading("EXIT STATUS")
    for code, meaning in MEANINGS.items():
        page.term(str(code.value), meaning)
    page.heading("FILES")
    page.term("$XDG_CONFIG_HOME/catalog/config.toml", "The configuration, where `CATALOG_CONFIG` names no other.")
    page.term("$XDG_STATE_HOME/catalog", "The state directory, where neither `--state` nor `CATALOG_STATE` names one.")


def _see_also(page: Page, command: click.Command, path: Path) -> None:
    near: Sequence[Path]
    if isinstance(command, click.Group):
        names = command.list_commands(click.Context(command))
        near = [(*path, name) for name in names]
    else:
        near = []
    above = [path[:-1]] if path else []
    page.heading("SEE ALSO")
    page.paragraph(", ".join(f"`{page_name(one)}`({SECTION})" for one in (*above, *near)))
