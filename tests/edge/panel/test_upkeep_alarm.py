"""One byte of a kept file is changed: the nightly upkeep's alarm stands at the panel and says which scan."""

import hashlib
from contextlib import closing

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.store.connection import connect
from edge.store.upkeep_site import Site
from edge.workflows.upkeep import Upkeep
from tests.edge.panel.kiosk import sit_down

KEY = bytes(range(32))


def test_a_changed_byte_is_an_alarm_that_names_the_scan_to_whoever_answers_it(desk, tmp_path):
    desk.room.scans.keep(b"page" * 20_000, 1)
    scans, looks = tmp_path / "scans.db", tmp_path / "looks.db"
    with closing(connect(scans, KEY)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    content = bytearray(scans.read_bytes())
    content[-600] ^= 1
    scans.write_bytes(content)
    public = Ed25519PrivateKey.from_private_bytes(KEY).public_key()
    site = Site(desk.database, KEY, public, (looks,), lambda: True, scans)
    Upkeep(site, desk.clock, "Asia/Shanghai", "一号库房").now(lambda _said: None)
    told = {
        language: desk.signed_in().get("/api/v1/upkeep", headers={"accept-language": language}).json()
        for language in ("zh-CN", "zh-TW", "en")
    }
    scan = hashlib.sha256(b"page" * 20_000).hexdigest()[:12]
    assert all(scan in found["upkeep_evidence"][0]["said"] for found in told.values())
    assert "哈希不符" in told["zh-CN"]["upkeep_evidence"][0]["said"]
    assert "雜湊不符" in told["zh-TW"]["upkeep_evidence"][0]["said"]
    assert not told["en"]["upkeep_evidence"][0]["outside"], "a scan is restored, not accepted"
    assert told["en"]["upkeep_trace"] == []
    ended = [
        line for line in desk.signed_in().get("/api/v1/trace").json()["events"] if line["action"] == "upkeep.ended"
    ]
    assert {"留存文件 · 发现问题", "留痕 · 正常"} <= {line["detail"] for line in ended}
    assert desk.signed_in("reader").get("/api/v1/upkeep").json()["code"] == "not_allowed"


@pytest.mark.browser
def test_what_was_changed_outside_is_all_shown_and_accepted_with_a_reason(desk, page, expect):
    chief, public = desk.people["chief"], Ed25519PrivateKey.from_private_bytes(KEY).public_key()
    upkeep = Upkeep(Site(desk.database, KEY, public, (), lambda: True, None), desk.clock, "Asia/Shanghai", "一号库房")
    upkeep.now(lambda _said: None)
    with closing(connect(desk.database.path, KEY)) as db:
        db.execute("UPDATE item SET title = '伪造' WHERE no <= 5")
    desk.clock.advance(1000)
    upkeep.now(lambda _said: None)
    sit_down(desk, page, chief)
    page.goto(page.url.split("#")[0] + "#/alarms")
    expect(page.locator(".alarm .path")).to_have_count(5)
    expect(page.locator(".alarm .path").last).to_be_hidden()
    page.get_by_text("还有 2 项").click()
    expect(page.locator(".alarm .path").last).to_be_visible()
    page.get_by_role("button", name="接受系统外的改动").click()
    question = page.locator("dialog")
    question.get_by_role("button", name="接受系统外的改动").click()
    expect(question).to_contain_text("请写明")
    question.get_by_label("接受的理由").fill("已与原件核对")
    question.get_by_role("button", name="接受系统外的改动").click()
    expect(page.get_by_text("已接受 5 项")).to_be_visible()
    (event,) = desk.events("records.accepted")
    assert event.actor == chief.id
