"""Every file has its report from the moment it is in; scans that changed on the disk are found."""

import hashlib
import json

import pytest

from edge.domain.page_seen import FileFacts
from edge.errors import RuleRefused
from edge.workflows import arrival, digitise
from tests.edge.page_desk import page


def test_a_file_is_checked_in_the_transaction_that_takes_it_in(scene):
    scene.room.page_reader.files = {"a.pdf": [page("第一页")]}
    digest = hashlib.sha256(b"pdf").hexdigest()
    taken = digitise.take_file(
        scene.room, scene.archivist, "a.pdf", b"pdf", scene.items[0], handed_sha256=digest.upper()
    )
    report = scene.room.pages.report(taken.file_id)
    assert report["overall"] == dict.fromkeys(("authenticity", "integrity", "usability", "safety"), "pass")
    (event,) = scene.room_events("scan.checked")
    assert json.loads(event.body)["authenticity"] == "pass"
    for language, word in (("zh-Hans", "真实性: 通过"), ("zh-Hant", "真實性: 通過"), ("en", "Authenticity: pass")):
        assert word in arrival.in_words(report, "a.pdf", language)


def test_a_file_with_a_script_is_held_until_a_person_answers_for_it(scene):
    scene.room.page_reader.files = {"a.pdf": [page("第一页")]}
    scene.room.page_reader.facts = FileFacts("PDF 1.7", alarming=("script",))
    taken = digitise.take_file(scene.room, scene.archivist, "a.pdf", b"pdf", scene.items[0])
    assert taken.pages[0].state == "held" and taken.pages[0].complaints[0].code == "unsafe"
    report = scene.room.pages.report(taken.file_id)
    assert report["overall"]["safety"] == "fail"
    assert "item_unknown" not in [one["code"] for one in report["findings"]], "it is known whose the held page is"


def test_a_file_that_could_not_be_looked_into_waits_as_a_doubt_and_is_not_called_unsafe(scene):
    scene.room.page_reader.files = {"a.pdf": [page("第一页")]}
    scene.room.page_reader.facts = FileFacts("PDF 1.7", alarming=("unknown",))
    taken = digitise.take_file(scene.room, scene.archivist, "a.pdf", b"pdf", scene.items[0])
    assert taken.pages[0].state == "held" and taken.pages[0].complaints[0].code == "not_looked_into"
    assert scene.room.pages.report(taken.file_id)["overall"]["safety"] == "doubt"


def test_fixity_names_what_changed_on_the_disk(scene):
    scene.room.page_reader.lying = page("甲")
    taken = digitise.take_page(scene.room, scene.archivist, scene.items[0])
    assert arrival.fixity(scene.room, scene.archivist) == arrival.Fixity(2, ())
    with scene.room.scans.file.use() as db:
        db.execute("UPDATE scan_piece SET content = ? WHERE sha256 = ?", (b"x", taken.image))
    assert arrival.fixity(scene.room, scene.archivist).changed == (taken.image[:16],)
    assert scene.events("scan.fixity") == ["scan.fixity"] * 2
    with pytest.raises(RuleRefused, match="not_allowed"):
        arrival.fixity(scene.room, scene.reader)
