"""`catalog token`: access to the HTTP API."""

from collections.abc import Iterator

import click

from tui.access_answers import TokenItem
from tui.cli.command import CatalogGroup, catalog_command
from tui.cli.completion import complete_tokens
from tui.cli.completion_values import complete_scopes
from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.listing import Listing, Row, as_text
from tui.cli.output import Choices, output_options
from tui.cli.session import Session

COLUMNS = ("id", "name", "scopes", "read", "created", "expires", "last_used")


@click.group(
    "token",
    cls=CatalogGroup,
    help="Tokens for the HTTP API: create, list, revoke.",
    examples=(
        ("token create ci --scope read", "prints the token, once"),
        ("token list", "names, scopes, expiry; never the tokens themselves"),
    ),
)
def token() -> None:
    """The group itself does nothing."""


@catalog_command(
    "create",
    "Make a token; it is shown this once.",
    ("token create ci --scope read", "the token on stdout, nothing else"),
    ("token create ci --scope read --expires 90 -o json", "with its id, for a script"),
    ("token create cart --scope read --read 'owner:team-cart'", "reads the entities of one team only"),
)
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    metavar="SCOPE",
    shell_complete=complete_scopes,
    help="What it may do; repeatable.",
)
@click.option("--expires", type=click.IntRange(min=1), metavar="DAYS", help="Days until it is worthless.")
@click.option(
    "--read",
    metavar="CONDITION",
    help="Which entities it may read: a query line, a permission condition as JSON, or false for none.",
)
@output_options(many=False)
def create(
    session: Session, choices: Choices, name: str, scopes: tuple[str, ...], expires: int | None, read: str | None
) -> None:
    """Clients send it as Authorization: Bearer, this program takes it from CATALOG_TOKEN."""
    session.where = name
    made = session.client.create_token(name, scopes, expires, read)
    if choices.chosen or choices.columns:
        choices.write(_listing([made], single=True))
    else:
        choices.write_lines([made["token"]])
    session.note(f"token {made['id']} of {name!r}; it cannot be shown again")


@catalog_command("list", "The tokens, without their secrets.", ("token list", "all of them"))
@output_options(columns=COLUMNS)
def list_tokens(session: Session, choices: Choices) -> None:
    """The secret of a token is known to nobody but who created it."""
    choices.write(_listing(session.client.tokens(), single=False))


@catalog_command(
    "revoke", "Make a token worthless at once.", ("token revoke 7 --yes", "does not ask"), ("token revoke 7", "asks")
)
@click.argument("identifier", metavar="ID", shell_complete=complete_tokens)
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def revoke(session: Session, identifier: str, yes: bool) -> None:
    """ID is the id of `token list`, or a name that only one token has."""
    found = [one for one in session.client.tokens() if identifier in (one["id"], one["name"])]
    if len(found) != 1:
        raise Failure(
            f"{len(found) or 'no'} tokens are called {identifier!r}",
            next_step=f"`{session.program} token list` shows their ids",
            code=ExitCode.NO,
        )
    session.confirm(f"Revoke token {found[0]['id']} ({found[0]['name']})?", yes=yes)
    session.client.revoke_token(found[0]["id"])
    session.note(f"revoked {found[0]['id']}")


def _listing(tokens: list[TokenItem], *, single: bool) -> Listing:
    columns = (*COLUMNS, "token") if single else COLUMNS

    def rows() -> Iterator[Row]:
        return (Row(one["id"], [as_text(one.get(name)) for name in columns]) for one in tokens)

    return Listing(columns, rows, lambda: tokens, single)


for _command in (create, list_tokens, revoke):
    token.add_command(_command)
