"""`catalog history`: what commits and changes did to an entity."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from tui.cli.command import catalog_command
from tui.cli.commands.why import SHORT
from tui.cli.completion import complete_refs
from tui.cli.completion_values import complete_entity_fields
from tui.cli.listing import Listing, Row, as_text
from tui.cli.output import Choices, output_options
from tui.cli.reference import not_found, resolve
from tui.cli.session import Session
from tui.client import ApiProblem

if TYPE_CHECKING:
    from tui.history_answers import HistoryAnswer, HistoryItem

COLUMNS = ("at", "actor", "effect", "path", "old", "new", "request_id", "commit")
WIDE = ("seq", "at", "actor", "what", "effect", "path", "old", "new", "request_id", "commit", "subject", "file")
LIMIT = 100
MOST = 10_000
"""What the daemon gives at most."""


@catalog_command(
    "history",
    "Who changed what of an entity, when, from what to what: in git and by API.",
    ("history warehouse", "the newest 100 changes, the newest first"),
    ("history warehouse spec.owner", "of one field, also as --field spec.owner"),
    ("history warehouse -o wide", "with whole commit ids, subjects and files"),
    ("history component:default/gone -o jsonl --limit -1", "all of an entity that is there no longer, for jq"),
)
@click.argument("ref", metavar="REF", shell_complete=complete_refs)
@click.argument("path", metavar="[FIELD]", shell_complete=complete_entity_fields, required=False, default="")
@click.option(
    "--field",
    metavar="FIELD",
    shell_complete=complete_entity_fields,
    default="",
    help="Only this field, and what is below it.",
)
@output_options(limit=LIMIT, columns=COLUMNS)
def history(session: Session, choices: Choices, ref: str, path: str, field: str) -> None:
    """Commits that changed the entity's document, and changes of the log, in one order of time; an equal write leaves
    none. An entity that is gone is named by its full ref; of it the log alone is told. An empty path is the entity
    itself."""
    session.where = ref
    found = resolve(session.client, ref, session.program)
    wanted = MOST if choices.limit is None else choices.limit
    answer = session.client.history(found, field or path, limit=max(wanted, 1))
    items = answer["items"][:wanted]
    if not items:
        _check_known(session, found, ref)
    choices.limit = None
    choices.write(listing_of(items, WIDE if choices.columns or choices.output_format == "wide" else COLUMNS))
    if answer["more"]:
        session.warn(f"showing the newest {len(items)}; --limit -1 shows all")
    _tell_bounds(session, answer)


def _tell_bounds(session: Session, answer: "HistoryAnswer") -> None:
    git = answer["git"]
    if answer["more"]:
        return
    if not git["complete"]:
        session.warn(f"the last {git['commits']} commits of {git['path']} were looked at; there are older ones")
    elif git["cut"]:
        session.warn("the mirror's history is cut there ([git] depth)")
    elif git["first_path"] != git["path"]:
        session.note(f"{git['path']} was {git['first_path']} at first")


def listing_of(items: "Sequence[HistoryItem]", columns: Sequence[str] = COLUMNS) -> Listing:
    """Events of one entity."""

    def rows() -> Iterator[Row]:
        for one in items:
            values: dict[str, Any] = {**one}
            if not one["path"] and one["effect"] != "unreadable":  # a whole entity is no text for a cell
                values["old"] = values["new"] = None
            if columns is COLUMNS:
                values["commit"] = (one["commit"] or "")[:SHORT] or None
            yield Row(one["commit"] or str(one["seq"]), [as_text(values[name]) for name in columns])

    return Listing(columns, rows, lambda: iter(items))


def _check_known(session: Session, found: str, text: str) -> None:
    try:
        session.client.entity(found)
    except ApiProblem as problem:
        if problem.status == 404:
            raise not_found(text, session.program) from problem
        raise
