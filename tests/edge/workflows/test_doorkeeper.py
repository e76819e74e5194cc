"""The storeroom door: who is let in, what every opening was, held and forced doors, fire and gas, and the register."""

from dataclasses import replace

import pytest

from edge.domain.door import Rules
from edge.domain.people import Person
from edge.errors import InputRefused, RuleRefused
from edge.store import door_log
from edge.workflows import doorkeeper, entry_register, watch_protections
from edge.workflows.doorkeeper import Doorkeeper

SECOND = Person("p-second", "周建国", "", ("technician",), True)


class AtTheDoor:
    def __init__(self, scene) -> None:
        self.scene, self.door, self.room = scene, scene.desk.door, scene.room
        self.reader = type(scene.desk)()
        self.start()

    def start(self) -> None:
        self.keeper = Doorkeeper(self.room, self.reader)

    def wait(self, seconds: float) -> None:
        for _ in range(max(1, int(seconds * 5))):
            self.scene.clock.advance(200)
            self.keeper.step()

    def open(self, *, handle: bool = False) -> None:
        self.door.handle = handle
        self.door.closed = False
        self.wait(0.6)

    def close(self) -> None:
        self.door.closed = True
        self.wait(0.6)

    def come_in(self, person) -> None:
        assert self.keeper.ask(person, "work") == "open"
        self.open()
        self.close()

    def alarms(self) -> dict[str, object]:
        return {alarm.rule: alarm for alarm in self.room.alarms.standing()}

    def inside(self) -> list[str]:
        return [line.name for line in entry_register.inside(self.room)]


@pytest.fixture
def at_door(scene):
    at = AtTheDoor(scene)
    at.wait(1)  # the door is seen closed
    return at


def test_staff_are_let_in_for_one_opening_and_it_is_written_who_and_when(at_door):
    at_door.come_in(at_door.scene.archivist)
    assert not at_door.door.released, "one release, one opening"
    assert at_door.scene.events("door.") == ["door.seen", "door.released", "door.opened", "door.closed"]
    (line,) = entry_register.lines(at_door.room, 10)
    assert (line.state, line.reason, line.came_ms is not None) == ("inside", "work", True)
    assert at_door.alarms() == {}


def test_a_door_that_nobody_opens_is_locked_again_and_nobody_counts_as_inside(at_door):
    at_door.keeper.ask(at_door.scene.archivist, "work")
    at_door.wait(7)
    assert at_door.scene.events("door.")[-1] == "door.unused"
    assert at_door.inside() == []
    at_door.open()
    assert "door_forced" in at_door.alarms(), "the release was over"


def test_a_door_opened_without_anybodys_leave_is_an_emergency_until_somebody_has_looked(at_door):
    at_door.open()
    at_door.close()
    alarm = at_door.alarms()["door_forced"]
    assert (alarm.severity, alarm.active, alarm.latched, alarm.acked) == ("emergency", False, True, False)
    watch_protections.sound(at_door.room)
    assert at_door.scene.desk.sounding
    watch_protections.acknowledge(at_door.room, at_door.scene.archivist, alarm.id)
    watch_protections.reset(at_door.room, at_door.scene.archivist, alarm.id)
    at_door.wait(2)
    assert at_door.alarms() == {}


def test_going_out_is_free_also_while_nobody_may_go_in_and_ends_the_entry_of_who_was_alone(at_door):
    at_door.come_in(at_door.scene.archivist)
    at_door.scene.block.open_inputs = {2: ("fire_ok",)}
    at_door.wait(1)
    at_door.open(handle=True)
    at_door.close()
    assert at_door.alarms() == {} and at_door.inside() == []
    (line,) = entry_register.lines(at_door.room, 10)
    assert (line.state, line.left_how) == ("left", "door")


def test_where_several_are_inside_somebody_says_who_went_out_and_the_doors_time_counts(at_door):
    at_door.come_in(at_door.scene.archivist)
    at_door.come_in(SECOND)
    at_door.open(handle=True)
    out_ms = at_door.room.clock.utc_ms()
    at_door.close()
    at_door.wait(60)
    assert len(at_door.inside()) == 2 and at_door.keeper.now().unnamed_ms is not None
    line = entry_register.inside(at_door.room)[0]
    doorkeeper.went_out(at_door.room, SECOND, line.id)
    gone = next(one for one in entry_register.lines(at_door.room, 10) if one.id == line.id)
    assert (gone.state, gone.left_how) == ("left", "said") and abs(gone.left_ms - out_ms) < 1_000
    with pytest.raises(RuleRefused, match="not_inside"):
        doorkeeper.went_out(at_door.room, SECOND, line.id)


def test_a_borrower_goes_in_with_staff_only(at_door):
    assert at_door.keeper.ask(at_door.scene.reader, "visit") == "escort"
    assert not at_door.door.released
    assert at_door.keeper.ask(at_door.scene.archivist, "visit") == "open"
    at_door.open()
    escorts = {line.name: line.escort for line in entry_register.inside(at_door.room)}
    assert escorts == {"p-reader": "p-archivist", "p-archivist": ""}


def test_what_was_asked_half_a_minute_ago_counts_no_more(at_door):
    at_door.keeper.ask(at_door.scene.reader, "visit")
    at_door.wait(31)
    at_door.keeper.ask(at_door.scene.archivist, "work")
    at_door.open()
    assert at_door.inside() == ["p-archivist"]


def test_where_the_site_asks_for_two_one_alone_stays_outside_however_often(at_door):
    chief = replace(at_door.scene.archivist, id="p-chief", roles=("security_admin",))
    doorkeeper.set_rules(at_door.room, chief, Rules(two_persons=True))
    for _ in range(2):
        assert at_door.keeper.ask(at_door.scene.archivist, "work") == "second"
    assert not at_door.door.released and at_door.keeper.now().waits == "second"
    assert at_door.keeper.ask(SECOND, "work") == "open"


def test_outside_the_hours_nobody_is_let_in_and_the_attempt_is_written(at_door):
    chief = replace(at_door.scene.archivist, id="p-chief", roles=("security_admin",))
    doorkeeper.set_rules(at_door.room, chief, Rules(days=()))
    with pytest.raises(RuleRefused, match="entry_hours"):
        at_door.keeper.ask(at_door.scene.archivist, "work")
    assert at_door.scene.events("door.")[-1] == "door.refused" and not at_door.door.released
    with pytest.raises(RuleRefused, match="not_allowed"):
        doorkeeper.set_rules(at_door.room, at_door.scene.archivist, Rules())
    with pytest.raises(InputRefused, match="door_hours_wrong"):
        Rules(from_minute=600, to_minute=600)


@pytest.mark.parametrize(("contact", "why"), [("fire_ok", "fire"), ("gas_ok", "gas")])
def test_after_fire_or_gas_nobody_goes_in_until_somebody_responsible_has_signed(at_door, contact, why):
    at_door.keeper.ask(at_door.scene.archivist, "work")
    at_door.scene.block.open_inputs = {2: (contact,)}
    at_door.wait(1)
    assert not at_door.door.released, "a release that ran is taken back"
    with pytest.raises(RuleRefused, match=f"entry_barred_{why}"):
        at_door.keeper.ask(at_door.scene.archivist, "work")
    with pytest.raises(RuleRefused, match="still_to_leave"):
        doorkeeper.clear(at_door.room, at_door.scene.archivist, "20.9 % O2")
    at_door.scene.block.open_inputs = {}
    at_door.start()  # also after a restart of the node
    at_door.wait(1)
    with pytest.raises(RuleRefused, match=f"entry_barred_{why}"):
        at_door.keeper.ask(at_door.scene.archivist, "work")
    with pytest.raises(RuleRefused, match="not_allowed"):
        doorkeeper.clear(at_door.room, SECOND, "20.9 % O2")
    with pytest.raises(InputRefused, match="finding_missing"):
        doorkeeper.clear(at_door.room, at_door.scene.archivist, " ")
    doorkeeper.clear(at_door.room, at_door.scene.archivist, "20.9 % O2")
    assert at_door.keeper.ask(at_door.scene.archivist, "work") == "open"


def test_a_door_held_open_is_said_then_an_alarm_and_said_again_to_who_lets_it_be(at_door):
    at_door.come_in(at_door.scene.archivist)
    at_door.open(handle=True)
    at_door.wait(29)
    assert at_door.alarms() == {}
    at_door.wait(3)
    assert [one.severity for one in at_door.alarms().values()] == ["advice"]
    at_door.wait(31)
    assert {one.severity for one in at_door.alarms().values()} == {"advice", "alarm"}
    for alarm in at_door.alarms().values():
        watch_protections.acknowledge(at_door.room, at_door.scene.archivist, alarm.id)
    at_door.wait(100)
    assert all(one.acked for one in at_door.alarms().values())
    at_door.wait(25)
    assert not any(one.acked for one in at_door.alarms().values()), "two minutes later it is said again"
    for alarm in at_door.alarms().values():
        watch_protections.acknowledge(at_door.room, at_door.scene.archivist, alarm.id)
    at_door.close()
    at_door.wait(3)
    assert at_door.alarms() == {}


def test_a_restart_finds_an_open_door_as_it_was_and_one_opened_meanwhile_forced(at_door):
    at_door.come_in(at_door.scene.archivist)
    at_door.open(handle=True)
    at_door.wait(20)
    at_door.start()
    at_door.wait(5)
    assert at_door.alarms() == {} and at_door.keeper.now().how == "exit"
    at_door.wait(10)
    assert "door_held" in at_door.alarms(), "the time before the restart counts"
    at_door.close()
    at_door.door.closed = False
    at_door.start()
    at_door.wait(1)
    assert at_door.alarms()["door_forced"].active


def test_who_was_let_in_by_a_node_that_is_gone_is_not_let_in(at_door):
    at_door.keeper.ask(at_door.scene.archivist, "work")
    at_door.start()
    at_door.open()
    assert at_door.inside() == [] and "door_forced" in at_door.alarms()


def test_a_card_at_the_door_opens_it_and_an_unknown_one_does_not(at_door, monkeypatch):
    at_door.reader.presented = [b"\x04\x01"]
    at_door.wait(0.2)
    assert at_door.reader.signals == [False] and not at_door.door.released
    people = type(at_door.room.people)
    monkeypatch.setattr(people, "by_card", lambda _self, _uid: at_door.scene.archivist)
    at_door.reader.presented = [b"\x04\x02"]
    at_door.wait(0.2)
    assert at_door.reader.signals == [False, True] and at_door.door.released


def test_a_visitor_is_entered_with_papers_and_escort_and_no_event_names_them(at_door):
    at_door.come_in(at_door.scene.archivist)
    who = {"name": "李四", "organisation": "审计事务所", "papers": "身份证 110101… 公安局", "approved_by": "王总"}
    doorkeeper.visitor(at_door.room, at_door.scene.archivist, who, "visit")
    line = next(one for one in entry_register.inside(at_door.room) if one.name == "李四")
    assert (line.escort, line.papers, line.approved_by) == ("p-archivist", who["papers"], "王总")
    bodies = [event.body.decode() for event in at_door.scene.room_events()]
    assert not [body for body in bodies if "李四" in body or "110101" in body]
    with pytest.raises(InputRefused, match="visitor_field"):
        doorkeeper.visitor(at_door.room, at_door.scene.archivist, {**who, "papers": ""}, "visit")
    with pytest.raises(RuleRefused, match="not_allowed"):
        doorkeeper.visitor(at_door.room, at_door.scene.reader, who, "visit")


def test_the_register_leaves_on_paper_and_as_a_sheet(at_door):
    at_door.come_in(at_door.scene.archivist)
    keeper_of_it = at_door.scene.archivist
    assert entry_register.on_paper(at_door.room, keeper_of_it, "zh-Hans").startswith(b"%PDF")
    sheet = entry_register.as_sheet(at_door.room, keeper_of_it, "en").decode("utf-8-sig")
    assert sheet.splitlines()[1].count("inside") == 1
    assert at_door.scene.events()[-2:] == ["print.made", "export.made"]
    with pytest.raises(RuleRefused, match="not_allowed"):
        entry_register.on_paper(at_door.room, SECOND, "en")


def test_the_rules_of_entry_survive_in_the_store(at_door):
    chief = replace(at_door.scene.archivist, id="p-chief", roles=("security_admin",))
    doorkeeper.set_rules(at_door.room, chief, Rules(True, 480, 1080, (0, 1, 2, 3, 4)))
    assert door_log.rules(at_door.room.database) == Rules(True, 480, 1080, (0, 1, 2, 3, 4))
