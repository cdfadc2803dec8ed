"""The command `catalog`: the table of its commands, and the one place where failures become messages and exit codes."""

import os
import sys
from collections.abc import Sequence
from pathlib import PurePath

import click

from tui.cli.command import Lazy, LazyGroup
from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure, bad_address, refused, unreachable
from tui.cli.session import Session
from tui.cli.version import VERSION
from tui.client import ApiProblem, BadAddress, DaemonUnreachable

_AT = "tui.cli.commands."

COMMANDS = {
    "list": Lazy("Read", f"{_AT}list:list_entities", "Entities that match a query line."),
    "get": Lazy("Read", f"{_AT}get:get", "Entities by their REF, with where they come from."),
    "view": Lazy("Read", f"{_AT}view:view", "Query lines with a name: list, show, save, rename, rm."),
    "tree": Lazy("Read", f"{_AT}tree:tree", "What an entity needs, what needs it, and what breaks if it goes."),
    "layout": Lazy("Read", f"{_AT}layout:layout", "Cards of entities: show, check."),
    "facets": Lazy("Read", f"{_AT}facets:facets", "Values of fields among the entities that match, with counts."),
    "sql": Lazy("Read", f"{_AT}sql:sql", "A question in SQL."),
    "export": Lazy("Read", f"{_AT}export:export", "The entities that match a query line, into a file."),
    "watch": Lazy("Read", f"{_AT}watch:watch", "Changes of entities as they happen, until interrupted."),
    "activity": Lazy("Read", f"{_AT}activity:activity", "What happened: builds, deployments, incidents, newest first."),
    "properties": Lazy("Read", f"{_AT}properties:properties", "Custom properties: list, move, export, import."),
    "history": Lazy(
        "Read", f"{_AT}history:history", "Who changed what of an entity, when, from what to what: in git and by API."
    ),
    "why": Lazy("Read", f"{_AT}why:why", "Where a value comes from: file, line and commit, or who set it and when."),
    "diff": Lazy("Read", f"{_AT}diff:diff", "What differs between two commits of a repository, or between two times."),
    "errors": Lazy("Read", f"{_AT}errors:errors", "What is wrong in the sources: file:line, message, hint."),
    "check": Lazy("Read", f"{_AT}check:check", "What no single file shows: dangling relations, orphans, duplicates."),
    "tui": Lazy("Read", f"{_AT}tui:tui", "The full-screen interface."),
    "serve-tui": Lazy("Read", f"{_AT}serve_tui:serve_tui", "The full-screen interface in a browser of this machine."),
    "browse": Lazy("Read", f"{_AT}browse:browse", "Look around: full-screen, or line by line for screen readers."),
    "set": Lazy("Write", f"{_AT}set:set_properties", "Values of an entity: beside what git says, or as a commit."),
    "unset": Lazy(
        "Write", f"{_AT}set:unset_properties", "Remove values: custom properties, or fields of a file as a commit."
    ),
    "apply": Lazy("Write", f"{_AT}apply:apply", "Make entities say what a file says; fields that it leaves out stay."),
    "new": Lazy("Write", f"{_AT}new:new", "A new entity: drafted as its kind wants it, checked, committed."),
    "edit": Lazy(
        "Write", f"{_AT}edit:edit", "The document of an entity in an editor; what is written becomes a commit."
    ),
    "edits": Lazy("Write", f"{_AT}edits:edits", "Edits of descriptor files: what became of each, the newest first."),
    "undo": Lazy("Write", f"{_AT}edits:undo", "Take an edit back by another commit."),
    "forget": Lazy("Write", f"{_AT}forget:forget", "Forget orphans: entities that no source has any more."),
    "ingest": Lazy("Write", f"{_AT}ingest:ingest", "Custom properties, or entities, from the rows of a file."),
    "location": Lazy("Sources", f"{_AT}location:location", "Registered sources: add, list, pause, remove, set, show …"),
    "validate": Lazy("Sources", f"{_AT}program:validate", "Check catalog files without a daemon."),
    "integration": Lazy(
        "Sources",
        f"{_AT}integration:integration",
        "Where activity records come from: create, list, suspend, enable, delete.",
    ),
    "hook": Lazy(
        "Sources",
        f"{_AT}hook:hook",
        "Hooks of local repositories that tell of pushes at once: install, remove, status, ring.",
    ),
    "webhook": Lazy(
        "Sources", f"{_AT}webhook:webhook", "By what git hosts tell of pushes: create, list, rotate, revoke, delete."
    ),
    "schema": Lazy("Sources", f"{_AT}schema:schema", "The kinds, or what documents of one must look like."),
    "status": Lazy("Daemon", f"{_AT}status:status", "What the catalog holds and how the daemon fares."),
    "daemon": Lazy(
        "Daemon", f"{_AT}daemon:daemon", "The process that holds the catalog: run, start, stop, status, logs."
    ),
    "doctor": Lazy("Daemon", f"{_AT}program:doctor", "Whether this machine and the daemon are as they should be."),
    "rebuild": Lazy("Daemon", f"{_AT}program:rebuild", "Build the index again from the mirrors and the owned data."),
    "backup": Lazy("Daemon", f"{_AT}program:backup", "A copy of the owned data in one file, while the daemon works."),
    "restore": Lazy("Daemon", f"{_AT}program:restore", "Put the owned data of a backup in place."),
    "token": Lazy("Daemon", f"{_AT}token:token", "Tokens for the HTTP API: create, list, revoke."),
    "client": Lazy(
        "Daemon",
        f"{_AT}client:client",
        "Programs that get access tokens for a secret: create, list, rotate, disable.",
    ),
    "config": Lazy("Other", f"{_AT}config:config", "The configuration: show, path, get, set, unset, validate, schema."),
    "completion": Lazy(
        "Other", f"{_AT}completion:completion", "The script that makes a shell complete commands, refs and fields."
    ),
    "man": Lazy("Other", f"{_AT}man:man", "The manual: of a command, or all of it as files."),
    "demo": Lazy("Other", "tui.cli.demo:demo", "A small invented company, live."),
    "version": Lazy("Other", f"{_AT}version:version", "Versions of this program and of the daemon."),
}
"""Every command: its section in the help, where it stands, its summary."""


@click.group(
    cls=LazyGroup,
    table=COMMANDS,
    aliases={"overlay": "properties"},
    invoke_without_command=True,
    help="A software catalog that lives in git. Without a command, opens the full-screen interface.",
    examples=(
        ("daemon start", "begin: the process that holds the catalog"),
        ("location add https://git.example.test/shop.git", "register a repository"),
        ("list kind:component", "look"),
        ("errors", "what is wrong, and where"),
    ),
)
@click.option("--version", "show_version", is_flag=True, help="The version of this program.")
@click.pass_context
def cli(context: click.Context, show_version: bool) -> None:
    """The command without a subcommand."""
    session = context.ensure_object(Session)
    if show_version:
        print(f"{session.program} {VERSION}")
        context.exit()
    if context.invoked_subcommand is not None:
        return
    if sys.stdin.isatty() and sys.stdout.isatty():
        from tui.cli.commands.tui import open_tui

        open_tui(session)
        return
    print(context.get_help(), file=sys.stderr)
    context.exit(ExitCode.USAGE)


def program_name(called: str) -> str:
    """How the person called us: `git catalog` when git found us as `git-catalog`, else `catalog`."""
    return "git catalog" if PurePath(called).name == "git-catalog" else "catalog"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and give its exit code; messages go to stderr."""
    session = Session()
    session.program = program_name(sys.argv[0])
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _run(session, list(sys.argv[1:] if arguments is None else arguments))
        sys.stdout.flush()
    except BrokenPipeError:
        _forget_stdout()
        return ExitCode.DONE
    finally:
        session.close()
    return code


def _run(session: Session, arguments: list[str]) -> int:
    if instruction := os.environ.get("_CATALOG_COMPLETE"):
        return _complete(session, instruction)
    try:
        _carry_out(session, arguments)
    except Failure as failure:
        return _fail(failure)
    except DaemonUnreachable as error:
        return _fail(unreachable(error, session.program))
    except ApiProblem as problem:
        return _fail(refused(problem, query=session.query, where=session.where or _where(session, problem, arguments)))
    except BadAddress as error:
        return _fail(bad_address(error))
    except click.exceptions.Exit as done:
        return done.exit_code
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else ExitCode.DONE
    except click.ClickException as error:
        return _fail(_usage(error, session.program))
    except (KeyboardInterrupt, EOFError, click.Abort):
        print(file=sys.stderr)
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        raise
    except OSError as error:
        return _fail(
            Failure(
                error.strerror or str(error), where=str(error.filename or ""), next_step="the system gave this reason"
            )
        )
    except Exception:
        return _fail(_unforeseen())
    return ExitCode.DONE


def _where(session: Session, problem: ApiProblem, arguments: list[str]) -> str:
    """What was typed, where the daemon finds fault with it; the daemon, where it is at fault itself."""
    from shlex import join

    is_ours = 400 <= problem.status < 500 and problem.status not in (401, 403, 429)
    return join([session.program, *arguments]) if is_ours else session.client.address.text


def _carry_out(session: Session, arguments: list[str]) -> None:
    try:
        with cli.make_context(session.program, arguments, obj=session) as context:
            cli.invoke(context)
    except Exception:
        if trace := session.trace:
            trace.failed()
        raise


def _unforeseen() -> Failure:
    from traceback import format_exc

    return Failure(f"this should not happen\n{format_exc()}", next_step="please report it with the lines above")


def _usage(error: click.ClickException, program: str) -> Failure:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else program
    near: list[str] | None = getattr(error, "possibilities", None)
    if isinstance(error, click.NoSuchCommand):
        what = f"there is no command {error.command_name!r}"
    elif isinstance(error, click.BadParameter) and isinstance(
        choice := getattr(error.param, "type", None), click.Choice
    ):
        what = error.format_message()
        near = _near_choice(error.message, choice)
    elif isinstance(error, click.NoSuchOption):
        what = f"there is no option {error.option_name}"
    else:
        what = error.format_message()
    help_step = f"`{path} --help` shows what it takes"
    next_step = f"did you mean {' or '.join(near)}? {help_step}" if near else help_step
    return Failure(what, where=path, next_step=next_step, code=ExitCode.USAGE)


def _near_choice(message: str, choice: "click.Choice[str]") -> list[str]:
    """The nearest of the words that may be chosen; click keeps the wrong one in its message only."""
    from difflib import get_close_matches

    return get_close_matches(message.partition("' is not one of ")[0].lstrip("'"), choice.choices, n=1)


def _fail(failure: Failure) -> int:
    sys.stdout.flush()
    print("\n".join(failure.lines), file=sys.stderr)
    return failure.code


def _complete(session: Session, instruction: str) -> int:
    from click.shell_completion import shell_complete

    from tui.cli.shell_scripts import VARIABLE, register

    register()
    return shell_complete(cli, {"obj": session}, session.program, VARIABLE, instruction)


def _forget_stdout() -> None:
    # Whoever read us has gone; without this the interpreter would complain once more when it flushes at the end.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
