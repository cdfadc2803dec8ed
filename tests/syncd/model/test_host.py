"""From web URLs to repositories and back."""

import pytest

from syncd.model.host import Host, Hosts
from syncd.model.url import UrlError

HOSTS = Hosts(
    [
        Host("git.local:8443", "github", "file:///srv/git/{owner}/{repo}.git"),
        Host("lab.local", "gitlab", "ssh://git@lab.local/{owner}/{repo}.git"),
        Host("tea.local", "gitea"),
        Host("bit.local:7990", "bitbucket-server"),
        Host("ado.local", "azure"),
    ]
)
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("url", "repository", "revision", "path"),
    [
        ("https://github.com/o/r/blob/main/a/c.yaml", "https://github.com/o/r.git", "main", "a/c.yaml"),
        ("https://github.com/o/r.git/tree/v1/c.yaml", "https://github.com/o/r.git", "v1", "c.yaml"),
        ("https://GitHub.com:443/o/r/raw/main/c.yaml#L3", "https://github.com/o/r.git", "main", "c.yaml"),
        ("https://github.com/o/r/blob/feature%2Fx/c.yaml", "https://github.com/o/r.git", "feature/x", "c.yaml"),
        ("https://github.com/o/r/raw/refs/tags/v1/c.yaml", "https://github.com/o/r.git", "refs/tags/v1", "c.yaml"),
        ("https://github.com/o/r/blob/HEAD/c.yaml", "https://github.com/o/r.git", "", "c.yaml"),
        ("https://github.com/o/r/blob/main/a%20b.yaml", "https://github.com/o/r.git", "main", "a b.yaml"),
        ("https://github.com/o/r/blob/main/**/c.yaml", "https://github.com/o/r.git", "main", "**/c.yaml"),
        ("https://git.local:8443/o/r/blob/main/c.yaml", "file:///srv/git/o/r.git", "main", "c.yaml"),
        ("https://gitlab.com/g/s/r/-/blob/main/blob/c.yaml", "https://gitlab.com/g/s/r.git", "main", "blob/c.yaml"),
        ("https://gitlab.com/g/r/blob/main/c.yaml", "https://gitlab.com/g/r.git", "main", "c.yaml"),
        ("https://lab.local/g/s/r/-/raw/main/c.yaml", "ssh://git@lab.local/g/s/r.git", "main", "c.yaml"),
        ("https://bitbucket.org/o/r/src/main/a/c.yaml", "https://bitbucket.org/o/r.git", "main", "a/c.yaml"),
        ("https://bit.local:7990/projects/PRJ/repos/r/browse/a/c.yaml?at=refs%2Fheads%2Fx%2Fy",
         "https://bit.local:7990/scm/PRJ/r.git", "x/y", "a/c.yaml"),
        ("https://bit.local:7990/projects/PRJ/repos/r/raw/c.yaml?at=refs/tags/v1", "https://bit.local:7990/scm/PRJ/r.git",
         "refs/tags/v1", "c.yaml"),
        (f"https://bit.local:7990/users/ada/repos/r/browse/c.yaml?at={COMMIT}", "https://bit.local:7990/scm/~ada/r.git",
         COMMIT, "c.yaml"),
        ("https://bit.local:7990/projects/~ada/repos/r/browse/c.yaml", "https://bit.local:7990/scm/~ada/r.git", "",
         "c.yaml"),
        ("https://tea.local/o/r/raw/branch/main/c.yaml", "https://tea.local/o/r.git", "main", "c.yaml"),
        ("https://ado.local/DefaultCollection/p/_git/r?path=/c.yaml", "https://ado.local/DefaultCollection/p/_git/r",
         "", "c.yaml"),
        ("https://tea.local/o/r/src/branch/main/c.yaml", "https://tea.local/o/r.git", "main", "c.yaml"),
        ("https://tea.local/o/r/src/tag/v1/c.yaml", "https://tea.local/o/r.git", "refs/tags/v1", "c.yaml"),
        (f"https://tea.local/o/r/src/commit/{COMMIT}/c.yaml", "https://tea.local/o/r.git", COMMIT, "c.yaml"),
        ("https://dev.azure.com/o/p/_git/r?path=%2Fa%2Fc.yaml", "https://dev.azure.com/o/p/_git/r", "", "a/c.yaml"),
        ("https://dev.azure.com/o/p/_git/r?path=/c.yaml&version=GBx%2Fy", "https://dev.azure.com/o/p/_git/r", "x/y",
         "c.yaml"),
        ("https://dev.azure.com/o/p/_git/r?path=/c.yaml&version=GTv1", "https://dev.azure.com/o/p/_git/r",
         "refs/tags/v1", "c.yaml"),
        ("file:///srv/git/shop.git/blob/main/a/c.yaml", "file:///srv/git/shop.git", "main", "a/c.yaml"),
        ("file:///home/raw/shop/blob/main/c.yaml", "file:///home/raw/shop", "main", "c.yaml"),
        ("file:///home/blob/main/shop/-/blob/main/c.yaml", "file:///home/blob/main/shop", "main", "c.yaml"),
        ("file:///srv/blob/x/shop.git/tree/v1/c.yaml", "file:///srv/blob/x/shop.git", "v1", "c.yaml"),
        ("file://localhost/srv/shop.git/blob/HEAD/c.yaml", "file:///srv/shop.git", "", "c.yaml"),
    ],
)  # fmt: skip
def test_a_url_names_repository_revision_and_path(url: str, repository: str, revision: str, path: str) -> None:
    file = HOSTS.resolve(url)
    assert (file.repository, file.revision, file.path, file.url) == (repository, revision, path, url)


@pytest.mark.parametrize(
    "url",
    [
        "https://user:secret@github.com/o/r/blob/main/c.yaml",
        "https://github.com\\@evil.test/o/r/blob/main/c.yaml",
        "https://github.com%2f/o/r/blob/main/c.yaml",
        "https://g\u0456thub.com/o/r/blob/main/c.yaml",
        "https://github.com/o/r/blob/main/c .yaml",
        "https://github.com/o/r/blob/main/c.yaml\n",
        "https://github.com/../r/blob/main/c.yaml",
        "https://github.com/%2e%2e/r/blob/main/c.yaml",
        "https://github.com/-o/r/blob/main/c.yaml",
        "https://github.com/o/r/blob/--upload-pack=x/c.yaml",
        "https://github.com/o/r/blob/a..b/c.yaml",
        "https://github.com/o/r/blob/main/../../c.yaml",
        "https://github.com/o/r/blob/main/%2e%2e/c.yaml",
        "https://github.com/o/r/blob/main/.git/config",
        "https://github.com/o/r/blob/main/",
        "https://github.com/o/r/blob/main",
        "https://github.com/o/r",
        "https://github.com",
        "https://dev.azure.com/o/p/_git/r",
        "https://bit.local:7990/projects/PRJ/repos/r/browse?at=main",
        "https://bit.local:7990/projects/PRJ/repos/r/browse/c.yaml?at=--upload-pack=x",
        "https://bit.local:7990/projects/~~a/repos/r/browse/c.yaml",
        "https://tea.local/~ada/r/src/branch/main/c.yaml",
        "https://dev.azure.com/o/p/_git/r?path=/c.yaml&version=XXmain",
        "file://server/srv/shop.git/blob/main/c.yaml",
        "file:///srv/../etc/shop.git/blob/main/c.yaml",
        "file:///srv/git/shop.git",
        "ftp://github.com/o/r/blob/main/c.yaml",
        "github.com/o/r/blob/main/c.yaml",
        "javascript:alert(1)",
        "",
        "https://github.com/o/r/blob/main/" + "x" * 5000,
    ],
)
def test_r031_a_malformed_url_is_refused(url: str) -> None:
    with pytest.raises(UrlError):
        HOSTS.resolve(url)


def test_r030_a_host_that_is_not_listed_is_refused_with_the_nearest() -> None:
    with pytest.raises(UrlError, match=r"the host githup\.com is not listed") as caught:
        HOSTS.resolve("https://githup.com/o/r/blob/main/c.yaml")
    assert caught.value.hint == "did you mean github.com? add a [[hosts]] entry for githup.com"


def test_a_configured_host_replaces_the_default_of_its_name() -> None:
    hosts = Hosts([Host("github.com", "github", "file:///srv/{owner}/{repo}.git")])
    assert hosts.resolve("https://github.com/o/r/blob/main/c.yaml").repository == "file:///srv/o/r.git"


@pytest.mark.parametrize("template", ["file:///srv/git/{owner}", "file:///srv/{repository}/{repo}"])
def test_a_clone_template_that_cannot_work_is_refused(template: str) -> None:
    with pytest.raises(ValueError, match=r"use \{owner\} and \{repo\}"):
        Host("x.test", "github", template)


@pytest.mark.parametrize(
    ("url", "edit", "source", "other"),
    [
        pytest.param(
            "https://github.com/o/r/blob/main/a/c.yaml",
            "https://github.com/o/r/edit/main/a/c.yaml",
            "https://github.com/o/r/tree/main/a/",
            "https://github.com/o/r/tree/main/b%20c.yaml",
            id="c083-github",
        ),
        pytest.param(
            "https://gitlab.com/g/s/r/-/blob/feature%2Fx/a/c.yaml",
            "https://gitlab.com/g/s/r/-/edit/feature%2Fx/a/c.yaml",
            "https://gitlab.com/g/s/r/-/blob/feature%2Fx/a/",
            "https://gitlab.com/g/s/r/-/blob/feature%2Fx/b%20c.yaml",
            id="c083-gitlab",
        ),
        pytest.param(
            "https://bitbucket.org/o/r/src/main/a/c.yaml",
            "https://bitbucket.org/o/r/src/main/a/c.yaml?mode=edit&at=main",
            "https://bitbucket.org/o/r/src/main/a/",
            "https://bitbucket.org/o/r/src/main/b%20c.yaml",
            id="c083-bitbucket",
        ),
        pytest.param(
            "https://bit.local:7990/users/ada/repos/r/browse/a/c.yaml?at=refs%2Fheads%2Fmain",
            "https://bit.local:7990/users/ada/repos/r/browse/a/c.yaml?at=refs%2Fheads%2Fmain",
            "https://bit.local:7990/users/ada/repos/r/browse/a/?at=refs%2Fheads%2Fmain",
            "https://bit.local:7990/users/ada/repos/r/browse/b%20c.yaml?at=refs%2Fheads%2Fmain",
            id="c083-bitbucket-server",
        ),
        pytest.param(
            "https://tea.local/o/r/src/branch/main/a/c.yaml",
            "https://tea.local/o/r/_edit/main/a/c.yaml",
            "https://tea.local/o/r/src/branch/main/a/",
            "https://tea.local/o/r/src/branch/main/b%20c.yaml",
            id="c083-gitea",
        ),
        pytest.param(
            "https://dev.azure.com/o/p/_git/r?path=%2Fa%2Fc.yaml&version=GBmain",
            "https://dev.azure.com/o/p/_git/r?path=%2Fa%2Fc.yaml&version=GBmain",
            "https://dev.azure.com/o/p/_git/r?path=%2Fa%2F&version=GBmain",
            "https://dev.azure.com/o/p/_git/r?path=%2Fb%20c.yaml&version=GBmain",
            id="c083-azure",
        ),
        pytest.param(
            "file:///srv/r.git/blob/main/a/c.yaml",
            "",
            "",
            "file:///srv/r.git/blob/main/b%20c.yaml",
            id="c085-no-web-host",
        ),
    ],
)
def test_the_pages_of_a_file(url: str, edit: str, source: str, other: str) -> None:
    file = HOSTS.resolve(url)
    assert (file.edit_url, file.source_url, file.at("b c.yaml"), file.at(file.path)) == (edit, source, other, url)
    assert HOSTS.resolve(other).path == "b c.yaml"


@pytest.mark.parametrize(
    ("repository", "ref", "view"),
    [
        ("https://github.com/o/r.git", "refs/heads/main", "https://github.com/o/r/blob/main/a/c.yaml"),
        ("https://github.com/o/r", "refs/heads/x/y", "https://github.com/o/r/blob/x%2Fy/a/c.yaml"),
        ("ssh://git@github.com/o/r.git", "refs/tags/v1", "https://github.com/o/r/blob/v1/a/c.yaml"),
        ("file:///srv/git/o/r.git", "refs/heads/main", "https://git.local:8443/o/r/blob/main/a/c.yaml"),
        ("ssh://git@lab.local/g/s/r.git", "refs/heads/main", "https://lab.local/g/s/r/-/blob/main/a/c.yaml"),
        ("https://tea.local/o/r.git", "refs/tags/v1", "https://tea.local/o/r/src/tag/v1/a/c.yaml"),
        ("https://tea.local/o/r.git", COMMIT, f"https://tea.local/o/r/src/commit/{COMMIT}/a/c.yaml"),
        ("https://dev.azure.com/o/p/_git/r", "refs/heads/x/y",
         "https://dev.azure.com/o/p/_git/r?path=%2Fa%2Fc.yaml&version=GBx%2Fy"),
        ("https://bitbucket.org/o/r.git", "refs/heads/main", "https://bitbucket.org/o/r/src/main/a/c.yaml"),
        ("https://bit.local:7990/scm/PRJ/r.git", "refs/heads/x/y",
         "https://bit.local:7990/projects/PRJ/repos/r/browse/a/c.yaml?at=refs%2Fheads%2Fx%2Fy"),
        ("ssh://git@bit.local:7999/~ada/r", "refs/tags/v1",
         "https://bit.local:7990/projects/~ada/repos/r/browse/a/c.yaml?at=refs%2Ftags%2Fv1"),
        ("ssh://git@ssh.dev.azure.com/v3/o/p/r", "refs/heads/main",
         "https://dev.azure.com/o/p/_git/r?path=%2Fa%2Fc.yaml&version=GBmain"),
    ],
)  # fmt: skip
def test_a_file_of_a_clone_has_a_page_where_a_host_maps_it(repository: str, ref: str, view: str) -> None:
    page = HOSTS.page(repository, ref, "a/c.yaml")
    assert page is not None
    assert page.url == view
    short = ref.removeprefix("refs/heads/")
    assert HOSTS.resolve(view).revision in (short, short.removeprefix("refs/tags/"))
    assert HOSTS.resolve(view).path == "a/c.yaml"


@pytest.mark.parametrize(
    "repository", ["file:///elsewhere/o/r.git", "https://unknown.test/o/r.git", "git@github.com:o/r"]
)
def test_a_file_of_another_clone_has_none(repository: str) -> None:
    assert HOSTS.page(repository, "refs/heads/main", "c.yaml") is None
