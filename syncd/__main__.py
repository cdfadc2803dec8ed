"""`python -m syncd`: the daemon in the foreground, and what works on its data or on files without it."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from syncd.disk import is_disk_full, no_room
from syncd.errors import CatalogError, ConfigError
from syncd.logs import set_up
from syncd.statedir import DaemonRunningError, StateDir
from syncd.store.state_file import StateError

if TYPE_CHECKING:  # each verb imports what it needs: most need little
    from syncd.config import Listener, Settings
    from syncd.daemon import Daemon

EXIT_USAGE, EXIT_FAILED, EXIT_CONFLICT, EXIT_ATTENTION, EXIT_INTERRUPTED = 2, 4, 5, 8, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; the exit code is that of the table in `docs/cli.md`."""
    options = _parser().parse_args(arguments)
    set_up(sys.stderr)
    try:
        return int(options.run(options))
    except CatalogError as error:
        return _failed(error)
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        said = CatalogError(f"{(error.strerror or str(error)).lower()}{where}", hint="the system gave this reason")
        return _failed(no_room("the daemon's files") if is_disk_full(error) else said)


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
    save = verbs.add_parser("backup", help="a copy of the owned data in one file, while a daemon works or not")
    save.add_argument("target", nargs="?", type=Path, metavar="PATH", help="a file, or a folder for a new one")
    save.add_argument("--keep", type=int, metavar="N", help="remove all but the N newest from the folder")
    save.set_defaults(run=_backup)
    put_back = verbs.add_parser("restore", help="put the owned data of a backup in place; the old is kept")
    put_back.add_argument("source", type=Path, metavar="PATH", help="a backup, or a folder: its newest one")
    put_back.set_defaults(run=_restore)
    for verb in (run, again, mend, save, put_back):
        verb.add_argument("--state", type=Path, help="state directory")
    for verb in (run, again, mend):
        verb.add_argument("--config", type=Path, help="configuration file")
    check = verbs.add_parser("validate", help="check catalog files without a daemon")
    check.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    check.add_argument("--config", type=Path, help="configuration file")
    check.set_defaults(run=_validate)
    doctor = verbs.add_parser("doctor", help="whether this machine and the daemon are as they should be")
    doctor.add_argument("-o", "--output", choices=("table", "json"), default="table")
    doctor.add_argument("--state", type=Path, help="state directory")
    doctor.add_argument("--config", type=Path, help="configuration file")
    doctor.set_defaults(run=_doctor)
    layouts = verbs.add_parser("check-layout", help="check layouts without a daemon")
    layouts.add_argument("paths", nargs="+", type=Path, metavar="FILE")
    layouts.add_argument("--config", type=Path, help="configuration file")
    layouts.set_defaults(run=_check_layouts)
    _add_config(verbs)
    return parser


def _add_config(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """`config VERB`: answers are JSON."""
    said = verbs.add_parser("config", help="what the configuration says, as JSON")
    actions = said.add_subparsers(required=True, dest="action")
    for action in ("show", "validate", "schema", "set", "unset"):
        one = actions.add_parser(action)
        one.add_argument("--config", type=Path, help="configuration file")
        one.set_defaults(run=_config)
        if action in ("set", "unset"):
            one.add_argument("--dry-run", action="store_true")
            one.add_argument("name", metavar="SETTING")
        if action == "set":
            one.add_argument("value", metavar="VALUE")


def _run(options: argparse.Namespace) -> int:
    from syncd.config import load_settings
    from syncd.tuning import close_memory, tune

    settings = load_settings(options.config, os.environ)
    set_up(sys.stderr, settings.daemon.log_format, StateDir(_state(options.state)).log)
    if options.listen:
        settings = settings.listening_on([_listener(text) for text in options.listen])
    close_memory()
    tune()
    with _state_dir(options) as state_dir:
        return _serve(settings, state_dir)


def _serve(settings: "Settings", state_dir: StateDir) -> int:
    from syncd.api.app import create_app
    from syncd.api.server import Server
    from syncd.api.sockets import open_sockets
    from syncd.daemon import Daemon

    daemon = Daemon(state_dir, settings)
    try:
        sockets = open_sockets(settings.daemon.listen, state_dir.socket_path())
    except CatalogError:
        daemon.stop()
        raise
    standing = daemon.service.standing
    standing.socket = str(sockets.unix_path)
    standing.listen = f"http://{sockets.addresses[0]}" if sockets.addresses else ""
    server = Server(create_app(daemon.service), settings.listening_on(sockets.addresses), sockets)
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


def _announce(daemon: "Daemon") -> None:
    standing = daemon.service.standing
    print(f"ready {standing.listen or '-'} unix:{standing.socket}", flush=True)
    daemon.start()


def _rebuild(options: argparse.Namespace) -> int:
    from syncd.config import load_settings
    from syncd.daemon import Daemon
    from syncd.tuning import tune

    settings = load_settings(options.config, os.environ)
    tune()
    with _state_dir(options) as state_dir:
        entities = Daemon(state_dir, settings).rebuild()
    print(f"{entities} entities")
    return 0


def _repair(options: argparse.Namespace) -> int:
    from syncd.repair import repair

    with _state_dir(options) as state_dir:
        done = repair(state_dir.state)
    if done.kept is None:
        print("state.sqlite is sound; nothing was done")
        return 0
    for table, rows in done.saved.items():
        print(f"{rows} rows of {table}")
    print(f"the damaged file is kept as {done.kept}")
    return 0


def _backup(options: argparse.Namespace) -> int:
    from syncd.backup import backups_in, new_name, write_backup

    os.umask(0o077)
    if options.keep is not None and options.keep < 1:
        raise ConfigError(f"--keep {options.keep}", hint="keep 1 or more")
    state_dir = StateDir(_state(options.state))
    target = options.target
    if target is None:
        target = state_dir.backups
        if state_dir.root.is_dir():
            target.mkdir(mode=0o700, exist_ok=True)
    into_folder = target.is_dir()
    if options.keep is not None and not into_folder:
        raise ConfigError(f"--keep needs a folder, and {target} is none", hint="name a folder that is there")
    file = new_name(target) if into_folder else target
    write_backup(state_dir.state, file)
    print(file)
    if options.keep is not None:
        for old in backups_in(target)[: -options.keep]:
            old.unlink()
    return 0


def _restore(options: argparse.Namespace) -> int:
    from syncd.backup import BackupError, backups_in
    from syncd.restore import restore, restoring_actor

    source = options.source
    if source.is_dir():
        found = backups_in(source)
        if not found:
            raise BackupError(f"there is no backup in {source}", hint="name a file that `catalog backup` made")
        source = found[-1]
    with _state_dir(options) as state_dir:
        done = restore(state_dir, source, restoring_actor())
    print(f"restored {source}, made {done.manifest.made}")
    for table, rows in done.manifest.rows.items():
        print(f"{rows} rows of {table}")
    if done.kept is not None:
        print(f"what was there is kept as {done.kept}")
    print("the index is built again when the daemon starts")
    return 0


def _validate(options: argparse.Namespace) -> int:
    from syncd.config import load_settings
    from syncd.validate import validate

    return validate(options.paths, load_settings(options.config, os.environ), sys.stdout)


def _check_layouts(options: argparse.Namespace) -> int:
    from syncd.config import load_settings
    from syncd.layout_check import check_layouts

    return check_layouts(options.paths, load_settings(options.config, os.environ), sys.stdout)


def _config(options: argparse.Namespace) -> int:
    from syncd import configuring

    if options.action == "schema":
        return configuring.schema(sys.stdout)
    if options.action == "show":
        return configuring.show(options.config, os.environ, sys.stdout)
    if options.action == "validate":
        return configuring.validate(options.config, os.environ, sys.stdout)
    value = options.value if options.action == "set" else None
    return configuring.change(options.config, os.environ, options.name, value, dry_run=options.dry_run, out=sys.stdout)


def _doctor(options: argparse.Namespace) -> int:
    from syncd.doctor.examination import examine
    from syncd.doctor.report import write_report

    checks = examine(StateDir(_state(options.state)), options.config, os.environ)
    write_report(checks, options.output, sys.stdout)
    return EXIT_ATTENTION if any(check.result == "failed" for check in checks) else 0


def _state_dir(options: argparse.Namespace) -> StateDir:
    os.umask(0o077)  # every file in it is private, also those that the engines make (R42)
    return StateDir(_state(options.state))


def _state(chosen: Path | None) -> Path:
    named = chosen or os.environ.get("CATALOG_STATE")
    if named:
        return Path(named)
    home = os.environ.get("XDG_STATE_HOME") or Path(os.environ.get("HOME") or "/") / ".local" / "state"
    return Path(home) / "catalog"


def _listener(text: str) -> "Listener":
    from syncd.config import parse_listener

    try:
        return parse_listener(text)
    except ValueError as error:
        raise ConfigError(f"--listen {text}: {error}", hint="write HOST:PORT, for instance 127.0.0.1:7007") from error


def _failed(error: CatalogError) -> int:
    print(f"error: {error}" + (f"\n next: {error.hint}" if error.hint else ""), file=sys.stderr)
    return _exit_code(error)


def _exit_code(error: CatalogError) -> int:
    if isinstance(error, DaemonRunningError):
        return EXIT_CONFLICT
    if isinstance(error, StateError):
        return EXIT_ATTENTION
    if isinstance(error, ConfigError):
        return EXIT_USAGE
    return EXIT_CONFLICT if error.code == "listen" else EXIT_FAILED


if __name__ == "__main__":
    sys.exit(main())
