"""The routes of Port's API; the description of the API and its document follow this table."""

from typing import Final

from syncd.api.openapi import openapi
from syncd.api.port import audit, auth, blueprints, bulk, entities, figures, organization, search
from syncd.api.port.asking import (
    CREATE_PAGE,
    DELETE_ACTIONS,
    DELETING,
    DELETING_ALL,
    POSTING,
    SHAPE,
    WRITING,
)
from syncd.api.port.body import (
    Identifiers,
    ManyEntities,
    NewMirrorName,
    NewPropertyName,
    NewRelationIdentifier,
    PortObject,
)
from syncd.api.router import Route

BLUEPRINTS = "/v1/blueprints"
BLUEPRINT = f"{BLUEPRINTS}/{{blueprint}}"
ENTITIES = f"{BLUEPRINT}/entities"
ENTITY = f"{ENTITIES}/{{entity}}"
WRITE: Final = "entities:write"

ROUTES: tuple[Route, ...] = (
    Route("GET", "/v1/openapi.json", openapi, "read"),
    Route(
        "POST",
        "/v1/auth/access_token",
        auth.access_token,
        "public",
        body=auth.Credentials,
        answer=auth.AccessTokenAnswer,
    ),
    Route("GET", BLUEPRINTS, blueprints.list_blueprints, "read"),
    Route("POST", BLUEPRINTS, blueprints.create_blueprint, WRITE, (CREATE_PAGE,), body=PortObject, status=201),
    Route("GET", BLUEPRINT, blueprints.get_blueprint, "read"),
    Route("PUT", BLUEPRINT, blueprints.replace_blueprint, WRITE, body=PortObject),
    Route("PATCH", BLUEPRINT, blueprints.patch_blueprint, WRITE, body=PortObject),
    Route("DELETE", BLUEPRINT, blueprints.delete_blueprint, WRITE, (DELETE_ACTIONS,)),
    Route(
        "PATCH",
        f"{BLUEPRINT}/properties/{{name}}/rename",
        blueprints.rename_property,
        WRITE,
        body=NewPropertyName,
    ),
    Route("PATCH", f"{BLUEPRINT}/mirror/{{name}}/rename", blueprints.rename_mirror, WRITE, body=NewMirrorName),
    Route(
        "PATCH",
        f"{BLUEPRINT}/relations/{{name}}/rename",
        blueprints.rename_relation,
        WRITE,
        body=NewRelationIdentifier,
    ),
    Route("GET", ENTITIES, entities.list_entities, "read", SHAPE),
    Route("POST", ENTITIES, entities.create_entity, WRITE, POSTING, body=PortObject, status=201),
    Route("POST", f"{ENTITIES}/bulk", bulk.write_entities, WRITE, POSTING, body=ManyEntities),
    Route("GET", f"{BLUEPRINT}/entities-count", entities.count_entities, "read"),
    Route("GET", ENTITY, entities.get_entity, "read", SHAPE),
    Route("PUT", ENTITY, entities.replace_entity, WRITE, WRITING, body=PortObject),
    Route("PATCH", ENTITY, entities.patch_entity, WRITE, WRITING, body=PortObject),
    Route("DELETE", ENTITY, entities.delete_entity, WRITE, DELETING),
    Route("POST", f"{BLUEPRINT}/bulk/entities/delete", entities.delete_entities, WRITE, DELETING, body=Identifiers),
    Route("DELETE", f"{BLUEPRINT}/all-entities", entities.delete_all_entities, WRITE, DELETING_ALL),
    Route("POST", "/v1/entities/search", search.search, "read", SHAPE, body=search.Query),
    Route("POST", f"{ENTITIES}/search", search.search_blueprint, "read", body=search.BlueprintQuery),
    Route("POST", "/v1/entities/aggregate", figures.aggregate, "read", body=figures.Aggregation),
    Route(
        "POST",
        "/v1/entities/aggregate-over-time",
        figures.aggregate_over_time,
        "read",
        body=figures.AggregationOverTime,
    ),
    Route(
        "POST", "/v1/entities/properties-history", figures.properties_history, "read", body=figures.PropertiesHistory
    ),
    Route("GET", "/v1/audit-log", audit.audit_log, "read", audit.FILTERS),
    Route("GET", "/v1/organization", organization.get_organization, "read"),
    Route("GET", "/v1/pages", organization.list_pages, "read"),
)
