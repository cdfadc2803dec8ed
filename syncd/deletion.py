"""What is deleted through the API: an orphan is gone for good, everything else is read again from its source."""

from collections.abc import Callable, Sequence

from syncd.errors import ConflictError, NotFoundError
from syncd.model.uid import uid_of
from syncd.readiness import Engine, Readiness
from syncd.stitch.publication import Publication
from syncd.stitch.write import Entry
from syncd.store.catalog import Catalog
from syncd.store.state import State


class Deletion:
    """Each call returns when what it deletes is gone; what is read again follows. Thread-safe."""

    def __init__(
        self,
        catalog: Catalog,
        state: State,
        readiness: Readiness,
        refresh: Callable[[Sequence[str]], object],
    ) -> None:
        """`refresh` rings locations by their ids."""
        self._catalog = catalog
        self._state = state
        self._readiness = readiness
        self._refresh = refresh

    def entity(self, uid: str, *, actor: str) -> None:
        """Delete an orphan for good; a live entity is read again from its source (C222, C223)."""
        engine = self._readiness.wait()
        ref = self._catalog.ref_of_uid(uid.lower())
        details = self._catalog.details(ref) if ref else None
        if ref is None or details is None:
            return
        concerned = {details.location_id}
        if details.retained == "orphan":
            with engine.reconciler.still(details.location_id):
                concerned |= self._drop(engine, ref, uid, actor)
        engine.reconciler.force(concerned)
        self._refresh(list(concerned))  # of an orphan, the file that held it is forgotten too

    def orphan(self, ref: str, *, actor: str) -> None:
        """Delete an orphan for good; NotFoundError for an unknown ref, ConflictError for what has a source."""
        details = self._catalog.details(ref)
        if details is None:
            raise NotFoundError(f"No such entity: {ref} not found")
        if details.retained != "orphan":
            hint = "take it out of its file, or unregister its location"
            raise ConflictError(f"{ref} is no orphan: a source has it", hint=hint)
        self.entity(uid_of(ref), actor=actor)

    def unprocessed(self, entity_id: str, *, actor: str) -> None:
        """Forget what is kept of an entity, and read again whatever holds it; nothing for an unknown id."""
        self.entity(entity_id, actor=actor)
        engine = self._readiness.wait()
        concerned = {one.location.id for one in engine.backlog.failed() if one.id == entity_id}
        engine.reconciler.force(concerned)
        if concerned:
            self._refresh(list(concerned))

    def _drop(self, engine: Engine, ref: str, uid: str, actor: str) -> set[str]:
        """The locations that kept an orphan."""
        kept_by: set[str] = set()

        def write(publication: Publication) -> Entry:
            self._state.drop_orphan(ref)
            kept_by.update(publication.drop_orphan(ref))
            return Entry(actor, "entity.deleted", ref, {"uid": uid})

        engine.publisher.submit(write).result()
        return kept_by
