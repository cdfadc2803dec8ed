"""One index of the shop for all tests that only read it, one to write to."""

from collections.abc import Callable

import pytest

from query.ast import Node
from query.match import matches
from query.rows import search_rows, updated_row
from tests.query.index import Catalog, Index, changed_at, ref_of
from tests.query.shop import SHOP

Names = Callable[[Node], set[str]]


@pytest.fixture(scope="session")
def shop() -> Index:
    """The shop, not to be written to."""
    index = Index()
    index.load(SHOP)
    return index


@pytest.fixture(scope="session")
def scratch() -> Index:
    """An index to load with whatever the test draws; a connection costs more than a load."""
    return Index()


@pytest.fixture(scope="session")
def names(shop: Index) -> Names:
    """The names of the entities of the shop that a condition means, by SQL and by Python alike."""
    catalog = Catalog(SHOP)
    rows = {ref_of(entity): [*search_rows(entity), updated_row(changed_at(eid))] for eid, entity in enumerate(SHOP)}

    def found(node: Node) -> set[str]:
        refs = shop.refs(node)
        assert refs == {ref for ref, own in rows.items() if matches(node, own, catalog)}
        assert shop.count(node) == len(refs)
        return {ref.partition("/")[2] for ref in refs}

    return found
