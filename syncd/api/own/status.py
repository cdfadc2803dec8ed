"""The daemon in figures, and its limits."""

from dataclasses import asdict

from starlette.responses import Response

from syncd.api.answers import json_answer
from syncd.api.request import Request
from syncd.config import reported_limits


async def status(request: Request) -> Response:
    """What the daemon is and how it fares."""
    found = await request.context.readers.run(request.context.service.status)
    return json_answer(
        {
            "idle": found.idle,
            "entities": found.entities,
            "locations": found.locations,
            "problems": found.problems,
            "index_seq": found.index_seq,
            "generation": found.generation,
            "state": found.state,
            "version": found.version,
            "kinds": dict(found.kinds),
            "templates": found.templates,
            "uptime_seconds": found.uptime_seconds,
            "git": found.git,
            "listen": found.listen,
            "socket": found.socket,
            "busy": list(found.busy),
        }
    )


async def limits(request: Request) -> Response:
    """Every limit in force, by the name that its errors give."""
    return json_answer({"limits": [asdict(limit) for limit in reported_limits(request.context.limits)]})
