"""Questions in SQL by the daemon's API."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tui.client import Client
from tui.model.source import RefusedError, SourceError
from tui.model.sql_source import SqlResult, SqlView
from tui.model.translated import Translated
from tui.named_path import is_there, named_path

if TYPE_CHECKING:
    from tui.answers import SqlAnswer

_VIEWS = (
    "SELECT table_name, column_name, data_type FROM information_schema.columns "
    "WHERE table_schema = 'main' ORDER BY table_name, ordinal_position"
)


class RemoteSql:
    """See SqlSource."""

    _client: Client

    def sql(self, question: str, limit: int) -> SqlResult:
        """See SqlSource."""
        with Translated():
            answer = self._answer(question, limit)
            return SqlResult(
                tuple(column["name"] for column in answer["columns"]),
                tuple(column["type"] for column in answer["columns"]),
                answer["rows"],
                (answer["truncated_by"] or "a limit") if answer["truncated"] else "",
                answer["elapsed_ms"] / 1000,
                answer["snapshot_age_seconds"],
            )

    def sql_counts(self, names: Sequence[str]) -> Mapping[str, int]:
        """See SqlSource."""
        if not names:
            return {}
        counted = [f'SELECT {number}, count(*) FROM "{name}"' for number, name in enumerate(names) if '"' not in name]
        with Translated():
            return {names[number]: count for number, count in self._answer(" UNION ALL ".join(counted))["rows"]}

    def sql_views(self) -> tuple[SqlView, ...]:
        """See SqlSource."""
        with Translated():
            views: dict[str, list[tuple[str, str]]] = {}
            for view, column, kind in self._answer(_VIEWS)["rows"]:
                views.setdefault(str(view), []).append((str(column), str(kind)))
            return tuple(SqlView(name, tuple(columns)) for name, columns in views.items())

    def export_sql(self, question: str, path: str) -> None:
        """See SqlSource."""
        from tui.cli.commands.sql import listing_of
        from tui.cli.exporting import BY_ENDING
        from tui.cli.formats import PARQUET, Style, lines_of
        from tui.cli.whole_file import write_whole

        target = named_path(path)
        form = BY_ENDING.get(target.suffix.lstrip(".").lower())
        if form is None:
            raise RefusedError(f"the ending of {target.name} says no format", hint=", ".join(BY_ENDING))
        if is_there(target):
            raise RefusedError(f"{target} is there already", hint="choose another name; nothing is written over")
        with Translated():
            try:
                if form == PARQUET:
                    with self._client.sql_parquet(question) as pieces:
                        write_whole(target, pieces)
                    return
                lines = lines_of(listing_of(self._answer(question)), form, Style())
                write_whole(target, (f"{line}\n".encode() for line in lines))
            except OSError as error:
                raise SourceError(f"{target} cannot be written: {error.strerror or error}") from error

    def _answer(self, question: str, limit: int | None = None) -> "SqlAnswer":
        answer = self._client.sql(question, limit=limit)
        if failed := answer.get("error"):
            raise RefusedError(str(failed["detail"]), hint=str(failed["hint"]))
        return answer
