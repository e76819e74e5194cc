"""The main job over the panel's own API: ask, choose, check, hand over, return, put away."""

import json

import pytest

from edge import words
from edge.domain.people import Person
from edge.store import box_places
from edge.workflows import label_looks, retrieve
from edge.workflows.motion import Follower

BOX = "0007"  # stands at B1-A-03-R-02-4-07, aisle 3


@pytest.fixture
def staff(desk):
    return desk.signed_in()


@pytest.fixture
def follower(desk):
    follower = Follower(desk.room)
    follower.step()
    return follower


def opened(desk, follower, aisle):
    """Start is pressed on the block and the boards drive to the end; a person in the aisle makes it occupied."""
    for phase in ("warning", "moving"):
        desk.shelving.phase(phase)
        follower.step()
    desk.shelving.stands(aisle, "occupied")
    desk.shelving.phase("ended", ended="reached")
    follower.step()


def asked(desk, staff, **what):
    answer = staff.post("/api/v1/requests", json=what or {"box_id": desk.boxes[BOX]})
    assert answer.status_code == 200, answer.text
    return answer.json()


def label_of(desk, box_no):
    return desk.room.catalogue.box(desk.boxes[box_no]).label


def test_a_box_goes_from_the_search_to_the_borrower_and_back_to_its_slot(desk, staff, follower):
    hits = staff.get("/api/v1/search", params={"q": "hyjy"}).json()["hits"]
    assert {hit["why"] for hit in hits} == {"initials"}
    assert any(hit["box"]["box_no"] == BOX for hit in hits)

    loan = asked(desk, staff)
    assert (loan["state"], loan["aisle"]) == ("approved", 3)
    plan = staff.get(f"/api/v1/requests/{loan['id']}/preview").json()
    assert [move["column"] for move in plan["moves"]] == [4]
    assert desk.shelving.armed == []  # a preview arms nothing

    assert staff.post(f"/api/v1/requests/{loan['id']}/choose").json()["aisle"] == 3
    assert desk.shelving.armed[0][0].aisle == 3
    opened(desk, follower, 3)

    desk.camera.held = (label_of(desk, "0021"),)
    verdict = staff.post(f"/api/v1/requests/{loan['id']}/check").json()
    assert (verdict["ok"], verdict["expected_no"], verdict["seen_no"]) == (False, BOX, "0021")
    assert staff.get(f"/api/v1/looks/{verdict['look_id']}.jpg").content[:2] == b"\xff\xd8"
    told = staff.get("/api/v1/trace", headers={"accept-language": "en"}).json()["events"]
    found = {event["look"]: event["detail"] for event in told if event["action"] == "label.checked"}
    assert words.say("en", "verdict.wrong_box") in found[verdict["look_id"]]
    assert staff.post(f"/api/v1/requests/{loan['id']}/hand-over").status_code == 409

    desk.camera.held = (label_of(desk, BOX),)
    assert staff.post(f"/api/v1/requests/{loan['id']}/check").json()["ok"] is True
    lent = staff.post(f"/api/v1/requests/{loan['id']}/hand-over").json()
    assert (lent["state"], len(lent["due"])) == ("handed_over", 10)

    desk.camera.held = ()
    unread = staff.post("/api/v1/returns/check").json()["verdict"]
    assert unread["cannot_tell"] and unread["look_id"]
    read = {"look_id": unread["look_id"], "number": "0108"}
    assert staff.post("/api/v1/returns/confirm", json=read).json()["code"] == "typed_not_on_loan"
    back = staff.post("/api/v1/returns/confirm", json={**read, "number": BOX}).json()
    assert (back["verdict"]["by"], [one["state"] for one in back["loans"]]) == ("person", ["confirmed"])
    desk.walked()
    tasks = [task for task in staff.get("/api/v1/reshelving").json() if task["box_no"] == BOX]
    assert tasks[0]["slot"] == "B1-A-03-R-02-4-07"
    box_id = desk.boxes[BOX]
    assert staff.post(f"/api/v1/reshelving/{box_id}/choose").json()["moves"] == []  # its aisle stands open already

    desk.scanner.read = ["B1-A-03-R-02-4-06"]
    wrong = staff.post("/api/v1/reshelving/scan").json()
    assert (wrong["ok"], wrong["expected"], wrong["seen"]) == (False, "B1-A-03-R-02-4-07", "B1-A-03-R-02-4-06")
    desk.scanner.read = ["B1-A-03-R-02-4-07"]
    assert staff.post("/api/v1/reshelving/scan").json()["ok"] is True
    assert desk.room.catalogue.box(box_id).slot == "B1-A-03-R-02-4-07"
    assert staff.get(f"/api/v1/requests/{loan['id']}").json()["state"] == "reshelved"


def test_the_number_that_a_person_read_goes_on_to_the_hand_over_and_stands_in_the_trace(desk, staff, follower):
    loan = asked(desk, staff)
    staff.post(f"/api/v1/requests/{loan['id']}/choose")
    opened(desk, follower, 3)
    look_id = staff.post(f"/api/v1/requests/{loan['id']}/check").json()["look_id"]
    said = f"/api/v1/requests/{loan['id']}/confirm"
    assert staff.post(said, json={"look_id": look_id, "number": "0070"}).json()["code"] == "typed_other_box"
    assert staff.get(f"/api/v1/requests/{loan['id']}").json()["read"] is None
    assert staff.post(said, json={"look_id": look_id, "number": "7"}).json()["state"] == "verified"
    assert staff.get(f"/api/v1/requests/{loan['id']}").json()["read"] == {"by": "李文清", "typed": "7"}
    told = staff.get("/api/v1/trace", headers={"accept-language": "en"}).json()["events"]
    refused = next(one["detail"] for one in told if one["action"] == "request.refused")
    assert "… is not the number of the box that was asked for" in refused
    read = [(one["detail"], one["look"]) for one in told if one["action"] == "label.confirmed"]
    assert [look for _, look in read] == [look_id, look_id], "the picture opens beside what was read in it"
    assert read[0][0].endswith("read as 7: it fits") and read[1][0].endswith("read as 0070: it does not fit")


def test_the_picture_of_a_secret_boxs_check_is_offered_to_the_cleared_and_to_who_checked(desk, staff, follower):
    chief = desk.people["chief"]
    cleared = Person(chief.id, chief.name, "档案室", ("archivist", "auditor", "cleared_secret"), True)
    loan = retrieve.ask_for(desk.room, cleared, box_id=desk.boxes["0108"])
    staff.post(f"/api/v1/requests/{loan.id}/choose")
    opened(desk, follower, retrieve.aisle_of_loan(loan))
    desk.camera.held = (label_of(desk, "0108"),)
    look = staff.post(f"/api/v1/requests/{loan.id}/check").json()["look_id"]
    assert [event.level for event in desk.events("label.checked")] == ["secret"]
    told = next(one for one in staff.get("/api/v1/trace").json()["events"] if one["action"] == "label.checked")
    assert (told["look"], told["detail"]) == (look, ""), "who checked is led to the picture"
    assert look not in {one["look"] for one in desk.signed_in("auditor").get("/api/v1/trace").json()["events"]}
    assert label_looks.sees(desk.room, cleared, look)


def test_an_item_that_comes_back_is_named_by_its_archive_number(desk, staff, follower):
    item = desk.room.catalogue.items_in_box(desk.boxes[BOX])[0]
    loan = asked(desk, staff, item_id=item.id)
    staff.post(f"/api/v1/requests/{loan['id']}/choose")
    opened(desk, follower, 3)
    desk.camera.held = (label_of(desk, BOX),)
    staff.post(f"/api/v1/requests/{loan['id']}/check")
    staff.post(f"/api/v1/requests/{loan['id']}/hand-over")
    desk.camera.held = (item.label,)
    told = staff.post("/api/v1/returns/check").json()
    assert told["verdict"]["ok"] is True
    assert told["verdict"]["seen_no"] == item.ref_code


def test_a_label_checks_picture_is_for_auditors_too_but_of_a_secret_box_for_the_cleared_only(desk, staff, follower):
    loan = asked(desk, staff)
    staff.post(f"/api/v1/requests/{loan['id']}/choose")
    opened(desk, follower, 3)
    desk.camera.held = (label_of(desk, BOX),)
    look = staff.post(f"/api/v1/requests/{loan['id']}/check").json()["look_id"]
    auditor = desk.signed_in("auditor")
    told = auditor.get("/api/v1/trace").json()["events"]
    assert look in {event["look"] for event in told}
    assert auditor.get(f"/api/v1/looks/{look}.jpg").content[:2] == b"\xff\xd8"
    viewed = [event for event in auditor.get("/api/v1/trace").json()["events"] if event["action"] == "look.viewed"]
    assert len(viewed) == 1
    of_box = auditor.get("/api/v1/trace", params={"box": desk.boxes[BOX]}).json()["events"]
    assert look in {event["look"] for event in of_box} and {event["action"].split(".")[0] for event in of_box} <= {
        "loan",
        "label",
    }
    assert auditor.get("/api/v1/trace", params={"box": desk.boxes["0021"]}).json()["events"] == []

    item = desk.room.catalogue.items_in_box(desk.boxes[BOX])[0]
    secret = ("UPDATE item SET secret_level = 'secret' WHERE id = ?", (item.id,))
    desk.room.database.write(lambda change: change.db.execute(*secret), telemetry=True)
    assert auditor.get(f"/api/v1/looks/{look}.jpg").json()["code"] == "look_unknown"
    assert look not in {event["look"] for event in auditor.get("/api/v1/trace").json()["events"]}
    own = desk.signed_in().get(f"/api/v1/looks/{look}.jpg")
    assert own.status_code == 200, "whoever checked had it in hand"
    cleared = Person("p-cleared", "周敏", "档案室", ("auditor", "cleared_secret"), True)
    assert label_looks.picture(desk.room, cleared, look)[:2] == b"\xff\xd8"
    assert [event.level for event in desk.events("look.viewed")] == ["secret", "internal"]


def test_choosing_with_an_unwalked_aisle_names_it_and_arms_nothing(desk, staff):
    loan = asked(desk, staff)
    desk.shelving.stands(4, "occupied")
    answer = staff.post(f"/api/v1/requests/{loan['id']}/choose", headers={"accept-language": "zh-CN"})
    assert (answer.status_code, answer.json()["code"]) == (409, "aisles_occupied")
    assert answer.json()["params"]["walk"] == [4]
    assert "4" in answer.json()["said"]
    assert desk.shelving.armed == []


def test_two_requests_for_the_block_are_served_one_after_the_other(desk, staff):
    first, second = asked(desk, staff), asked(desk, staff, box_id=desk.boxes["0021"])
    assert staff.post(f"/api/v1/requests/{first['id']}/choose").status_code == 200
    assert staff.post(f"/api/v1/requests/{second['id']}/choose").status_code == 409
    assert len(desk.shelving.armed) == 1


def test_a_reader_may_ask_but_not_choose(desk):
    reader = desk.signed_in("reader")
    loan = asked(desk, reader)
    answer = reader.post(f"/api/v1/requests/{loan['id']}/choose")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed")
    assert desk.shelving.armed == []


def test_a_reader_sees_only_their_own_requests(desk, staff):
    loan = asked(desk, staff)
    assert [one["id"] for one in staff.get("/api/v1/requests").json()["queue"]] == [loan["id"]]
    reader = desk.signed_in("reader")
    assert reader.get("/api/v1/requests").json() == {"asked": [], "denied": [], "queue": [], "out": []}
    assert reader.get(f"/api/v1/requests/{loan['id']}").json()["code"] == "not_allowed"
    assert reader.get("/api/v1/looks/0.jpg").json()["code"] == "not_allowed"


def test_the_api_filters_orders_and_marks_as_the_page_does(desk, staff):
    def asked_for(**params):
        return staff.get("/api/v1/search", params=params).json()["hits"]

    [hit] = [one for one in asked_for(q="会议纪要", order="number") if one["item"]][:1]
    mark = next(one for one in hit["marks"] if one["field"] == "title")
    assert [mark["text"][start:end] for start, end in mark["ranges"]] == ["会议纪要"]
    assert [one for one in asked_for(q="会议纪要", state="void") if one["item"]] == []
    assert asked_for(fonds=hit["item"]["fonds_no"]) != []
    assert {one["item"]["secret_level"] for one in asked_for(level="internal")} <= {"internal"}
    for bad in ({"years": "long ago"}, {"state": "lost"}, {"level": "cosmic"}):
        answer = staff.get("/api/v1/search", params={"q": "会议", **bad})
        assert 400 <= answer.status_code < 500 and answer.json()["said"]
    choices = staff.get("/api/v1/search/choices").json()
    assert choices["secret_levels"] == ["public", "internal"] and "B1-A-02-R" in choices["places"]


def test_what_is_secret_is_neither_found_nor_listed_nor_opened_without_clearance(desk, staff):
    secret = next(one for one in desk.room.catalogue.items_in_box(desk.boxes["0108"]) if one.secret_level == "secret")
    assert staff.get("/api/v1/search", params={"q": secret.ref_code}).json()["hits"] == []
    shown = staff.get(f"/api/v1/boxes/{desk.boxes['0108']}").json()
    assert secret.id not in [item["id"] for item in shown["items"]]
    answer = staff.get(f"/api/v1/boxes/{desk.boxes['0108']}", params={"item": secret.id})
    assert (answer.status_code, answer.json()["code"]) == (422, "record_unknown")
    assert secret.title not in json.dumps(shown, ensure_ascii=False)


def test_a_card_at_the_reader_signs_its_holder_in_once(desk):
    desk.reader.held = [b"\x04\x11\x22\x33"]
    desk.presence.poll()
    told = desk.client().get("/api/v1/snapshot").json()["card"]
    assert told == {"count": 1, "accepted": True, "waiting": True, "hold_again": False}
    client = desk.client()
    assert client.post("/api/v1/session/card").json()["person"]["name"] == "李文清"
    assert client.get("/api/v1/session").json()["person"]["name"] == "李文清"
    assert desk.client().post("/api/v1/session/card").json()["code"] == "no_card"


def test_leaving_ends_the_session_for_a_copy_of_its_cookie_too(desk):
    client, copy = desk.signed_in(), desk.client()
    copy.cookies.update(client.cookies)
    assert client.delete("/api/v1/session").status_code == 204
    assert copy.get("/api/v1/requests").status_code == 401


def test_finding_positions_is_chosen_at_the_panel(desk, staff):
    assert staff.post("/api/v1/find-positions").status_code == 204
    assert desk.shelving.armed[0][0] is None


def test_an_unreadable_body_is_refused_in_words(desk, staff):
    answer = staff.post("/api/v1/requests", json={"shelf": 1}, headers={"accept-language": "en"})
    assert (answer.status_code, answer.json()["code"]) == (422, "request_unreadable")
    assert "shelf" in answer.json()["said"]


def test_the_trace_list_shows_no_other_persons_doings_to_staff_and_all_to_the_auditor(desk, staff):
    asked(desk, desk.signed_in("reader"))
    staff = desk.signed_in()
    mine = staff.get("/api/v1/trace").json()["events"]
    assert "loan.approved" not in [event["action"] for event in mine]
    auditor = desk.signed_in("auditor")
    everything = auditor.get("/api/v1/trace").json()["events"]
    approved = next(event for event in everything if event["action"] == "loan.approved")
    assert approved["actor_name"] == "王小梅"
    assert approved["detail"].startswith("0007 · B1-A-03-R-02-4-07")


def test_the_trace_list_speaks_neither_ids_nor_codes(desk):
    box_id = desk.boxes["0007"]

    def happen(change):
        box_places.take_box(change, box_id, "node", f"loan {box_id}")
        change.event("move.armed", subject="m", actor="node", body={"why": "retrieve", "aisle": 7})

    desk.room.database.write(happen)
    auditor = desk.signed_in("auditor")
    events = auditor.get("/api/v1/trace", headers={"accept-language": "en"}).json()["events"]
    told = {event["action"]: event["detail"] for event in events}
    assert (told["box.taken"], told["move.armed"]) == ("0007 · B1-A-03-R-02-4-07", "Request · 7")


def test_the_trace_list_says_in_words_which_aisles_changed_and_who_is_no_person(desk):
    def happen(change):
        desk.room.aisles.changed(change, "A", {3: "opened", 4: "opened"}, [7])
        change.event("stop.pressed", subject="A", actor="centre:li", body={})

    desk.room.database.write(happen)
    auditor = desk.signed_in("auditor")
    desk.sessions.close(desk.sessions.at_panel("kiosk").id, "idle")
    auditor = desk.signed_in("auditor")
    events = auditor.get("/api/v1/trace", headers={"accept-language": "zh-CN"}).json()["events"]
    told = {event["action"]: (event["actor_name"], event["detail"]) for event in events}
    assert told["aisles.changed"] == ("本机", "通道 3、4 占用：通道打开过 · 通道 7 净空")
    assert told["stop.pressed"][0] == "中心 li"
    assert told["session.closed"][1] == "久未操作"


def test_rule_7_the_trace_says_in_words_which_carriage_lost_its_place(desk):
    body = {"block": "B1-A", "lost": {"cranked": [3, 4]}}
    desk.database.write(lambda change: change.event("places.lost", subject="B1-A", actor="node", body=body))
    events = desk.signed_in("auditor").get("/api/v1/trace", headers={"accept-language": "en"}).json()["events"]
    (line,) = [one for one in events if one["action"] == "places.lost"]
    assert words.say("en", "panel.lost.cranked", columns="3, 4") in line["detail"]


def test_rule_9_the_trace_names_faults_in_words_and_no_other_event_is_taken_for_one(desk):
    write = desk.database.write
    write(lambda change: desk.room.block_faults.changed(change, "B1-A", {(3, "tilt")}, {(2, "estop"), (4, "estop")}))
    write(lambda change: change.event("upkeep.ended", subject="B1-A", actor="node", body={"gone": 3, "latched": 1}))
    events = desk.signed_in("auditor").get("/api/v1/trace", headers={"accept-language": "en"}).json()["events"]
    (line,) = [one for one in events if one["action"] == "faults.changed"]
    assert line["detail"] == f"{words.say('en', 'fault.tilt')} · ✓ {words.say('en', 'fault.estop')}"
