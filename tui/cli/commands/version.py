"""`catalog version`: ours, and the daemon's where one answers."""

from tui.cli.command import catalog_command
from tui.cli.listing import Listing, Row, as_text
from tui.cli.output import Choices, output_options
from tui.cli.session import Session
from tui.cli.version import OUTPUT_VERSION, VERSION
from tui.client import ApiProblem, DaemonUnreachable


@catalog_command("version", "Versions of this program and of the daemon.", ("version -o json", "for a bug report"))
@output_options(many=False)
def version(session: Session, choices: Choices) -> None:
    """The daemon's is empty where none answers."""
    import platform

    try:
        daemon: str | None = session.client.status()["version"]
    except (DaemonUnreachable, ApiProblem):
        daemon = None
    values = {"catalog": VERSION, "daemon": daemon, "output": OUTPUT_VERSION, "python": platform.python_version()}
    rows = [Row(VERSION, (name, as_text(value))) for name, value in values.items()]
    choices.write(Listing(("field", "value"), lambda: rows, lambda: [values], single=True))
