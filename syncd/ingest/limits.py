"""How much one file may ask of the parser (R21-R23); every limit has an error code of its own (R22)."""

from dataclasses import dataclass

from syncd.ingest.failure import ParseError

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ParseLimits:
    """Caps for one file. Sizes are bytes of UTF-8, times are seconds."""

    file_bytes: int = 4 * MIB
    """Size of the file."""
    documents: int = 5_000
    """Documents in the file; those up to the limit are read."""
    depth: int = 64
    """Lists and mappings inside each other; the root is level 1."""
    events: int = 50_000
    """Nodes of one document: every scalar, alias, list and mapping counts."""
    aliases: int = 200
    """Aliases in one document."""
    expanded_nodes: int = 100_000
    """Nodes that the aliases of one file stand for, all together."""
    expanded_bytes: int = 8 * MIB
    """Bytes of text that the aliases of one file stand for, all together."""
    scalar_bytes: int = 256 * 1024
    """One scalar."""
    key_bytes: int = 1024
    """One mapping key."""
    mapping_keys: int = 10_000
    """Keys of one mapping."""
    directives: int = 64
    """`%TAG` directives in the file: the C library compares each with all before it."""
    cpu_seconds: float = 10.0
    """Processor time that the worker spends on one file before it is killed."""
    wall_seconds: float = 30.0
    """Time that the worker may take for one file before it is killed."""
    memory_bytes: int = 512 * MIB
    """Address space that the worker may take beyond what it has when it starts."""

    def exceeded(self, name: str, line: int = 0, column: int = 0) -> ParseError:
        """The failure for a limit by its field name; line and column count from 1."""
        code, what = _EXCEEDED[name]
        value: int = getattr(self, name)
        return ParseError(code, f"{what} {value:,} (limit {name})", line, column, hint=_HINTS.get(name, ""))


_EXCEEDED = {
    "file_bytes": ("file_too_large", "the file has more bytes than"),
    "documents": ("too_many_documents", "the file holds more documents than"),
    "depth": ("too_deep", "lists and mappings are nested deeper than"),
    "events": ("too_many_nodes", "the document has more nodes than"),
    "aliases": ("too_many_aliases", "the document has more aliases than"),
    "expanded_nodes": ("expands_too_far", "the aliases of the file stand for more nodes than"),
    "expanded_bytes": ("expands_too_large", "the aliases of the file stand for more bytes than"),
    "scalar_bytes": ("scalar_too_long", "a value has more bytes than"),
    "key_bytes": ("key_too_long", "a key has more bytes than"),
    "mapping_keys": ("too_many_keys", "a mapping has more keys than"),
    "directives": ("too_many_directives", "the file has more %TAG directives than"),
}

_HINTS = {
    "file_bytes": "split the file",
    "documents": "split the file",
    "scalar_bytes": "keep the text in a file of its own and point to it with $text",
    "events": "keep the data in a file of its own and point to it with $yaml or $json",
}
