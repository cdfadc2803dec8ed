"""`catalog ingest`: custom properties, or entities, from the rows of a file."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.cli.command import catalog_command
from tui.cli.completion_values import complete_blueprints, complete_kinds
from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.ingestion.blueprint_rows import BULK, BlueprintColumns, BlueprintRows, entity_sender
from tui.cli.ingestion.columns import Columns, read_mapping
from tui.cli.ingestion.property_rows import PropertyRows
from tui.cli.ingestion.record import FORMATS, read_records
from tui.cli.ingestion.rejects import rejects_file
from tui.cli.ingestion.report import Progress, Report, write_report
from tui.cli.ingestion.source import name_of
from tui.cli.ingestion.work import work_through
from tui.cli.output import Choices, output_options
from tui.cli.property_changes import BATCH, property_sender
from tui.cli.session import Session
from tui.client import ApiProblem, DaemonUnreachable

if TYPE_CHECKING:
    from tui.property_answers import Operation


@catalog_command(
    "ingest",
    "Custom properties, or entities, from the rows of a file.",
    ("ingest coverage.csv", "columns entity_ref and metadata.codeCoverageScore"),
    (
        "ingest report.csv --ref service --map coverage=metadata.codeCoverageScore --only coverage",
        "columns of any name",
    ),
    ("ingest owners.xlsx.csv --map columns.yaml --dry-run", "the names in a file; say what would happen"),
    ("ingest coverage.jsonl --rejects rejected.jsonl", "what was refused, with the reason, to be corrected"),
    ("ingest services.csv --blueprint service --upsert", "rows become entities of a blueprint"),
)
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--format", "form", type=click.Choice(FORMATS), help="Instead of the ending.")
@click.option("--ref", metavar="COLUMN", help="Names the entity; default entity_ref, ref, entity or name.")
@click.option(
    "--kind",
    metavar="KIND",
    shell_complete=complete_kinds,
    default="component",
    help="Of names without a kind; default component.",
)
@click.option("--map", "mapping", metavar="COLUMN=PATH|FILE", multiple=True, help="Where a column goes; repeatable.")
@click.option("--only", metavar="COLUMN,…", default="", help="These columns, no others.")
@click.option("--text", is_flag=True, help="Cells are text: 007 and 1.10 stay as they are written.")
@click.option("--text-columns", metavar="COLUMN,…", default="", help="The cells of these columns are text.")
@click.option("--append", "mode", flag_value="append", help="Add to the list or map that is there.")
@click.option("--union", "mode", flag_value="union", help="Add what the list does not have yet.")
@click.option(
    "--blueprint", metavar="B", shell_complete=complete_blueprints, help="Rows are entities of this blueprint."
)
@click.option("--upsert", is_flag=True, help="With --blueprint: replace those that are there.")
@click.option("--merge", is_flag=True, help="With --blueprint: of those that are there, change the given values only.")
@click.option("--create-missing", is_flag=True, help="With --blueprint: make targets of relations that are not there.")
@click.option("--allow-unknown", is_flag=True, help="Rows of entities that are not there are no reason for code 7.")
@click.option("--on-error", type=click.Choice(("continue", "stop")), default="continue", help="Default continue.")
@click.option("--rejects", metavar="FILE", type=click.Path(dir_okay=False), help="Rows not taken, with the reason.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")
@output_options(many=False)
def ingest(
    session: Session,
    choices: Choices,
    file: str,
    form: str | None,
    ref: str | None,
    kind: str,
    mapping: tuple[str, ...],
    only: str,
    text: bool,
    text_columns: str,
    mode: "Operation | None",
    blueprint: str | None,
    upsert: bool,
    merge: bool,
    create_missing: bool,
    allow_unknown: bool,
    on_error: str,
    rejects: str | None,
    dry_run: bool,
) -> None:
    r"""FILE is CSV (with , ; or tab), TSV, JSON lines, JSON or YAML in UTF-8; - is standard input. One column names the
    entity, the others are property paths. A blank cell says nothing, \N removes. Each row is stored or refused as a
    whole. Rows that were not taken are printed with their lines; code 7 when there are any."""
    if blueprint is None and (upsert or merge or create_missing):
        raise Failure(
            "--upsert, --merge and --create-missing belong to --blueprint", next_step="name it", code=ExitCode.USAGE
        )
    columns = Columns(
        ref,
        kind,
        read_mapping(mapping),
        _names(only),
        None if text else _names(text_columns),
        mode or "replace",
    )
    records = read_records(file, form)
    report = Report(name_of(file), dry_run=dry_run)
    if blueprint is not None:
        session.where = blueprint
        definition = session.client.blueprint(blueprint)
        by_blueprint = BlueprintColumns(definition, identifier=ref, mapping=columns.mapping, only=columns.only)
        rows = BlueprintRows(records, by_blueprint).rows()
        flags = {"upsert": upsert or merge, "merge": merge, "create_missing_related_entities": create_missing}
        send, most = entity_sender(session.client, blueprint, validation_only=dry_run, **flags), BULK
    else:
        rows = PropertyRows(session.client, records, columns).rows()
        send, most = property_sender(session.client, f"ingest:{Path(name_of(file)).name}", dry_run=dry_run), BATCH
    progress = Progress(session)
    try:
        with rejects_file(rejects, records) as rejected:
            work_through(rows, send, report, rejected, progress, most=most, stop=on_error == "stop")
    except (ApiProblem, DaemonUnreachable):
        progress.close()
        session.warn(f"{report.summary}; then it broke off. Running it again does no harm")
        raise
    progress.close()
    write_report(session, choices, report, allow_unknown=allow_unknown)


def _names(text: str) -> frozenset[str]:
    return frozenset(name.strip() for name in text.split(",") if name.strip())
