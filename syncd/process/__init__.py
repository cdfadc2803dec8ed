"""Processing: a document becomes a validated, completed entity with its relations and targets."""

from syncd.process.context import Context
from syncd.process.entity import location_entity, process
from syncd.process.targets import location_targets

__all__ = ["Context", "location_entity", "location_targets", "process"]
