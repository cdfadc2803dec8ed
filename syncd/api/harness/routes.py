"""Harness's routes; `/gateway` and `/orgs/…/projects/…` are taken off before routes are looked up."""

from syncd.api.harness import properties
from syncd.api.harness.activity import ROUTES as ACTIVITY
from syncd.api.harness.body import PropertiesBody
from syncd.api.parameters import Parameter
from syncd.api.router import Route

PATH = "/v1/catalog/custom-properties"
DRY_RUN = Parameter("dry_run", choices=("true", "false"))
READING = (Parameter("entity_ref"), Parameter("property"))
DELETING = (DRY_RUN, *READING, Parameter("entity_refs", "list"), Parameter("properties", "list"))


def _routes(path: str) -> tuple[Route, ...]:
    return (
        Route("POST", path, properties.set_properties, "properties:write", (DRY_RUN,), body=PropertiesBody),
        Route(
            "DELETE",
            path,
            properties.delete_properties,
            "properties:write",
            DELETING,
            body=PropertiesBody,
            body_optional=True,
        ),
    )


ROUTES: tuple[Route, ...] = (
    *ACTIVITY,
    *_routes(PATH),
    *_routes(f"{PATH}/entity"),
    *_routes(f"{PATH}/property"),
    Route("GET", f"{PATH}/entity", properties.get_properties, "read", READING),
    Route("GET", f"{PATH}/property", properties.get_properties, "read", READING),
)
