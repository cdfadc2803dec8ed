"""Who changed what, and when: read with GitPython, which knows commits better than we need to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from syncd.errors import TransientError
from syncd.git.runner import Runner

if TYPE_CHECKING:
    import git


_LAST = 253_402_300_799
"""The end of the year 9999, in seconds."""


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit as people know it; `when` it was committed, which a rebase or a cherry-pick makes later than its
    author did. Names, times and text are the repository's own claims: shown, never relied on."""

    id: str
    author: str
    email: str
    when: datetime
    subject: str


def commit_time(seconds: int) -> datetime:
    """A commit's time, which may be any number; what no calendar has becomes its first or its last moment."""
    return datetime.fromtimestamp(min(max(seconds, 0), _LAST), UTC)


def read_history(runner: Runner, git_dir: Path, commit: str, path: str, limit: int) -> list[Commit]:
    """The last commits that changed `path` ("" for any), newest first, starting at `commit`.

    Raises `TransientError` git.damaged where the mirror cannot tell.
    """
    with _opened(runner, git_dir) as repository:
        paths = [path] if path else []
        return [_commit(found) for found in repository.iter_commits(commit, paths, max_count=limit)]


@contextmanager
def _opened(runner: Runner, git_dir: Path) -> Iterator["git.Repo"]:
    """GitPython on one mirror, with our environment in each child; its two children end with the block (R7)."""
    import git  # a tenth of a second that only those who ask for history should pay

    if runner.program != git.Git.GIT_PYTHON_GIT_EXECUTABLE:
        git.refresh(runner.program)
    repository = git.Repo(git_dir, odbt=git.GitCmdObjectDB, search_parent_directories=False, expand_vars=False)
    try:
        repository.git.update_environment(**runner.environment(git_dir))
        yield repository
    except (git.GitError, git.ODBError, ValueError) as reason:
        raise TransientError("the history cannot be read", code="git.damaged") from reason
    finally:
        repository.close()


def _commit(found: "git.Commit") -> Commit:
    summary = found.summary
    return Commit(
        id=found.hexsha,
        author=found.author.name or "",
        email=found.author.email or "",
        when=commit_time(found.committed_date),
        subject=summary if isinstance(summary, str) else summary.decode("utf-8", "replace"),
    )
