"""A relation waits for its target (C75)."""

from pathlib import Path

from tests.support.catalog import CatalogHarness
from tests.support.repository import RepoBuilder

COMPONENT = (
    "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: shop}\n"
    "spec: {type: service, lifecycle: production, owner: team-late}\n"
)
GROUP = (
    "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: team-late}\nspec: {type: team, children: []}\n"
)


def test_c075_a_target_that_comes_later_carries_the_reverse_relation(tmp_path: Path) -> None:
    shops, teams = RepoBuilder(tmp_path / "shops.git"), RepoBuilder(tmp_path / "teams.git")
    shops.commit({"catalog-info.yaml": COMPONENT})
    teams.commit({"README.md": "nothing yet"})
    with CatalogHarness(tmp_path / "state") as catalog:
        catalog.add(shops.url)
        catalog.add(teams.url)
        owned = {"type": "ownedBy", "targetRef": "group:default/team-late"}
        assert catalog.entity("component:default/shop")["relations"] == [owned]
        assert "group:default/team-late" not in catalog.refs()

        teams.commit({"catalog-info.yaml": GROUP})
        catalog.sync()

        reverse = {"type": "ownerOf", "targetRef": "component:default/shop"}
        assert catalog.entity("group:default/team-late")["relations"] == [reverse]
