"""Which location a person means: by id, the beginning of an id, or what it was registered with."""

from tui.answers import LocationItem
from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.session import Session


def find_location(session: Session, text: str) -> LocationItem:
    """The one location that `text` names; `Failure` with exit code 1 where none or several fit."""
    locations = session.client.locations()
    exact = [one for one in locations if text in (one["id"], one["location_ref"], one["entity_ref"])]
    found = exact or [one for one in locations if one["target"] == text or one["id"].startswith(text)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise Failure(
            f"there is no location {text!r}",
            next_step=f"`{session.program} location list` shows them with their ids",
            code=ExitCode.NO,
        )
    raise Failure(
        f"{text!r} means {len(found)} locations\n"
        + "\n".join(f"  {one['id']}  {one['location_ref']}" for one in found),
        next_step="name one by its id",
        code=ExitCode.NO,
    )


def location_id(session: Session, text: str) -> str:
    """The id of that location."""
    return find_location(session, text)["id"]
