"""`catalog history`: what changes did to the custom properties of an entity."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from tui.cli.command import catalog_command
from tui.cli.completion import complete_refs
from tui.cli.listing import Listing, Row, as_text
from tui.cli.output import Choices, output_options
from tui.cli.reference import not_found, resolve
from tui.cli.session import Session
from tui.client import ApiProblem

if TYPE_CHECKING:
    from tui.property_answers import HistoryItem

COLUMNS = ("at", "actor", "effect", "path", "old", "new", "request_id")
WIDE = ("seq", "at", "actor", "what", "effect", "path", "old", "new", "request_id")
LIMIT = 100
MOST = 10_000
"""What the daemon gives at most."""


@catalog_command(
    "history",
    "Who changed which property of an entity, when, from what to what.",
    ("history warehouse", "the newest 100 changes, the newest first"),
    ("history warehouse metadata.codeCoverageScore", "of one property"),
    ("history component:default/gone -o jsonl --limit -1", "all of an entity that is there no longer, for jq"),
)
@click.argument("ref", metavar="REF", shell_complete=complete_refs)
@click.argument("path", metavar="[PATH]", required=False, default="")
@output_options(limit=LIMIT)
def history(session: Session, choices: Choices, ref: str, path: str) -> None:
    """Rows come from the log of changes, which keeps everything; an equal write leaves none. An entity that is gone
    is named by its full ref. An empty path is the entity itself, where it was made by API."""
    session.where = ref
    found = resolve(session.client, ref, session.program)
    wanted = MOST if choices.limit is None else choices.limit
    items = session.client.history(found, path, limit=min(wanted + 1, MOST))
    if not items:
        _check_known(session, found, ref)
    shown = items[:wanted]
    choices.limit = None
    choices.write(listing_of(shown, WIDE if choices.output_format == "wide" else COLUMNS))
    if len(items) > len(shown):
        session.warn(f"showing the newest {len(shown)}; --limit -1 shows all")


def listing_of(items: "Sequence[HistoryItem]", columns: Sequence[str] = COLUMNS) -> Listing:
    """Changes of one entity."""

    def rows() -> Iterator[Row]:
        for one in items:
            values: dict[str, Any] = {**one}
            yield Row(str(one["seq"]), [as_text(values[name]) for name in columns])

    return Listing(columns, rows, lambda: iter(items))


def _check_known(session: Session, found: str, text: str) -> None:
    try:
        session.client.entity(found)
    except ApiProblem as problem:
        if problem.status == 404:
            raise not_found(text, session.program) from problem
        raise
