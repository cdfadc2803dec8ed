"""The palette's matches: actions by what they are called, keys included; the best first."""

from collections.abc import Sequence
from dataclasses import dataclass

from tui.actions.action import Action


@dataclass(frozen=True, slots=True)
class Command:
    """An action as the palette lists it; `off` is the reason why it does not work now."""

    action: Action
    key: str = ""
    off: str = ""


def matching(commands: Sequence[Command], text: str) -> list[Command]:
    """Those that a text means, the best first; all of them, in their order, where there is no text."""
    wanted = text.strip()
    if not wanted:
        return list(commands)
    ranked = [(_rank(command, wanted), number) for number, command in enumerate(commands)]
    return [commands[number] for rank, number in sorted(found for found in ranked if found[0] is not None)]


def _rank(command: Command, wanted: str) -> tuple[int, int] | None:
    """How well a command fits, smaller is better; None for one that does not."""
    text, title = wanted.lower(), command.action.title.lower()
    if command.key and wanted == command.key:
        return 0, 0
    if title.startswith(text):
        return 1, len(title)
    if any(word.startswith(text) for word in title.split()):
        return 2, len(title)
    if text in title or text in command.action.id:
        return 3, len(title)
    if all(word in f"{title} {command.action.help.lower()}" for word in text.split()):
        return 4, len(title)
    return (5, len(title)) if len(text) > 1 and is_subsequence(text.replace(" ", ""), title) else None


def is_subsequence(part: str, text: str) -> bool:
    """Whether the characters of a part stand in a text in this order: `sfl` in `sort, flip`."""
    letters = iter(text)
    return all(letter in letters for letter in part)


def entity_queries(text: str) -> tuple[str, ...]:
    """Query lines for the entities that somebody means by a few letters: words first, then letters in their order."""
    word = text.strip()
    if len(word) < 2:
        return ()
    if not all(letter.isalnum() or letter in "-_." for letter in word):
        return (word,)
    spread = "*".join(word[:30])
    return (f"name:{word}", f"name:*{word}*", f"name:*{spread}*") if len(word) <= 30 else (f"name:*{word}*",)
