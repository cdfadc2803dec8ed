"""Words that the shell may offer: asked of the daemon, for at most 150 ms, and silent when it does not answer."""

import os
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import click

from tui.cli.session import Session
from tui.client import Client, find_address

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

SECONDS = 0.15
"""The longest that completion keeps a person waiting for the daemon."""

LIMIT = 200
"""Words offered at most."""

FIELDS = ("kind", "name", "namespace", "owner", "type", "lifecycle", "system", "domain", "tag", "title", "description")
"""Fields of the query line that are offered without asking."""

_FACETS = (
    "metadata.namespace",
    "spec.owner",
    "spec.type",
    "spec.lifecycle",
    "spec.system",
    "spec.domain",
    "metadata.tags",
)


_RELATIONS = ("ownedBy", "partOf", "dependsOn", "providesApi", "consumesApi", "childOf", "memberOf")


def complete_refs(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Refs that begin so; without a kind, names that begin so."""
    with_kind = ":" in incomplete or "/" in incomplete
    name = incomplete.rpartition("/")[2].rpartition(":")[2]

    def ask(client: Client) -> list[str]:
        kind = incomplete.partition(":")[0] if ":" in incomplete else ""
        words = [word for word in (f"kind:{kind}" if kind else "", f"name:{name}*" if name else "") if word]
        page = client.entity_rows(" ".join(words), ("name",), sort="name", limit=LIMIT)
        return [offered for row in page["rows"] for offered in _spellings(row["ref"], with_kind=with_kind)]

    return items(asked(ctx, ask), incomplete)


def _spellings(ref: str, *, with_kind: bool) -> list[str]:
    kind, _, rest = ref.partition(":")
    namespace, _, name = rest.partition("/")
    if not with_kind:
        return [name, ref]
    return [ref, f"{namespace}/{name}"] + ([f"{kind}:{name}"] if namespace == "default" else [])


def complete_query(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Fields of the query line, and after `field:` its values, most frequent first among what the words before mean."""
    from tui.cli.command import query_line

    if incomplete.startswith("@"):
        from tui.bookmarks.views import BUILT_IN

        saved = [item.value for item in complete_views(ctx, _parameter, incomplete[1:])]
        return items([f"@{name}" for name in (*saved, *BUILT_IN[:2])], incomplete)
    before = query_line([word for word in ctx.params.get("query") or () if isinstance(word, str)])
    start = len(before) + 1 if before else 0
    line = f"{before} {incomplete}" if before else incomplete

    def ask(client: Client) -> list[str]:
        answer = client.complete(line, len(line), limit=LIMIT)
        kept = line[start : answer["start"]]
        return [_spelled(kept + one["text"], incomplete) for one in answer["items"]]

    sign = "-" if incomplete.startswith("-") else ""
    return items(asked(ctx, ask) or known_fields(incomplete, sign), incomplete)


def known_fields(incomplete: str, sign: str = "") -> list[str]:
    """Fields that are offered where no daemon answers; nothing after `field:`."""
    return [] if ":" in incomplete else [f"{sign}{name}:" for name in FIELDS]


def _spelled(word: str, incomplete: str) -> str:
    """The word as it was begun: case says nothing in a query line, but shells compare letters."""
    return incomplete + word[len(incomplete) :] if word.lower().startswith(incomplete.lower()) else word


def complete_fields(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Paths whose values can be counted."""
    return items((*FIELDS, *_FACETS), incomplete)


def complete_views(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Names of views; the daemon is not asked."""
    from tui.bookmarks import BookmarkError

    try:
        return items(ctx.ensure_object(Session).bookmarks.views.all(), incomplete)
    except BookmarkError:
        return []


def complete_commands(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Names of commands, and after a group those in it; the daemon is not asked."""
    command = ctx.find_root().command
    for word in ctx.params.get("words") or ():
        found = command.get_command(ctx, word) if isinstance(command, click.Group) else None
        if found is None:
            return []
        command = found
    return items(command.list_commands(ctx) if isinstance(command, click.Group) else (), incomplete)


def complete_settings(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Settings by their full names, and ids of actions below `keys`; the daemon is not asked."""
    from tui.cli.setting_names import SETTINGS

    if incomplete.startswith("keys."):
        from tui.actions import ACTIONS

        return items((f"keys.{action.id}" for action in ACTIONS), incomplete)
    return items((f"{table}.{name}" for table, names in SETTINGS.items() for name in names), incomplete)


Completer = Callable[[click.Context, click.Parameter, str], "list[CompletionItem]"]


def column_completer(columns: Sequence[str] | None) -> Completer:
    """Offers the last name of `name,owner` or `-updated,name`: of these columns, or (None) of those of entities, which
    the daemon tells."""

    def complete(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
        before, comma, last = incomplete.rpartition(",")
        sign = "-" if last.startswith("-") else ""
        line = f"cols:{last.removeprefix('-')}"

        def ask(client: Client) -> list[str]:
            return [one["text"] for one in client.complete(line, len(line), limit=LIMIT)["items"]]

        names = asked(ctx, ask) if columns is None else columns
        return items((f"{before}{comma}{sign}{name}" for name in names), incomplete)

    return complete


def complete_relations(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Relations by their forward names."""
    return items(_RELATIONS, incomplete)


def complete_locations(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Ids of locations."""
    return items(asked(ctx, lambda client: [one["id"] for one in client.locations()]), incomplete)


def complete_tokens(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Ids of tokens."""
    return items(asked(ctx, lambda client: [one["id"] for one in client.tokens()]), incomplete)


def complete_integrations(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Ids of integrations."""
    return items(asked(ctx, lambda client: [one["id"] for one in client.integrations()]), incomplete)


def complete_webhooks(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Names of webhooks."""
    return items(asked(ctx, lambda client: [one["id"] for one in client.webhooks()]), incomplete)


def complete_clients(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Ids of clients."""
    return items(asked(ctx, lambda client: [one["client_id"] for one in client.clients()]), incomplete)


def complete_targets(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Folders, by the shell itself."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="dir")]


def items(words: Iterable[str], incomplete: str) -> "list[CompletionItem]":
    """Those of the words that begin so, each once, and none that could act on a terminal."""
    from click.shell_completion import CompletionItem

    fitting = [word for word in dict.fromkeys(words) if word.startswith(incomplete) and word.isprintable()]
    return [CompletionItem(word) for word in fitting[:LIMIT]]


def asked(ctx: click.Context, ask: Callable[[Client], list[str]]) -> list[str]:
    """What `ask` finds in time, else nothing; a slow daemon is left behind in a thread that dies with the program."""
    import threading
    from contextlib import closing

    found: list[str] = []

    def run() -> None:
        try:
            state = ctx.ensure_object(Session).state
            with closing(Client(find_address(state, os.environ), timeout=SECONDS)) as client:
                found.extend(ask(client))
        except Exception:  # noqa: S110 - completion says nothing rather than something wrong
            pass

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(SECONDS)
    return list(found)
