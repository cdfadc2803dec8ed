"""A document that is not there yet: which file it goes to, how it is added, and how it is taken out again."""

from collections.abc import Sequence

from syncd.errors import InputError, UnfitError
from syncd.ingest.yaml_worker import YamlWorker
from syncd.model.host import Hosts
from syncd.model.location import Location, Target
from syncd.model.path import PathError, is_pattern, repository_path
from syncd.model.pattern import Pattern, PatternError
from syncd.model.port_entity import is_port_entity
from syncd.model.problem import Problem
from syncd.process.judgement import ref_text
from syncd.process.targets import location_targets

DIVIDER = "---\n"


def target_in(location: Location, hosts: Hosts, name: str, path: str) -> tuple[Target, str]:
    """The target of a location that reads a new entity's file, and the file: `path`, or one that fits the name.

    Raises `InputError` where the location would not read it.
    """
    targets = location_targets(location, hosts)
    if isinstance(targets, Problem):
        raise InputError(targets.message, code=targets.code, hint=targets.hint)
    if not path:
        return targets[0], _fitting(targets[0].pattern, name)
    try:
        asked = repository_path(path)
        found = next((target for target in targets if Pattern.parse(target.pattern).matches(asked)), None)
    except (PathError, PatternError) as error:
        raise InputError(str(error), code="edit.path", hint=getattr(error, "hint", "")) from None
    if found is None:
        told = ", ".join(target.pattern for target in targets)
        raise InputError(
            f"location {location.id} would not read {asked}: it reads {told}",
            code="edit.path",
            hint="name a path that it reads",
        )
    return found, asked


def ref_in(worker: YamlWorker, text: str) -> str:
    """The ref of the one entity that a text says. Raises `UnfitError`."""
    (documents,) = worker.read([("", text.encode())])
    flaws = [document.problem for document in documents if document.problem is not None]
    if flaws:
        raise UnfitError(flaws)
    said = [document.data for document in documents if document.outcome != "empty"]
    if len(said) != 1 or said[0] is None or is_port_entity(said[0]):
        message = f"one entity is to be added, not {len(said)} documents"
        hint = "write one document with apiVersion, kind and metadata.name"
        raise UnfitError([Problem("edit.one_document", message, hint=hint)])
    ref = ref_text(said[0])
    if not ref:
        message = "the document has no kind, or no metadata.name"
        raise UnfitError([Problem("edit.one_document", message, hint="an entity has both")])
    return ref


def tidied(text: str) -> str:
    """A document's lines without a divider above, each with a line feed."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").removeprefix(DIVIDER)
    return plain.rstrip("\n") + "\n"


def added(content: bytes, text: str) -> bytes:
    """The file with one document more, a tidied one, behind all others; "" is a file that is not there yet."""
    ends = b"\r\n" if b"\r\n" in content else b"\n"
    document = text.encode().replace(b"\n", ends)
    if not content.strip():
        return content + document
    close = b"" if content.endswith((b"\n", b"\r")) else ends
    return content + close + DIVIDER.encode().replace(b"\n", ends) + document


def taken_out(content: bytes, text: str, path: str) -> bytes | None:
    """The reverse of `added`: what the file was before; None where nothing stays, so that the file goes.

    Raises `UnfitError` where the document does not stand at the file's end, or alone in it.
    """
    ends = b"\r\n" if b"\r\n" in content else b"\n"
    document = text.encode().replace(b"\n", ends)
    if content == document:
        return None
    tail = DIVIDER.encode().replace(b"\n", ends) + document
    if content.endswith(tail):
        return content.removesuffix(tail)
    message = "other documents stand behind the one that was added"
    raise UnfitError([Problem("edit.gone", message, path, hint="take it out of the file by hand")])


def _fitting(pattern: str, name: str) -> str:
    """A path that the pattern matches: what it leaves open becomes the name."""
    if not is_pattern(pattern):
        return pattern
    path = pattern.replace("**", "*").replace("*", name)
    if is_pattern(path) or path != repository_path(path) or not Pattern.parse(pattern).matches(path):
        raise InputError(
            f"which file of {pattern} the entity belongs to is not clear", code="edit.path", hint="name its path"
        )
    return path


def _letting(locations: Sequence[Location]) -> str:
    """How somebody lets edits be pushed to one of them."""
    own = [location.id for location in locations if not location.configured]
    if own or not locations:
        return f"catalog location set {own[0] if len(own) == 1 else 'ID'} --write branch, or commit"
    return 'set write = "branch" or write = "commit" in a [[locations]] of the configuration'


def only_writable(locations: Sequence[Location]) -> Location:
    """The location that new entities go to where nobody names one. Raises `InputError`."""
    found = [location for location in locations if location.write != "none"]
    if len(found) == 1:
        return found[0]
    if not found:
        raise InputError(
            "no location may be written to",
            code="edit.no_place",
            hint=_letting(locations),
        )
    named = "; ".join(f"{location.id} ({location.target})" for location in found)
    raise InputError(
        f"{len(found)} locations may be written to", code="edit.which_place", hint=f"name one of them: {named}"
    )
