"""`catalog location`: the registered sources."""

from collections.abc import Iterator

import click

from tui.answers import LocationAdjustment, LocationItem
from tui.cli.command import CatalogGroup, catalog_command
from tui.cli.completion import complete_locations, complete_targets
from tui.cli.completion_values import complete_intervals
from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.listing import Listing, Row, as_text
from tui.cli.location_id import find_location
from tui.cli.location_outcome import phase_of, report, state_of
from tui.cli.location_target import LocationTarget, read_target
from tui.cli.output import Choices, output_options
from tui.cli.session import Session
from tui.client import ApiProblem
from tui.model.interval import CONFIGURED, interval_text, parse_interval
from tui.model.location_source import SAVED

COLUMNS = (
    "id",
    "type",
    "target",
    "ref",
    "paths",
    "state",
    "entities",
    "last_success",
    "next_attempt",
    "error",
    "phase",
)
FIELDS = (
    "id",
    "type",
    "target",
    "ref",
    "paths",
    "priority",
    "configured",
    "paused",
    "write",
    "poll_interval",
    "entity_ref",
    "location_ref",
)
PREVIEW_COLUMNS = ("effect", "ref", "where", "message")
WAIT = 60.0

_timeout = click.option(
    "--timeout", type=click.FloatRange(min=0), default=WAIT, show_default=True, metavar="SECONDS", help="Longest wait."
)


def _checked(_ctx: click.Context, _parameter: click.Parameter, interval: str | None) -> str | None:
    """An interval that can be read, as it was written."""
    try:
        parse_interval(interval or CONFIGURED)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
    return interval


_write = click.option(
    "--write", type=click.Choice(("none", "branch", "commit")), help="Whether, and where, edits may be pushed to it."
)

_interval = click.option(
    "--interval",
    metavar="TIME",
    callback=_checked,
    shell_complete=complete_intervals,
    help="How often it is looked at when nothing rings: 90s, 5m, 1h, or configured.",
)


@click.group(
    "location",
    cls=CatalogGroup,
    help="Registered sources: add, list, pause, remove, set, show …",
    examples=(
        ("location add https://github.com/acme/pay.git", "a whole repository"),
        ("location add .", "the repository this folder is in, where the daemon may read it"),
        ("location list", "what is registered, and how it fares"),
    ),
)
def location() -> None:
    """The group itself does nothing."""


@catalog_command(
    "add",
    "Register a source and wait until it is read.",
    ("location add https://github.com/acme/pay.git", "a repository: catalog-info.yaml and port.yml at any depth"),
    ("location add https://github.com/acme/pay/blob/main/catalog-info.yaml", "one file by its web URL"),
    ("location add ../pay --dry-run", "what it would bring, document by document; nothing is stored"),
    ("location add ../pay --ref main --path 'services/*/catalog.yaml'", "a local repository, chosen files"),
    ("location add ../pay --saved", "your own work tree: also what is saved and not committed yet"),
    ("location add https://github.com/acme/pay.git --write branch --interval 5m", "edits go to branches of their own"),
)
@click.argument("target", shell_complete=complete_targets)
@click.option("--type", "kind", type=click.Choice(("git", "url")), help="Only where TARGET does not tell by itself.")
@click.option("--ref", default="", metavar="REF", help="Branch, tag or commit; default: the remote's default branch.")
@click.option("--saved", is_flag=True, help="What is saved in a local work tree, on top of what is checked out.")
@click.option("--path", "paths", multiple=True, metavar="PATTERN", help="Files to read; may be repeated.")
@click.option("--priority", type=int, default=0, metavar="N", help="Who wins when two sources have one entity.")
@_write
@_interval
@click.option("--wait/--no-wait", default=True, help="Wait until it was read once; default yes.")
@click.option("--dry-run", is_flag=True, help="Only show what it would bring.")
@_timeout
@output_options(many=False)
def add(
    session: Session,
    choices: Choices,
    target: str,
    kind: str | None,
    ref: str,
    saved: bool,
    paths: tuple[str, ...],
    priority: int,
    write: str | None,
    interval: str | None,
    wait: bool,
    dry_run: bool,
    timeout: float,
) -> None:
    """TARGET is a web URL of a file, a clone URL (….git, ssh://, file://) or a local path.
    Afterwards it says what came of it; exit code 7 when some files have problems, 4 when it could not be read."""
    read = read_target(target, kind)
    session.where = read.target
    if saved and ref:
        raise Failure("--saved is what is checked out", next_step="leave out --ref, or --saved", code=ExitCode.USAGE)
    ref = SAVED if saved else ref
    if dry_run:
        raise SystemExit(_preview(session, choices, read, ref, paths or read.paths, priority))
    item = _registered(session, read, ref, paths or read.paths, priority, write or "none", interval or CONFIGURED)
    session.note(f"registered {item['location_ref']} as {item['id']}")
    done = session.client.refresh(item["id"], wait=timeout) if wait else False
    item = session.client.location(item["id"])
    if choices.chosen or choices.columns:
        choices.write(_details(item))
    elif not wait:
        choices.write_lines([item["id"]])
    if not wait:
        return
    if not done:
        raise _timed_out(session, timeout)
    raise SystemExit(report(session, item, choices if not choices.chosen else None))


def _preview(
    session: Session, choices: Choices, read: LocationTarget, ref: str, paths: tuple[str, ...], priority: int
) -> ExitCode:
    """Each document with its effect; 7 where some are invalid or in conflict."""
    found = session.client.preview_location(read.type, read.target, ref=ref, paths=paths, priority=priority)
    documents = found["documents"]

    def rows() -> Iterator[Row]:
        for one in documents:
            place = f"{one['path']}:{one['line']}" if one["line"] else one["path"]
            said = one["message"] or ", ".join(change["path"] for change in one["differences"])
            yield Row(one["ref"], (one["effect"], one["ref"], place, said))

    choices.write(Listing(PREVIEW_COLUMNS, rows, lambda: documents))
    counts = ", ".join(f"{count} {effect}" for effect, count in found["counts"].items() if count)
    session.note(f"{counts or 'nothing found'}; nothing is stored")
    if found["existing"]:
        session.note(f"it is registered already as {found['existing']}")
    return ExitCode.PARTLY if found["counts"]["invalid"] or found["counts"]["conflict"] else ExitCode.DONE


def _registered(
    session: Session,
    read: LocationTarget,
    ref: str,
    paths: tuple[str, ...],
    priority: int,
    write: str,
    interval: str,
) -> LocationItem:
    try:
        return session.client.add_location(
            read.type,
            read.target,
            ref=ref,
            paths=paths,
            priority=priority,
            write=write,
            poll_interval=parse_interval(interval),
        )
    except ApiProblem as problem:
        existing = problem.members.get("existing")
        if "transport 'file'" in problem.message:
            raise _file_refused(session, problem, read.target) from problem
        if problem.status != 409 or not existing:
            raise
        raise Failure(
            f"already registered as {existing}",
            where=read.target,
            next_step=f"`{session.program} location refresh {existing}` reads it again",
            code=ExitCode.CONFLICT,
        ) from problem


def _file_refused(session: Session, problem: ApiProblem, target: str) -> Failure:
    return Failure(
        f"{problem.message}: this daemon reads no repositories of this disk",
        where=target,
        next_step='write protocols = ["https", "ssh", "file"] below [git] into the file that '
        f"`{session.program} config path` names, then start the daemon again",
        code=ExitCode.USAGE,
    )


@catalog_command(
    "list",
    "What is registered, and how it fares.",
    ("location list", "all locations"),
    ("location list --sort=-last_success", "by the last time each was read"),
)
@output_options(columns=COLUMNS)
def list_locations(session: Session, choices: Choices) -> None:
    """States: ok, problems (read, but some files are bad), failing (could not be read), waiting (not tried), paused.
    Phases: fetching, with how far that is, reading, storing; none where nobody looks."""
    locations = session.client.locations()

    def rows() -> Iterator[Row]:
        return (Row(one["id"], [as_text(value) for value in _cells(one)]) for one in locations)

    choices.write(Listing(COLUMNS, rows, lambda: locations))


def _cells(one: LocationItem) -> list[object]:
    state = one["state"]
    entities = state["counts"].get("entity", 0)
    plain = [one["id"], one["type"], one["target"], one["ref"], one["paths"]]
    looks = [state["last_success"], state["next_attempt"], state["error"], phase_of(one)]
    return [*plain, state_of(one), entities, *looks]


@catalog_command(
    "show",
    "One location with its state.",
    ("location show 3f2a", "by the beginning of its id"),
    ("location show 3f2a -o json", "for a script"),
)
@click.argument("identifier", metavar="ID", shell_complete=complete_locations)
@output_options(many=False)
def show(session: Session, choices: Choices, identifier: str) -> None:
    """ID is the id, its beginning, or the target it was registered with."""
    choices.write(_details(find_location(session, identifier)))


def _details(item: LocationItem) -> Listing:
    state = item["state"]
    values: dict[str, object] = {name: item.get(name) for name in FIELDS} | {"state": state_of(item)} | dict(state)
    values["poll_interval"] = interval_text(item.get("poll_interval"))
    rows = [Row(item["id"], (name, as_text(value))) for name, value in values.items() if name != "counts"]
    rows += [Row(item["id"], (f"count of {name}", str(count))) for name, count in state["counts"].items()]
    return Listing(("field", "value"), lambda: rows, lambda: [item], single=True)


@catalog_command(
    "refresh",
    "Read locations again, now.",
    ("location refresh 3f2a --wait", "one, and wait until it is visible"),
    ("location refresh --all --wait", "all; returns when what was pushed before is visible"),
)
@click.argument("identifiers", metavar="[ID]…", nargs=-1, shell_complete=complete_locations)
@click.option("--all", "everything", is_flag=True, help="All locations.")
@click.option("--wait/--no-wait", default=False, help="Wait until it is done; default no.")
@_timeout
@click.pass_obj
def refresh(session: Session, identifiers: tuple[str, ...], everything: bool, wait: bool, timeout: float) -> None:
    """Exit code 124 when --wait takes longer than --timeout."""
    if bool(identifiers) == everything:
        raise Failure(
            "name the locations to refresh, or all of them",
            next_step=f"`{session.program} location refresh --all`, or an ID of `{session.program} location list`",
            code=ExitCode.USAGE,
        )
    chosen: list[str | None] = [find_location(session, one)["id"] for one in identifiers] or [None]
    seconds = timeout if wait else 0
    done = [session.client.refresh(one, wait=seconds) for one in chosen]
    if wait and not all(done):
        raise _timed_out(session, timeout)
    session.note("done" if wait else "asked for")


@catalog_command(
    "pause",
    "Leave a location alone: its entities stay as they are.",
    ("location pause 3f2a", "nobody looks at it, whatever is pushed"),
)
@click.argument("identifier", metavar="ID", shell_complete=complete_locations)
@click.pass_obj
def pause(session: Session, identifier: str) -> None:
    """`location resume` ends it; a restart of the daemon does not."""
    item = session.client.adjust_location(find_location(session, identifier)["id"], {"paused": True})
    session.note(f"paused {item['id']}")


@catalog_command("resume", "Look at a paused location again.", ("location resume 3f2a", "it is read at once"))
@click.argument("identifier", metavar="ID", shell_complete=complete_locations)
@click.pass_obj
def resume(session: Session, identifier: str) -> None:
    """What was pushed meanwhile is read."""
    item = session.client.adjust_location(find_location(session, identifier)["id"], {"paused": False})
    session.note(f"resumed {item['id']}")


@catalog_command(
    "set",
    "Change whether edits may be pushed to a location, and how often it is looked at.",
    ("location set 3f2a --write branch", "edits go to branches of their own, for somebody to merge"),
    ("location set 3f2a --interval 5m", "when nothing rings; a push that rings is seen at once"),
    ("location set 3f2a --interval configured --write none", "as the configuration says; no edits"),
)
@click.argument("identifier", metavar="ID", shell_complete=complete_locations)
@_write
@_interval
@click.pass_obj
def set_location(session: Session, identifier: str, write: str | None, interval: str | None) -> None:
    """What is not named stays. --write branch and commit let the daemon push with its own credentials: over TCP they
    need a token with the scope admin. A location of the configuration file is changed there: exit code 6."""
    adjustment: LocationAdjustment = {}
    if write is not None:
        adjustment["write"] = write
    if interval is not None:
        adjustment["poll_interval"] = parse_interval(interval)
    if not adjustment:
        raise Failure("nothing to change", next_step="name --write, --interval, or both", code=ExitCode.USAGE)
    found = find_location(session, identifier)
    session.where = found["location_ref"]
    item = session.client.adjust_location(found["id"], adjustment)
    session.note(f"{item['id']}: write {item['write']}, interval {interval_text(item.get('poll_interval'))}")


@catalog_command(
    "remove",
    "Unregister a location; its entities leave the catalog.",
    ("location remove 3f2a", "asks first"),
    ("location remove 3f2a --yes", "does not ask"),
)
@click.argument("identifier", metavar="ID", shell_complete=complete_locations)
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def remove(session: Session, identifier: str, yes: bool) -> None:
    """Nothing happens to the repository. A location of the configuration file is protected: exit code 6."""
    item = find_location(session, identifier)
    session.where = item["location_ref"]
    entities = item["state"]["counts"].get("entity", 0)
    session.confirm(f"Remove {item['location_ref']} and its {entities} entities from the catalog?", yes=yes)
    session.client.remove_location(item["id"])
    session.note(f"removed {item['id']}")


def _timed_out(session: Session, timeout: float) -> Failure:
    return Failure(
        f"not done after {timeout:g} s; the daemon goes on with it",
        where=session.where,
        next_step=f"`{session.program} location list` shows how it fares; --timeout waits longer",
        code=ExitCode.TIMED_OUT,
    )


for _command in (add, list_locations, show, refresh, pause, resume, set_location, remove):
    location.add_command(_command)
