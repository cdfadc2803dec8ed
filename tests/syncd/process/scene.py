"""One document in one file of one repository, as the tests of processing need it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from syncd.ingest.limits import ParseLimits
from syncd.ingest.lines import line_of
from syncd.ingest.reader import read_documents, read_value
from syncd.model.document import ProcessedEntity
from syncd.model.host import Host, Hosts
from syncd.model.json import Json, JsonObject
from syncd.model.location import Location
from syncd.model.problem import Problem
from syncd.model.source import Branch, Source
from syncd.process.context import Context
from syncd.process.entity import process

SHOP_URL = "https://git.example.test/acme/shop/blob/main/catalog-info.yaml"
SHOP_REPOSITORY = "file:///srv/git/acme/shop.git"
LIMITS = ParseLimits()
HOSTS = Hosts([Host("git.example.test", "github", "file:///srv/git/{owner}/{repo}.git")])

SPECS: Mapping[str, JsonObject] = {
    "Component": {"type": "service", "lifecycle": "production", "owner": "team-cart"},
    "API": {"type": "openapi", "lifecycle": "production", "owner": "team-cart", "definition": "openapi: 3.1.0"},
    "Resource": {"type": "database", "owner": "team-cart"},
    "System": {"owner": "team-cart"},
    "Domain": {"owner": "team-cart"},
    "Group": {"type": "team", "children": []},
    "User": {"memberOf": []},
    "Location": {},
    "Template": {"type": "service", "steps": [{"action": "fetch:plain"}]},
}
"""The smallest `spec` of each kind."""


def entity(kind: str = "Component", name: str = "checkout", namespace: str = "", /, **spec: Json) -> JsonObject:
    """The smallest entity of a kind; `spec` adds fields to it."""
    metadata: JsonObject = {"name": name}
    if namespace:
        metadata["namespace"] = namespace
    version = "scaffolder.backstage.io/v1beta3" if kind == "Template" else "backstage.io/v1alpha1"
    return {"apiVersion": version, "kind": kind, "metadata": metadata, "spec": {**SPECS.get(kind, {}), **spec}}


def with_metadata(**metadata: Json) -> JsonObject:
    """A Component with these fields of metadata."""
    document = entity()
    document["metadata"] = {"name": "checkout", **metadata}
    return document


def without(document: JsonObject, *path: str) -> JsonObject:
    """The document less one field."""
    name, *rest = path
    if not rest:
        return {key: value for key, value in document.items() if key != name}
    inner = document[name]
    assert isinstance(inner, dict)
    return {**document, name: without(inner, *rest)}


@dataclass(frozen=True)
class Scene:
    """A file of a repository, reached by `url` ("" for a git location), with the other files of its commit."""

    url: str = SHOP_URL
    path: str = "catalog-info.yaml"
    repository: str = SHOP_REPOSITORY
    ref: str = "refs/heads/main"
    origin: str = f"url:{SHOP_URL}"
    files: Mapping[str, bytes] = field(default_factory=dict)
    parent: str = ""
    content: bytes = b""

    def context(self, index: int = 0) -> Context:
        """The context of the document with this index in the file's `content`."""
        return Context(
            location=Location("1", "url", SHOP_URL),
            source=Source(Branch(self.repository, self.ref), self.path),
            url=self.url,
            origin_ref=self.origin,
            hosts=HOSTS,
            read=self.read,
            values=lambda content, kind: read_value(content, self.path, kind, LIMITS),
            line_of=lambda path: line_of(self.content, index, path),
            parent_ref=self.parent,
        )

    def read(self, path: str) -> bytes | Problem:
        """A file of the commit."""
        return self.files.get(path, Problem("file.missing", f"{path} is not in the repository"))

    def outcomes(self) -> list[ProcessedEntity | list[Problem]]:
        """What becomes of every document in `content`."""
        documents = read_documents(self.content, self.path, LIMITS)
        return [process(document, self.context(document.index)) for document in documents]

    def outcome(self, document: JsonObject) -> ProcessedEntity | list[Problem]:
        """What processing makes of one document of this file."""
        return replace(self, content=json.dumps(document).encode()).outcomes()[0]

    def processed(self, document: JsonObject) -> ProcessedEntity:
        """The entity that a good document becomes."""
        outcome = self.outcome(document)
        assert isinstance(outcome, ProcessedEntity), outcome
        return outcome

    def problems(self, document: JsonObject) -> list[Problem]:
        """Why a document is refused; none where it is accepted."""
        outcome = self.outcome(document)
        return [] if isinstance(outcome, ProcessedEntity) else outcome

    def messages(self, document: JsonObject) -> list[str]:
        """The messages alone."""
        return [problem.message for problem in self.problems(document)]

    def annotations(self, document: JsonObject) -> JsonObject:
        """The annotations of the entity that a good document becomes."""
        return mapping(self.processed(document).entity, "metadata", "annotations")


def mapping(document: JsonObject, *path: str) -> JsonObject:
    """The mapping at a path of keys."""
    for key in path:
        inner = document[key]
        assert isinstance(inner, dict)
        document = inner
    return document
