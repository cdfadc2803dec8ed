"""What git hosts send when somebody pushes: how it is signed, what happened, and to which repository (R62).

Where a provider sends several signatures, the one named here decides, whatever the others say.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from syncd.errors import InputError
from syncd.model.json import Json, JsonObject
from syncd.model.webhook import Provider
from syncd.signature import is_signed, is_standard_signed, is_token

Headers: TypeAlias = Callable[[str], Sequence[str]]
"""All values of a header, by its name in lower case."""

Path: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """The deliveries of one provider. `moves` are its events after which a branch or tag may be elsewhere.

    `event` is a header, or paths in the body where the first that is there counts; `urls` are paths in the body.
    """

    signature: str
    """The header that proves a delivery."""
    proves: Callable[["Form", Headers, bytes, str], bool]
    """Whether it proves this body, with this secret."""
    delivery: str
    """The header that names a delivery."""
    event: str | tuple[Path, ...]
    moves: frozenset[str]
    urls: tuple[Path, ...]
    timestamp: str = ""
    """The header of the signed time in seconds, where there is one."""
    project: Path = ()
    """The part of a repository's path before its `slug`, for bodies that hold no URL."""

    def is_proven(self, headers: Headers, content: bytes, secret: str) -> bool:
        """Whether this body was sent by who knows the secret."""
        return self.proves(self, headers, content, secret)

    def happened(self, headers: Headers, body: JsonObject) -> str:
        """The name of the event; InputError where it has none."""
        if isinstance(self.event, str):
            [name, *_] = headers(self.event) or [""]
        else:
            name = next(filter(None, (_text(body, path) for path in self.event)), "")
        if not name:
            where = self.event if isinstance(self.event, str) else " or ".join(path[-1] for path in self.event)
            raise InputError(f"the delivery does not say what happened: {where} is missing")
        return name

    def repositories(self, body: JsonObject) -> list[str]:
        """The URLs by which the body names its repository; InputError where it names none."""
        found = [url for path in self.urls for url in _texts(body, path)]
        slug, project = _text(body, ("repository", "slug")), _text(body, self.project) if self.project else ""
        if not found and slug and project:
            found = [f"/scm/{project}/{slug}", f"/{project}/{slug}"]
        if not found:
            raise InputError(
                "the delivery names no repository", hint=f"expected is {' or '.join('.'.join(p) for p in self.urls)}"
            )
        return found


def _by_hex(form: Form, headers: Headers, content: bytes, secret: str) -> bool:
    return is_signed(content, secret, "sha256", headers(form.signature))


def _by_standard(form: Form, headers: Headers, content: bytes, secret: str) -> bool:
    named, timed = headers(form.delivery), headers(form.timestamp)
    if len(named) != 1 or len(timed) != 1:
        return False
    return is_standard_signed(content, secret, named[0], timed[0], headers(form.signature))


def _by_token(form: Form, headers: Headers, _: bytes, secret: str) -> bool:
    return is_token(secret, headers(form.signature))


_HUB_URLS = (("repository", "clone_url"), ("repository", "ssh_url"), ("repository", "html_url"))
_HUB_MOVES = frozenset({"push", "create", "delete"})
_LAB_URLS = (("project", "git_http_url"), ("project", "git_ssh_url"), ("project", "web_url"))
_LAB_EVENT = (("object_kind",), ("event_name",))
_LAB_MOVES = frozenset({"push", "tag_push", "repository_update"})

FORMS: Mapping[Provider, Form] = {
    "github": Form(
        signature="x-hub-signature-256",
        proves=_by_hex,
        delivery="x-github-delivery",
        event="x-github-event",
        moves=_HUB_MOVES | {"repository"},  # edited: its default branch may be another
        urls=_HUB_URLS,
    ),
    "gitea": Form(
        signature="x-gitea-signature",
        proves=_by_hex,
        delivery="x-gitea-delivery",
        event="x-gitea-event",
        moves=_HUB_MOVES,
        urls=_HUB_URLS,
    ),
    "forgejo": Form(
        signature="x-forgejo-signature",
        proves=_by_hex,
        delivery="x-forgejo-delivery",
        event="x-forgejo-event",
        moves=_HUB_MOVES,
        urls=_HUB_URLS,
    ),
    "gitlab": Form(
        signature="webhook-signature",
        proves=_by_standard,
        delivery="webhook-id",
        event=_LAB_EVENT,
        moves=_LAB_MOVES,
        urls=_LAB_URLS,
        timestamp="webhook-timestamp",
    ),
    "gitlab-token": Form(
        signature="x-gitlab-token",
        proves=_by_token,
        delivery="idempotency-key",
        event=_LAB_EVENT,
        moves=_LAB_MOVES,
        urls=_LAB_URLS,
    ),
    "bitbucket": Form(
        signature="x-hub-signature",
        proves=_by_hex,
        delivery="x-request-uuid",
        event="x-event-key",
        moves=frozenset({"repo:push"}),
        urls=(("repository", "links", "html", "href"),),
    ),
    "bitbucket-server": Form(
        signature="x-hub-signature",
        proves=_by_hex,
        delivery="x-request-id",
        event="x-event-key",
        moves=frozenset({"repo:refs_changed", "mirror:repo_synchronized"}),
        urls=(("repository", "links", "clone", "href"),),
        project=("repository", "project", "key"),
    ),
}


def _text(body: JsonObject, path: Path) -> str:
    return next(iter(_texts(body, path)), "")


def _texts(body: JsonObject, path: Path) -> list[str]:
    """The texts at a path, through lists too; InputError where something else is there."""
    values: list[Json] = [body]
    for depth, name in enumerate(path):
        values = [value[name] for value in _each(values) if isinstance(value, dict) and value.get(name) is not None]
        wanted = str if depth == len(path) - 1 else (dict, list)
        if not all(isinstance(value, wanted) for value in values):
            raise InputError(f"{'.'.join(path[: depth + 1])} is not what a delivery has there")
    return [value for value in values if isinstance(value, str)]


def _each(values: Iterable[Json]) -> Iterable[Json]:
    for value in values:
        if isinstance(value, list):
            yield from value
        else:
            yield value
