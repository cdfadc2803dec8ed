"""`Related` as SQL: the entities that a chain of relations joins with a target.

Relations are search rows of the entity they start at. The steps of the asked types are put together once, then walked
from the targets. Cycles end because each ref is walked from once: where any depth will do a plain recursive union sees
to that; where the depth counts the walk is keyed by ref, which takes twice as long but never goes round a cycle.
What is found is kept apart from what the walk began with: a target is only meant where a chain leads back to it.
"""

from collections.abc import Callable

from query.ast import MAX_REACH, Node, Related
from query.statement import Sql


def reach(node: Related, condition: Callable[[Node], Sql]) -> Sql:
    """A scan for the eids of all entities that are meant; `condition` says how a tree is tested."""
    seeds = _seeds(node, condition)
    marks = ", ".join("?::VARCHAR" for _ in node.types)
    known, found = ("target", "source") if node.direction == "out" else ("source", "target")
    walk = _any_depth(known, found) if node.depth == MAX_REACH else _some_depth(known, found, node.depth)
    text = (
        f"SELECT eid FROM core.entities WHERE ref IN (WITH RECURSIVE seeds(ref) AS ({seeds.text}),"
        " steps(source, target) AS MATERIALIZED (SELECT x.ref, s.value FROM core.search s"
        f" JOIN core.entities x ON x.eid = s.eid WHERE s.key IN ({marks}) AND s.value IS NOT NULL),"
        f" {walk.text} SELECT ref FROM walk WHERE NOT seed)"
    )
    return Sql(text, (*seeds.params, *(f"relations.{name}" for name in node.types), *walk.params))


def _any_depth(known: str, found: str) -> Sql:
    return Sql(
        "walk(seed, ref) AS (SELECT TRUE, ref FROM seeds UNION"
        f" SELECT FALSE, steps.{found} FROM walk JOIN steps ON steps.{known} = walk.ref)"
    )


def _some_depth(known: str, found: str, depth: int) -> Sql:
    return Sql(
        "walk(seed, ref, depth) USING KEY (seed, ref) AS (SELECT TRUE, ref, 0::BIGINT FROM seeds UNION"
        f" SELECT DISTINCT FALSE, steps.{found}, walk.depth + 1 FROM walk JOIN steps ON steps.{known} = walk.ref"
        " WHERE walk.depth < ?::BIGINT AND NOT EXISTS"
        f" (SELECT 1 FROM recurring.walk seen WHERE NOT seen.seed AND seen.ref = steps.{found}))",
        (depth,),
    )


def _seeds(node: Related, condition: Callable[[Node], Sql]) -> Sql:
    if isinstance(node.targets, tuple):
        marks = ", ".join("(?::VARCHAR)" for _ in node.targets)
        return Sql(f"VALUES {marks}", node.targets)
    where = condition(node.targets)
    return Sql(f"SELECT e.ref FROM core.entities e WHERE {where.text}", where.params)
