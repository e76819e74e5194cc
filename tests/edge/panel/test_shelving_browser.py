"""The pull list and the rescue screen in a real Chromium at 1024×600."""

import re
from dataclasses import replace

import pytest

from edge.store import box_places
from edge.words import LANGUAGES, say
from edge.workflows import retrieve
from edge.workflows.fault_watch import FaultWatch
from edge.workflows.motion import Follower
from firmware import registers as r
from tests.edge.panel.kiosk import sign_in

pytestmark = pytest.mark.browser

CUT = "() => [...document.querySelectorAll('.fault-card *')].some((one) => one.scrollWidth > one.clientWidth + 1)"


def test_ticked_requests_become_a_list_whose_first_aisle_waits_for_start(desk, page, expect):
    sign_in(desk, page, expect)
    staff = desk.people["archivist"]
    for number in ("0007", "0021"):
        retrieve.ask_for(desk.room, staff, box_id=desk.boxes[number])
    page.goto(page.url.split("#")[0] + "#/jobs")
    ticks = page.get_by_role("checkbox", name="加入清单")
    expect(ticks).to_have_count(2)
    for tick in ticks.all():
        tick.check()
    desk.shelving.stands(3)
    page.get_by_role("button", name="按清单调档（2 件）").click()
    expect(page.get_by_role("heading", name="通道 3 已经打开")).to_be_visible()
    expect(page.get_by_text("还要开 1 次通道，已是最少")).to_be_visible()  # what stands open is no opening
    desk.shelving.stands(4)
    expect(page.get_by_text("还要开 2 次通道，已是最少")).to_be_visible()
    page.locator(".pull-now").get_by_role("button", name="打开通道 3").click()
    page.get_by_role("dialog").get_by_role("button", name="打开通道 3").click()
    expect(page.get_by_text("按下密集架上亮灯的启动按钮")).to_be_visible()
    assert desk.shelving.now.move.phase == "armed"
    expect(page.get_by_text("下一处 · 通道 3 · 1 盒")).to_be_visible()  # on its shelf still: nothing was fetched yet
    expect(page.get_by_text("待核对")).to_have_count(0)


def test_the_rescue_screen_needs_no_login_stops_first_and_leaves_stop_in_reach(desk, page, expect):
    page.get_by_role("button", name="有人被困").click()
    expect(page.get_by_role("heading", name="有人被困：已发出停止")).to_be_visible()
    expect(page.get_by_text("通道两端都有手动释放")).to_be_visible()
    expect(page.locator("#banner")).to_contain_text("不得启动架体")
    assert desk.shelving.stops == 1
    stop = page.locator("#stop").bounding_box()
    assert stop["y"] + stop["height"] <= 600, "the banner does not push Stop off the screen"
    assert desk.room.entrapments.open() is not None


def test_rule_14_the_banner_names_the_holder_on_every_screen_and_the_block_tells_what_ends_it(desk, page, expect):
    follower = Follower(desk.room)
    desk.shelving.open_inputs("key_normal")
    follower.step()
    banner = page.locator("#banner")
    expect(banner).to_contain_text("维护中，尚无人登记持钥匙")
    sign_in(desk, page, expect)
    page.goto(page.url.split("#")[0] + "#/block")
    page.get_by_role("button", name="钥匙在我手里").click()
    expect(banner).to_contain_text("维护中，李文清 持钥匙")
    expect(page.get_by_text("把钥匙转回原位，再走查所有通道")).to_be_visible()
    stop = page.locator("#stop").bounding_box()
    assert stop["y"] + stop["height"] <= 600, "the banner does not push Stop off the screen"
    page.goto(page.url.split("#")[0] + "#/search")
    expect(banner).to_contain_text("李文清")
    desk.shelving.open_inputs("unlocked")
    follower.step()
    expect(banner).to_contain_text("密集架已上锁")
    desk.shelving.open_inputs()
    follower.step()
    expect(banner).to_be_hidden()


def test_a_board_that_answers_oddly_is_named_on_the_block_screen(desk, page, expect):
    desk.report(notes=("address_twice:3",))
    page.goto(page.url.split("#")[0] + "#/block")
    expect(page.get_by_text("地址 3 上有两块板在回应")).to_be_visible()


def test_putting_a_box_back_tells_start_with_its_seconds_and_then_which_carriage_drives(desk, page, expect):
    sign_in(desk, page, expect)
    box_id, now = desk.boxes["0021"], desk.shelving
    desk.room.database.write(lambda change: box_places.take_box(change, box_id, "node", "loan"))
    desk.walked()
    page.goto(page.url.split("#")[0] + f"#/reshelving/{box_id}")
    page.locator(".job-body").get_by_role("button", name="打开通道 5").click()
    page.get_by_role("dialog").get_by_role("button", name="打开通道 5").click()
    expect(page.get_by_text("按下密集架上亮灯的启动按钮")).to_be_visible()
    now.phase("armed", seconds_left=7)
    expect(page.locator(".seconds")).to_have_text("7")
    now.phase("moving")
    fifth = next(report for report in now.now.carriages if report.column == 5)
    desk.report(carriages=(replace(fifth, speed_mm_s=40, target_mm=1200),))
    expect(page.get_by_text(f"{fifth.position_mm} → 1200 mm")).to_be_visible()
    now.phase("ended", ended="edge_hit")
    expect(page.locator(".job-body").get_by_role("button", name="打开通道 5")).to_be_visible()


def test_rule_2_the_circuit_that_did_not_answer_stands_beside_its_carriage(desk, page, expect):
    page.evaluate("location.hash = '#/block'")
    row = page.locator("tr", has=page.get_by_role("rowheader", name="3", exact=True)).last
    rest = desk.shelving.now.carriages
    mute = {"faults": ("proof_failed",), "unproved": ("fire",)}
    desk.report(carriages=tuple(replace(one, **mute) if one.column == 3 else one for one in rest))
    expect(row).to_contain_text("✗ 火警触点")
    desk.report(carriages=tuple(replace(one, unproved=("fire",)) for one in rest))  # not asked since Reset
    expect(row).not_to_contain_text("火警触点")


def test_rule_9_every_latched_fault_is_named_on_the_block_with_columns_since_when_cause_and_remedy(desk, page, expect):
    """In all three languages, whole at this width, and by name on every other screen."""
    faults, rest = [name for name, _bit in r.FAULTS], desk.shelving.now.carriages
    watch, address = FaultWatch(desk.room), page.url.split("#")[0]
    held = [
        dict(zip(rest, faults[first : first + len(rest)], strict=False)) for first in range(0, len(faults), len(rest))
    ]

    def latch(shown):
        desk.report(carriages=tuple(replace(one, faults=(shown[one],) if one in shown else ()) for one in rest))
        for _look in range(2):
            watch.step(desk.shelving.now)
            desk.clock.advance(1000)

    for language in LANGUAGES:
        page.context.add_cookies([{"name": "storeroom_language", "value": language, "url": address}])
        page.goto(f"{address}#/block")
        page.reload()
        for shown in held:
            latch(shown)
            for carriage, fault in shown.items():
                card = page.locator(".fault-card", has_text=say(language, f"cause.{fault}"))
                expect(card.get_by_role("heading")).to_contain_text(say(language, f"fault.{fault}"))
                expect(card).to_contain_text(say(language, "panel.block.columns", columns=carriage.column))
                expect(card).to_contain_text(re.compile(r"\d:\d\d"))
                expect(card).to_contain_text(say(language, f"remedy.{fault}"))
            assert not page.evaluate(CUT), language
    latch({rest[0]: "estop"})
    page.evaluate("() => { location.hash = '#/climate' }")
    page.locator("#faults").get_by_role("link", name=say(language, "fault.estop")).tap()
    expect(page.locator("#screen")).to_have_attribute("data-screen", "block")
    expect(page.locator("#faults")).to_be_hidden()
