"""Files of repositories that are work trees on this machine."""

from pathlib import Path
from urllib.parse import unquote, urlsplit


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
