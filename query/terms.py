"""Full text: the terms an entity is found by, and how well each of them speaks for it.

Words are what stands between characters that are neither letters nor digits, without case and accents. `camelCase`
gives its parts beside the whole. A word that is asked for matches a term which it is or begins.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from query.ast import And, Node, Or, Text, all_of, any_of
from query.statement import LAST, Sql

MAX_TERMS: Final = 400
"""How many terms an entity may have; names come first, definitions last."""

MAX_TEXT: Final = 20_000
"""How many characters of a description or definition are read."""

WORD_LENGTH: Final = 64
"""Longer words are known by their beginning; a name has 63 letters at most."""

WHOLE_NAME, NAME, TITLE, TAG, DESCRIPTION, DEFINITION = 12, 10, 8, 6, 3, 1
"""How much a term says by where it stands; the first is a name that is one word."""

_EXACT, _BEGINNING = 3, 2
"""What a weight is multiplied by: a description's word that is meant exactly stays behind a name that begins so."""

_RUN: Final = re.compile(r"[^\W_]+")
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def entity_terms(entity: Mapping[str, object]) -> dict[str, int]:
    """Every term of a final entity with the weight of the best place where it stands."""
    found: dict[str, int] = {}
    for weight, text in _texts(entity):
        for term in _terms(text):
            if term not in found:
                if len(found) == MAX_TERMS:
                    return found
                found[term] = weight
    return found


def score(word: str, terms: Mapping[str, int]) -> int:
    """How well the terms answer to a word; 0 where they do not."""
    best = max((weight for term, weight in terms.items() if term.startswith(word)), default=0)
    return max(best * _BEGINNING, terms.get(word, 0) * _EXACT)


def text_node(text: str) -> Node | None:
    """The condition that every word of a text is among an entity's; None for a text without words.

    What is written in `camelCase` is also found as its parts.
    """
    runs = dict.fromkeys(_RUN.findall(_plain(text)))
    return all_of(_asked(run) for run in runs) if runs else None


def asked_words(node: Node) -> tuple[str, ...]:
    """The words that a condition asks for, each once; those it excludes are none of them."""
    match node:
        case Text(word):
            return (word,)
        case And(parts) | Or(parts):
            return tuple(dict.fromkeys(word for part in parts for word in asked_words(part)))
        case _:
            return ()


def _asked(run: str) -> Node:
    parts = [Text(part) for part in _parts(run)]
    whole = Text(run.casefold()[:WORD_LENGTH])
    return any_of([whole, And(tuple(parts))]) if parts else whole


def word_scan(word: str) -> Sql:
    """A scan of `core.terms`, sorted by term, for the entities that a word means."""
    return Sql(f"SELECT eid FROM core.terms WHERE {_RANGE}", (word, word + LAST))


def score_scan(asked: Iterable[str]) -> Sql:
    """Rows `(eid, value)`: the sum of the scores of the words, as text whose order is that of numbers."""
    scans = [
        Sql(
            f"SELECT eid, max(weight * CASE WHEN term = ?::VARCHAR THEN {_EXACT} ELSE {_BEGINNING} END) AS score"
            f" FROM core.terms WHERE {_RANGE} GROUP BY eid",
            (word, word, word + LAST),
        )
        for word in asked
    ]
    text = " UNION ALL ".join(scan.text for scan in scans)
    params = tuple(value for scan in scans for value in scan.params)
    return Sql(
        f"SELECT eid, lpad(sum(score)::VARCHAR, {SCORE_DIGITS}, '0') AS value FROM ({text}) GROUP BY eid", params
    )


def tier_scan(word: str) -> Sql:
    """Rows `(score, eids)`: the entities of which some term gives the word that score, dead versions among them."""
    return Sql(
        f"SELECT weight * CASE WHEN term = ?::VARCHAR THEN {_EXACT} ELSE {_BEGINNING} END AS score, list(eid) "
        f"FROM core.terms WHERE {_RANGE} GROUP BY score",
        (word, word, word + LAST),
    )


def score_text(total: int) -> str:
    """A sum of scores as `score_scan` writes it."""
    return f"{total:0{SCORE_DIGITS}}"


SCORE_DIGITS: Final = 6
_RANGE: Final = "term >= ?::VARCHAR AND term < ?::VARCHAR"


def _texts(entity: Mapping[str, object]) -> Iterator[tuple[int, str]]:
    """The texts of an entity, the weightiest first."""
    metadata, spec = _mapping(entity.get("metadata")), _mapping(entity.get("spec"))
    name = _text(metadata.get("name"))
    yield (WHOLE_NAME if _RUN.fullmatch(name) else NAME), name
    yield TITLE, _text(metadata.get("title"))
    yield TITLE, _text(_mapping(spec.get("profile")).get("displayName"))
    tags = metadata.get("tags")
    if isinstance(tags, list):
        yield TAG, " ".join(tag for tag in tags if isinstance(tag, str))
    yield DESCRIPTION, _text(metadata.get("description"))
    yield DEFINITION, _text(spec.get("definition"))


def _terms(text: str) -> Iterator[str]:
    plain = _plain(text)
    for run in _RUN.findall(plain):
        folded = run.casefold()
        yield folded[:WORD_LENGTH]
        if folded != run:
            yield from _parts(run)


def _parts(run: str) -> list[str]:
    """The parts of a word in `camelCase`; none where it has one only."""
    if run[1:].islower():
        return []
    parts = _HUMP.split(run)
    return [part.casefold()[:WORD_LENGTH] for part in parts] if len(parts) > 1 else []


def _plain(text: str) -> str:
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    return value[:MAX_TEXT] if isinstance(value, str) else ""
