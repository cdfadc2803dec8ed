"""`python -m syncd`: the daemon in the foreground, and what works on its data or on files without it."""

import argparse
import logging
import os
import resource
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from syncd.api.app import create_app
from syncd.api.server import Server
from syncd.api.sockets import ListenError, open_sockets
from syncd.config import Listener, Settings, load_settings, parse_listener
from syncd.daemon import Daemon
from syncd.errors import CatalogError, ConfigError
from syncd.repair import repair
from syncd.statedir import DaemonRunningError, StateDir
from syncd.store.state import StateError
from syncd.tuning import tune

EXIT_USAGE, EXIT_FAILED, EXIT_CONFLICT, EXIT_ATTENTION, EXIT_INTERRUPTED = 2, 4, 5, 8, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; the exit code is that of the table in `docs/cli.md`."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        return int(options.run(options))
    except CatalogError as error:
        print(f"error: {error}" + (f"\n  {error.hint}" if error.hint else ""), file=sys.stderr)
        return _exit_code(error)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m syncd", description=__doc__)
    verbs = parser.add_subparsers(required=True)
    run = verbs.add_parser("run", help="the daemon in the foreground")
    run.add_argument("--listen", action="append", default=[], metavar="HOST:PORT")
    run.set_defaults(run=_run)
    again = verbs.add_parser("rebuild", help="build the index again from the mirrors and state.sqlite")
    again.set_defaults(run=_rebuild)
    mend = verbs.add_parser("repair", help="save what can be read of a damaged state.sqlite into a new one")
    mend.set_defaults(run=_repair)
    for verb in (run, again, mend):
        verb.add_argument("--state", type=Path, help="state directory")
        verb.add_argument("--config", type=Path, help="configuration file")
    check = verbs.add_parser("validate", help="check catalog files without a daemon")
    check.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    check.add_argument("--config", type=Path, help="configuration file")
    check.set_defaults(run=_validate)
    layouts = verbs.add_parser("check-layout", help="check layouts without a daemon")
    layouts.add_argument("paths", nargs="+", type=Path, metavar="FILE")
    layouts.add_argument("--config", type=Path, help="configuration file")
    layouts.set_defaults(run=_check_layouts)
    return parser


def _run(options: argparse.Namespace) -> int:
    settings = load_settings(options.config, os.environ)
    if options.listen:
        settings = settings.listening_on([_listener(text) for text in options.listen])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    tune()
    with _state_dir(options) as state_dir:
        return _serve(settings, state_dir)


def _serve(settings: Settings, state_dir: StateDir) -> int:
    daemon = Daemon(state_dir, settings)
    try:
        sockets = open_sockets(settings.daemon.listen, state_dir.socket_path())
    except CatalogError:
        daemon.stop()
        raise
    service = daemon.service
    service.socket = str(sockets.unix_path)
    service.listen = f"http://{sockets.addresses[0]}" if sockets.addresses else ""
    server = Server(create_app(service), settings.listening_on(sockets.addresses), sockets)
    signals = 0

    def stop(*_: object) -> None:
        nonlocal signals
        signals += 1
        if signals > 1:  # somebody is in a hurry: every file is safe at any moment
            os._exit(EXIT_INTERRUPTED)
        daemon.begin_stop()
        server.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    daemon.on_failed = lambda _: server.stop()
    try:
        server.run(on_ready=lambda: _announce(daemon))
    finally:
        daemon.stop()
    if daemon.failed is not None:
        raise daemon.failed
    return 0


def _announce(daemon: Daemon) -> None:
    service = daemon.service
    print(f"ready {service.listen or '-'} unix:{service.socket}", flush=True)
    daemon.start()


def _rebuild(options: argparse.Namespace) -> int:
    settings = load_settings(options.config, os.environ)
    tune()
    with _state_dir(options) as state_dir:
        entities = Daemon(state_dir, settings).rebuild()
    print(f"{entities} entities")
    return 0


def _repair(options: argparse.Namespace) -> int:
    with _state_dir(options) as state_dir:
        done = repair(state_dir.state)
    if done.kept is None:
        print("state.sqlite is sound; nothing was done")
        return 0
    for table, rows in done.saved.items():
        print(f"{rows} rows of {table}")
    print(f"the damaged file is kept as {done.kept}")
    return 0


def _validate(options: argparse.Namespace) -> int:
    from syncd.validate import validate

    return validate(options.paths, load_settings(options.config, os.environ), sys.stdout)


def _check_layouts(options: argparse.Namespace) -> int:
    from syncd.layout_check import check_layouts

    return check_layouts(options.paths, load_settings(options.config, os.environ), sys.stdout)


def _state_dir(options: argparse.Namespace) -> StateDir:
    os.umask(0o077)  # every file in it is private, also those that the engines make (R42)
    return StateDir(_state(options.state))


def _state(chosen: Path | None) -> Path:
    named = chosen or os.environ.get("CATALOG_STATE")
    if named:
        return Path(named)
    home = os.environ.get("XDG_STATE_HOME") or Path(os.environ.get("HOME") or "/") / ".local" / "state"
    return Path(home) / "catalog"


def _listener(text: str) -> Listener:
    try:
        return parse_listener(text)
    except ValueError as error:
        raise ConfigError(f"--listen {text}: {error}", hint="write HOST:PORT, for instance 127.0.0.1:7007") from error


def _exit_code(error: CatalogError) -> int:
    if isinstance(error, DaemonRunningError):
        return EXIT_CONFLICT
    if isinstance(error, StateError):
        return EXIT_ATTENTION
    if isinstance(error, ConfigError):
        return EXIT_USAGE
    return EXIT_CONFLICT if isinstance(error, ListenError) else EXIT_FAILED


if __name__ == "__main__":
    sys.exit(main())
