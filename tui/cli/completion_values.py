"""What the shell may offer for values of arguments and options other than refs and query lines; see `completion`."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from tui.cli.completion import asked, items, known_fields
from tui.client import Client

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    Items = list[CompletionItem]

SCOPES = ("read", "properties:write", "locations:write", "entities:write", "edits:write", "sql", "admin")
"""What tokens and clients may do."""

SCHEMAS = (
    *("build", "deployment", "incidents", "quality", "security_issues", "security_scan", "custom"),
    "metric",
)
"""Schemas of activity records."""

_SQL_NAMES = (
    "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main' "
    "UNION SELECT column_name FROM information_schema.columns WHERE table_schema = 'main' ORDER BY 1"
)
_PLAIN = re.compile(r"[A-Za-z0-9_-]+")
_DEEPEST = 6


def complete_line(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> "Items":
    """A query line that is one word of the shell."""

    def ask(client: Client) -> list[str]:
        answer = client.complete(incomplete, len(incomplete), limit=200)
        return [incomplete[: answer["start"]] + one["text"] for one in answer["items"]]

    return items(asked(ctx, ask) or known_fields(incomplete), incomplete)


def complete_kinds(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> "Items":
    """Kinds that have a schema, in any case."""
    if ctx.params.get("words"):
        return []
    found = asked(ctx, lambda client: [one["kind"] for one in client.schemas()])
    return items((incomplete + kind[len(incomplete) :] for kind in found if _begins(kind, incomplete)), incomplete)


def _begins(text: str, beginning: str) -> bool:
    return text.lower().startswith(beginning.lower())


def complete_codes(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> "Items":
    """Codes of the problems that there are."""
    return items(asked(ctx, lambda client: sorted({one["code"] for one in client.problems()["items"]})), incomplete)


def complete_edits(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> "Items":
    """Ids of edits, the newest first."""
    return items(asked(ctx, lambda client: [one["id"] for one in client.edits(100)]), incomplete)


def complete_blueprints(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> "Items":
    """Identifiers of blueprints."""

    def ask(client: Client) -> list[str]:
        rows = client.entity_rows("kind:blueprint", ("name",), sort="name", limit=200)["rows"]
        return [row["cells"][0] or "" for row in rows]

    return items(asked(ctx, ask), incomplete)


def complete_repositories(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> "Items":
    """Clone URLs that locations read."""
    found = asked(ctx, lambda client: [one["target"] for one in client.locations() if one["type"] == "git"])
    return items(found, incomplete)


def complete_entity_fields(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> "Items":
    """Paths of what the entity has whose REF was named before."""
    return items(_fields_of(ctx, ctx.params.get("ref")), incomplete)


def complete_assignments(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> "Items":
    """First a REF, then paths of what that entity has, with the sign that a value follows."""
    from tui.cli.completion import complete_refs

    words = ctx.params.get("words") or ()
    if not words and not ctx.params.get("line"):
        return complete_refs(ctx, parameter, incomplete)
    sign = "=" if ctx.info_name == "set" else ""
    return items((path + sign for path in _fields_of(ctx, words[0] if words else None)), incomplete)


def _fields_of(ctx: click.Context, text: Any) -> list[str]:
    if not isinstance(text, str):
        return []

    def ask(client: Client) -> list[str]:
        from tui.cli.reference import resolve

        return list(_paths(client.entity(resolve(client, text, "catalog"))["entity"]))

    return asked(ctx, ask)


def _paths(value: Mapping[str, Any], above: str = "", depth: int = 0) -> Iterator[str]:
    for key, inner in value.items():
        if not above and key in ("relations", "status", "apiVersion", "kind"):
            continue
        path = f"{above}.{key}" if above and _PLAIN.fullmatch(key) else f'{above}."{key}"' if above else key
        if isinstance(inner, dict) and inner and depth < _DEEPEST:
            yield from _paths(inner, path, depth + 1)
        else:
            yield path


def complete_sql(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> "Items":
    """The last word of a question: views and their columns."""
    last = re.search(r"\w*$", incomplete)
    assert last is not None
    if not last[0]:
        return []

    def ask(client: Client) -> list[str]:
        return [str(row[0]) for row in client.sql(_SQL_NAMES)["rows"]]

    before = incomplete[: last.start()]
    return items((before + name for name in asked(ctx, ask)), incomplete)


def complete_paths(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> "Items":
    """Paths at which custom properties are set."""
    return items(asked(ctx, lambda client: _distinct(one["path"] for one in client.all_properties())), incomplete)


def complete_owners_of_properties(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> "Items":
    """Refs that have custom properties, also of entities that are gone."""
    return items(asked(ctx, lambda client: _distinct(one["ref"] for one in client.all_properties())), incomplete)


def _distinct(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def complete_scopes(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> "Items":
    """What a token may do."""
    return items(SCOPES, incomplete)


def complete_intervals(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> "Items":
    """How often a source may be looked at."""
    from tui.model.interval import EXAMPLES

    return items(EXAMPLES, incomplete)


def complete_schemas(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> "Items":
    """Schemas of activity records."""
    return items(SCHEMAS, incomplete)


def complete_files(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> "Items":
    """Files, by the shell itself."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]
