"""Registering a location, the same for every dialect."""

from collections.abc import Sequence
from typing import Literal, Unpack

from syncd.api.request import Request
from syncd.model.location import Adjustment, Location


async def register(
    request: Request,
    location_type: Literal["url", "git"],
    target: str,
    *,
    ref: str = "",
    paths: Sequence[str] = (),
    priority: int = 0,
    **adjustment: Unpack[Adjustment],
) -> Location:
    """Register in the name of the caller; ConflictError where the same is registered already."""
    return await request.context.readers.run(
        request.context.service.add_location,
        location_type,
        target,
        ref=ref,
        paths=paths,
        priority=priority,
        actor=request.actor,
        owner=request.is_owner,
        **adjustment,
    )
