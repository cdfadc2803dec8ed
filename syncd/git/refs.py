"""The refs of a mirror, read from its files: as git stores them, without a process a question."""

from pathlib import Path

from syncd.git.folders import files_below
from syncd.git.revision import is_object_id


def read_ref(git_dir: Path, name: str) -> str | None:
    """Object id of a full ref name; None where there is no such ref."""
    try:
        text = (git_dir / name).read_text(encoding="ascii", errors="replace").strip()
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return _packed(git_dir).get(name)
    return text if is_object_id(text) else None


def all_refs(git_dir: Path) -> dict[str, str]:
    """Every ref with its object id."""
    refs = _packed(git_dir)
    root = f"{git_dir}/"
    for entry in files_below(git_dir / "refs"):
        name = entry.path.removeprefix(root)
        value = None if name.endswith(".lock") else read_ref(git_dir, name)
        if value:
            refs[name] = value
    return refs


def _packed(git_dir: Path) -> dict[str, str]:
    try:
        return parse_packed_refs((git_dir / "packed-refs").read_text(encoding="utf-8", errors="surrogateescape"))
    except FileNotFoundError:
        return {}


def parse_packed_refs(text: str) -> dict[str, str]:
    """Refs in the text of a packed-refs file; the lines with peeled tags are left out."""
    lines = (line.partition(" ") for line in text.splitlines() if line[:1] not in {"#", "^"})
    return {name: value for value, _, name in lines}
