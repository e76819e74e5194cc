"""The technician's screens, and a block that is cranked by hand, in a real Chromium at 1024×600."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from edge.devices.board_firmware import BoardFirmware, Entry
from edge.domain.monthly_proof import DAY_MS, items
from edge.domain.patrol import Point
from edge.store import patrol_site
from edge.workflows import retrieve
from edge.workflows.motion import Follower
from edge.workflows.patrol_watch import PatrolWatch
from firmware import registers as r
from tests.edge.panel.kiosk import sit_down

pytestmark = pytest.mark.browser

PIN = "816049"
PICTURES = os.environ.get("STOREROOM_PICTURES")  # a folder: what the screens looked like, for whoever wants to see


def picture(page, name):
    if PICTURES:
        for language in ("zh-Hans", "zh-Hant", "en"):
            cookie = {"name": "storeroom_language", "value": language, "url": page.url.split("#")[0]}
            page.context.add_cookies([cookie])
            page.reload()
            page.wait_for_timeout(900)
            page.screenshot(path=Path(PICTURES) / f"{name}-{language}.png")
        page.context.add_cookies([{**cookie, "value": "zh-Hans"}])
        page.reload()


@pytest.fixture
def technician(desk, page, expect):
    """Signed in at the panel."""
    people, by = desk.room.people, (desk.people["security"].id, desk.people["auditor"].id)

    def add(change):
        person = people.add(change, "周建国", department="工程部", roles=("technician",), by=by)
        people.set_pin(change, person.id, PIN, actor=by[0])
        return person

    person = desk.database.write(add)
    sit_down(desk, page, person)
    expect(page.locator("#person-chip")).to_contain_text("周建国")
    return person


def go(page, screen):
    page.evaluate("screen => { location.hash = '#/' + screen }", screen)


def touch(desk, inputs):
    rest = desk.shelving.now
    opened = [replace(one, open_inputs=tuple(n for c, n in inputs if c == one.column)) for one in rest.carriages]
    for carriages in (rest.carriages, tuple(opened), rest.carriages):
        desk.report(carriages=carriages)
        desk.proof.step()


def test_rule_13_a_technician_proves_every_circuit_and_signs_and_nothing_can_be_ticked(desk, page, expect, technician):
    desk.clock.advance(40 * DAY_MS)
    desk.block_file.step()
    sit_down(desk, page, technician)
    go(page, "block")
    expect(page.locator(".refused-card")).to_contain_text("月度验证已过期")
    picture(page, "block-overdue")
    page.get_by_role("link", name="月度验证").click()
    page.get_by_role("button", name="开始验证").click()
    expect(page.get_by_text("已应答 0 /")).to_be_visible()
    assert page.locator("input[type=checkbox]").count() == 0
    touch(desk, {(3, "edge_left_ok"), (4, "edge_left_ok")})
    expect(page.locator(".proof-seen")).to_contain_text("第 3 列")
    picture(page, "proof")
    wanted = items(desk.room.layout, estops=2)
    for item in wanted:
        for _ in range(item.times):
            touch(desk, item.expected)
    page.get_by_role("button", name="签字完成").click()
    for figure in PIN:
        page.locator(".pin-pad").get_by_role("button", name=figure, exact=True).click()
    picture_of_pad = page.locator(".pin-pad").bounding_box()
    assert picture_of_pad["y"] + picture_of_pad["height"] <= 600
    page.locator(".pin-pad .enter").click()
    expect(page.locator(".proof-past")).to_contain_text("周建国")
    assert desk.events("block.proof_good")[0].actor == technician.id
    desk.block_file.step()
    go(page, "block")
    expect(page.locator(".refused-card")).to_have_count(0)


def test_a_technician_sees_what_every_board_runs_and_what_to_do(desk, page, expect, technician):
    good = BoardFirmware(
        2, "carriage", 2, True, r.FIRMWARE_VERSION, r.MAP_VERSION, 0x1A2B, 7, "power_on", 4000, "carriage",
        0x7C21, 0x7C21, True, "a", 0x9F3C2210, log=(Entry("fault", 6, 120, ("edge_left", "estop")),),
    )  # fmt: skip
    desk.shelving.boards = [
        good,
        replace(good, address=3, column=3, config_crc=1, boot_reason="watchdog"),
        BoardFirmware(4, "carriage", 4),
        replace(good, address=21, kind="sensors", kind_seen="sensors", column=None, crc_wanted=None, log=()),
    ]
    go(page, "boards")
    rows = page.locator("table.boards tbody tr")
    expect(rows).to_have_count(4)
    expect(rows.nth(0)).to_contain_text("9f3c2210")
    expect(rows.nth(0)).to_contain_text("正常")
    expect(rows.nth(1)).to_contain_text("看门狗")
    expect(page.locator("p[role=status]")).to_contain_text("2 块控制板需要处理")
    picture(page, "boards")
    sit_down(desk, page, desk.people["archivist"])
    expect(page.locator(".missing")).to_contain_text("技术员")


@pytest.mark.parametrize("desk", ["crank"], indirect=True)
def test_a_hand_cranked_block_says_which_carriage_to_crank_and_which_way(desk, page, expect):
    staff = desk.people["archivist"]
    loan = retrieve.ask_for(desk.room, staff, box_id=desk.boxes["0007"])
    sit_down(desk, page, staff)
    go(page, f"job/{loan.id}")
    expect(page.get_by_role("heading", name="请先说明哪条通道开着")).to_be_visible()
    go(page, "block")
    page.get_by_role("button", name="现在哪条通道开着？").click()
    page.get_by_role("dialog").get_by_role("button", name="6", exact=True).click()
    expect(page.get_by_text("开着的是另一条通道")).to_be_visible()
    go(page, f"job/{loan.id}")
    page.get_by_role("button", name="打开通道 3").click()
    page.get_by_role("dialog").get_by_role("button", name="打开通道 3").click()
    expect(page.locator(".crank-turns li")).to_have_text(["→ 第 6 列向右摇", "→ 第 5 列向右摇", "→ 第 4 列向右摇"])
    assert page.locator(".start-lamp").count() == 0
    assert desk.shelving.armed == []
    picture(page, "crank")
    page.get_by_role("button", name="已打开，手摇把已锁住").click()
    expect(page.get_by_role("button", name="已取出")).to_be_visible()


def test_rule_16_a_paper_slip_is_entered_at_the_panel_with_its_real_time(desk, page, expect):
    sit_down(desk, page, desk.people["archivist"])
    go(page, "jobs")
    page.get_by_role("link", name="补录").click()
    page.get_by_label("盒号").first.fill("0007")
    page.get_by_label("借阅人").first.select_option(label="王小梅 财务处")
    day = desk.room.clock.utc_ms() // 86_400_000 * 86_400_000
    date = page.locator("input[type=date]")
    assert len(date.input_value()) == 10
    date.evaluate("(field, ms) => { field.value = new Date(ms).toISOString().slice(0, 10) }", day)
    page.get_by_label("时", exact=True).select_option("00")
    page.get_by_label("分", exact=True).select_option("00")
    page.get_by_role("button", name="补录").click()
    expect(page.locator("#notices")).to_contain_text("0007 号盒已补录")
    assert len(desk.events("slip.entered")) == 1
    picture(page, "slip")


def test_staff_open_the_door_at_the_panel_say_who_is_out_and_after_fire_sign_that_people_may_go_in(desk, page, expect):
    sit_down(desk, page, desk.people["chief"])
    go(page, "door")
    expect(page.locator("#door-chip")).to_contain_text("门已关")
    picture(page, "door-closed")
    page.get_by_role("button", name="盘点").click()
    page.get_by_role("button", name="开门进入").click()
    expect(page.locator("#door-chip")).to_contain_text("请推门")
    assert desk.door.released
    desk.door.closed = False
    expect(page.locator("#door-chip")).to_contain_text("门开着")
    expect(page.locator(".door-side")).to_contain_text("在库房内：1 人")
    picture(page, "door-open")
    desk.door.closed = True
    page.get_by_role("button", name="已出去").click()
    expect(page.locator(".door-side")).to_contain_text("在库房内：0 人")
    go(page, "entries")
    expect(page.locator(".entries tbody tr")).to_contain_text(["何平"])
    picture(page, "entries")
    rest = desk.shelving.now.carriages
    desk.report(carriages=tuple(replace(one, open_inputs=("fire_ok",)) for one in rest))
    expect(page.locator("#door-chip")).to_contain_text("禁止进入")
    expect(page.locator("#alarm-chip")).to_contain_text("火灾报警")
    desk.report(carriages=rest)
    go(page, "door")
    picture(page, "door-barred")
    page.get_by_role("button", name="允许进入").click()
    page.get_by_label("气体读数").fill("氧气 20.9 %")
    page.get_by_role("dialog").get_by_role("button", name="允许进入").click()
    expect(page.locator("#door-chip")).to_contain_text("门已关")


def test_a_patrol_is_walked_from_point_to_point_and_what_it_found_is_closed(desk, page, expect):
    PatrolWatch(desk.room).step()
    points = [
        Point("", "door", None, "", "", ("daily",)),
        Point("", "sensor", None, "北墙", "", ("daily",)),
        Point("", "aisle", 3, "", "", ("daily",)),
    ]
    desk.database.write(lambda change: patrol_site.set_points(change, points, "p"))
    sit_down(desk, page, desk.people["chief"])
    expect(page.locator("#patrol-chip")).to_contain_text("巡查")
    go(page, "patrol")
    picture(page, "patrol-due")
    page.locator(".patrol-kind", has_text="每日巡查").get_by_role("button", name="开始").click()
    expect(page.get_by_role("heading", name="库房门")).to_be_visible()
    picture(page, "patrol-point")
    page.get_by_role("button", name="有问题").click()
    page.get_by_role("button", name="损坏").click()
    page.get_by_label("说明").fill("门锁松动")
    page.get_by_role("button", name="拍照").click()
    expect(page.locator(".patrol-picture img")).to_be_visible()
    box = page.get_by_role("button", name="记下").bounding_box()
    assert box["y"] + box["height"] <= 600 and box["height"] >= 48
    page.get_by_role("button", name="记下").click()
    expect(page.locator(".patrol-evidence")).to_contain_text("21.4")
    picture(page, "patrol-evidence")
    for answer in ("正常", "有问题"):
        assert page.get_by_role("button", name=answer).bounding_box()["height"] >= 90
    page.get_by_role("button", name="正常").click()
    page.get_by_role("button", name="打开通道 3").click()
    page.get_by_role("dialog").get_by_role("button", name="打开通道 3").click()
    expect(page.locator(".start-lamp")).to_be_visible()
    picture(page, "patrol-start")
    assert [move.kind for move in desk.room.moves.recent("B1-A", 1, None, None)] == ["patrol"]
    desk.shelving.phase("ended", ended="reached")
    desk.shelving.stands(3, "occupied")
    Follower(desk.room).step()
    expect(page.get_by_text("通道 3 开着")).to_be_visible()
    picture(page, "patrol-aisle")
    page.get_by_role("button", name="正常").click()
    picture(page, "patrol-sign")
    page.get_by_role("button", name="签字完成").click()
    expect(page.locator(".patrol")).to_contain_text("未办事项：1 项")
    picture(page, "patrol-done")
    go(page, "findings")
    page.get_by_role("button", name="指定负责人").click()
    page.get_by_role("dialog").get_by_role("button", name="保存").click()
    expect(page.locator(".finding")).to_contain_text("负责")
    picture(page, "patrol-findings")
    page.get_by_role("button", name="办结").click()
    page.get_by_role("dialog").get_by_label("做了什么").fill("换了新锁")
    page.get_by_role("dialog").get_by_role("button", name="办结").click()
    expect(page.locator(".finding")).to_contain_text("换了新锁")
    go(page, "patrols")
    expect(page.locator(".patrols tbody tr")).to_contain_text(["门锁松动"])
    picture(page, "patrol-register")
    go(page, "patrol-list")
    expect(page.locator(".patrol-points li")).to_have_count(3)
    picture(page, "patrol-list")
