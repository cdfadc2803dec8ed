"""Git hosts: from the web URL of a file to its repository, revision and path, and back to the pages of the web."""

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl, quote, unquote, urlencode

from syncd.model.path import PathError, directory_of, repository_path
from syncd.model.text import shown
from syncd.model.url import Url, UrlError, parse_url

HostType = Literal["github", "gitlab", "gitea", "bitbucket", "bitbucket-server", "azure"]

_NAME = re.compile(r"[A-Za-z0-9_.][A-Za-z0-9_. -]*")
_SLOT = re.compile(r"\{([^{}]*)\}")
_PLAIN = re.compile(r"[A-Za-z0-9_./*-]*")
_COMMIT = re.compile(r"[0-9a-fA-F]{40}")
_REVISION = r"(?P<revision>refs/(?:heads|tags)/[^/]+|[^/]+)"


@dataclass(frozen=True, slots=True)
class _Form:
    """How one type of host writes the URL of a file; the templates give what follows the host."""

    patterns: tuple[re.Pattern[str], ...]
    page: str
    """A file's page, when the catalog makes up the URL itself."""
    joined: str
    """A file reached by a relative target (spec 2.2 table)."""
    edit: str
    """Where to edit a file; "" where that is its page."""
    folder: str
    clone: str = "https://{host}/{owner}/{repo}.git"
    ssh: str = "ssh://git@{host}/{owner}/{repo}.git"
    owner: str = "[^/]+"
    """What an owner looks like in a clone URL."""


def _patterns(*texts: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(text) for text in texts)


_OWNER_REPO = r"/(?P<owner>[^/]+)/(?P<repo>[^/]+)"
_GROUPS_REPO = r"/(?P<owner>[^/]+(?:/[^/]+)*?)/(?P<repo>[^/]+)"
_GROUPS = "[^/]+(?:/[^/]+)*"
_VERB = "(?:blob|tree|raw|edit)"

_FORMS: dict[str, _Form] = {
    "github": _Form(
        _patterns(rf"{_OWNER_REPO}/{_VERB}/{_REVISION}/(?P<path>.+)"),
        page="/{owner}/{repo}/blob/{revision}/{path}",
        joined="/{owner}/{repo}/tree/{revision}/{path}",
        edit="/{owner}/{repo}/edit/{revision}/{path}",
        folder="/{owner}/{repo}/tree/{revision}/{path}",
    ),
    "gitlab": _Form(
        _patterns(
            rf"{_GROUPS_REPO}/-/{_VERB}/{_REVISION}/(?P<path>.+)",
            rf"{_GROUPS_REPO}/{_VERB}/{_REVISION}/(?P<path>.+)",
        ),
        page="/{owner}/{repo}/-/blob/{revision}/{path}",
        joined="/{owner}/{repo}/-/blob/{revision}/{path}",
        edit="/{owner}/{repo}/-/edit/{revision}/{path}",
        folder="/{owner}/{repo}/-/blob/{revision}/{path}",
        owner=_GROUPS,
    ),
    "bitbucket": _Form(
        _patterns(rf"{_OWNER_REPO}/(?:src|raw)/{_REVISION}/(?P<path>.+)"),
        page="/{owner}/{repo}/src/{revision}/{path}",
        joined="/{owner}/{repo}/src/{revision}/{path}",
        edit="/{owner}/{repo}/src/{revision}/{path}?mode=edit&at={revision}",
        folder="/{owner}/{repo}/src/{revision}/{path}",
    ),
    # Data Center: the revision is in the query; the repositories of a person belong to the project `~name`.
    "bitbucket-server": _Form(
        _patterns(r"/(?P<sort>projects|users)/(?P<owner>[^/]+)/repos/(?P<repo>[^/]+)/(?:browse|raw)/(?P<path>.+)"),
        page="/projects/{owner}/repos/{repo}/browse/{path}",
        joined="/{sort}/{owner}/repos/{repo}/browse/{path}",
        edit="",
        folder="/{sort}/{owner}/repos/{repo}/browse/{path}",
        clone="https://{host}/scm/{owner}/{repo}.git",
        ssh="ssh://git@{host}:7999/{owner}/{repo}.git",
    ),
    "gitea": _Form(
        _patterns(rf"{_OWNER_REPO}/(?:src|raw|media)/(?P<sort>branch|tag|commit)/(?P<revision>[^/]+)/(?P<path>.+)"),
        page="/{owner}/{repo}/src/{sort}/{revision}/{path}",
        joined="/{owner}/{repo}/src/{sort}/{revision}/{path}",
        edit="/{owner}/{repo}/_edit/{revision}/{path}",
        folder="/{owner}/{repo}/src/{sort}/{revision}/{path}",
    ),
    "azure": _Form(
        _patterns(r"/(?P<owner>[^/]+(?:/[^/]+)?)/_git/(?P<repo>[^/]+)"),
        page="/{owner}/_git/{repo}",
        joined="/{owner}/_git/{repo}",
        edit="",
        folder="/{owner}/_git/{repo}",
        clone="https://{host}/{owner}/_git/{repo}",
        ssh="ssh://git@ssh.{host}/v3/{owner}/{repo}",
        owner=_GROUPS,
    ),
    # A local repository spelled as GitHub would: file:///srv/git/shop.git/blob/main/catalog-info.yaml. `/-/blob/` says
    # where the repository ends when a folder on the way to it is itself named blob or tree.
    "file": _Form(
        _patterns(
            rf"(?P<root>/.+?)/(?P<verb>-/{_VERB})/{_REVISION}/(?P<path>.+)",
            rf"(?P<root>/.+?\.git)/(?P<verb>{_VERB})/{_REVISION}/(?P<path>.+)",
            rf"(?P<root>/.+?)/(?P<verb>blob|tree)/{_REVISION}/(?P<path>.+)",
        ),
        page="",
        joined="{root}/{verb}/{revision}/{path}",
        edit="",
        folder="",
    ),
}
_AZURE_SORTS = {"GB": "", "GT": "refs/tags/", "GC": ""}
_SORT_PREFIX = {"branch": "", "tag": "refs/tags/", "commit": ""}


@dataclass(frozen=True, slots=True)
class Host:
    """A web host and how to clone from it; `clone` holds `{owner}` and `{repo}` (and may hold `{host}`).

    GitLab's `owner` is the whole group path, Azure's is `organisation/project`. Raises `ValueError` for a template
    with other names in braces, or without `{repo}`.
    """

    host: str
    type: HostType
    clone: str = ""

    def __post_init__(self) -> None:
        names = set(_SLOT.findall(self.clone))
        if self.clone and ("repo" not in names or names - {"host", "owner", "repo"}):
            raise ValueError(f"clone template {self.clone} of host {self.host}: use {{owner}} and {{repo}}")

    @property
    def templates(self) -> tuple[str, ...]:
        """Clone URL templates with the host filled in: the configured one first, then the host's own."""
        chosen = (self.clone, _FORMS[self.type].clone)
        return tuple(template.replace("{host}", self.host) for template in chosen if template)

    @property
    def spellings(self) -> tuple[str, ...]:
        """All templates of URLs that a repository of this host is cloned by."""
        return (*self.templates, _FORMS[self.type].ssh.replace("{host}", self.host.partition(":")[0]))

    def clone_url(self, owner: str, repo: str) -> str:
        """The URL to fetch a repository of this host from."""
        return self.templates[0].replace("{owner}", owner).replace("{repo}", repo)


DEFAULT_HOSTS = (
    Host("github.com", "github"),
    Host("gitlab.com", "gitlab"),
    Host("bitbucket.org", "bitbucket"),
    Host("dev.azure.com", "azure"),
)


@dataclass(frozen=True, slots=True)
class FileUrl:
    """A file (or a pattern of files) of a repository, reached by `url`; `revision` "" is the default branch."""

    repository: str
    revision: str
    path: str
    url: str
    type: HostType | Literal["file"]
    base: str
    """What stands before the path of the URL: `https://github.com`, `file://`."""
    values: dict[str, str]
    """The parts of the URL's own spelling, for the templates."""
    query: str = ""

    def at(self, path: str) -> str:
        """URL of another file of the same repository and revision; the URL itself where it is the same file."""
        return self.url if path == self.path else self._spelled(_FORMS[self.type].joined, path)

    @property
    def edit_url(self) -> str:
        """Where to edit the file; "" for a fixed commit (C84) and where there is no web host."""
        if self.type == "file" or _COMMIT.search(self.url):
            return ""
        edit = _FORMS[self.type].edit
        return self._spelled(edit, self.path) if edit else self.url

    @property
    def source_url(self) -> str:
        """The folder of the file, with a slash at the end; "" where there is no web host."""
        if self.type == "file":
            return ""
        directory = directory_of(self.path)
        folder = f"{directory}/" if directory else ""
        return self._spelled(_FORMS[self.type].folder, folder)

    def _spelled(self, template: str, path: str) -> str:
        text = self.base + template.format_map({**self.values, "path": _spelled_path(path)})
        query = _azure_query(self.query, path) if self.type == "azure" else self.query
        if not query:
            return text
        return f"{text}{'&' if '?' in text else '?'}{query}"


class Hosts:
    """The hosts that may be reached: the four public ones, and those configured, which win."""

    def __init__(self, hosts: Iterable[Host] = ()) -> None:
        self._hosts = {host.host.lower(): host for host in (*DEFAULT_HOSTS, *hosts)}
        self._back = [(pattern, host) for host in self for pattern in _clone_patterns(host)]
        self._owners: dict[str, tuple[Host, dict[str, str]] | None] = {}

    def __iter__(self) -> Iterator[Host]:
        return iter(self._hosts.values())

    def resolve(self, url: str) -> FileUrl:
        """The repository, revision and path that a web or file URL of a file names.

        A branch is one segment of the URL; one with slashes is written `feature%2Fx`, `HEAD` is the default branch.
        Raises `UrlError` for a malformed URL, a host that is not listed, or a URL that names no file.
        """
        parsed = parse_url(url)
        if parsed.scheme == "file":
            return _file_url(url, parsed)
        host = self._hosts.get(parsed.host)
        if host is None:
            raise self._unknown(parsed.host)
        return _web_url(url, parsed, host)

    def page(self, repository: str, ref: str, path: str) -> FileUrl | None:
        """The page of a file on the web, where a host's clone template gives `repository`; None elsewhere.

        `ref` is a full ref name or a commit id.
        """
        if repository not in self._owners:
            self._owners[repository] = self._owner(repository)
        owner = self._owners[repository]
        return None if owner is None else _page(*owner, repository, ref, path)

    def _owner(self, repository: str) -> tuple[Host, dict[str, str]] | None:
        text = repository.rstrip("/").removesuffix(".git")
        for pattern, host in self._back:
            found = pattern.fullmatch(text)
            if found is not None:
                return host, found.groupdict()
        return None

    def _unknown(self, name: str) -> UrlError:
        near = difflib.get_close_matches(name, self._hosts, n=1)
        known = f"did you mean {near[0]}? " if near else f"known are {', '.join(sorted(self._hosts))}; "
        return UrlError(f"the host {name} is not listed", f"{known}add a [[hosts]] entry for {name}")


def _file_url(url: str, parsed: Url) -> FileUrl:
    found = _first_match("file", parsed.path)
    if found is None:
        raise UrlError(
            f"{shown(url)} names no file of a repository",
            "write file:///path/to/repository.git/blob/branch/catalog-info.yaml",
        )
    root, revision = found["root"], _revision(url, found["revision"])
    if ".." in root.split("/"):
        raise UrlError(f"{shown(url)} has .. on the way to the repository", "write the path in full")
    path = _path(url, found["path"])
    return FileUrl(f"file://{root}", revision, path, url, "file", "file://", found, parsed.query)


def _web_url(url: str, parsed: Url, host: Host) -> FileUrl:
    found = _first_match(host.type, parsed.path)
    if found is None:
        raise _no_file(url, host)
    owner, repo = (unquote(found[name]) for name in ("owner", "repo"))
    repo = repo.removesuffix(".git")
    if host.type == "bitbucket-server":
        owner = f"~{owner}" if found["sort"] == "users" else owner
        named = owner.removeprefix("~")
    else:
        named = owner
    if not all(_is_name(part) for part in (*named.split("/"), repo)):
        raise UrlError(f"{shown(url)} has an owner or repository name that no host allows")
    if host.type == "azure":
        revision, raw_path = _azure_file(url, parsed.query, host)
    elif host.type == "bitbucket-server":
        at = dict(parse_qsl(parsed.query)).get("at", "HEAD").removeprefix("refs/heads/")
        revision, raw_path = _revision(url, at), found["path"]
    else:
        prefix = _SORT_PREFIX[found.get("sort", "branch")]
        revision, raw_path = prefix + _revision(url, found["revision"]), found["path"]
    base = f"{parsed.scheme}://{parsed.host}"
    path = _path(url, raw_path)
    return FileUrl(host.clone_url(owner, repo), revision, path, url, host.type, base, found, parsed.query)


def _first_match(form: str, path: str) -> dict[str, str] | None:
    for pattern in _FORMS[form].patterns:
        found = pattern.fullmatch(path)
        if found is not None:
            return found.groupdict()
    return None


def _no_file(url: str, host: Host) -> UrlError:
    example = {
        "azure": f"https://{host.host}/organisation/project/_git/repository?path=%2Fcatalog-info.yaml&version=GBmain",
        "gitlab": f"https://{host.host}/group/repository/-/blob/main/catalog-info.yaml",
        "gitea": f"https://{host.host}/owner/repository/src/branch/main/catalog-info.yaml",
        "bitbucket": f"https://{host.host}/owner/repository/src/main/catalog-info.yaml",
        "bitbucket-server": f"https://{host.host}/projects/KEY/repos/repository/browse/catalog-info.yaml",
    }.get(host.type, f"https://{host.host}/owner/repository/blob/main/catalog-info.yaml")
    return UrlError(f"{shown(url)} names no file", f"write {example}, or register the repository with type git")


def _path(url: str, raw: str) -> str:
    try:
        return repository_path("/" + raw.lstrip("/"))
    except PathError as error:
        raise UrlError(f"{shown(url)}: {error}", error.hint) from None


def _revision(url: str, raw: str) -> str:
    revision = unquote(raw)
    if revision.startswith("-") or ".." in revision or not revision.isprintable() or " " in revision:
        raise UrlError(f"{shown(url)} names a branch that git does not allow")
    return "" if revision == "HEAD" else revision


def _spelled_path(path: str) -> str:
    return path if _PLAIN.fullmatch(path) else quote(path, safe="/*?[]!~@:,;=+$&'()")


def _is_name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None and text not in (".", "..")


def _azure_file(url: str, query: str, host: Host) -> tuple[str, str]:
    fields = dict(parse_qsl(query))
    path, version = fields.get("path", ""), fields.get("version", "")
    if not path.strip("/"):
        raise _no_file(url, host)
    if not version:
        return "", path
    prefix = _AZURE_SORTS.get(version[:2])
    if prefix is None:
        raise UrlError(
            f"{shown(url)} has the version {version}", "a version is GB and a branch, GT and a tag, GC and a commit"
        )
    return prefix + _revision(url, version[2:]), path


def _azure_query(query: str, path: str) -> str:
    fields = {**dict(parse_qsl(query)), "path": f"/{path}"}
    return urlencode(fields, quote_via=quote, safe="*")


def _clone_patterns(host: Host) -> Iterator[re.Pattern[str]]:
    """Clone templates read backwards, without the `.git` at their end."""
    owner = _FORMS[host.type].owner
    for template in host.spellings:
        text = re.escape(template.removesuffix(".git"))
        text = text.replace(r"\{owner\}", f"(?P<owner>{owner})", 1).replace(r"\{repo\}", "(?P<repo>[^/]+)", 1)
        yield re.compile(text)


def _page(host: Host, names: dict[str, str], repository: str, ref: str, path: str) -> FileUrl:
    revision = ref.removeprefix("refs/heads/").removeprefix("refs/tags/")
    sort = "tag" if ref.startswith("refs/tags/") else "commit" if _COMMIT.fullmatch(revision) else "branch"
    values = {
        "owner": names.get("owner", ""),
        "repo": names["repo"],
        "sort": sort,
        "revision": quote(revision, safe=""),
    }
    query = ""
    if host.type == "azure":
        version = {"tag": "GT", "commit": "GC", "branch": "GB"}[sort] + revision
        query = urlencode({"path": f"/{path}", "version": version}, quote_via=quote)
    elif host.type == "bitbucket-server":
        query = urlencode({"at": ref}, quote_via=quote, safe="")
        values["sort"] = "projects"
    base = f"https://{host.host}"
    bare = FileUrl(repository, ref, "", "", host.type, base, values, query)
    url = bare._spelled(_FORMS[host.type].page, path)
    return FileUrl(repository, ref, path, url, host.type, base, values, query)
