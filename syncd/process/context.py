"""All that processing may ask of the world, for one document."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from syncd.blueprints.definition import ProgramFault, any_program
from syncd.model.host import Hosts
from syncd.model.json import Json
from syncd.model.location import Location
from syncd.model.problem import Problem
from syncd.model.rules import AllowedKinds
from syncd.model.source import Source


@dataclass(frozen=True, slots=True)
class Completion:
    """What the catalog adds to entities where it is asked to (spec 2.7)."""

    codeowners: bool = False
    """Fill in a missing owner from CODEOWNERS."""
    scm_slug: bool = False
    """Name the repository in an annotation such as `github.com/project-slug`."""


NOTHING_ADDED = Completion()


@dataclass(frozen=True, slots=True)
class Context:
    """Where one document comes from, and how to read beside it.

    `url` is the web or file URL of the very file ("" where a git location led to it), `origin_ref` the location ref of
    the registration at the start of the way. `read` gives a file of the same commit, `values` parses one, `line_of`
    gives the line of a field of this document. `parent_ref` is the Location entity whose target led here, if one did.
    `allowed` are the kinds that may come from `location`, None for all. `completion` says what is added, `jq_fault`
    what is wrong with a program in a Blueprint.
    """

    location: Location
    source: Source
    url: str
    origin_ref: str
    hosts: Hosts
    read: Callable[[str], bytes | Problem]
    values: "Callable[[bytes, Literal['yaml', 'json']], Json | Problem]"
    line_of: Callable[[tuple[str | int, ...]], int]
    parent_ref: str = ""
    allowed: AllowedKinds | None = None
    completion: Completion = NOTHING_ADDED
    jq_fault: ProgramFault = any_program
