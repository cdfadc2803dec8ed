"""What may be done now, and why something may not: the reason that key bar, palette and help show."""

from tui.actions.action import Action
from tui.model.health import Health


def reason_off(action: Action, *, read_only: bool, health: Health, has_row: bool = True, served: bool = False) -> str:
    """Why an action does not work now; empty when it does.

    What reads is never off for the daemon's sake: what is on the screen stays useful without it.
    """
    if action.local and served:
        return "not from a browser"
    if action.writes and read_only:
        return "read-only"
    if action.writes and health.down_since is not None:
        return "offline"
    if action.needs_row and not has_row:
        return "nothing selected"
    return ""
