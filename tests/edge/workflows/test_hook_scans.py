"""A folder of scans hooked: what is certain is searchable at once, what is doubtful waits, nothing is read twice."""

from pathlib import Path

import pytest

from edge.domain.page_gate import Wanted
from edge.errors import InputRefused
from edge.store.hookings import Hookings
from edge.workflows import hook_scans
from edge.workflows.hook_folder import hook_folder
from tests.edge.page_desk import page

ONE, TWO = "A001-WS·2011·Y-0001", "A001-WS·2011·Y-0002"


@pytest.fixture
def folder(scene, tmp_path: Path) -> Path:
    """A whole item, one in the wrong folder, one nobody catalogued, and litter."""
    root = tmp_path / "scans"
    files = {f"{ONE}.pdf": [page("屋面渗漏"), page("附件", number=2)], f"D30/{TWO}.pdf": [page("水泵采购")]}
    files |= {"A001-WS·2011·Y-0999.pdf": [page("谁的")], "Thumbs.db": []}
    for name in files:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(name.encode())
    scene.room.page_reader.files = {Path(name).name: pages for name, pages in files.items()}
    return root


def hooked(scene, folder: Path, **more):
    done = hook_folder(scene.room, scene.archivist, folder, Wanted(), **{"dry_run": False, **more})
    return done, {Path(one.path).name: (one.state, one.code) for one in done.files}


def test_a_folder_is_hooked_and_the_report_says_why_of_every_file(scene, folder):
    done, files = hooked(scene, folder)
    assert files == {
        f"{ONE}.pdf": ("hooked", "by_name"),
        f"{TWO}.pdf": ("unsure", "folder_retention"),
        "A001-WS·2011·Y-0999.pdf": ("refused", "not_found"),
    }
    assert done.ignored == 1
    found = scene.room.search.find("屋面渗漏", clearance="internal")
    assert [hit.item.id for hit in found] == [scene.items[0]]
    assert scene.room.search.find("水泵采购", clearance="internal") == []
    assert [one.page_no for one in scene.room.pages.of_item(scene.items[0])] == [1, 2]
    assert scene.events("hooking.") == ["hooking.started", "hooking.ended"]
    report = scene.room.pages.report(next(one.file_id for one in done.files if one.state == "hooked"))
    assert "item_unknown" not in [one["code"] for one in report["findings"]]


def test_a_dry_run_says_the_same_and_keeps_nothing(scene, folder):
    done, _ = hooked(scene, folder, dry_run=True)
    assert sorted((one.state, one.code) for one in done.plan) == [
        ("hook", "by_name"),
        ("refused", "not_found"),
        ("unsure", "folder_retention"),
    ]
    assert Hookings(scene.room.database).runs() == [] and scene.events("scan.") == []


def test_a_person_settles_what_is_doubtful_with_a_reason(scene, folder):
    done, _ = hooked(scene, folder)
    with pytest.raises(InputRefused, match="reason_missing"):
        hook_scans.settle(scene.room, scene.archivist, done.run_id, f"D30/{TWO}.pdf", "ok")
    settled = hook_scans.settle(scene.room, scene.archivist, done.run_id, f"D30/{TWO}.pdf", "文件夹放错")
    assert (settled.state, settled.settled_why) == ("settled", "文件夹放错")
    assert [hit.item.id for hit in scene.room.search.find("水泵采购", clearance="internal")] == [scene.items[1]]
    assert scene.events("hooking.")[-1] == "hooking.settled"


def test_hooking_a_folder_again_reads_and_hooks_nothing_twice(scene, folder):
    hooked(scene, folder)
    pages = len(scene.events("page.seen"))
    _, again = hooked(scene, folder)
    assert again[f"{ONE}.pdf"] == ("already", "kept") and again[f"{TWO}.pdf"] == ("unsure", "folder_retention")
    assert len(scene.events("page.seen")) == pages


def test_cut_off_in_the_middle_the_same_folder_goes_on(scene, folder):
    def pulled(said):
        if said["doing"] == "take":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        hooked(scene, folder, progress=pulled)
    [run] = Hookings(scene.room.database).runs()
    assert run.ended_ms is None
    done, files = hooked(scene, folder)
    assert done.run_id == run.id and files[f"{TWO}.pdf"] == ("unsure", "folder_retention")
    assert len(Hookings(scene.room.database).runs()) == 1


def test_a_page_that_prints_another_number_is_not_believed_by_its_name(scene, folder):
    scene.room.page_reader.files[f"{ONE}.pdf"] = [page(f"档号 {TWO}"), page("附件", number=2)]
    _, files = hooked(scene, folder)
    assert files[f"{ONE}.pdf"] == ("unsure", "print_differs")
    assert scene.room.pages.of_item(scene.items[0]) == []


def test_what_was_handed_over_with_another_digest_is_not_taken(scene, folder):
    (folder / "SHA256SUMS").write_text(f"{'0' * 64}  {ONE}.pdf\n", "utf-8")
    _, files = hooked(scene, folder)
    assert files[f"{ONE}.pdf"] == ("refused", "digest_differs")
