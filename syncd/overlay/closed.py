"""Which paths custom properties may not have (spec 5, H44-H47)."""

from collections.abc import Sequence

from syncd.errors import InputError
from syncd.overlay.path import PropertyPath, parse_path, path_text

_IDENTITY: frozenset[PropertyPath] = frozenset(
    {
        ("kind",),
        ("metadata", "name"),
        ("metadata", "namespace"),
        ("metadata", "uid"),
        ("metadata", "etag"),
    }
)
_NOT_AUTHORED = frozenset({"apiversion", "relations", "status"})
_ENRICHMENTS = 4
"""`metadata.apis.paths."GET /pets".enrichments`: the place of the last one."""


class ClosedPathError(InputError):
    """Custom properties may not be set at this path."""

    code = "property.closed"


def check_path(path: PropertyPath, open_prefixes: Sequence[str] = ()) -> None:
    """Raise `ClosedPathError` for a path that says who the entity is, or what only the catalog or git may say.

    `open_prefixes` are paths below which `spec` may be set nevertheless.
    """
    folded = tuple(segment.lower() for segment in path)
    text = path_text(path)
    if any(folded[: len(identity)] == identity for identity in _IDENTITY):
        raise ClosedPathError(f"{text} says which entity it is: it can only be changed in git")
    if folded == ("metadata",):
        raise ClosedPathError("metadata holds what says which entity it is", hint="name a path below: metadata.tier")
    if folded[0] in _NOT_AUTHORED:
        raise ClosedPathError(f"{text} is not written by people: the catalog makes it")
    if folded[0] == "spec" and not _is_open(folded, open_prefixes):
        raise ClosedPathError(
            f"{text}: spec belongs to git",
            hint=f'open it with open_prefixes = ["{text}"] under [overlay] in the configuration, or use metadata',
        )
    if folded[0] not in ("metadata", "spec"):
        raise ClosedPathError(f"{text}: an entity has no field {path[0]}", hint="use a path below metadata")
    if folded[:2] == ("metadata", "apis") and not _is_enrichment(folded):
        raise ClosedPathError(f"{text} is managed by the catalog", hint="only enrichments below it may be set")


def _is_open(folded: PropertyPath, open_prefixes: Sequence[str]) -> bool:
    for prefix in open_prefixes:
        opened = tuple(segment.lower() for segment in parse_path(prefix))
        if folded[: len(opened)] == opened:
            return True
    return False


def _is_enrichment(folded: PropertyPath) -> bool:
    return len(folded) > _ENRICHMENTS + 1 and folded[2] == "paths" and folded[_ENRICHMENTS] == "enrichments"
