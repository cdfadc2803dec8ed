"""C79-C90, C102-C108, C114, C117, R30, R31: where entities come from, and what they may reach."""

from dataclasses import replace

import pytest

from syncd.model.json import Json, JsonObject
from syncd.model.location import DISCOVERY_PATTERNS, Location, Target
from syncd.model.problem import Problem
from syncd.process.annotations import REJECTED_URL
from syncd.process.entity import location_entity
from syncd.process.targets import MAX_TARGETS, location_targets
from tests.syncd.process.scene import HOSTS, SHOP_REPOSITORY, SHOP_URL, Scene, entity, mapping, with_metadata

COMMIT = "0123456789abcdef0123456789abcdef01234567"
DEEP = Scene(url="https://github.com/o/r/blob/main/a/catalog-info.yaml", path="a/catalog-info.yaml",
             repository="https://github.com/o/r")  # fmt: skip
GIT = Scene(url="", path="a/catalog-info.yaml", origin=f"git:{SHOP_REPOSITORY}")


def location(*targets: Json, **spec: Json) -> JsonObject:
    return entity("Location", "root", targets=list(targets), **spec)


def reached(scene: Scene, *targets: Json, **spec: Json) -> list[Target]:
    processed = scene.processed(location(*targets, **spec))
    assert processed.problems == ()
    return list(processed.targets)


def origin(scene: Scene, document: JsonObject | None = None) -> dict[str, Json]:
    annotations = scene.annotations(document or entity())
    return {name.removeprefix("backstage.io/"): value for name, value in annotations.items()}


def test_c079_a_registered_url_has_a_generated_location_entity() -> None:
    made = location_entity(Location("1", "url", SHOP_URL), HOSTS)
    assert made.ref == "location:default/generated-ec582102b5de7506514b2b56b5a13fb42d80f5a0"
    assert mapping(made.entity, "metadata")["name"] == "generated-ec582102b5de7506514b2b56b5a13fb42d80f5a0"
    assert made.entity["spec"] == {"type": "url", "target": SHOP_URL}
    assert mapping(made.entity, "metadata", "annotations") == {
        "backstage.io/managed-by-location": f"url:{SHOP_URL}",
        "backstage.io/managed-by-origin-location": f"url:{SHOP_URL}",
        "backstage.io/view-url": SHOP_URL,
        "backstage.io/edit-url": "https://git.example.test/acme/shop/edit/main/catalog-info.yaml",
        "backstage.io/source-location": "url:https://git.example.test/acme/shop/tree/main/",
    }


def test_c080_an_entity_names_its_file_and_its_registration() -> None:
    scene = Scene(url=SHOP_URL.replace("catalog-info", "other"), path="other.yaml")
    annotations = origin(scene)
    assert annotations["managed-by-location"] == f"url:{scene.url}"
    assert annotations["managed-by-origin-location"] == f"url:{SHOP_URL}"


def test_c080_an_entity_of_a_git_location_names_repository_ref_and_path() -> None:
    annotations = origin(GIT)
    assert annotations["managed-by-location"] == f"git:{SHOP_REPOSITORY}#main:a/catalog-info.yaml"
    assert annotations["view-url"] == "https://git.example.test/acme/shop/blob/main/a/catalog-info.yaml"
    assert annotations["edit-url"] == "https://git.example.test/acme/shop/edit/main/a/catalog-info.yaml"
    assert annotations["source-location"] == "url:https://git.example.test/acme/shop/tree/main/a/"


def test_c081_managed_by_annotations_of_the_file_are_overwritten() -> None:
    forged: JsonObject = {
        "backstage.io/managed-by-location": "url:https://x.test/a",
        "backstage.io/managed-by-origin-location": "url:https://x.test/b",
    }
    annotations = origin(Scene(), with_metadata(annotations=forged))
    assert annotations["managed-by-location"] == annotations["managed-by-origin-location"] == f"url:{SHOP_URL}"


@pytest.mark.parametrize(
    ("name", "value"),
    [("view-url", "https://x.test/v"), ("edit-url", "https://x.test/e"), ("source-location", "url:https://x.test/s/")],
)
def test_c082_other_urls_of_the_file_win(name: str, value: str) -> None:
    assert origin(Scene(), with_metadata(annotations={f"backstage.io/{name}": value}))[name] == value


def test_c083_a_file_on_github_has_an_edit_page_and_a_folder() -> None:
    annotations = origin(DEEP)
    assert annotations["view-url"] == DEEP.url
    assert annotations["edit-url"] == "https://github.com/o/r/edit/main/a/catalog-info.yaml"
    assert annotations["source-location"] == "url:https://github.com/o/r/tree/main/a/"


@pytest.mark.parametrize("scene", [Scene(url=SHOP_URL.replace("main", COMMIT)), replace(GIT, ref=COMMIT)])
def test_c084_a_file_of_a_fixed_commit_has_no_edit_page(scene: Scene) -> None:
    annotations = origin(scene)
    assert "edit-url" not in annotations
    assert COMMIT in str(annotations["view-url"])


@pytest.mark.parametrize(
    ("scene", "view"),
    [
        (Scene(url="file:///srv/x.git/blob/main/a.yaml"), "file:///srv/x.git/blob/main/a.yaml"),
        (replace(GIT, repository="file:///elsewhere/x.git"), None),
    ],
)
def test_c085_without_a_web_host_there_is_neither_edit_page_nor_folder(scene: Scene, view: str | None) -> None:
    annotations = origin(scene)
    assert annotations.get("view-url") == view
    assert not {"edit-url", "source-location"} & annotations.keys()


def test_c086_relative_targets_are_files_beside_the_location() -> None:
    assert [target.pattern for target in reached(DEEP, "./a.yaml", "b.yaml", target="c.yaml")] == [
        "a/c.yaml",
        "a/a.yaml",
        "a/b.yaml",
    ]


def test_c086_a_target_named_twice_is_one() -> None:
    assert len(reached(DEEP, "./a.yaml", "x/../a.yaml", "https://github.com/o/r/blob/main/a/a.yaml")) == 1


@pytest.mark.parametrize(
    ("text", "pattern"),
    [("./*.yaml", "a/*.yaml"), ("**/x?.yaml", "a/**/x?.yaml"), ("./[ab]*.yaml", "a/[ab]*.yaml")],
)
def test_c087_globs_stay_patterns(text: str, pattern: str) -> None:
    assert reached(DEEP, text)[0].pattern == pattern


def test_c087_a_folder_whose_name_looks_like_a_glob_is_taken_literally() -> None:
    scene = replace(GIT, path="app/[id]/catalog-info.yaml")
    assert reached(scene, "./*.yaml")[0].pattern == "app/[[]id]/*.yaml"


@pytest.mark.parametrize(("presence", "required"), [({}, True), ({"presence": "required"}, True),
                                                    ({"presence": "optional"}, False)])  # fmt: skip
def test_c088_a_target_is_required_unless_it_is_optional(presence: JsonObject, required: bool) -> None:
    assert [target.required for target in reached(DEEP, "./a.yaml", **presence)] == [required]


@pytest.mark.parametrize("type_", [{}, {"type": "url"}, {"type": "file"}])
@pytest.mark.parametrize("scene", [DEEP, GIT])
def test_c089_a_relative_target_means_the_same_repository_and_ref(scene: Scene, type_: JsonObject) -> None:
    (target,) = reached(scene, "../b.yaml", **type_)
    assert (target.repository, target.revision, target.pattern) == (scene.repository, "refs/heads/main", "b.yaml")


def test_c089_an_absolute_url_is_a_url_target_whatever_the_type() -> None:
    url = "https://gitlab.com/g/s/r/-/blob/v1/x.yaml"
    assert reached(GIT, url, type="file") == [Target("https://gitlab.com/g/s/r.git", "v1", "x.yaml", url, url)]


def test_c089_a_target_of_an_unknown_type_is_reported() -> None:
    processed = DEEP.processed(location("./a.yaml", type="bootstrap"))
    assert processed.targets == ()
    assert [problem.code for problem in processed.problems] == ["target.type"]


@pytest.mark.parametrize(
    ("base", "text", "url"),
    [
        (DEEP.url, "./x.yaml", "https://github.com/o/r/tree/main/a/x.yaml"),
        (DEEP.url, "/x.yaml", "https://github.com/o/r/tree/main/x.yaml"),
        (DEEP.url, "../x.yaml?raw=1", "https://github.com/o/r/tree/main/x.yaml"),
        ("https://gitlab.com/g/s/r/-/blob/main/a/catalog-info.yaml", "x/*.yaml",
         "https://gitlab.com/g/s/r/-/blob/main/a/x/*.yaml"),
        ("https://dev.azure.com/o/p/_git/r?path=%2Fa%2Fc.yaml", "./x.yaml",
         "https://dev.azure.com/o/p/_git/r?path=%2Fa%2Fx.yaml"),
        ("https://git.example.test/a/b/blob/main/a/c.yaml?q=1", "./x.yaml",
         "https://git.example.test/a/b/tree/main/a/x.yaml?q=1"),
    ],
)  # fmt: skip
def test_c086_the_url_of_a_relative_target(base: str, text: str, url: str) -> None:
    assert [target.url for target in reached(replace(DEEP, url=base), text)] == [url]


ESCAPES = [
    pytest.param("../../x.yaml", id="r031-above-the-root"),
    pytest.param("x/../../../x.yaml", id="r031-above-the-root-by-a-detour"),
    pytest.param("~/x.yaml", id="r031-home"),
    pytest.param("file:///etc/passwd", id="r031-file-url"),
    pytest.param("FILE:x.yaml", id="r031-file-scheme"),
    pytest.param("C:/x.yaml", id="r031-drive"),
    pytest.param("..\\x.yaml", id="r031-backslash"),
    pytest.param("%2e%2e/%2E%2E/x.yaml", id="r031-encoded-dots"),
    pytest.param("..%2fx.yaml", id="r031-encoded-slash"),
    pytest.param("x%00.yaml", id="r031-encoded-nul"),
    pytest.param("x\x01.yaml", id="r031-control-character"),
    pytest.param("//git.example.test/x.yaml", id="r031-no-scheme"),
    pytest.param("../.git/config", id="r031-git-folder"),
    pytest.param("../.GIT/config", id="r031-git-folder-in-capitals"),
    pytest.param("../.g\u200cit/config", id="r031-git-folder-with-an-invisible-letter"),
    pytest.param("../.\uff47\uff49\uff54/config", id="r031-git-folder-in-wide-letters"),
    pytest.param("../GIT~1/config", id="r031-git-folder-by-its-short-name"),
    pytest.param("../.git./config", id="r031-git-folder-with-a-dot"),
    pytest.param("https://github.com/o/r/blob/main/%2e%2e/x.yaml", id="r031-encoded-dots-in-a-url"),
    pytest.param("https://github.com/o/r/blob/main/../../x.yaml", id="r031-dots-in-a-url"),
    pytest.param("https://user@github.com/o/r/blob/main/x.yaml", id="r030-user-in-a-url"),
    pytest.param("https://unknown.example/o/r/blob/main/x.yaml", id="r030-unknown-host"),
    pytest.param("ssh://git@github.com/o/r.git", id="r030-other-scheme"),
    pytest.param("javascript:alert(1)", id="r030-script"),
    pytest.param("./", id="c090-folder"),
    pytest.param("x/", id="c090-slash-at-the-end"),
    pytest.param("x/..", id="c090-dots-at-the-end"),
]


@pytest.mark.parametrize("text", ESCAPES)
@pytest.mark.parametrize("scene", [DEEP, GIT])
def test_a_target_that_leaves_is_a_problem_and_its_siblings_stay(scene: Scene, text: str) -> None:
    processed = scene.processed(location("./a.yaml", text, "./b.yaml"))
    assert [target.pattern for target in processed.targets] == ["a/a.yaml", "a/b.yaml"]
    assert [problem.message.split(":")[0] for problem in processed.problems] == ["spec.targets[1]"]


@pytest.mark.parametrize("text", ESCAPES)
def test_r031_a_placeholder_stays_inside_by_the_same_rules(text: str) -> None:
    scene = replace(DEEP, files=dict.fromkeys(("x.yaml", "a/x.yaml", ".git/config"), b"x"))
    assert len(scene.problems(entity("API", "a", definition={"$text": text}))) == 1


def test_c089_an_absolute_path_of_type_file_is_an_error() -> None:
    processed = DEEP.processed(location("/etc/passwd", type="file"))
    assert [problem.message for problem in processed.problems] == ["spec.targets[0]: /etc/passwd is an absolute path"]
    assert processed.targets == ()


def test_r030_targets_of_one_location_are_bounded() -> None:
    processed = GIT.processed(location(*(f"./{number}.yaml" for number in range(MAX_TARGETS + 1))))
    assert len(processed.targets) == MAX_TARGETS
    assert [problem.code for problem in processed.problems] == ["target.limit"]


@pytest.mark.parametrize(
    ("registered", "targets"),
    [
        (
            Location("1", "url", SHOP_URL),
            [Target(SHOP_REPOSITORY, "main", "catalog-info.yaml", SHOP_URL, SHOP_URL)],
        ),
        (
            Location("1", "git", SHOP_REPOSITORY),
            [Target(SHOP_REPOSITORY, "", text, text, required=False) for text in DISCOVERY_PATTERNS],
        ),
        (
            Location("1", "git", SHOP_REPOSITORY, ref="v1", paths=("a/*.yaml", "/b.yaml")),
            [Target(SHOP_REPOSITORY, "v1", text, text) for text in ("a/*.yaml", "b.yaml")],
        ),
    ],
)
def test_c086_a_registered_location_has_targets(registered: Location, targets: list[Target]) -> None:
    assert location_targets(registered, HOSTS) == targets


@pytest.mark.parametrize(
    "registered",
    [
        Location("1", "url", "https://unknown.example/a/b/blob/main/x.yaml"),
        Location("1", "url", "javascript:alert(1)"),
        Location("1", "git", SHOP_REPOSITORY, paths=("../x.yaml",)),
    ],
)
def test_r030_a_registered_location_keeps_the_same_rules(registered: Location) -> None:
    problem = location_targets(registered, HOSTS)
    assert isinstance(problem, Problem)
    assert problem.hint


FILES = {"a/x.txt": b"\xef\xbb\xbfh\xc3\xa9llo\n", "a/x.json": b'{"a": [1]}', "a/x.yaml": b"a: yes\nb: 1.10\n",
         "a/two.yaml": b"a: 1\n---\nb: 2\n", "a/bad.bin": b"\xff", "root.txt": b"root"}  # fmt: skip


@pytest.mark.parametrize(
    ("placeholder", "value", "path"),
    [
        pytest.param({"$text": "./x.txt"}, "h\u00e9llo\n", "a/x.txt", id="c102-text"),
        pytest.param({"$json": "x.json"}, {"a": [1]}, "a/x.json", id="c103-json"),
        pytest.param({"$yaml": "./x.yaml"}, {"a": "yes", "b": 1.1}, "a/x.yaml", id="c103-yaml"),
        pytest.param({"$text": "/root.txt"}, "root", "root.txt", id="c102-from-the-root"),
        pytest.param({"$text": "../root.txt?raw=1"}, "root", "root.txt", id="c102-with-a-query"),
    ],
)
@pytest.mark.parametrize("scene", [DEEP, GIT, replace(DEEP, url="file:///srv/x.git/blob/main/a/catalog-info.yaml")])
def test_a_placeholder_becomes_the_content_of_a_file(
    scene: Scene, placeholder: JsonObject, value: Json, path: str
) -> None:
    """C108: whatever the location is, the file is one of the same commit."""
    processed = replace(scene, files=FILES).processed(entity("Component", "a", deep=[{"in": placeholder}]))
    assert mapping(processed.entity, "spec")["deep"] == [{"in": value}]
    assert processed.dependencies == (path,)


def test_c108_an_absolute_url_of_the_same_repository_and_ref_is_a_path_of_it() -> None:
    url = "https://github.com/o/r/raw/main/root.txt"
    processed = replace(DEEP, files=FILES).processed(entity("API", "a", definition={"$text": url}))
    assert mapping(processed.entity, "spec")["definition"] == "root"


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({"$text": "a", "b": 1, "c": {"$text": "./x.txt"}}, id="c104-other-keys-beside-it"),
        pytest.param({"$foo": "x"}, id="c105-unknown"),
        pytest.param({"$foo": {"$text": "./x.txt"}}, id="c105-nothing-inside-it"),
    ],
)
def test_what_only_looks_like_a_placeholder_is_left_alone(value: JsonObject) -> None:
    processed = replace(DEEP, files=FILES).processed(entity("Component", "a", deep=value))
    assert mapping(processed.entity, "spec")["deep"] == value
    assert processed.dependencies == ()


@pytest.mark.parametrize(
    ("placeholder", "message"),
    [
        pytest.param({"$yaml": "./two.yaml"}, "$yaml ./two.yaml", id="c103-two-documents"),
        pytest.param({"$json": "./x.yaml"}, "$json ./x.yaml", id="c103-no-json"),
        pytest.param({"$text": 5}, "$text must name a file, not the number 5", id="c106-number"),
        pytest.param({"$text": "./gone.txt"}, "$text ./gone.txt: a/gone.txt is not in the repository", id="c102-gone"),
        pytest.param({"$text": "./bad.bin"}, "$text ./bad.bin is not UTF-8 text", id="c102-not-text"),
        pytest.param(
            {"$text": "https://github.com/o/other/blob/main/x.txt"},
            "$text https://github.com/o/other/blob/main/x.txt is in another repository",
            id="c107-other-repository",
        ),
        pytest.param(
            {"$text": "https://github.com/o/r/blob/v1/x.txt"},
            "$text https://github.com/o/r/blob/v1/x.txt is not at main",
            id="c107-other-branch",
        ),
    ],
)
def test_a_placeholder_that_cannot_be_filled_in_refuses_the_entity(placeholder: JsonObject, message: str) -> None:
    messages = replace(DEEP, files=FILES).messages(entity("API", "a", definition=placeholder))
    assert len(messages) == 1, "what a schema says of the unfilled place only repeats it"
    assert messages[0].startswith(f"spec.definition: {message}")


def test_c102_a_placeholder_may_not_decide_which_entity_this_is() -> None:
    document: JsonObject = {**entity(), "metadata": {"$yaml": "./x.yaml"}}
    assert replace(DEEP, files={"a/x.yaml": b"name: sneaky"}).problems(document)


def test_c114_a_document_with_the_ref_of_its_parent_is_ignored() -> None:
    child = location("./a.yaml")
    assert replace(DEEP, parent="location:default/root").outcome(child) == []
    assert replace(DEEP, parent="location:default/other").processed(child).ref == "location:default/root"


@pytest.mark.parametrize("name", ["view-url", "edit-url"])
@pytest.mark.parametrize("value", ["javascript:alert(1)", "java\nscript:alert(1)", " \x01JAVA\tSCRIPT\r:alert(1)"])
def test_c117_a_url_that_runs_as_a_script_is_not_returned(name: str, value: str) -> None:
    document = with_metadata(annotations={f"backstage.io/{name}": value})
    assert origin(Scene(), document)[name] == REJECTED_URL
