"""What the machine offers: programs, limits, walls, room, time."""

import platform
import resource
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from syncd.config import Settings
from syncd.disk import Disk
from syncd.doctor.check import Check
from syncd.errors import CatalogError
from syncd.git import find_git, profile_faults
from syncd.sql.child import SqlChild
from syncd.statedir import StateDir
from syncd.store.versions import engine_versions
from syncd.told import git_settings

PYTHON = (3, 11)
OPEN_FILES = 1024
WATCHES = 8192
"""Folders that can be watched: a repository on this disk takes a few, one more for each folder of its branches."""
INSTANCES = 16
AHEAD = 60.0
"""Seconds that a file may seem to be of the future."""
_GIBIBYTE = 1 << 30
_INOTIFY = Path("/proc/sys/fs/inotify")


def machine(state_dir: StateDir, settings: Settings) -> Iterator[Check]:
    """All of it, for a daemon with this configuration."""
    yield from _versions()
    yield from _profile(settings)
    yield from _limits()
    yield from _sandbox(state_dir, settings)
    yield from _disk(state_dir, settings)
    yield _clock(state_dir)


def _versions() -> Iterator[Check]:
    yield Check.of("python", sys.version_info >= PYTHON, platform.python_version(), "install Python 3.11 or newer")
    try:
        yield Check("git", "ok", find_git().version)
    except CatalogError as error:
        yield Check("git", "failed", str(error), error.hint)
    for engine in engine_versions():
        advice = f"install {engine.name} {engine.wanted}; make setup takes what was tested"
        yield Check.of(engine.name, engine.fits, engine.version, advice)


def _profile(settings: Settings) -> Iterator[Check]:
    try:
        faults = profile_faults(git_settings(settings))
    except (CatalogError, OSError) as error:
        yield Check("git profile", "failed", str(error), "git has to work first")
        return
    found = "; ".join(faults) or "git does what it is told, and nothing else"
    yield Check.of("git profile", not faults, found, "install another git: this one follows settings of its own")


def _limits() -> Iterator[Check]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    is_enough = soft >= OPEN_FILES or soft == resource.RLIM_INFINITY
    yield Check.of("open files", is_enough, f"{soft} of {hard}", f"ulimit -n {OPEN_FILES}, or more", "warning")
    for name, enough in (("max_user_watches", WATCHES), ("max_user_instances", INSTANCES)):
        try:
            number = int((_INOTIFY / name).read_text())
        except (OSError, ValueError):
            yield Check(
                f"inotify {name}", "warning", "not told by this system", "pushes on this disk are seen by polling"
            )
            continue
        yield Check.of(
            f"inotify {name}", number >= enough, str(number), f"sysctl fs.inotify.{name}={enough}, or more", "warning"
        )


def _sandbox(state_dir: StateDir, settings: Settings) -> Iterator[Check]:
    """The walls of a process that is started for this, with nothing in it."""
    folder = state_dir.root if state_dir.root.is_dir() else Path("/")
    try:
        child = SqlChild()
        try:
            child.open(folder, ":memory:", settings.limits.sql_memory, export=True)
            layers = dict(child.layers)
        finally:
            child.kill()
    except CatalogError as error:
        yield Check("sandbox of SQL", "failed", str(error), "catalog sql is refused until the kernel allows a wall")
        return
    for name, held in layers.items():
        advice = "the other layers hold; a kernel or container that allows this one is better"
        yield Check.of(f"sandbox {name}", not held.startswith("no: "), held, advice, "warning")


def _disk(state_dir: StateDir, settings: Settings) -> Iterator[Check]:
    folder = next(path for path in (state_dir.root, *state_dir.root.parents) if path.is_dir())
    space = Disk(folder, settings.limits.free_space, settings.limits.free_space_percent).space()
    found = f"{space.free / _GIBIBYTE:.1f} GiB free, writing needs {space.floor / _GIBIBYTE:.1f} GiB"
    advice = f"free space on the disk of {folder}"
    if space.full:
        yield Check("disk", "failed", found, advice)
    else:
        yield Check.of("disk", space.free >= 2 * space.floor, found, f"{advice} before it is too late", "warning")


def _clock(state_dir: StateDir) -> Check:
    """Against the youngest file: our own program's, and those that a daemon wrote."""
    now = time.time()
    files = [Path(__file__), *(state_dir.state, state_dir.index, state_dir.pid_file)]
    youngest = max(file.stat().st_mtime for file in files if file.exists())
    found = datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds")
    if youngest > now + AHEAD:
        found += f", and a file was written {youngest - now:.0f} s later than that"
    return Check.of("clock", youngest <= now + AHEAD, found, "set the clock; signed webhooks and tokens depend on it")
