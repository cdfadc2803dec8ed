"""The page of a Layout: Harness's structure unchanged, every expression in it read already (spec 9, 15.6).

page: {name, tabs: [{name, path, title, contents: [{component, specs: {props, gridProps, children, cases}}]}]}
"""

from collections.abc import Iterator
from dataclasses import dataclass

from syncd.expressions import ExpressionError, parse, parse_template
from syncd.model.json import FieldPath, Json, JsonObject
from syncd.process.schema import Fields, Items, Rule, Text, Violation, described, field_text

MAX_CONTENTS = 200
"""Components of one layout, those in cases and children counted."""
MAX_EXPRESSIONS = 1000
"""Texts with expressions in one layout."""
GRID_SIZES = ("xs", "sm", "md", "lg", "xl")
COLUMNS = 12


def page_of(spec: JsonObject) -> JsonObject:
    """The page of a checked layout; one that was copied whole, with its own key `page`, is taken out of it."""
    page, _ = _unwrapped(spec["page"])
    assert isinstance(page, dict)
    return page


def _unwrapped(page: Json) -> tuple[Json, FieldPath]:
    return (page["page"], ("page",)) if isinstance(page, dict) and page.keys() == {"page"} else (page, ())


@dataclass(frozen=True, slots=True)
class _Optional:
    """What a rule says, or nothing (null)."""

    rule: Rule
    example: str = ""

    @property
    def noun(self) -> str:
        return self.rule.noun

    def check(self, value: Json, path: FieldPath, found: list[Violation]) -> None:
        if value is not None:
            self.rule.check(value, path, found)


@dataclass(frozen=True, slots=True)
class _Columns:
    """How many of the twelve columns."""

    example: str = "6"
    noun: str = f"a whole number from 1 to {COLUMNS}"

    def check(self, value: Json, path: FieldPath, found: list[Violation]) -> None:
        if type(value) is not int or not 1 <= value <= COLUMNS:
            message = f"{field_text(path)} must be {self.noun}, not {described(value)}"
            found.append(Violation(path, "entity.format", message, "12 is the whole width, 6 is half of it"))


@dataclass(frozen=True, slots=True)
class _Content:
    """A component with its specs; in its cases and children stand others."""

    example: str = "{component: EntityAboutCard}"
    noun: str = "a mapping with a component"

    def check(self, value: Json, path: FieldPath, found: list[Violation]) -> None:
        _CONTENT.check(value, path, found)


@dataclass(frozen=True, slots=True)
class _CaseContent:
    """One component, or several."""

    example: str = "{component: EmptyState}"
    noun: str = "a mapping with a component, or a list of them"

    def check(self, value: Json, path: FieldPath, found: list[Violation]) -> None:
        rule: Rule = Items(_Content()) if isinstance(value, list) else _Content()
        rule.check(value, path, found)


_ANY_TEXT = Text(empty=True)
_SPECS = Fields(
    optional={
        "props": _Optional(Fields()),
        "gridProps": _Optional(Fields(optional=dict.fromkeys(GRID_SIZES, _Optional(_Columns())))),
        "children": _Optional(Items(_Content())),
        "cases": _Optional(Items(Fields({"content": _CaseContent()}))),
    }
)
_CONTENT = Fields({"component": Text(example="EntityAboutCard")}, {"specs": _Optional(_SPECS)})
_TAB = Fields(
    {"contents": _Optional(Items(_Content()))},
    dict.fromkeys(("name", "path", "title"), _Optional(_ANY_TEXT)),
)
_PAGE = Fields({"tabs": Items(_TAB)}, {"name": _Optional(_ANY_TEXT)})


@dataclass(frozen=True, slots=True)
class Page:
    """The rule for `spec.page`."""

    example: str = "{tabs: [{title: Overview, contents: [{component: EntityAboutCard}]}]}"
    noun: str = "a mapping with tabs"

    def check(self, value: Json, path: FieldPath, found: list[Violation]) -> None:
        """See `Rule`."""
        page, below = _unwrapped(value)
        before = len(found)
        _PAGE.check(page, (*path, *below), found)
        if len(found) == before:
            _check_texts(page, (*path, *below), found)


def _check_texts(page: Json, path: FieldPath, found: list[Violation]) -> None:
    contents = expressions = 0
    for at, value in _walk(page, path):
        if isinstance(value, dict) and "component" in value:
            contents += 1
        if isinstance(value, str) and (at[-1] == "if" or "<+" in value):
            expressions += 1
            _check_text(at, value, found)
    for number, most, what in (
        (contents, MAX_CONTENTS, "components"),
        (expressions, MAX_EXPRESSIONS, "texts with expressions"),
    ):
        if number > most:
            message = f"{field_text(path)} has {number} {what}, and {most} is the most"
            found.append(Violation(path, "layout.limit", message, "split it into several layouts by spec.type"))


def _check_text(path: FieldPath, text: str, found: list[Violation]) -> None:
    try:
        if path[-1] == "if":
            parse(text)
        else:
            parse_template(text)
    except ExpressionError as error:
        message = f"{field_text(path)}: {error.message} (character {error.position + 1} of the text)"
        found.append(Violation(path, "layout.expression", message, error.hint))


def _walk(value: Json, path: FieldPath) -> Iterator[tuple[FieldPath, Json]]:
    yield path, value
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _walk(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk(item, (*path, index))


LAYOUT = Fields({"kind": Text(example="Component"), "page": Page()}, {"type": Text()})
"""The `spec` of a Layout: for which kind and type it is, and the page."""
