"""All answers about where things come from and what happened to them, for whoever asks by whatever API."""

from syncd.git import Mirrors
from syncd.history.file import Files
from syncd.history.origin import Why
from syncd.history.timeline import Timeline, Timelines
from syncd.history.why import Whys
from syncd.ingest.yaml_worker import YamlWorker
from syncd.model.location import Location
from syncd.store.catalog import Catalog
from syncd.store.state import State
from syncd.walk.walk import Surroundings


class HistoryDesk:
    """Every call reads mirrors, some start git, and takes tens of milliseconds or more. Thread-safe."""

    def __init__(
        self,
        catalog: Catalog,
        state: State,
        mirrors: Mirrors,
        around: Surroundings,
        parser: YamlWorker,
    ) -> None:
        self._state = state
        files = Files(mirrors, around, parser, self._location)
        self._whys = Whys(catalog, state, files)
        self._timelines = Timelines(catalog, state, files)

    def why(self, ref: str, field: str) -> Why:
        """Where the value at a field of an entity comes from; see `Whys.why`."""
        return self._whys.why(ref, field)

    def timeline(self, ref: str, path: str = "", *, limit: int, offset: int = 0) -> Timeline:
        """What happened to an entity, or to a field of it, the newest first; see `Timelines.of`."""
        return self._timelines.of(ref, path, limit=limit, offset=offset)

    def _location(self, location_id: str) -> Location | None:
        return next((one for one in self._state.locations() if one.id == location_id), None)
