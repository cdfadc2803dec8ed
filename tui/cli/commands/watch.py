"""`catalog watch`: changes as they happen."""

import sys
from collections.abc import Iterator
from typing import Any

import click

from tui.cli.command import QueryCommand, catalog_command, query_line
from tui.cli.completion import complete_query
from tui.cli.paging import find_rows
from tui.cli.session import Session
from tui.cli.table import DIM, GREEN, RED, YELLOW, styled
from tui.cli.terminal import wants_colour
from tui.event_stream import follow
from tui.safe_text import safe_text

_PARTS = (("added", "+", GREEN), ("updated", "~", YELLOW), ("removed", "-", RED))


@catalog_command(
    "watch",
    "Changes of entities as they happen, until interrupted.",
    ("watch", "a line per changed entity; JSON lines in a pipe"),
    ("watch kind:component -o jsonl", "of those that match; entering and leaving count as added and removed"),
    ("watch --since 1200 --limit 1", "the first change after number 1200, then end"),
    cls=QueryCommand,
)
@click.argument("query", nargs=-1, shell_complete=complete_query)
@click.option("-o", "--output", type=click.Choice(("table", "jsonl")), help="Default: table on a terminal, else jsonl.")
@click.option("--since", metavar="SEQ", default="", help="Begin after this change; default: with the next one.")
@click.option("--limit", metavar="N", type=click.IntRange(min=1), help="End after N changes.")
@click.pass_obj
def watch(session: Session, query: tuple[str, ...], output: str | None, since: str, limit: int | None) -> None:
    """Lost connections are opened again; no change is missed or told twice."""
    session.ask_for(query_line(query))
    tty = sys.stdout.isatty()
    readable = output == "table" or (output is None and tty)
    colour = readable and wants_colour(session.color, tty=tty)
    for count, change in enumerate(_changes(session, since), 1):
        lines = _readable(change, colour=colour) if readable else _json_lines(change)
        for line in lines:
            sys.stdout.write(line + "\n")
        sys.stdout.flush()
        if limit is not None and count >= limit:
            return


def _changes(session: Session, since: str) -> Iterator[dict[str, Any]]:
    import json

    view = _View(session) if session.query else None
    lost, opened = False, False

    def tell_lost(error: Exception) -> None:
        nonlocal lost
        if not lost:
            session.note(f"connection lost ({error}); trying again")
        lost = True

    def tell_open() -> None:
        nonlocal lost, opened
        if lost:
            session.note("connected again")
        elif not opened:
            session.note("watching")
        lost, opened = False, True

    for event in follow(session.client, since, on_lost=tell_lost, on_open=tell_open):
        if event.event != "change":
            continue
        change: dict[str, Any] = json.loads(event.data)
        if view is None:
            yield change
        elif seen := view.seen(change):
            yield seen


class _View:
    """The refs that match the query, as of the last change."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._refs = self._matching()

    def _matching(self) -> set[str]:
        found = find_rows(self._session.client, self._session.query, ("name",), "", None)
        return {row.name for row in found.rows()}

    def seen(self, change: dict[str, Any]) -> dict[str, Any] | None:
        """The change as the query sees it; None where it does not concern what matches."""
        touched = {ref for name, _, _ in _PARTS for ref in change.get(name) or []}
        before, self._refs = self._refs, self._matching()
        parts = {
            "added": sorted(self._refs - before),
            "updated": sorted(touched & self._refs & before),
            "removed": sorted(before - self._refs),
        }
        return {**change, **parts} if any(parts.values()) else None


def _readable(change: dict[str, Any], *, colour: bool) -> Iterator[str]:
    context = f"  {safe_text(str(change.get('at') or ''))} {safe_text(_cause(change))}"
    for name, sign, style in _PARTS:
        for ref in change.get(name) or []:
            line = f"{sign} {safe_text(str(ref))}"
            yield styled(line, style) + styled(context, DIM) if colour else line + context


def _cause(change: dict[str, Any]) -> str:
    """The commits that were read, or who did what to what."""
    detail = change.get("detail")
    commits = detail.get("commits") if isinstance(detail, dict) else None
    if isinstance(commits, dict) and commits:
        return ", ".join(f"{branch} {str(commit)[:10]}" for branch, commit in commits.items())
    return " ".join(str(change.get(name) or "") for name in ("actor", "what", "target"))


def _json_lines(change: dict[str, Any]) -> Iterator[str]:
    from tui.cli.json_text import json_text

    yield json_text(change)
