"""`catalog demo`: the sample company as a real repository, a daemon of its own, and somebody who pushes.

The demo stands in for a person at a shell. It runs plain `git` under a configuration of its own and the `catalog`
command as anyone would; only the daemon reads repositories for the catalog.
"""

import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from tui.cli import daemon_process
from tui.cli.command import catalog_command
from tui.cli.daemon_program import daemon_arguments, daemon_environment
from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.terminal import is_dumb
from tui.client import Client, find_address

SAMPLE = Path(__file__).parents[2] / "sample-repo"
PATIENCE = 60.0
"""Seconds for anything the demo waits for."""

WAREHOUSE = "component:default/warehouse"

DROPPED = "newsletter"
"""The entity that the second commit takes out of its file."""

_CONFIGURATION = """\
[daemon]
listen = ["127.0.0.1:0"]

[catalog]
orphan_strategy = "keep"

[git]
protocols = ["https", "ssh", "file"]

[[locations]]
type = "git"
target = "{url}"
write = "commit"
"""


@catalog_command(
    "demo",
    "A small invented company, live.",
    ("demo", "look around in the terminal interface"),
    ("demo | cat", "a printed tour with real commands and their answers"),
)
@click.option("--sample", type=click.Path(path_type=Path), default=SAMPLE, help="Folder of catalog files to show.")
def demo(sample: Path) -> None:
    """Everything happens in a temporary folder; nothing of it is left afterwards."""
    if not (sample / "catalog-info.yaml").is_file():
        raise Failure(
            "the sample company is not here",
            where=str(sample),
            next_step="run it from a clone of the project, or name a folder with --sample",
            code=ExitCode.USAGE,
        )
    with _ended_by_signals(), tempfile.TemporaryDirectory(prefix="catalog-demo-") as folder:
        is_seen = sys.stdin.isatty() and sys.stdout.isatty() and not is_dumb()
        if is_seen:
            print("The demo: a company, its repository, and a daemon of its own ...", file=sys.stderr)
        company = Company(Path(folder), sample)
        with _daemon(Path(folder), company.url) as environment:
            if is_seen:
                _look_around(company, environment)
            else:
                Tour(company, environment).run()


class Company:
    """The sample as a bare repository to push to, and a working tree to change things in."""

    def __init__(self, folder: Path, sample: Path) -> None:
        self.origin = folder / "company.git"
        self.tree = folder / "company"
        shutil.copytree(sample, self.tree)
        self._git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(self.origin))
        self._git(folder, "init", "--quiet", "--initial-branch=main", str(self.tree))
        for name, value in (("user.name", "Sunniva Dahl"), ("user.email", "sunniva@kettle-and-moss.example")):
            self.git("config", name, value)
        self.git("remote", "add", "origin", self.url)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "The catalog of the house")
        self.git("push", "--quiet", "--set-upstream", "origin", "main")

    @property
    def url(self) -> str:
        """Clone URL of the bare repository."""
        return self.origin.resolve().as_uri()

    def drop_newsletter(self) -> None:
        """Change two things in one file, not committed yet: one component goes, one gets another title."""
        path = self.tree / "shop" / "catalog-info.yaml"
        kept = [text for text in path.read_text().split("---\n") if f"name: {DROPPED}\n" not in text]
        path.write_text("---\n".join(kept).replace("title: Storefront\n", "title: The new storefront\n"))

    def git(self, *arguments: str) -> str:
        """Run git in the working tree; what it printed."""
        return self._git(self.tree, *arguments)

    @staticmethod
    def _git(folder: Path, *arguments: str) -> str:
        ours = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        ours |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}
        command = ["git", "-C", str(folder), *arguments]
        try:
            done = subprocess.run(command, env=ours, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        except FileNotFoundError:
            raise Failure("git is not installed", next_step="install git 2.39 or newer") from None
        if done.returncode:
            raise Failure(f"git says: {done.stderr.strip()}", where=shlex.join(command))
        return done.stdout + done.stderr


class Tour:
    """The demo for a pipe or a build log: commands and their answers, one after the other."""

    def __init__(self, company: Company, environment: Mapping[str, str]) -> None:
        self._company = company
        self._environment = environment

    def run(self) -> None:
        """Print it; raises `Failure` when a command does not end as it should."""
        print("A tour of Kettle & Moss, a small invented company. In a terminal, `catalog demo` opens the interface.")
        self._chapter("Its catalog files are in a git repository, and a daemon reads them.")
        self._show("status", "-o", "table")
        self._show("list", "kind:component", "-o", "table")
        self._show("get", WAREHOUSE)
        self._show("facets", "--facet", "kind", "--facet", "spec.owner", "-o", "table")
        self._chapter("One file is broken on purpose. Its other document is there all the same.")
        self._show("errors", ends=(ExitCode.DONE, ExitCode.NO))
        self._chapter("Somebody pushes: one component goes, another gets a new title. `catalog watch` sees it.")
        self._push()
        self._chapter('What was dropped is kept and marked, since the demo says orphan_strategy = "keep".')
        self._show("get", f"component:default/{DROPPED}")
        self._chapter("Whoever looks can change: the change is a commit, and every value tells where it comes from.")
        self._show("set", WAREHOUSE, "spec.lifecycle=experimental", "--to", "commit", "--yes", "-m", "The new hall")
        self._git("log", "--oneline", "-2", "--stat", "origin/main")
        self._show("why", WAREHOUSE, "spec.lifecycle")
        self._show("undo", "--to", "commit", "--yes")
        self._show("status", "-o", "table")

    def _git(self, *arguments: str) -> None:
        self._company.git("fetch", "--quiet")
        print(f"\n$ git {shlex.join(arguments)}\n{self._company.git(*arguments)}", end="", flush=True)

    def _chapter(self, text: str) -> None:
        print(f"\n{text}")

    def _show(self, *arguments: str, ends: tuple[int, ...] = (ExitCode.DONE,)) -> None:
        print(f"\n$ catalog {shlex.join(arguments)}", flush=True)
        command = [*catalog(), *arguments]
        done = subprocess.run(command, env=self._environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        print(done.stdout + done.stderr, end="", flush=True)
        if done.returncode not in ends:
            raise Failure(f"`catalog {shlex.join(arguments)}` ended with {done.returncode}")

    def _push(self) -> None:
        """Push while `catalog watch` runs, and print what it prints."""
        self._company.drop_newsletter()
        self._company.git("commit", "--quiet", "--all", "--message", "No more newsletter")
        watch = [*catalog(), "watch", "-o", "table", "--limit", "1"]
        quiet, pipe = subprocess.DEVNULL, subprocess.PIPE
        with (
            subprocess.Popen(watch, env=self._environment, stdin=quiet, stdout=pipe, stderr=pipe, text=True) as process,
            _ended_in_time(process),
        ):
            assert process.stdout is not None
            assert process.stderr is not None
            process.stderr.readline()  # it says so when it listens
            print("\n$ catalog watch -o table --limit 1 &\n$ git push", flush=True)
            print(self._company.git("push"), end="", flush=True)
            pushed = time.monotonic()
            first = process.stdout.readline()
            seen = time.monotonic() - pushed
            print(first + process.stdout.read(), end="")
        if not first:
            raise Failure(f"`catalog watch` saw no push in {PATIENCE:.0f} s", code=ExitCode.TIMED_OUT)
        print(f"(seen {seen * 1000:.0f} ms after the end of git push)")


def catalog() -> list[str]:
    """The command that runs `catalog` with this interpreter; `-P` keeps the working directory out, which may be
    anyone's."""
    return [sys.executable, "-P", "-m", "tui.cli"]


def command() -> tuple[list[str], dict[str, str]]:
    """What shows the demo, with its environment."""
    return [*catalog(), "demo"], daemon_environment()


def _look_around(company: Company, environment: Mapping[str, str]) -> None:
    """Open the interface on a catalog with one mistake and one orphan in it."""
    company.drop_newsletter()
    company.git("commit", "--quiet", "--all", "--message", "No more newsletter")
    company.git("push", "--quiet")
    subprocess.run([*catalog(), "tui"], env=environment)
    print("The demo is over: its daemon is stopped, its folder is gone.", file=sys.stderr)


@contextmanager
def _daemon(folder: Path, url: str) -> Iterator[dict[str, str]]:
    """A daemon that has read `url`; yields the environment in which `catalog` finds it. Stopped in every case."""
    state, config, log = folder / "state", folder / "config.toml", folder / "daemon.log"
    config.write_text(_CONFIGURATION.format(url=url))
    environment = {name: value for name, value in daemon_environment().items() if not name.startswith("CATALOG_")}
    environment |= {"CATALOG_STATE": str(state), "CATALOG_CONFIG": str(config)}
    with log.open("wb") as errors:
        # In a session of its own, so that a key pressed in the interface never reaches the daemon.
        process = subprocess.Popen(
            daemon_arguments("run", "--state", str(state), "--config", str(config)),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
        )
    try:
        assert process.stdout is not None
        if not process.stdout.readline().startswith("ready "):
            raise Failure("the daemon of the demo did not start", where=log.read_text(errors="replace")[-2000:])
        _wait_idle(state)
        yield environment
    finally:
        _stop(process)
        daemon_process.stop(state, PATIENCE, "catalog")  # one that was started in its place


def _wait_idle(state: Path) -> None:
    client = Client(find_address(str(state)))
    end = time.monotonic() + PATIENCE
    try:
        while not client.status()["idle"]:
            if time.monotonic() > end:
                raise Failure(f"the daemon was still busy after {PATIENCE:.0f} s", code=ExitCode.TIMED_OUT)
            time.sleep(0.05)
    finally:
        client.close()


def _stop(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


@contextmanager
def _ended_in_time(process: "subprocess.Popen[str]") -> Iterator[None]:
    """Kill the process unless the block ends within PATIENCE; whoever reads from it then sees the end."""
    timer = threading.Timer(PATIENCE, process.kill)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        process.kill()


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let SIGTERM and a closed terminal end the demo in order, so that its daemon never stays behind."""

    def end(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
