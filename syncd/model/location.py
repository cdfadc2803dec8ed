"""Registered sources of catalog files."""

import hashlib
from dataclasses import dataclass
from typing import Literal, TypedDict

WriteMode = Literal["none", "branch", "commit"]

DISCOVERY_PATTERNS = ("**/catalog-info.yaml", "**/catalog-info.yml", "**/port.yml")
"""What a `git` location without a path reads, at any depth."""


@dataclass(frozen=True, slots=True)
class Location:
    """A registered source: type `url` names one file (or a glob) by its web or file URL, type `git` a clone URL.

    `ref` and `paths` belong to type `git` only: the git ref as a person writes it ("" is the remote's default
    branch) and the patterns to read (empty: discovery). `order` is the registration order, `configured` tells
    whether it comes from the configuration (then no API call may remove it).
    """

    id: str
    type: Literal["url", "git"]
    target: str
    ref: str = ""
    paths: tuple[str, ...] = ()
    priority: int = 0
    order: int = 0
    configured: bool = False
    write: WriteMode = "none"
    named_after: str = ""
    """Location ref that the generated entity was named after where it is not the present one: a location that is
    changed keeps its entity (C239)."""
    paused: bool = False
    """Its entities stay as they are and nobody looks at its source, until somebody resumes it."""
    poll_interval: float | None = None
    """Seconds between two looks at its source when nothing rings; None is the interval of the configuration."""

    @property
    def location_ref(self) -> str:
        """`url:<URL>`, or `git:<clone URL>[#<ref>[:<path>,…]]`."""
        if self.type == "url":
            return f"url:{self.target}"
        selector = self.ref + (":" + ",".join(self.paths) if self.paths else "")
        return f"git:{self.target}" + (f"#{selector}" if selector else "")

    @property
    def entity_name(self) -> str:
        """Name of the generated Location entity: `generated-` and the SHA-1 of the location ref (C79)."""
        named_after = self.named_after or self.location_ref
        return "generated-" + hashlib.sha1(named_after.encode(), usedforsecurity=False).hexdigest()

    @property
    def entity_ref(self) -> str:
        """Ref of the generated Location entity."""
        return f"location:default/{self.entity_name}"


class Adjustment(TypedDict, total=False):
    """How a location is dealt with: what may be said of it beside what it leads to. What is not named stays."""

    paused: bool
    write: WriteMode
    poll_interval: float | None


API_LOCATION = Location("api", "git", "", priority=-(2**31), order=2**31 - 1)
"""Stands for all entities made by API where a document has to have a location: any file wins over them. It is never
registered, and nobody gets to see it."""


@dataclass(frozen=True, slots=True)
class Target:
    """Files that a location or a Location entity asks for, resolved to a repository.

    `revision` is a git ref as a person writes it, a full ref name, a commit id, or "" for the default branch.
    `pattern` is a path from the repository's root, with `*`, `**`, `?` and `[…]`; `text` is what the author wrote.
    `url` is the web or file URL of the pattern where the target was reached by one ("" for git locations).
    """

    repository: str
    revision: str
    pattern: str
    text: str
    url: str = ""
    required: bool = True
