"""Who may come in, with what, and who decides it."""

import pytest

from edge.domain.people import THREE_ADMINISTRATORS
from edge.errors import InputRefused, RuleRefused, StoreError
from edge.store.directory import accept_directory
from edge.store.people import People
from edge.store.sessions import Sessions
from edge.store.trace import Trace

PIN, UID = "271828", bytes.fromhex("04A1B2C3D4E5F6")
SITE_KEY = bytes(31) + b"\x07"


@pytest.fixture
def people(database) -> People:
    return People(database, SITE_KEY)


@pytest.fixture
def admin(database, people) -> str:
    return database.write(lambda c: people.add_first_administrator(c, "张敏", PIN)).id


def add(database, people, name, *roles, by) -> str:
    return database.write(lambda c: people.add(c, name, roles=roles, by=by)).id


def refused(what) -> str:
    with pytest.raises((RuleRefused, InputRefused)) as caught:
        what()
    return caught.value.code


def test_a_card_opens_for_its_holder_until_it_is_revoked(database, people, admin):
    card = database.write(lambda c: people.add_card(c, admin, UID, actor=admin))
    assert people.by_card(UID).id == admin
    assert refused(lambda: people.by_card(UID[:-1] + b"\0")) == "card_unknown"
    database.write(lambda c: people.revoke_card(c, card, actor=admin))
    assert refused(lambda: people.by_card(UID)) == "card_unknown"
    assert [e.action for e in Trace(database).recent(1)] == ["session.refused"]


def test_neither_card_number_nor_pin_can_be_found_in_the_store(database, people, admin):
    database.write(lambda c: people.add_card(c, admin, UID, actor=admin))
    with database.read() as db:
        kept = "".join(str(tuple(row)) for table in ("person", "card") for row in db.execute(f"SELECT * FROM {table}"))
    assert PIN not in kept and UID.hex() not in kept.lower() and repr(UID) not in kept
    assert not [e for e in Trace(database).recent(99) if "张敏".encode() in e.envelope + e.body]


def test_one_card_belongs_to_one_person(database, people, admin):
    database.write(lambda c: people.add_card(c, admin, UID, actor=admin))
    other = add(database, people, "李娜", by=(admin,))
    with pytest.raises(StoreError, match="conflict"):
        database.write(lambda c: people.add_card(c, other, UID, actor=admin))


def test_five_wrong_pins_lock_for_a_minute_even_for_the_right_one_and_across_a_reboot(database, people, admin, clock):
    for _ in range(5):
        assert refused(lambda: people.by_pin(admin, "999111")) == "pin_wrong"
    assert refused(lambda: people.by_pin(admin, PIN)) == "pin_locked"
    clock.jump(10 * 86_400_000)  # setting the wall clock wins nothing
    clock.advance(30_000)
    assert refused(lambda: people.by_pin(admin, PIN)) == "pin_locked"
    clock.reboot()  # nor does pulling the plug
    assert refused(lambda: people.by_pin(admin, PIN)) == "pin_locked"
    clock.advance(60_000)
    assert people.by_pin(admin, PIN).id == admin
    assert refused(lambda: people.by_pin(admin, "999111")) == "pin_wrong"
    assert people.by_pin(admin, PIN).id == admin


def test_an_unknown_person_and_one_without_a_pin_sound_like_a_wrong_pin(database, people, admin):
    without = add(database, people, "李娜", by=(admin,))
    for person in ("nobody", without):
        assert refused(lambda person=person: people.by_pin(person, PIN)) == "pin_wrong"


@pytest.mark.parametrize("pin", ["12345", "123456", "654321", "111111", "1234567890123", "27182x", "", "２７１８２８"])
def test_a_pin_that_anybody_would_guess_is_refused(database, people, admin, pin):
    assert refused(lambda: database.write(lambda c: people.set_pin(c, admin, pin, actor=admin))) == "pin_too_weak"


def test_nobody_holds_two_of_the_three_administrators(database, people, admin):
    second = add(database, people, "李娜", "auditor", by=(admin,))
    third = add(database, people, "王强", by=(admin, second))
    for role in sorted(THREE_ADMINISTRATORS - {"auditor"}):
        code = refused(lambda role=role: database.write(lambda c: people.grant(c, second, role, by=(admin, third))))
        assert code == "three_roles_split"


def test_a_grant_takes_two_administrators_as_soon_as_there_are_two(database, people, admin):
    reader = add(database, people, "陈静", "reader", by=(admin,))
    auditor = add(database, people, "李娜", "auditor", by=(admin,))

    def grant(*by: str):
        return lambda: database.write(lambda c: people.grant(c, reader, "technician", by=by))

    assert refused(grant(admin)) == "grant_needs_two"
    assert refused(grant(admin, admin)) == "grant_needs_two"
    assert refused(grant(admin, reader)) == "grant_needs_two"
    assert refused(grant(auditor)) == "grant_needs_security_admin"
    grant(admin, auditor)()
    assert people.get(reader).roles == ("reader", "technician")
    assert (
        refused(lambda: database.write(lambda c: people.grant(c, reader, "king", by=(admin, auditor))))
        == "role_unknown"
    )


def test_nobody_grants_to_themselves(database, people, admin):
    code = refused(lambda: database.write(lambda c: people.grant(c, admin, "reader", by=(admin,))))
    assert code == "grant_needs_security_admin"


def test_revoking_needs_one_person_and_ends_open_sessions_at_once(database, people, admin):
    reader = add(database, people, "陈静", "reader", by=(admin,))
    database.write(lambda c: people.set_pin(c, reader, "314159", actor=admin))
    database.write(lambda c: people.add_card(c, reader, UID, actor=admin))
    token, _session = Sessions(database).open(reader, "kiosk")
    database.write(lambda c: people.revoke(c, reader, actor=admin))
    assert Sessions(database).find(token, 300_000) is None
    assert refused(lambda: people.by_card(UID)) == "card_unknown"
    assert refused(lambda: people.by_pin(reader, "314159")) == "pin_wrong"
    assert not people.get(reader).active
    database.write(lambda c: people.grant(c, reader, "", by=(admin,)))
    assert people.by_card(UID).id == reader


def test_the_first_administrator_is_made_once(database, people, admin):
    assert refused(lambda: database.write(lambda c: people.add_first_administrator(c, "王强", PIN))) == "not_empty"


def directory(version: int, people: list, cards: list = ()) -> dict:
    return {"v": 1, "site": "s1", "version": version, "people": people, "cards": list(cards), "signature": ""}


def someone(person_id: str, *roles: str, active: bool = True) -> dict:
    return {"id": person_id, "name": f"人员{person_id}", "roles": list(roles), "active": active}


def test_a_directory_is_taken_only_when_newer(database, people, admin):
    def accept(snapshot: dict) -> bool:
        return database.write(lambda c: accept_directory(c, snapshot), telemetry=True)

    assert accept(directory(3, [someone("d1", "reader")]))
    before = Trace(database).head()
    assert not accept(directory(3, [])) and not accept(directory(2, []))
    assert Trace(database).head() == before and people.get("d1").active
    assert accept(directory(4, [someone("d2", "reader")]))
    assert [people.get(who).active for who in ("d1", "d2", admin)] == [False, True, True]


def test_what_was_revoked_or_granted_in_the_room_outlives_the_next_directory(database, people, admin):
    card = {"hmac": people.uid_hmac(UID), "person": "d1", "active": True}
    accept = lambda snapshot: database.write(lambda c: accept_directory(c, snapshot))  # noqa: E731
    accept(directory(1, [someone("d1", "reader", "technician"), someone("d2", "reader")], [card]))
    assert people.by_card(UID).id == "d1"
    database.write(lambda c: people.revoke(c, "d1", "technician", actor=admin))
    database.write(lambda c: people.revoke(c, "d2", actor=admin))
    database.write(lambda c: people.grant(c, "d1", "auditor", by=(admin,)))
    accept(directory(2, [someone("d1", "reader", "technician"), someone("d2", "reader")], [card]))
    assert people.get("d1").roles == ("auditor", "reader")
    assert not people.get("d2").active


def test_a_directory_that_joins_two_administrators_is_refused_and_one_that_clashes_with_a_grant_wins(
    database, people, admin
):
    both = directory(1, [someone("d1", "auditor", "system_admin")])
    assert refused(lambda: database.write(lambda c: accept_directory(c, both))) == "three_roles_split"
    database.write(lambda c: accept_directory(c, directory(1, [someone("d1", "reader")])))
    database.write(lambda c: people.grant(c, "d1", "auditor", by=(admin,)))
    database.write(lambda c: accept_directory(c, directory(2, [someone("d1", "system_admin")])))
    assert people.get("d1").roles == ("system_admin",)
