"""What nobody needs any more is removed, and nothing that is in use (reliability, R45)."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from syncd.errors import TransientError
from syncd.garbage import LEFT_FOR, Garbage
from syncd.git.refs import all_refs
from syncd.model.edit import Edit, EditState
from syncd.statedir import QUARANTINED_FILES, StateDir
from syncd.store.edits import StoredEdits
from syncd.store.state import State
from tests.support.bench import BROKEN, FILE, Bench, component, documents
from tests.support.loopback import say_nothing, tcp_server
from tests.support.mirrors import opened_mirrors

SHORT = '[limits]\nmirror_kept = "1ms"\nedits_kept = "1ms"\nchanges_kept = "1ms"\n'


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with Bench(tmp_path, SHORT) as bench:
        yield bench


def garbage(bench: Bench) -> Garbage:
    found = bench.catalog.daemon.garbage
    assert found is not None
    return found


def state(bench: Bench) -> State:
    return bench.catalog.daemon.service._state


def collect_mirrors(bench: Bench) -> int:
    """Twice: the first time notes since when a mirror is not needed."""
    garbage(bench).collect()
    time.sleep(0.01)
    return garbage(bench).collect().mirrors


def folders(bench: Bench) -> set[str]:
    """The repositories of which there is a mirror on the disk."""
    found = (bench.catalog.root / "mirrors").glob("*/url")
    return {Path(file.read_text().strip()).stem for file in found}


def an_edit(bench: Bench, name: str, edit_state: EditState) -> Edit:
    url = bench.repository("edited").url
    at = "2026-01-01T00:00:00.000Z" if edit_state == "confirmed" else "2999-01-01T00:00:00.000Z"
    return Edit(name, at, "ada", "x", url, "refs/heads/main", "commit", "refs/heads/main", "", (), (), (), edit_state)


def test_r045_a_mirror_goes_when_the_last_location_that_reads_it_is_removed(bench: Bench) -> None:
    bench.commit({"a.yaml": component("a"), "b.yaml": component("b")}, "two")
    bench.commit({FILE: component("c")}, "one")
    first, second = bench.register_git("two", paths=["a.yaml"]), bench.register_git("two", paths=["b.yaml"])
    other = bench.register_git("one")
    assert collect_mirrors(bench) == 0
    bench.remove(first)
    bench.remove(other)
    assert collect_mirrors(bench) == 1
    assert folders(bench) == {"two"}
    bench.push({"b.yaml": component("d")}, "two")
    assert bench.names() == ["d"]
    bench.remove(second)
    assert collect_mirrors(bench) == 1
    assert folders(bench) == set()
    bench.register_git("two")
    bench.register_git("one")
    bench.register_git("two", paths=["*.yaml"])
    assert bench.names() == ["a", "c", "d"]
    assert not list((bench.catalog.root / "mirrors").glob("removed-*"))


def test_r045_what_a_location_entity_leads_to_is_needed(bench: Bench) -> None:
    bench.commit({FILE: component("far")}, "far")
    target = f'{{"targets": ["{bench.url(name="far")}"]}}'
    leads = (
        f'{{"apiVersion": "backstage.io/v1alpha1", "kind": "Location", "metadata": {{"name": "l"}}, "spec": {target}}}'
    )
    bench.commit({FILE: leads}, "near")
    bench.register(name="near")
    assert bench.names() == ["far"]
    assert collect_mirrors(bench) == 0
    bench.push({FILE: component("near")}, "near")
    assert collect_mirrors(bench) == 1
    assert folders(bench) == {"near"}


@pytest.mark.parametrize("edit_state", ["proposed", "pending", "pushed"])
def test_r045_an_edit_that_is_not_done_needs_its_mirror(bench: Bench, edit_state: EditState) -> None:
    bench.commit({FILE: component("a")}, "edited")
    location = bench.register_git("edited")
    StoredEdits(state(bench)).add(an_edit(bench, "e", edit_state))
    bench.remove(location)
    assert collect_mirrors(bench) == 0
    assert folders(bench) == {"edited"}
    state(bench).write("UPDATE edits SET state = 'failed'")
    assert collect_mirrors(bench) == 1


def test_r045_finished_edits_go_and_others_stay(bench: Bench) -> None:
    edits = StoredEdits(state(bench))
    bench.repository("edited")
    for name, edit_state in (("new", "proposed"), ("under way", "pending"), ("done", "confirmed"), ("bad", "failed")):
        edits.add(an_edit(bench, name, edit_state))  # type: ignore[arg-type]
    time.sleep(0.01)
    assert garbage(bench).collect().edits == 2
    assert {edit.id for edit in edits.newest(10)} == {"new", "under way"}


def test_r045_a_mirror_in_use_is_left_alone(tmp_path: Path) -> None:
    with tcp_server(say_nothing) as port, opened_mirrors(tmp_path / "mirrors") as mirrors:
        mirror = mirrors.open(f"git://127.0.0.1:{port}/a.git")
        failed = threading.Event()

        def fetch() -> None:
            with pytest.raises(TransientError):
                mirror.fetch([""])
            failed.set()

        fetching = threading.Thread(target=fetch)
        fetching.start()
        deadline = time.monotonic() + 10
        while not mirror.path.parent.exists():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        assert not mirrors.discard(mirror.url, lambda: False)
        assert mirror.path.parent.exists()
        mirrors.close()
        fetching.join()
        assert failed.is_set()
        assert mirrors.discard(mirror.url, lambda: False)
        assert not mirror.path.parent.exists()


def test_r045_what_a_kill_left_of_a_removal_is_removed(tmp_path: Path) -> None:
    with opened_mirrors(tmp_path) as mirrors:
        (tmp_path / "removed-x" / "git").mkdir(parents=True)
        mirrors.sweep()
        assert not (tmp_path / "removed-x").exists()


def test_r045_temporary_packs_and_kept_commits_go_when_they_are_old_and_for_nobody(bench: Bench) -> None:
    bench.commit({FILE: documents(component("a"), component("b"))})
    bench.register_git()
    bench.push({FILE: BROKEN})
    git_dir = next((bench.catalog.root / "mirrors").glob("*/git"))
    kept = [git_dir / name for name in all_refs(git_dir) if "/keep/" in name]
    assert len(kept) == 1
    old, young = git_dir / "objects/pack/tmp_pack_old", git_dir / "objects/pack/tmp_pack_young"
    old.touch()
    young.touch()
    hours_ago = time.time() - 2 * LEFT_FOR
    os.utime(old, (hours_ago, hours_ago))
    os.utime(kept[0], (hours_ago, hours_ago))
    assert garbage(bench).collect().leftovers == 1
    assert (old.exists(), young.exists(), kept[0].exists()) == (False, True, True)
    assert bench.names() == ["a", "b"]
    bench.push({FILE: component("a")})
    assert garbage(bench).collect().leftovers == 1
    assert not kept[0].exists()
    bench.assert_rebuild_equal()


def test_r045_old_rows_of_the_log_go_and_the_index_is_built_as_before(bench: Bench) -> None:
    for number in range(5):
        bench.commit({FILE: documents(component("a", title=str(number)), component("b"))})
        if not number:
            bench.register_git()
        bench.catalog.sync()
    bench.push({FILE: component("a", title="last")})
    before = state(bench).changes(0, state(bench).last_seq(), 1000)
    time.sleep(0.01)
    assert garbage(bench).collect().changes >= 3
    after = state(bench).changes(0, state(bench).last_seq(), 1000)
    assert {change.seq for change in after} < {change.seq for change in before}
    assert after[-1].seq == before[-1].seq
    assert garbage(bench).collect().changes == 0
    bench.assert_rebuild_equal()
    bench.push({FILE: component("c")})
    assert state(bench).last_seq() > before[-1].seq


def test_r045_the_log_is_kept_for_its_time(tmp_path: Path) -> None:
    with Bench(tmp_path) as bench:
        bench.commit({FILE: component("a")})
        bench.register_git()
        bench.push({FILE: component("a", title="x")})
        assert not garbage(bench).collect()


def test_r045_quarantined_files_are_few(tmp_path: Path) -> None:
    with StateDir(tmp_path / "state") as place:
        for number in range(QUARANTINED_FILES + 3):
            place.index.write_text(str(number))
            place.set_aside([place.index])
        kept = sorted(place.quarantine.iterdir())
        assert [file.read_text() for file in kept] == [str(number) for number in range(3, QUARANTINED_FILES + 3)]
