"""A session belongs to one person at one panel and ends when nobody is there."""

from edge.store.sessions import Sessions
from edge.store.trace import Trace

IDLE_MS = 300_000


def test_a_session_is_found_by_its_token_until_it_is_idle_too_long(database, clock):
    sessions = Sessions(database)
    token, opened = sessions.open("p1", "kiosk")
    for _ in range(3):
        clock.advance(IDLE_MS - 1)
        found = sessions.find(token, IDLE_MS)
        assert found is not None and (found.id, found.person_id, found.panel_id) == (opened.id, "p1", "kiosk")
    clock.advance(IDLE_MS)
    assert sessions.find(token, IDLE_MS) is None
    assert Trace(database).recent(1)[0].body == b'{"why":"idle"}'


def test_the_wall_clock_cannot_keep_a_session_alive_and_a_reboot_ends_it(database, clock):
    sessions = Sessions(database)
    token, _session = sessions.open("p1", "kiosk")
    clock.jump(-86_400_000)
    clock.advance(IDLE_MS)
    assert sessions.find(token, IDLE_MS) is None
    token, _session = sessions.open("p1", "kiosk")
    clock.reboot()
    assert sessions.find(token, IDLE_MS) is None


def test_a_panel_has_one_session_and_the_token_is_not_in_the_store(database):
    sessions = Sessions(database)
    first, _session = sessions.open("p1", "kiosk")
    second, opened = sessions.open("p2", "kiosk")
    assert sessions.find(first, IDLE_MS) is None
    assert sessions.find(second, IDLE_MS) == opened == sessions.at_panel("kiosk")
    with database.read() as db:
        assert second not in str([tuple(row) for row in db.execute("SELECT * FROM session")])
    sessions.close(opened.id)
    sessions.close(opened.id)
    assert sessions.find(second, IDLE_MS) is None and sessions.at_panel("kiosk") is None
    assert [e.action for e in Trace(database).recent(9, action_prefix="session.closed")] == ["session.closed"] * 2
