"""Probes for supervisors, without credentials and without data (R91)."""

from starlette.responses import Response

from syncd.api.answers import json_answer
from syncd.api.failures import without_folders
from syncd.api.request import Request


async def healthz(request: Request) -> Response:
    """200 while the event loop reacts, 503 when it was stuck."""
    if request.context.pulse.stuck:
        return json_answer({"status": "stuck"}, status=503)
    return json_answer({"status": "ok"})


async def readyz(request: Request) -> Response:
    """200 when questions can be answered; else 503 with the reasons."""
    found = await request.context.readers.run(request.context.service.readiness.reasons)
    reasons = [without_folders(reason) for reason in found]
    if request.context.stopping.is_set():
        reasons.append("the daemon is stopping")
    return json_answer({"ready": not reasons, "reasons": reasons}, status=503 if reasons else 200)
