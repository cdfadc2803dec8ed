"""A location that is only tried, as the API shows it."""

from collections import Counter
from dataclasses import asdict
from typing import get_args

from syncd.model.json import JsonObject
from syncd.preview import Effect, Preview

SHOWN = 5000
"""Documents that an answer lists; the counts are of all."""
MISSING_SHOWN = 50
"""Entities that are named and not there, of which an answer tells."""


def shown_preview(preview: Preview) -> JsonObject:
    """The documents with what would become of each, and how many of each sort there are."""
    location, counts = preview.location, Counter(document.effect for document in preview.documents)
    return {
        "existing": preview.existing.id if preview.existing else None,
        "location": {
            "type": location.type,
            "target": location.target,
            "ref": location.ref,
            "paths": list(location.paths),
            "priority": location.priority,
            "location_ref": location.location_ref,
        },
        "files": preview.files,
        "counts": {effect: counts[effect] for effect in get_args(Effect)},
        "documents": [
            {**asdict(document), "differences": [asdict(one) for one in document.differences]}
            for document in preview.documents[:SHOWN]
        ],
        "missing": [{"ref": ref, "count": count} for ref, count in list(preview.missing.items())[:MISSING_SHOWN]],
    }
