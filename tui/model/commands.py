"""What a person would type in a shell to get what the screen shows."""

import shlex


def list_command(query: str) -> str:
    """The command that lists what a line asks for."""
    return f"catalog list {shlex.quote(query)}" if query else "catalog list"


def get_command(ref: str) -> str:
    """The command that prints an entity."""
    return f"catalog get {shlex.quote(ref)}"
