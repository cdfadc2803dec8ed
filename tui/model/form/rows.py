"""A form as rows: a line for each field, each item of a list, each entry of a map."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from rich.cells import cell_len

from tui.model.form.field import Field, Path, item_of
from tui.model.form.form import MIXED, Form
from tui.model.lines import Piece, TextLine, Tone, fitted
from tui.model.symbols import Mark, Symbols
from tui.model.value_text import value_text
from tui.safe_text import safe_text

CURSOR = 2
"""Cells before each line, for the cursor."""
LEAST = 8
"""Cells that a value has, however much is to be said of it."""

RowKind = Literal["field", "item", "entry", "add", "property", "new property"]


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row that can be changed: the field, and within it an item's number or an entry's key."""

    kind: RowKind
    path: Path
    index: int = -1
    key: str = ""


@dataclass(frozen=True, slots=True)
class RefState:
    """What is known of a text that names an entity: whether there is one, and what it may have been meant to be."""

    exists: bool
    near: str = ""


def form_rows(form: Form) -> list[FormRow]:
    """The rows of the document's fields."""
    rows: list[FormRow] = []
    for one in form.fields:
        value = form.value(one.path)
        if one.type == "list" and (value is None or isinstance(value, list)):
            rows += [FormRow("item", one.path, number) for number in range(len(value or ()))]
            rows.append(FormRow("add", one.path))
        elif one.type == "map" and (value is None or isinstance(value, Mapping)):
            rows += [FormRow("entry", one.path, key=key) for key in value or ()]
            rows.append(FormRow("add", one.path))
        else:
            rows.append(FormRow("field", one.path))
    return rows


def row_value(form: Form, row: FormRow) -> Any:
    """What a row says."""
    value = form.value(row.path)
    if row.kind == "item":
        return value[row.index]
    return value.get(row.key) if row.kind == "entry" else value if row.kind == "field" else None


def set_row(form: Form, row: FormRow, value: Any) -> None:
    """Let a row say something else; None takes the item, the entry, or the field away."""
    held = form.value(row.path)
    if row.kind == "item":
        items = [item for number, item in enumerate(held) if number != row.index or value is not None]
        if value is not None:
            items[row.index] = value
        form.set(row.path, items)
    elif row.kind == "entry":
        entries = {key: item for key, item in held.items() if key != row.key or value is not None}
        if value is not None:
            entries[row.key] = value
        form.set(row.path, entries)
    elif row.kind == "add" and form.field(row.path).type == "map":
        key, item = value
        form.set(row.path, {**(held or {}), key: item})
    elif row.kind == "add":
        form.set(row.path, [*(held or []), value])
    else:
        form.set(row.path, value)


def ref_of(form: Form, row: FormRow) -> str | None:
    """The kind that a row's text means where it names none, None where it is no ref."""
    one = form.field(row.path)
    return item_of(one).ref if one.type == "list" else one.ref


def row_line(
    form: Form, row: FormRow, first: bool, width: int, symbols: Symbols, refs: Mapping[tuple[str, str], RefState]
) -> TextLine:
    """A row as it is drawn: the label of the first row of its field, what it says, and what is to be said of that."""
    one = form.field(row.path)
    column = min(24, max(14, width // 4))
    needed = "*" if one.required else " "
    label = fitted(safe_text(_label(one)), column - 2, symbols.ellipsis) if first else " " * (column - 2)
    changed = form.is_changed(row.path)
    mark = Piece(f"{symbols[Mark.CHANGED]} " if changed and first else "  ", Tone.ACCENT)
    head = (mark, Piece(f"{label}{needed if first else ' '} ", Tone.TEXT if changed else Tone.QUIET))
    notes = _note(form, row, symbols, refs, alone=first)
    if row.kind == "add":
        return (*head, Piece("+ add", Tone.QUIET), *notes)
    value = row_value(form, row)
    key = (Piece(f"{safe_text(row.key)}  ", Tone.QUIET),) if row.kind == "entry" else ()
    taken = sum(cell_len(piece.text) for piece in (*head, *key, *notes)) + CURSOR
    shown = _shown(value, symbols)
    if cell_len(shown) > (room := max(LEAST, width - taken)):
        shown = fitted(shown, room, symbols.ellipsis)
    tone = Tone.QUIET if value is None or value is MIXED else Tone.TEXT
    return (*head, *key, Piece(shown, tone), *notes)


def _label(one: Field) -> str:
    return one.label if one.path[:1] in (("metadata",), ("spec",)) and len(one.path) == 2 else ".".join(one.path[-2:])


def _shown(value: Any, symbols: Symbols) -> str:
    if value is MIXED:
        return "(different values)"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping) and isinstance(value.get("url"), str):  # a link
        return "  ".join(filter(None, (value_text(value.get("title"), dash=""), value_text(value["url"]))))
    return value_text(value, dash=symbols.dash)


def _note(
    form: Form, row: FormRow, symbols: Symbols, refs: Mapping[tuple[str, str], RefState], *, alone: bool
) -> TextLine:
    """What is wrong, or whether what is named exists, or what it was."""
    pieces: list[Piece] = []
    wrong = form.fault(row.path) if form.is_changed(row.path) and alone else ""
    if wrong:
        pieces.append(Piece(f"   {symbols[Mark.ERROR]} {safe_text(wrong)}", Tone.ERROR))
    value = row_value(form, row)
    kind = ref_of(form, row)
    if not wrong and kind is not None and isinstance(value, str) and (state := refs.get((kind, value))):
        if state.exists:
            pieces.append(Piece(f"   {symbols[Mark.OK]} exists", Tone.GOOD))
        else:
            near = f"; did you mean {safe_text(state.near)}?" if state.near else ""
            pieces.append(Piece(f"   {symbols[Mark.WARNING]} not in the catalog{near}", Tone.WARNING))
    if row.kind == "field" and form.is_changed(row.path):
        was = _shown(form.original(row.path), symbols)
        pieces.append(Piece(f"   was {was}", Tone.QUIET))
    return tuple(pieces)
