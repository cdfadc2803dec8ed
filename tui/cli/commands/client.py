"""`catalog client`: programs that exchange a secret for access tokens, as Port's do."""

from collections.abc import Iterator

import click

from tui.access_answers import ClientItem
from tui.cli.command import CatalogGroup, catalog_command
from tui.cli.completion import complete_clients
from tui.cli.completion_values import complete_scopes
from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.listing import Listing, Row, as_text
from tui.cli.output import Choices, output_options
from tui.cli.session import Session

SECRETS = ("client_id", "client_secret")
COLUMNS = ("client_id", "name", "scopes", "created", "rotated", "last_used", "disabled")


@click.group(
    "client",
    cls=CatalogGroup,
    help="Programs that get access tokens for a secret: create, list, rotate, disable.",
    examples=(
        ("client create ci", "prints id and secret, once"),
        ("client list", "names, scopes, last use; never the secrets"),
    ),
)
def client() -> None:
    """The group itself does nothing."""


@catalog_command(
    "create",
    "Make a client; its secret is shown this once.",
    ("client create ci", "may read, and write entities and properties"),
    ("client create reader --scope read -o json", "as an object with client_id and client_secret"),
)
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    metavar="SCOPE",
    shell_complete=complete_scopes,
    help="What it may do; repeatable.",
)
@output_options(many=False)
def create(session: Session, choices: Choices, name: str, scopes: tuple[str, ...]) -> None:
    """The program sends both to POST /v1/auth/access_token and gets a token for some hours."""
    session.where = name
    _write_secret(session, choices, session.client.create_client(name, scopes))


@catalog_command("list", "The clients, without their secrets.", ("client list", "all of them"))
@output_options(columns=COLUMNS)
def list_clients(session: Session, choices: Choices) -> None:
    """The secret of a client is known to nobody but who created or rotated it."""
    choices.write(_listing(session.client.clients(), COLUMNS, single=False))


@catalog_command(
    "rotate",
    "Give a client another secret; the old one ends at once.",
    ("client rotate ci", "asks, then prints id and secret, once"),
    ("client rotate ci --yes -o json", "does not ask"),
)
@click.argument("identifier", metavar="ID", shell_complete=complete_clients)
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@output_options(many=False)
def rotate(session: Session, choices: Choices, identifier: str, yes: bool) -> None:
    """ID is the id of `client list`, or a name. Access tokens of the client end too."""
    found = _found(session, identifier)
    session.confirm(f"Rotate the secret of {found['name']}? Its old secret and its tokens end at once.", yes=yes)
    _write_secret(session, choices, session.client.rotate_client(found["client_id"]))


@catalog_command(
    "disable",
    "End a client, its secret and its access tokens at once.",
    ("client disable ci", "asks"),
    ("client disable ci --yes", "does not ask"),
)
@click.argument("identifier", metavar="ID", shell_complete=complete_clients)
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def disable(session: Session, identifier: str, yes: bool) -> None:
    """ID is the id of `client list`, or a name. It cannot be enabled again."""
    found = _found(session, identifier)
    session.confirm(f"Disable client {found['client_id']} ({found['name']}) for good?", yes=yes)
    session.client.disable_client(found["client_id"])
    session.note(f"disabled {found['client_id']}")


def _found(session: Session, identifier: str) -> ClientItem:
    """The one client of an id or name that is not disabled."""
    known = [one for one in session.client.clients() if one["disabled"] is None]
    found = [one for one in known if identifier in (one["client_id"], one["name"])]
    if len(found) != 1:
        raise Failure(
            f"{len(found) or 'no'} clients are called {identifier!r}",
            next_step=f"`{session.program} client list` shows their ids",
            code=ExitCode.NO,
        )
    return found[0]


def _write_secret(session: Session, choices: Choices, made: ClientItem) -> None:
    if choices.chosen or choices.columns:
        choices.write(_listing([made], (*SECRETS, *COLUMNS[1:]), single=True))
    else:
        choices.write_lines([f"client_id      {made['client_id']}", f"client_secret  {made['client_secret']}"])
    session.note(f"client {made['name']!r}; its secret cannot be shown again")


def _listing(clients: list[ClientItem], columns: tuple[str, ...], *, single: bool) -> Listing:
    def rows() -> Iterator[Row]:
        return (Row(one["client_id"], [as_text(one.get(name)) for name in columns]) for one in clients)

    return Listing(columns, rows, lambda: clients, single)


for _command in (create, list_clients, rotate, disable):
    client.add_command(_command)
