"""Query parameters that several of Backstage's endpoints share (spec 3.1)."""

from syncd.api.parameters import Parameter

FILTER = Parameter("filter", "list")
FIELDS = Parameter("fields", "commas")
OFFSET = Parameter("offset", "integer")

ENTITIES = (
    FILTER,
    FIELDS,
    Parameter("order", "list"),
    OFFSET,
    Parameter("limit", "integer", minimum=1),
    Parameter("after"),
)
BY_QUERY = (
    FILTER,
    FIELDS,
    OFFSET,
    Parameter("limit", "integer"),
    Parameter("orderField", "list"),
    Parameter("cursor"),
    Parameter("totalItems", choices=("include", "exclude")),
    Parameter("fullTextFilterTerm"),
    Parameter("fullTextFilterFields", "commas"),
)
UNPROCESSED = (Parameter("owner"),)
BY_REFS = (FILTER,)
FACETS = (FILTER, Parameter("facet", "list"))
ADD_LOCATION = (Parameter("onConflict", choices=("reject", "refresh")), Parameter("dryRun"))
