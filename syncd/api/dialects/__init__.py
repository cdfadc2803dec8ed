"""The dialects of the API, and which path speaks which."""

import re

from starlette.responses import Response

from syncd.api.dialects.backstage import BACKSTAGE, MOUNT
from syncd.api.dialects.dialect import Dialect
from syncd.api.dialects.harness import HARNESS
from syncd.api.dialects.own import OWN
from syncd.api.dialects.port import PORT
from syncd.api.failures import Failure
from syncd.api.request import Request

MOUNTS: tuple[tuple[str, Dialect], ...] = (
    (MOUNT, BACKSTAGE),
    ("/v1/catalog", HARNESS),
    ("/v1/layouts", HARNESS),
    ("/v1/orgs", HARNESS),
    ("/integration", HARNESS),
    ("/gateway", HARNESS),
    ("/v1", PORT),
)
"""The first mount that holds a path decides; what is under none of them is our own."""

_GATEWAY = re.compile(r"/gateway(?=/(?:v1|integration)(?:/|\Z))")
_PROJECT = re.compile(r"/v1/orgs/[^/]+(?:/projects/[^/]+)?(?=/)")


def dialect_of(path: str) -> Dialect:
    """The dialect of a path as `plain_path` gives it."""
    return next((dialect for mount, dialect in MOUNTS if _is_under(path, mount)), OWN)


def plain_path(raw_path: str) -> str:
    """A path without what Harness's clients put in front of it: `/gateway`, an organization, a project (H2, H5).

    Its entity refs carry the scope themselves, so that nothing is lost. Other dialects know no organizations.
    """
    path = raw_path
    if found := _GATEWAY.match(path):
        path = path[found.end() :]
    if found := _PROJECT.match(path):
        inner = "/v1" + path[found.end() :]
        path = inner if dialect_of(inner) is HARNESS else path
    return path


def failure_answer(request: Request, failure: Failure, error: BaseException) -> Response:
    """The answer to a failed request, in its dialect."""
    answer = request.dialect.spell(request, failure, error)
    answer.headers.update(dict(failure.headers))
    return answer


def _is_under(path: str, mount: str) -> bool:
    return path.startswith(mount) and (len(path) == len(mount) or path[len(mount)] == "/")
