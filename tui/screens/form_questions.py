"""Which question a row of the form asks, and what is made of the answer."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from tui.cli.json_text import json_text
from tui.model.form.field import Field, fault, item_of, key_fault
from tui.model.form.form import MIXED
from tui.model.form.loading import Loaded
from tui.model.form.rows import FormRow, ref_of, row_value
from tui.model.json_value import json_or_text
from tui.model.source import Source
from tui.model.yaml_places import field_text
from tui.safe_text import safe_text
from tui.screens.choice_picker import Choice, ChoicePicker
from tui.screens.value_editor import Question, Suggest, ValueEditor

if TYPE_CHECKING:
    from tui.screens.edit_form import EditScreen

SUGGESTED = 30
"""Entities, or values, that are offered at once."""
KNOWN_VALUES = 200
"""Values of a field among which the offered ones are found."""

Changed = Callable[[FormRow, Any], None]


class Questions:
    """Asks for the values of one form."""

    def __init__(self, screen: "EditScreen", loaded: Loaded) -> None:
        self._screen = screen
        self._loaded = loaded
        self._form = loaded.form

    def ask(self, row: FormRow, changed: Changed) -> None:
        """Ask for the value of a row; `changed` is called with it where the person gives one."""
        if row.kind == "new property":
            self._entry(row, "Property beside git", "metadata.tier = gold", lambda _: "", changed)
            return
        if row.kind == "property":
            value = self._loaded.properties.value(row.path[0])
            question = Question(row.path[0], _written(value), "a JSON value, or a text; it lies over the file")
            self._line(row, question, json_or_text, changed)
            return
        one = self._form.field(row.path)
        inner = item_of(one) if row.kind in ("item", "entry", "add") else one
        if row.kind == "add" and one.type == "map":
            self._entry(row, one.label, "key = value", lambda key: key_fault(one, key), changed)
        elif inner.choices or inner.type == "boolean":
            self._choice(row, inner, changed)
        else:
            self._value(row, inner, changed)

    def _value(self, row: FormRow, one: Field, changed: Changed) -> None:
        value = None if row.kind == "add" else row_value(self._form, row)
        title = f"{one.label}  {row.key}" if row.key else one.label
        if isinstance(value, str) and safe_text(value, multiline=True, limit=len(value)) != value:
            hint = "it holds characters that act on a terminal: written as JSON"
            question = Question(title, json_text(value), hint, lambda text: fault(one, json_or_text(text)))
            self._line(row, question, json_or_text, changed)
            return
        if (isinstance(value, str) and "\n" in value) or one.path[-1:] == ("description",):
            self._lines(row, title, value if isinstance(value, str) else "", changed)
            return
        rule = str(one.rule.get("description") or "")
        question = Question(title, _written(value), rule, lambda text: fault(one, _read(one, text)), self._suggest(row))
        self._line(row, question, lambda text: _read(one, text), changed)

    def _line(self, row: FormRow, question: Question, read: Callable[[str], Any], changed: Changed) -> None:
        def answered(text: str | None) -> None:
            if text is not None:
                changed(row, read(text.strip()) if text.strip() else None)

        self._screen.app.push_screen(ValueEditor(self._screen.desk, question), answered)

    def _lines(self, row: FormRow, title: str, text: str, changed: Changed) -> None:
        from tui.screens.text_editor import TextEditor

        def answered(answer: str | None) -> None:
            if answer is not None:
                changed(row, answer or None)

        self._screen.app.push_screen(TextEditor(title, text), answered)

    def _choice(self, row: FormRow, one: Field, changed: Changed) -> None:
        values = one.choices or ("true", "false")
        held = None if row.kind == "add" else row_value(self._form, row)
        current = str(held).lower() if isinstance(held, bool) else str(held)

        def answered(value: str | None) -> None:
            if value is not None:
                changed(row, value == "true" if one.type == "boolean" else value)

        picker = ChoicePicker(one.label, [Choice(value, value) for value in values], current)
        self._screen.app.push_screen(picker, answered)

    def _entry(self, row: FormRow, title: str, hint: str, wrong: Callable[[str], str], changed: Changed) -> None:
        """Key and value in one line."""

        def judged(text: str) -> str:
            key, sign, _ = text.partition("=")
            return "write key = value" if text and not (sign and key.strip()) else wrong(key.strip()) if text else ""

        def answered(text: str | None) -> None:
            key, sign, value = (text or "").partition("=")
            if sign and key.strip():
                found = value.strip() if row.kind == "add" else json_or_text(value.strip())
                changed(row, (key.strip(), found))

        self._screen.app.push_screen(ValueEditor(self._screen.desk, Question(title, "", hint, judged)), answered)

    def _suggest(self, row: FormRow) -> Suggest | None:
        kind, path = ref_of(self._form, row), self._form.field(row.path).path
        source, namespace = self._screen.desk.source, self._loaded.namespace
        if kind is not None:
            return lambda text: suggested(source, kind, namespace, text)
        if row.kind == "entry" or path[-1] in UNLIKE:
            return None
        kinds = self._loaded.kind.replace(" ", "")
        return lambda text: values_in_use(source, f"kind:{kinds}", field_text(path), text)


UNLIKE = frozenset({"title", "description", "definition", "displayName", "email", "picture"})
"""Fields in which no two entities say the same."""


def values_in_use(source: Source, line: str, field: str, text: str) -> Sequence[Choice]:
    """What other entities of the kind say there, the most frequent first, as far as it goes on as the text does."""
    found = source.facets(line, (field,), KNOWN_VALUES)
    wanted = text.strip().lower()
    values = [one for facet in found for one in facet.values if wanted in one.value.lower() and one.value != text]
    return [Choice(one.value, one.value, f"{one.count:,}") for one in values[:SUGGESTED]]


def suggested(source: Source, kind: str, namespace: str, text: str) -> Sequence[Choice]:
    """Entities whose names begin as the text does, written as a field of that kind would name them."""
    said, colon, name = text.strip().rpartition(":")
    asked = said if colon else kind
    name = name.rpartition("/")[2]
    words = [f'kind:"{_quoted(asked)}"'] if asked else []
    words += [f'name:"{_quoted(name)}"*'] if name else []
    page = source.entities(" ".join(words), ("name", "title", "kind"), "name", 0, SUGGESTED)
    return [_offered(row.ref, kind, namespace, row.cells[1] or "") for row in page.rows]


def _offered(ref: str, kind: str, namespace: str, title: str) -> Choice:
    found, _, rest = ref.partition(":")
    space, _, name = rest.partition("/")
    short = name if space == namespace else rest
    text = short if found.lower() == kind.lower() else f"{found}:{short}"
    return Choice(text, text, title if title != name else "")


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _written(value: Any) -> str:
    if value is None or value is MIXED:
        return ""
    return value if isinstance(value, str) and safe_text(value, limit=len(value)) == value else json_text(value)


def _read(one: Field, text: str) -> Any:
    """A text as the value that the field wants; what it cannot be stays a text, and is told to be wrong."""
    if one.type == "text":
        return text
    found = json_or_text(text)
    return found if one.type in ("value", "list", "map") or not isinstance(found, str) else text
