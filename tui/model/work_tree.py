"""Files of repositories that are work trees on this machine."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from tui.named_path import is_there, named_path


def file_in_work_tree(repository: str, path: str) -> Path | None:
    """The file of a repository, given by its URL, where that is a work tree here that holds it; never one outside."""
    parts = urlsplit(repository)
    if parts.scheme != "file" or not path:
        return None
    folder = Path(unquote(parts.path))
    found = folder / path
    try:
        inside = found.resolve().is_relative_to(folder.resolve())
        return found if inside and found.is_file() else None
    except (OSError, ValueError):
        return None


def work_tree_path(text: str) -> Path | None:
    """What a path, or a `file://` URL, names where that is in a work tree on this machine."""
    parts = urlsplit(text)
    path = Path(unquote(parts.path)) if parts.scheme == "file" else named_path(text)
    if not text or not is_there(path):
        return None
    full = path.resolve()
    return full if any((folder / ".git").exists() for folder in (full, *full.parents)) else None
