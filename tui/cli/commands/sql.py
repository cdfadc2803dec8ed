"""`catalog sql`: a question in SQL, answered from a snapshot of the catalog."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.cli.command import catalog_command
from tui.cli.completion_values import complete_files, complete_sql
from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.listing import Listing, Row, as_text
from tui.cli.output import Choices, output_options
from tui.cli.session import Session
from tui.client import ApiProblem

if TYPE_CHECKING:
    from tui.answers import SqlAnswer


@catalog_command(
    "sql",
    "A question in SQL.",
    ("sql 'FROM components'", "every component, every column"),
    ("sql 'SELECT owner, count(*) FROM components GROUP BY ALL'", "how many each owner has"),
    ("sql -f report.sql -o csv", "a question in a file, the answer as CSV"),
    ("sql 'SELECT ref FROM entities WHERE owner = $1' -p team-pay", "with a parameter"),
    ("sql 'SHOW TABLES'", "what there is; docs/sql.md tells more"),
)
@click.argument("sql", nargs=-1, shell_complete=complete_sql)
@click.option("-c", "--command", metavar="SQL", shell_complete=complete_sql, help="The question.")
@click.option(
    "-f",
    "--file",
    metavar="FILE",
    shell_complete=complete_files,
    help="A file that holds the question; - reads standard input.",
)
@click.option("-p", "--param", "parameters", metavar="TEXT", multiple=True, help="The value of $1, $2, …; repeatable.")
@click.option("--limit", metavar="N", type=int, default=-1, help="Rows to ask for; default as many as are allowed.")
@output_options(many=False, parquet=True)
def sql(
    session: Session,
    choices: Choices,
    sql: tuple[str, ...],
    command: str | None,
    file: str | None,
    parameters: tuple[str, ...],
) -> None:
    """One SELECT or EXPLAIN, as an argument, with -c, from a file with -f, or from standard input with a lone dash.
    It runs on a copy of the catalog, in a process that can reach nothing else."""
    question, place = _question(sql, command, file)
    try:
        if choices.output_format == "parquet":
            with session.client.sql_parquet(question, list(parameters), choices.limit) as pieces:
                choices.write_bytes(pieces)
            return
        answer = session.client.sql(question, list(parameters), choices.limit)
    except ApiProblem as problem:
        raise _pointed(problem, question, place) from None
    if failed := answer.get("error"):
        raise Failure(failed["detail"], next_step=failed["hint"] or "change the question", code=ExitCode.USAGE)
    choices.write_found(listing_of(answer))
    if answer["truncated"]:
        by = answer["truncated_by"]
        told = (
            "--limit -1 asks for all that is allowed"
            if by == "limit"
            else f"the daemon's limit {by} keeps the rest back"
        )
        session.warn(f"showing the first {answer['row_count']} rows; {told}")


def listing_of(answer: "SqlAnswer") -> Listing:
    """The rows as cells, and as objects by the columns' names; `-o name` prints the first column."""
    names = [column["name"] for column in answer["columns"]]

    def rows() -> Iterator[Row]:
        for values in answer["rows"]:
            cells = [as_text(value) for value in values]
            yield Row((cells[0] if cells else "") or "", cells)

    def items() -> Iterator[dict[str, Any]]:
        return (dict(zip(names, values, strict=True)) for values in answer["rows"])

    return Listing(names, rows, items)


def _question(words: tuple[str, ...], command: str | None, file: str | None) -> tuple[str, str]:
    """The text, and the name of the file that holds it."""
    given = [bool(words), command is not None, file is not None]
    if sum(given) != 1:
        raise Failure(
            "there is no question" if not any(given) else "there is more than one question",
            next_step="write it as one argument, or after -c, or name a file with -f; - reads standard input",
            code=ExitCode.USAGE,
        )
    if file == "-" or words == ("-",):
        return sys.stdin.read(), "standard input"
    if file is not None:
        return _read(Path(file)), file
    return command if command is not None else " ".join(words), ""


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise Failure(
            "the file is not UTF-8 text", where=str(path), next_step="name a file that holds SQL", code=ExitCode.USAGE
        ) from error


def _pointed(problem: ApiProblem, question: str, place: str) -> Exception:
    """The daemon's "no" with the line at fault and a caret under the place."""
    line, column = problem.members.get("line"), problem.members.get("column")
    if problem.status != 400 or not isinstance(line, int) or not isinstance(column, int):
        return problem
    what = f"{place}:{line}:{column}: {problem.message}" if place else problem.message
    text = question.split("\n")[line - 1]
    return Failure(
        what,
        where=text,
        mark=column - 1,
        next_step=problem.hint or "docs/sql.md shows views and columns",
        code=ExitCode.USAGE,
    )
