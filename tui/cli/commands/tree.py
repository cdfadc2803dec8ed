"""`catalog tree`: relations of an entity, drawn."""

from collections.abc import Iterator

import click

from tui.answers import GraphAnswer
from tui.cli.command import catalog_command
from tui.cli.completion import complete_refs, complete_relations
from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.listing import Listing, Row
from tui.cli.output import Choices, output_options
from tui.cli.reference import not_found, resolve
from tui.cli.session import Session
from tui.cli.tree_lines import tree_lines
from tui.client import ApiProblem

COLUMNS = ("ref", "kind", "title", "depth", "missing", "hidden")
DIRECTIONS = ("out", "in", "both")
LIMIT = 500


@catalog_command(
    "tree",
    "What an entity needs, what needs it, and what breaks if it goes.",
    ("tree checkout", "what it belongs to, depends on, provides and consumes"),
    ("tree resource:default/cart-db --direction in", "what depends on it"),
    ("tree resource:default/cart-db --impact", "all that may break if it goes"),
    ("tree team-cart --direction in --type childOf --depth 5", "the groups below a group"),
)
@click.argument("ref", metavar="REF", shell_complete=complete_refs)
@click.option("--depth", metavar="N", type=click.IntRange(1, 32), help="Relations in a chain; default 3.")
@click.option("--direction", type=click.Choice(DIRECTIONS), help="Default out: along the relations.")
@click.option(
    "--type",
    "types",
    multiple=True,
    metavar="RELATION",
    shell_complete=complete_relations,
    help="Only this relation; may be repeated.",
)
@click.option("--impact", is_flag=True, help="What depends on it, consumes its APIs or is part of it, to any depth.")
@click.option("--limit", metavar="N", type=click.IntRange(1, 2000), default=LIMIT, help=f"Entities; default {LIMIT}.")
@output_options(many=False, columns=COLUMNS)
def tree(
    session: Session,
    choices: Choices,
    ref: str,
    depth: int | None,
    direction: str | None,
    types: tuple[str, ...],
    impact: bool,
) -> None:
    """Without -o a tree is drawn, in which every entity is opened once. With -o table and the like the entities are
    rows; json, jsonl and yaml give the graph. Code 1 when there is no such entity and nothing points at it."""
    if impact and direction:
        raise Failure("--impact has a direction of its own", next_step="leave out --direction", code=ExitCode.USAGE)
    graph = _graph(
        session,
        ref,
        direction="impact" if impact else direction or "out",
        depth=depth,
        types=types,
        limit=choices.limit or LIMIT,
    )
    if choices.chosen or choices.columns:
        choices.write_found(_listing(graph, whole=choices.whole))
    else:
        choices.write_lines(tree_lines(graph, colour=choices.colour))
    left = graph["left_off"]
    if left["edges"]:
        session.warn(
            f"+{left['edges']} relations hidden, to {left['nodes']} entities that are not shown; "
            "--depth and --limit show more"
        )


def _graph(
    session: Session, text: str, *, direction: str, depth: int | None, types: tuple[str, ...], limit: int
) -> GraphAnswer:
    session.where = text
    ref = resolve(session.client, text, session.program)
    try:
        return session.client.graph(ref, direction=direction, depth=depth, types=types, limit=limit)
    except ApiProblem as problem:
        if problem.status == 404:
            raise not_found(text, session.program) from problem
        raise


def _listing(graph: GraphAnswer, *, whole: bool) -> Listing:
    """Rows of entities; the one graph where a program wants it whole."""

    def rows() -> Iterator[Row]:
        for node in graph["nodes"]:
            missing = "true" if node["missing"] else "false"
            cells = (node["ref"], node["kind"], node["title"], str(node["depth"]), missing, str(node["hidden"]))
            yield Row(node["ref"], cells)

    return Listing(COLUMNS, rows, lambda: iter([graph]), single=whole)
