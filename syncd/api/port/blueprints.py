"""Blueprints by Port's calls (Port 3)."""

from collections.abc import Callable

from starlette.responses import Response

from syncd.api.dialects.port import answer
from syncd.api.port.asking import asked
from syncd.api.port.body import NewMirrorName, NewPropertyName, NewRelationIdentifier, given
from syncd.api.request import Request
from syncd.blueprints.blueprint import Blueprint
from syncd.blueprints.renaming import Part


async def list_blueprints(request: Request) -> Response:
    """All blueprints: Backstage's kinds, those of git, those made by API."""
    register = request.context.service.register
    shown = await request.context.readers.run(lambda: register.definitions.shown(register.reader.book.all()))
    return answer(blueprints=shown)


async def get_blueprint(request: Request) -> Response:
    """One definition."""
    register = request.context.service.register
    return await _answer(request, lambda: register.reader.book.get(request.parameters["blueprint"]))


async def create_blueprint(request: Request) -> Response:
    """Make a blueprint (P47)."""
    definitions = request.context.service.register.definitions
    return await _answer(request, lambda: definitions.create(given(request), asked(request)), 201)


async def replace_blueprint(request: Request) -> Response:
    """Replace a definition as a whole."""
    definitions = request.context.service.register.definitions
    return await _answer(
        request, lambda: definitions.replace(request.parameters["blueprint"], given(request), asked(request))
    )


async def patch_blueprint(request: Request) -> Response:
    """Change given parts of a definition."""
    definitions = request.context.service.register.definitions
    return await _answer(
        request, lambda: definitions.patch(request.parameters["blueprint"], given(request), asked(request))
    )


async def delete_blueprint(request: Request) -> Response:
    """Take a blueprint away that has no entities (P48)."""
    definitions = request.context.service.register.definitions
    await request.context.readers.run(definitions.delete, request.parameters["blueprint"], asked(request))
    return answer()


async def rename_property(request: Request) -> Response:
    """Call a property otherwise; what entities hold goes with it (P50)."""
    return await _rename(request, "property", request.read(NewPropertyName).newPropertyName)


async def rename_mirror(request: Request) -> Response:
    """Call a mirror property otherwise."""
    return await _rename(request, "mirror", request.read(NewMirrorName).newMirrorName)


async def rename_relation(request: Request) -> Response:
    """Call a relation otherwise; what entities hold goes with it."""
    return await _rename(request, "relation", request.read(NewRelationIdentifier).newRelationIdentifier)


async def _rename(request: Request, part: Part, new: str) -> Response:
    definitions = request.context.service.register.definitions
    blueprint, old = request.parameters["blueprint"], request.parameters["name"]
    return await _answer(request, lambda: definitions.rename(blueprint, part, old, new, asked(request)))


async def _answer(request: Request, do: Callable[[], Blueprint], status: int = 200) -> Response:
    definitions = request.context.service.register.definitions
    shown = await request.context.readers.run(lambda: definitions.shown([do()])[0])
    return answer(status, blueprint=shown)
