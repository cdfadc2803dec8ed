"""Where one value comes from: a line that somebody committed, something that was said by API, or the catalog itself."""

from dataclasses import dataclass
from typing import Literal

from syncd.model.json import Json

Said = Literal["git", "overlay", "api", "location", "catalog"]
"""By a file; as a custom property; by the document of an entity made by API; by a registration; by nobody."""


@dataclass(frozen=True, slots=True)
class Origin:
    """One of those who say a value; what does not apply is empty.

    `in_force` is False for what something above it hides. `ref` and `field` name the entity that says it, which is
    another one for some relations. `line` and `end_line` are where it stands in `path` now, `changed_line` is the one
    of them that changed last: by `by`, at `at`, with `commit`. `cut` says that the mirror's history ends there, so that
    it may be older. `door` and `mode` belong to custom properties, `seq` is the row of the log.
    """

    said: Said
    ref: str
    field: str
    value: Json = None
    in_force: bool = True
    reason: str = ""
    by: str = ""
    email: str = ""
    at: str = ""
    repository: str = ""
    branch: str = ""
    path: str = ""
    line: int = 0
    end_line: int = 0
    changed_line: int = 0
    url: str = ""
    commit: str = ""
    subject: str = ""
    cut: bool = False
    door: str = ""
    mode: str = ""
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Why:
    """The answer: the value in force at a field, and who says it, what is in force first. `more` says that there are
    others, which are left out."""

    ref: str
    field: str
    value: Json
    origins: tuple[Origin, ...]
    more: bool = False
