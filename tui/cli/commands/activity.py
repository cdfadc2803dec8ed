"""`catalog activity`: what happened around entities."""

from collections.abc import Iterator
from datetime import UTC, datetime

import click

from tui.answers import ActivityItem
from tui.cli.command import catalog_command
from tui.cli.completion import complete_integrations, complete_refs
from tui.cli.completion_values import complete_schemas
from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.listing import Listing, Row, as_text
from tui.cli.output import Choices, output_options
from tui.cli.reference import not_found, resolve
from tui.cli.session import Session
from tui.client import ApiProblem

COLUMNS = ("when", "ref", "integration", "schema", "type", "name", "status")
WIDE = (*COLUMNS, "identifier", "refs", "received", "url")
LIMIT = 100
PAGE = 1000


@catalog_command(
    "activity",
    "What happened: builds, deployments, incidents, newest first.",
    ("activity", "the newest 100 records"),
    ("activity checkout --schema deployment", "the deployments of one entity"),
    ("activity --unlinked", "what belongs to no entity, by a typing mistake perhaps"),
    ("activity --since 7d -o jsonl --limit -1", "all of a week, whole, for a script"),
)
@click.argument("ref", required=False, default="", metavar="[REF]", shell_complete=complete_refs)
@click.option("--integration", metavar="ID", shell_complete=complete_integrations, help="Of one integration only.")
@click.option(
    "--schema",
    metavar="NAME",
    shell_complete=complete_schemas,
    help="Of one schema only: build, deployment, incidents, …",
)
@click.option("--type", "kind", metavar="TYPE", help="Of one type only, as the records say it.")
@click.option("--since", metavar="TIME", help="Not older than 7d, 12h, or a time such as 2026-05-26.")
@click.option("--unlinked", is_flag=True, help="Only what belongs to no entity.")
@output_options(limit=LIMIT, columns=COLUMNS)
def activity(
    session: Session,
    choices: Choices,
    ref: str,
    integration: str | None,
    schema: str | None,
    kind: str | None,
    since: str | None,
    unlinked: bool,
) -> None:
    """Records are what other systems reported. json, jsonl and yaml give them whole."""
    if ref and unlinked:
        raise Failure(
            "what is unlinked belongs to no entity", next_step="leave REF or --unlinked out", code=ExitCode.USAGE
        )
    session.where = ref
    filters = {"integration": integration, "schema": schema, "type": kind, "since": since}
    entity = resolve(session.client, ref, session.program) if ref else ""
    filters |= {"unlinked": "true"} if unlinked else {}
    wanted = None if choices.sort else choices.limit
    try:
        found, more = _found(session, entity, filters, wanted)
    except ApiProblem as problem:
        if problem.status == 404:
            raise not_found(ref, session.program) from problem
        raise
    choices.write(_listing(found, WIDE if choices.columns or choices.output_format == "wide" else COLUMNS))
    if more:
        session.warn(f"showing the newest {len(found)}; --limit -1 shows all")


def _found(
    session: Session, entity: str, filters: dict[str, str | None], limit: int | None
) -> tuple[list[ActivityItem], bool]:
    """The newest records, up to `limit` (None: all of them), and whether there are more."""
    found: list[ActivityItem] = []
    while True:
        step = PAGE if limit is None else min(PAGE, limit - len(found))
        page = session.client.activity(entity=entity, limit=step, offset=len(found), **filters)
        found += page["items"]
        if not page["more"] or len(found) == limit or not page["items"]:
            return found, page["more"]


def _listing(found: list[ActivityItem], columns: tuple[str, ...]) -> Listing:
    def rows() -> Iterator[Row]:
        for one in found:
            cells = _cells(one)
            yield Row(one["identifier"] or one["integration"], [cells[name] for name in columns])

    return Listing(columns, rows, lambda: found)


def _cells(one: ActivityItem) -> dict[str, str | None]:
    fields = one["fields"]
    return {
        "when": _time(one["timestamp"]),
        "ref": one["entity_ref"],
        "integration": one["integration"],
        "schema": one["schema"],
        "type": one["type"],
        "name": as_text(fields.get("name", fields.get("value"))),
        "status": as_text(fields.get("status")),
        "identifier": one["identifier"],
        "refs": as_text(one["entity_refs"]),
        "received": _time(one["received"]),
        "url": as_text(fields.get("url")),
    }


def _time(milliseconds: int) -> str:
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
