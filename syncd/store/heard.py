"""What is heard of an entity when it is stitched: its document, its relations from both ends, what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from syncd.model.json import JsonObject
from syncd.model.problem import Problem
from syncd.model.retained import Retention


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is said of a ref, as JSON, since many are remembered; and what is published of it: etag and time of the last
    change, "" where nothing is."""

    text: str
    retained: Retention
    etag: str
    updated: str
    location_id: str

    @property
    def entity(self) -> JsonObject:
        """What is said, read anew each time."""
        said: JsonObject = orjson.loads(self.text)
        return said


@dataclass(frozen=True, slots=True)
class Heard:
    """All that stitching asks the index about one ref; `relations` are (type, target)."""

    spoken: Spoken
    relations: Sequence[tuple[str, str]]
    errors: Sequence[Problem]
