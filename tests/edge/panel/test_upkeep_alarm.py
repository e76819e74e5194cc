"""One byte of a kept file is changed: the nightly upkeep's alarm stands at the panel and says which scan."""

import hashlib
from contextlib import closing

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.store.connection import connect
from edge.store.upkeep_site import Site
from edge.workflows.upkeep import Upkeep

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
    assert all(scan in found["upkeep_evidence"][0] for found in told.values())
    assert "哈希不符" in told["zh-CN"]["upkeep_evidence"][0] and "雜湊不符" in told["zh-TW"]["upkeep_evidence"][0]
    assert told["en"]["upkeep_trace"] == []
    ended = [
        line for line in desk.signed_in().get("/api/v1/trace").json()["events"] if line["action"] == "upkeep.ended"
    ]
    assert {"留存文件 · 发现问题", "留痕 · 正常"} <= {line["detail"] for line in ended}
    assert desk.signed_in("reader").get("/api/v1/upkeep").json()["code"] == "not_allowed"
