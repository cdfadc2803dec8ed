"""`catalog hook`: hooks of local repositories that tell the daemon at once what happened."""

from collections.abc import Iterator

import click

from tui.cli.command import CatalogGroup, catalog_command
from tui.cli.completion import complete_targets
from tui.cli.completion_values import complete_files
from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.git_hooks import Repository, find_repository, install, kept_beside, remove, state_of
from tui.cli.listing import Listing, Row
from tui.cli.output import Choices, output_options
from tui.cli.session import Session
from tui.client import ApiProblem, DaemonUnreachable, find_address, state_directory
from tui.named_path import named_path

COLUMNS = ("hook", "state", "before", "file")

_path = click.argument("path", metavar="[PATH]", default=".", shell_complete=complete_targets)
_called = click.option("--as", "called", metavar="URL", help="How the catalog knows it, where that is not its folder.")


@click.group(
    "hook",
    cls=CatalogGroup,
    help="Hooks of local repositories that tell of pushes at once: install, remove, status, ring.",
    examples=(
        ("hook install /srv/git/shop.git", "a push is seen when it is done"),
        ("hook status .", "what is installed here"),
    ),
)
def hook() -> None:
    """The group itself does nothing."""


@catalog_command(
    "install",
    "Have a repository ring the daemon after each push and commit.",
    ("hook install /srv/git/shop.git", "a bare repository: post-receive"),
    ("hook install .", "where people work: post-commit and its like, too"),
    ("hook install shop.git --as https://git.example.test/acme/shop.git", "registered by another URL"),
)
@_path
@_called
@click.option(
    "--token-file",
    metavar="FILE",
    shell_complete=complete_files,
    help="Where the hook reads a token, for a daemon that CATALOG_URL names.",
)
@click.pass_obj
def install_hooks(session: Session, path: str, called: str | None, token_file: str | None) -> None:
    """A hook that is there stays, and runs after ours with the same input. Git waits for nothing: the hook rings in the
    background and says nothing, whether the daemon runs or not. Doing it again changes nothing but the address."""
    repository = find_repository(named_path(path))
    session.where = str(repository.folder)
    address = _address(session, called, token_file)
    for name in repository.names:
        install(repository.hooks / name, address)
    session.note(f"installed {', '.join(repository.names)} in {repository.hooks}")
    if repository.shares_hooks:
        session.note("core.hooksPath leads there: every repository that shares this folder rings from now on")
    _tell(session, repository, called)


@catalog_command(
    "remove", "Take the hooks away, and put back those that were there.", ("hook remove /srv/git/shop.git", "at once")
)
@_path
@click.pass_obj
def remove_hooks(session: Session, path: str) -> None:
    """Hooks that are not ours stay as they are."""
    repository = find_repository(named_path(path))
    removed = [name for name in repository.names if remove(repository.hooks / name)]
    session.note(f"removed {', '.join(removed)}" if removed else "there was no hook of ours")


@catalog_command(
    "status",
    "Which hooks of a repository ring the daemon.",
    ("hook status /srv/git/shop.git", "code 1 unless all of them do"),
)
@_path
@output_options(many=False)
def status(session: Session, choices: Choices, path: str) -> None:
    """States: installed, missing, other (a hook that is not ours). `before` is the hook that ours runs."""
    repository = find_repository(named_path(path))
    session.where = str(repository.folder)
    hooks = [repository.hooks / name for name in repository.names]
    items = [
        {
            "hook": one.name,
            "state": state_of(one),
            "before": kept_beside(one).name if kept_beside(one).exists() else None,
            "file": str(one),
        }
        for one in hooks
    ]

    def rows() -> Iterator[Row]:
        return (Row(str(item["hook"]), [item[name] for name in COLUMNS]) for item in items)

    choices.write(Listing(COLUMNS, rows, lambda: items))
    if any(item["state"] != "installed" for item in items):
        raise SystemExit(ExitCode.NO)


@catalog_command(
    "ring",
    "Tell the daemon now that a repository changed.",
    ("hook ring /srv/git/shop.git", "as its hook does; code 1 when no location reads it"),
    ("hook ring --as https://git.example.test/acme/shop.git", "by any URL of a repository"),
)
@_path
@_called
@click.pass_obj
def ring(session: Session, path: str, called: str | None) -> None:
    """Prints what is looked at. For a host that knows no webhooks, or from a pipeline."""
    session.where = called or path
    url = called or find_repository(named_path(path)).folder.as_uri()
    rung = session.client.ring(url)
    if not rung:
        raise Failure(
            "no registered location reads this repository",
            where=url,
            next_step=f"`{session.program} location add {url}` registers it",
            code=ExitCode.NO,
        )
    for one in rung:
        print(one)


def _address(session: Session, called: str | None, token_file: str | None) -> list[str]:
    """What the hook is told of the daemon."""
    url = find_address(session.state).url
    address = [url or str(state_directory(session.state))]
    if url and token_file:
        address += ["--token-file", str(named_path(token_file).absolute())]
    return address + (["--as", called] if called else [])


def _tell(session: Session, repository: Repository, called: str | None) -> None:
    """Whether the ring would be heard; the hook is installed all the same."""
    url = called or repository.folder.as_uri()
    try:
        if not session.client.ring(url):
            session.note(f"no registered location reads it yet: `{session.program} location add {url}`")
    except (ApiProblem, DaemonUnreachable) as error:
        session.note(f"the daemon could not be asked: {error}")


for _command in (install_hooks, remove_hooks, status, ring):
    hook.add_command(_command)
