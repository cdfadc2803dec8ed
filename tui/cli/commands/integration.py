"""`catalog integration`: where activity records come from."""

from collections.abc import Iterator

import click

from tui.access_answers import IntegrationItem
from tui.answers import JsonObject
from tui.cli.command import CatalogGroup, catalog_command
from tui.cli.completion import complete_integrations
from tui.cli.completion_values import complete_schemas
from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.listing import Listing, Row, as_text
from tui.cli.output import Choices, output_options
from tui.cli.secret_file import read_secret
from tui.cli.session import Session

COLUMNS = ("id", "way", "schema", "state", "retention_days", "correlation", "signature", "path", "created")

_identifier = click.argument("identifier", metavar="ID", shell_complete=complete_integrations)


@click.group(
    "integration",
    cls=CatalogGroup,
    help="Where activity records come from: create, list, suspend, enable, delete.",
    examples=(
        ("integration create alerts --webhook --schema incidents", "prints the secret, once"),
        ("integration list", "with the paths that records are sent to"),
    ),
)
def integration() -> None:
    """The group itself does nothing."""


@catalog_command(
    "create",
    "Make an integration; the secret of a webhook is shown this once.",
    ("integration create ci --schema build --link service=metadata.name", "records are sent by API"),
    ("integration create alerts --webhook --schema incidents --map identifier=id --map name=title", "a signed webhook"),
    ("integration create old --webhook --schema custom --secret-file FILE", "with a secret that the sender has"),
)
@click.argument("identifier", metavar="ID")
@click.option("--webhook", is_flag=True, help="The other system's own bodies, signed; without it, records by API.")
@click.option(
    "--schema",
    required=True,
    metavar="NAME",
    shell_complete=complete_schemas,
    help="build, deployment, incidents, …, custom or metric.",
)
@click.option("--field", "fields", multiple=True, metavar="NAME", help="Custom records may hold it; repeatable.")
@click.option("--map", "mapped", multiple=True, metavar="FIELD=PATH", help="Where in a body a field is; repeatable.")
@click.option("--link", metavar="FIELD=PATH", help="Equal values link a record to an entity.")
@click.option("--retention", type=click.IntRange(min=1), metavar="DAYS", help="How long records are kept; default 90.")
@click.option("--signature-header", metavar="NAME", help="Where it is; default X-Hub-Signature-256.")
@click.option("--algorithm", type=click.Choice(("sha256", "sha384", "sha512")), help="Of the signature.")
@click.option("--secret-file", type=click.Path(dir_okay=False), metavar="FILE", help="The secret, - for stdin.")
@click.option("--unsigned", is_flag=True, help="A webhook that takes a token in the place of a signature.")
@output_options(many=False)
def create(
    session: Session,
    choices: Choices,
    identifier: str,
    webhook: bool,
    schema: str,
    fields: tuple[str, ...],
    mapped: tuple[str, ...],
    link: str | None,
    retention: int | None,
    signature_header: str | None,
    algorithm: str | None,
    secret_file: str | None,
    unsigned: bool,
) -> None:
    """Prints the secret of a signed webhook, else the path that records are sent to. An integration that takes records
    by API need not be made: the first records make it, without a rule for links."""
    session.where = identifier
    body: JsonObject = {"id": identifier, "way": "WEBHOOK" if webhook else "API", "schema": schema}
    if fields:
        body["fields"] = list(fields)
    if mapped:
        body["mapping"] = dict(_pair(text, "--map") for text in mapped)
    if link is not None:
        ingested, catalog = _pair(link, "--link")
        body["correlation"] = {"ingested_path": ingested, "catalog_path": catalog}
    if retention is not None:
        body["retention_days"] = retention
    secret = read_secret(secret_file) if secret_file else None
    signature = {"header": signature_header, "algorithm": algorithm, "secret": secret}
    if (webhook and not unsigned) or any(signature.values()):
        body["signature"] = {name: value for name, value in signature.items() if value}
    made = session.client.create_integration(body)
    if choices.chosen or choices.columns:
        choices.write(_listing([made], single=True))
    else:
        choices.write_lines([made.get("secret") or made["path"]])
    if made.get("secret"):
        session.note(f"the secret of {made['id']}, sent to at {made['path']}; it cannot be shown again")


def _pair(text: str, option: str) -> tuple[str, str]:
    field, equals, path = text.partition("=")
    if not (field and equals and path):
        raise Failure(
            f"{option} {text!r} is not FIELD=PATH",
            next_step=f"write it as in `{option} name=deployment.task`",
            code=ExitCode.USAGE,
        )
    return field, path


@catalog_command("list", "The integrations, without their secrets.", ("integration list", "all of them"))
@output_options(columns=COLUMNS)
def list_integrations(session: Session, choices: Choices) -> None:
    """json, jsonl and yaml hold the mapping and the fields too."""
    choices.write(_listing(session.client.integrations(), single=False))


@catalog_command(
    "suspend", "Take no records for a while; what is there stays.", ("integration suspend ci", "until it is enabled")
)
@_identifier
@click.pass_obj
def suspend(session: Session, identifier: str) -> None:
    """Who sends meanwhile is told so with status 409."""
    _set_state(session, identifier, "suspended")


@catalog_command("enable", "Take records again.", ("integration enable ci", "after `integration suspend`"))
@_identifier
@click.pass_obj
def enable(session: Session, identifier: str) -> None:
    """What was sent while it was suspended is not there."""
    _set_state(session, identifier, "enabled")


@catalog_command(
    "delete",
    "Delete an integration with all its records.",
    ("integration delete ci", "asks first"),
    ("integration delete ci --yes", "does not ask"),
)
@_identifier
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def delete(session: Session, identifier: str, yes: bool) -> None:
    """The records cannot be brought back."""
    session.where = identifier
    session.confirm(f"Delete integration {identifier} and all its records?", yes=yes)
    session.client.delete_integration(identifier)
    session.note(f"deleted {identifier}")


def _set_state(session: Session, identifier: str, state: str) -> None:
    session.where = identifier
    session.client.change_integration(identifier, {"state": state})
    session.note(f"{identifier} is {state}")


def _listing(integrations: list[IntegrationItem], *, single: bool) -> Listing:
    columns = (*COLUMNS, "secret") if single else COLUMNS

    def rows() -> Iterator[Row]:
        return (Row(one["id"], [_cell(one, name) for name in columns]) for one in integrations)

    return Listing(columns, rows, lambda: integrations, single)


def _cell(one: IntegrationItem, column: str) -> str | None:
    rule, signature = one["correlation"], one["signature"]
    if column == "correlation":
        return None if rule is None else f"{rule['ingested_path']}={rule['catalog_path']}"
    if column == "signature":
        return None if signature is None else f"{signature['algorithm']} in {signature['header']}"
    return as_text(one.get(column))


for _command in (create, list_integrations, suspend, enable, delete):
    integration.add_command(_command)
