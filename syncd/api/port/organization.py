"""What Port's clients ask before they begin."""

from starlette.responses import Response

from syncd.api.dialects.port import answer
from syncd.api.request import Request


async def get_organization(_: Request) -> Response:
    """The catalog as an organization, with none of Port's optional features."""
    return answer(organization={"id": "git-catalog", "name": "git-catalog", "featureFlags": []})


async def list_pages(_: Request) -> Response:
    """Pages belong to Port's own user interface: there are none."""
    return answer(pages=[])
