"""What an administrator at the console decides is seen at the panel: a real broker, both real stores."""

from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cloud_sync import enrolment
from cloud_sync.app import Centre, now_ms
from edge.centre_link import CentreLink
from edge.clock import SystemClock
from edge.config import Node, Sync
from edge.store import approvals
from edge.store.trace import Trace
from hardware_tests.virtual.ports import free_ports
from tests.cloud_sync.conftest import wait_for

CARD = b"\x04\x11\x22\x33"


@pytest.fixture
def clock():
    return SystemClock()  # a command's expiry is told by both clocks


@pytest.fixture
def centre(desk, tmp_path):
    port, broker_port = free_ports(2)
    where = {"port": port, "broker_port": broker_port, "zone": "Asia/Shanghai", "language": "en"}
    made = enrolment.init(
        tmp_path / "centre", name="Test", admin="li", password="correct horse", now_ms=now_ms(), **where
    )
    signing = Ed25519PrivateKey.generate()
    key, folder, node = signing.public_key().public_bytes_raw().hex(), tmp_path / "centre-keys", desk.room.node_id
    enrolment.enrol(made.config, node, name="", node_key=key, out=folder, now_ms=now_ms())
    sync = Sync("127.0.0.1", broker_port, node, folder / "centre.password", folder / "centre.pub", None)
    own = Node(node, "一号库房", "Asia/Shanghai", "zh-Hans", "internal", tmp_path, tmp_path, tmp_path)
    keys = SimpleNamespace(signing=signing)
    link = CentreLink(SimpleNamespace(sync=sync, node=own), desk.room, Trace(desk.database), keys, "test", list)
    with Centre(made.config) as running:
        link.begin()
        wait_for(lambda: running.fleet.rooms(now_ms())[0]["state"] == "online")
        yield running
        link.stop()


def test_a_request_is_approved_at_the_console_and_waits_at_the_panel_another_is_denied(desk, centre):
    desk.database.write(lambda change: approvals.set_rule(change, "readers", "p"))
    reader, node = desk.signed_in("reader"), desk.room.node_id
    first, second = (
        reader.post("/api/v1/requests", json={"box_id": desk.boxes[box]}).json() for box in ("0007", "0021")
    )
    assert (first["state"], second["state"]) == ("asked", "asked")
    wait_for(lambda: len(centre.approvals.all(now_ms())["waiting"]) == 2)
    centre.commands.decide_loan(node, first["id"], "li", True, opinion="同意")
    centre.commands.decide_loan(node, second["id"], "li", False, "use_scan")
    wait_for(lambda: [one["became"] for one in centre.approvals.all(now_ms())["decided"]] == ["done", "done"])
    told = desk.signed_in().get("/api/v1/requests").json()
    assert [one["id"] for one in told["queue"]] == [first["id"]] and told["asked"] == []
    decision = told["queue"][0]["decision"]
    assert (decision["by"], decision["at_centre"], decision["opinion"]) == ("li", True, "同意")
    assert [(one["id"], one["reason"]) for one in told["denied"]] == [(second["id"], "use_scan")]
    assert desk.shelving.armed == []


def test_a_card_that_was_revoked_at_the_console_signs_nobody_in(desk, centre):
    node, holder = desk.room.node_id, desk.people["archivist"].id

    def held():
        desk.reader.held = [CARD]
        desk.presence.poll()
        return desk.client().post("/api/v1/session/card")

    assert held().json()["person"]["id"] == holder
    wait_for(lambda: [one for one in centre.people_of_rooms.all(now_ms())[0]["people"] if one["cards"]])
    [card] = [
        card["id"]
        for one in centre.people_of_rooms.all(now_ms())[0]["people"]
        if one["id"] == holder
        for card in one["cards"]
    ]
    centre.commands.revoke(node, "revoke_card", card, "li", "card_lost")
    wait_for(lambda: centre.people_of_rooms.all(now_ms())[0]["asked"][0]["became"] == "done")
    assert held().json()["code"] in ("card_unknown", "no_card")
