"""Annotations that say where an entity comes from (spec 1.8)."""

import re
from urllib.parse import unquote

from syncd.model.host import FileUrl
from syncd.model.json import Json, JsonObject
from syncd.model.url import UrlError
from syncd.process.context import Context

MANAGED_BY = "backstage.io/managed-by-location"
MANAGED_BY_ORIGIN = "backstage.io/managed-by-origin-location"
VIEW_URL = "backstage.io/view-url"
EDIT_URL = "backstage.io/edit-url"
SOURCE_LOCATION = "backstage.io/source-location"
REJECTED_URL = "https://git-catalog.invalid/rejected-url"
"""What stands in place of a URL that would run as a script in a browser (C117)."""

_INVISIBLE = re.compile(r"[\x00-\x20\x7f-\x9f]")


SLUGGED_KINDS = ("Component",)
_SLUGS = {
    "github": "github.com/project-slug",
    "gitlab": "gitlab.com/project-slug",
    "azure": "dev.azure.com/project-repo",
}
SLUG_ANNOTATIONS = tuple(_SLUGS.values())


def with_annotations(metadata: JsonObject, kind: str, context: Context) -> JsonObject:
    """`metadata` with its origin: where it is managed always wins (C81), the rest only fills gaps (C82, C119)."""
    written = metadata.get("annotations")
    file = _file_url(context)
    slug = scm_slug(file) if context.completion.scm_slug and kind in SLUGGED_KINDS else {}
    annotations: JsonObject = {**origin_urls(file), **slug, **(written if isinstance(written, dict) else {})}
    annotations[MANAGED_BY] = managed_by(context)
    annotations[MANAGED_BY_ORIGIN] = context.origin_ref
    for name in (VIEW_URL, EDIT_URL):
        if _runs_as_script(annotations.get(name)):
            annotations[name] = REJECTED_URL
    return {**metadata, "annotations": annotations}


def managed_by(context: Context) -> str:
    """Location ref of the file: `url:<URL>`, or `git:<clone URL>#<ref>:<path>`."""
    if context.url:
        return f"url:{context.url}"
    branch = context.source.branch
    return f"git:{branch.repository}#{branch.short}:{context.source.path}"


def origin_urls(file: FileUrl | None) -> JsonObject:
    """View, edit and source annotations as far as the host has such pages."""
    if file is None:
        return {}
    urls: JsonObject = {VIEW_URL: file.url}
    if file.edit_url:
        urls[EDIT_URL] = file.edit_url
    if file.source_url:
        urls[SOURCE_LOCATION] = f"url:{file.source_url}"
    return urls


def scm_slug(file: FileUrl | None) -> JsonObject:
    """The annotation that names the repository, where its host has one: `owner/repo`, on Azure `project/repo`."""
    if file is None or file.type not in _SLUGS:
        return {}
    owner, repo = (unquote(file.values[name]) for name in ("owner", "repo"))
    if file.type == "azure":
        owner = owner.rpartition("/")[2]
    return {_SLUGS[file.type]: f"{owner}/{repo.removesuffix('.git')}"}


def _file_url(context: Context) -> FileUrl | None:
    if not context.url:
        branch = context.source.branch
        return context.hosts.page(branch.repository, branch.ref, context.source.path)
    try:
        return context.hosts.resolve(context.url)
    except UrlError:
        return None


def _runs_as_script(value: Json) -> bool:
    return isinstance(value, str) and _INVISIBLE.sub("", value[:200]).lower().startswith("javascript:")
