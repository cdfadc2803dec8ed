"""Which kinds may come from which location: `[[rules]]` and the rules of single locations (C93, C97-C101, R33)."""

from collections.abc import Iterator

import pytest

from syncd.config import parse_settings
from syncd.errors import ConfigError
from syncd.model.location import Location
from syncd.told import rules_of
from tests.support.bench import FILE, Bench, component, documents, entity, location

GIT = '[git]\nprotocols = ["https", "file"]\npoll_interval = "1h"\nwatch = false\n'
DATABASE = entity("Resource", "orders", {"type": "Database", "owner": "team"})
BUCKET = entity("Resource", "images", {"type": "bucket", "owner": "team"})
GROUP = entity("Group", "team", {"type": "team", "children": []})
ALL = documents(component("shop"), DATABASE, BUCKET, GROUP)
SHOP, ORDERS, IMAGES, TEAM = "component:default/shop", "resource:default/orders", "resource:default/images", (
    "group:default/team"
)  # fmt: skip


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with Bench(tmp_path_factory.mktemp("rules")) as bench:
        yield bench


@pytest.fixture
def bench(shared: Bench, request: pytest.FixtureRequest) -> Iterator[Bench]:
    """The shared catalog without any rules, empty."""
    shared.reconfigure("")
    with shared.cleared(request.node.nodeid):
        yield shared


def rules(text: str) -> str:
    return text + "\n" + GIT if text.startswith("rules") else GIT + text + "\n"


GENERAL = [
    pytest.param("", [SHOP, TEAM, IMAGES, ORDERS], id="c097-without-rules-every-kind-is-accepted"),
    pytest.param(
        '[[rules]]\nallow = [{ kind = "resource", type = "DATABASE" }]',
        [ORDERS],
        id="c098-a-kind-of-one-type-in-any-case",
    ),
    pytest.param(
        '[[rules]]\nallow = [{ kind = "Resource", "spec.type" = "database" }]', [ORDERS], id="c098-the-key-of-backstage"
    ),
    pytest.param(
        '[[rules]]\nallow = [{ kind = "Resource", spec.type = "database" }]',
        [ORDERS],
        id="c098-that-key-without-quotes",
    ),
    pytest.param("rules = []", [], id="c099-an-empty-list-admits-nothing"),
    pytest.param(
        '[[rules]]\nallow = ["COMPONENT"]\n[[rules]]\nallow = ["group"]', [SHOP, TEAM], id="r033-any-rule-may-admit"
    ),
    pytest.param('[[rules]]\nallow = ["Group"]\nlocations = [{ type = "git" }]', [], id="r033-a-rule-for-another-type"),
    pytest.param(
        '[[rules]]\nallow = ["Group"]\nlocations = [{ type = "url", pattern = "HTTPS://git.example.test/**" }]',
        [TEAM],
        id="r033-a-pattern-in-any-case",
    ),
    pytest.param(
        '[[rules]]\nallow = ["Group"]\nlocations = [{ type = "url", pattern = "https://git.example.test/*" }]',
        [],
        id="r033-a-star-stays-between-slashes",
    ),
]


@pytest.mark.parametrize(("text", "admitted"), GENERAL)
def test_rules_admit_kinds(bench: Bench, text: str, admitted: list[str]) -> None:
    bench.commit({FILE: ALL})
    bench.reconfigure(rules(text))
    bench.register()
    assert bench.refs() == admitted
    assert len(bench.catalog.problems()) == 4 - len(admitted)
    bench.assert_rebuild_equal()


def test_c093_a_kind_that_is_not_allowed_is_refused_alone_with_line_reason_and_next_step(bench: Bench) -> None:
    bench.commit({FILE: documents(component("shop"), GROUP, component("till"))})
    bench.reconfigure(rules('[[rules]]\nallow = ["Component"]'))
    registered = bench.register()
    assert bench.names() == ["shop", "till"]
    (problem,) = bench.catalog.problems()
    assert (problem.code, problem.path, problem.line, problem.ref) == ("entity.not_allowed", FILE, 3, TEAM)
    assert problem.message == f"kind Group is not allowed from url:{bench.url()}; allowed is Component"
    assert "[[rules]]" in problem.hint
    assert bench.errors(registered) == [error for error in bench.errors(registered) if "NotAllowedError" in error] != []


def test_c100_a_rule_of_a_location_holds_for_all_that_it_leads_to(bench: Bench) -> None:
    bench.commit({FILE: location("more", "./teams/all.yaml"), "teams/all.yaml": documents(GROUP, component("shop"))})
    bench.commit({FILE: documents(GROUP.replace('"team"', '"other"', 1), component("till"))}, "second")
    bench.reconfigure(
        rules(
            '[[rules]]\nallow = ["Component", "Location"]\n'
            f'[[locations]]\ntarget = "{bench.url()}"\nrules = [{{ allow = ["Group"] }}]\n'
            f'[[locations]]\ntarget = "{bench.url(name="second")}"\n'
        )
    )
    assert bench.refs() == [SHOP, "component:default/till", TEAM, "location:default/more"]
    assert [problem.ref for problem in bench.catalog.problems()] == ["group:default/other"]
    bench.assert_rebuild_equal()
    bench.reconfigure("")
    assert bench.refs() == []


def test_c098_a_location_that_is_not_allowed_leads_nowhere(bench: Bench) -> None:
    bench.commit({FILE: documents(location("more", "./shop.yaml"), component("till")), "shop.yaml": component("shop")})
    bench.register()
    assert bench.names() == ["shop", "till"]
    bench.reconfigure(rules('[[rules]]\nallow = ["Component"]'))
    assert bench.names() == ["till"]


def test_r033_changed_rules_hold_from_the_next_start_and_equal_a_rebuild(bench: Bench) -> None:
    bench.commit({FILE: ALL})
    bench.register()
    everything = bench.refs()
    bench.reconfigure(rules('[[rules]]\nallow = ["Component", { kind = "Resource", type = "bucket" }]'))
    assert bench.refs() == [SHOP, IMAGES]
    bench.assert_rebuild_equal()
    bench.push({FILE: ALL.replace("bucket", "store")})  # an allowed entity that breaks a rule keeps its last good form
    assert bench.entity(IMAGES)["spec"]["type"] == "bucket"
    bench.assert_rebuild_equal()
    bench.reconfigure(rules("rules = []"))
    assert bench.refs() == []
    bench.assert_rebuild_equal()
    bench.reconfigure("")
    assert bench.refs() == everything
    assert bench.entity(IMAGES)["spec"]["type"] == "store"
    assert bench.catalog.problems() == []
    bench.assert_rebuild_equal()


def test_r033_an_orphan_is_kept_only_where_its_kind_is_allowed(bench: Bench) -> None:
    keep = '[catalog]\norphan_strategy = "keep"\n'
    bench.commit({FILE: ALL})
    bench.reconfigure(rules(keep))
    bench.register()
    bench.push({FILE: component("shop")})
    assert bench.annotation(TEAM, "orphan") == "true"
    bench.reconfigure(rules(keep + '[[rules]]\nallow = ["Component", "Resource"]'))
    assert bench.refs() == [SHOP, IMAGES, ORDERS]
    bench.assert_rebuild_equal()


REFUSED = [
    pytest.param(
        '[[rules]]\nallow = ["Component"]\nlocations = [{ type = "url", exact = "https://x.test/a", pattern = "**" }]',
        "c.toml:3: [[rules]] 1 locations 0: exact and pattern cannot stand together: write two entries",
        id="c101-exact-and-pattern",
    ),
    pytest.param("[[rules]]\nlocations = []", "[[rules]] 1 allow is missing", id="a rule without kinds"),
    pytest.param('[[rules]]\nallow = [""]', "[[rules]] 1 allow 0 kind", id="a kind without a name"),
    pytest.param("[[rules]]\nallow = [1]", "[[rules]] 1 allow 0", id="a kind that is a number"),
    pytest.param('[[rules]]\nallow = [{ kind = "A", typ = "b" }]', "did you mean type?", id="a misspelt key"),
    pytest.param(
        '[[rules]]\nallow = ["A"]\nlocations = [{ type = "url", pattern = "https://x.test/[a" }]',
        "[ is not closed in pattern",
        id="a broken pattern",
    ),
    pytest.param('[[rules]]\nallow = ["A"]\nlocations = [{ type = "file" }]', "must be 'url' or 'git'", id="a type"),
    pytest.param(
        '[[locations]]\ntarget = "https://x.test/a"\nrules = [{ allow = ["A"], locations = [] }]',
        "unknown setting [[locations]] 1 rules 0 locations",
        id="a location's rule names no locations",
    ),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_rules_that_are_not_understood_are_refused_with_their_place(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        parse_settings(text, "c.toml")
    assert message in str(refusal.value)


def test_r033_a_git_location_is_known_by_its_clone_url_and_a_pattern_reaches_names_with_dots() -> None:
    found = rules_of(
        parse_settings(
            '[[rules]]\nallow = ["A"]\nlocations = [{ type = "git", exact = "ssh://git@h.test/acme/a.git" }]\n'
            '[[rules]]\nallow = ["B"]\nlocations = [{ type = "git", pattern = "ssh://git@h.test/**/.*" }]\n',
            "c.toml",
        )
    )
    targets = ("ssh://git@h.test/acme/a.git", "SSH://git@h.test/acme/A.git", "ssh://git@h.test/acme/deep/.hidden")
    asked = {target: found.allowed_from(Location("1", "git", target)) or () for target in targets}
    assert [[str(kind) for kind in kinds] for kinds in asked.values()] == [["A"], [], ["B"]]
