"""The clipboard of whoever sits at the terminal."""

from typing import Any

from textual.app import App

from tui.safe_text import safe_text

SAID = 160
"""Characters of a copied text that are repeated to the person."""


def send(app: App[Any], text: str, name: str = "") -> None:
    """Put a text on the clipboard, and say how: with OSC 52 it is the terminal that allows it.

    `name` is said in place of the text where that is long.
    """
    app.copy_to_clipboard(safe_text(text, multiline=True, limit=len(text)))
    said = name or safe_text(text, limit=SAID)
    app.notify(f"sent {said} to the terminal's clipboard (OSC 52)", markup=False, timeout=3)
