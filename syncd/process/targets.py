"""What a Location entity or a registered location asks to be read (spec 2.2, R30, R31)."""

from collections.abc import Iterator

from syncd.model.host import Hosts
from syncd.model.json import FieldPath, JsonObject
from syncd.model.location import DISCOVERY_PATTERNS, Location, Target
from syncd.model.path import PathError, repository_path
from syncd.model.problem import Problem
from syncd.model.text import shown
from syncd.model.url import UrlError
from syncd.process.context import Context
from syncd.process.reach import absolute_url, is_own_repository, is_own_revision, own_path
from syncd.process.schema import Violation, field_text

MAX_TARGETS = 2000
"""Targets of one Location entity; those beyond are reported and not read (R30)."""

_TYPES = ("", "url", "file")


def entity_targets(entity: JsonObject, context: Context, found: list[Violation]) -> tuple[Target, ...]:
    """Targets of a valid Location entity, doubles dropped; each that cannot be followed is added to `found` (C92).

    A relative target means the same repository and revision, whatever `spec.type` says (C89).
    """
    spec = entity["spec"]
    assert isinstance(spec, dict)
    kind = str(spec.get("type", ""))
    if kind not in _TYPES:
        message = f"spec.type {kind} is not a type of location that a Location entity can read"
        found.append(Violation(("spec", "type"), "target.type", message, "write url, or leave the type away"))
        return ()
    written = list(_written(spec))
    if len(written) > MAX_TARGETS:
        message = f"{len(written)} targets are over the limit of {MAX_TARGETS}: the rest is not read"
        found.append(Violation(("spec", "targets"), "target.limit", message, "split the Location into several"))
    targets: dict[tuple[str, str, str], Target] = {}
    for path, text in written[:MAX_TARGETS]:
        try:
            target = _target(text, context, is_file=kind == "file", required=spec.get("presence") != "optional")
        except (UrlError, PathError) as error:
            code = "target.url" if isinstance(error, UrlError) else "target.path"
            found.append(Violation(path, code, f"{field_text(path)}: {error}", error.hint))
        else:
            targets.setdefault((target.repository, target.revision, target.pattern), target)
    return tuple(targets.values())


def location_targets(location: Location, hosts: Hosts) -> list[Target] | Problem:
    """What a registered location reads; the problem where its target or one of its paths cannot be followed.

    A `git` location without paths looks for catalog files at any depth, and may find none of them; so does one whose
    paths look for them below a folder.
    """
    try:
        if location.type == "url":
            file = hosts.resolve(location.target)
            return [Target(file.repository, file.revision, file.path, location.target, location.target)]
        patterns = [repository_path(path) for path in location.paths]
    except UrlError as error:
        return Problem("target.url", str(error), hint=error.hint)
    except PathError as error:
        return Problem("target.path", str(error), hint=error.hint)
    return [
        Target(location.target, location.ref, pattern, pattern, required=not pattern.endswith(DISCOVERY_PATTERNS))
        for pattern in patterns or DISCOVERY_PATTERNS
    ]


def _written(spec: JsonObject) -> Iterator[tuple[FieldPath, str]]:
    target, targets = spec.get("target"), spec.get("targets")
    if isinstance(target, str):
        yield ("spec", "target"), target
    for index, item in enumerate(targets if isinstance(targets, list) else []):
        if isinstance(item, str):
            yield ("spec", "targets", index), item


def _target(text: str, context: Context, *, is_file: bool, required: bool) -> Target:
    branch = context.source.branch
    file = absolute_url(text, context)
    if file is not None:
        if not is_own_repository(file, branch):
            return Target(file.repository, file.revision, file.path, text, text, required)
        # One spelling for what is the same branch, so that the file is read once and at the same commit.
        revision = branch.ref if is_own_revision(file, branch) else file.revision
        return Target(branch.repository, revision, file.path, text, text, required)
    if is_file and text.startswith("/"):
        raise PathError(f"{shown(text)} is an absolute path", "write a path inside the repository, such as ./file.yaml")
    pattern = own_path(text, context, pattern=True)
    url = context.hosts.resolve(context.url).at(pattern) if context.url else ""
    return Target(branch.repository, branch.ref, pattern, text, url, required)
