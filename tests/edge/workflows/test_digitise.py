"""A page becomes part of its item: judged, hooked, searched; what is not good enough waits with what to do."""

from dataclasses import replace

import pytest

from edge.domain.page_gate import Complaint
from edge.domain.people import Person
from edge.errors import InputRefused, RuleRefused, StoreError
from edge.workflows import digitise
from tests.edge.page_desk import GOOD, page

BLURRED = replace(GOOD, edge_px=7.0)


@pytest.fixture
def desk(scene):
    return scene.room.page_reader


def found(scene, words):
    return [hit.item.id for hit in scene.room.search.find(words, clearance="internal") if hit.item]


def test_a_page_under_the_camera_is_hooked_to_the_chosen_item_and_found_by_its_words(scene, desk):
    desk.lying = page("关于水泵房屋面渗漏的报告", "拨付专项经费")
    taken = digitise.take_page(scene.room, scene.archivist, scene.items[0])
    assert (taken.state, taken.item_id, taken.page_no, taken.dpi) == ("hooked", scene.items[0], 1, 302)
    assert found(scene, "屋面渗漏") == [scene.items[0]]
    assert scene.events("page.") == ["page.seen", "page.hooked"] and "item.text_set" in scene.events("item.")
    kept = scene.room.pages.file(taken.file_id)
    assert scene.room.scans.read(kept.sha256).startswith(b"frame 1") and scene.room.scans.read(taken.image)
    desk.lying = page("附件一")
    assert digitise.take_page(scene.room, scene.archivist, scene.items[0]).page_no == 2


def test_a_page_that_is_not_good_enough_is_held_and_says_why_until_a_person_decides(scene, desk):
    desk.lying = page("关于水泵房屋面渗漏的报告", measures=BLURRED)
    held = digitise.take_page(scene.room, scene.archivist, scene.items[0])
    assert held.state == "held" and [one.code for one in held.complaints] == ["blurred"]
    assert found(scene, "屋面渗漏") == []
    with pytest.raises(RuleRefused, match="page_held"):
        digitise.hook(scene.room, scene.archivist, held.id, scene.items[0])
    with pytest.raises(InputRefused, match="reason_missing"):
        digitise.accept(scene.room, scene.archivist, held.id, " ok ")
    kept = digitise.accept(scene.room, scene.archivist, held.id, "原件受潮模糊")
    assert (kept.state, kept.despite, kept.item_id) == ("hooked", "原件受潮模糊", scene.items[0])
    assert found(scene, "屋面渗漏") == [scene.items[0]]


def test_a_page_stamped_for_another_item_is_asked_about_before_it_is_hooked_where_the_person_said(scene, desk):
    stamp = (("A001", True), ("2011", True), ("2", True), ("", True), ("永久", True), ("", True))
    desk.lying = replace(page("关于水泵房的报告"), stamp=stamp)
    held = digitise.take_page(scene.room, scene.archivist, scene.items[0])
    assert (held.state, held.proposed) == ("held", (scene.items[0],))
    assert held.complaints == (Complaint("stamped_for_another", {"number": "A001-WS·2011·Y-0002"}),)
    assert digitise.accept(scene.room, scene.archivist, held.id, "章盖错了").item_id == scene.items[0]
    desk.lying = replace(page("关于水泵房的报告", shade=200), stamp=stamp)
    assert digitise.take_page(scene.room, scene.archivist, scene.items[1]).state == "hooked", "its own stamp"
    doubtful = tuple((text, text != "2") for text, _ in stamp)
    desk.lying = replace(page("关于水泵房的报告", shade=180), stamp=doubtful)
    taken = digitise.take_page(scene.room, scene.archivist, scene.items[0])
    assert taken.state == "hooked", "a cell in doubt names nobody"


def test_a_stamp_of_an_item_above_the_persons_clearance_is_not_told(scene, desk):
    stamp = (("A001", True), ("2012", True), ("9", True), ("", True), ("永久", True), ("", True))
    desk.lying = replace(page("关于水泵房的报告"), stamp=stamp)
    assert digitise.take_page(scene.room, scene.archivist, scene.items[0]).complaints == ()


def test_a_file_called_by_its_archive_number_or_carrying_it_in_print_finds_its_item(scene, desk):
    desk.files = {
        "A001-WS·2011·Y-0001.pdf": [page("第一页"), page("第二页", number=2)],
        "scan0007.pdf": [page("档号 A001-WS·2011·Y-0002"), page("续页", number=2)],
        "scan0008.pdf": [page("没有档号")],
    }
    by_name = digitise.take_file(scene.room, scene.archivist, "A001-WS·2011·Y-0001.pdf", b"a")
    assert [(one.item_id, one.page_no) for one in by_name.pages] == [(scene.items[0], 1), (scene.items[0], 2)]
    by_print = digitise.take_file(scene.room, scene.archivist, "scan0007.pdf", b"b")
    assert [(one.item_id, one.page_no) for one in by_print.pages] == [(scene.items[1], 1), (scene.items[1], 2)]
    (nobodys,) = digitise.take_file(scene.room, scene.archivist, "scan0008.pdf", b"c").pages
    assert nobodys.state == "loose" and digitise.waiting(scene.room, scene.archivist) == [nobodys]
    hooked = digitise.hook(scene.room, scene.archivist, nobodys.id, scene.items[0])
    assert hooked.page_no == 3 and digitise.waiting(scene.room, scene.archivist) == []


def test_the_same_file_twice_is_taken_once(scene, desk):
    desk.files = {"a.pdf": [page("第一页")], "b.pdf": [page("第一页")]}
    first = digitise.take_file(scene.room, scene.archivist, "a.pdf", b"same", scene.items[0])
    again = digitise.take_file(scene.room, scene.archivist, "b.pdf", b"same", scene.items[0])
    assert again.again and [one.id for one in again.pages] == [one.id for one in first.pages]


def test_a_printed_page_number_that_jumps_holds_the_page(scene, desk):
    desk.files = {"a.pdf": [page("甲", "3"), page("乙", "4", number=2), page("丙", "6", number=3)]}
    taken = digitise.take_file(scene.room, scene.archivist, "a.pdf", b"a", scene.items[0])
    assert [one.state for one in taken.pages] == ["hooked", "hooked", "held"]
    assert taken.pages[2].complaints[0].params == {"before": 4, "printed": 6}


def test_a_page_left_out_between_two_taken_one_by_one_is_told_before_the_later_one_is_accepted(scene, desk):
    def lay(printed, **how):
        desk.lying = page("甲", printed, shade=200 + int(printed), **how)
        return digitise.take_page(scene.room, scene.archivist, scene.items[0])

    assert [lay("1").state, lay("2", measures=BLURRED).state, lay("3").state] == ["hooked", "held", "hooked"]
    skipped = lay("5")
    assert (skipped.state, skipped.complaints[0].params) == ("held", {"before": 3, "printed": 5})
    assert lay("5").state == "held", "taken again the gap is still there"
    desk.files = {"4.jpg": [page("甲", "4")], "7.jpg": [page("甲", "7")]}
    (filled,) = digitise.take_file(scene.room, scene.archivist, "4.jpg", b"4", scene.items[0]).pages
    assert filled.state == "hooked" and lay("5").state == "hooked"
    (jumped,) = digitise.take_file(scene.room, scene.archivist, "7.jpg", b"7", scene.items[0]).pages
    assert [one.code for one in jumped.complaints] == ["number_skipped"]
    assert lay("1").state == "hooked", "the next paper of the item begins anew"
    desk.lying = page("甲", "12")
    named = digitise.take_page(scene.room, scene.archivist, scene.items[0], page_no=12)
    assert (named.state, named.page_no) == ("hooked", 12), "who says which page it is knows of the gap"


def test_a_page_taken_again_replaces_only_when_that_is_said(scene, desk):
    desk.lying = page("原来拍的内容")
    old = digitise.take_page(scene.room, scene.archivist, scene.items[0])
    desk.files = {"new.pdf": [page("重新扫描所得")]}
    (new,) = digitise.take_file(scene.room, scene.archivist, "new.pdf", b"n").pages
    with pytest.raises(RuleRefused, match="page_there"):
        digitise.hook(scene.room, scene.archivist, new.id, scene.items[0], 1)
    digitise.hook(scene.room, scene.archivist, new.id, scene.items[0], 1, replacing=True)
    assert scene.room.pages.get(old.id).state == "replaced"
    assert found(scene, "重新扫描") == [scene.items[0]] and found(scene, "原来拍的") == []


def test_what_lies_above_ones_clearance_can_neither_be_hooked_to_nor_be_guessed(scene, desk):
    desk.files = {"A001-WS·2012·Y-0009.pdf": [page("甲")], "x.pdf": [page("A001-WS·2012·Y-0009")]}
    (named,) = digitise.take_file(scene.room, scene.archivist, "A001-WS·2012·Y-0009.pdf", b"a").pages
    (printed,) = digitise.take_file(scene.room, scene.archivist, "x.pdf", b"b").pages
    assert [named.state, printed.state] == ["loose", "loose"] and printed.proposed == ()
    with pytest.raises(InputRefused, match="record_unknown"):
        digitise.hook(scene.room, scene.archivist, named.id, scene.secret_item)
    cleared = Person("p-cleared", "周敏", "档案室", ("archivist", "cleared_secret"), True)
    digitise.hook(scene.room, cleared, named.id, scene.secret_item)
    assert {event.level for event in scene.room_events("page.hooked")} == {"secret"}


def test_a_reader_may_not_digitise_and_a_waiting_page_can_be_thrown_away(scene, desk):
    desk.lying = page("甲", measures=BLURRED)
    with pytest.raises(RuleRefused, match="not_allowed"):
        digitise.take_page(scene.room, scene.reader)
    held = digitise.take_page(scene.room, scene.archivist)
    assert digitise.preview(scene.room, scene.archivist, held.id) == desk.lying.jpeg
    digitise.drop(scene.room, scene.archivist, held.id)
    assert digitise.waiting(scene.room, scene.archivist) == []
    with pytest.raises(InputRefused, match="page_unknown"):
        digitise.preview(scene.room, scene.archivist, held.id)


def test_a_scan_that_was_changed_on_the_disk_is_not_handed_out(scene, desk):
    desk.lying = page("甲")
    taken = digitise.take_page(scene.room, scene.archivist, scene.items[0])
    with scene.room.scans.file.use() as db:
        db.execute("UPDATE scan_piece SET content = ? WHERE sha256 = ?", (b"other", taken.image))
    with pytest.raises(StoreError, match="scan_changed"):
        scene.room.scans.read(taken.image)
