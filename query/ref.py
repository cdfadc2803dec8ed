"""How the ref of an entity is written: `kind:namespace/name` in lower case."""

import re

_BREAKING = re.compile(r"[/:\\]")


def ref_text(kind: str, namespace: str, name: str) -> str:
    """The canonical ref. Colons and slashes within a kind or name, which Port's identifiers may hold, are
    percent-encoded; a text that is encoded already stays as it is."""
    return f"{_part(kind)}:{namespace}/{_part(name)}".lower()


def _part(text: str) -> str:
    return _BREAKING.sub(lambda found: f"%{ord(found[0]):02x}", text) if _BREAKING.search(text) else text
