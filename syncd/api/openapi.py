"""`/openapi.json`: the API described in OpenAPI 3.1, made from the one route table (C255)."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

import orjson
from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode
from starlette.responses import Response

from syncd.api.answers import tagged_answer
from syncd.api.backstage.shapes import ValidationErrors
from syncd.api.dialects import MOUNTS, dialect_of
from syncd.api.dialects.backstage import VALIDATION
from syncd.api.dialects.own import OWN
from syncd.api.parameters import MAX_INTEGER, MAX_SECONDS, Parameter
from syncd.api.request import Request
from syncd.api.router import Route
from syncd.api.scopes import KEY_SCOPE

PATH = "/openapi.json"
_REF = "#/components/schemas/{model}"
_JSON = "application/json"
_VALIDATION = "validation"
_DIALECTS = {dialect.name: dialect for _, dialect in (*MOUNTS, ("", OWN))}.values()
_SECURITY: list[dict[str, list[str]]] = [{"bearer": []}, {"key": []}]
_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "a token of `catalog token create`"},
    "key": {"type": "apiKey", "in": "header", "name": "x-api-key", "description": "the same token"},
}


async def openapi(request: Request) -> Response:
    """This description, of the part of the API that the path names."""
    mount = request.path.removesuffix("/").removesuffix(PATH)
    return tagged_answer(request, rendered(request.context.routes, mount))


@lru_cache(maxsize=16)
def rendered(routes: tuple[Route, ...], mount: str = "") -> bytes:
    """The routes below a mount ("" for all of them) as JSON."""
    return orjson.dumps(described([route for route in routes if route.path.startswith(mount + "/")], mount))


def described(routes: list[Route], mount: str) -> dict[str, Any]:
    """The routes as an OpenAPI object; paths stand below the mount."""
    schemas = _Schemas(routes)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path.removeprefix(mount), {})[route.method.lower()] = _operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "git-catalog", "version": version("git-catalog")},
        "servers": [{"url": mount or "/"}],
        "paths": paths,
        "components": {"schemas": schemas.definitions, "securitySchemes": _SCHEMES},
    }


class _Schemas:
    """Bodies and answers of all routes, each described once."""

    def __init__(self, routes: Iterable[Route]) -> None:
        found: list[tuple[str, JsonSchemaMode, TypeAdapter[Any]]] = [
            (dialect.name, "serialization", TypeAdapter(dialect.error)) for dialect in _DIALECTS
        ]
        found.append((_VALIDATION, "serialization", TypeAdapter(ValidationErrors)))
        for route in routes:
            found.append((_name("answer", route), "serialization", TypeAdapter(route.answer)))
            if route.body is not None:
                found.append((_name("body", route), "validation", TypeAdapter(route.body)))
        self._by_name, definitions = TypeAdapter.json_schemas(found, ref_template=_REF)
        self.definitions: dict[str, Any] = definitions["$defs"]
        for schema in self.definitions.values():
            schema["description"] = _without_numbers(schema.get("description", ""))

    def __getitem__(self, name: str) -> Mapping[str, Any]:
        return next(schema for (known, _), schema in self._by_name.items() if known == name)


def _name(what: str, route: Route) -> str:
    return f"{what} {route.method} {route.path}"


def _operation(route: Route, schemas: _Schemas) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": f"{route.method.lower()}_{re.sub('[^A-Za-z0-9]+', '_', route.path).strip('_')}",
        "summary": _sentence(route.handler.__doc__ or ""),
        "description": _access(route),
        "tags": [_tag(route)],
        "security": _SECURITY if route.scope not in ("public", "proven") else [],
        "parameters": [*map(_segment, re.findall(r"\{(\w+)\}", route.path)), *map(_parameter, route.query)],
        "responses": _answers(route, schemas),
    }
    if route.body is not None:
        content = {media: {"schema": schemas[_name("body", route)]} for media in dialect_of(route.path).body_media}
        operation["requestBody"] = {"required": not route.body_optional, "content": content}
    return operation


def _access(route: Route) -> str:
    if route.scope == "public":
        return "Asks for no credentials."
    if route.scope == "proven":
        return "Needs a signature over the body."
    if route.scope == "signed":
        return f"Needs a signature over the body, or the scope `{KEY_SCOPE}`."
    return f"Needs the scope `{route.scope}`."


def _sentence(text: str) -> str:
    """The first sentence of a docstring, without the numbers of its promises."""
    return re.split(r"[.;] |\.\Z", _without_numbers(text), maxsplit=1)[0]


def _without_numbers(text: str) -> str:
    """A docstring on one line; what its numbers promise is no news to callers."""
    return re.sub(r" \((?:[A-Z]\d+|spec)[^)]*\)", "", " ".join(text.split()))


def _tag(route: Route) -> str:
    parts = route.path.split("/")
    return parts[2] if parts[1] == "api" and len(parts) > 3 else "daemon"


def _segment(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema = _value(parameter)
    described: dict[str, Any] = {"name": parameter.name, "in": "query"}
    if parameter.repeatable:
        schema = {"type": "array", "items": schema, "minItems": 1}
        described |= {"style": "form", "explode": parameter.form == "list"}
    return {**described, "schema": schema}


def _value(parameter: Parameter) -> dict[str, Any]:
    match parameter.form:
        case "integer":
            return {"type": "integer", "minimum": parameter.minimum, "maximum": MAX_INTEGER}
        case "seconds":
            return {"type": "number", "minimum": 0, "maximum": MAX_SECONDS}
    if parameter.choices:
        return {"type": "string", "enum": list(parameter.choices)}
    return {"type": "string"} if parameter.may_be_empty else {"type": "string", "minLength": 1}


def _answers(route: Route, schemas: _Schemas) -> dict[str, Any]:
    success: dict[str, Any] = {"description": HTTPStatus(route.status).phrase}
    if route.answer is not None:
        success["content"] = {media: {"schema": schemas[_name("answer", route)]} for media in _media(route)}
    dialect = dialect_of(route.path)
    media = dialect.body_media if dialect.error_media == _JSON else (dialect.error_media,)
    refused = {"description": "refused", "content": {one: {"schema": schemas[dialect.name]} for one in media}}
    answers = {str(route.status): success, "default": refused}
    if route.path == VALIDATION:
        answers["400"] = {"description": "not accepted", "content": {_JSON: {"schema": schemas[_VALIDATION]}}}
    if route.unready:
        answers["503"] = {"description": "not now", "content": {_JSON: {"schema": schemas[_name("answer", route)]}}}
    return answers


def _media(route: Route) -> tuple[str, ...]:
    """A success in JSON comes in every form that its dialect's bodies have."""
    return dialect_of(route.path).body_media if route.media == _JSON else (route.media,)
