"""What the last walks read, as the index remembers it."""

from collections import defaultdict

import orjson

from syncd.model.source import Branch, Source
from syncd.store.catalog import commits_from
from syncd.store.index import Index
from syncd.store.index_errors import explained
from syncd.walk.known import Known, KnownFile


@explained()
def known_walks(index: Index, only: str = "") -> dict[str, Known]:
    """The memory of every location whose sources were walked, or of `only` one, by location id. Raises as
    `Index.transaction`, `UnavailableError` while it is opened again."""
    cursor = index.cursor()
    files: dict[str, dict[Source, KnownFile]] = defaultdict(dict)
    rows = cursor.execute(
        "SELECT location_id, repository, git_ref, path, blob, known FROM core.files "
        "WHERE repository <> '' AND (? = '' OR location_id = ?)",
        [only, only],
    ).fetchall()
    for location_id, repository, git_ref, path, blob, known in rows:
        source = Source(Branch(repository, git_ref), path)
        files[location_id][source] = KnownFile.from_json(blob, orjson.loads(known))
    walks = cursor.execute(
        "SELECT location_id, commits FROM core.walks WHERE ? = '' OR location_id = ?", [only, only]
    ).fetchall()
    return {
        location_id: Known(
            {Branch(*key): commit for key, commit in commits_from(commits).items()}, files[location_id], walked=True
        )
        for location_id, commits in walks
        if commits != "{}" or location_id in files  # else only its registration was published
    }
