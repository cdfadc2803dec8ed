"""Where the history of a mirror is cut, by configuration or by its remote."""

from pathlib import Path


def cut_commits(git_dir: Path) -> frozenset[str]:
    """Commits whose parents are not there, though they have some."""
    try:
        return frozenset((git_dir / "shallow").read_text(encoding="ascii").split())
    except FileNotFoundError:
        return frozenset()
