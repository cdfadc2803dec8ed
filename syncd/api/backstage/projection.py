"""`fields`: entities cut down to what was asked for, the only case in which a document is parsed on its way out."""

from collections.abc import Iterable

import orjson

from query.fields import Projection


def projected(projection: Projection, documents: Iterable[bytes | None]) -> list[bytes | None]:
    """Each document reduced to the projection; what is absent stays absent."""
    return [
        None if document is None else orjson.dumps(projection.apply(orjson.loads(document))) for document in documents
    ]
