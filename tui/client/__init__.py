"""The daemon as the terminal meets it: the only package of `tui` that knows the API's URLs."""

from tui.client.access import Access
from tui.client.activity import ActivityRecords
from tui.client.catalog import Catalog
from tui.client.edits import Edits
from tui.client.history import History
from tui.client.locations import Locations
from tui.client.properties import Properties
from tui.client.tables import Tables
from tui.transport import (
    Address,
    ApiProblem,
    BadAddress,
    DaemonUnreachable,
    Event,
    find_address,
    socket_path,
    state_directory,
)

__all__ = [
    "Address",
    "ApiProblem",
    "BadAddress",
    "Client",
    "DaemonUnreachable",
    "Event",
    "find_address",
    "socket_path",
    "state_directory",
]


class Client(Catalog, Tables, History, Properties, Edits, Locations, ActivityRecords, Access):
    """The own HTTP API as methods; answers are the JSON the daemon sent.

    Safe to share between threads, which do not wait for each other (`tui.transport`).

    Every method raises `DaemonUnreachable` when nothing answers in `timeout` seconds, `ApiProblem` when the daemon
    says no.
    """
