"""Query parameters that several of our own endpoints share."""

from syncd.api.parameters import Parameter

LINE = Parameter("q", may_be_empty=True)
ME = Parameter("me")
LIMIT = Parameter("limit", "integer")
OFFSET = Parameter("offset", "integer")
LOCATION = Parameter("location", may_be_empty=True)
WAIT = Parameter("wait", "seconds")

ENTITIES = (LINE, ME, LIMIT, OFFSET, Parameter("sort", may_be_empty=True), Parameter("columns", "commas"))
EXPORT = (LINE, ME, LIMIT, Parameter("sort", may_be_empty=True), Parameter("columns", "commas"))
EXPLAIN = (LINE, ME, Parameter("facet"))
PROBLEMS = (LOCATION, Parameter("code", may_be_empty=True), LIMIT, OFFSET)
SOURCES = (LOCATION,)
CHANGES = (Parameter("since", "integer"), LIMIT)
REFRESH = (WAIT,)
