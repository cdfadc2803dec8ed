"""Whether a branch has the commit of an edit already: asked after an outcome that nobody knows (R50)."""

from pathlib import Path
from typing import Final

from syncd.errors import TransientError
from syncd.git.commit import TRAILER, names_edit
from syncd.git.runner import Runner

_MOST: Final = 16
"""Commits whose message mentions an id: more than one is somebody's quotation."""


def find_edit(runner: Runner, git_dir: Path, edit: str, tip: str, since: str) -> str | None:
    """The commit of an edit among those that `tip` has and `since` has not; None where there is none.

    Raises `TransientError` git.damaged where the mirror cannot tell.
    """
    arguments = [
        "rev-list",
        f"--max-count={_MOST}",
        "--fixed-strings",
        f"--grep={TRAILER}: {edit}",
        "--no-commit-header",
        "--format=%H%n%B%x00",
        tip,
    ]
    known = bool(since) and runner.run(["cat-file", "-e", f"{since}^{{commit}}"], git_dir).ok
    finished = runner.run([*arguments, *([f"^{since}"] if known else []), "--"], git_dir)
    if not finished.ok:
        raise TransientError("the history cannot be read", code="git.damaged")
    for text in finished.output.decode("utf-8", "replace").split("\0"):
        commit, _, message = text.lstrip("\n").partition("\n")
        if commit and names_edit(message, edit):
            return commit
    return None
