"""Named query lines and remembered entities: files that people may edit, and what `@name` means."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.bookmarks import BookmarkError, Bookmarks, open_bookmarks
from tui.bookmarks.ref_list import RefList
from tui.bookmarks.views import Views


def test_saved_views_keep_what_a_person_wrote_beside_them(tmp_path: Path) -> None:
    path = tmp_path / "catalog" / "views.toml"
    views = Views(path)
    assert views.all() == {}
    views.save("mine", 'kind:component title:"a b" sort:-updated')
    views.save("apis", "kind:api")
    path.write_text("# kept\n" + path.read_text().replace("kind:api", "kind:api -tag:old"))
    assert views.all() == {"apis": "kind:api -tag:old", "mine": 'kind:component title:"a b" sort:-updated'}
    views.save("apis", "kind:api cols:name,owner")
    assert path.read_text().startswith("# kept\n")
    assert Views(path).all()["apis"] == "kind:api cols:name,owner"
    assert views.remove("mine")
    assert not views.remove("mine")
    assert list(Views(path).all()) == ["apis"]


def test_a_view_gets_another_name_in_its_place_and_never_that_of_another(tmp_path: Path) -> None:
    path = tmp_path / "views.toml"
    path.write_text(
        '# kept\n"mine" = "kind:api"  # and this goes\nother = "@mine -tag:x"\nthird = "x:@mine.y (@mine)"\n'
    )
    views = Views(path)
    assert views.naming("mine") == ("other", "third")
    views.rename("mine", "ours")
    assert path.read_text().startswith('# kept\nours = "kind:api"\nother = ')
    for name, new in (("ours", "other"), ("ours", "me"), ("ours", "a b"), ("mine", "new")):
        with pytest.raises(BookmarkError):
            views.rename(name, new)
    assert list(Views(path).all()) == ["other", "ours", "third"]


def test_a_view_over_several_lines_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "views.toml"
    path.write_text('long = """kind:api\ntag:x"""\nother = "kind:group"\n')
    Views(path).save("long", "kind:system")
    assert Views(path).all() == {"long": "kind:system", "other": "kind:group"}


@given(st.text(min_size=1, max_size=40).filter(lambda text: not any(0xD800 <= ord(c) <= 0xDFFF for c in text)))
def test_any_line_comes_back_as_it_was_saved(tmp_path_factory: pytest.TempPathFactory, line: str) -> None:
    path = tmp_path_factory.mktemp("views") / "views.toml"
    Views(path).save("it", line)
    assert Views(path).all() == {"it": line}


@pytest.mark.parametrize("name", ["two words", "", "@x", "-x", "starred", "ME", "x" * 100])
def test_names_that_no_line_could_hold_are_refused(name: str) -> None:
    with pytest.raises(BookmarkError):
        Views(None).save(name, "kind:api")


@pytest.mark.parametrize("text", ["mine = 3\n", "mine = \n", '"a b" = "x"\n', "[t]\nx='y'\n"])
def test_a_file_that_is_wrong_is_named_and_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "views.toml"
    path.write_text(text)
    with pytest.raises(BookmarkError) as raised:
        Views(path).save("other", "kind:api")
    assert raised.value.where == str(path)
    assert path.read_text() == text


def test_names_in_a_line_are_replaced_by_what_they_mean() -> None:
    marks = Bookmarks()
    marks.views.save("mine", "kind:component or kind:api sort:-updated cols:name,owner")
    marks.views.save("old", "@mine -updated<7d")
    assert marks.expand("kind:api owner:@me").text == "kind:api owner:@me"
    assert marks.expand("@mine").text == "kind:component or kind:api sort:-updated cols:name,owner"
    assert marks.expand("tag:x @mine sort:name").text == (
        "tag:x (kind:component or kind:api) sort:name cols:name,owner"
    )
    assert marks.expand("-@mine").text.startswith("-(kind:component or kind:api)")
    assert marks.expand("(@mine or x)").text.startswith("((kind:component or kind:api) or x)")
    assert marks.expand('"@mine" name:@mine').text == '"@mine" name:@mine'
    assert "(kind:component or kind:api) -updated<7d x sort:-updated" in marks.expand("@old x").text
    assert marks.expand("-@old").text.startswith("-((kind:component or kind:api) -updated<7d)")


def test_starred_and_recent_are_lists_of_refs() -> None:
    marks = Bookmarks()
    assert marks.expand("@starred").text == "-kind:*"
    marks.starred.toggle("component:default/a")
    marks.starred.toggle("api:default/b")
    assert marks.expand("@starred kind:api").text == "ref:api:default/b,component:default/a kind:api"
    assert not marks.starred.toggle("api:default/b")
    marks.recent.add("user:default/c")
    assert marks.expand("@recent").text == "ref:user:default/c"
    with pytest.raises(BookmarkError, match="no view @answer"):
        marks.expand("@answer")
    marks.answer = ("user:default/c", "user:default/d")
    assert marks.expand("@answer").text == "ref:user:default/c,user:default/d"


def test_a_mistake_is_told_where_it_was_written() -> None:
    marks = Bookmarks()
    marks.views.save("mine", "kind:component")
    found = marks.expand("x @mine ownr:y")
    assert found.text == "x kind:component ownr:y"
    assert found.original(found.text.index("ownr")) == "x @mine ownr:y".index("ownr")
    assert found.original(found.text.index("component")) == 2
    with pytest.raises(BookmarkError, match="no view @mien") as raised:
        marks.expand("x @mien")
    assert (raised.value.position, raised.value.hint) == (2, "did you mean @mine?")
    marks.views.save("loop", "@loop")
    with pytest.raises(BookmarkError, match="leads back to itself"):
        marks.expand("@loop")


def test_remembered_refs_are_few_new_first_and_survive(tmp_path: Path) -> None:
    refs = RefList(tmp_path / "client" / "recent", 3)
    for name in ("a", "b", "c", "a", "d"):
        refs.add(name)
    assert refs.refs == ("d", "a", "c")
    assert RefList(tmp_path / "client" / "recent", 3).refs == ("d", "a", "c")


def test_the_views_file_is_where_the_configuration_is(tmp_path: Path) -> None:
    assert open_bookmarks(tmp_path, {"XDG_CONFIG_HOME": "/x"}).views.path == Path("/x/catalog/views.toml")
    assert open_bookmarks(tmp_path, {"CATALOG_VIEWS": "/y.toml"}).views.path == Path("/y.toml")
