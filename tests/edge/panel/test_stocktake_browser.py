"""Taking stock in a real Chromium at 1024×600."""

import json
import re
import time

import pytest

from edge.devices import BaySeen
from edge.domain.bays import Unplaced
from edge.panel.enrolment import COOKIE
from edge.store import box_places
from edge.workflows import count_bay, sample, stocktake
from edge.workflows.stocktake_sheet import sheet
from tests import needs
from tests.edge.panel.kiosk import SLOW_MS, sign_in, sit_down

pytestmark = pytest.mark.browser
BAY = "B1-A-03-R-02"


def test_a_bay_is_begun_scanned_and_looked_at_with_a_finger(desk, page, expect):
    sign_in(desk, page, expect)
    page.goto(page.url.split("#")[0] + "#/reshelving")
    page.get_by_role("link", name="盘点").tap()
    page.get_by_role("button", name="B1-A-01-R-01").tap()
    page.get_by_role("button", name="开始", exact=True).tap()
    expect(page.get_by_text("还要看 32 个储位")).to_be_visible()
    slot = "B1-A-01-R-01-1-01"
    desk.scanner.read = [desk.room.catalogue.slot_label(slot)]
    expect(page.get_by_role("heading", name=slot)).to_be_visible()
    desk.scanner.read = [desk.room.catalogue.slot_label(slot)]
    expect(page.get_by_text("还要看 31 个储位")).to_be_visible()
    page.get_by_role("button", name="空的").first.tap()
    expect(page.get_by_text("还要看 30 个储位")).to_be_visible()
    small = [key.bounding_box() for key in page.locator(".stock-side button").all() if key.is_visible()]
    assert all(box["height"] >= 48 for box in small), "every target is big enough for a gloved finger"


def with_a_stray(desk):
    """A counted bay of empty slots, but for a box in its first slot that belongs elsewhere."""
    room, person = desk.room, desk.people["archivist"]
    begun = stocktake.begin(room, person, "rolling", BAY)
    slots = count_bay.begin_bay(room, person, begun.id, BAY).slots
    for slot in slots[1:]:
        count_bay.looked(room, person, begun.id, BAY, slot, "empty")
    stray = room.catalogue.box(desk.boxes["0021"])
    for text in (slots[0], stray.label):
        count_bay.scanned(room, person, begun.id, BAY, text)
    count_bay.finish_bay(room, person, begun.id, BAY)
    return begun, stray


def test_a_counted_bay_is_shown_in_colours_with_signs_and_a_tap_says_where_its_box_belongs(desk, page, expect):
    begun, _ = with_a_stray(desk)
    sign_in(desk, page, expect)
    page.goto(page.url.split("#")[0] + f"#/stocktake/{begun.id}")
    page.get_by_role("link", name=BAY).tap()
    expect(page.get_by_text("→ 错架 1")).to_be_visible()
    expect(page.get_by_text("✕ 缺 1")).to_be_visible()
    page.get_by_role("button", name="1-1 错架").tap()
    expect(page.get_by_text("应在 6 列 L 面 1 节 2 层 3 位")).to_be_visible()
    expect(page.get_by_role("link", name="归位")).to_be_visible()
    cells = [key.bounding_box() for key in page.locator(".found-key").all()]
    assert min(cell["height"] for cell in cells) >= 48 and max(cell["y"] + cell["height"] for cell in cells) <= 600


def test_who_begins_to_count_a_bay_opens_its_aisle_from_there_and_start_on_the_block_decides(desk, page, expect):
    begun = stocktake.begin(desk.room, desk.people["archivist"], "rolling", BAY)
    sign_in(desk, page, expect)
    desk.walked()
    page.goto(page.url.split("#")[0] + f"#/stocktake/{begun.id}/bay/{BAY}")
    page.get_by_role("button", name="打开通道 3").tap()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="暂不")).to_be_focused()
    assert desk.shelving.armed == [], "one tap moves nothing"
    dialog.get_by_role("button", name="打开通道 3").tap()
    expect(page.get_by_role("heading", name="按下密集架上亮灯的启动按钮")).to_be_visible()
    assert desk.shelving.armed[0][0].aisle == 3 and json.loads(desk.events("move.armed")[0].body)["why"] == "stocktake"
    desk.shelving.phase("ended", ended="reached")
    desk.shelving.stands(3, "occupied")
    expect(page.locator(".way-card")).to_be_hidden()
    page.get_by_role("button", name="开始", exact=True).tap()
    expect(page.get_by_text("还要看 32 个储位")).to_be_visible()


def test_a_misplaced_box_is_put_right_by_the_same_road_to_both_of_its_aisles(desk, page, expect):
    begun, stray = with_a_stray(desk)
    lines = sheet(desk.room, desk.people["archivist"], begun.id).lines
    line = next(one for one in lines if one.kind == "misplaced")
    sign_in(desk, page, expect)
    desk.walked()
    desk.shelving.stands(3)
    page.goto(page.url.split("#")[0] + f"#/stocktake/{begun.id}/right/{line.id}")
    expect(page.get_by_role("heading", name=f"从 {line.slot} 取出 0021 号盒")).to_be_visible()
    expect(page.locator(".way-card")).to_be_hidden()  # its aisle stands open
    desk.scanner.read = [stray.label]
    page.get_by_role("button", name="打开通道 5").tap()
    page.get_by_role("dialog").get_by_role("button", name="打开通道 5").tap()
    expect(page.get_by_role("heading", name="按下密集架上亮灯的启动按钮")).to_be_visible()
    assert desk.shelving.armed[-1][0].aisle == 5
    desk.shelving.phase("ended", ended="reached")
    desk.shelving.stands(5, "occupied")
    expect(page.locator(".way-card")).to_be_hidden()
    desk.scanner.read = [line.belongs]
    expect(page.get_by_role("heading", name="✓")).to_be_visible()
    expect(page.get_by_text("按深处按钮")).to_be_visible()
    desk.shelving.stands(5)
    expect(page.get_by_text("按深处按钮")).to_be_hidden()


def test_a_sheet_opened_by_its_address_says_the_rooms_time_and_differences_stand_first_once_counted(desk, page, expect):
    begun, _ = with_a_stray(desk)
    sign_in(desk, page, expect)
    page.goto(page.url.split("#")[0] + f"#/stocktake/{begun.id}")
    page.reload()
    expect(page.get_by_text("08:00")).to_have_count(2)  # in the bar, and when it was begun
    heads = [one.inner_text() for one in page.locator(".stock h2").all()]
    assert heads[0].startswith("差异") and heads[1] == "盘点范围"


def test_the_sheet_says_that_nothing_is_away_once_that_is_known(desk, page, expect):
    room, person = desk.room, desk.people["archivist"]
    begun = stocktake.begin(room, person, "rolling", BAY)
    sign_in(desk, page, expect)
    page.goto(page.url.split("#")[0] + f"#/stocktake/{begun.id}")
    expect(page.get_by_text("两人签字")).to_be_visible()
    assert page.get_by_text("外借或在途").count() == 0, "nobody knows it yet"
    for slot in count_bay.begin_bay(room, person, begun.id, BAY).slots:
        count_bay.looked(room, person, begun.id, BAY, slot, "empty")
    count_bay.finish_bay(room, person, begun.id, BAY)
    page.reload()
    expect(page.get_by_text("没有外借或在途的")).to_be_visible()


def test_the_box_to_open_is_named_and_the_item_that_lacks_its_answer_is_marked(desk, page, expect):
    begun = sample.begin(desk.room, desk.people["archivist"], 2)
    box = desk.room.catalogue.box(desk.boxes["0007"])
    sign_in(desk, page, expect)
    page.goto(page.url.split("#")[0] + f"#/stocktake/{begun.id}/box/{box.id}")
    expect(page.get_by_role("heading", name="盒 0007")).to_be_visible()
    expect(page.get_by_text("3 列 R 面 2 节 4 层 7 位").first).to_be_visible()
    desk.walked()
    expect(page.get_by_role("button", name="打开通道 3")).to_be_visible()
    desk.shelving.stands(3, "occupied")
    expect(page.locator(".way-card")).to_be_hidden()
    rows = page.locator(".stock-item")
    for row in rows.all()[:-1]:
        row.get_by_role("button", name="在", exact=True).tap()
    page.get_by_role("button", name="这一盒查完").tap()
    expect(page.locator(".stock-item.wanting")).to_have_count(1)
    expect(rows.last).to_have_class(re.compile("wanting"))
    rows.last.get_by_role("button", name="在", exact=True).tap()
    rows.first.get_by_role("textbox").fill("12")
    page.get_by_role("button", name="这一盒查完").tap()
    expect(page.get_by_text("点得 12 页，目录没有页数")).to_be_visible()


PLAYED = """() => {
    window.tones = [];
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...at) {
        window.tones.push([this.frequency.value, this.context.state]);
        return start.apply(this, at);
    };
}"""


def test_the_index_is_corrected_only_after_it_was_said_what_that_means(desk, page, expect):
    room, counter = desk.room, desk.people["archivist"]
    begun = sample.begin(room, counter, 1)
    (box,) = begun.boxes
    missing, *others = sample.items(room, counter, begun.id, box.box_id)
    told = [sample.Counted(missing.id, False, None), *(sample.Counted(one.id, True, None) for one in others)]
    sample.count(room, counter, begun.id, box.box_id, told)
    for who in ("archivist", "chief"):
        stocktake.sign(room, desk.people[who], begun.id)
    sit_down(desk, page, desk.people["chief"])
    page.goto(page.url.split("#")[0] + f"#/stocktake/{begun.id}")
    page.get_by_role("button", name="按实物改目录").tap()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(f"{missing.ref_code} 的目录作废")).to_be_visible()
    dialog.get_by_role("button", name="暂不").tap()
    assert room.catalogue.item(missing.id).state != "void"
    page.get_by_role("button", name="按实物改目录").tap()
    dialog.get_by_role("button", name="按实物改目录").tap()
    expect(page.get_by_text("已改目录")).to_be_visible()
    assert room.catalogue.item(missing.id).state == "void"


def test_a_box_that_a_count_did_not_find_says_so_to_whoever_looks_for_it(desk, page, expect):
    box_id, why = desk.boxes["0007"], f"{box_places.COUNTED}s-1"
    item = desk.room.catalogue.items_in_box(box_id)[0]
    desk.database.write(lambda change: box_places.take_box(change, box_id, "p-1", why))
    sign_in(desk, page, expect)
    page.get_by_role("searchbox").fill(item.ref_code)
    hit = page.locator("a.hit").first
    expect(hit.get_by_text("盘点未见")).to_be_visible()
    hit.tap()
    expect(page.locator(".tag", has_text="盘点未见")).to_be_visible()


def test_pictures_that_show_nothing_of_the_bay_say_what_to_do_sound_badly_and_stay_said(desk, chromium, served):
    from playwright.sync_api import expect

    object.__setattr__(desk.room, "mast_cameras", ("top", "bottom"))
    begun = stocktake.begin(desk.room, desk.people["archivist"], "rolling", BAY)
    slots = count_bay.begin_bay(desk.room, desk.people["archivist"], begun.id, BAY).slots
    desk.walked()
    desk.shelving.stands(3)
    desk.clock.advance(5000)
    beside = (desk.room.catalogue.slot_label("B1-A-03-R-01-1-01"),)
    seen = [{"slot": slot, "state": "empty", "codes": [], "lines": [], "between": ""} for slot in slots]
    seen[7]["state"] = "unseen"
    desk.camera.read_bay = lambda index, jpegs: BaySeen(
        tuple(seen), (Unplaced(0, beside), Unplaced(3, (), True)), jpegs[0]
    )
    context = chromium.new_context(viewport={"width": 1024, "height": 600}, has_touch=True)
    context.add_init_script(f"({PLAYED})()")
    page = context.new_page()
    page.goto(served)
    token, _ = desk.sessions.open(desk.people["archivist"].id, "kiosk")
    context.add_cookies([{"name": COOKIE, "value": token, "url": served}])
    page.goto("about:blank")
    page.goto(f"{served}#/stocktake/{begun.id}/bay/{BAY}")
    for _stop in (1, 2):
        page.get_by_role("button", name="拍照").tap()
    expect(page.get_by_text(f"1 张照片拍的是另一节 B1-A-03-R-01：把推车停到 {BAY} 前面再拍")).to_be_visible()
    expect(page.get_by_text("1 张照片是糊的")).to_be_visible()
    expect(page.get_by_text("1 个储位哪张照片都没拍全（1-8）")).to_be_visible()
    page.wait_for_timeout(1500)  # the scanner is asked meanwhile
    expect(page.get_by_text("1 张照片是糊的")).to_be_visible()
    assert page.evaluate("window.tones").pop()[0] == 220, "the last to be heard says that something is wrong"
    page.get_by_role("button", name="拍照").tap()
    expect(page.get_by_text("1 张照片是糊的")).to_be_hidden()
    context.close()


def test_a_blurred_shot_is_said_before_the_trolley_is_pushed_on(desk, chromium, served):
    from playwright.sync_api import expect

    object.__setattr__(desk.room, "mast_cameras", ("top", "bottom"))
    begun = stocktake.begin(desk.room, desk.people["archivist"], "rolling", BAY)
    count_bay.begin_bay(desk.room, desk.people["archivist"], begun.id, BAY)
    desk.walked()
    desk.shelving.stands(3)
    desk.clock.advance(5000)
    desk.camera.unplaced_shot = [Unplaced(0, (), True)]
    context = chromium.new_context(viewport={"width": 1024, "height": 600}, has_touch=True)
    context.add_init_script(f"({PLAYED})()")
    page = context.new_page()
    page.goto(served)
    token, _ = desk.sessions.open(desk.people["archivist"].id, "kiosk")
    context.add_cookies([{"name": COOKIE, "value": token, "url": served}])
    page.goto("about:blank")
    page.goto(f"{served}#/stocktake/{begun.id}/bay/{BAY}")
    first = page.locator(".stock-walk b").inner_text()
    page.get_by_role("button", name="拍照").tap()
    expect(page.get_by_text("1 张照片是糊的：停稳再拍")).to_be_visible()
    assert page.locator(".stock-walk b").inner_text() == first, "the same stop once more"
    assert page.evaluate("window.tones").pop()[0] == 220
    desk.camera.unplaced_shot = []
    page.get_by_role("button", name="拍照").tap()
    expect(page.get_by_text("1 张照片是糊的")).to_be_hidden()
    assert page.locator(".stock-walk b").inner_text() != first
    context.close()


def test_a_scan_is_heard_and_a_browser_that_plays_nothing_before_a_touch_says_so(desk, chromium, served):
    from playwright.sync_api import expect

    begun = stocktake.begin(desk.room, desk.people["archivist"], "rolling", BAY)
    slots = count_bay.begin_bay(desk.room, desk.people["archivist"], begun.id, BAY).slots
    strict = chromium.browser_type.launch(
        executable_path=needs.chromium(), args=["--no-sandbox", "--autoplay-policy=document-user-activation-required"]
    )
    context = strict.new_context(viewport={"width": 1024, "height": 600}, has_touch=True)
    context.add_init_script(f"({PLAYED})()")
    page = context.new_page()
    page.goto(served)
    token, _ = desk.sessions.open(desk.people["archivist"].id, "kiosk")
    context.add_cookies([{"name": COOKIE, "value": token, "url": served}])
    desk.scanner.read = [desk.room.catalogue.slot_label(slots[0])]
    page.goto("about:blank")
    page.goto(f"{served}#/stocktake/{begun.id}/bay/{BAY}")
    deadline = time.monotonic() + SLOW_MS / 1000
    while desk.scanner.read:  # nothing is asked of the page before it wanted to sound: a question counts as a touch
        assert time.monotonic() < deadline
        page.wait_for_timeout(100)
    page.wait_for_timeout(1500)
    silent = page.get_by_text("还没有声音：请点一下屏幕")
    expect(silent).to_be_visible()
    page.get_by_role("heading", name=slots[0]).tap()
    expect(silent).to_be_hidden(timeout=SLOW_MS)
    desk.scanner.read = [desk.room.catalogue.slot_label(slots[0])]
    expect(page.get_by_text("还要看 31 个储位")).to_be_visible(timeout=SLOW_MS)
    page.wait_for_timeout(400)
    assert page.evaluate("window.tones")[-1] == [880, "running"]
    expect(silent).to_be_hidden()
    strict.close()
