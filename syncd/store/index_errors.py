"""What can be wrong with the index file, and what the engine says about it."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from syncd.disk import is_disk_full, no_room
from syncd.errors import CatalogError, UnavailableError


class IndexUnusableError(CatalogError):
    """The file cannot serve as it is (damaged, or another version): build it again (R38)."""

    code = "index"


class IndexHeldError(CatalogError):
    """Another program has the file open; nothing is wrong with it."""

    code = "index.held"


def is_invalidated(error: BaseException) -> bool:
    """Whether the engine gave up earlier and only repeats why."""
    return "has been invalidated" in str(error)


def first_line(error: BaseException) -> str:
    """The first line of an engine's message; the rest is for its authors."""
    return (str(error).splitlines() or [type(error).__name__])[0]


def opened_again() -> UnavailableError:
    """What is told to who asks at the moment when the index is closed, or opened again."""
    return UnavailableError("the index failed and is being opened again", hint="try again in a few seconds")


@contextmanager
def explained() -> Iterator[None]:
    """Failures of the engine, by what helps: room on the disk, another attempt, or opening the file again, perhaps
    after it was built again."""
    try:
        yield
    except (duckdb.FatalException, duckdb.InternalException) as error:
        raise IndexUnusableError(f"the engine gave up: {first_line(error)}") from error
    except (duckdb.ConnectionException, duckdb.InterruptException) as closed:
        raise opened_again() from closed
    except duckdb.Error as error:
        message = first_line(error)
        if is_disk_full(error):
            raise no_room("the index") from error
        if "Corrupt" in message or "Could not read" in message:
            raise IndexUnusableError(f"it cannot be read: {message}") from error
        raise
    except OSError as error:  # rows on their way to the engine are a file in memory
        if is_disk_full(error):
            raise no_room("the index") from error
        raise
