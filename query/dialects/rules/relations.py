"""The rules that walk relations: `relatedTo` any number of them, `matchAny` along a path (P41, P42)."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from query.ast import MAX_REACH, And, Node, any_of, equals, related, starts_with
from query.dialects.rules.place import Place, shown
from query.dialects.rules.subject import IdentifierSubject, Subject
from query.dialects.rules.vocabulary import RelationField, Vocabulary
from query.ref import ref_text
from query.suggestion import did_you_mean

MAX_HOPS: Final = 15
MAX_STEPS: Final = 15
"""How many relations a path may have."""

_DIRECTIONS: Final = ("upstream", "downstream")


class _Step(NamedTuple):
    """One part of a path: a relation, followed once or up to so many times."""

    relation: str
    hops: int
    place: Place


class _Hop(NamedTuple):
    """A step on its way through blueprints: from `source` by the relation to its target."""

    source: str
    relation: RelationField
    hops: int


class TargetSubject:
    """What a relation leads to, asked by identifier or title."""

    def __init__(self, relation: RelationField, subject: Subject, vocabulary: Vocabulary) -> None:
        self._relation, self._subject, self._vocabulary = relation, subject, vocabulary

    def equal(self, values: Sequence[str]) -> Node:
        """An identifier is a ref, which the entity has itself, so its target need not exist."""
        if not isinstance(self._subject, IdentifierSubject):
            return self._leads_to(self._subject.equal(values))
        target = self._relation.target
        return related([self._relation.type], [ref for value in values for ref in self._vocabulary.refs(target, value)])

    def part(self, text: str) -> Node:
        """See `Subject`."""
        return self._leads_to(self._subject.part(text))

    def begins(self, text: str) -> Node:
        """See `Subject`."""
        return self._leads_to(self._subject.begins(text))

    def ends(self, text: str) -> Node:
        """See `Subject`."""
        return self._leads_to(self._subject.ends(text))

    def present(self) -> Node:
        """The relation leads to something, be it there or not."""
        kind = ref_text(self._relation.target, "", "").partition(":")[0]
        return starts_with(f"relations.{self._relation.type}", f"{kind}:")

    def _leads_to(self, condition: Node) -> Node:
        return related([self._relation.type], And((equals("kind", [self._relation.target]), condition)))


def related_to(rule: Mapping[str, object], values: Sequence[str], vocabulary: Vocabulary, place: Place) -> Node:
    """What the named entities depend on (`upstream`), or what depends on them (`downstream`), through any number of
    relations; without a direction both. `required` keeps to relations that are required, or to those that are not."""
    blueprint = _blueprint(place.text(rule, "blueprint"), vocabulary, place.key("blueprint"))
    direction, required = rule.get("direction"), rule.get("required")
    if direction is not None and direction not in _DIRECTIONS:
        raise place.key("direction").fault(f"is no direction: {shown(direction)}", f"write {' or '.join(_DIRECTIONS)}")
    if required is not None and not isinstance(required, bool):
        raise place.key("required").fault(f"must be true or false, not {shown(required)}")
    types = vocabulary.forward_types(required)
    refs = [ref for value in values for ref in vocabulary.refs(blueprint, value)]
    found: list[Node] = []
    if direction != "downstream":
        found.append(related(types, refs, MAX_REACH, "in"))
    if direction != "upstream":
        found.append(related(types, refs, MAX_REACH, "out"))
    return any_of(found)


def match_any(rule: Mapping[str, object], values: Sequence[str], vocabulary: Vocabulary, place: Place) -> Node:
    """The entities from which a path of relations leads to one of the named; with `fromBlueprint` those that are
    reached by the path from the named ones, which are of that blueprint."""
    place = place.key("property")
    asked = rule.get("property")
    if not isinstance(asked, Mapping):
        raise place.fault(f"must be an object, not {shown(asked)}", 'write {"path": ["system"]}')
    steps = _steps(asked.get("path"), place.key("path"))
    begins = asked.get("fromBlueprint")
    if begins is None:
        ways = _ways(steps, vocabulary.scope, vocabulary)
        return any_of(_upstream(way, values, vocabulary) for way in ways)
    start = _blueprint(place.text(asked, "fromBlueprint"), vocabulary, place.key("fromBlueprint"))
    (way,) = _ways(steps, [start], vocabulary)
    refs = [ref for value in values for ref in vocabulary.refs(start, value)]
    return _downstream(way, refs)


def _upstream(way: Sequence[_Hop], values: Sequence[str], vocabulary: Vocabulary) -> Node:
    *before, last = way
    refs = [ref for value in values for ref in vocabulary.refs(last.relation.target, value)]
    found: Node = related([last.relation.type], refs, last.hops)
    for hop in reversed(before):
        found = related([hop.relation.type], And((equals("kind", [hop.relation.target]), found)), hop.hops)
    return And((equals("kind", [way[0].source]), found)) if len(vocabulary.scope) > 1 else found


def _downstream(way: Sequence[_Hop], refs: Sequence[str]) -> Node:
    first, *rest = way
    found: Node = related([first.relation.type], refs, first.hops, "in")
    for hop in rest:
        found = related([hop.relation.type], And((equals("kind", [hop.source]), found)), hop.hops, "in")
    return And((equals("kind", [way[-1].relation.target]), found))


def _steps(path: object, place: Place) -> list[_Step]:
    parts = path.split(".") if isinstance(path, str) else path
    if not isinstance(parts, list) or not parts or len(parts) > MAX_STEPS:
        raise place.fault(f"must be a list of 1 to {MAX_STEPS} relations", 'write ["system", "domain"]')
    steps = [_step(part, place.item(index)) for index, part in enumerate(parts)]
    if sum(isinstance(part, Mapping) and "maxHops" in part for part in parts) > 1:
        raise place.fault("has maxHops more than once", "keep it at one relation")
    return steps


def _step(part: object, place: Place) -> _Step:
    if isinstance(part, str) and part:
        return _Step(part, 1, place)
    if not isinstance(part, Mapping):
        raise place.fault(
            f"must be a relation, not {shown(part)}", 'write "parent" or {"relation": "parent", "maxHops": 3}'
        )
    hops = part.get("maxHops", 1)
    if isinstance(hops, bool) or not isinstance(hops, int) or not 1 <= hops <= MAX_HOPS:
        raise place.key("maxHops").fault(f"must be a number from 1 to {MAX_HOPS}, not {shown(hops)}")
    return _Step(place.text(part, "relation"), hops, place)


def _ways(steps: Sequence[_Step], starts: Sequence[str], vocabulary: Vocabulary) -> list[list[_Hop]]:
    """The path through blueprints from each start that has it. Raises `QueryError` where none has."""
    found: list[list[_Hop]] = []
    furthest, known = 0, starts
    for start in starts:
        way: list[_Hop] = []
        at = start
        for number, step in enumerate(steps):
            relation = vocabulary.blueprints[at].relations.get(step.relation) if at in vocabulary.blueprints else None
            if relation is None:
                if number >= furthest:
                    furthest, known = number, [at]
                break
            way.append(_Hop(at, relation, step.hops))
            at = relation.target
        else:
            found.append(way)
    if found:
        return found
    step = steps[furthest]
    names = [name for at in known for name in vocabulary.blueprints[at].relations]
    hint = did_you_mean(step.relation, names, f"there are {', '.join(names[:20])}" if names else "there are none")
    raise step.place.fault(f"{' and '.join(known[:3])} has no relation {step.relation[:60]!r}", hint)


def _blueprint(name: str, vocabulary: Vocabulary, place: Place) -> str:
    if name in vocabulary.blueprints:
        return name
    raise place.fault(f"there is no blueprint {name[:60]!r}", did_you_mean(name, vocabulary.blueprints, ""))
