"""Hooks of a repository that ring the daemon: written beside those that are there, and taken away again."""

import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure

PUSHED = ("post-receive",)
"""Hooks that git runs in a repository which is pushed to."""
COMMITTED = ("post-commit", "post-merge", "post-rewrite", "post-applypatch")
"""Hooks that it runs where people work, too."""
SUFFIX = ".before-catalog"
"""What a hook that was there is called, so that ours can run it."""

_MARK = "# git-catalog rings its daemon here; `catalog hook remove` takes this away."
_RING = Path(__file__).parents[1] / "ring.py"

HookState = Literal["installed", "missing", "other"]


class Repository(NamedTuple):
    """Where git keeps the hooks of a repository."""

    folder: Path
    bare: bool
    hooks: Path

    @property
    def names(self) -> tuple[str, ...]:
        """The hooks that matter here."""
        return PUSHED if self.bare else (*PUSHED, *COMMITTED)

    @property
    def shares_hooks(self) -> bool:
        """Whether `core.hooksPath` leads to hooks that are not this repository's alone."""
        return not self.hooks.resolve().is_relative_to(self.folder.resolve())


def find_repository(path: Path) -> Repository:
    """The repository that a folder is, or is in, asked of the person's own git, which alone knows `core.hooksPath`."""
    asked = ["rev-parse", "--is-bare-repository", "--git-common-dir", "--git-path", "hooks"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(["git", "-C", str(path), *asked], env=kept, capture_output=True, text=True)
    except FileNotFoundError:
        raise Failure("git is not installed", next_step="install git 2.39 or newer") from None
    if done.returncode:
        raise Failure(
            f"{str(path)!r} is not in a git repository that git will read: {done.stderr.strip()}",
            where=str(path.absolute()),
            next_step="name the folder of a repository, bare or with a work tree",
            code=ExitCode.USAGE,
        )
    bare, directory, hooks = done.stdout.splitlines()
    folder = (path / directory).resolve()
    return Repository(folder if folder.name != ".git" else folder.parent, bare == "true", (path / hooks).absolute())


def state_of(hook: Path) -> HookState:
    """Whether a hook is ours, somebody else's, or not there."""
    try:
        return "installed" if _MARK in hook.read_text("utf-8", "replace").split("\n")[:2] else "other"
    except FileNotFoundError:
        return "missing"


def install(hook: Path, address: Sequence[str]) -> None:
    """Write a hook that rings; one that was there runs after it, with the same input, and its exit code counts.

    `address` is what `tui/ring.py` takes. Doing it again changes nothing but the address.
    """
    before = kept_beside(hook)
    if state_of(hook) == "other":
        if before.exists():
            raise Failure(
                f"{before.name} is there already, and {hook.name} is not ours",
                where=str(hook),
                next_step="merge the two by hand, or remove the one that is not needed, then install again",
                code=ExitCode.CONFLICT,
            )
        hook.rename(before)
    hook.parent.mkdir(parents=True, exist_ok=True)
    draft = hook.with_name(f"{hook.name}.draft-{os.getpid()}")
    draft.write_text(_script(address), "utf-8")
    draft.chmod(0o755)
    draft.replace(hook)


def remove(hook: Path) -> bool:
    """Take our hook away and put back what was there before; False where there is none of ours."""
    if state_of(hook) != "installed":
        return False
    before = kept_beside(hook)
    if before.exists():
        before.replace(hook)
    else:
        hook.unlink()
    return True


def kept_beside(hook: Path) -> Path:
    """Where the hook is that was there before ours."""
    return hook.with_name(hook.name + SUFFIX)


def _script(address: Sequence[str]) -> str:
    # In the background and with nothing open, so that git and whoever pushes wait for nothing.
    ring = shlex.join([sys.executable, "-I", "-S", str(_RING), *address])
    return f"""#!/bin/sh
{_MARK}
({ring} </dev/null >/dev/null 2>&1 &)
if [ -x "$0{SUFFIX}" ]; then
    exec "$0{SUFFIX}" "$@"
fi
"""
