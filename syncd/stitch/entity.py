"""Stitching: processed entity + relations from both ends + status + orphan mark = the entity that readers get."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import orjson

from query.rows import SearchRow, search_rows
from syncd.model.json import Json, JsonObject
from syncd.model.problem import Problem
from syncd.model.uid import uid_of

ORPHAN_ANNOTATION = "backstage.io/orphan"
STATUS_TYPE = "backstage.io/catalog-processing"


@dataclass(frozen=True, slots=True)
class StitchedEntity:
    """What is published: the document as the API sends it, and what it is found by."""

    ref: str
    uid: str
    etag: str
    entity: JsonObject
    document: str
    rows: list[SearchRow]


def stitch(
    ref: str,
    processed: JsonObject,
    relations: Iterable[tuple[str, str]],
    errors: Iterable[Problem] = (),
    *,
    orphan: bool = False,
) -> StitchedEntity:
    """Merge everything known about one ref.

    `relations` are (type, target) pairs in any order, doubles allowed. `processed` is not changed. The etag is the
    SHA-1 of the canonical JSON of the entity before uid and etag are set; one written in the file stays (C35, C116).
    """
    metadata = dict(_mapping(processed, "metadata"))
    metadata.pop("uid", None)
    if orphan:
        metadata["annotations"] = {**_mapping(metadata, "annotations"), ORPHAN_ANNOTATION: "true"}
    entity: JsonObject = {**processed, "metadata": metadata}
    entity["relations"] = [{"type": type_, "targetRef": target} for type_, target in sorted(set(relations))]
    items: list[Json] = [_status_item(problem) for problem in errors]
    if items:
        entity["status"] = {"items": items}
    canonical = orjson.dumps(entity, option=orjson.OPT_SORT_KEYS)
    etag = hashlib.sha1(canonical, usedforsecurity=False).hexdigest()
    uid = uid_of(ref)
    entity["metadata"] = {**metadata, "uid": uid, "etag": metadata.get("etag") or etag}
    return StitchedEntity(ref, uid, etag, entity, orjson.dumps(entity).decode(), search_rows(entity))


def _status_item(problem: Problem) -> JsonObject:
    place = f"{problem.where}: " if problem.path else ""
    text = f"{place}{problem.message}"
    return {
        "type": STATUS_TYPE,
        "level": "error",
        "message": f"{problem.name}: {text}",
        "error": {"name": problem.name, "message": text, "code": problem.code},
    }


def _mapping(value: Mapping[str, Json], key: str) -> JsonObject:
    found = value.get(key)
    return found if isinstance(found, dict) else {}
