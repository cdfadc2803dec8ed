"""H62-H64, H66, H67: expressions of cards, checks and layouts."""

import pytest

from syncd.expressions import ExpressionError, Result, Scope, evaluate, parse, parse_template
from syncd.expressions.calls import FUNCTIONS, METHODS
from syncd.expressions.comparison import OPERATORS, WORDS
from syncd.model.json import Json, JsonObject

WAREHOUSE: JsonObject = {
    "apiVersion": "backstage.io/v1alpha1",
    "kind": "Component",
    "metadata": {
        "name": "warehouse",
        "codeCoverageScore": 33,
        "share": 48.27,
        "tags": ["java", "legacy"],
        "labels": {"tier": "gold"},
        "links": [{"url": "https://wiki.example.test/a", "title": "Wiki"}],
        "annotations": {"backstage.io/techdocs-ref": "dir:.", "replicas": "10", "empty": ""},
    },
    "spec": {"type": "service", "public": False, "regions": []},
}


def result(text: str, entity: JsonObject = WAREHOUSE) -> Result:
    return evaluate(parse(text), Scope(entity))


def value(text: str) -> Json:
    return result(text).value


def test_h062_an_annotation_is_read_by_its_quoted_key() -> None:
    rendering = parse_template("<+metadata.annotations['backstage.io/techdocs-ref']>").render(Scope(WAREHOUSE))
    assert (rendering.text, rendering.missing) == ("dir:.", ())


def test_h063_expressions_and_text_resolve_in_place() -> None:
    text = "https://x/<+metadata.name>/board?kind=<+kind>&docs"
    assert parse_template(text).render(Scope(WAREHOUSE)).text == "https://x/warehouse/board?kind=Component&docs"


TRUE_AND_FALSE = [
    ("==", "metadata.codeCoverageScore == 33", "kind == 'API'"),
    ("!=", "kind != 'API'", "metadata.codeCoverageScore != 33"),
    ("<", "metadata.codeCoverageScore < 50", "metadata.codeCoverageScore < 33"),
    ("<=", "metadata.codeCoverageScore <= 33", "metadata.share <= 33"),
    (">", "metadata.share > 48", "metadata.codeCoverageScore > 50"),
    (">=", "metadata.codeCoverageScore >= 33", "metadata.codeCoverageScore >= 50"),
    ("eq", "spec.type eq 'service'", "spec.type eq 'website'"),
    ("ne", "spec.type ne 'website'", "spec.type ne 'service'"),
    ("lt", "metadata.annotations.replicas lt 11", "metadata.annotations.replicas lt 9"),
    ("le", "metadata.annotations.replicas le 10", "metadata.annotations.replicas le 9"),
    ("gt", "metadata.annotations.replicas gt 9", "metadata.annotations.replicas gt 10"),
    ("ge", "metadata.annotations.replicas ge 10", "metadata.annotations.replicas ge 11"),
    ("=~", "metadata.name =~ 'ware.*'", "metadata.name =~ 'ware'"),
    ("=~ list", "kind =~ ['API', 'Component']", "kind =~ ['API']"),
    ("=~ mapping", "'tier' =~ metadata.labels", "'rank' =~ metadata.labels"),
    ("!~", "metadata.name !~ 'shop.*'", "metadata.name !~ 'ware.*'"),
    ("=^", "metadata.name =^ 'ware'", "metadata.name =^ 'house'"),
    ("!^", "metadata.name !^ 'house'", "metadata.name !^ 'ware'"),
    ("=$", "metadata.name =$ 'house'", "metadata.name =$ 'ware'"),
    ("!$", "metadata.name !$ 'ware'", "metadata.name !$ 'house'"),
    ("&&", "true && metadata.name", "true && spec.public"),
    ("||", "spec.public || true", "spec.public || spec.nothing"),
    ("!", "!spec.public", "!metadata.name"),
    ("and", "true and 1", "true and 0"),
    ("or", "false or 'x'", "false or 'false'"),
    ("not", "not spec.public", "not true"),
    ("+", "1 + 2 == 3", "1 + 2 == 4"),
    ("+ texts", "'a' + 'b' == 'ab'", "'1' + '2' == 3"),
    ("-", "5 - 2 == 3", "5 - 2 == 2"),
    ("- sign", "-3 == 0 - 3", "-3 == 3"),
    ("*", "2 * 3 == 6", "2 * 3 == 5"),
    ("/", "7 / 2 == 3 and 7.0 / 2 == 3.5 and -7 / 2 == -3", "7 / 2 == 3.5"),
    ("%", "7 % 2 == 1 and -7 % 2 == -1", "7 % 2 == 0"),
    ("? :", "spec.public ? false : true", "metadata.name ? false : true"),
    ("?:", "spec.public ?: true", "spec.public ?: false"),
    ("??", "spec.nothing ?? true", "spec.public ?? true"),
    ("size()", "size(metadata.tags) == 2 and size(metadata.name) == 9", "size(spec.nothing) > 0"),
    ("empty()", "empty(spec.regions) and empty(metadata.annotations.empty)", "empty(metadata.tags)"),
    (".contains()", "metadata.tags.contains('java')", "metadata.name.contains('shop')"),
    (".startsWith()", "metadata.name.startsWith('ware')", "metadata.name.startsWith('house')"),
    (".endsWith()", "metadata.name.endsWith('house')", "metadata.name.endsWith('ware')"),
    (".toLowerCase()", "kind.toLowerCase() == 'component'", "kind.toLowerCase() == 'Component'"),
    (".toUpperCase()", "kind.toUpperCase() == 'COMPONENT'", "kind.toUpperCase() == 'Component'"),
    (".trim()", "' a '.trim() == 'a'", "' a '.trim() == ' a '"),
    (".split()", "'a,b,,'.split(',') == ['a', 'b'] and 'a-b'.split('-')[1] == 'b'", "'a,b'.split(',')[0] == 'b'"),
    (".replace()", "metadata.name.replace('ware', 'green') == 'greenhouse'", "'a'.replace('b', 'c') == 'c'"),
    (".length()", "metadata.name.length() == 9", "metadata.name.length() == 8"),
    (".size()", "metadata.links.size() == 1", "metadata.labels.size() == 2"),
    (".isEmpty()", "spec.regions.isEmpty()", "metadata.tags.isEmpty()"),
    (".keySet()", "metadata.labels.keySet() == ['tier']", "metadata.labels.keySet() == []"),
    (".containsKey()", "metadata.labels.containsKey('tier')", "metadata.labels.containsKey('rank')"),
    (".matches()", "metadata.name.matches('w.*e')", "metadata.name.matches('w')"),
    ("names", "metadata.links[0].url =^ 'https:'", "metadata.links[1].url =^ 'https:'"),
    ("quoted name", "metadata.annotations.\"backstage.io/techdocs-ref\" == 'dir:.'", "metadata['name'] == \"x\""),
    ("literals", "[1, 2.5, 'a', \"b\", true, false, null].size() == 7", "1e3 == 100"),
    ("brackets inside", "<+metadata.share> > <+metadata.codeCoverageScore>", "<+metadata.codeCoverageScore>==34"),
    ("precedence", "1 + 2 * 3 == 7 and (1 + 2) * 3 == 9", "false and false or false"),
    ("keywords as names", "spec.lt == null and metadata.size == null", "metadata.not.empty == 1"),
]


@pytest.mark.parametrize("text", [pytest.param(case[1], id=f"h064-{case[0]}") for case in TRUE_AND_FALSE])
def test_h064_each_operator_and_call_has_a_true_case(text: str) -> None:
    assert value(text) is True


@pytest.mark.parametrize("text", [pytest.param(case[2], id=f"h064-{case[0]}") for case in TRUE_AND_FALSE])
def test_h064_each_operator_and_call_has_a_false_case(text: str) -> None:
    assert value(text) is False


def test_h064_the_table_names_whatever_can_be_written() -> None:
    names = {case[0] for case in TRUE_AND_FALSE}
    assert {*OPERATORS, *WORDS, *(f"{name}()" for name in FUNCTIONS), *(f".{name}()" for name in METHODS)} <= names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("spec.nothing == null", True, id="null-equals-null"),
        pytest.param("spec.nothing == 0", False, id="null-equals-nothing-else"),
        pytest.param("spec.nothing != 0", True, id="null-differs"),
        pytest.param("spec.nothing < 5", None, id="no-order-against-null"),
        pytest.param("5 >= null", None, id="no-order-against-null-either-way"),
        pytest.param("spec.nothing + 1", None, id="no-sum-with-null"),
        pytest.param("spec.nothing.length()", None, id="no-method-of-null"),
        pytest.param("spec.nothing =~ 'a'", False, id="null-fits-nothing"),
        pytest.param("metadata.annotations.replicas == 10", True, id="text-is-a-number-beside-a-number"),
        pytest.param("'9' < '33'", True, id="texts-that-are-numbers-are-ordered-as-numbers"),
        pytest.param("'1.10' == '1.1'", False, id="texts-are-equal-as-texts"),
        pytest.param("'b' > 'a'", True, id="texts-are-ordered-as-texts"),
        pytest.param("'abc' > 5", None, id="no-order-between-text-and-number"),
        pytest.param("'abc' == 5", False, id="text-is-no-number"),
        pytest.param("spec.public == 'false'", True, id="false-as-text"),
        pytest.param("true == 1", True, id="true-is-1"),
        pytest.param("metadata.tags > 1", None, id="no-order-of-lists"),
        pytest.param("['1'] == [1]", False, id="lists-are-compared-exactly"),
        pytest.param("1 + '2'", 3, id="sum-with-a-number-in-text"),
        pytest.param("'v' + 2", "v2", id="join-with-a-number"),
    ],
)
def test_h064_comparison_is_lenient(text: str, expected: Json) -> None:
    assert value(text) == expected
    assert type(value(text)) is type(expected)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        pytest.param("metadata.name = 'x'", 14, id="assignment"),
        pytest.param("metadata.n += 1", 12, id="added-assignment"),
        pytest.param("var x = 1", 4, id="declaration"),
        pytest.param("for (x : metadata.tags) x", 7, id="loop"),
        pytest.param("while(true) kind", 12, id="while"),
        pytest.param("x -> x", 3, id="lambda"),
        pytest.param("function(x) { x }", 12, id="function"),
        pytest.param("new java.lang.String('x')", 4, id="new"),
        pytest.param("new('java.lang.String')", 0, id="new-as-call"),
        pytest.param("kind.class.forName('x')", 5, id="class"),
        pytest.param("kind.getClass()", 5, id="get-class"),
        pytest.param("print(kind)", 0, id="unknown-function"),
        pytest.param("kind.concat('x')", 5, id="unknown-method"),
        pytest.param("kind.replace('x')", 5, id="wrong-number-of-values"),
        pytest.param("kind; kind", 4, id="two-statements"),
        pytest.param("{'a': 1}", 0, id="map"),
        pytest.param("1..5", 0, id="range"),
        pytest.param("kind & 1", 5, id="bits"),
        pytest.param("kind?.name", 5, id="safe-navigation"),
        pytest.param("kind =~ ~/a/", 8, id="regular-expression-literal"),
        pytest.param("kind =~ '(a)\\\\1'", 8, id="reference-back"),
        pytest.param("kind == 'x", 8, id="open-quote"),
        pytest.param("kind ==", 7, id="ends-early"),
        pytest.param("a == b == c", 7, id="chained-comparison"),
        pytest.param("a eqb", 2, id="operator-word-that-goes-on"),
        pytest.param("5 div 2", 2, id="word-operator-that-is-not-offered"),
        pytest.param("tags[-1]", 5, id="negative-item"),
        pytest.param("<+<+kind> == 'x'>", 0, id="brackets-in-brackets"),
        pytest.param("'<+kind>' == 'x'", 1, id="bracket-in-quotes"),
        pytest.param("", 0, id="nothing"),
    ],
)
def test_h064_anything_outside_is_refused_with_its_position(text: str, position: int) -> None:
    with pytest.raises(ExpressionError) as refusal:
        parse(text)
    assert refusal.value.position == position


def test_h064_a_position_counts_in_the_whole_text() -> None:
    with pytest.raises(ExpressionError) as refusal:
        parse_template("score <+metadata.score> of <+a = 1>")
    assert refusal.value.position == len("score <+metadata.score> of <+a ")


ADDITIONAL = "<+metadata.additionalInfo.codeCoverageScore>"


@pytest.mark.parametrize(
    ("ingested", "fallback", "text"),
    [
        pytest.param([("metadata", "codeCoverageScore")], True, "33", id="h066-ingested"),
        pytest.param([("metadata", "codeCoverageScore")], False, "—", id="h066-switched-off"),
        pytest.param([], True, "—", id="h066-from-git"),
        pytest.param([("metadata", "share")], True, "—", id="h066-another-path"),
    ],
)
def test_h066_additional_info_falls_back_to_what_was_ingested(
    ingested: list[tuple[str, ...]], fallback: bool, text: str
) -> None:
    rendering = parse_template(ADDITIONAL).render(Scope(WAREHOUSE, ingested, fallback))
    assert rendering.text == text
    found = (("metadata", "additionalInfo", "codeCoverageScore"), ("metadata", "codeCoverageScore"))
    assert rendering.replaced == ((found,) if text == "33" else ())


def test_h066_what_is_there_wins() -> None:
    entity: JsonObject = {"metadata": {"a": 1, "additionalInfo": {"a": 2, "b": {"c": 3}}, "b": {"d": 4}}}
    scope = Scope(entity, [("metadata", "a"), ("metadata", "b", "d")])
    assert evaluate(parse("metadata.additionalInfo.a"), scope).value == 2
    assert evaluate(parse("metadata.additionalInfo.b.d"), scope).value == 4


def test_h067_what_has_no_value_is_a_dash_and_is_named() -> None:
    rendering = parse_template("<+metadata.name>: <+metadata.labels['on-call']> <+spec.nothing + 1>").render(
        Scope(WAREHOUSE)
    )
    assert rendering.text == "warehouse: — —"
    assert rendering.missing == (("metadata", "labels", "on-call"), ("spec", "nothing"))
