"""A layout resolved for an entity: its components become cards."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from syncd.expressions import Scope
from syncd.layouts.card import Card, Page, Tab
from syncd.layouts.choice import Chosen
from syncd.layouts.components import COMPONENTS, LOOKS
from syncd.layouts.subject import Subject
from syncd.layouts.writer import Writer
from syncd.model.activity import StoredRecord
from syncd.model.json import Json, JsonObject, text_at
from syncd.model.text import shown
from syncd.process.layout import GRID_SIZES

SWITCH = "EntitySwitch"
LONGEST_TEXT = 10_000
"""Characters of a card's text."""
_ADDONS_OF = frozenset({"EntityTechdocsContent"})
"""Components whose children are parts of themselves and no cards."""


def resolve(chosen: Chosen, subject: Subject) -> Page:
    """The page of an entity. What a layout names and nobody knows is a warning, and the rest is there (H69)."""
    return _Resolver(subject).page(chosen)


def remarks(page: JsonObject) -> tuple[str, ...]:
    """What would be warned of on any entity: names in a page that nobody knows, also in cases that are not shown."""
    resolver = _Resolver(Subject("", {}, Scope({}), _Nothing()))
    for tab in _mappings(page.get("tabs")):
        resolver.inspect(_mappings(tab.get("contents")))
    return resolver.warnings


class _Nothing:
    """A catalog with nothing in it."""

    def documents(self, refs: Sequence[str]) -> list[JsonObject | None]:
        return [None for _ in refs]

    def graph(self, ref: str, depth: int) -> JsonObject:
        return {"root": ref, "depth": depth}

    def activity(self, *_: object) -> tuple[Sequence[StoredRecord], bool]:
        return (), False


class _Resolver:
    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._writer = Writer(subject.scope)
        self._named: dict[str, bool] | None = None

    def page(self, chosen: Chosen) -> Page:
        tabs = tuple(self._tab(tab) for tab in _mappings(chosen.page.get("tabs")))
        writer = self._writer
        return Page(tabs, (*chosen.warnings, *writer.warnings), writer.unresolved, writer.replaced)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was warned of so far."""
        return self._writer.warnings

    def inspect(self, contents: Sequence[JsonObject]) -> None:
        """Look at contents, at all their cases and all their children."""
        for content in contents:
            name, specs = text_at(content, "component") or "", _mapping(content.get("specs"))
            if name != SWITCH:
                self._card(name, _mapping(specs.get("props")))
            for case in _mappings(specs.get("cases")):
                self._writer.holds(case.get("if"), self._conditions())
                self.inspect(_contents_of(case))
            if name not in _ADDONS_OF:
                self.inspect(_mappings(specs.get("children")))

    def _tab(self, tab: JsonObject) -> Tab:
        name, path = text_at(tab, "name") or "", text_at(tab, "path") or ""
        title = self._writer.text(tab.get("title")) or name or path
        return Tab(name, title, path, tuple(self._cards(_mappings(tab.get("contents")))))

    def _cards(self, contents: Sequence[JsonObject]) -> Iterator[Card]:
        for content in contents:
            yield from self._content(content)

    def _content(self, content: JsonObject) -> Iterator[Card]:
        name, specs = text_at(content, "component") or "", _mapping(content.get("specs"))
        grid = _grid(specs)
        if name == SWITCH:
            for shown_case in self._cards(self._case(_mappings(specs.get("cases")))):
                yield shown_case if shown_case.grid else replace(shown_case, grid=grid)
            return
        if (card := self._card(name, _mapping(specs.get("props")))) is not None:
            yield replace(card, component=name, grid=grid, text=card.text[:LONGEST_TEXT])
        if name not in _ADDONS_OF:
            yield from self._cards(_mappings(specs.get("children")))

    def _case(self, cases: Sequence[JsonObject]) -> Sequence[JsonObject]:
        """The content of the first case that holds (H71)."""
        for case in cases:
            if self._writer.holds(case.get("if"), self._conditions()):
                return _contents_of(case)
        return ()

    def _card(self, name: str, props: JsonObject) -> Card | None:
        component = COMPONENTS.get(name)
        if component is None:
            self._writer.warn(f"the component {shown(name)} is not known here")
            return Card(name, "quiet", "This component is not known here; nothing of it is shown.")
        for prop in props:
            if prop not in component.props and prop not in LOOKS:
                self._writer.warn(f"{name}: the prop {shown(prop)} is not known and does nothing")
        return component.make(self._subject, props, self._writer)

    def _conditions(self) -> dict[str, bool]:
        """Conditions that a case may name instead of an expression."""
        if self._named is None:
            subject = self._subject
            self._named = {
                "isOrphan": subject.is_orphan,
                "hasRelationWarnings": bool(subject.absent_targets()),
                "hasCatalogProcessingErrors": bool(subject.flaws or subject.errors),
            }
        return self._named


def _contents_of(case: JsonObject) -> list[JsonObject]:
    content = case.get("content")
    return _mappings(content if isinstance(content, list) else [content])


def _grid(specs: JsonObject) -> dict[str, int]:
    given = _mapping(specs.get("gridProps"))
    return {size: columns for size in GRID_SIZES if type(columns := given.get(size)) is int}


def _mapping(value: Json) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _mappings(value: Json) -> list[JsonObject]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
