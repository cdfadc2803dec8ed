"""`catalog view`: query lines with a name."""

import click

from tui.bookmarks import BookmarkError
from tui.cli.command import CatalogGroup, QueryCommand, catalog_command, query_line
from tui.cli.completion import complete_query, complete_views
from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.listing import Listing, Row
from tui.cli.output import Choices, output_options
from tui.cli.session import Session
from tui.safe_text import safe_text
from tui.suggestion import did_you_mean


@click.group(
    "view",
    cls=CatalogGroup,
    help="Query lines with a name: list, show, save, rename, rm.",
    examples=(
        ("view save mine kind:component owner:@me sort:-updated", "keep a line"),
        ("list @mine tag:java", "ask for it, and for something more"),
        ("view list", "which there are"),
    ),
)
def view() -> None:
    """The group itself does nothing."""


@catalog_command("list", "The views there are.", ("view list", "names and lines"))
@output_options()
def list_views(session: Session, choices: Choices) -> None:
    """They stand in one file, which people may edit and share: CATALOG_VIEWS, else views.toml of the configuration."""
    found = _all(session)
    choices.write(
        Listing(
            ("name", "line"),
            lambda: (Row(name, (name, line)) for name, line in found.items()),
            lambda: ({"name": name, "line": line} for name, line in found.items()),
        )
    )


@catalog_command("show", "The line of a view.", ("view show mine", "what @mine means"))
@click.argument("name", shell_complete=complete_views)
@click.pass_obj
def show(session: Session, name: str) -> None:
    """The line as it was saved."""
    Choices(session, pager=False).write_lines([safe_text(_all(session)[_known(session, name)])])


@catalog_command(
    "save",
    "Keep a query line under a name.",
    ("view save mine kind:component owner:@me", "a line"),
    ("view save late 'updated>30d sort:updated cols:name,owner,updated'", "with its order and columns"),
    cls=QueryCommand,
)
@click.argument("name", shell_complete=complete_views)
@click.argument("query", nargs=-1, required=True, shell_complete=complete_query)
@click.pass_obj
def save(session: Session, name: str, query: tuple[str, ...]) -> None:
    """The daemon reads the line first: none is kept that means nothing. A name that is taken gets the new line."""
    line = query_line(query)
    session.ask_for(line)
    session.client.explain(session.query)
    with _Told():
        before = session.bookmarks.views.all().get(name)
        session.bookmarks.views.save(name, line)
    session.note(f"@{name} is {'another line now' if before not in (None, line) else 'kept'}")


@catalog_command("rename", "Give a view another name.", ("view rename mine ours", "a name that is taken is refused"))
@click.argument("name", shell_complete=complete_views)
@click.argument("new")
@click.pass_obj
def rename(session: Session, name: str, new: str) -> None:
    """Views whose lines name it are told: they still say the old name."""
    name, new = _known(session, name), new.removeprefix("@")
    with _Told():
        session.bookmarks.views.rename(name, new)
        naming = session.bookmarks.views.naming(name)
    session.note(f"@{name} is @{new} now")
    if naming:
        session.note(f"@{name} still stands in {', '.join(naming)}")


@catalog_command("rm", "Forget a view.", ("view rm mine", "the line is printed before it goes"))
@click.argument("name", shell_complete=complete_views)
@click.pass_obj
def remove(session: Session, name: str) -> None:
    """What it said is told on stderr, so that it can be saved again."""
    line = _all(session)[_known(session, name)]
    with _Told():
        session.bookmarks.views.remove(name.removeprefix("@"))
    session.note(f"forgotten: {line}")


def _all(session: Session) -> dict[str, str]:
    with _Told():
        return session.bookmarks.views.all()


def _known(session: Session, name: str) -> str:
    name = name.removeprefix("@")
    if name not in (known := _all(session)):
        next_step = did_you_mean(name, known, f"`{session.program} view list` shows those there are")
        raise Failure(f"there is no view {name}", next_step=next_step, code=ExitCode.NO)
    return name


class _Told:
    """A bookmark's mistake as a message with a next step."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, BookmarkError):
            code = ExitCode.USAGE if not error.where else ExitCode.FAILED
            raise Failure(str(error), where=error.where, next_step=error.hint, code=code) from error


for command in (list_views, show, save, rename, remove):
    view.add_command(command)
