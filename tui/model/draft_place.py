"""Where a descriptor can be drafted for a location in which none was found."""

import os
import secrets
import shlex
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tui.model.work_tree import work_tree_path

FILE = "catalog-info.yaml"
BY_HAND = f"catalog new component NAME --dry-run > {FILE}"
"""The command that drafts a descriptor."""


@dataclass(frozen=True, slots=True)
class DraftPlace:
    """`file` is the descriptor to be in a work tree of this machine, None where there is none; `is_there`: it exists,
    though it is not in what was read. `name` is what its entity may be called."""

    name: str
    is_work_tree: bool = False
    file: Path | None = None
    is_there: bool = False

    @property
    def command(self) -> str:
        """The command that does the next step by hand: the draft, or where it is there, its commit."""
        if self.file is None or not self.is_there:
            return BY_HAND
        git = f"git -C {shlex.quote(str(self.file.parent))}"
        return f"{git} add {FILE} && {git} commit -m {shlex.quote(f'Describe {self.name}')}"


def draft_place(target: str) -> DraftPlace:
    """The place for what a person named to be registered."""
    path = work_tree_path(target)
    if path is None:
        name = target.rstrip("/").removesuffix(".git").replace(":", "/").rpartition("/")[2]
        return DraftPlace(name)
    if not path.is_dir():
        return DraftPlace(path.parent.name, is_work_tree=True)
    return DraftPlace(path.name, True, path / FILE, os.path.lexists(path / FILE))


def create_file(path: Path, text: str) -> None:
    """Make a file, whole or not at all. Raises FileExistsError where there is one already, and OSError."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb") as file:
            file.write(text.encode("utf-8", "surrogatepass"))
        os.link(beside, path)  # a rename would replace what is there
    finally:
        with suppress(OSError):
            beside.unlink()
