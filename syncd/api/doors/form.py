"""Bodies that a web form can send without asking first are refused, whoever sends them (R58)."""

from starlette.types import ASGIApp, Receive, Scope, Send

from syncd.api.doors.entrance import request_of
from syncd.api.failures import RequestRefusedError

FORM_TYPES = frozenset({"text/plain", "application/x-www-form-urlencoded", "multipart/form-data"})


class FormDoor:
    """415 for a body of one of the three types, on every path and before anybody looks at who asks."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = request_of(scope)
        if request.has_body and request.media_type in FORM_TYPES:
            raise RequestRefusedError(
                415,
                f"bodies of type {request.media_type} are not accepted",
                code="body.form",
                hint="send Content-Type: application/json",
            )
        await self._app(scope, receive, send)
