"""`catalog get`: entities by their REF."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from tui.answers import EntityAnswer
from tui.cli.command import catalog_command
from tui.cli.completion import complete_refs
from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure, refused
from tui.cli.listing import COLUMNS, WIDE, Listing, Row, as_text, value_at
from tui.cli.output import Choices, output_options
from tui.cli.reference import not_found, resolve
from tui.cli.session import Session
from tui.cli.terminal import width_of
from tui.client import ApiProblem
from tui.safe_text import safe_text

if TYPE_CHECKING:
    from tui.property_answers import EntityProperty

_PATHS = {
    "namespace": "metadata.namespace",
    "name": "metadata.name",
    "title": "metadata.title",
    "description": "metadata.description",
    "tags": "metadata.tags",
    "owner": "spec.owner",
    "type": "spec.type",
    "lifecycle": "spec.lifecycle",
    "system": "spec.system",
}


@catalog_command(
    "get",
    "Entities by their REF, with where they come from.",
    ("get payments", "the entity of that name, if only one has it"),
    ("get component:default/payments", "by its full ref"),
    ("get payments -o json", "as JSON, for jq"),
    ("get api:payments component:payments -o table", "several, as rows"),
)
@click.argument("refs", metavar="REF…", nargs=-1, required=True, shell_complete=complete_refs)
@output_options(many=False, columns=None)
def get(session: Session, choices: Choices, refs: tuple[str, ...]) -> None:
    """A REF is [kind:][namespace/]name. Without -o the entity is shown as YAML, with its source, its problems, its
    custom properties and the cards of its layout in comments. One REF gives one JSON value, several give a list."""
    answers, missing = [], []
    for ref in refs:
        try:
            answers.append(_entity(session, ref))
        except Failure as failure:
            if failure.code != ExitCode.NO or len(refs) == 1:
                raise
            missing.append(failure)
    if not choices.chosen and not choices.columns:
        choices.write_lines(_described(session, choices, answers))
    elif answers:
        choices.write(_listing(answers, choices, single=len(refs) == 1))
    for one in missing:
        session.warn("\n".join(one.lines))
    if missing:
        raise SystemExit(ExitCode.PARTLY if answers else ExitCode.NO)


def _entity(session: Session, text: str) -> EntityAnswer:
    session.where = text
    ref = resolve(session.client, text, session.program)
    try:
        return session.client.entity(ref)
    except ApiProblem as problem:
        if problem.status == 404:
            raise not_found(text, session.program) from problem
        raise refused(problem, where=text) from problem


def _listing(answers: list[EntityAnswer], choices: Choices, *, single: bool) -> Listing:
    columns = choices.columns or (WIDE if choices.output_format == "wide" else COLUMNS)

    def rows() -> Iterator[Row]:
        return (Row(_ref(answer), [_cell(answer, name) for name in columns]) for answer in answers)

    return Listing(columns, rows, lambda: (answer["entity"] for answer in answers), single)


def _cell(answer: EntityAnswer, column: str) -> str | None:
    value: Any = answer["updated"] if column == "updated" else value_at(answer["entity"], _PATHS.get(column, column))
    return as_text(value)


def _ref(answer: EntityAnswer) -> str:
    kind, namespace, name = (_cell(answer, part) for part in ("kind", "namespace", "name"))
    return f"{kind}:{namespace or 'default'}/{name}".lower()


def _described(session: Session, choices: Choices, answers: list[EntityAnswer]) -> Iterator[str]:
    from tui.cli.yaml_text import yaml_text

    for at, answer in enumerate(answers):
        if at:
            yield "---"
        for comment in (*_comments(answer), *map(_mark, answer.get("properties", ()))):
            yield f"# {safe_text(comment)}"
        yield from yaml_text(answer["entity"]).splitlines()
        for line in _cards(session, choices, _ref(answer)):
            yield f"# {line}"


def _cards(session: Session, choices: Choices, ref: str) -> Iterator[str]:
    """The overview of the layout that somebody wrote for the entity; nothing where the daemon knows of none."""
    try:
        answer = session.client.layout(ref)
    except ApiProblem:
        return
    from tui.cards.page import overview_lines
    from tui.cli.painting import painted
    from tui.model.symbols import symbols

    for line in overview_lines(answer, width_of(sys.stdout) - 2, symbols()):
        yield painted(line, colour=choices.colour)


def _comments(answer: EntityAnswer) -> Iterator[str]:
    yield _ref(answer)
    source = answer["source"]
    if source:
        commit = f" @ {source['commit'][:12]}" if source.get("commit") else ""
        yield f"from {source['repository']} {source['ref']}{commit} {source['path']}:{source['line']}"
    if answer["updated"]:
        yield f"updated {answer['updated']}"
    for problem in answer["problems"]:
        yield f"problem: {problem['path']}:{problem['line']}: {problem['message']}"


def _mark(one: "EntityProperty") -> str:
    git = "" if one["git"] is None else f", git says {as_text(one['git'])}"
    verb = "set to" if one["mode"] == "replace" else f"{one['mode']}:"
    return f"custom {one['path']} {verb} {as_text(one['value'])} by {one['set_by']}, {one['set_at']}{git}"
