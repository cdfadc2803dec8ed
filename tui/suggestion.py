"""What is said of a name that nobody knows."""

from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str:
    """The name that is most like it, empty where none is."""
    from difflib import get_close_matches  # a start of the command line has no time for it

    return next(iter(get_close_matches(name, list(known), n=1)), "")


def did_you_mean(name: str, known: Iterable[str], otherwise: str) -> str:
    """A hint with the name that is most like it; `otherwise` where none is."""
    near = nearest(name, known)
    return f"did you mean {near}?" if near else otherwise
