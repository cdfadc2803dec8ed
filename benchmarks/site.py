"""A generated company to measure on: its repositories, the configuration that names them, a state directory."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from benchmarks.daemon import Daemon
from benchmarks.generate import Size, repositories

OPEN = '[auth]\nmode = "open"\n\n[git]\nprotocols = ["file"]\n'
"""Anyone on this machine may ask; nothing but folders of this machine is fetched."""


@dataclass(frozen=True)
class Site:
    """Repositories of one size below `root`; everything a measurement leaves behind is there too."""

    root: Path
    size: Size
    repositories: tuple[Path, ...]

    @classmethod
    def make(cls, root: Path, size: Size) -> "Site":
        """Generate the repositories unless they are there, and write the configuration."""
        made = repositories(root / f"origin-{size.entities}-{size.repositories}", size)
        site = cls(root, size, tuple(made))
        site.config.write_text(OPEN + "".join(git_location(path) for path in made))
        return site

    @property
    def config(self) -> Path:
        """The configuration: one `git` location a repository, found by discovery; all else as it comes."""
        return self.root / f"config-{self.size.entities}.toml"

    @property
    def state(self) -> Path:
        """The state directory; the daemon makes it."""
        return self.root / f"state-{self.size.entities}"

    def forget_state(self) -> None:
        """Start from nothing: no mirrors, no index, no owned data."""
        shutil.rmtree(self.state, ignore_errors=True)

    def forget_index(self) -> None:
        """Keep mirrors and owned data; the index has to be built again."""
        for path in self.state.glob("index.duckdb*"):
            path.unlink()

    def daemon(self) -> Daemon:
        """A daemon over this site."""
        return Daemon(self.state, self.config)

    def variant(self, git: str, *, write: str = "none", more: str = "") -> Daemon:
        """A daemon whose `[git]` has other settings, that may write to all locations, or knows more tables."""
        text = self.config.read_text().replace("[git]\n", f"[git]\n{git}\n", 1)
        config = self.config.with_name(f"{self.config.stem}-variant.toml")
        config.write_text(text.replace('type = "git"\n', f'type = "git"\nwrite = "{write}"\n') + more)
        return Daemon(self.state, config)


def git_location(repository: Path, paths: list[str] | None = None) -> str:
    """A `[[locations]]` table for a repository of this machine."""
    table = f'\n[[locations]]\ntype = "git"\ntarget = "{repository.resolve().as_uri()}"\n'
    return table + (f"path = [{', '.join(map(toml_text, paths))}]\n" if paths else "")


def toml_text(text: str) -> str:
    """A TOML basic string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
