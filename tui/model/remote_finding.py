"""Finding, asked of the daemon."""

from collections.abc import Sequence

from tui.client import Client
from tui.model.finding_source import Facet, FacetValue, Suggestion, Suggestions
from tui.model.source import RefusedError
from tui.model.translated import Translated


class RemoteFinding:
    """A `FindingSource` that asks the daemon."""

    _client: Client

    def facets(self, query: str, fields: Sequence[str], limit: int) -> tuple[Facet, ...]:
        """See FindingSource."""
        with Translated():
            answer = self._client.facets(query, fields, limit=limit)
            return tuple(
                Facet(
                    field,
                    tuple(FacetValue(one["value"], one["count"]) for one in answer["facets"][field]),
                    answer["more"][field],
                )
                for field in fields
            )

    def complete(self, query: str, at: int, limit: int) -> Suggestions:
        """See FindingSource."""
        with Translated():
            answer = self._client.complete(query, at, limit=limit)
            items = tuple(Suggestion(one["text"], one["about"], one["count"]) for one in answer["items"])
            return Suggestions(answer["start"], answer["end"], items)

    def sql_of(self, query: str) -> str:
        """See FindingSource."""
        with Translated():
            answer = self._client.explain(query)
            said = answer["as"]["sql"]
            if not isinstance(said, str):
                raise RefusedError(answer["unsayable"].get("sql", "SQL cannot say this line"))
            return said
