"""The step from a document to an entity: checked, completed, with the relations and targets that it emits."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

from syncd.model.document import Document, ProcessedEntity
from syncd.model.host import Hosts
from syncd.model.json import FieldPath, JsonObject, found_at
from syncd.model.location import Location
from syncd.model.port_entity import is_port_entity
from syncd.model.problem import Problem
from syncd.model.ref import DEFAULT_NAMESPACE, EntityRef, ref_of
from syncd.model.rules import is_allowed
from syncd.model.text import shown
from syncd.model.url import UrlError
from syncd.process.annotations import MANAGED_BY, MANAGED_BY_ORIGIN, origin_urls, with_annotations
from syncd.process.codeowners import with_owner
from syncd.process.context import Context
from syncd.process.harness import from_harness
from syncd.process.judgement import check_entity
from syncd.process.placeholders import fill_in
from syncd.process.port import from_port, place_in
from syncd.process.relations import relations_of, sorted_lists
from syncd.process.schema import Violation
from syncd.process.targets import entity_targets


def process(document: Document, context: Context) -> ProcessedEntity | list[Problem]:
    """Make an entity of a document whose outcome is "entity", or say everything that is wrong with it.

    The empty list means that the document is to be ignored: it repeats the Location that led to it (C114). The
    document's own data is not changed. `uid` and `etag` pass as written; stitching decides on them.
    """
    assert document.data is not None
    if is_port_entity(document.data):
        filled = from_port(document.data, context)
        ref = ref_of(filled.data)
        if filled.violations:
            return _problems(filled.violations, document, context, ref)
    else:
        data = from_harness(document.data)
        ref = ref_of(data)
        if ref is not None and str(ref) == context.parent_ref:
            return []
        filled = fill_in(data, context)
    refusal = _refusal(filled.data, context)
    if refusal is not None:
        problems = _problems([refusal], document, context, ref)
        return [replace(problem, name="NotAllowedError") for problem in problems]
    if context.completion.codeowners:
        filled.data = with_owner(filled.data, context)
    violations = list(filled.violations)
    recognised = check_entity(filled.data, violations, context.jq_fault)
    _check_identity(filled.data, ref, violations)
    relations = relations_of(filled.data, ref, violations) if ref is not None and recognised else ()
    if violations:
        return _problems(_distinct(violations), document, context, ref)
    assert ref is not None
    entity = _completed(filled.data, context)
    ignored: list[Violation] = []
    targets = entity_targets(entity, context, ignored) if entity["kind"] == "Location" else ()
    problems = _problems(ignored, document, context, ref)
    return ProcessedEntity(str(ref), entity, relations, targets, tuple(filled.dependencies), tuple(problems))


def location_entity(location: Location, hosts: Hosts | None = None) -> ProcessedEntity:
    """The Location entity that stands for a registered location (C79); with `hosts` it links to the web."""
    annotations: JsonObject = {MANAGED_BY: location.location_ref, MANAGED_BY_ORIGIN: location.location_ref}
    if hosts is not None and location.type == "url":
        with suppress(UrlError):
            annotations = {**origin_urls(hosts.resolve(location.target)), **annotations}
    spec: JsonObject = {"type": location.type, "target": location.target}
    if location.ref:
        spec["ref"] = location.ref
    if location.paths:
        spec["paths"] = [*location.paths]
    entity: JsonObject = {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Location",
        "metadata": {"namespace": DEFAULT_NAMESPACE, "name": location.entity_name, "annotations": annotations},
        "spec": spec,
    }
    return ProcessedEntity(location.entity_ref, entity)


def _refusal(data: JsonObject, context: Context) -> Violation | None:
    """Why no entity of this kind may come from the registered location, on whatever way it led here (C98-C100, R33)."""
    kind, spec = data.get("kind"), data.get("spec")
    if context.allowed is None or not isinstance(kind, str):
        return None
    type_ = spec.get("type") if isinstance(spec, dict) else None
    if is_allowed(kind, type_ if isinstance(type_, str) else "", context.allowed):
        return None
    named = any(one.admits(kind, one.type) for one in context.allowed)
    what = f"{kind} with this spec.type" if named else kind
    allowed = ", ".join(map(str, context.allowed)) or "no kind at all"
    message = f"kind {shown(what)} is not allowed from {context.origin_ref}; allowed is {allowed}"
    hint = "allow it with [[rules]] in the configuration, or with the rules of this location in [[locations]]"
    return Violation(("spec", "type") if named else ("kind",), "entity.not_allowed", message, hint)


def _check_identity(data: JsonObject, ref: EntityRef | None, violations: list[Violation]) -> None:
    """A placeholder may not decide which entity this is."""
    if ref_of(data) != ref:
        message = "kind, metadata.name and metadata.namespace must be written out: they say which entity this is"
        violations.append(Violation(("metadata",), "entity.ref", message))


def _completed(data: JsonObject, context: Context) -> JsonObject:
    metadata, kind, spec = data["metadata"], data["kind"], data.get("spec")
    assert isinstance(metadata, dict)
    assert isinstance(kind, str)
    if "namespace" not in metadata:
        metadata = {"namespace": DEFAULT_NAMESPACE, **metadata}
    entity: JsonObject = {**data, "metadata": with_annotations(metadata, kind, context)}
    if isinstance(spec, dict):
        entity["spec"] = sorted_lists(kind, spec)
    return entity


def _distinct(violations: Iterable[Violation]) -> list[Violation]:
    """The first finding at a field speaks for it and for all below it: what a later step says there only repeats it."""
    kept: dict[FieldPath, Violation] = {}
    for violation in violations:
        if not any(violation.path[:size] in kept for size in range(1, len(violation.path) + 1)):
            kept[violation.path] = violation
    return list(kept.values())


def _problems(
    violations: Iterable[Violation], document: Document, context: Context, ref: EntityRef | None
) -> list[Problem]:
    name = str(ref) if ref is not None else ""
    return [
        Problem(
            violation.code,
            violation.message,
            context.source.path,
            _line(violation.path, document, context),
            hint=violation.hint,
            ref=name,
        )
        for violation in violations
    ]


def _line(path: FieldPath, document: Document, context: Context) -> int:
    """The line of the field, or of the nearest mapping around it that is there."""
    if is_port_entity(document.data):
        path = place_in(document.data, path)
    beginnings = (path[:steps] for steps in range(len(path), -1, -1))
    present = next(beginning for beginning in beginnings if found_at(document.data, beginning)[0])
    return context.line_of(present) or document.line
