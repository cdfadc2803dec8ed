"""`catalog webhook`: by what git hosts tell of pushes."""

from collections.abc import Iterator

import click

from tui.access_answers import WebhookItem
from tui.cli.command import CatalogGroup, catalog_command
from tui.cli.completion import complete_webhooks
from tui.cli.listing import Listing, Row, as_text
from tui.cli.output import Choices, output_options
from tui.cli.secret_file import read_secret
from tui.cli.session import Session

PROVIDERS = ("github", "gitlab", "gitlab-token", "gitea", "forgejo", "bitbucket", "bitbucket-server")
COLUMNS = ("id", "provider", "url", "secrets", "expires", "last_delivery", "created")

_identifier = click.argument("identifier", metavar="ID", shell_complete=complete_webhooks)
_secret_file = click.option(
    "--secret-file", metavar="FILE", help="A secret that the host has already; - reads standard input."
)


@click.group(
    "webhook",
    cls=CatalogGroup,
    help="By what git hosts tell of pushes: create, list, rotate, revoke, delete.",
    examples=(
        ("webhook create acme --provider github", "prints what to paste into the host's form, once"),
        ("webhook list", "with the secrets' ids and their last deliveries"),
    ),
)
def webhook() -> None:
    """The group itself does nothing."""


@catalog_command(
    "create",
    "Make a webhook; its secret is shown this once.",
    ("webhook create acme --provider github", "prints URL and secret, for the host's form"),
    ("webhook create lab --provider gitlab --secret-file token", "the host made the secret"),
    ("webhook create tea --provider gitea -o json", "as an object, for a script"),
)
@click.argument("identifier", metavar="ID")
@click.option("--provider", type=click.Choice(PROVIDERS), required=True, help="Whose deliveries they are.")
@_secret_file
@output_options(many=False)
def create(session: Session, choices: Choices, identifier: str, provider: str, secret_file: str | None) -> None:
    """One webhook serves any number of repositories of its host. What it tells is only a reason to look: it brings no
    data, and rings registered repositories only."""
    session.where = identifier
    secret = read_secret(secret_file) if secret_file else None
    _write_secret(session, choices, session.client.create_webhook(identifier, provider, secret))


@catalog_command("list", "The webhooks, without their secrets.", ("webhook list", "all of them"))
@output_options(columns=COLUMNS)
def list_webhooks(session: Session, choices: Choices) -> None:
    """Secrets are named by their ids, the newest first; the log of the daemon names them too."""
    choices.write(_listing(session.client.webhooks(), single=False))


@catalog_command(
    "rotate",
    "Give a webhook another secret; the one before goes on for a day.",
    ("webhook rotate acme", "prints the new secret, once"),
    ("webhook rotate acme --keep 0", "the old one ends at once"),
)
@_identifier
@click.option(
    "--keep", type=click.FloatRange(min=0), default=24, show_default=True, metavar="HOURS", help="Of the old secret."
)
@_secret_file
@output_options(many=False)
def rotate(session: Session, choices: Choices, identifier: str, keep: float, secret_file: str | None) -> None:
    """Two secrets are valid at most: one that is older than the last ends at once."""
    session.where = identifier
    secret = read_secret(secret_file) if secret_file else None
    _write_secret(session, choices, session.client.rotate_webhook(identifier, secret, keep))


@catalog_command(
    "revoke",
    "End one secret of a webhook at once.",
    ("webhook revoke acme 5f0c3a91", "asks first"),
    ("webhook revoke acme 5f0c3a91 --yes", "does not ask"),
)
@_identifier
@click.argument("secret")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def revoke(session: Session, identifier: str, secret: str, yes: bool) -> None:
    """SECRET is an id of `webhook list`. A webhook without a secret is not served."""
    session.where = identifier
    session.confirm(f"End the secret {secret} of webhook {identifier}?", yes=yes)
    left = session.client.revoke_webhook_secret(identifier, secret)["secrets"]
    session.note(f"ended {secret}" + ("" if left else f"; {identifier} is not served until it has another secret"))


@catalog_command(
    "delete",
    "Delete a webhook with its secrets.",
    ("webhook delete acme", "asks first"),
    ("webhook delete acme --yes", "does not ask"),
)
@_identifier
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def delete(session: Session, identifier: str, yes: bool) -> None:
    """The host is told 404 from then on; pushes are seen at the next poll."""
    session.where = identifier
    session.confirm(f"Delete webhook {identifier}?", yes=yes)
    session.client.delete_webhook(identifier)
    session.note(f"deleted {identifier}")


def _write_secret(session: Session, choices: Choices, made: WebhookItem) -> None:
    if choices.chosen or choices.columns:
        choices.write(_listing([made], single=True))
    else:
        choices.write_lines([f"url     {made['url'] or made['path']}", f"secret  {made['secret']}"])
    if made["url"] is None:
        session.note("put the address that the host knows this daemon by before the path ([daemon] base_url)")
    session.note(f"webhook {made['id']!r}; its secret cannot be shown again")


def _listing(webhooks: list[WebhookItem], *, single: bool) -> Listing:
    columns = (*COLUMNS, "secret") if single else COLUMNS

    def rows() -> Iterator[Row]:
        return (Row(one["id"], [_cell(one, name) for name in columns]) for one in webhooks)

    return Listing(columns, rows, lambda: webhooks, single)


def _cell(one: WebhookItem, column: str) -> str | None:
    secrets = one["secrets"]
    match column:
        case "url":
            return one["url"] or one["path"]
        case "secrets":
            return ",".join(secret["id"] for secret in secrets)
        case "expires":
            return next((secret["expires"] for secret in secrets if secret["expires"]), None)
        case "last_delivery":
            return max((secret["last_delivery"] or "" for secret in secrets), default="") or None
    return as_text(one.get(column))


for _command in (create, list_webhooks, rotate, revoke, delete):
    webhook.add_command(_command)
