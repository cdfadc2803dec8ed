"""Dotted paths into JSON: `deployment.id`, `commits.0.author`, `labels."app.kubernetes.io/name"`."""

import re

from syncd.errors import InputError
from syncd.model.json import Json

LONGEST = 500
_SEGMENT = re.compile(r'"([^"\\]+)"|([^."\\]+)')


def segments(path: str) -> tuple[str, ...]:
    """The keys of a path; InputError where it is none."""
    found: list[str] = []
    at = 0
    while len(path) <= LONGEST and (match := _SEGMENT.match(path, at)):
        found.append(match[1] or match[2])
        at = match.end()
        if at == len(path):
            return tuple(found)
        if path[at] != ".":
            break
        at += 1
    raise InputError(
        f"{path[:100]!r} is not a path", hint='write keys with dots between them, and quote a key with dots: a."b.c".d'
    )


def value_at(body: Json, path: tuple[str, ...]) -> Json:
    """What a path leads to, None where it leads nowhere; a number counts the items of a list from 0."""
    for key in path:
        if isinstance(body, dict):
            body = body.get(key)
        elif isinstance(body, list) and key.isascii() and key.isdigit() and len(key) < 10 and int(key) < len(body):
            body = body[int(key)]
        else:
            return None
    return body
