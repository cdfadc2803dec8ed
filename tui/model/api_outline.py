"""The operations that an API definition offers, as lines: OpenAPI, AsyncAPI, GraphQL and gRPC.

Definitions are what their authors wrote: anything may be missing or of another form, and what is not understood is
shown as text by the pane.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tui.model.json_value import mapping, sequence

LARGEST = 4_000_000
"""Characters of a definition that are looked through."""
MOST = 2_000
"""Operations listed; the outline says how many there are."""

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
_GRAPHQL_ROOTS = ("Query", "Mutation", "Subscription")


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing to call: `verb` is a method or send, receive, query, rpc; `group` is where it stands."""

    verb: str
    name: str
    about: str = ""
    group: str = ""
    deprecated: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """What a definition offers. `form` names it (`OpenAPI 3.1.0`), `facts` are title, version, servers."""

    form: str
    facts: tuple[tuple[str, str], ...]
    operations: tuple[Operation, ...]
    total: int


class NoOutlineError(ValueError):
    """The definition is not understood; the message says why."""


def outline_of(kind: str, text: str) -> Outline:
    """The outline of a definition; `kind` is the API's `spec.type`. Raises `NoOutlineError`."""
    if len(text) > LARGEST:
        raise NoOutlineError(f"it has {len(text):,} characters: too long to be outlined")
    word = kind.strip().lower()
    if word == "graphql":
        return _graphql(text)
    if word in ("grpc", "proto", "protobuf"):
        return _grpc(text)
    document = _read(text)
    if "openapi" in document or "swagger" in document:
        return _openapi(document)
    if "asyncapi" in document:
        return _asyncapi(document)
    raise NoOutlineError(f"no outline for the type {kind or 'none'}")


def _read(text: str) -> Mapping[str, Any]:
    import yaml

    try:
        found = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        reason = str(getattr(error, "problem", None) or error).splitlines()[0]
        raise NoOutlineError(f"it cannot be read: {reason}") from error
    if not isinstance(found, dict):
        raise NoOutlineError("it is no mapping")
    return found


def _made(form: str, facts: list[tuple[str, str]], operations: Iterator[Operation]) -> Outline:
    found = list(operations)
    return Outline(form, tuple((name, text) for name, text in facts if text), tuple(found[:MOST]), len(found))


def _info(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    info = mapping(document.get("info"))
    return [("title", _text(info.get("title"))), ("version", _text(info.get("version")))]


def _openapi(document: Mapping[str, Any]) -> Outline:
    form = f"OpenAPI {_text(document.get('openapi'))}" if "openapi" in document else "Swagger 2.0"
    servers = [_text(mapping(one).get("url")) for one in sequence(document.get("servers"))]
    facts = [*_info(document), ("servers", ", ".join(filter(None, servers)) or _text(document.get("basePath")))]

    def operations() -> Iterator[Operation]:
        for path, item in mapping(document.get("paths")).items():
            for method, operation in mapping(item).items():
                if str(method).lower() in _METHODS:
                    told = mapping(operation)
                    about = _text(told.get("summary")) or _text(told.get("operationId"))
                    tags = sequence(told.get("tags"))
                    group = _text(tags[0]) if tags else ""
                    yield Operation(str(method).upper(), _text(path), about, group, told.get("deprecated") is True)

    return _made(form, facts, operations())


def _asyncapi(document: Mapping[str, Any]) -> Outline:
    channels = mapping(document.get("channels"))

    def operations() -> Iterator[Operation]:
        for name, operation in mapping(document.get("operations")).items():  # from version 3 on
            told = mapping(operation)
            channel = _text(mapping(told.get("channel")).get("$ref")).rpartition("/")[2]
            address = _text(mapping(channels.get(channel)).get("address")) or channel
            yield Operation(_text(told.get("action")), address, _text(told.get("summary")) or _text(name))
        for name, channel in channels.items():
            for action in ("publish", "subscribe"):
                if action in mapping(channel):
                    told = mapping(mapping(channel)[action])
                    about = _text(told.get("summary")) or _text(told.get("operationId"))
                    yield Operation(action, _text(name), about)

    return _made(f"AsyncAPI {_text(document.get('asyncapi'))}", _info(document), operations())


_TYPE = re.compile(r"(?:extend\s+)?type\s+(\w+)[^{]*\{([^}]*)\}")
_FIELD = re.compile(r"^\s*(\w+)\s*(\([^)]*\))?\s*:\s*([\w\[\]!]+)(.*)$", re.MULTILINE)
_GRAPHQL_TEXTS = re.compile(r'"""(?:(?!""").)*"""|#[^\n]*', re.DOTALL)


def _graphql(text: str) -> Outline:
    plain = _GRAPHQL_TEXTS.sub("", text)

    def operations() -> Iterator[Operation]:
        for name, body in _TYPE.findall(plain):
            if name in _GRAPHQL_ROOTS:
                for field, arguments, result, rest in _FIELD.findall(body):
                    call = f"{field}{' '.join(arguments.split())}: {result}"
                    yield Operation(name.lower(), call, group=name, deprecated="@deprecated" in rest)

    return _made("GraphQL", [("types", str(len(_TYPE.findall(plain))))], operations())


_SERVICE = re.compile(r"\bservice\s+(\w+)\s*\{")
_RPC = re.compile(r"\brpc\s+(\w+)\s*\(\s*(stream\s+)?([\w.]+)\s*\)\s*returns\s*\(\s*(stream\s+)?([\w.]+)\s*\)")
_PACKAGE = re.compile(r"^\s*package\s+([\w.]+)\s*;", re.MULTILINE)
_PROTO_TEXTS = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)


def _grpc(text: str) -> Outline:
    plain = _PROTO_TEXTS.sub("", text)
    services = [(match.start(), match.group(1)) for match in _SERVICE.finditer(plain)]
    package = _PACKAGE.search(plain)

    def operations() -> Iterator[Operation]:
        for match in _RPC.finditer(plain):
            name, takes, asked, gives, answer = match.groups()
            group = next((name for start, name in reversed(services) if start < match.start()), "")
            signature = f"{name}({'stream ' if takes else ''}{asked}) → {'stream ' if gives else ''}{answer}"
            yield Operation("rpc", signature, group=group)

    return _made("gRPC", [("package", package.group(1) if package else "")], operations())


def _text(value: object) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value)
