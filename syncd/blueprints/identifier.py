"""What blueprints, properties and entities may be called (Port 3, 4), and the refs that their names make."""

import re
from collections.abc import Container
from typing import Final
from urllib.parse import unquote
from uuid import uuid4

from syncd.model.ref import DEFAULT_NAMESPACE, EntityRef, parse_ref
from syncd.process.formats import NAME, NAMESPACE, Format

_DOTS: Final = (".", "..")


def _named(alphabet: str, longest: int, rule: str) -> Format:
    whole, one = re.compile(f"[{alphabet}]{{1,{longest}}}"), re.compile(f"[{alphabet}]")
    return Format(
        lambda text: text not in _DOTS and whole.fullmatch(text),
        f"use 1-{longest} {rule}",
        one.fullmatch,
        longest,
    )


# `\w` is letters of any script, digits and `_`; marks (accents of their own) belong to letters of many scripts.
_MARKS: Final = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0903\u093a-\u094f\u0e31-\u0e4e\u3099\u309a"
BLUEPRINT: Final = _named(
    rf"\w{_MARKS}@.+:\\/-", 100, r"letters, digits, @ _ . + : \ / and -, but not . or .. alone (case matters)"
)
ENTITY: Final = _named(rf"\w{_MARKS}@.+:\\/=-", 1000, r"letters, digits, @ _ . + : \ / = and -, but not . or .. alone")
PROPERTY: Final = _named(r"A-Za-z0-9@_=\\-", 100, r"letters, digits, @ _ = \ and -")
"""Also for relations and computed properties."""


def new_identifier() -> str:
    """An identifier for an entity that was sent without one (P16)."""
    return f"e_{uuid4().hex}"


def entity_ref(blueprint: str, identifier: str, built_in: Container[str]) -> EntityRef:
    """The entity of a blueprint that an identifier means.

    For the blueprints in `built_in` it may be `namespace/name`.
    """
    namespace, slash, name = identifier.partition("/")
    if slash and blueprint in built_in and NAMESPACE.fits(namespace) and NAME.fits(name):
        return EntityRef(blueprint, namespace, name)
    return EntityRef(blueprint, DEFAULT_NAMESPACE, identifier)


def target_ref(target: str, text: str, built_in: Container[str]) -> EntityRef:
    """The entity that a relation to blueprint `target` names.

    Where the target is one of Backstage's kinds the text may say another of them: `resource:default/cart-db`.
    """
    kind, colon, rest = text.partition(":")
    if colon and target in built_in and kind.lower() in built_in:
        return entity_ref(kind.lower(), rest.removeprefix(f"{DEFAULT_NAMESPACE}/"), built_in)
    return entity_ref(target, text, built_in)


def entity_identifier(ref: str) -> str:
    """The identifier that a ref means, in lower case; entities know how theirs is written."""
    parsed = parse_ref(ref)
    name = unquote(parsed.name)
    return name if parsed.namespace == DEFAULT_NAMESPACE else f"{parsed.namespace}/{name}"
