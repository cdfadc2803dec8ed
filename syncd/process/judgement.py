"""Judging an entity as a whole, wherever its values come from: what is wrong with it, and its relations."""

from syncd.blueprints.definition import ProgramFault, any_program
from syncd.model.api_document import ApiDocument
from syncd.model.document import ProcessedEntity
from syncd.model.json import Json, JsonObject
from syncd.model.ref import DEFAULT_NAMESPACE, EntityRef, ref_of
from syncd.model.relation import Relation
from syncd.process.annotations import MANAGED_BY, MANAGED_BY_ORIGIN
from syncd.process.envelope import check_envelope
from syncd.process.kinds import check_kind
from syncd.process.own_kinds import check_own, is_own
from syncd.process.relations import relations_of, sorted_lists
from syncd.process.schema import Violation


def judge(entity: JsonObject) -> tuple[list[Violation], tuple[Relation, ...]]:
    """What is wrong with an entity, and its relations as far as it is right."""
    violations: list[Violation] = []
    ref = ref_of(entity)
    check_entity(entity, violations)
    relations = relations_of(entity, ref, violations) if ref is not None and not violations else ()
    return violations, relations


def check_entity(entity: JsonObject, found: list[Violation], jq_fault: ProgramFault = any_program) -> bool:
    """Whether the kind is recognised; what is wrong with the entity by itself is added to `found`."""
    if is_own(entity):
        check_own(entity, found, jq_fault)
        return True
    check_envelope(entity, found)
    return check_kind(entity, found)


def judge_metadata(entity: JsonObject) -> list[Violation]:
    """What is wrong with an entity whose `spec` was judged before: a tenth of the work."""
    violations: list[Violation] = []
    if is_own(entity):
        check_own(entity, violations)
    else:
        check_envelope(entity, violations)
    return violations


def relations(entity: JsonObject) -> tuple[Relation, ...]:
    """The relations of an entity that was judged before."""
    ref = ref_of(entity)
    return relations_of(entity, ref, []) if ref is not None else ()


def api_entity(document: ApiDocument) -> ProcessedEntity:
    """The entity that a document made by API stands for, marked with where it comes from."""
    entity, origin = document.entity, f"api:{document.created_by}"
    metadata = _mapping(entity.get("metadata"))
    annotations = {**_mapping(metadata.get("annotations")), MANAGED_BY: origin, MANAGED_BY_ORIGIN: origin}
    completed: JsonObject = {
        **entity,
        "metadata": {"namespace": DEFAULT_NAMESPACE, **metadata, "annotations": annotations},
    }
    kind, spec = entity.get("kind"), entity.get("spec")
    if isinstance(kind, str) and isinstance(spec, dict):
        completed["spec"] = sorted_lists(kind, spec)
    return ProcessedEntity(document.ref, completed, relations(completed))


def ref_text(entity: JsonObject) -> str:
    """The canonical ref of an entity; "" where it has none."""
    ref: EntityRef | None = ref_of(entity)
    return "" if ref is None else str(ref)


def _mapping(value: Json) -> JsonObject:
    return value if isinstance(value, dict) else {}
