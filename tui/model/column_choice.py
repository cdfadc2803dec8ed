"""Choosing columns: those of the table, those that are known, and any path that entities have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tui.model.query_line import conditions
from tui.model.source import Source, SourceError

PREFIXES = ("spec.", "metadata.labels.", "metadata.annotations.")
"""Where paths are looked for."""
PATHS = 60
"""Paths of each that are offered."""
SAMPLED = 20
"""Entities whose values are samples."""
AT_ONCE = 40
"""Columns of one question."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """A column that may be chosen, with a value of it, empty where none was seen."""

    name: str
    sample: str


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """`chosen` in their order; `known` are offered beside them, as far as they hold what is looked for."""

    chosen: tuple[str, ...]
    known: tuple[str, ...]
    samples: Mapping[str, str] = field(default_factory=dict)
    sought: str = ""

    @property
    def listed(self) -> tuple[str, ...]:
        """The chosen ones, then the others; a path that is written and that nobody knows can be chosen, too."""
        names = tuple(dict.fromkeys((*self.chosen, *self.known)))
        found = tuple(name for name in names if self.sought.lower() in name.lower())
        is_path = "." in self.sought.strip(".") and not any(c.isspace() or c in ',"' for c in self.sought)
        return (*found, self.sought) if is_path and self.sought not in names else found

    def looking_for(self, text: str) -> "ColumnChoice":
        """Only what holds a text."""
        return replace(self, sought=text)

    def with_samples(self, found: Sequence[Sampled]) -> "ColumnChoice":
        """Paths that there are, and values."""
        names = dict.fromkeys((*self.known, *(one.name for one in found)))
        return replace(self, known=tuple(names), samples={one.name: one.sample for one in found})

    def with_chosen(self, names: Sequence[str]) -> "ColumnChoice":
        """Other columns."""
        return replace(self, chosen=tuple(names))

    def toggled(self, name: str) -> "ColumnChoice":
        """A column in, as the last, or out; the last one stays: a table has one column at least."""
        if name in self.chosen:
            rest = tuple(one for one in self.chosen if one != name)
            return self.with_chosen(rest) if rest else self
        return self.with_chosen((*self.chosen, name)) if name else self

    def shifted(self, name: str, step: int) -> "ColumnChoice":
        """A column further to the right (1) or left (-1)."""
        if name not in self.chosen:
            return self
        names = list(self.chosen)
        at = names.index(name)
        names.insert(max(0, min(len(names) - 1, at + step)), names.pop(at))
        return self.with_chosen(names)


def sampled_columns(source: Source, query: str, known: Sequence[str]) -> tuple[Sampled, ...]:
    """Columns with samples from entities that the line means: those that are known, and the paths there are."""
    names = dict.fromkeys(known)
    for prefix in PREFIXES:
        line = f"{conditions(query)} {prefix}".lstrip()
        try:
            names |= dict.fromkeys(one.text.rstrip(":") for one in source.complete(line, len(line), PATHS).items)
        except SourceError:
            continue
    paths = [name for name in names if name in known or "." in name]
    samples: dict[str, str] = {}
    for start in range(0, len(paths), AT_ONCE):
        some = paths[start : start + AT_ONCE]
        page = source.entities(query, some, "name", 0, SAMPLED)
        for at, name in enumerate(some):
            samples[name] = next((cell for row in page.rows if (cell := row.cells[at])), "") or ""
    return tuple(Sampled(name, samples.get(name, "")) for name in paths)
