"""Rules as a tree: combinators, and the rules that compare."""

from collections.abc import Iterable, Mapping
from typing import Final

from query.ast import And, Everything, Node, Not, Nothing, all_of, any_of, equals
from query.dialects.rules.asker import Asker
from query.dialects.rules.operators import ON_ENTITIES, Asked, RuleOperator, operator_at
from query.dialects.rules.place import Place, shown
from query.dialects.rules.relations import TargetSubject, match_any, related_to
from query.dialects.rules.subject import FieldSubject, IdentifierSubject, Subject, TeamSubject, TitleSubject
from query.dialects.rules.vocabulary import Field, Vocabulary
from query.errors import QueryError
from query.match import matches
from query.rows import search_rows
from query.suggestion import did_you_mean

MAX_DEPTH: Final = 50
"""How deep rules may be nested."""

MAX_RULES: Final = 1_000
"""How many rules a query may have in all."""

_COMBINATORS: Final = ("and", "or")
_ABOUT: Final = ("property", "propertySchema", "relation", "scorecard")
_SPECIAL: Final[Mapping[str, tuple[Subject, Field]]] = {
    "$identifier": (IdentifierSubject(), Field("metadata.name")),
    "$title": (TitleSubject(), Field("metadata.title")),
    "$team": (TeamSubject(), Field("spec.team", "teams")),
    "$blueprint": (FieldSubject(Field("kind")), Field("kind")),
}
"""Meta-properties that are more than one field, or none of the entity's own."""

_TARGET_PROPERTIES: Final = ("$identifier", "$title")


def parse_rules(query: object, vocabulary: Vocabulary, asker: Asker | None = None) -> Node:
    """The tree that `{combinator, rules}` means for the entities of `vocabulary.scope`; it does not say which
    blueprint they are of. Raises `QueryError` with the path of what is wrong (P44)."""
    return _Reader(vocabulary, asker or Asker()).group(query, Place(), MAX_DEPTH)


class _Reader:
    """One query being read."""

    def __init__(self, vocabulary: Vocabulary, asker: Asker) -> None:
        self._vocabulary = vocabulary
        self._asker = asker
        self._left = MAX_RULES

    def group(self, value: object, place: Place, depth: int) -> Node:
        if not isinstance(value, Mapping):
            raise place.fault(f"must be an object, not {shown(value)}", 'write {"combinator": "and", "rules": […]}')
        if depth == 0:
            raise place.fault(f"is nested more than {MAX_DEPTH} deep", "join nested rules")
        combinator = value.get("combinator")
        if combinator not in _COMBINATORS:
            what = "is missing" if combinator is None else f"is no combinator: {shown(combinator)}"
            raise place.key("combinator").fault(what, "write and, or or")
        rules = value.get("rules")
        if not isinstance(rules, list):
            raise place.key("rules").fault(f"must be a list of rules, not {shown(rules)}")
        parts = [self._part(rule, place.key("rules").item(index), depth - 1) for index, rule in enumerate(rules)]
        if not parts:
            return Everything()
        return all_of(parts) if combinator == "and" else any_of(parts)

    def _part(self, rule: object, place: Place, depth: int) -> Node:
        self._left -= 1
        if self._left < 0:
            raise place.fault(f"is one of more than {MAX_RULES} rules", "ask in several requests")
        if not isinstance(rule, Mapping):
            raise place.fault(f"must be a rule, not {shown(rule)}", 'write {"property": …, "operator": …, "value": …}')
        if "rules" in rule or "combinator" in rule:
            return self.group(rule, place, depth)
        name = rule.get("operator")
        if name in ON_ENTITIES:
            values = self._identifiers(rule, place)
            walk = related_to if name == "relatedTo" else match_any
            return walk(rule, values, self._vocabulary, place)
        return self._comparison(rule, operator_at(rule, place), place)

    def _identifiers(self, rule: Mapping[str, object], place: Place) -> list[str]:
        place = place.key("value")
        value = rule.get("value")
        found = self._contextual(value, place)
        values = found if found is not None else value if isinstance(value, list) else [value]
        if found is None and not (values and all(isinstance(one, str) and one for one in values)):
            raise place.fault(f"must be an identifier or a list of them, not {shown(value)}")
        return [one for one in values if isinstance(one, str)]

    def _contextual(self, value: object, place: Place) -> list[object] | None:
        """What a value such as `{context: user, property: …}` stands for; None for another value."""
        if not isinstance(value, Mapping) or "context" not in value:
            return None
        return self._asker.values(place.text(value, "context"), place.text(value, "property"), place)

    def _comparison(self, rule: Mapping[str, object], operator: RuleOperator, place: Place) -> Node:
        about = [name for name in _ABOUT if name in rule and not (name == "property" and "relation" in rule)]
        if len(about) != 1:
            what = "says two things to compare" if about else "does not say what to compare"
            raise place.fault(what, f"write one of {', '.join(_ABOUT)}")
        held = self._contextual(rule.get("value"), place.key("value"))
        values: list[object] = [rule.get("value")]
        if held is not None:
            values = [held] if operator.takes_list else held
        compare = _Comparison(rule, operator, values, self._vocabulary, self._asker, place)
        match about[0]:
            case "property":
                subject = self._contextual(rule["property"], place.key("property"))
                return compare.property() if subject is None else compare.constant(subject)
            case "propertySchema":
                return compare.property_schema()
            case "relation":
                return compare.relation()
            case _:
                return compare.scorecard()


class _Comparison:
    """A rule that compares something with values: each of `values` alone, any of which will do."""

    def __init__(
        self,
        rule: Mapping[str, object],
        operator: RuleOperator,
        values: list[object],
        vocabulary: Vocabulary,
        asker: Asker,
        place: Place,
    ) -> None:
        self._rule, self._operator, self._values = rule, operator, values
        self._vocabulary, self._asker, self._place = vocabulary, asker, place

    def property(self) -> Node:
        """A property or meta-property; where blueprints have it in different ways, each in its own."""
        name = self._place.text(self._rule, "property")
        if name.startswith("$"):
            return self._meta(name)
        fields = self._vocabulary.property_fields(name)
        if not fields:
            raise self._unknown("property", name, self._vocabulary.property_names())
        return self._any_field(fields, name)

    def _any_field(self, fields: Mapping[Field, list[str]], name: str) -> Node:
        parts: list[Node] = []
        faults: list[QueryError] = []
        for field, blueprints in fields.items():
            try:
                meant = self._signed(FieldSubject(field), field, name)
            except QueryError as error:
                faults.append(error)
                continue
            everywhere = len(blueprints) == len(self._vocabulary.scope)
            confined = not everywhere and (self._operator.negates or len(fields) > 1 or isinstance(meant, Not))
            parts.append(And((equals("kind", blueprints), meant)) if confined else meant)
        if not parts:
            raise faults[0]
        return any_of(parts)

    def _meta(self, name: str) -> Node:
        if name in _SPECIAL:
            return self._signed(*_SPECIAL[name], name)
        field = self._vocabulary.meta_field(name)
        if field is None:
            raise self._unknown("property", name, [*_SPECIAL, *self._vocabulary.meta_names()])
        return self._signed(FieldSubject(field), field, name)

    def property_schema(self) -> Node:
        """Any property of a type."""
        place = self._place.key("propertySchema")
        schema = self._rule["propertySchema"]
        if not isinstance(schema, Mapping):
            raise place.fault(f"must be an object, not {shown(schema)}", 'write {"type": "string"}')
        wanted = place.text(schema, "type")
        items = schema.get("items")
        item_type = items.get("type") if isinstance(items, Mapping) else None
        format_ = schema.get("format")
        fields = {
            field: blueprints
            for name in self._vocabulary.property_names()
            for field, blueprints in self._vocabulary.property_fields(name).items()
            if field.type == wanted and format_ in (None, field.format) and item_type in (None, field.items)
        }
        return self._any_field(fields, f"a property of type {wanted}") if fields else Nothing()

    def relation(self) -> Node:
        """The identifier or title of what a relation leads to."""
        name = self._place.text(self._rule, "relation")
        asked = self._rule.get("property", "$identifier")
        if asked not in _TARGET_PROPERTIES:
            raise self._place.key("property").fault(
                f"of a relation cannot be {shown(asked)}", f"write {' or '.join(_TARGET_PROPERTIES)}"
            )
        subject, field = _SPECIAL[str(asked)]
        found = [
            (blueprint, self._vocabulary.blueprints[blueprint].relations[name])
            for blueprint in self._vocabulary.scope
            if name in self._vocabulary.blueprints[blueprint].relations
        ]
        if not found:
            scope = [self._vocabulary.blueprints[blueprint] for blueprint in self._vocabulary.scope]
            raise self._unknown("relation", name, dict.fromkeys(one for fields in scope for one in fields.relations))
        parts: list[Node] = []
        for blueprint, relation in found:
            meant = self._signed(TargetSubject(relation, subject, self._vocabulary), field, name)
            parts.append(meant if len(self._vocabulary.scope) == 1 else And((equals("kind", [blueprint]), meant)))
        return any_of(parts)

    def scorecard(self) -> Node:
        """The level of a scorecard, or the status of one of its rules."""
        name = self._place.text(self._rule, "scorecard")
        scope = [self._vocabulary.blueprints[blueprint] for blueprint in self._vocabulary.scope]
        found = [fields.scorecards[name] for fields in scope if name in fields.scorecards]
        if not found:
            raise self._unknown("scorecard", name, dict.fromkeys(one for fields in scope for one in fields.scorecards))
        if "scorecardRule" not in self._rule:
            return any_of(self._signed(FieldSubject(one.level), one.level, name) for one in found)
        rule = self._place.text(self._rule, "scorecardRule")
        fields = [one.rules[rule] for one in found if rule in one.rules]
        if not fields:
            raise self._unknown("scorecardRule", rule, dict.fromkeys(known for one in found for known in one.rules))
        return any_of(self._signed(FieldSubject(field), field, rule) for field in fields)

    def constant(self, held: list[object]) -> Node:
        """Something of the person who asks: the rule holds for every entity or for none."""
        field = Field("context", "teams" if self._operator.takes_list else "any")
        meant = self._signed(FieldSubject(field), field, "the context")
        return Everything() if matches(meant, search_rows({"context": held})) else Nothing()

    def _signed(self, subject: Subject, field: Field, name: str) -> Node:
        meant = self._meant(subject, field, name)
        return Not(meant) if self._operator.negates else meant

    def _meant(self, subject: Subject, field: Field, name: str) -> Node:
        """What the operator means before it is negated."""
        if not self._operator.suits(field):
            called = f"{field.type}, format {field.format}" if field.format else field.type
            hint = f"it is for {', '.join(self._operator.on)}"
            raise self._place.key("operator").fault(f"{self._operator.name} does not suit {name}, a {called}", hint)
        place = self._place.key("value")
        return any_of(
            self._operator.meaning(Asked(subject, field, value, place, self._asker)) for value in self._values
        )

    def _unknown(self, key: str, name: str, known: Iterable[str]) -> QueryError:
        names = [*known]
        hint = did_you_mean(name, names, f"there are {', '.join(names[:20])}" if names else "there are none")
        return self._place.key(key).fault(f"there is no {key} {name[:60]!r}", hint)
