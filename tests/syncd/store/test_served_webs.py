"""Words and chains from memory equal those of the engine: a publication may change what they mean for any entity."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from query.ast import Node
from query.order import RELEVANCE, Order
from query.question import Question
from tests.query.index import Catalog
from tests.support import webs
from tests.support.queries import Entity
from tests.syncd.store.test_served import Publishing

ORDERS = st.sampled_from(((), (Order("metadata.name"),), (Order(RELEVANCE, "desc"), Order("metadata.name"))))


@pytest.fixture(scope="module")
def publishing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publishing]:
    found = Publishing(tmp_path_factory.mktemp("webs") / "index.duckdb")
    yield found
    found.index.close()


@settings(max_examples=40)
@given(catalogs=st.lists(webs.catalogs(), min_size=1, max_size=3), node=webs.nodes, order=ORDERS)
def test_memory_and_engine_agree_after_every_publication(
    publishing: Publishing, catalogs: list[list[Entity]], node: Node, order: tuple[Order, ...]
) -> None:
    for entities in catalogs:
        publishing.publish(entities, publishing.refs())
        question = Question(node, order, tie="ref", want_total=True)
        publishing.check(question, ())
        page = publishing.catalog.ask(question)
        assert {row.ref for row in page.rows} == Catalog(entities).meant(node)
