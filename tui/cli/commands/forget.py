"""`catalog forget`: orphans that nobody needs any more."""

import click

from tui.cli.command import catalog_command
from tui.cli.completion import complete_refs
from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure, refused
from tui.cli.reference import resolve
from tui.cli.session import Session
from tui.client import ApiProblem
from tui.model.orphan import is_orphan


@catalog_command(
    "forget",
    "Forget orphans: entities that no source has any more.",
    ("forget component:old-shop", "asks first"),
    ("forget old older --yes", "two of them; `catalog list annotation.backstage.io/orphan:true` finds all"),
)
@click.argument("refs", metavar="REF…", nargs=-1, required=True, shell_complete=complete_refs)
@click.option("--dry-run", is_flag=True, help="Say what would be forgotten; change nothing.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def forget(session: Session, refs: tuple[str, ...], dry_run: bool, yes: bool) -> None:
    """Orphans are kept with `orphan_strategy = "keep"`. A source that names one again brings it back. What has a source
    is not forgotten: exit code 5."""
    found = [resolve(session.client, ref, session.program) for ref in refs]
    told = found[0] if len(found) == 1 else f"{len(found)} entities"
    if dry_run:
        for ref in found:
            session.where = ref
            if not is_orphan(session.client.entity(ref)["entity"]):
                raise Failure(f"{ref} is no orphan: a source has it", where=ref, code=ExitCode.CONFLICT)
        session.note(f"would forget {told}")
        return
    session.confirm(f"Forget {told}?", yes=yes)
    for ref in found:
        session.where = ref
        try:
            session.client.forget_orphan(ref)
        except ApiProblem as problem:
            raise refused(problem, where=ref) from problem
        session.note(f"forgot {ref}")
