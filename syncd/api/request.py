"""One request on its way through the API: what was asked, by whom, and the means to answer."""

from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel
from starlette.types import Receive, Scope

from syncd.api.parameters import NO_QUERY, Query
from syncd.api.scopes import Principal

if TYPE_CHECKING:
    from syncd.api.context import Context
    from syncd.api.dialects.dialect import Dialect
    from syncd.api.rate import Allowance
    from syncd.api.router import Route

Model = TypeVar("Model", bound=BaseModel)


class Request:
    """The parts are filled in as the request passes the doors: route and caller first, then query and body.

    `raw_path` is what the client sent, `path` the same as the routes spell it.
    """

    __slots__ = (
        "allowance",
        "body",
        "context",
        "dialect",
        "id",
        "is_yaml",
        "method",
        "parameters",
        "path",
        "principal",
        "query",
        "raw_path",
        "receive",
        "route",
        "scope",
    )

    def __init__(
        self, scope: Scope, receive: Receive, context: "Context", request_id: str, path: str, dialect: "Dialect"
    ) -> None:
        self.scope = scope
        self.receive = receive
        self.context = context
        self.id = request_id
        self.method: str = scope["method"]
        self.raw_path: str = scope["raw_path"].decode("ascii", "replace")
        self.path = path
        self.dialect = dialect
        self.route: Route | None = None
        """What the path means, also where the caller may not ask it; None where it means nothing."""
        self.parameters: dict[str, str] = {}
        self.query: Query = NO_QUERY
        self.body: BaseModel | None = None
        self.principal: Principal | None = None
        self.allowance: Allowance | None = None
        """What the caller may still ask; None where nobody counts."""
        self.is_yaml = False
        """Whether a body without a media type turned out to be YAML."""

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
    def accepted(self) -> list[str]:
        """Media types that the client asks for, the most wanted first, without parameters, in lower case."""
        ranges = [part.split(";") for part in ",".join(self.headers(b"accept")).lower().split(",")]
        ranges.sort(key=_weight, reverse=True)  # keeps the order of equals
        return [media_type.strip() for media_type, *_ in ranges]

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


def _weight(media_range: list[str]) -> float:
    """The `q` of a media range; 1 where it has none that can be read."""
    for parameter in media_range[1:]:
        name, _, text = parameter.partition("=")
        digits = text.strip()
        if name.strip() == "q" and digits.isascii() and digits.replace(".", "", 1).isdigit():
            return float(digits)
    return 1.0
