"""What the daemon and its parser process say to each other in frames (`syncd.workers.frames`).

A request is one frame of JSON, then the contents that it announces, one frame each; the answer is one frame of JSON
for each content, in order.
"""

from typing import Any

from syncd.ingest.failure import ParseError
from syncd.model.document import Document
from syncd.model.problem import Problem


def document_row(document: Document) -> list[object]:
    """A document as JSON; its index is its place in the list."""
    problem = document.problem
    return [document.line, document.outcome, document.data, problem_row(problem) if problem else None, document.place]


def document_of(index: int, row: list[Any], path: str) -> Document:
    """The reverse of `document_row`."""
    line, outcome, data, problem, place = row
    return Document(index, line, outcome, data, problem_of(problem, path) if problem else None, tuple(place))


def problem_row(problem: Problem) -> list[object]:
    """A problem as JSON, without the path, which the daemon knows."""
    return [problem.code, problem.message, problem.line, problem.column, problem.hint]


def problem_of(row: list[Any], path: str) -> Problem:
    """The reverse of `problem_row`."""
    code, message, line, column, hint = row
    return ParseError(code.removeprefix("parse."), message, line, column, hint=hint).problem(path)
