"""The page and its stream: policy headers, files by content, snapshots, and a shutdown that does not hang."""

import json
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace

import httpx
import pytest

from edge.domain.block import Loss
from edge.domain.climate import Reading
from edge.panel import shapes
from edge.panel.page_files import build_id, static_file
from edge.workflows.watch_protections import Watch


def test_every_answer_carries_the_strict_policy(desk):
    client = desk.client()
    for path in ("/", "/api/v1/snapshot", "/api/v1/words/en", "/healthz", "/nowhere"):
        policy = client.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy


def test_a_film_cannot_be_enlarged_away_from_who_when_and_why_across_it(desk):
    allowed = desk.client().get("/").headers["permissions-policy"]
    assert {"fullscreen=()", "picture-in-picture=()"} <= set(allowed.split(", "))


def test_the_page_holds_nothing_inline_that_the_policy_would_block(desk):
    page = desk.client().get("/").text
    assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
    assert " style=" not in page
    assert re.findall(r"\son[a-z]+=", page) == []


def test_the_page_is_never_stored_and_its_files_for_ever(desk):
    client = desk.client()
    page = client.get("/")
    assert page.headers["cache-control"] == "no-store"
    for address in re.findall(r'(?:src|href)="(/static/[^"#]+)', page.text):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["cache-control"]
    stale = client.get("/static/000000000000/panel.js")
    assert stale.headers["cache-control"] == "no-store"


def test_a_changed_file_changes_the_address_of_all(tmp_path):
    (tmp_path / "a.js").write_text("1")
    before = build_id(tmp_path)
    build_id.cache_clear()
    (tmp_path / "a.js").write_text("2")
    assert build_id(tmp_path) != before
    build_id.cache_clear()


def test_no_address_leads_out_of_the_static_folder(desk):
    assert static_file("../app.py") is None
    assert desk.client().get("/static/x/..%2fapp.py").status_code == 404


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_the_page_speaks_the_language_chosen_at_the_panel(desk, language):
    client = desk.client()
    client.cookies.set("storeroom_language", language)
    page = client.get("/").text
    assert f'<html lang="{language}"' in page
    assert {"zh-Hans": "停止", "zh-Hant": "停止", "en": "Stop"}[language] in page


def test_the_page_starts_in_the_rooms_language_whatever_the_browser_prefers(desk):
    headers = {"accept": "text/html", "accept-language": "en-US,en"}
    assert '<html lang="zh-Hans"' in desk.client().get("/", headers=headers).text


def test_docs_pages_are_off_and_the_description_is_on(desk):
    client = desk.client()
    assert client.get("/docs").status_code == 404
    assert client.get("/redoc").status_code == 404
    assert "/api/v1/stop" in client.get("/openapi.json").json()["paths"]


def test_a_snapshot_shows_the_block_without_titles_or_names(desk):
    client = desk.signed_in()
    client.post("/api/v1/requests", json={"box_id": desk.boxes["0007"]})
    text = client.get("/api/v1/snapshot").text
    snapshot = json.loads(text)
    assert [column["position_mm"] for column in snapshot["block"]["columns"]][:3] == [0, 450, 1150]
    assert snapshot["queue"][0]["slot"] == "B1-A-03-R-02-4-07"
    assert "会议纪要" not in text
    assert "李文清" not in text


def test_unknown_positions_are_a_power_up_and_all_aisles_are_to_be_walked(desk):
    lost = tuple(replace(report, position_mm=None, state="unknown") for report in desk.shelving.now.carriages)
    desk.shelving.now = replace(desk.shelving.now, carriages=lost)
    desk.shelving.set_aisles("occupied", "power_up")
    snapshot = desk.client().get("/api/v1/snapshot").json()
    assert snapshot["power_up"] is True
    assert snapshot["walk"] == [1, 2, 3, 4, 5, 6, 7, 8, 9]


def test_rule_7_the_panel_says_which_carriage_lost_its_place_and_whose_board_has_not_forgotten_yet(desk):
    assert desk.client().get("/api/v1/snapshot").json()["block"]["loss"] is None
    lost = tuple(replace(report, position_mm=None, state="unknown") for report in desk.shelving.now.carriages)
    desk.shelving.now = replace(desk.shelving.now, carriages=lost, loss=Loss(7, ((3, "cranked"), (4, "cranked")), (5,)))
    told = desk.client().get("/api/v1/snapshot").json()["block"]["loss"]
    assert told == {"because": {"cranked": [3, 4]}, "waiting": [5]}


def test_an_alarm_is_shown_acknowledged_by_name_and_charted_with_its_limits(desk):
    limit = replace(desk.room.alarms.limits()["rh_high"], on_delay_s=0)
    desk.database.write(lambda change: desk.room.alarms.set_limit(change, limit, "a"))
    humid = (replace(desk.shelving.now.sensors[0], rh_cpct=6800), desk.shelving.now.sensors[1])
    desk.shelving.now = replace(desk.shelving.now, sensors=humid)
    Watch(desk.room).step()
    client = desk.signed_in()
    alarm = client.get("/api/v1/snapshot").json()["alarms"][0]
    assert (alarm["rule"], alarm["place"], alarm["acked"]) == ("rh_high", "北墙", False)
    assert desk.sounder.sounds is True
    assert client.post(f"/api/v1/alarms/{alarm['id']}/acknowledge").status_code == 200
    assert desk.sounder.sounds is False
    assert client.get("/api/v1/snapshot").json()["alarms"][0]["acked_by_name"] == "李文清"
    desk.room.readings.add([Reading("北墙", "rh_cpct", 6800, desk.clock.utc_ms() - 120_000)], desk.clock.utc_ms())
    series = client.get("/api/v1/readings", params={"place": "北墙", "measurand": "rh_cpct"}).json()
    assert (series["low"], series["high"], series["points"][0][2]) == (4500, 6000, 6800)


def test_healthz_names_what_is_wrong(desk):
    assert desk.client().get("/healthz").text == "ok"
    desk.faults = ["disk_full"]
    desk.report(alive=False)
    answer = desk.client().get("/healthz")
    assert (answer.status_code, answer.text.split()) == (503, ["disk_full", "motion_silent"])


def test_metrics_are_plain_lines_of_name_and_number(desk):
    lines = desk.client().get("/metrics").text.splitlines()
    assert "storeroom_carriages_online 8" in lines
    assert all(re.fullmatch(r"storeroom_[a-z_]+ -?\d+", line) for line in lines)


def until(true, seconds=20):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never became true"
        time.sleep(0.02)


def snapshots(lines):
    return (json.loads(line[6:]) for line in lines if line.startswith("data: "))


def test_the_stream_sends_a_whole_snapshot_at_once_then_each_change_and_a_heartbeat(desk, running):
    _, _, address = running
    with httpx.Client() as client, client.stream("GET", f"{address}/events", timeout=20) as stream:
        told = snapshots(stream.iter_lines())
        assert len(next(told)["block"]["columns"]) == 9
        assert next(told)["block"]["move"] is None  # the heartbeat: nothing had changed
        desk.shelving.phase("moving", columns=(4,), aisle=3)
        until(lambda: next(told)["block"]["move"] is not None)


def test_open_streams_do_not_hold_up_the_shutdown(desk, running):
    server, thread, address = running
    with httpx.Client() as client, client.stream("GET", f"{address}/events", timeout=20) as stream:
        next(snapshots(stream.iter_lines()))
        began = time.monotonic()
        server.handle_exit(2, None)
        thread.join(20)
        assert not thread.is_alive()
        assert time.monotonic() - began < 15
    assert desk.app.state.panel.snapshots.open_streams == 0


def test_no_header_makes_a_remote_peer_look_like_the_panel(running):
    server, _, _ = running
    assert server.config.proxy_headers is False


@pytest.mark.parametrize(
    ("gap_mm", "state", "too_narrow"),
    [(180, "occupied", False), (182, "occupied", True), (182, "clear", False), (900, "occupied", False)],
)
def test_an_aisle_that_a_stop_left_too_narrow_to_walk_is_told(desk, gap_mm, state, too_narrow):
    block = desk.shelving.now
    aisles = tuple(replace(aisle, gap_mm=gap_mm, state=state) for aisle in block.aisles)
    told = shapes.block(desk.room, replace(block, aisles=aisles))["aisles"]
    assert [aisle["too_narrow"] for aisle in told] == [too_narrow] * len(aisles)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_signal_leaves_the_node_time_to_close_what_it_opened(number):
    code = (
        "import threading, time\nfrom fastapi import FastAPI\nfrom edge.panel.serve import PanelServer\n"
        "app = FastAPI()\napp.state.stopping = threading.Event()\nserver = PanelServer(app, '127.0.0.1', 0)\n"
        "def up():\n    while not server.started: time.sleep(0.05)\n    print('up', flush=True)\n"
        "threading.Thread(target=up, daemon=True).start()\nserver.run()\nprint('closed', flush=True)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as node:
        assert node.stdout.readline() == "up\n"
        node.send_signal(number)
        assert node.stdout.readline() == "closed\n"
        assert node.wait(30) == 0


def test_a_recording_is_played_by_ranges_at_the_panel(desk):
    staff = desk.signed_in()
    item = desk.room.catalogue.items_in_box(desk.boxes["0007"])[0]
    sound = b"RIFF" + (4 + 8 + 16 + 8 + 3_000_000).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
    sound += bytes(8) + (8000).to_bytes(4, "little") + bytes(4) + b"data" + (3_000_000).to_bytes(4, "little")
    sound += bytes(3_000_000)
    taken = staff.post(f"/api/v1/pages/files?name=a.wav&item_id={item.id}", content=sound)
    assert taken.json()["e_file"].endswith("-E001.wav")
    (one,) = staff.get(f"/api/v1/items/{item.id}/e-files").json()
    where = f"/api/v1/e-files/{one['id']}/play?purpose=work"
    first = staff.get(where, headers={"range": "bytes=0-"})
    assert (first.status_code, first.headers["content-type"], len(first.content)) == (206, "audio/wav", 2_000_000)
    assert first.headers["content-range"] == f"bytes 0-1999999/{len(sound)}"
    rest = staff.get(where, headers={"range": "bytes=2000000-"})
    assert first.content + rest.content == sound
    assert staff.get(where, headers={"range": f"bytes={len(sound)}-"}).status_code == 416
    assert len(desk.events("e_file.opened")) == 1
    assert "media-src 'self'" in first.headers["content-security-policy"]
