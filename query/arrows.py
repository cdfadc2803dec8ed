"""The two names of each relation (spec 1.6): what an entity says of its target, and what the target says of it.

Every relation is kept at both ends, whichever of them wrote it down.
"""

from difflib import get_close_matches
from typing import Final

from query.errors import QueryError
from query.text import fold

REVERSE: Final = {
    "ownedBy": "ownerOf",
    "partOf": "hasPart",
    "dependsOn": "dependencyOf",
    "providesApi": "apiProvidedBy",
    "consumesApi": "apiConsumedBy",
    "childOf": "parentOf",
    "memberOf": "hasMember",
}
"""The forward name, which points at what an entity needs or belongs to, and the name of the same seen from there."""

FORWARD: Final = {reverse: forward for forward, reverse in REVERSE.items()}

_NAMES: Final = {fold(name): FORWARD.get(name, name) for name in (*REVERSE, *FORWARD)}


def forward_type(name: str) -> str:
    """The forward name of a relation that is called by either name, in any case. Raises `QueryError`."""
    found = _NAMES.get(fold(name))
    if found is not None:
        return found
    known = (*REVERSE, *FORWARD)
    near = get_close_matches(fold(name), _NAMES, n=1)
    meant = [one for one in known if fold(one) in near]
    hint = f"did you mean {meant[0]}?" if meant else f"relations are {', '.join(known)}"
    raise QueryError(f"there is no relation {name[:100]!r}", hint=hint)
