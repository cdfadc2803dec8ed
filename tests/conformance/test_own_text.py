"""Full text in a real catalog: what a push says is found, what it says no longer is not."""

from pathlib import Path

import pytest
import yaml

from query.dialects.line import parse_line
from query.order import RELEVANCE, Order
from query.question import Question
from syncd.stitch import upkeep
from syncd.store.sweep import Sweep
from tests.support.catalog import CatalogHarness
from tests.support.daemon import wait_until
from tests.support.repository import RepoBuilder
from tests.support.shop import Backstage

RANKED = (Order(RELEVANCE, "desc"), Order("metadata.name"))


def api(name: str, definition: str, **metadata: str) -> str:
    """An API with a definition that no search row can hold."""
    return yaml.safe_dump(
        {
            "apiVersion": "backstage.io/v1alpha1",
            "kind": "API",
            "metadata": {"name": name, **metadata},
            "spec": {
                "type": "openapi",
                "lifecycle": "production",
                "owner": "team-a",
                "definition": "openapi: 3.1.0\n" + "# filler\n" * 60 + definition,
            },
        }
    )


def found(catalog: CatalogHarness, line: str) -> list[str]:
    """The names that a line means, the best first."""
    page = catalog.service.catalog.ask(Question(parse_line(line).where, RANKED, tie="ref"))
    return [row.ref.partition("/")[2] for row in page.rows]


def test_words_follow_what_is_pushed(tmp_path: Path) -> None:
    repository = RepoBuilder(tmp_path / "apis.git")
    repository.commit(
        {
            "a/catalog-info.yaml": api("refunds", "/refundOrder: {get: returns the refund}"),
            "b/catalog-info.yaml": api("orders", "/orders: {}", description="Refunds are elsewhere"),
        }
    )
    with CatalogHarness(tmp_path / "state") as catalog:
        catalog.add(repository.url)
        assert found(catalog, "refund") == ["refunds", "orders"]
        assert found(catalog, "refundOrder get") == ["refunds"]
        repository.commit({"a/catalog-info.yaml": api("refunds", "/moneyBack: {}")})
        catalog.sync()
        assert (found(catalog, "refundorder"), found(catalog, "money back")) == ([], ["refunds"])
        index = catalog.daemon.index
        before = index.cursor().execute("SELECT count(*) FROM core.terms WHERE term = 'refundorder'").fetchall()
        sweep = Sweep(index)
        sweep.gather()
        sweep.finish()
        after = index.cursor().execute("SELECT count(*) FROM core.terms WHERE term = 'refundorder'").fetchall()
        assert (before, after) == ([(1,)], [(0,)])
        assert found(catalog, "money back") == ["refunds"]
        assert found(catalog, "refund") == ["refunds", "orders"]


def test_dead_terms_are_swept_out_when_nothing_else_is_to_be_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "SWEEP_AFTER", 1)
    monkeypatch.setattr(upkeep, "SWEEP_SHARE", 0.0)
    repository = RepoBuilder(tmp_path / "apis.git")
    repository.commit({"catalog-info.yaml": api("refunds", "/refundOrder: {}")})
    with CatalogHarness(tmp_path / "state") as catalog:
        catalog.add(repository.url)
        repository.commit({"catalog-info.yaml": api("refunds", "/moneyBack: {}")})
        catalog.sync()
        index = catalog.daemon.index
        dead = "SELECT count(*) FROM core.terms WHERE eid NOT IN (SELECT eid FROM core.entities)"
        wait_until(lambda: index.cursor().execute(dead).fetchall() == [(0,)], "no dead terms")
        assert found(catalog, "money back") == ["refunds"]


def names(shop: Backstage, **parameters: str) -> list[str]:
    """The names that the own API answers, in its order."""
    answer = shop.daemon.owner.get("/api/own/entities", params={"columns": "name", **parameters})
    assert answer.status_code == 200, answer.text
    return [row["cells"][0] for row in answer.json()["rows"]]


def test_words_go_by_relevance_unless_an_order_is_given(shop: Backstage) -> None:
    assert names(shop, q="c") == [
        "checkout",
        "commerce",
        "cart-db",
        "checkout-api",
        "team-cart",
    ]
    assert names(shop, q="c sort:-name")[0] == "team-cart"
    assert names(shop, q="c", sort="name")[0] == "cart-db"
    assert names(shop, q="hundred characters") == ["checkout-api"]
    assert names(shop, q="kind:component money") == ["checkout"]
