"""The files of one mirror: made, measured, unlocked, replaced (R13, R85, R86)."""

import math
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from syncd.errors import StalledError, TransientError
from syncd.git.failure import failure_of
from syncd.git.folders import files_below, files_in
from syncd.git.leftovers import remove_leftovers
from syncd.git.refs import all_refs
from syncd.git.remote import ask, receive
from syncd.git.revision import COMMIT, KEEP, remote_ref
from syncd.git.runner import Runner
from syncd.git.url import CloneUrl

_MEASURE_EVERY = 600.0
"""Seconds between full measurements; in between only packs count, since a walk takes as long as a small fetch."""
_CROWDED = 10
INDEXES = "indexes"
"""The folder, beside the git directory, in which commits are put together."""

REMOVED = "removed-"
"""Beginning of the name of a mirror's folder that is being deleted."""


class Storage:
    """`folder` holds `git` (the git directory), `url` (for people) and `default` (the remote's default branch)."""

    def __init__(self, folder: Path, identity: str, runner: Runner) -> None:
        self.folder = folder
        self.git_dir = folder / "git"
        self._identity = identity
        self._runner = runner
        self._settings = runner.settings
        self._suspected = True  # whatever an earlier life left
        self._done_at: dict[str, float] = {}
        self._measured_at: float | None = None
        self.default_ref: str | None = None
        self._default_at = 0.0
        shutil.rmtree(folder / INDEXES, ignore_errors=True)  # of a daemon that was killed
        self._recover()
        self._recall_default()

    @property
    def exists(self) -> bool:
        return self.git_dir.is_dir()

    @property
    def default_is_fresh(self) -> bool:
        """Whether the remote was asked for its default branch within the interval."""
        age = time.monotonic() - self._default_at
        return self.default_ref is not None and age < self._settings.default_branch_interval

    def prepare(self) -> None:
        """Make sure that a fetch may start. Raises `TransientError` git.disk_full, `StalledError` git.too_large."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        disk = shutil.disk_usage(self.folder)
        floor = max(self._settings.free_bytes, int(disk.total * self._settings.free_share))
        if disk.free < floor:
            raise TransientError(
                f"{disk.free} bytes are free on the disk, a fetch needs {floor} (free_space, free_space_percent)",
                code="git.disk_full",
                hint="free space on the disk of the state directory",
            )

    def _unlock(self) -> None:
        """Before the first child that writes: what an earlier life left would be in its way (R85)."""
        if self._suspected and self.exists:
            remove_leftovers(self.git_dir)
        self._suspected = False

    def create(self, id_length: int) -> None:
        """Make the empty repository, unless it is there."""
        if not self.exists:
            (self.folder / "url").write_text(self._identity + "\n", encoding="utf-8")
            self._initialise(self.git_dir, id_length)

    def remove(self) -> None:
        """Delete everything; a stop half way leaves what `Mirrors.sweep` knows as garbage. It may be made again."""
        aside = self.folder.with_name(REMOVED + self.folder.name)
        shutil.rmtree(aside, ignore_errors=True)
        self.folder.rename(aside)
        self.default_ref, self._default_at, self._measured_at = None, 0.0, None
        shutil.rmtree(aside, ignore_errors=True)

    def suspect(self) -> None:
        """A child failed and may have left something."""
        remove_leftovers(self.git_dir)

    @contextmanager
    def receiving(self) -> Iterator[float]:
        """The wall clock for a fetch; what a child leaves that was ended within it is removed."""
        self._unlock()
        first = not (self.git_dir / "refs/remotes").is_dir()
        try:
            yield self._settings.first_fetch_clock if first else self._settings.fetch_clock
        except BaseException:
            self.suspect()
            raise

    def check_size(self) -> None:
        """Raises `StalledError` git.too_large where the mirror is over its cap (mirror_size)."""
        now = time.monotonic()
        whole = self._measured_at is None or now - self._measured_at > _MEASURE_EVERY
        size = _size(self.git_dir if whole else self.git_dir / "objects/pack")
        self._measured_at = now if whole else self._measured_at
        if size > self._settings.mirror_bytes:
            raise StalledError(
                f"the mirror has {size} bytes, more than {self._settings.mirror_bytes} (mirror_size)",
                code="git.too_large",
                hint="raise [limits] mirror_size, or set [git] depth",
            )

    def tidy(self, *, is_quiet: bool) -> None:
        """Put small packs together in a quiet moment, and in any where they are far too many.

        What no ref names stays: content that is shown may belong to a branch that is gone. A failure changes nothing.
        """
        packs = sum(entry.name.endswith(".pack") for entry in files_in(self.git_dir / "objects/pack"))
        if packs > self._settings.pack_files * (1 if is_quiet else _CROWDED):
            self._unlock()
            arguments = ["repack", "--quiet", "-d", "-n", "--geometric=2", "--no-write-bitmap-index"]
            if not self._runner.run(arguments, self.git_dir, clock=self._settings.fetch_clock, writes=True).ok:
                self.suspect()

    def remember_default(self, ref: str) -> None:
        """Keep the default branch over restarts; the file's time is when the remote said so."""
        self.default_ref, self._default_at = ref, time.monotonic()
        (self.folder / "default").write_text(ref, encoding="utf-8", errors="surrogateescape")

    def clear_way(self, names: Iterable[str]) -> None:
        """Remove locks, and refs that stand where a folder is needed or the other way round (R18)."""
        remove_leftovers(self.git_dir)
        existing = all_refs(self.git_dir)
        for name in names:
            for other in existing:
                if name.startswith(other + "/") or other.startswith(name + "/"):
                    self.update_ref(other, None)

    def update_ref(self, name: str, commit: str | None) -> None:
        """Set a ref, or delete it where `commit` is None; safe to repeat."""
        self._unlock()
        arguments = ["update-ref", "--no-deref", *(["-d", name] if commit is None else [name, commit])]
        finished = self._runner.run(arguments, self.git_dir)
        if not finished.ok:
            raise TransientError(f"ref {name} could not be written", code="git.damaged")

    def is_sound(self) -> bool:
        """Whether every object that a ref needs is there."""
        arguments = ["fsck", "--connectivity-only", "--no-dangling", "--no-progress"]
        return self._runner.run(arguments, self.git_dir, clock=self._settings.first_fetch_clock).ok

    def may_replace(self) -> bool:
        """At most once in `heal_interval`; asking counts."""
        return self._is_due("replace")

    def may_check(self) -> bool:
        """At most once in `heal_interval`; asking counts."""
        return self._is_due("check")

    def _is_due(self, what: str) -> bool:
        now = time.monotonic()
        if now - self._done_at.get(what, -math.inf) < self._settings.heal_interval:
            return False
        self._done_at[what] = now
        return True

    def replace(self, url: CloneUrl) -> None:
        """Fetch every ref anew beside the damaged mirror, then swap. Raises as a fetch; nothing has changed then."""
        old_refs = all_refs(self.git_dir)
        beside = self.folder / "git.new"
        shutil.rmtree(beside, ignore_errors=True)
        branches = {remote_ref(name) for name in old_refs if not name.startswith((KEEP, COMMIT))}
        advertised = ask(self._runner, beside, url, branches)
        self._initialise(beside, advertised.id_length)
        self._receive_into(beside, url, sorted(branches & advertised.refs.keys()))
        self._receive_commits(beside, url, old_refs)
        aside = self.folder / "git.damaged"
        shutil.rmtree(aside, ignore_errors=True)
        self.git_dir.rename(aside)
        beside.rename(self.git_dir)
        shutil.rmtree(aside, ignore_errors=True)

    def _receive_into(self, git_dir: Path, url: CloneUrl, refs: list[str]) -> None:
        if not refs:
            return
        clock, depth = self._settings.first_fetch_clock, self._settings.depth
        finished = receive(self._runner, git_dir, url, refs, clock=clock, depth=depth)
        if not finished.ok:
            raise failure_of(finished, url)

    def _receive_commits(self, git_dir: Path, url: CloneUrl, old_refs: dict[str, str]) -> None:
        """Commits that we keep by id: most came with the branches, of the others the remote may still give some."""
        for name, commit in old_refs.items():
            if not name.startswith((KEEP, COMMIT)):
                continue
            if not self._runner.run(["cat-file", "-e", commit], git_dir).ok:
                clock, depth = self._settings.fetch_clock, self._settings.depth
                if not receive(self._runner, git_dir, url, [commit], clock=clock, depth=depth).ok:
                    continue
            self._runner.run(["update-ref", name, commit], git_dir)

    def _initialise(self, git_dir: Path, id_length: int) -> None:
        """Copy the empty repository that git made once for all mirrors; the rename makes it whole or not there."""
        template = self.folder.parent / f"empty-{id_length}"
        if not template.is_dir():
            self._make_empty(template, "sha256" if id_length == 64 else "sha1")
        beside = git_dir.with_name(git_dir.name + ".init")
        shutil.rmtree(beside, ignore_errors=True)
        shutil.copytree(template, beside)
        beside.rename(git_dir)

    def _make_empty(self, template: Path, format_name: str) -> None:
        with tempfile.TemporaryDirectory(dir=template.parent, prefix="empty-") as folder:
            beside = Path(folder) / "git"
            arguments = ["init", "--quiet", "--bare", "--template=", "-b", "main", f"--object-format={format_name}"]
            finished = self._runner.run(arguments, beside)
            if not finished.ok:
                raise TransientError("an empty repository could not be made", code="git.damaged")
            with suppress(OSError):  # another thread was first
                beside.rename(template)

    def _recover(self) -> None:
        """A stop in the middle of a swap leaves the old mirror aside."""
        aside = self.folder / "git.damaged"
        if aside.is_dir() and not self.exists:
            aside.rename(self.git_dir)

    def _recall_default(self) -> None:
        file = self.folder / "default"
        try:
            self.default_ref = file.read_text(encoding="utf-8", errors="surrogateescape") or None
            age = time.time() - file.stat().st_mtime
        except OSError:
            return
        known = 0 <= age < self._settings.default_branch_interval  # a clock that jumped is no reason to trust it
        self._default_at = time.monotonic() - (age if known else self._settings.default_branch_interval)


def _size(folder: Path) -> int:
    total = 0
    for entry in files_below(folder):
        with suppress(FileNotFoundError):
            total += entry.stat(follow_symlinks=False).st_size
    return total
