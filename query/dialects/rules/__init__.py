"""Port's search rules (Port 6): `{combinator, rules}`, nested, over properties, relations and scorecards.

    group = {"combinator": "and" | "or", "rules": [rule or group, …]}          no rules: everything
    rule  = {"property" | "propertySchema" | "relation" | "scorecard": …, "operator": …, "value": …}
          | {"operator": "relatedTo", "blueprint": …, "value": …, "direction": …}
          | {"operator": "matchAny", "property": {"path": […]}, "value": …}

Texts are compared whatever their case, as in every dialect; a value over 200 characters cannot be searched. What is
negated (`!=`, `notIn`, `doesNotContains` …) holds also where the property has no value, but only for entities whose
blueprint has the property.
"""

from query.dialects.rules.asker import Asker
from query.dialects.rules.reading import MAX_DEPTH, parse_rules
from query.dialects.rules.vocabulary import BlueprintFields, Field, RelationField, ScorecardFields, Vocabulary

__all__ = [
    "MAX_DEPTH",
    "Asker",
    "BlueprintFields",
    "Field",
    "RelationField",
    "ScorecardFields",
    "Vocabulary",
    "parse_rules",
]
