"""A box whose code is torn, held to the counter camera: right, wrong or cannot tell, by its printed number.

The frames are those of the bench's counter camera; they are read by the vision process's own reader.
"""

import io
import json

import pytest

from edge.devices import CodeSeen, LineSeen, Look
from edge.errors import RuleRefused
from edge.store import box_places
from edge.vision.codes import codes_in
from edge.vision.pictures import frame as opened
from edge.vision.reader import Reader
from edge.workflows import pull, retrieve, return_box
from hardware_tests.virtual import counter_camera
from hardware_tests.virtual.counter_camera import Held
from tests import needs


@pytest.fixture(scope="module")
def reader():
    needs.cjk_font()
    return Reader(threads=1)


class Lens:
    """The scene's counter camera with real frames and the real reader behind it."""

    def __init__(self, reader: Reader) -> None:
        self.reader, self.held, self.turned, self.seed = reader, None, 0, 1

    def look(self, camera: str) -> Look:
        out = io.BytesIO()
        picture = counter_camera.frame(self.held, self.seed).rotate(self.turned, expand=True)
        picture.save(out, "JPEG", quality=82)
        seen = opened(out.getvalue())
        codes = tuple(CodeSeen(code["text"], code["symbology"], ()) for code in codes_in(seen))
        regions = self.reader.read(seen, thorough=True)
        lines = tuple(LineSeen(region.text, region.weakest, region.agreed, region.quad) for region in regions)
        return Look(camera, codes, out.getvalue(), 50, lines)

    def alive(self) -> bool:
        return True


@pytest.fixture
def filled(scene, reader, monkeypatch):
    """Boxes 0031, 0032 and 00321 of fonds A001; the lens with real frames."""

    def fill(change):
        catalogue, made = scene.room.catalogue, {}
        slots = ("B1-A-03-R-01-1-02", "B1-A-03-R-01-1-03", "B1-A-03-R-01-2-01")
        for number, slot in zip(("0031", "0032", "00321"), slots, strict=True):
            box = catalogue.add_box(change, fonds_no="A001", box_no=number, actor="node")
            box_places.place_box(change, box.id, slot, "node", "first_place")
            made[number] = box
        return made

    boxes = scene.room.database.write(fill)
    lens = Lens(reader)
    monkeypatch.setattr(scene.counter, "look", lens.look)
    return scene, lens, boxes


@pytest.fixture
def pulled(filled):
    """A loan of box 0031, whose aisle stands open."""
    scene, lens, boxes = filled
    loan = retrieve.ask_for(scene.room, scene.archivist, box_id=boxes["0031"].id)
    if retrieve.choose(scene.room, scene.archivist, loan.id).moves:
        scene.open_chosen()
    return scene, lens, loan, boxes


def torn(box, number: str = "", fonds: str = "A001 市局") -> Held:
    return Held(box.label, number or box.box_no, fonds, code_torn=True)


@pytest.mark.parametrize("turned", [0, 90, 180])
def test_a_torn_code_with_a_whole_number_is_the_right_box(pulled, turned):
    scene, lens, loan, boxes = pulled
    lens.held, lens.turned = torn(boxes["0031"]), turned
    verdict = retrieve.check_label(scene.room, scene.archivist, loan.id)
    assert (verdict.ok, verdict.why, verdict.by) == (True, "match", "print")
    assert scene.room.loans.get(loan.id).state == "verified"
    body = json.loads(scene.room_events("label.checked")[0].body)
    assert (body["by"], body["look"]) == ("print", verdict.look_id) and scene.room.looks.read(verdict.look_id)


def test_a_torn_code_with_another_boxs_number_is_wrong_and_changes_no_record(pulled):
    scene, lens, loan, boxes = pulled
    lens.held = torn(boxes["00321"])
    verdict = retrieve.check_label(scene.room, scene.archivist, loan.id)
    assert (verdict.ok, verdict.why, verdict.by, verdict.seen_no) == (False, "wrong_box", "print", "00321")
    assert scene.room.catalogue.box(boxes["00321"].id).slot, "print alone does not take a box off its shelf"


@pytest.mark.parametrize(
    ("number", "fonds"),
    [
        ("0032", "A001 市局"),  # may be the rest of 00321
        ("0031", ""),  # whose box 0031?
        ("0031", "Q999 他局"),
        ("0099", "A001 市局"),
        ("2011", "A001 市局"),
        (" ", "A001 市局"),
    ],
)
def test_where_the_print_does_not_name_one_box_for_certain_nothing_is_guessed(pulled, number, fonds):
    scene, lens, loan, boxes = pulled
    lens.held = torn(boxes["0031"], number, fonds)
    verdict = retrieve.check_label(scene.room, scene.archivist, loan.id)
    assert (verdict.ok, verdict.seen, verdict.by) == (False, "", "")
    assert verdict.why in ("unreadable", "print_unclear")
    assert scene.room.looks.read(verdict.look_id), "the picture is kept for the person who decides"
    assert scene.room.loans.get(loan.id).state == "pulling"


def test_a_code_that_says_one_box_and_print_that_says_another_are_no_verdict(pulled):
    scene, lens, loan, boxes = pulled
    lens.held = Held(boxes["0031"].label, "00321", "A001 市局")
    verdict = retrieve.check_label(scene.room, scene.archivist, loan.id)
    assert (verdict.ok, verdict.why, verdict.cannot_tell) == (False, "print_names_another", True)
    assert scene.room.looks.read(verdict.look_id), "the picture is kept for the person who is asked"
    with pytest.raises(RuleRefused, match="typed_against_code"):
        retrieve.confirm_label(scene.room, scene.archivist, loan.id, verdict.look_id, "00321")
    assert scene.room.loans.get(loan.id).state == "pulling"
    confirmed = retrieve.confirm_label(scene.room, scene.archivist, loan.id, verdict.look_id, "0031")
    assert confirmed.state == "verified", "code and person say the same"


def test_another_boxs_code_under_the_asked_boxs_print_is_refused_and_nobody_can_say_otherwise(pulled):
    scene, lens, loan, boxes = pulled
    lens.held = Held(boxes["00321"].label, "0031", "A001 市局")
    verdict = retrieve.check_label(scene.room, scene.archivist, loan.id)
    assert (verdict.why, verdict.cannot_tell, verdict.seen_no) == ("code_and_print_differ", False, "00321")
    with pytest.raises(RuleRefused, match="camera_could_tell"):
        retrieve.confirm_label(scene.room, scene.archivist, loan.id, verdict.look_id, "0031")
    assert scene.room.catalogue.box(boxes["00321"].id).slot, "a label in doubt changes no record"


def test_of_a_pull_list_only_the_box_that_the_code_names_is_a_persons_to_confirm(filled):
    scene, lens, boxes = filled
    loans = [retrieve.ask_for(scene.room, scene.archivist, box_id=boxes[number].id) for number in ("0031", "00321")]
    pull.begin(scene.room, scene.archivist, [one.id for one in loans])
    if pull.choose(scene.room, scene.archivist, 3).moves:
        scene.open_chosen()
    lens.held = Held(boxes["0031"].label, "00321", "A001 市局")
    verdict, served = pull.check(scene.room, scene.archivist)
    assert (verdict.cannot_tell, served) == (True, [])
    with pytest.raises(RuleRefused, match="typed_against_code"):
        pull.confirm(scene.room, scene.archivist, verdict.look_id, "00321")
    assert [one.id for one in pull.confirm(scene.room, scene.archivist, verdict.look_id, "0031")] == [loans[0].id]


def test_a_box_comes_back_under_another_boxs_print_only_by_the_number_that_its_code_says_too(pulled):
    scene, lens, loan, boxes = pulled
    lens.held = Held(boxes["0031"].label, "0031", "A001 市局")
    assert retrieve.check_label(scene.room, scene.archivist, loan.id).ok
    retrieve.hand_over(scene.room, scene.archivist, loan.id)
    lens.held = Held(boxes["0031"].label, "00321", "A001 市局")
    back = return_box.receive(scene.room, scene.archivist)
    assert (back.verdict.why, back.verdict.cannot_tell, back.loans) == ("print_names_another", True, ())
    with pytest.raises(RuleRefused, match="typed_against_code"):
        return_box.confirm(scene.room, scene.archivist, back.verdict.look_id, "00321")
    ended = return_box.confirm(scene.room, scene.archivist, back.verdict.look_id, "0031")
    assert [one.id for one in ended.loans] == [loan.id]
    lens.held = Held(boxes["00321"].label, "0031", "A001 市局")  # nothing of it is out: no number would end a loan
    assert return_box.receive(scene.room, scene.archivist).verdict.why == "code_and_print_differ"


def test_a_label_spoiled_beyond_reading_is_no_verdict(pulled):
    scene, lens, loan, boxes = pulled
    lens.held = Held(boxes["0031"].label, "0031", "A001 市局", spoiled=True)
    verdict = retrieve.check_label(scene.room, scene.archivist, loan.id)
    assert (verdict.ok, verdict.why, verdict.seen) == (False, "unreadable", "")


def test_a_whole_code_is_believed_where_its_number_is_covered(pulled):
    scene, lens, loan, boxes = pulled
    lens.held = Held(boxes["0031"].label, " ", " ")
    verdict = retrieve.check_label(scene.room, scene.archivist, loan.id)
    assert (verdict.ok, verdict.by) == (True, "code")


def test_a_box_with_a_torn_code_comes_back_by_its_number(pulled):
    scene, lens, loan, boxes = pulled
    lens.held = torn(boxes["0031"])
    assert retrieve.check_label(scene.room, scene.archivist, loan.id).ok
    retrieve.hand_over(scene.room, scene.archivist, loan.id)
    returned = return_box.receive(scene.room, scene.archivist)
    assert returned.verdict.by == "print" and [ended.id for ended in returned.loans] == [loan.id]
