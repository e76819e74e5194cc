"""A card at the reader, and who may claim it."""

from edge.workflows.presence import CLAIM_WITHIN_MS, HOLD_AGAIN_MS, Presence

CARD = bytes.fromhex("04a1b2c3")


def with_card(scene) -> str:
    def enrol(change):
        person = scene.room.people.add_first_administrator(change, "李芳", "482913")
        scene.room.people.add_card(change, person.id, CARD, actor=person.id)
        return person.id

    return scene.room.database.write(enrol)


def test_a_known_card_is_answered_green_and_handed_out_once(scene):
    person_id, presence = with_card(scene), Presence(scene.room)
    scene.desk.presented = [CARD]
    presence.poll()
    assert (scene.desk.signals, presence.presented(), presence.waiting()) == ([True], (1, True), True)
    assert presence.claim().id == person_id
    assert presence.claim() is None and not presence.waiting()


def test_an_unknown_card_is_answered_red_and_takes_back_what_was_not_claimed(scene):
    with_card(scene)
    presence = Presence(scene.room)
    scene.desk.presented = [CARD, b"\x01\x02\x03\x04"]
    presence.poll()
    assert (scene.desk.signals, presence.presented()) == ([True, False], (2, False))
    assert presence.claim() is None
    assert scene.events("session.") == ["session.refused"]


def test_a_card_that_nobody_claimed_in_time_is_worth_nothing(scene):
    with_card(scene)
    presence = Presence(scene.room)
    scene.desk.presented = [CARD]
    presence.poll()
    scene.clock.advance(CLAIM_WITHIN_MS + 1)
    assert not presence.waiting() and presence.claim() is None


def test_after_the_reader_was_away_people_are_asked_to_hold_their_card_again(scene):
    with_card(scene)
    presence = Presence(scene.room)
    presence.poll()
    assert not presence.hold_again()
    scene.desk.reader_online = False
    presence.poll()
    assert not presence.hold_again(), "it is still away; the bar says so"
    scene.desk.reader_online = True
    presence.poll()
    assert presence.hold_again()
    scene.clock.advance(HOLD_AGAIN_MS)
    assert not presence.hold_again()


def test_a_card_that_is_read_after_the_return_ends_the_request_to_hold_it_again(scene):
    with_card(scene)
    presence = Presence(scene.room)
    scene.desk.reader_online = False
    presence.poll()
    scene.desk.reader_online, scene.desk.presented = True, [CARD]
    presence.poll()
    assert presence.presented() == (1, True) and not presence.hold_again()
