"""One request on its way through the API: what was asked, by whom, and the means to answer."""

from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel
from starlette.types import Receive, Scope

from syncd.api.parameters import NO_QUERY, Query
from syncd.api.scopes import Principal

if TYPE_CHECKING:
    from syncd.api.context import Context

Model = TypeVar("Model", bound=BaseModel)


class Request:
    """The parts are filled in as the request passes the doors: route and caller first, then query and body."""

    __slots__ = ("body", "context", "id", "method", "parameters", "principal", "query", "raw_path", "receive", "scope")

    def __init__(self, scope: Scope, receive: Receive, context: "Context", request_id: str) -> None:
        self.scope = scope
        self.receive = receive
        self.context = context
        self.id = request_id
        self.method: str = scope["method"]
        self.raw_path: str = scope["raw_path"].decode("ascii", "replace")
        self.parameters: dict[str, str] = {}
        self.query: Query = NO_QUERY
        self.body: BaseModel | None = None
        self.principal: Principal | None = None

    def header(self, name: bytes) -> str | None:
        """The first header of a name (lower case), as text."""
        for key, value in self.scope["headers"]:
            if key == name:
                return str(value, "latin-1")
        return None

    def headers(self, name: bytes) -> list[str]:
        """All headers of a name (lower case)."""
        return [str(value, "latin-1") for key, value in self.scope["headers"] if key == name]

    @property
    def has_body(self) -> bool:
        """Whether the client announced a body that is not empty."""
        if self.header(b"transfer-encoding") is not None:
            return True
        length = self.header(b"content-length")
        return length is not None and length.strip("0") != ""

    @property
    def media_type(self) -> str:
        """The media type of the body without its parameters, in lower case; "" where none is named."""
        return (self.header(b"content-type") or "").partition(";")[0].strip().lower()

    @property
    def url(self) -> str:
        """Path and query as the client sent them."""
        query = self.scope["query_string"]
        return f"{self.raw_path}?{query.decode('ascii', 'replace')}" if query else self.raw_path

    @property
    def peer_uid(self) -> int | None:
        """The user at the other end of the Unix socket; None over TCP."""
        uid: int | None = self.scope["state"].get("peer_uid")
        return uid

    @property
    def actor(self) -> str:
        """Who is written into the log of changes."""
        return self.principal.name if self.principal is not None else ""

    @property
    def is_owner(self) -> bool:
        """Whether the socket's owner asks, who may name any local path (R54)."""
        return self.principal is not None and self.principal.owner

    def read(self, model: type[Model]) -> Model:
        """The body, which the route declares to be of this model."""
        if not isinstance(self.body, model):
            raise TypeError(f"the route of {self.raw_path} declares no body of {model.__name__}")
        return self.body
