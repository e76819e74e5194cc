"""Doubtful lines wait for a person, whose words are searched, recorded beside what was there, and never overwritten."""

import io
import json

import pytest
from PIL import Image

from edge.domain.people import Person
from edge.errors import InputRefused, RuleRefused
from edge.workflows import correct_text, digitise, reading_samples
from models import evaluate
from tests.edge.page_desk import page


@pytest.fixture
def taken(scene):
    scene.room.page_reader.lying = page("关于水泵房的报告", "屋面渗漓需修缮", "二〇一一年", unsure=(1,))
    return digitise.take_page(scene.room, scene.archivist, scene.items[0])


def found(scene, words):
    return [
        hit.item.id for hit in scene.room.search.find(words, clearance="internal") if hit.item and hit.why != "near"
    ]


def test_a_correction_counts_in_search_and_its_event_keeps_what_was_there(scene, taken):
    (doubt,), count = correct_text.queue(scene.room, scene.archivist)
    assert (doubt.line.line, doubt.candidates, count) == (2, ("屋面渗漓需修缮",), 1)
    line = correct_text.correct(scene.room, scene.archivist, taken.id, 2, " 屋面渗漏需修缮 ")
    assert (line.text, line.read_text, line.state) == ("屋面渗漏需修缮", "屋面渗漓需修缮", "corrected")
    assert found(scene, '"屋面渗漏"') == [scene.items[0]]
    (event,) = scene.room_events("line.")
    body = json.loads(event.body)
    assert (event.action, body["was"], body["now"]) == ("line.corrected", "屋面渗漓需修缮", "屋面渗漏需修缮")
    assert correct_text.queue(scene.room, scene.archivist) == ([], 0)


def test_the_same_words_confirm_and_saying_so_twice_is_one_event(scene, taken):
    for _ in range(2):
        assert correct_text.correct(scene.room, scene.archivist, taken.id, 2, "屋面渗漓需修缮").state == "confirmed"
    assert scene.events("line.") == ["line.confirmed"]


def test_a_new_reading_never_overwrites_a_person(scene, taken):
    correct_text.correct(scene.room, scene.archivist, taken.id, 2, "屋面渗漏需修缮")
    scene.room.page_reader.lying = page("关于水泵房的报告", "屋面渗滴需修缮", "二〇一一年")
    again = digitise.take_page(scene.room, scene.archivist, scene.items[0], 1)
    lines = scene.room.pages.lines(again)
    assert (lines[1].text, lines[1].read_text, lines[1].state) == ("屋面渗漏需修缮", "屋面渗滴需修缮", "unsure")
    (doubt,), _ = correct_text.queue(scene.room, scene.archivist)
    assert doubt.candidates == ("屋面渗漏需修缮", "屋面渗滴需修缮")
    assert found(scene, '"屋面渗漏"') == [scene.items[0]]
    scene.room.page_reader.lying = page("完全不同的另外一页")
    with pytest.raises(RuleRefused, match="corrections_at_stake"):
        digitise.take_page(scene.room, scene.archivist, scene.items[0], 1)
    with pytest.raises(RuleRefused, match="page_replaced"):
        correct_text.correct(scene.room, scene.archivist, taken.id, 1, "迟到的改正")


def test_what_people_made_of_the_same_reading_is_offered_elsewhere(scene, taken):
    correct_text.correct(scene.room, scene.archivist, taken.id, 2, "屋面渗漏需修缮")
    scene.room.page_reader.lying = page("屋面渗漓需修缮", unsure=(0,))
    digitise.take_page(scene.room, scene.archivist, scene.items[1])
    (doubt,), _ = correct_text.queue(scene.room, scene.archivist)
    assert doubt.candidates == ("屋面渗漓需修缮", "屋面渗漏需修缮")


def test_a_doubtful_line_is_mended_by_what_is_known_marked_and_its_raw_reading_kept(scene):
    own = scene.room.catalogue.item(scene.items[0])
    read = own.ref_code.replace("0", "O")
    scene.room.page_reader.lying = page(f"档号 {read}", "关于房屋修繕的请示 1", "巿局文件", unsure=(0, 2))
    taken = digitise.take_page(scene.room, scene.archivist, scene.items[0])
    number, title, _ = scene.room.pages.lines(taken)
    assert (number.text, number.read_text) == (f"档号 {own.ref_code}", f"档号 {read}")
    assert (number.mended, number.state) == ("number", "sure"), "its own number is not asked about"
    assert title.mended == "", "what the networks were sure of is not touched"
    assert json.loads(scene.room_events("page.hooked")[0].body)["mended"] == 1
    assert found(scene, f'"{own.ref_code}"')


def test_the_ring_that_a_reader_dropped_from_a_year_is_put_back_found_by_and_asked_about(scene):
    scene.room.page_reader.lying = page("二一一年五月三日")
    taken = digitise.take_page(scene.room, scene.archivist, scene.items[0])
    (line,) = scene.room.pages.lines(taken)
    assert (line.text, line.read_text, line.mended, line.state) == (
        "二〇一一年五月三日", "二一一年五月三日", "year", "unsure"
    )  # fmt: skip
    assert found(scene, "二〇一一年五月三日")
    (doubt,), _ = correct_text.queue(scene.room, scene.archivist)
    assert doubt.candidates == ("二〇一一年五月三日", "二一一年五月三日")


def test_a_year_is_asked_about_also_beside_the_pages_own_number(scene):
    own = scene.room.catalogue.item(scene.items[0])
    scene.room.page_reader.lying = page(f"{own.ref_code.replace('0', 'O')} 二〇一年三月", unsure=(0,))
    taken = digitise.take_page(scene.room, scene.archivist, scene.items[0])
    (line,) = scene.room.pages.lines(taken)
    assert (line.text, line.mended, line.state) == (f"{own.ref_code} 二〇一年三月", "number", "unsure")


def test_what_was_mended_is_nobodys_word_and_gives_way_to_a_better_reading(scene):
    scene.room.page_reader.lying = page("关于房屋修倦的请示 1", unsure=(0,))
    digitise.take_page(scene.room, scene.archivist, scene.items[0])
    scene.room.page_reader.lying = page("水泵房竣工图")
    again = digitise.take_page(scene.room, scene.archivist, scene.items[0], 1)
    assert [line.text for line in scene.room.pages.lines(again)] == ["水泵房竣工图"]


def test_a_mended_word_is_asked_about_once_with_both_readings_and_then_no_more(scene):
    scene.room.page_reader.lying = page("关于房屋修倦的请示 1", unsure=(0,))
    taken = digitise.take_page(scene.room, scene.archivist, scene.items[0])
    (doubt,), _ = correct_text.queue(scene.room, scene.archivist)
    assert (doubt.line.mended, doubt.candidates) == ("word", ("关于房屋修缮的请示 1", "关于房屋修倦的请示 1"))
    said = correct_text.correct(scene.room, scene.archivist, taken.id, 1, "关于房屋修缮的请示 1")
    assert (said.state, said.mended, said.read_text) == ("confirmed", "", "关于房屋修倦的请示 1")
    again = digitise.take_page(scene.room, scene.archivist, scene.items[0], 1)
    assert scene.room.pages.lines(again)[0].text == "关于房屋修缮的请示 1"
    assert correct_text.queue(scene.room, scene.archivist) == ([], 0)


def test_what_people_said_becomes_test_data_with_its_crops_and_the_readers_error_rate(scene, taken, tmp_path, capsys):
    with pytest.raises(InputRefused, match="no_samples"):
        reading_samples.write(scene.room, scene.archivist, tmp_path / "samples")
    correct_text.correct(scene.room, scene.archivist, taken.id, 2, "屋面渗漏需修缮")
    done = reading_samples.write(scene.room, scene.archivist, tmp_path / "samples")
    (line,) = map(json.loads, (tmp_path / "samples" / "lines.jsonl").read_text("utf-8").splitlines())
    assert (line["read_text"], line["text"], line["state"]) == ("屋面渗漓需修缮", "屋面渗漏需修缮", "corrected")
    assert (done.lines, done.error_rate) == (1, 1 / 7)
    with Image.open(tmp_path / "samples" / line["image"]) as crop:
        assert crop.width > crop.height
    assert evaluate.main(["--samples", str(tmp_path / "samples")]) == 0
    rows = [row.split() for row in capsys.readouterr().out.splitlines()[1:]]
    assert [row[0] for row in rows] == ["at", "tiny", "small", "both"]
    assert rows[0][3:7] == ["corrected", "1", "14.29", "%"]
    for spoilt, told in (("", "no lines"), ("{}", "image"), ("no json", "Expecting")):
        (tmp_path / "samples" / "lines.jsonl").write_text(spoilt, "utf-8")
        assert evaluate.main(["--samples", str(tmp_path / "samples")]) == 1
        assert told in capsys.readouterr().err
    body = json.loads(scene.room_events("export.made")[0].body)
    assert (body["what"], body["rows"], body["sha256"]) == ("samples", 1, done.sha256)
    with pytest.raises(RuleRefused, match="not_allowed"):
        reading_samples.write(scene.room, scene.reader, tmp_path / "others")


def test_the_crop_is_the_line_enlarged(scene, taken):
    with Image.open(io.BytesIO(correct_text.crop(scene.room, scene.archivist, taken.id, 2))) as line:
        assert line.height > 150 and line.width > 3 * line.height
    with pytest.raises(InputRefused, match="page_unknown"):
        correct_text.crop(scene.room, scene.archivist, taken.id, 9)


def test_lines_above_ones_clearance_are_neither_counted_nor_shown_nor_shipped(scene):
    cleared = Person("p-cleared", "周敏", "档案室", ("archivist", "cleared_secret"), True)
    scene.room.page_reader.lying = page("机密内容", unsure=(0,))
    secret = digitise.take_page(scene.room, cleared, scene.secret_item)
    assert correct_text.queue(scene.room, scene.archivist) == ([], 0)
    for act in (correct_text.crop, lambda *a: correct_text.correct(*a, "x")):
        with pytest.raises(InputRefused, match="page_unknown"):
            act(scene.room, scene.archivist, secret.id, 1)
    assert correct_text.queue(scene.room, cleared)[1] == 1
    correct_text.correct(scene.room, cleared, secret.id, 1, "机密内容二")
    assert {event.level for event in scene.room_events("line.")} == {"secret"}
    with pytest.raises(RuleRefused, match="not_allowed"):
        correct_text.queue(scene.room, scene.reader)
