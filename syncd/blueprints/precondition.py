"""Whether an entity is still what its caller believes it to be (P31)."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from syncd.blueprints.asked import Asked
from syncd.blueprints.reader import Held, Reader, values_tag
from syncd.errors import PreconditionError
from syncd.model.custom_property import CustomProperty
from syncd.process.judgement import api_entity
from syncd.stitch.effective import effective

Overlay: TypeAlias = Callable[[Sequence[str]], Mapping[str, Sequence[CustomProperty]]]
"""The custom properties of refs."""


def check_tag(reader: Reader, held: Held, overlay: Overlay, asked: Asked) -> None:
    """Raise `PreconditionError` where the caller's ETag is not that of the entity.

    An entity of the API is judged by its document, which the write will ask to be the same: what is published may be a
    moment behind it.
    """
    if asked.if_match in (None, "*"):
        return
    entity = held.entity
    if not held.is_of_git and held.document is not None:
        entity = effective(api_entity(held.document).entity, overlay([held.ref]).get(held.ref, ())).entity
    if asked.if_match != values_tag(reader.values_in([(held.blueprint, entity)])[0]):
        raise PreconditionError(f"{held.identifier} has changed meanwhile", hint="read it again, then try again")
