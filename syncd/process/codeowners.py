"""CODEOWNERS: who owns an entity that names no owner itself (C118, spec 2.7)."""

import re
from dataclasses import dataclass
from functools import lru_cache

from syncd.model.json import JsonObject
from syncd.model.pattern import Pattern, PatternError
from syncd.model.url import UrlError
from syncd.process.context import Context

KINDS = frozenset({"API", "Component", "Domain", "Resource", "System"})
MAX_LINES = 5_000
"""Lines of one CODEOWNERS file; a longer one is not used, since its last lines are those that count."""

_FOLDERS = {
    "github": ("", "docs/", ".github/"),
    "gitlab": ("", "docs/", ".gitlab/"),
    "gitea": ("", "docs/", ".gitea/"),
    "bitbucket": ("", ".bitbucket/"),
    "bitbucket-server": ("", ".bitbucket/"),
    "azure": ("", "docs/"),
    "file": ("", "docs/", ".github/", ".gitlab/", ".gitea/", ".bitbucket/"),
}
"""Where the file is looked for, in this order; of a host that is not known, everywhere."""

_SPACES = re.compile(r"(?<!\\)\s+")
_COMMENT = re.compile(r"(?<!\\)#.*")


@dataclass(frozen=True, slots=True)
class _Rule:
    patterns: tuple[Pattern, ...]
    owner: str
    """The first owner; "" where the file says that nobody owns it."""
    line: int


@dataclass(frozen=True, slots=True)
class Ownership:
    """Who owns a file, as a ref, and which line of which CODEOWNERS file says so."""

    owner: str
    path: str
    line: int


def with_owner(data: JsonObject, context: Context) -> JsonObject:
    """The entity with the owner of its file, where it is of a kind that has one and names none."""
    spec = data.get("spec")
    if data.get("kind") not in KINDS or not isinstance(spec, dict) or spec.get("owner"):
        return data
    found = ownership(context)
    return {**data, "spec": {**spec, "owner": found.owner}} if found else data


def owner_ref(owner: str) -> str:
    """An owner as CODEOWNERS names it, as the ref that the catalog knows: `@org/team`, `@user`, `name@host`."""
    if owner.startswith("@"):
        return owner.rpartition("/")[2] if "/" in owner else f"User:{owner[1:]}"
    return owner.partition("@")[0] or owner


def ownership(context: Context) -> Ownership | None:
    """Who owns the file of this context; None where no CODEOWNERS file names anybody."""
    for folder in _FOLDERS[_host_type(context)]:
        name = f"{folder}CODEOWNERS"
        content = context.read(name)
        if isinstance(content, bytes):
            path = context.source.path
            rule = next((rule for rule in _rules(content) if any(p.matches(path) for p in rule.patterns)), None)
            return Ownership(owner_ref(rule.owner), name, rule.line) if rule is not None and rule.owner else None
    return None


def _host_type(context: Context) -> str:
    branch = context.source.branch
    try:
        file = context.hosts.resolve(context.url) if context.url else None
    except UrlError:
        file = None
    file = file or context.hosts.page(branch.repository, branch.ref, context.source.path)
    return file.type if file is not None else "file"


@lru_cache(maxsize=8)
def _rules(content: bytes) -> tuple[_Rule, ...]:
    """The lines of a file, the last one first: it is the last match that counts."""
    lines = content.decode("utf-8", "replace").splitlines()
    if len(lines) > MAX_LINES:
        return ()
    numbered = zip(range(len(lines), 0, -1), reversed(lines), strict=True)
    found = (_rule(_COMMENT.sub("", line).strip(), number) for number, line in numbered)
    return tuple(rule for rule in found if rule is not None)


def _rule(line: str, number: int) -> _Rule | None:
    """What a line says; None for a heading of a section, and for a pattern that cannot be read."""
    if not line or line.startswith(("[", "^[", "!")):
        return None
    pattern, *owners = _SPACES.split(line)
    try:
        patterns = tuple(map(Pattern.parse, _globs(pattern.replace("\\", ""))))
    except PatternError:
        return None
    return _Rule(patterns, owners[0] if owners else "", number)


def _globs(pattern: str) -> list[str]:
    """The form of a `.gitignore`: with a slash inside it starts at the root, a folder means all that is in it."""
    folder, text = pattern.endswith("/"), pattern.strip("/")
    if not text:
        return ["**"]
    anchored = "/" in pattern.rstrip("/")
    base = text if anchored else f"**/{text}"
    if folder:
        return [f"{base}/**/*"]
    return [base] if anchored and text.rpartition("/")[2] == "*" else [base, f"{base}/**/*"]
