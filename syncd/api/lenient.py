"""JSON as people paste it: comment lines and trailing commas, tried where strict JSON failed (H11, P7, spec 15.3)."""

import logging
import re
from typing import Any

from syncd.api.body import NotJsonError, load_json
from syncd.api.request import Request

_LOG = logging.getLogger("catalog.api")
_COMMENT_LINE = re.compile(rb"^[ \t]*(?:#|//)[^\n]*", re.MULTILINE)
_STRING_OR_COMMA = re.compile(rb'"(?:[^"\\\n]|\\[^\n])*+"?|,(?=\s*[}\]])')
"""A string as far as it goes, so that no byte is looked at twice; or a comma before a closing bracket."""


def load_leniently(request: Request, content: bytes) -> Any:
    """The value of a body; that it was lenient is logged. `InputError` tells what else is wrong.

    A string of JSON does not span lines, so no value is touched; lines and columns stay what they were.
    """
    try:
        return load_json(content)
    except NotJsonError:
        value = load_json(_STRING_OR_COMMA.sub(_kept, _COMMENT_LINE.sub(b"", content)))
    _LOG.info("request %s: the body is JSON only without its comment lines and trailing commas", request.id)
    return value


def _kept(match: re.Match[bytes]) -> bytes:
    return match[0] if match[0].startswith(b'"') else b" "
