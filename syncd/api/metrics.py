"""The figures of the daemon for Prometheus (R92)."""

from starlette.responses import Response

from syncd.api.answers import bytes_answer
from syncd.api.request import Request

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


async def metrics(request: Request) -> Response:
    """All metrics; gathered now, from what is known anyway."""
    return bytes_answer(await request.context.readers.run(_text, request), content_type=CONTENT_TYPE)


def _text(request: Request) -> bytes:
    from syncd.api.exposition import exposition  # takes a while to import, and not everybody scrapes

    service = request.context.service
    usual = service.settings.git.poll_interval.total_seconds()
    looks = service.standing.looks()
    locations = service.locations() if looks else ()  # who scrapes does not wait for the data to be opened
    polls = {one.id: one.poll_interval or usual for one in locations}
    return exposition(service.standing.status(), looks, service.sql.state(), service.meters, polls)
