"""Finding, asked of the daemon."""

from collections.abc import Sequence

from tui.client import Client
from tui.model.finding_source import Facet, FacetValue, Suggestion, Suggestions
from tui.model.source import RefusedError
from tui.model.translated import Translated
from tui.named_path import is_there, named_path


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

    def groups(self, query: str) -> tuple[tuple[str | None, int], ...]:
        """See FindingSource."""
        with Translated():
            return tuple((one["value"], one["count"]) for one in self._client.groups(query))

    def complete(self, query: str, at: int, limit: int) -> Suggestions:
        """See FindingSource."""
        with Translated():
            answer = self._client.complete(query, at, limit=limit)
            items = tuple(Suggestion(one["text"], one["about"], one["count"]) for one in answer["items"])
            return Suggestions(answer["start"], answer["end"], items)

    def sql_of(self, query: str, facet: str = "") -> str:
        """See FindingSource."""
        with Translated():
            answer = self._client.explain(query, facet=facet)
            said = answer["as"]["sql"]
            if not isinstance(said, str):
                raise RefusedError(answer["unsayable"].get("sql", "SQL cannot say this line"))
            return said

    def export(self, query: str, columns: Sequence[str], sort: str, path: str) -> str:
        """See FindingSource."""
        from tui.cli.exporting import Export, format_of, write_entities
        from tui.cli.failure import Failure
        from tui.cli.formats import WHOLE

        target = named_path(path).absolute()
        if is_there(target):
            raise RefusedError(f"{target} is there already; choose another name")
        try:
            form = format_of(target)
            with Translated():
                named = () if form in WHOLE else tuple(columns)
                found = write_entities(self._client, Export(query, target, form, named, sort))
        except Failure as failure:
            raise RefusedError(failure.what, hint=failure.where) from None
        except OSError as error:
            raise RefusedError(f"{target} cannot be written: {error.strerror}") from None
        return f"{'' if found.written is None else f'{found.written:,} entities '}written to {target}"
