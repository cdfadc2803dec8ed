"""The only writer to stdout: formats, colour, width and pager are decided here."""

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from itertools import chain, islice
from typing import Any

import click

from tui.cli.arrange import arranged, unknown_name, with_columns
from tui.cli.completion import column_completer
from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.formats import FORMATS, PARQUET, WHOLE, Style, lines_of
from tui.cli.listing import Listing
from tui.cli.pager import page, pager_command
from tui.cli.session import Session
from tui.cli.terminal import height_of, wants_colour, width_of

_OPTION_NAMES = ("output", "columns", "header", "pager", "sort", "limit")


class Choices:
    """What the output options of one call say; `limit` is None for all."""

    def __init__(
        self,
        session: Session,
        *,
        output: str | None = None,
        columns: str | None = None,
        sort: str = "",
        limit: int = -1,
        header: bool = True,
        pager: bool = True,
    ) -> None:
        self.session = session
        self.chosen = output or _from_environment()
        self.columns = tuple(name.strip() for name in (columns or "").split(",") if name.strip())
        self.sort = sort
        self.limit = None if limit < 0 else limit
        self.header = header
        self.pager = pager
        self.tty = sys.stdout.isatty()

    @property
    def output_format(self) -> str:
        """The format: `-o`, `CATALOG_OUTPUT`, else a table on a terminal and TSV in a pipe."""
        return self.chosen or ("table" if self.tty else "tsv")

    @property
    def whole(self) -> bool:
        """Whether whole values are wanted, not columns."""
        return self.output_format in WHOLE and not self.columns

    @property
    def colour(self) -> bool:
        """Whether stdout gets colour."""
        return wants_colour(self.session.color, tty=self.tty)

    def write(self, listing: Listing) -> None:
        """Write the listing to stdout, sorted, limited and with the columns that were asked for."""
        total = None
        if self.sort or self.limit is not None:
            listing, total = arranged(listing, self.sort, self.limit)
        self.write_found(listing)
        if total is not None and self.limit is not None:
            self.announce(min(self.limit, total), total)

    def write_found(self, listing: Listing) -> None:
        """Write a listing that the daemon has sorted and limited already."""
        if self.columns:
            listing = with_columns(listing, self.columns)
        self.write_lines(lines_of(listing, self.output_format, self._style()))

    def announce(self, shown: int, total: int) -> None:
        """Say on stderr what the limit kept back."""
        if shown < total:
            self.session.warn(f"showing {shown} of {total}; --limit -1 shows all")

    def write_lines(self, lines: Iterable[str]) -> None:
        """Write lines that are safe already; through the pager where they do not fit the terminal."""
        if self.tty and self.pager and (command := pager_command()):
            lines = iter(lines)
            screen = list(islice(lines, height_of(sys.stdout) - 1))
            following = list(islice(lines, 1))
            if following:
                page(command, chain(screen, following, lines))
                return
            lines = screen
        for line in lines:
            sys.stdout.write(line + "\n")
        sys.stdout.flush()

    def write_bytes(self, pieces: Iterable[bytes]) -> None:
        """Write what is no text; a terminal is spared."""
        if self.tty:
            raise Failure(
                "Parquet is nothing for a terminal",
                next_step="write it to a file: add > FILE.parquet, or use `export -o FILE.parquet`",
                code=ExitCode.USAGE,
            )
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()

    def _style(self) -> Style:
        cutting = self.tty and self.output_format == "table"
        return Style(self.header, width_of(sys.stdout) if cutting else None, self.colour, relative=cutting)


def _format_help(formats: Iterable[str]) -> str:
    return f"{', '.join(formats)} [env: CATALOG_OUTPUT]."


def _from_environment() -> str:
    named = os.environ.get("CATALOG_OUTPUT", "")
    if named and named not in FORMATS:
        failure = unknown_name("output format", named, FORMATS)
        raise Failure(failure.what, where="CATALOG_OUTPUT", next_step=failure.next_step, code=ExitCode.USAGE)
    return named


def output_options(
    *,
    many: bool = True,
    limit: int = -1,
    parquet: bool = False,
    columns: Sequence[str] | None = (),
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command the output options; it is called with the session and its `Choices` before its own arguments.

    `many` adds `--sort` and `--limit`, which begins at `limit` (-1: all), `parquet` that format. The shell offers
    `columns`; those of entities where they are None.
    """
    offered = column_completer(columns)
    formats = (*FORMATS, PARQUET) if parquet else FORMATS
    options = [
        click.option("-o", "--output", type=click.Choice(formats), metavar="FORMAT", help=_format_help(formats)),
        click.option("--columns", metavar="NAME,…", shell_complete=offered, help="Columns to show, in this order."),
        click.option("--no-header", "header", flag_value=False, default=True, type=bool, help="No line of names."),
        click.option("--no-pager", "pager", flag_value=False, default=True, type=bool, help="Never page."),
    ]
    if many:
        limit_help = f"Rows to show, -1 for all; default {'all' if limit < 0 else limit}."
        options += [
            click.option(
                "--sort",
                metavar="[-]NAME,…",
                default="",
                shell_complete=offered,
                help="Order by these; - turns one round.",
            ),
            click.option("--limit", metavar="N", type=int, default=limit, help=limit_help),
        ]

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def with_choices(**given: Any) -> Any:
            session = click.get_current_context().ensure_object(Session)
            chosen = {name: given.pop(name) for name in _OPTION_NAMES if name in given}
            return function(session, Choices(session, **chosen), **given)

        for option in reversed(options):
            with_choices = option(with_choices)
        return with_choices

    return decorate
