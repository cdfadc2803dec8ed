"""Processing: a document becomes a validated, completed entity with its relations and targets."""

from syncd.process.context import NOTHING_ADDED, Completion, Context
from syncd.process.entity import location_entity, process
from syncd.process.targets import location_targets

__all__ = ["NOTHING_ADDED", "Completion", "Context", "location_entity", "location_targets", "process"]
