"""Which files of a location that is only tried are to be registered; the documents of a file come together."""

import re
from dataclasses import dataclass, replace

from tui.model.location_source import Preview, Previewed, Wanted

_SPECIAL = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class FileChoice:
    """`files` are those that can be chosen by themselves, in the order in which they were told; `left` are left out.

    `reason` says why there is nothing to choose, empty where there is.
    """

    files: tuple[str, ...] = ()
    left: frozenset[str] = frozenset()
    reason: str = "read it first"

    def is_left(self, path: str) -> bool:
        """Whether a file is left out."""
        return path in self.left

    def can(self, path: str) -> bool:
        """Whether there is a choice about a file."""
        return not self.reason and path in self.files

    def toggled(self, path: str) -> "FileChoice":
        """The file in, or out again."""
        return replace(self, left=self.left ^ {path}) if self.can(path) else self

    def turned(self) -> "FileChoice":
        """What was left out in the place of what was not."""
        return replace(self, left=frozenset(self.files) - self.left)

    @property
    def paths(self) -> tuple[str, ...]:
        """Patterns that mean exactly the files that are chosen; none where none is left out."""
        return tuple(pattern_of(path) for path in self.files if path not in self.left) if self.left else ()


def file_choice(wanted: Wanted, preview: Preview) -> FileChoice:
    """What can be chosen of a preview, all of it chosen."""
    if wanted.type != "git":
        return FileChoice(reason="a URL names one file")
    files = tuple(dict.fromkeys(one.path for one in preview.documents if is_own(one, wanted)))
    if len(files) < 2:
        return FileChoice(reason="there is one file, or none")
    if sum(preview.counts.values()) > len(preview.documents):
        return FileChoice(reason="there are more than are shown; name files above")
    return FileChoice(files, reason="")


def is_own(document: Previewed, wanted: Wanted) -> bool:
    """Whether a document is of the repository itself: others are brought by the Location that names them."""
    return bool(document.path) and document.repository in ("", wanted.target)


def pattern_of(path: str) -> str:
    """A pattern that matches this path alone, as the daemon reads patterns."""
    escaped = _SPECIAL.sub(lambda found: f"[{found.group()}]", path.replace("%", "%25"))
    return f"[~]{escaped[1:]}" if escaped.startswith("~") else escaped
