"""What threads and screens tell each other. Posting a message is the only thing a thread may do to a screen."""

from collections.abc import Mapping
from dataclasses import dataclass

from textual.message import Message

from tui.layout_answers import LayoutAnswer
from tui.model.courier import Answer
from tui.model.finding_source import Facet, Suggestions
from tui.model.lines import TextLine
from tui.model.link import News
from tui.model.location_source import Reading, Tried
from tui.model.parting import Parting
from tui.model.questions import Question
from tui.model.source import Change, EntityDetails, EntityPage, LocationItem, ProblemItem, ProblemPage, Row
from tui.model.sql_source import SqlResult, SqlView


@dataclass
class PageArrived(Message):
    """Rows, or why there are none. `purpose` says what they were asked for."""

    purpose: str
    sequence: int
    number: int
    answer: Answer[EntityPage]


@dataclass
class DetailsArrived(Message):
    """An entity, or why there is none."""

    ref: str
    answer: Answer[EntityDetails]


@dataclass
class LayoutArrived(Message):
    """The cards of an entity, or why there are none."""

    answer: Answer[LayoutAnswer]


@dataclass
class ProblemsArrived(Message):
    """The list of problems."""

    answer: Answer[ProblemPage]


@dataclass
class LocationsArrived(Message):
    """The list of locations."""

    answer: Answer[tuple[LocationItem, ...]]


@dataclass
class LocationArrived(Message):
    """One location with its problems, or why it is not there."""

    answer: Answer[tuple[LocationItem, list[ProblemItem]]]


@dataclass
class LocationPaused(Message):
    """A location is paused or resumed, or why not."""

    location: str
    paused: bool
    answer: Answer[None]


@dataclass
class LocationSet(Message):
    """How a location is dealt with is changed, as this command does it, or why not."""

    command: str
    answer: Answer[None]


@dataclass
class LogArrived(Message):
    """Changes below a number, the newest first."""

    before: int
    answer: Answer[tuple[Change, ...]]


@dataclass
class SqlViewsArrived(Message):
    """What can be asked in SQL, or why nobody knows."""

    answer: Answer[tuple[SqlView, ...]]


@dataclass
class SqlAnswered(Message):
    """An answer, or why there is none; `number` is the question's."""

    number: int
    answer: Answer[SqlResult]


@dataclass
class SqlCounted(Message):
    """Rows of each table, or why nobody knows."""

    answer: Answer[Mapping[str, int]]


@dataclass
class EntitiesWanted(Message):
    """These entities are wanted in their table; the application takes them there."""

    refs: tuple[str, ...]


@dataclass
class SqlExported(Message):
    """The answer to a question is in a file, or why not."""

    question: Question
    path: str
    answer: Answer[None]


@dataclass
class EntitiesMeant(Message):
    """Entities that a text in the palette may mean, or why nobody knows."""

    text: str
    answer: Answer[tuple[Row, ...]]


@dataclass
class DaemonStarted(Message):
    """The daemon runs again, or why it does not."""

    answer: Answer[int]


@dataclass
class PreviewArrived(Message):
    """What a location would bring, or why nobody knows; `number` is the question's."""

    number: int
    answer: Answer[Tried]


@dataclass
class ReadingArrived(Message):
    """How far a preview is, or why nobody knows."""

    trial: str
    answer: Answer[Reading]


@dataclass
class LocationAdded(Message):
    """The id of a new location, or why there is none."""

    number: int
    answer: Answer[str]


@dataclass
class PartingArrived(Message):
    """What would leave the catalog, or why nobody knows."""

    answer: Answer[Parting]


@dataclass
class Removed(Message):
    """It is gone, or why it is not."""

    answer: Answer[None]


@dataclass
class OwnChange(Message):
    """The person at this screen has changed something, and it is visible."""


@dataclass
class SourceRung(Message):
    """The person at this screen had a source looked at."""


@dataclass
class FacetsArrived(Message):
    """Facets of a query line."""

    query: str
    answer: Answer[tuple[Facet, ...]]


@dataclass
class GroupsArrived(Message):
    """How many rows of a query line each group has."""

    query: str
    answer: Answer[tuple[tuple[str | None, int], ...]]


@dataclass
class SuggestionsArrived(Message):
    """What may stand at an offset of a line."""

    line: str
    at: int
    answer: Answer[Suggestions]


@dataclass
class RefsArrived(Message):
    """Refs to be marked; with `toggles`, to be unmarked where all of them are marked."""

    answer: Answer[tuple[str, ...]]
    toggles: bool = False


@dataclass
class TextMade(Message):
    """A text that was asked for; `what` says for what."""

    what: str
    answer: Answer[str]


@dataclass
class SqlWanted(Message):
    """A question for the SQL console; the application takes it there."""

    question: str


@dataclass
class NewsArrived(Message):
    """The link has something to tell."""

    news: News


@dataclass
class YamlMade(Message):
    """An entity as lines of YAML."""

    details: EntityDetails
    answer: Answer[list[TextLine]]
