"""`catalog daemon`: the process that holds the catalog."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from tui.cli.command import CatalogGroup, catalog_command
from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.listing import Listing, Row, as_text
from tui.cli.output import Choices, output_options
from tui.cli.session import Session
from tui.client import ApiProblem, DaemonUnreachable, state_directory
from tui.safe_text import safe_text

_timeout = click.option(
    "--timeout", type=click.FloatRange(min=0), default=30.0, show_default=True, metavar="SECONDS", help="Longest wait."
)
_listen = click.option(
    "--listen", multiple=True, metavar="HOST:PORT", help="Where to answer HTTP, repeatable; default 127.0.0.1:7007."
)
_config = click.option("--config", metavar="FILE", type=click.Path(dir_okay=False), help="Configuration file.")


@click.group(
    "daemon",
    cls=CatalogGroup,
    help="The process that holds the catalog: run, start, stop, status, logs.",
    examples=(
        ("daemon start", "in the background"),
        ("daemon run --listen 127.0.0.1:7007", "in the foreground, logs on stderr"),
        ("daemon stop", "end it in order"),
    ),
)
def daemon() -> None:
    """The group itself does nothing."""


@catalog_command(
    "run",
    "Run the daemon in the foreground.",
    ("daemon run", "logs on stderr, one line `ready …` on stdout"),
    ("daemon run --state ./state --config catalog.toml", "with a state and a configuration of its own"),
)
@_listen
@_config
@click.pass_obj
def run(session: Session, listen: tuple[str, ...], config: str | None) -> None:
    """It ends in order on SIGTERM and on Ctrl-C."""
    from tui.cli.daemon_program import become_daemon_program

    become_daemon_program("run", "--state", str(state_directory(session.state)), *_options(listen, config))


@catalog_command(
    "start",
    "Start the daemon in the background and wait until it answers.",
    ("daemon start", "for this user"),
    ("daemon start --listen 127.0.0.1:0", "on a free port"),
)
@_listen
@_config
@_timeout
@click.pass_obj
def start(session: Session, listen: tuple[str, ...], config: str | None, timeout: float) -> None:
    """Its output goes to STATE/daemon.log. Exit code 5 when it runs already."""
    start_daemon(session, _options(listen, config), timeout)


def start_daemon(session: Session, options: list[str], timeout: float) -> None:
    """Start it and say where it is."""
    from tui.cli import daemon_process

    state = state_directory(session.state)
    pid = daemon_process.start(state, options, timeout, session.program)
    answer = session.client.status() if session.client.address.socket else None
    where = f"{answer['listen']} unix:{answer['socket']}" if answer else ""
    session.note(f"daemon started, process {pid}: {where}\nstate {state}\nlog   {state / daemon_process.LOG}")


@catalog_command(
    "stop",
    "End the daemon in order and wait until it is gone.",
    ("daemon stop", "the daemon of this state directory"),
)
@_timeout
@click.pass_obj
def stop(session: Session, timeout: float) -> None:
    """Done, too, when none runs."""
    from tui.cli import daemon_process

    state = state_directory(session.state)
    pid = daemon_process.stop(state, timeout, session.program)
    session.note(f"daemon stopped, process {pid}" if pid else f"no daemon runs in {state}")


@catalog_command(
    "status",
    "Whether the daemon runs: exit code 0 when it does, 3 when not.",
    ("daemon status", "running or stopped, and where"),
    ("daemon status -o json", "for a script"),
)
@output_options(many=False)
def status(session: Session, choices: Choices) -> None:
    """`catalog status` tells what the catalog holds."""
    from tui.cli import daemon_process

    state = state_directory(session.state)
    values: dict[str, object] = {"state": "stopped", "pid": daemon_process.running_pid(state), "directory": str(state)}
    try:
        answer = session.client.status()
    except DaemonUnreachable as error:
        values["state"] = "silent" if values["pid"] else "stopped"
        values["reason"] = error.reason
    except ApiProblem as problem:
        values |= {"state": "running", "reason": problem.message}
    else:
        values |= {"state": "running", "listen": answer["listen"], "socket": answer["socket"]}
        values |= {"version": answer["version"], "uptime_seconds": round(answer["uptime_seconds"], 1)}
    rows = [Row(str(values["state"]), (name, as_text(value))) for name, value in values.items()]
    choices.write(Listing(("field", "value"), lambda: rows, lambda: [values], single=True))
    if values["state"] != "running":
        raise SystemExit(ExitCode.UNREACHABLE)


@catalog_command(
    "logs",
    "What the daemon in the background has written.",
    ("daemon logs", "the last 100 lines"),
    ("daemon logs -f", "and what follows, until interrupted"),
)
@click.option("-n", "--lines", type=click.IntRange(min=0), default=100, show_default=True, help="Lines to begin with.")
@click.option("-f", "--follow", is_flag=True, help="Go on with what is written next.")
@click.pass_obj
def logs(session: Session, lines: int, follow: bool) -> None:
    """A daemon in the foreground writes to its own terminal, not here."""
    from tui.cli.daemon_process import LOG

    path = state_directory(session.state) / LOG
    if not path.exists():
        raise Failure(
            "there is no log",
            where=str(path),
            next_step=f"`{session.program} daemon start` writes one",
            code=ExitCode.NO,
        )
    for line in _log_lines(path, lines, follow=follow):
        sys.stdout.write(safe_text(line) + "\n")
        sys.stdout.flush()


def _log_lines(path: Path, count: int, *, follow: bool) -> Iterator[str]:
    import time
    from collections import deque

    with path.open("rb") as log:
        for line in deque(log, maxlen=count):
            yield line.decode("utf-8", "replace").rstrip("\r\n")
        pending = b""
        while follow:
            chunk = log.readline()
            if not chunk:
                if path.exists() and path.stat().st_size < log.tell():
                    log.seek(0)
                time.sleep(0.2)
                continue
            pending += chunk
            if pending.endswith(b"\n"):
                yield pending.decode("utf-8", "replace").rstrip("\r\n")
                pending = b""


def _options(listen: tuple[str, ...], config: str | None) -> list[str]:
    listening = [word for address in listen for word in ("--listen", address)]
    return listening + (["--config", str(Path(config).absolute())] if config else [])


for _command in (run, start, stop, status, logs):
    daemon.add_command(_command)
