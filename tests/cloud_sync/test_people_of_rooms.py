"""People and rights from the centre: shown without names, taken away once, and never the last administrator."""

from types import SimpleNamespace

import pytest

from cloud_sync.app import now_ms
from edge.domain.people import Person
from edge.errors import InputRefused, RuleRefused
from edge.store.people import People
from edge.store.trace import Trace
from edge.workflows import revoke_at_centre

UID = b"\x04\xa1\xb2\xc3"


@pytest.fixture
def staffed(room):
    """A security administrator, and an archivist with a card; revocations run as in the product."""
    people = People(room.database, bytes(32))
    here = SimpleNamespace(people=people, database=room.database)
    room.handlers["revoke_card"] = lambda c: revoke_at_centre.card(here, c.author, c.subject, c.reason)
    room.handlers["revoke_person"] = lambda c: revoke_at_centre.person(here, c.author, c.subject, c.reason)
    admin = room.database.write(lambda change: people.add_first_administrator(change, "安全员", "482915"))
    archivist: Person = room.database.write(
        lambda change: people.add(change, "王某某", roles=("archivist", "cleared_secret"), by=(admin.id,))
    )
    card = room.database.write(lambda change: people.add_card(change, archivist.id, UID, actor=admin.id))
    return SimpleNamespace(room=room, people=people, admin=admin, archivist=archivist, card=card)


@pytest.fixture
def shown(centre, staffed, wait):
    staffed.room.start()
    told = lambda: centre.people_of_rooms.all(now_ms())[0]  # noqa: E731
    wait(lambda: staffed.room.delivered() and told()["state"] == "online" and len(told()["people"]) == 2)
    return told


def test_who_may_do_what_is_shown_without_name_pin_or_card_number(centre, staffed, shown):
    [person] = [one for one in shown()["people"] if one["id"] == staffed.archivist.id]
    assert person["roles"] == ["archivist", "cleared_secret"] and person["clearance"] == "secret"
    assert "hand_over" in person["rights"] and person["cards"] == [{"id": staffed.card, "active": True}]
    everything = str(shown())
    for secret in ("王某某", "482915", UID.hex(), staffed.people.uid_hmac(UID)):
        assert secret not in everything


def test_a_card_revoked_at_the_centre_is_refused_at_the_panel_and_its_holder_may_stay(centre, staffed, shown, wait):
    assert staffed.people.by_card(UID).id == staffed.archivist.id
    with pytest.raises(InputRefused, match="revocation_needs_reason"):
        centre.commands.revoke("room-1", "revoke_card", staffed.card, "li", "because")
    with pytest.raises(RuleRefused, match="not_of_this_room"):
        centre.commands.revoke("room-1", "revoke_card", staffed.archivist.id, "li", "card_lost")
    centre.commands.revoke("room-1", "revoke_card", staffed.card, "li", "card_lost")
    with pytest.raises(RuleRefused, match="asked_already_centre"):
        centre.commands.revoke("room-1", "revoke_card", staffed.card, "wang", "card_lost")
    wait(lambda: shown()["asked"][0]["became"] == "done")
    with pytest.raises(RuleRefused, match="card_unknown"):
        staffed.people.by_card(UID)
    assert staffed.people.get(staffed.archivist.id).active
    [told] = Trace(staffed.room.database).recent(9, action_prefix="card.revoked")
    assert told.actor == "centre:li" and b"card_lost" in told.body
    wait(lambda: not [card for one in shown()["people"] for card in one["cards"] if card["active"]])


def test_a_person_is_locked_once_and_the_last_administrator_never(centre, staffed, shown, wait):
    centre.commands.revoke("room-1", "revoke_person", staffed.admin.id, "li", "misuse")
    wait(lambda: shown()["asked"][0]["became"] == "refused")
    assert shown()["asked"][0]["code"] == "last_administrator" and staffed.people.get(staffed.admin.id).active
    centre.commands.revoke("room-1", "revoke_person", staffed.archivist.id, "li", "left_service")
    wait(lambda: shown()["asked"][0]["became"] == "done")
    assert not staffed.people.get(staffed.archivist.id).active
    wait(lambda: [one["locked"] for one in shown()["people"] if one["id"] == staffed.archivist.id] == [True])
