"""What is heard of an entity when it is stitched: its document, its relations from both ends, what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from syncd.model.json import JsonObject
from syncd.model.problem import Problem
from syncd.model.retained import Retention


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is said of a ref, and what is published of it: etag and time of the last change, "" where nothing is."""

    entity: JsonObject
    retained: Retention
    etag: str
    updated: str
    location_id: str


@dataclass(frozen=True, slots=True)
class Heard:
    """All that stitching asks the index about one ref; `relations` are (type, target)."""

    spoken: Spoken
    relations: Sequence[tuple[str, str]]
    errors: Sequence[Problem]
