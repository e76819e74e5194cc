"""All rooms at a glance: who is heard, what is late, and what an older message never undoes."""

from cloud_sync import contract
from cloud_sync.store.fleet import Fleet
from tests.cloud_sync.chain import NODE, NOW, Chain


def test_a_rooms_last_patrol_what_is_late_and_what_it_found_are_seen_at_a_glance(ingest, database):
    chain = Chain().add("patrol.begun", {"patrol": "P1", "kind": "daily", "points": 9})
    chain.add("patrol.found", {"finding": "F1", "patrol": "P1", "kind": "damaged", "what": "door"})
    chain.add("patrol.noted", {"finding": "F1", "text": "..."})
    chain.add("patrol.finding_assigned", {"finding": "F1", "owner": "p", "until": "2026-11-21"})
    chain.add("patrol.signed", {"patrol": "P1", "kind": "daily"})
    late = {"alarm": "A1", "rule": "patrol_late", "place": "weekly", "severity": "alarm", "active": 1, "acked": 0}
    chain.add("alarm.raised", late)
    ingest.events(NODE, chain.batch(1, 6))
    fleet, now_ms = Fleet(database, "Asia/Shanghai"), 1795363200000
    room = fleet.rooms(now_ms)[0]
    assert (room["patrols_late"], room["findings_open"], room["findings_overdue"]) == (1, 1, 1)
    assert room["patrol_ms"] is not None
    chain.add("patrol.finding_closed", {"finding": "F1", "patrol": "P1", "kind": "damaged"})
    chain.add("alarm.cleared", {**late, "active": 0, "acked": 1})
    ingest.events(NODE, chain.batch(7, 8))
    room = fleet.rooms(now_ms)[0]
    assert (room["patrols_late"], room["findings_open"], room["findings_overdue"]) == (0, 0, 0)


def state(session, said, seq=5):
    return (
        contract.State(node=NODE, session=session, state=said, epoch="e1", seq=seq, utc_ms=1).model_dump_json().encode()
    )


def test_an_overdue_loan_is_counted_and_stands_first_however_much_happens_after_it(ingest, database):
    chain = Chain()
    for no, due in enumerate(("2026-11-21", "2026-11-22", "2026-11-23")):
        loan = {"loan": f"L{no}", "kind": "box", "box": f"b{no}", "slot": "s", "due": due, "state": "handed_over"}
        chain.add("loan.handed_over", loan)
    ingest.events(NODE, chain.batch(1, 3))
    late_evening_ms = 1795363200000 - 60_000  # 2026-11-22 23:59 in the room
    fleet = Fleet(database, "Asia/Shanghai")
    assert fleet.rooms(late_evening_ms)[0]["loans_overdue"] == 1
    assert fleet.rooms(late_evening_ms + 120_000)[0]["loans_overdue"] == 2
    assert [loan["loan"] for loan in fleet.room(NODE, late_evening_ms + 120_000)["loans"]] == ["L0", "L1", "L2"]


def shown(database, now_ms):
    return Fleet(database, "Asia/Shanghai").rooms(now_ms)[0]["state"]


def test_online_is_judged_by_the_age_of_the_last_heartbeat(ingest, database):
    ingest.state(NODE, state(1, "online"), retained=False)
    assert shown(database, NOW + 1000) == "online"
    assert shown(database, NOW + contract.OFFLINE_AFTER_S * 1000 + 1) == "offline"


def test_of_a_room_that_is_not_heard_nobody_knows_what_is_still_to_come_or_what_is_broken(ingest, database):
    def told(now_ms):
        room = Fleet(database, "Asia/Shanghai").rooms(now_ms)[0]
        return room["backlog"], room["faults"]

    beat = contract.State(node=NODE, session=1, state="online", epoch="e1", seq=5, utc_ms=1, faults=["disk_full"])
    ingest.state(NODE, beat.model_dump_json().encode(), retained=False)
    assert told(NOW + 1000) == (5, ["disk_full"])
    assert told(NOW + contract.OFFLINE_AFTER_S * 1000 + 1) == (None, [])
    ingest.state(NODE, state(1, "stopped"), retained=False)
    assert told(NOW + 1000) == (None, [])


def test_a_retained_birth_alone_never_makes_a_node_look_alive(ingest, database):
    ingest.state(NODE, state(1, "online"), retained=True)
    assert shown(database, NOW + 1000) == "offline"


def test_a_will_of_an_older_session_does_not_end_the_newer_one(ingest, database):
    ingest.state(NODE, state(1, "online"), retained=False)
    ingest.state(NODE, state(2, "online"), retained=False)
    ingest.state(NODE, state(1, "lost"), retained=False)
    assert shown(database, NOW + 1000) == "online"
    ingest.state(NODE, state(2, "lost"), retained=False)
    assert shown(database, NOW + 1000) == "offline"


def test_an_older_telemetry_message_never_overwrites_a_newer_value(ingest, database):
    def telemetry(utc_ms, value):
        reading = contract.Reading(place="21", measurand="temp_cc", value=value, age_ms=0, quality="good")
        return contract.Telemetry(node=NODE, utc_ms=utc_ms, readings=[reading]).model_dump_json().encode()

    ingest.telemetry(NODE, telemetry(2000, 1990))
    ingest.telemetry(NODE, telemetry(1000, 1500))
    assert Fleet(database, "Asia/Shanghai").room(NODE, 0)["readings"][0]["value"] == 1990
