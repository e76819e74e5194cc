"""The monthly test of the door: each part counts as in order only when the node saw it act in this very round."""

import pytest

from edge.domain.patrol import DOOR_TESTS, LATE
from edge.domain.people import Person
from edge.errors import RuleRefused
from edge.store import patrol_site, patrols
from edge.workflows import patrol, patrol_list
from edge.workflows.doorkeeper import Doorkeeper
from edge.workflows.patrol_watch import PatrolWatch

CHIEF = Person("p-chief", "何平", "", ("system_admin",), True)
DAY_MS = 86_400_000


class Tester:
    """Whoever walks the door's part of the monthly round."""

    def __init__(self, scene) -> None:
        self.scene, self.room, self.door = scene, scene.room, scene.desk.door
        self.keeper = Doorkeeper(self.room, type(scene.desk)())
        PatrolWatch(self.room).step()
        self.wait()

    def wait(self) -> None:
        for _ in range(4):
            self.scene.clock.advance(200)
            self.keeper.step()

    def begin(self) -> None:
        self.round = patrol.begin(self.room, self.scene.archivist, "monthly")

    def opens(self, *, closed: bool = False, handle: bool = False) -> None:
        self.door.closed, self.door.handle = closed, handle
        self.wait()

    def comes_in(self) -> None:
        assert self.keeper.ask(self.scene.archivist, "patrol") == "open"
        self.opens()
        self.opens(closed=True)

    def goes_out(self) -> None:
        self.opens(handle=True)
        self.opens(closed=True)

    def says(self, what: str) -> None:
        point = next(one for one in patrols.answers(self.room.database, self.round) if one.point.what == what)
        patrol.in_order(self.room, self.scene.archivist, self.round, point.point.id)

    def seen(self) -> dict[str, str]:
        sheet = patrol.sheet(self.room, self.scene.archivist, self.round)
        return {one.what: one.seen for one in sheet.points if one.seen}


@pytest.fixture
def tester(scene):
    return Tester(scene)


def test_a_watched_door_is_on_the_monthly_round_and_only_there(tester):
    points = [one for one in patrol_site.points(tester.room.database) if one.what in DOOR_TESTS]
    assert [(one.what, one.rounds) for one in points] == [(what, ("monthly",)) for what in DOOR_TESTS]


def test_each_part_of_the_door_is_in_order_once_the_node_saw_it_act(tester):
    tester.begin()
    assert tester.seen() == dict.fromkeys(DOOR_TESTS, "waits")
    for what in DOOR_TESTS:
        with pytest.raises(RuleRefused, match=f"{what}_unseen"):
            tester.says(what)
    tester.comes_in()
    assert tester.seen() == {"door_contact": "seen", "door_lock": "seen", "door_exit": "waits"}
    with pytest.raises(RuleRefused, match="door_exit_unseen"):
        tester.says("door_exit")
    tester.goes_out()
    for what in DOOR_TESTS:
        tester.says(what)


def test_a_door_that_stands_open_has_not_shown_its_contact(tester):
    tester.begin()
    tester.opens(handle=True)
    with pytest.raises(RuleRefused, match="door_contact_unseen"):
        tester.says("door_contact")
    tester.says("door_exit")


def test_what_the_door_did_before_the_round_proves_nothing(tester):
    tester.comes_in()
    tester.goes_out()
    tester.scene.clock.advance(1000)
    tester.begin()
    assert set(tester.seen().values()) == {"waits"}


def test_a_site_that_took_the_test_off_its_list_is_not_given_it_again(tester):
    kept = [one for one in patrol_site.points(tester.room.database) if one.what not in DOOR_TESTS]
    patrol_list.set_points(tester.room, CHIEF, kept)
    PatrolWatch(tester.room).step()
    assert not [one for one in patrol_site.points(tester.room.database) if one.what in DOOR_TESTS]


def test_a_month_without_the_test_is_an_alarm(tester):
    tester.scene.clock.advance(70 * DAY_MS)
    watch = PatrolWatch(tester.room)
    watch.step()
    tester.scene.clock.advance(1000)
    watch.step()
    assert (LATE.rule, "monthly") in {(one.rule, one.place) for one in tester.room.alarms.standing()}
