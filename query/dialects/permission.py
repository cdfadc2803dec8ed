"""Backstage's permission conditions: a boolean tree of rules over entities (spec 3.2).

    {"anyOf": [{"rule": "IS_ENTITY_KIND", "params": {"kinds": ["Component"]}},
               {"not": {"rule": "HAS_LABEL", "params": {"label": "secret", "value": "yes"}}}]}

`allOf` and `anyOf` hold a list that is not empty, `not` one condition; `resourceType` may stand beside a rule.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from query.ast import Node, Not, all_of, any_of, equals, exists
from query.errors import QueryError

RESOURCE_TYPE: Final = "catalog-entity"
MAX_DEPTH: Final = 16
MAX_RULES: Final = 200
"""Rules and values of one condition: it is added to every question, which has a bound of its own."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a rule: a text, or a list of texts."""

    name: str
    about: str
    many: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with what it means for an entity's search rows."""

    name: str
    about: str
    parameters: tuple[Parameter, ...]
    meaning: Callable[[list[str], list[str]], Node]
    """From the values of the first parameter and of the second one (none where it is left out)."""


def _below(prefix: str) -> Callable[[list[str], list[str]], Node]:
    def meaning(keys: list[str], values: list[str]) -> Node:
        key = f"{prefix}.{keys[0]}"
        return equals(key, values) if values else exists(key)

    return meaning


_VALUE = Parameter("value", "its value; any where it is left out", optional=True)

RULES: Final[Mapping[str, Rule]] = {
    rule.name: rule
    for rule in (
        Rule(
            "HAS_ANNOTATION",
            "Entities with an annotation",
            (Parameter("annotation", "name of the annotation"), _VALUE),
            _below("metadata.annotations"),
        ),
        Rule(
            "HAS_LABEL",
            "Entities with a label",
            (Parameter("label", "name of the label"), _VALUE),
            _below("metadata.labels"),
        ),
        Rule(
            "HAS_METADATA",
            "Entities with a field of metadata",
            (Parameter("key", "path below metadata"), _VALUE),
            _below("metadata"),
        ),
        Rule(
            "HAS_SPEC", "Entities with a field of spec", (Parameter("key", "path below spec"), _VALUE), _below("spec")
        ),
        Rule(
            "IS_ENTITY_KIND",
            "Entities of some kinds",
            (Parameter("kinds", "the kinds, in any case", many=True),),
            lambda kinds, _: equals("kind", kinds),
        ),
        Rule(
            "IS_ENTITY_OWNER",
            "Entities owned by some groups or users",
            (Parameter("claims", "full refs of the owners", many=True),),
            lambda claims, _: equals("relations.ownedby", claims),
        ),
    )
}
"""The rules of the catalog, in the order of the specification."""


def parse_condition(value: object) -> Node:
    """The tree that a condition means. Raises `QueryError`."""
    return _Reader().read(value, 0)


class _Reader:
    def __init__(self) -> None:
        self._left = MAX_RULES

    def read(self, value: object, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise QueryError(f"the condition is nested more than {MAX_DEPTH} deep")
        if not isinstance(value, dict):
            raise QueryError(f"a condition is an object, not {type(value).__name__}", hint=_FORM)
        if "rule" in value:
            return self._rule(value)
        if len(value) != 1:
            raise QueryError("a condition has one of rule, allOf, anyOf and not", hint=_FORM)
        ((key, inner),) = value.items()
        if key == "not":
            return Not(self.read(inner, depth + 1))
        if key not in ("allOf", "anyOf"):
            raise QueryError(f"{str(key)[:100]!r} is none of rule, allOf, anyOf and not", hint=_FORM)
        if not isinstance(inner, list) or not inner:
            raise QueryError(f"{key} holds a list of conditions that is not empty")
        parts = [self.read(part, depth + 1) for part in inner]
        return all_of(parts) if key == "allOf" else any_of(parts)

    def _rule(self, value: dict[str, Any]) -> Node:
        if unknown := value.keys() - {"rule", "params", "resourceType"}:
            raise QueryError(f"a rule has no {min(unknown)[:100]!r}", hint=_FORM)
        if value.get("resourceType", RESOURCE_TYPE) != RESOURCE_TYPE:
            raise QueryError(f"resourceType must be {RESOURCE_TYPE}")
        rule = RULES.get(str(value["rule"]))
        if rule is None:
            raise QueryError(f"unknown rule {str(value['rule'])[:100]!r}", hint=f"rules are {', '.join(RULES)}")
        given = value.get("params", {})
        if not isinstance(given, dict):
            raise QueryError(f"params of {rule.name} must be an object")
        names = [parameter.name for parameter in rule.parameters]
        if unknown := given.keys() - set(names):
            raise QueryError(
                f"{rule.name} has no parameter {min(unknown)[:100]!r}", hint=f"it takes {', '.join(names)}"
            )
        first, *rest = [self._values(rule, parameter, given) for parameter in rule.parameters]
        return rule.meaning(first, rest[0] if rest else [])

    def _values(self, rule: Rule, parameter: Parameter, given: dict[str, Any]) -> list[str]:
        what = f"{parameter.name} of {rule.name}"
        value = given.get(parameter.name)
        if value is None:
            if not parameter.optional:
                raise QueryError(f"{what} is missing", hint=parameter.about)
            return []
        values = value if parameter.many and isinstance(value, list) else [value]
        if (parameter.many and not isinstance(value, list)) or not all(isinstance(item, str) for item in values):
            raise QueryError(f"{what} must be {'a list of texts' if parameter.many else 'a text'}")
        self._left -= max(1, len(values))
        if self._left < 0:
            raise QueryError(f"the condition has more than {MAX_RULES} rules and values")
        return values


_FORM: Final = 'such as {"rule": "IS_ENTITY_KIND", "params": {"kinds": ["Component"]}}'
