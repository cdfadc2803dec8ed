"""The daemon in figures, and its limits."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from starlette.responses import Response

from query.ast import Everything
from syncd.api.answers import json_answer
from syncd.api.ports.standing import Status
from syncd.api.request import Request
from syncd.config import reported_limits


async def status(request: Request) -> Response:
    """What the daemon is and how it fares."""
    found, counted = await request.context.readers.run(_figures, request)
    sql = request.context.service.sql.state()
    return json_answer(
        {
            "idle": found.idle,
            "entities": sum(counted.kinds.values()),
            "locations": found.locations,
            "problems": counted.problems,
            "index_seq": found.index_seq,
            "log_seq": found.log_seq,
            "generation": found.generation,
            "state": found.state,
            "version": found.version,
            "kinds": dict(counted.kinds),
            "templates": counted.templates,
            "uptime_seconds": found.uptime_seconds,
            "git": found.git,
            "listen": found.listen,
            "socket": found.socket,
            "busy": list(found.busy),
            "waiting": found.waiting,
            "silent": list(found.silent),
            "polled": list(found.polled),
            "poll_interval": request.context.settings.git.poll_interval.total_seconds(),
            "disk": {"free": found.disk.free, "floor": found.disk.floor, "full": found.disk.full},
            "sql": {
                "workers": sql.workers,
                "running": sql.running,
                "waiting": sql.waiting,
                "pids": list(sql.pids),
                "layers": dict(sql.layers),
                "snapshot_seq": sql.snapshot_seq,
            },
        }
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    """The figures that are made of entities."""

    kinds: Mapping[str, int]
    problems: int
    templates: int


def _figures(request: Request) -> tuple[Status, _Counted]:
    """As the caller may see them; templates are no entities, so a condition admits none."""
    found, readable = request.context.service.standing.status(), request.context.readable
    if readable is None:
        return found, _Counted(found.kinds, found.problems, found.templates)
    kinds = dict(readable.facets(["kind"], Everything())["kind"])
    problems = readable.problems(location_id="", code="", limit=0, offset=0).total
    return found, _Counted(kinds, problems, 0)


async def limits(request: Request) -> Response:
    """Every limit in force, by the name that its errors give."""
    return json_answer({"limits": [asdict(limit) for limit in reported_limits(request.context.limits)]})
