"""An entity that nobody has written yet: of which kind, where it may go, and the lines that it begins with."""

from collections.abc import Sequence
from dataclasses import dataclass

from tui.model.source import LocationItem, Source

NAMESPACE = "default"


@dataclass(frozen=True, slots=True)
class Prospects:
    """What a new entity can be, and the locations that it may be written to."""

    kinds: tuple[str, ...]
    places: tuple[LocationItem, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """The lines of a document. `open` names the fields that only hold an example, `faults` what the catalog would not
    take."""

    ref: str
    text: str
    open: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def notes(self) -> list[str]:
        """What stands above the lines for who writes them."""
        if self.faults:
            head = ["this would not be written:", *(f"  {line}" for one in self.faults for line in one.splitlines())]
        else:
            head = [f"{self.ref}: nothing is written yet; lines like these are left out"]
        if self.open:
            told = "an example, say" if len(self.open) == 1 else "examples, say"
            return [
                *head,
                f"{', '.join(self.open)}: {told} what is true",
                "save and leave to go on; leave it as it is to stop",
            ]
        return [*head, "save and leave to go on; take everything out to stop"]


def prospects(source: Source) -> Prospects:
    """Ask the daemon."""
    places = tuple(one for one in source.locations() if one.write != "none")
    return Prospects(source.kinds(), places)


def outline(source: Source, kind: str, named: str) -> Outline:
    """The outline of an entity by its kind and what the person named it: a name, or a namespace and a name."""
    from tui.cli.yaml_text import yaml_text

    namespace, _, name = named.rpartition("/")
    namespace = namespace or NAMESPACE
    drawn = source.outline({"kind": kind, "name": name, "namespace": namespace})
    faults = tuple(f"{one['message']}{'; ' + one['hint'] if one['hint'] else ''}" for one in drawn["problems"])
    ref = f"{kind.lower()}:{namespace}/{name}"
    return Outline(ref, yaml_text(drawn["entity"]), tuple(drawn["open"]), faults)


def where(places: Sequence[LocationItem]) -> list[tuple[str, str, str]]:
    """The locations to choose from: id, target, and how edits go there."""
    from tui.model.reports import short_repository

    words = {"commit": "a commit, or a branch of its own", "branch": "a branch of its own"}
    return [(one.id, short_repository(one.target), words.get(one.write, one.write)) for one in places]
