"""Sound, video and OFD beside the paper: kept as they came, checked, opened by right and on record, taken by right."""

import io
import json
import wave

import pytest

from edge.domain.people import Person
from edge.errors import InputRefused, RuleRefused
from edge.store.exports.scope import Scope
from edge.store.exports.tables import TABLES
from edge.workflows import digitise, e_files, openings
from tests.edge.domain.ofd_file import content, ofd, text

VIEWER = Person("p-viewer", "林涛", "办公室", ("reader",), True)


def wav(seconds=1):
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(range(256)) * 63 * seconds)
    return out.getvalue()


@pytest.fixture
def kept(scene):
    taken = digitise.take_file(scene.room, scene.archivist, "会议录音.wav", wav(), scene.items[0])
    (shown,) = e_files.of_item(scene.room, VIEWER, scene.items[0])
    assert taken.e_file == shown.name and taken.pages == []
    return scene, shown


def test_a_recording_is_kept_named_by_the_rule_and_checked_on_arrival(kept):
    scene, shown = kept
    item = scene.room.catalogue.item(scene.items[0])
    assert shown.name == f"{item.ref_code}-E001.wav"
    assert (shown.of.kind, shown.file.format, shown.file.name) == ("sound", "WAV", "会议录音.wav")
    assert shown.report["overall"]["usability"] == "pass" and shown.report["overall"]["integrity"] != "fail"
    said = {one["code"]: one["verdict"] for one in shown.report["findings"]}
    assert said["as_long_as_it_says"] == "pass"
    assert not {"read_to_the_end", "count_unsaid", "pages_good"} & said.keys(), "it has no pages"
    assert scene.events("e_file") == ["e_file.received"]
    again = digitise.take_file(scene.room, scene.archivist, "同一份.wav", wav(), scene.items[0])
    assert again.e_file == shown.name and len(e_files.of_item(scene.room, VIEWER, scene.items[0])) == 1


def test_it_is_played_in_parts_and_each_opening_is_one_event_with_its_purpose(kept):
    scene, shown = kept
    parts, at = [], 0
    while part := e_files.play(scene.room, VIEWER, shown.of.id, "research", at, 5000)[1]:
        parts.append(part)
        at += len(part)
    assert b"".join(parts) == wav()
    (event,) = scene.room_events("e_file.opened")
    assert json.loads(event.body)["purpose"] == "research"
    with pytest.raises(InputRefused, match="view_purpose_unknown"):
        e_files.play(scene.room, VIEWER, shown.of.id, "", 0, 10)


def test_whoever_asks_for_all_but_its_first_byte_has_opened_it_too(kept):
    scene, shown = kept
    for start in (1, 5000):
        e_files.play(scene.room, VIEWER, shown.of.id, "work", start, 5000)
    assert len(scene.room_events("e_file.opened")) == 1, "the second is the same opening going on"
    e_files.play(scene.room, scene.archivist, shown.of.id, "work", 10_000, 5000)
    e_files.play(scene.room, VIEWER, shown.of.id, "check", 10_000, 5000)
    assert len(scene.room_events("e_file.opened")) == 3, "somebody else, and for another purpose"
    scene.clock.advance(openings.PAUSE_MS + 1)
    e_files.play(scene.room, VIEWER, shown.of.id, "work", 10_000, 5000)
    assert len(scene.room_events("e_file.opened")) == 4, "come back to after a long pause"


def test_the_original_leaves_by_right_only_and_is_letter_by_letter_what_came(kept):
    scene, shown = kept
    with pytest.raises(RuleRefused, match="not_allowed"):
        e_files.take_out(scene.room, VIEWER, shown.of.id, "work")
    assert e_files.take_out(scene.room, scene.archivist, shown.of.id, "work")[::2] == (shown.name, wav())
    assert scene.events("e_file.downloaded") == ["e_file.downloaded"]


def test_of_a_secret_item_nobody_learns_even_that_there_is_one(scene):
    cleared = Person("p-cleared", "周敏", "档案室", ("archivist", "cleared_secret"), True)
    digitise.take_file(scene.room, cleared, "a.wav", wav(), scene.secret_item)
    (shown,) = e_files.of_item(scene.room, cleared, scene.secret_item)
    for asked in (
        lambda: e_files.of_item(scene.room, scene.archivist, scene.secret_item),
        lambda: e_files.play(scene.room, scene.archivist, shown.of.id, "work", 0, 10),
        lambda: e_files.take_out(scene.room, scene.archivist, shown.of.id, "work"),
    ):
        with pytest.raises(InputRefused, match="record_unknown"):
            asked()
    assert {event.level for event in scene.room_events("e_file")} == {"secret"}
    with scene.room.database.read() as db:
        for table in ("scans", "e_files"):
            rows = [list(TABLES[table].rows(db, Scope(cleared))) for cleared in ("internal", "secret")]
            assert [len(found) for found in rows] == [0, 1], "its very name would tell"


def test_what_is_cut_short_or_nobodys_is_refused(scene):
    with pytest.raises(InputRefused, match="e_file_cut_short"):
        digitise.take_file(scene.room, scene.archivist, "a.wav", wav()[:-200], scene.items[0])
    digitise.take_file(scene.room, scene.archivist, "a.flac", b"fLaC" + bytes(60), scene.items[0])
    (shown,) = e_files.of_item(scene.room, VIEWER, scene.items[0])
    assert ("length_unsaid", "unchecked") in {(one["code"], one["verdict"]) for one in shown.report["findings"]}
    with pytest.raises(InputRefused, match="e_file_whose"):
        digitise.take_file(scene.room, scene.archivist, "a.wav", wav())
    with pytest.raises(InputRefused, match="e_file_cut_short"):
        digitise.take_file(scene.room, scene.archivist, "公文.ofd", b"PK\x03\x04 .. OFD.xml ..", scene.items[0])


def test_an_ofd_is_kept_undrawn_and_its_text_is_shown_for_a_purpose_and_on_record(scene):
    made = ofd(content(text("各单位", 20, 60)), signed=True)
    digitise.take_file(scene.room, scene.archivist, "公文.ofd", made, scene.items[0])
    (shown,) = e_files.of_item(scene.room, VIEWER, scene.items[0])
    assert (shown.of.kind, shown.name[-9:], shown.file.author) == ("document", "-E001.ofd", "办公室")
    with pytest.raises(InputRefused, match="purpose"):
        e_files.text_layer(scene.room, VIEWER, shown.of.id, "")
    layer = e_files.text_layer(scene.room, VIEWER, shown.of.id, "work")
    assert (layer.pages, layer.signed) == (("各单位",), True)
    assert scene.events("e_file") == ["e_file.received", "e_file.opened"]


def test_what_is_no_ofd_carries_no_text(kept):
    scene, shown = kept
    with pytest.raises(InputRefused, match="ofd_unreadable"):
        e_files.text_layer(scene.room, VIEWER, shown.of.id, "work")
