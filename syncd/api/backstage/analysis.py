"""`POST /analyze-location`: a first descriptor for a repository that has none (spec 3.13)."""

from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from syncd.api.answers import tagged_answer
from syncd.api.request import Request
from syncd.errors import InputError
from syncd.model.json import JsonObject
from syncd.model.repository import repository_of
from syncd.model.url import UrlError

SLUGS = {
    "github": "github.com/project-slug",
    "gitlab": "gitlab.com/project-slug",
    "bitbucket": "bitbucket.org/project-slug",
    "azure": "dev.azure.com/project-slug",
}
"""Annotation that names the repository, by type of host."""


class AnalysedLocation(BaseModel):
    """The repository, by any of its URLs."""

    model_config = ConfigDict(strict=True, frozen=True)

    type: str = Field(min_length=1)
    target: str = Field(min_length=1)


class AnalysisBody(BaseModel):
    """What to look at; other properties (the name of a file to look for, in both spellings) are ignored."""

    model_config = ConfigDict(strict=True, frozen=True)

    location: AnalysedLocation


async def analyze_location(request: Request) -> Response:
    """Suggest one Component named after the repository (C247). The repository itself is not read."""
    target = request.read(AnalysisBody).location.target
    types = {entry.host.lower(): entry.type for entry in request.context.settings.hosts}
    try:
        repository = repository_of(target, types)
    except UrlError as error:
        raise InputError(f"location.target: {error}", hint=error.hint) from None
    metadata: JsonObject = {"name": repository.name}
    if repository.type in SLUGS:
        metadata["annotations"] = {SLUGS[repository.type]: f"{repository.owner}/{repository.name}"}
    entity: dict[str, Any] = {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": metadata,
        "spec": {"type": "other", "lifecycle": "unknown"},
    }
    content = {"existingEntityFiles": [], "generateEntities": [{"entity": entity, "fields": []}]}
    return tagged_answer(request, orjson.dumps(content))
