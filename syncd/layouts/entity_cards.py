"""Cards about the entity itself: warnings, what it is, its links, and what is around it."""

from syncd.layouts.card import Card, Item
from syncd.layouts.subject import Subject
from syncd.layouts.writer import Writer
from syncd.model.json import Json, JsonObject, text_at

MAX_LINES = 40
"""Lines of a definition that a card shows."""
DEFAULT_DEPTH = 1
DEEPEST = 4


def orphan(subject: Subject, _props: JsonObject, _writer: Writer) -> Card | None:
    """Nothing leads to the entity any more."""
    if not subject.is_orphan:
        return None
    text = "No source has this entity any more. It stays until somebody deletes it, or a source has it again."
    return Card("Orphan", "warning", text)


def absent_relations(subject: Subject, _props: JsonObject, _writer: Writer) -> Card | None:
    """Relations to entities that are not there."""
    absent = subject.absent_targets()
    if not absent:
        return None
    items = tuple(Item(ref, note="not in the catalog") for ref in absent)
    return Card("Relations that lead nowhere", "warning", items=items)


def errors(subject: Subject, _props: JsonObject, _writer: Writer) -> Card | None:
    """What is wrong in its sources."""
    items = [
        Item(flaw.message, f"{flaw.path}:{flaw.line}" if flaw.line else flaw.path, note=flaw.hint)
        for flaw in subject.flaws
    ] or [Item(message) for message in subject.errors]
    return Card("Errors", "error", items=tuple(items)) if items else None


def about(subject: Subject, _props: JsonObject, _writer: Writer) -> Card:
    """What the entity is, and whose."""
    spec = subject.mapping("spec")
    fields = [("kind", subject.text("kind"))]
    fields += [(key, _text(spec.get(key))) for key in ("type", "lifecycle")]
    for key, type_, kinds in (
        ("owner", "ownedBy", ()),
        ("system", "partOf", ["system"]),
        ("domain", "partOf", ["domain"]),
    ):
        refs = subject.targets([type_], kinds) if spec.get(key) else []
        fields.append((key, ", ".join(refs) or _text(spec.get(key))))
    fields.append(("tags", ", ".join(map(_text, subject.listed("metadata", "tags")))))
    items = tuple(Item(value, label) for label, value in fields if value)
    title = subject.text("metadata", "title") or subject.text("metadata", "name")
    return Card(title, text=subject.text("metadata", "description"), items=items)


def links(subject: Subject, props: JsonObject, writer: Writer) -> Card:
    """`metadata.links`."""
    items = []
    for link in subject.listed("metadata", "links"):
        if isinstance(link, dict) and (url := text_at(link, "url")):
            items.append(Item(text_at(link, "title") or url, type="link", url=url))
    title = writer.text(props.get("title")) or "Links"
    return Card(title, text="" if items else "It has no links.", items=tuple(items))


def labels(subject: Subject, props: JsonObject, writer: Writer) -> Card:
    """`metadata.labels`."""
    items = tuple(Item(_text(value), key) for key, value in subject.mapping("metadata", "labels").items())
    title = writer.text(props.get("title")) or "Labels"
    return Card(title, text="" if items else "It has no labels.", items=items)


def graph(subject: Subject, props: JsonObject, writer: Writer) -> Card:
    """The entities around it, to be drawn as a tree."""
    depth = props.get("maxDepth")
    reach = min(max(depth, 1), DEEPEST) if type(depth) is int else DEFAULT_DEPTH
    found = subject.reader.graph(subject.ref, reach) if subject.targets() else None
    title = writer.text(props.get("title")) or "Relations"
    return Card(title, text="" if found else "It has no relations.", graph=found)


def profile(subject: Subject, _props: JsonObject, _writer: Writer) -> Card:
    """Who a user or a group is."""
    values = subject.mapping("spec", "profile")
    email = _text(values.get("email"))
    items = [Item(_text(values.get("displayName")), "name"), Item(subject.text("spec", "type"), "type")]
    items.append(Item(email, "e-mail", "link", f"mailto:{email}" if email else None))
    for label, type_ in (("parent", "childOf"), ("children", "parentOf"), ("groups", "memberOf")):
        items.append(Item(", ".join(subject.targets([type_])), label))
    title = subject.text("metadata", "title") or _text(values.get("displayName")) or subject.text("metadata", "name")
    shown = tuple(item for item in items if item.value)
    text = subject.text("metadata", "description") or ("" if shown else "It says nothing of itself.")
    return Card(title, text=text, items=shown)


def definition(subject: Subject, _props: JsonObject, _writer: Writer) -> Card:
    """The beginning of an API's definition."""
    lines = subject.text("spec", "definition").splitlines()
    rest = [f"… {len(lines) - MAX_LINES} more lines"] if len(lines) > MAX_LINES else []
    text = "\n".join([*lines[:MAX_LINES], *rest]) or "It has no definition."
    return Card(f"Definition ({subject.text('spec', 'type')})", text=text)


def documentation(subject: Subject, _props: JsonObject, _writer: Writer) -> Card:
    """Where its documentation is."""
    named = _text(subject.mapping("metadata", "annotations").get("backstage.io/techdocs-ref"))
    if not named:
        text = "It names no documentation (annotation backstage.io/techdocs-ref)."
        return Card("Documentation", "quiet", text)
    return Card("Documentation", items=(Item(named, "techdocs-ref"),))


def _text(value: Json) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)
