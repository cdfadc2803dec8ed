"""REFs as people write them: `[kind:][namespace/]name`, completed by what the catalog holds."""

from typing import NamedTuple

from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.client import Client

CANDIDATES = 200


class Reference(NamedTuple):
    """The parts of a REF; what was left out is ""."""

    kind: str
    namespace: str
    name: str

    @property
    def full(self) -> str:
        """The ref where all parts are known, else ""."""
        return f"{self.kind}:{self.namespace}/{self.name}".lower() if self.kind and self.namespace else ""


def parse_reference(text: str) -> Reference:
    """Read a REF; `Failure` where a part is empty."""
    before, colon, rest = text.partition(":")
    kind, rest = (before, rest) if colon and "/" not in before else ("", text)
    namespace, slash, name = rest.partition("/")
    if not slash:
        namespace, name = "", rest
    if not name or (colon and not rest) or (slash and not namespace) or (colon and not before):
        raise Failure(
            f"{text!r} is not a REF",
            next_step="the form is [kind:][namespace/]name, such as component:default/payments",
            code=ExitCode.USAGE,
        )
    return Reference(kind, namespace, name)


def resolve(client: Client, text: str, program: str) -> str:
    """The full ref that `text` means.

    With a kind and no namespace, the namespace `default` wins where it has the name, as in catalog files. `Failure`
    with exit code 1 where nothing or more than one entity fits; the candidates are listed.
    """
    reference = parse_reference(text)
    if reference.full:
        return reference.full
    found = _candidates(client, reference)
    preferred = f"{reference.kind}:default/{reference.name}".lower()
    if reference.kind and preferred in found:
        return preferred
    if len(found) == 1:
        return found[0]
    if not found:
        raise not_found(text, program)
    raise Failure(
        f"{text!r} is ambiguous: {len(found)} entities have this name\n" + "\n".join(f"  {ref}" for ref in found),
        next_step="name the kind and, where needed, the namespace, as in the list above",
        code=ExitCode.NO,
    )


def not_found(text: str, program: str) -> Failure:
    """No entity has this REF."""
    name = parse_reference(text).name
    return Failure(
        f"there is no entity {text!r}",
        where="the catalog",
        next_step=f"`{program} list {name}` searches for it, `{program} errors` shows files that could not be read",
        code=ExitCode.NO,
    )


def _candidates(client: Client, reference: Reference) -> list[str]:
    page = client.entity_rows(f"ref:{_quoted(_spelled(reference))}", ("name",), sort="kind,namespace", limit=CANDIDATES)
    return [row["ref"] for row in page["rows"]]


def _spelled(reference: Reference) -> str:
    kind = f"{reference.kind}:" if reference.kind else ""
    return kind + (f"{reference.namespace}/" if reference.namespace else "") + reference.name


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
