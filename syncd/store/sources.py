"""What became of the documents of files: each in a report, or only counted."""

from typing import Final

from syncd.store.reports import DocumentReport, SourceReport, StoredProblem
from syncd.store.statements import Cursor
from syncd.store.stored_problems import stored_problems

_SPEAKING: Final = (
    "FROM core.documents d LEFT JOIN core.winners w USING (entity_ref) LEFT JOIN core.documents v "
    "ON v.document_id = w.document_id AND v.repository = d.repository AND v.git_ref = d.git_ref "
    "AND v.path = d.path AND v.idx = d.idx WHERE (? = '' OR d.location_id = ?) AND d.repository <> ''"
)
"""Documents of files, of one location or of all, each with the one that speaks where that is the same (`v`)."""


def sources(cursor: Cursor, location_id: str = "") -> list[SourceReport]:
    """What became of every document of every file, of one location or of all."""
    rows = cursor.execute(
        "SELECT d.location_id, d.repository, d.git_ref, d.path, d.blob, d.idx, d.line, d.outcome, d.retained, "
        f"d.entity_ref, v.repository IS NOT NULL {_SPEAKING} "
        "ORDER BY d.location_id, d.repository, d.git_ref, d.path, d.idx, d.retained",
        [location_id, location_id],
    ).fetchall()
    problems: dict[tuple[str, str, str, str, int], StoredProblem] = {}
    for problem in stored_problems(cursor, "idx >= 0 AND (? = '' OR location_id = ?)", [location_id, location_id]):
        place = (problem.location, problem.repository, problem.git_ref, problem.path, problem.index)
        problems.setdefault(place, problem)
    files: dict[tuple[str, str, str, str], list[DocumentReport]] = {}
    blobs: dict[tuple[str, str, str, str], str] = {}
    for location, repository, git_ref, path, blob, idx, line, outcome, retained, ref, wins in rows:
        file = (location, repository, git_ref, path)
        blobs.setdefault(file, blob)
        if retained:
            outcome = "retained"
        elif outcome == "entity" and not wins:
            outcome = "conflict"
        report = None if retained else problems.get((*file, idx))
        files.setdefault(file, []).append(DocumentReport(idx, line, outcome, ref, report))
    return [SourceReport(*file, blobs[file], tuple(documents)) for file, documents in files.items()]


def outcomes(cursor: Cursor, location_id: str = "") -> dict[str, dict[str, int]]:
    """How many documents of each location ended how, or of one; one question, however many locations there are."""
    rows = cursor.execute(
        "SELECT d.location_id, CASE WHEN d.retained <> '' THEN 'retained' "
        "WHEN d.outcome = 'entity' AND v.repository IS NULL THEN 'conflict' ELSE d.outcome END, count(*) "
        f"{_SPEAKING} GROUP BY ALL ORDER BY ALL",
        [location_id, location_id],
    ).fetchall()
    found: dict[str, dict[str, int]] = {}
    for location, what, count in rows:
        found.setdefault(location, {})[what] = int(count)
    return found
