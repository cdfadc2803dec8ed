"""Who wrote lines of a file: asked of git for these lines alone, since a whole file takes as long as all its lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from syncd.errors import TransientError
from syncd.git.history import Commit, commit_time
from syncd.git.runner import Runner
from syncd.git.shallow import cut_commits


@dataclass(frozen=True, slots=True)
class Blamed:
    """One line, its number from 1, and the commit that wrote it, whatever the file was called then.

    `cut` says that the mirror's history ends at this commit: the line may be older.
    """

    line: int
    commit: Commit
    cut: bool


def read_blame(runner: Runner, git_dir: Path, commit: str, path: str, lines: tuple[int, int]) -> list[Blamed]:
    """Each line from the first to the last of `lines` of a file at a commit.

    Raises `TransientError` git.damaged where the mirror cannot tell, git.timeout after the clock for reading, and
    `StalledError` git.too_large for an answer beyond all measure.
    """
    name = path.encode("utf-8", "surrogateescape")
    asked = ["blame", "--porcelain", "--root", "-L", f"{lines[0]},{lines[1]}", commit, "--"]
    finished = runner.run([*asked, name], git_dir)
    if not finished.ok:
        raise TransientError(f"git cannot tell who wrote {path}:{lines[0]}", code="git.damaged")
    cut = cut_commits(git_dir)
    found = _parsed(finished.output.decode("utf-8", "replace").split("\n"))
    return [Blamed(line, origin, origin.id in cut) for line, origin in found]


def _parsed(lines: Sequence[str]) -> list[tuple[int, Commit]]:
    """What `--porcelain` says: a commit is described with its first line only."""
    described: dict[str, Commit] = {}
    found: list[tuple[int, Commit]] = []
    name, number, facts = "", 0, dict[str, str]()
    for line in lines:
        if line.startswith("\t"):
            if name not in described:
                described[name] = _commit(name, facts)
            found.append((number, described[name]))
            name, facts = "", {}
        elif not name:
            words = line.split(" ")
            if len(words) >= 3:
                name, number = words[0], int(words[2])
        else:
            key, _, value = line.partition(" ")
            facts[key] = value
    return found


def _commit(name: str, facts: dict[str, str]) -> Commit:
    return Commit(
        id=name,
        author=facts.get("author", ""),
        email=facts.get("author-mail", "").removeprefix("<").removesuffix(">"),
        when=commit_time(int(facts.get("committer-time", "0"))),
        subject=facts.get("summary", ""),
    )
