from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge.domain.placing import Hands, Put
from edge.domain.placing import read as read_one
from edge.domain.shelf_room import Balance, BoxSize, ShelfLimits, ShelfRoom
from edge.errors import InputRefused, RuleRefused
from edge.store import box_places, stocktakes
from edge.words import say
from edge.workflows import describe, placing
from tests.edge.workflows.archive_desk import FONDS, LAYOUT, sit_down

SHELF = "B1-A-01-R-01-1"


@pytest.fixture
def desk(database):
    desk = sit_down(database)
    database.write(lambda change: box_places.make_slots(change, LAYOUT, "p-1"))
    return desk


def box(desk, no, thickness_mm=50):
    return describe.new_box(desk.archive, desk.one, "Z109", str(no), thickness_mm)


def told(error):
    return say("en", f"error.{error.code}", **error.params)


def read(desk, *texts, hands=None):
    return placing.read(desk.archive, desk.one, list(texts), hands or Hands())


def test_a_box_and_then_its_slot(desk):
    one = box(desk, 1)
    done = read(desk, one.label, f"{SHELF}-03")
    assert [(found.box_no, slot) for found, slot in done.put] == [("1", f"{SHELF}-03")]
    assert done.hands == Hands() and desk.archive.catalogue.box(one.id).slot == f"{SHELF}-03"


def test_a_slot_and_then_many_boxes_go_along_the_shelf(desk):
    boxes = [box(desk, no) for no in range(1, 4)]
    label = desk.archive.catalogue.slot_label(f"{SHELF}-16")
    done = read(desk, label, *(one.label for one in boxes))
    assert [slot[-2:] for _box, slot in done.put] == ["16", "17", "18"]
    assert done.hands == Hands()  # the shelf has ended


def test_nothing_is_put_into_a_bay_that_is_being_counted_or_taken_from_it(desk):
    one, bay = box(desk, 1), SHELF.rpartition("-")[0]
    read(desk, one.label, f"{SHELF}-03")

    def count(change):
        stocktakes.set_bay(change, stocktakes.begin(change, "rolling", "p-1", [bay]), bay, "counting", "p-1")

    desk.archive.database.write(count)
    for label, slot in ((box(desk, 2).label, f"{SHELF}-01"), (one.label, "B1-A-02-L-01-1-01")):
        with pytest.raises(RuleRefused, match="bay_frozen"):
            read(desk, label, slot)


def test_what_was_read_waits_for_its_other_half_and_a_second_thought_counts(desk):
    one, other = box(desk, 1), box(desk, 2)
    waiting = read(desk, one.label).hands
    assert waiting == Hands(box=one.id)
    done = read(desk, other.label, f"{SHELF}-01", hands=waiting)
    assert [found.box_no for found, _slot in done.put] == ["2"]


def test_rule_15_a_shelf_is_never_filled_beyond_its_width_load_or_height(desk, database):
    room = {one.code: one for one in desk.archive.shelves.room()}[SHELF]
    assert (room.width_mm, room.load_g, room.height_mm, room.places) == (900, 40_000, 330, 18)
    read(desk, f"{SHELF}-01", *(box(desk, no, 200).label for no in range(1, 5)))
    with pytest.raises(RuleRefused) as error:
        read(desk, box(desk, 9, 110).label, f"{SHELF}-05")
    assert error.value.code == "shelf_too_narrow"
    assert told(error.value) == f"Shelf {SHELF} has 100 mm left, and this box is 110 mm thick"
    heavy = box(desk, 10, 50)
    placing.set_measures(desk.archive, desk.one, heavy.id, "archive", 39_000)
    with pytest.raises(RuleRefused) as error:
        read(desk, heavy.label, f"{SHELF}-05")
    assert error.value.code == "shelf_overloaded"
    assert "and this box weighs 39.0 kg" in told(error.value)
    database.write(lambda change: change.db.execute("UPDATE shelf SET height_mm = 280"), telemetry=True)
    low = box(desk, 11)
    with pytest.raises(RuleRefused) as error:
        read(desk, low.label, f"{SHELF}-05")
    assert error.value.code == "shelf_too_low"
    assert "280 mm high, too low for this box of" in told(error.value)
    placing.set_measures(desk.archive, desk.one, low.id, "voucher", None)
    assert read(desk, low.label, f"{SHELF}-05").put


def test_the_home_of_a_box_that_is_out_stays_reserved_and_counts_as_full(desk, database):
    one, other = box(desk, 1), box(desk, 2)
    read(desk, one.label, f"{SHELF}-01")
    database.write(lambda change: box_places.take_box(change, one.id, "p-1", "test"))
    with pytest.raises(RuleRefused) as error:
        read(desk, other.label, f"{SHELF}-01")
    assert error.value.code == "slot_taken"
    assert {room.code: room for room in desk.archive.shelves.room()}[SHELF].used_mm == 50
    with pytest.raises(RuleRefused) as error:
        read(desk, one.label, f"{SHELF}-07")
    assert error.value.code == "box_comes_back_otherwise"


def test_suggestions_stand_behind_the_last_box_of_the_fonds_and_have_room(desk):
    one, new = box(desk, 1), box(desk, 2, 60)
    read(desk, one.label, f"{SHELF}-07")
    assert desk.archive.shelves.suggestions(new.id) == [f"{SHELF}-08", f"{SHELF}-09", f"{SHELF}-10"]


def test_the_history_names_every_move_and_the_last_one_is_undone(desk):
    one = box(desk, 1)
    with pytest.raises(RuleRefused) as error:
        placing.put_back(desk.archive, desk.one, one.id)
    assert error.value.code == "nowhere_before"
    read(desk, one.label, f"{SHELF}-01", one.label, f"{SHELF}-02")
    assert placing.put_back(desk.archive, desk.one, one.id).slot == f"{SHELF}-01"
    history = [(line.before[-2:], line.slot[-2:], line.why) for line in desk.archive.shelves.history(one.id)]
    assert history == [("02", "01", "put_back"), ("01", "02", "shelved"), ("", "01", "shelved")]


def test_a_first_placing_is_undone_the_place_is_free_again_and_its_contents_are_on_no_shelf(desk):
    one, other = box(desk, 1), box(desk, 2)
    lies = desk.item(desk.series(), box=one.id)
    read(desk, one.label, f"{SHELF}-01")
    assert desk.archive.shelves.earlier_home(one.id) == ""
    undone = placing.put_back(desk.archive, desk.one, one.id)
    assert (undone.slot, undone.home_slot, undone.state) == (None, None, "registered")
    assert desk.archive.catalogue.item(lies.id).state == "registered"
    assert [(line.before[-2:], line.slot) for line in desk.archive.shelves.history(one.id, limit=1)] == [("01", "")]
    assert placing.put_back(desk.archive, desk.one, one.id).slot == f"{SHELF}-01"  # and back again
    placing.put_back(desk.archive, desk.one, one.id)
    assert read(desk, other.label, f"{SHELF}-01").put
    with pytest.raises(RuleRefused, match="slot_taken"):
        placing.put_back(desk.archive, desk.one, one.id)


def test_a_box_that_was_out_and_came_home_is_put_back_to_where_it_belonged_before(desk, database):
    one = box(desk, 1)
    read(desk, one.label, f"{SHELF}-01", one.label, f"{SHELF}-02")
    database.write(lambda change: box_places.take_box(change, one.id, "p-1", "lent"))
    with pytest.raises(RuleRefused, match="box_comes_back_otherwise"):
        placing.put_back(desk.archive, desk.one, one.id)
    database.write(lambda change: box_places.place_box(change, one.id, f"{SHELF}-02", "p-1", "returned"))
    assert placing.put_back(desk.archive, desk.one, one.id).slot == f"{SHELF}-01"


def test_rule_15_a_shelf_is_written_down_as_weaker_or_narrower_but_never_as_stronger_than_built(desk):
    read(desk, f"{SHELF}-01", *(box(desk, no, 200).label for no in range(1, 4)))  # 8.2 kg each
    (now,) = placing.set_shelf_limits(desk.archive, desk.one, SHELF, ShelfLimits(width_mm=870, load_kg=20))
    assert (now.width_mm, now.height_mm, now.free_mm, now.free_g) == (870, 330, 270, -4_600)
    with pytest.raises(RuleRefused, match="shelf_overloaded"):
        read(desk, box(desk, 9).label, f"{SHELF}-05")
    whole = placing.set_shelf_limits(desk.archive, desk.one, SHELF.rpartition("-")[0], ShelfLimits(height_mm=280))
    assert [room.height_mm for room in whole] == [280, 280] and whole[1].load_g == 40_000
    for limits, code in (
        (ShelfLimits(load_kg=41), "shelf_load_above_built"),
        (ShelfLimits(width_mm=20), "shelf_limit_unfit"),
        (ShelfLimits(), "shelf_unknown"),
    ):
        with pytest.raises((InputRefused, RuleRefused), match=code):
            placing.set_shelf_limits(desk.archive, desk.one, SHELF, limits)
    with pytest.raises(InputRefused, match="shelf_unknown"):
        placing.set_shelf_limits(desk.archive, desk.one, SHELF[:-3], ShelfLimits(load_kg=10))  # no whole code
    with pytest.raises(RuleRefused, match="not_allowed"):
        placing.set_shelf_limits(desk.archive, desk.reader, SHELF, ShelfLimits(load_kg=10))


def test_a_number_that_boxes_of_two_fonds_have_is_asked_about_and_the_fonds_tells_which(desk):
    box(desk, 12)
    describe.fonds(desk.archive, desk.one, "Z200", FONDS)
    other = describe.new_box(desk.archive, desk.one, "Z200", "12", 50)
    with pytest.raises(InputRefused) as error:
        read(desk, "12")
    assert error.value.code == "box_in_several_fonds" and error.value.params["fonds"] == "Z109, Z200"
    assert read(desk, "Z200/012").hands == Hands(box=other.id)


def test_a_slot_that_the_block_does_not_have_is_refused_as_it_is_read_and_the_box_still_waits(desk):
    one = box(desk, 1)
    with pytest.raises(InputRefused) as error:
        read(desk, f"{SHELF}-99")
    assert error.value.code == "slot_unknown" and error.value.params["slot"] == f"{SHELF}-99"
    done = placing.read_on(desk.archive, desk.one, [one.label, f"{SHELF}-99", f"{SHELF}-03"], Hands())
    assert (done.put, done.hands, done.left) == ((), Hands(box=one.id), 1)


def test_what_is_neither_box_nor_slot_is_refused(desk):
    with pytest.raises(InputRefused) as error:
        read(desk, "nothing")
    assert error.value.code == "box_unknown"


def test_boxes_without_a_place_are_spread_only_where_they_have_room(desk, database):
    for no in range(1, 76):
        box(desk, no, 120)
    placed = database.write(lambda change: box_places.place_unplaced(change, LAYOUT, "p-1"))
    assert placed == 70  # seven of 120 mm a shelf, ten shelves
    assert all(room.free_mm >= 0 and room.free_g >= 0 for room in desk.archive.shelves.room())


ACTS = st.lists(
    st.tuples(st.integers(0, 7), st.integers(1, 18), st.integers(1, 2), st.booleans()), min_size=1, max_size=20
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(5, 200), min_size=8, max_size=8), ACTS)
def test_no_order_of_putting_and_undoing_overfills_a_shelf_or_doubles_a_slot(desk, database, widths, acts):
    prefix = f"H{database.clock.monotonic_ms()}"
    database.clock.advance(1)
    boxes = [box(desk, f"{prefix}-{no}", width) for no, width in enumerate(widths)]
    for which, position, level, undo in acts:
        try:
            if undo:
                placing.put_back(desk.archive, desk.one, boxes[which].id)
            else:
                read(desk, boxes[which].id, f"B1-A-01-R-01-{level}-{position:02d}")
        except RuleRefused as error:
            assert error.code.startswith(("shelf_", "slot_taken", "nowhere_before"))
    for room in desk.archive.shelves.room():
        assert room.used_mm <= room.width_mm and room.used_g <= room.load_g and room.boxes <= room.places
    for one in boxes:
        database.write(
            lambda change, one=one: change.db.execute(
                "UPDATE box SET home_slot = NULL, slot = NULL, state = 'registered' WHERE id = ?", (one.id,)
            ),
            telemetry=True,
        )


@given(st.lists(st.tuples(st.sampled_from(["box", "slot"]), st.sampled_from("abc")), max_size=12))
def test_each_reading_is_used_once(readings):
    hands, puts = Hands(), 0
    for kind, what in readings:
        before = hands
        hands, put = read_one(hands, kind, what)
        assert not (hands.box and hands.slot)
        if put is not None:
            puts += 1
            assert hands == Hands() and {put.box, put.slot} >= {before.box or before.slot}
            assert isinstance(put, Put) and what in (put.box, put.slot)
    assert puts <= len(readings) // 2


@given(st.integers(0, 900), st.integers(0, 40_000), st.integers(5, 200), st.integers(1, 40_000))
def test_room_is_had_only_where_the_box_fits_afterwards(used_mm, used_g, thickness_mm, weight_g):
    room = ShelfRoom("s", 900, 330, 40_000, 18, 3, used_mm, used_g)
    size = BoxSize(thickness_mm, 310, weight_g)
    after = room.with_box(size)
    assert (not room.why_not(size)) == (after.free_mm >= 0 and after.free_g >= 0)


def test_rule_15_one_sided_load_blocks_putting_away_and_the_other_face_is_offered(database):
    desk = sit_down(database)
    leaning = replace(LAYOUT, one_sided_kg=20)
    database.write(lambda change: box_places.make_slots(change, leaning, "p-1"))
    column = next(column.no for column in LAYOUT.columns if not column.fixed)
    left, right = (f"{LAYOUT.area}-{column:02d}-{face}-01-1" for face in "LR")
    boxes = [box(desk, no, 200) for no in range(1, 6)]  # 8.2 kg each
    read(desk, f"{left}-01", boxes[0].label, boxes[1].label)
    with pytest.raises(RuleRefused, match="shelf_one_sided"):
        placing.put(desk.archive, desk.one, boxes[2].label, f"{left}-03")
    assert not any(code.startswith(left) for code in desk.archive.shelves.suggestions(boxes[2].id, limit=50))
    placing.put(desk.archive, desk.one, boxes[2].label, f"{right}-01")
    placing.put(desk.archive, desk.one, boxes[3].label, f"{left}-03")


def test_rule_15_what_makes_a_carriage_straighter_is_never_too_much():
    leaning = Balance(most_g=1_000, left_g=9_000, right_g=0)
    assert leaning.leans("L", 1) and not leaning.leans("R", 8_000)
    assert leaning.with_more("R", 9_500).leans("R", 600)
