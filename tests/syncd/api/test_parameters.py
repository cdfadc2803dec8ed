"""Query parameters: what a route takes, and what it refuses (spec 3.1)."""

from collections.abc import Callable

import pytest

from syncd.api.parameters import Parameter, Query, read_query
from syncd.errors import InputError

KNOWN = {
    parameter.name: parameter
    for parameter in (
        Parameter("filter", "list"),
        Parameter("fields", "commas"),
        Parameter("limit", "integer"),
        Parameter("count", "integer", minimum=1),
        Parameter("cursor"),
        Parameter("total", choices=("include", "exclude")),
        Parameter("wait", "seconds"),
        Parameter("q", may_be_empty=True),
    )
}


@pytest.mark.parametrize(
    ("query", "read", "value"),
    [
        pytest.param("", lambda q: q.texts("filter"), [], id="nothing"),
        pytest.param("filter=a&filter=b,c", lambda q: q.texts("filter"), ["a", "b,c"], id="a list in order"),
        pytest.param("filter[]=a&filter%5B%5D=b", lambda q: q.texts("filter"), ["a", "b"], id="brackets"),
        pytest.param("fields=a,b&fields=c", lambda q: q.texts("fields"), ["a", "b", "c"], id="commas and repeats"),
        pytest.param("limit=007", lambda q: q.integer("limit"), 7, id="an integer"),
        pytest.param("limit=2147483647", lambda q: q.integer("limit"), 2147483647, id="the largest integer"),
        pytest.param("limit=0", lambda q: q.integer("limit"), 0, id="nought"),
        pytest.param("q=a+b%20c%2B", lambda q: q.text("q"), "a b c+", id="plus is a space"),
        pytest.param("q=", lambda q: q.text("q"), "", id="empty where it may be"),
        pytest.param("total=exclude", lambda q: q.text("total"), "exclude", id="one of the choices"),
        pytest.param("wait=1.5", lambda q: q.seconds("wait"), 1.5, id="seconds"),
        pytest.param("cursor=a=b", lambda q: q.text("cursor"), "a=b", id="a value with an equals sign"),
        pytest.param("cursor=x", lambda q: q.text("q"), None, id="not given"),
        pytest.param("filter=x&" * 1001 + "filter=y", lambda q: len(q.texts("filter")), 1002, id="a thousand"),
    ],
)
def test_parameters_are_read(query: str, read: Callable[[Query], object], value: object) -> None:
    assert read(read_query(query.encode(), KNOWN)) == value


@pytest.mark.parametrize(
    ("query", "message"),
    [
        pytest.param("offset=1", "unknown query parameter 'offset'", id="not in the list"),
        pytest.param("Filter=a", "unknown query parameter 'Filter'", id="another case"),
        pytest.param("limit[]=1", "unknown", id="brackets on what is no list"),
        pytest.param("filter=", "filter is empty", id="empty list"),
        pytest.param("filter", "filter is empty", id="no equals sign"),
        pytest.param("fields=", "fields is empty", id="empty commas"),
        pytest.param("limit=", "limit is empty", id="empty integer"),
        pytest.param("cursor=", "cursor is empty", id="empty text"),
        pytest.param("limit=x", "not an integer", id="no integer"),
        pytest.param("limit=-1", "not an integer", id="negative"),
        pytest.param("limit=1.0", "not an integer", id="a fraction"),
        pytest.param("limit=%D9%A3", "not an integer", id="digits of another script"),
        pytest.param("limit=2147483648", "not an integer", id="too large"),
        pytest.param("limit=1&limit=1", "more than once", id="twice"),
        pytest.param("cursor=a&cursor=b", "more than once", id="a text twice"),
        pytest.param("count=0", "not an integer from 1", id="below the minimum"),
        pytest.param("total=foo", "not one of include, exclude", id="none of the choices"),
        pytest.param("wait=inf", "not a number of seconds", id="endless"),
        pytest.param("wait=1e3", "not a number of seconds", id="an exponent"),
        pytest.param("wait=3600.5", "up to 3600", id="too long"),
        pytest.param("q=%ff", "not percent-encoded UTF-8", id="no UTF-8"),
        pytest.param("q=\xe9", "not percent-encoded UTF-8", id="no ASCII"),
        pytest.param("q=a%00b", "NUL", id="a NUL"),
    ],
)
def test_what_no_parameter_allows_is_refused(query: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_query(query.encode("latin-1"), KNOWN)
