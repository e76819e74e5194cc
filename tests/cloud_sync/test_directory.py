"""People enrolled at the centre: given by two, taken by the room once, also after it was away; nothing reserved."""

from types import SimpleNamespace

import pytest

from cloud_sync.broker import SupervisedBroker
from edge.domain.people import FROM_CENTRE
from edge.errors import InputRefused, RuleRefused
from edge.store.people import People
from edge.store.trace import Trace
from edge.workflows import people_from_centre

PIN = "482915"
UID = b"\x04\xa1\xb2\xc3"


@pytest.fixture
def staffed(room):
    """A room with its security administrator; directories are taken as in the product."""
    people = People(room.database, bytes(32))
    here = SimpleNamespace(people=people, database=room.database, node_id="room-1")
    room.take_directory = lambda directory: people_from_centre.take(here, directory.model_dump())
    admin = room.database.write(lambda change: people.add_first_administrator(change, "安全员", PIN))
    return SimpleNamespace(room=room, people=people, admin=admin, here=here)


def enrol(centre, *roles, name="李娜", confirm="wang"):
    wish = centre.directory.wish("", name, roles, (), "zhao")
    if confirm:
        centre.directory.decide(wish, confirm, True)
    return wish


def became(centre):
    return [(one["became"], one["code"]) for one in centre.directory.all()["rooms"]]


def in_room(staffed, name="李娜"):
    return [(one.roles, one.active) for one in staffed.people.all() if one.name == name]


def test_whoever_asks_for_roles_never_confirms_them(centre, staffed):
    wish = enrol(centre, "reader", confirm="")
    with pytest.raises(RuleRefused, match="own_wish"):
        centre.directory.decide(wish, "zhao", True)
    assert centre.directory.all()["people"] == [] and became(centre) == []
    centre.directory.decide(wish, "wang", True)
    with pytest.raises(RuleRefused, match="wish_not_waiting"):
        centre.directory.decide(wish, "wang", True)
    assert [one["name"] for one in centre.directory.all()["people"]] == ["李娜"]


@pytest.mark.parametrize("role", ["security_admin", "cleared_secret"])
def test_no_administrator_and_no_clearance_is_made_from_afar(centre, staffed, role):
    with pytest.raises(RuleRefused, match="role_not_from_centre"):
        enrol(centre, "reader", role)
    forged = {"site": "s", "node": "room-1", "version": 5, "cards": [], "people": [{"id": "x", "name": "x"}]}
    forged["people"][0]["roles"] = [role]
    assert not people_from_centre.take(staffed.here, forged) and not people_from_centre.take(staffed.here, forged)
    [refused] = Trace(staffed.room.database).recent(9, action_prefix="directory.")
    assert refused.action == "directory.refused" and b"role_not_from_centre" in refused.body
    assert in_room(staffed, "x") == [] and role not in FROM_CENTRE


def test_a_room_takes_no_other_rooms_directory_and_gives_away_none_of_its_own_people(staffed):
    theirs = {"site": "s", "node": "room-2", "version": 5, "cards": [], "people": []}
    assert not people_from_centre.take(staffed.here, theirs)
    own = {"id": staffed.admin.id, "name": "别人", "roles": [], "active": False}
    assert not people_from_centre.take(staffed.here, {**theirs, "node": "room-1", "people": [own]})
    codes = [
        b"person_of_the_room" in one.body for one in Trace(staffed.room.database).recent(2, action_prefix="directory.")
    ]
    assert codes == [True, False] and staffed.people.get(staffed.admin.id) == staffed.admin


def test_a_room_that_was_away_takes_it_once_when_it_comes_back_and_a_taken_role_signs_out(centre, staffed, wait):
    enrol(centre, "reader", "archivist")
    assert became(centre) == [("sent", "")] and in_room(staffed) == []
    staffed.room.start()
    wait(lambda: became(centre) == [("done", "")])
    assert in_room(staffed) == [(("archivist", "reader"), True)]
    [person] = centre.directory.all()["people"]
    with pytest.raises(RuleRefused, match="pin_wrong"):  # no PIN came with it
        staffed.people.by_pin(person["id"], "")
    staffed.room.database.write(lambda c: staffed.people.set_pin(c, person["id"], "730418", actor=staffed.admin.id))
    staffed.room.database.write(lambda c: staffed.people.add_card(c, person["id"], UID, actor=staffed.admin.id))
    assert staffed.people.by_pin(person["id"], "730418").name == "李娜" and staffed.people.by_card(UID).name == "李娜"

    staffed.room.stop()
    staffed.room.start()  # the retained message comes again
    centre.directory.wish(person["id"], "", ("reader",), ("room-1",), "zhao")  # taking away needs no second person
    wait(lambda: became(centre) == [("done", "")] and in_room(staffed) == [(("reader",), True)])
    accepted = Trace(staffed.room.database).recent(9, action_prefix="directory.accepted")
    assert len(accepted) == 2

    centre.directory.wish(person["id"], "", (), (), "zhao")
    wait(lambda: [active for _roles, active in in_room(staffed)] == [False])
    with pytest.raises(RuleRefused, match="card_unknown"):
        staffed.people.by_card(UID)
    with pytest.raises(RuleRefused, match="pin_wrong"):
        staffed.people.by_pin(person["id"], "730418")
    wait(lambda: became(centre) == [("done", "")])


def test_people_of_a_room_are_not_given_roles_from_afar(centre, staffed):
    with pytest.raises(InputRefused, match="person_not_enrolled"):
        centre.directory.wish(staffed.admin.id, "", ("reader",), (), "zhao")
    with pytest.raises(InputRefused, match="no_such_room"):
        centre.directory.wish("", "李娜", ("reader",), ("room-9",), "zhao")


def test_a_broker_cut_off_in_between_loses_nothing_and_does_nothing_twice(centre, staffed, wait):
    staffed.room.start()
    wait(lambda: centre.link.connected and staffed.room.delivered())
    centre.broker.close()
    wait(lambda: not centre.link.connected)
    enrol(centre, "reader")
    assert became(centre) == [("sent", "")]
    centre.broker = SupervisedBroker(centre.config.broker)
    centre.broker.start()
    wait(lambda: became(centre) == [("done", "")])
    assert len(Trace(staffed.room.database).recent(9, action_prefix="directory.accepted")) == 1
