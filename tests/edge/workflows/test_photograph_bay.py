"""A bay counted from pictures: only of an open aisle, and what they do not show is left to the scanner."""

import json
from dataclasses import replace

import pytest

from edge.devices.hand_cranked import HandCranked
from edge.domain.bays import Unplaced
from edge.errors import DeviceFault, RuleRefused
from edge.workflows import count_bay, hand_crank, photograph_bay, stocktake, watch_protections
from edge.workflows.aisle_watch import LASTS_MS

BAY = "B1-A-04-R-01"  # aisle 4, at the wall, stands open; box 6 belongs in its first slot
SLOTS = [f"{BAY}-{level}-{position:02d}" for level in (1, 2) for position in (1, 2, 3)]


@pytest.fixture
def walked(scene):
    """The trolley stands in aisle 4, whose bay is being counted."""
    scene.room = replace(scene.room, mast_cameras=("top", "middle", "bottom"))
    scene.block.occupied[4] = "opened"
    scene.follower.step()
    scene.clock.advance(LASTS_MS + 1000)
    scene.follower.step()
    begun = stocktake.begin(scene.room, scene.archivist, "rolling", BAY)
    count_bay.begin_bay(scene.room, scene.archivist, begun.id, BAY)
    scene.clock.advance(5000)
    return scene, begun.id


def sight(slot, state, *codes):
    return {"slot": slot, "state": state, "codes": list(codes), "lines": [], "between": ""}


def test_a_shot_of_every_lens_is_kept_read_and_what_is_not_certain_waits_for_a_person(walked):
    scene, stocktake_id = walked
    shot = lambda: photograph_bay.photograph(scene.room, scene.archivist, stocktake_id, BAY).progress  # noqa: E731
    first, second = shot(), shot()
    assert [(now.shots, now.stops, now.stops_needed) for now in (first, second)] == [(3, 1, 2), (6, 2, 2)]
    count_bay.looked(scene.room, scene.archivist, stocktake_id, BAY, SLOTS[5], "empty")
    scene.counter.bay = [
        sight(SLOTS[0], "box", scene.box(5).label),
        sight(SLOTS[1], "unclear"),
        *(sight(slot, "empty") for slot in SLOTS[2:4]),
        sight(SLOTS[4], "unseen"),
        sight(SLOTS[5], "box", "LIB1"),
    ]
    read = photograph_bay.read(scene.room, scene.archivist, stocktake_id, BAY)
    now = read.progress
    assert (read.refused, read.missed) == ((), (SLOTS[4],))
    assert [now.seen.get(slot, "") for slot in SLOTS] == ["box", "unread", "empty", "empty", "", "empty"]
    assert len(scene.counter.read[1]) == 6 and scene.room.looks.read(now.picture)
    with pytest.raises(RuleRefused) as refused:
        count_bay.finish_bay(scene.room, scene.archivist, stocktake_id, BAY)
    assert refused.value.params["count"] == 2
    for slot, what in ((SLOTS[1], "unread"), (SLOTS[4], "empty")):
        now = count_bay.looked(scene.room, scene.archivist, stocktake_id, BAY, slot, what)
    assert now.seen[SLOTS[1]] == "no_label", "a person looked: it waits for nobody"
    found = count_bay.finish_bay(scene.room, scene.archivist, stocktake_id, BAY)
    assert [(one.kind, one.slot) for one in found] == [("unread", SLOTS[1])]


def test_a_picture_that_shows_nothing_of_the_bay_is_put_aside_with_its_reason_and_another_takes_its_place(walked):
    scene, stocktake_id = walked
    shot = lambda: photograph_bay.photograph(scene.room, scene.archivist, stocktake_id, BAY).progress  # noqa: E731
    shot()
    scene.clock.advance(10)
    shot()
    elsewhere = tuple(scene.room.catalogue.slot_label(f"B1-A-02-R-01-1-0{no}") for no in (1, 2))
    scene.counter.unplaced_read = [Unplaced(3, elsewhere, True), Unplaced(4, ("SR1:S0",), True), Unplaced(5)]
    scene.counter.bay = [sight(slot, "empty") for slot in SLOTS]
    read = photograph_bay.read(scene.room, scene.archivist, stocktake_id, BAY)
    assert [(one.why, one.bay, one.count) for one in read.refused] == [
        ("other_bay", "B1-A-02-R-01", 1),
        ("blurred", "", 1),
        ("no_labels", "", 1),
    ]
    assert (read.progress.shots, read.progress.stops) == (3, 1), "the second stop is to be taken again"
    told = json.loads(scene.room_events("stocktake.shots_refused")[0].body)["refused"]
    assert [one["why"] for one in told] == ["other_bay", "blurred", "no_labels"]
    assert all(scene.room.looks.read(one["look"]) for one in told), "kept beside what was wrong with it"
    shot()
    scene.counter.unplaced_read = []
    again = photograph_bay.read(scene.room, scene.archivist, stocktake_id, BAY)
    assert (len(scene.counter.read[1]), again.refused, again.progress.stops) == (6, (), 2)


def test_a_shot_that_shows_nothing_of_the_bay_is_told_while_the_trolley_still_stands_there(walked):
    scene, stocktake_id = walked
    scene.counter.unplaced_shot = [Unplaced(1, (), True)]
    shot = photograph_bay.photograph(scene.room, scene.archivist, stocktake_id, BAY)
    assert [(one.why, one.count) for one in shot.refused] == [("blurred", 1)]
    assert (shot.progress.shots, shot.progress.stops) == (2, 0), "this stop is to be taken again"
    (told,) = json.loads(scene.room_events("stocktake.shots_refused")[0].body)["refused"]
    assert told["why"] == "blurred" and scene.room.looks.read(told["look"])
    again = [photograph_bay.photograph(scene.room, scene.archivist, stocktake_id, BAY) for _ in range(2)]
    assert [one.progress.stops for one in again] == [0, 0], "what the other lenses saw three times is no stop"
    scene.counter.unplaced_shot = []
    assert photograph_bay.photograph(scene.room, scene.archivist, stocktake_id, BAY).progress.stops == 1


def test_where_no_picture_shows_the_bay_nothing_is_noted_of_it(walked):
    scene, stocktake_id = walked
    photograph_bay.photograph(scene.room, scene.archivist, stocktake_id, BAY)
    scene.counter.unplaced_read = [Unplaced(number, (), True) for number in range(3)]
    scene.counter.bay = [sight(slot, "unseen") for slot in SLOTS]
    read = photograph_bay.read(scene.room, scene.archivist, stocktake_id, BAY)
    assert (read.progress.shots, read.progress.picture, read.progress.seen, read.missed) == (0, "", {}, ())
    assert [(one.why, one.count) for one in read.refused] == [("blurred", 3)]
    assert not scene.room_events("stocktake.seen")


def test_a_frame_from_before_the_aisle_stood_open_does_not_count(walked):
    scene, stocktake_id = walked
    scene.counter.age_ms = 3_600_000
    with pytest.raises(DeviceFault, match="frame_before_opening"):
        photograph_bay.photograph(scene.room, scene.archivist, stocktake_id, BAY)


def test_pictures_of_another_camera_count_where_they_are_younger_than_the_open_aisle(walked):
    scene, stocktake_id = walked
    now_ms = scene.room.clock.utc_ms()
    bring = lambda taken_ms: photograph_bay.bring(  # noqa: E731
        scene.room, scene.archivist, stocktake_id, BAY, [("IMG_1.jpg", b"\xff\xd8 by hand \xff\xd9", taken_ms)]
    )
    with pytest.raises(DeviceFault, match="frame_before_opening"):
        bring(now_ms - 3_600_000)
    assert bring(now_ms - 1000).shots == 1
    scene.counter.bay = [sight(SLOTS[0], "box", scene.box(5).label)]
    assert photograph_bay.read(scene.room, scene.archivist, stocktake_id, BAY).progress.seen == {SLOTS[0]: "box"}


def test_nothing_is_photographed_in_a_closed_aisle_or_without_a_mast(walked):
    scene, stocktake_id = walked
    closed = "B1-A-02-R-01"
    begun = stocktake.begin(scene.room, scene.archivist, "rolling", closed)
    count_bay.begin_bay(scene.room, scene.archivist, begun.id, closed)
    with pytest.raises(RuleRefused, match="aisle_not_open"):
        photograph_bay.photograph(scene.room, scene.archivist, begun.id, closed)
    with pytest.raises(RuleRefused, match="nothing_photographed"):
        photograph_bay.read(scene.room, scene.archivist, stocktake_id, BAY)
    with pytest.raises(DeviceFault, match="no_mast_camera"):
        photograph_bay.photograph(replace(scene.room, mast_cameras=()), scene.archivist, stocktake_id, BAY)


@pytest.mark.parametrize("drive", ["motor", "crank"])
def test_an_aisle_that_stands_open_and_clear_is_photographed_from_its_opening_on(scene, drive):
    scene.room = replace(scene.room, mast_cameras=("top",))
    if drive == "motor":  # fetched, lent, walked and reset; the aisle is left open
        scene.lend(box_id=scene.boxes[0])
        scene.follower.step()
        bay = "B1-A-01-R-01"
    else:
        layout = replace(scene.room.layout, drive="crank")
        cranked = HandCranked(layout, None, scene.block)
        scene.room, bay = replace(scene.room, layout=layout, carriages=cranked, cranked=cranked), BAY
        hand_crank.opened(scene.room, scene.archivist, 4)
    assert not scene.room.aisles.occupied("B1-A")
    begun = stocktake.begin(scene.room, scene.archivist, "rolling", bay)
    assert stocktake.due(scene.room)[0].open_now
    count_bay.begin_bay(scene.room, scene.archivist, begun.id, bay)
    scene.clock.advance(5000)
    assert photograph_bay.photograph(scene.room, scene.archivist, begun.id, bay).progress.stops == 1
    scene.counter.age_ms = 6000
    with pytest.raises(DeviceFault, match="frame_before_opening"):
        photograph_bay.photograph(scene.room, scene.archivist, begun.id, bay)


def test_a_frozen_camera_is_an_alarm_within_ten_seconds_and_the_block_can_be_chosen_all_the_same(scene):
    watch = watch_protections.Watch(scene.room)
    for _ in range(10):
        scene.clock.advance(1000)
        scene.counter.frame_ages = {"counter": scene.counter.frame_ages.get("counter", 0) + 1000}
        watch.step()
    (alarm,) = [one for one in scene.room.alarms.standing() if one.rule == "camera_frozen"]
    assert (alarm.place, alarm.active, scene.desk.sounding) == ("counter", True, True)
    scene.counter.silent = True
    from edge.workflows import retrieve

    loan = retrieve.ask_for(scene.room, scene.archivist, box_id=scene.boxes[2])
    retrieve.choose(scene.room, scene.archivist, loan.id)
    assert scene.block.move.phase == "armed"
    scene.counter.frame_ages = {"counter": 400}
    for _ in range(4):
        scene.clock.advance(1000)
        watch.step()
    assert not [one for one in scene.room.alarms.standing() if one.active and one.rule == "camera_frozen"]


def test_a_camera_that_hangs_before_the_bay_takes_it_in_one_shot_and_the_trolley_takes_the_others(walked):
    scene, stocktake_id = walked
    scene.room = replace(scene.room, fixed_cameras={BAY: ("entrance",)})
    now = photograph_bay.photograph(scene.room, scene.archivist, stocktake_id, BAY).progress
    assert (now.shots, now.stops, now.stops_needed) == (1, 1, 1)
    assert count_bay.cameras_before(scene.room, "B1-A-05-L-01") == ("top", "middle", "bottom")
    scene.counter.age_ms = 3_600_000
    with pytest.raises(DeviceFault, match="frame_before_opening"):
        photograph_bay.photograph(scene.room, scene.archivist, stocktake_id, BAY)


def test_an_aisle_that_the_node_did_not_open_is_photographed_from_when_its_boards_said_so(walked):
    scene, stocktake_id = walked
    scene.block.occupied.clear()  # walked and reset; no move of it is in this node's books
    scene.follower.step()
    scene.clock.advance(LASTS_MS + 1000)
    scene.follower.step()
    assert not scene.room.aisles.occupied("B1-A") and not scene.room.moves.recent("B1-A", 1)
    assert photograph_bay.photograph(scene.room, scene.archivist, stocktake_id, BAY).progress.stops == 1
    scene.counter.age_ms = 3_600_000
    with pytest.raises(DeviceFault, match="frame_before_opening"):
        photograph_bay.photograph(scene.room, scene.archivist, stocktake_id, BAY)


def test_where_nobody_saw_the_aisle_open_frames_count_from_when_the_bay_was_begun(scene):
    scene.room = replace(scene.room, mast_cameras=("top",))
    begun = stocktake.begin(scene.room, scene.archivist, "rolling", BAY)
    count_bay.begin_bay(scene.room, scene.archivist, begun.id, BAY)
    scene.clock.advance(5000)
    assert photograph_bay.photograph(scene.room, scene.archivist, begun.id, BAY).progress.shots == 1
    scene.counter.age_ms = 6000
    with pytest.raises(DeviceFault, match="frame_before_opening"):
        photograph_bay.photograph(scene.room, scene.archivist, begun.id, BAY)
