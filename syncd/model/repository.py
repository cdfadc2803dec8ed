"""Which repository a web URL speaks of, whatever page of it the URL names."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from syncd.model.host import DEFAULT_HOSTS, HostType
from syncd.model.text import shown
from syncd.model.url import UrlError, parse_url

_GITLAB_VERBS = ("-", "blob", "tree", "raw", "edit")


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository as its web URLs name it; `type` is "" on a host that is not known."""

    type: str
    owner: str
    name: str


def repository_of(url: str, types: Mapping[str, HostType]) -> Repository:
    """The repository that any web URL of it names: its front page, a folder, a file, its clone URL.

    `types` are hosts beside the four public ones. Raises `UrlError` for what is no web URL, or names no repository.
    """
    parsed = parse_url(url)
    type_ = {host.host: host.type for host in DEFAULT_HOSTS} | dict(types)
    found = type_.get(parsed.host, "")
    parts = [unquote(part) for part in parsed.path.split("/") if part]
    if parsed.scheme == "file" or not parts:
        raise UrlError(f"{shown(url)} names no repository", "write https://host/owner/repository")
    if found == "azure" and "_git" in parts[1:-1]:
        place = parts.index("_git")
        return Repository(found, parts[place - 1], parts[place + 1])
    if found != "gitlab":
        parts = parts[:2]
    else:
        parts = parts[: next((i for i, part in enumerate(parts) if i > 1 and part in _GITLAB_VERBS), len(parts))]
    return Repository(found, "/".join(parts[:-1]), parts[-1].removesuffix(".git"))
