"""`catalog status`: the daemon in figures."""

from tui.answers import DiskSpace, Status
from tui.cli.command import catalog_command
from tui.cli.exit_codes import ExitCode
from tui.cli.listing import Listing, Row, as_text
from tui.cli.output import Choices, output_options
from tui.cli.session import Session

FIELDS = (
    "state",
    "idle",
    "entities",
    "locations",
    "problems",
    "templates",
    "kinds",
    "busy",
    "waiting",
    "silent",
    "polled",
    "disk",
)
FURTHER = ("generation", "index_seq", "version", "git", "listen", "socket", "uptime_seconds")


@catalog_command(
    "status",
    "What the catalog holds and how the daemon fares.",
    ("status", "figures for a person"),
    ("status -o json", "all of them, for a script"),
)
@output_options(many=False)
def status(session: Session, choices: Choices) -> None:
    """Exit code 8 when the daemon's state needs attention, 3 when it cannot be reached."""
    answer = session.client.status()
    choices.write(_listing(answer))
    if answer["state"] in ("degraded", "readonly") or answer["disk"]["full"]:
        raise SystemExit(ExitCode.ATTENTION)


def _listing(answer: Status) -> Listing:
    values = {**answer, "kinds": _counts(answer["kinds"]), "disk": _room(answer["disk"])}
    rows = [Row(answer["state"], (name, as_text(values.get(name)))) for name in FIELDS + FURTHER]
    return Listing(("field", "value"), lambda: rows, lambda: [answer], single=True)


def _room(disk: DiskSpace) -> str:
    free, floor = (f"{size / 2**30:.1f} GiB" for size in (disk["free"], disk["floor"]))
    return f"full: {free} free, writing needs {floor}" if disk["full"] else f"{free} free"


def _counts(kinds: dict[str, int]) -> str:
    return ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items(), key=lambda one: (-one[1], one[0])))
