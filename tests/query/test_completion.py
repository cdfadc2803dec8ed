"""The word under the cursor of a query line."""

import pytest

from query.ast import And, Equals, Everything, Text
from query.dialects.line.completion import ABOUT, place_of, written
from query.dialects.line.fields import PREFIXES, RESERVED


@pytest.mark.parametrize(
    ("line", "wants", "typed", "field"),
    [
        ("|", "name", "", None),
        ("ki|", "name", "ki", None),
        ("-ki|", "name", "ki", None),
        ("(ki|", "name", "ki", None),
        ("(-ki|", "name", "ki", None),
        ("kind:|", "value", "", "kind"),
        ("kind:co|mp", "value", "co", "kind"),
        ("-tag:ja|", "value", "ja", "metadata.tags"),
        ("tag:java,|", "value", "", "metadata.tags"),
        ('tag:"a b|', "value", "a b", "metadata.tags"),
        ('tag:"a b" ow|', "name", "ow", None),
        ("label.ti|", "name", "label.ti", None),
        ("label.tier:g|", "value", "g", "metadata.labels.tier"),
        ("spec.x>=1|", "value", "1", "spec.x"),
        ("sort:-na|", "choice", "na", None),
        ("has:ow|", "choice", "ow", None),
        ("ref:component:che|", "ref", "component:che", None),
        ("affectedby:|", "ref", "", None),
        ("nope:x|", "choice", "x", None),
        (":x|", "name", ":x", None),
    ],
)
def test_what_is_asked_for(line: str, wants: str, typed: str, field: str | None) -> None:
    at = line.index("|")
    place = place_of(line.replace("|", ""), at)
    assert (place.wants, place.typed, place.field.key if place.field else None) == (wants, typed, field)


@pytest.mark.parametrize(
    ("line", "replaced"),
    [
        ("kind:[co|mp] x", "comp"),
        ("tag:a,[b|],c", "b"),
        ("([ki|])", "ki"),
        ("x [|]y", ""),
        ('tag:["a b|c"] d', '"a bc"'),
        ("sort:-[na|me]", "name"),
    ],
)
def test_what_is_replaced(line: str, replaced: str) -> None:
    at = line.replace("[", "").index("|")
    text = line.translate({ord(mark): None for mark in "[|]"})
    place = place_of(text, at)
    assert text[place.start : place.end] == (replaced if replaced else "y")


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ("kind:api owner:|", Equals("kind", ("api",))),
        ("owner:| kind:api", Equals("kind", ("api",))),
        ("kind:api pay tag:a,|", And((Equals("kind", ("api",)), Text("pay")))),
        ("kind:api or owner:|", Everything()),
        ('"open kind:api owner:|', Everything()),
    ],
)
def test_the_rest_of_the_line_counts(line: str, where: object) -> None:
    at = line.index("|")
    assert place_of(line.replace("|", ""), at).where == where


def test_names_are_offered_with_what_follows_them() -> None:
    assert [one.text for one in place_of("l", 1).names] == ["lifecycle:", "label."]
    assert place_of("LABEL.Ti", 8).path == "metadata.labels.ti"
    assert place_of("LABEL.Ti", 8).named("metadata.labels.tier") == "label.tier"
    assert {*ABOUT} == {f"{name}." for name in PREFIXES} | {f"{name}:" for name in RESERVED}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("team-a", "team-a"),
        ("group:default/a", "group:default/a"),
        ("a b", '"a b"'),
        ('say "x"', r'"say \"x\""'),
        ("", '""'),
        ("-x", '"-x"'),
        (">1", '">1"'),
        ("a*", '"a*"'),
        ("a~", '"a~"'),
    ],
)
def test_values_are_written_so_that_they_mean_themselves(value: str, text: str) -> None:
    from query.dialects.line import parse_line

    assert written(value) == text
    assert parse_line(f"spec.a:{text}").where == Equals("spec.a", (value,))
