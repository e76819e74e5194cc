"""The main job as a storekeeper does it: in a real browser at the panel, with hands in the room beside it."""

import re
import time

import pytest
from playwright.sync_api import expect

from edge.words import say as words
from hardware_tests.virtual.demo_setup import PEOPLE

pytestmark = [pytest.mark.live, pytest.mark.browser, pytest.mark.timeout(420)]

SLOW = 120_000  # carriages move at 50 mm/s, people walk
KEEPER = PEOPLE[0]
LATE = re.compile(words("zh-Hans", "fault.loop_late"))


def zh(msgid, **params):
    return words("zh-Hans", f"panel.{msgid}", **params)


def press(page, name, exact=True):
    page.get_by_role("button", name=name, exact=exact).first.click()


def act(room, what):
    room.locator(f'button[data-act="{what}"]').first.click()


def make_ready(panel, room, shot):
    """After power-up: walk every aisle, then hold Start until all positions are found."""
    panel.goto(panel.url.split("#")[0] + "#/block")
    expect(panel.get_by_role("heading", name=zh("block.power_up"))).to_be_visible()
    shot(panel, "01-power-up")
    act(room, "walk_all")
    expect(panel.get_by_role("heading", name=zh("find.title"))).to_be_visible(timeout=SLOW)
    ready, late = panel.get_by_role("heading", name=zh("block.ready")), panel.get_by_role("heading", name=LATE)
    again = panel.get_by_role("button", name=zh("find.go"))
    for _try in range(5):  # a machine too slow for a permit ends the finding, and somebody chooses it again
        again.click()
        panel.get_by_role("dialog").get_by_role("button", name=zh("find.go")).click()
        expect(panel.get_by_role("heading", name=zh("find.hold"))).to_be_visible()
        shot(panel, "02-hold-start")
        act(room, "start_hold")
        expect(room.locator('button[data-act="start_release"]')).to_be_visible()
        expect(ready.or_(again).or_(late)).to_be_visible(timeout=SLOW)
        act(room, "start_release")
        if ready.is_visible():
            return
        stand_again(panel, room, again)
    raise AssertionError("this machine never kept a permit until all positions were found")


def stand_again(panel, room, wanted):
    """Whatever this machine was too slow for: Reset where a board says that it was late, then every aisle is walked."""
    if panel.get_by_role("heading", name=LATE).count():
        act(room, "reset_press")
        expect(panel.get_by_role("heading", name=LATE)).to_have_count(0)
    act(room, "walk_all")
    expect(wanted).to_be_visible(timeout=SLOW)


def choose_and_start(panel, room, shot):
    """Until the aisle stands open. A machine too slow for a permit stops the move: walked through, and chosen again."""
    ended = panel.locator(
        ", ".join(f'.job-body[data-phase="{phase}"]' for phase in ("take", "walk", "choose", "fault"))
    )
    begun = panel.locator('.job-body[data-phase="moving"]')
    for _try in range(5):
        panel.locator("button[data-moves]").first.click()
        panel.get_by_role("dialog").locator("button[data-moves]").click()
        expect(panel.get_by_role("heading", name=zh("job.start"))).to_be_visible()
        expect(room.locator("button.start.lit").first).to_be_visible()
        shot(panel, "06-press-start")

        # Start, on the block; both pages show the carriages move
        act(room, "start_press")
        expect(begun.or_(ended)).to_be_visible()
        seen = until(lambda: room.locator(".column.moving").count() or ended.is_visible())
        shot(panel, "07-moving")
        shot(room, "07-moving-room")
        expect(ended).to_be_visible(timeout=SLOW)
        if ended.get_attribute("data-phase") == "take":
            assert isinstance(seen, int) and seen, "the room page never showed a carriage move"
            return
        stand_again(panel, room, panel.locator("button[data-moves]").first)
    raise AssertionError("this machine never kept a permit for one whole move")


def hold_card(panel, room, person):
    """Held to the reader once the bar no longer says that it does not answer; again where it stayed dark."""
    expect(panel.locator("#alarm-chip")).not_to_be_empty()
    expect(panel.locator("#faults")).not_to_contain_text(words("zh-Hans", "node_fault.reader_offline"), timeout=SLOW)
    read = panel.evaluate(CARDS)
    for _try in range(3):
        room.get_by_role("button", name=person.name).click()
        try:
            expect(panel.locator("#person-chip")).to_contain_text(person.name, timeout=20_000)
        except AssertionError:
            assert panel.evaluate(CARDS) == read, "the card was read, and the panel signed nobody in"
        else:
            return
    raise AssertionError("the reader never read the card")


CARDS = "async () => (await (await fetch('/api/v1/snapshot')).json()).card.count"


def check_label(panel, name, verdict):
    """Asked again where the panel says that the camera had no fresh picture: a busy machine is slow to give one."""
    told, refused = panel.locator(f".verdict.{verdict}"), panel.locator(".notice.refused")
    for _try in range(3):
        press(panel, zh(name))
        expect(told.or_(refused).first).to_be_visible()
        if told.count():
            return
        refused.click()
    raise AssertionError("the camera never gave a fresh picture")


def test_a_storekeeper_finds_a_box_opens_its_aisle_checks_the_label_lends_it_and_takes_it_back(pages, demo, shot):
    panel, room = pages
    expect(panel.get_by_role("heading", name=zh("home.title"))).to_be_visible()
    shot(panel, "00-home")

    hold_card(panel, room, KEEPER)
    make_ready(panel, room, shot)

    # search by pinyin initials: hyjy finds 会议纪要
    panel.goto(panel.url.split("#")[0] + "#/search")
    panel.get_by_role("searchbox").fill("hyjy")
    hit = panel.locator("a.hit").first
    expect(hit).to_contain_text("会议纪要")
    shot(panel, "03-search")
    hit.click()
    expect(panel).to_have_url(re.compile("#/box/"))
    expect(panel.get_by_role("button", name=zh("ask.item"))).to_be_visible()
    shot(panel, "04-where-it-is")

    # ask for the whole box, see what would move, choose it
    panel.get_by_role("button", name=zh("ask.box")).click()
    expect(panel).to_have_url(re.compile("#/job/"))
    expect(panel.locator("button[data-moves]").first).to_be_visible()
    shot(panel, "05-preview")
    choose_and_start(panel, room, shot)
    shot(panel, "08-take")

    # the slot's LED leads to the box; somebody takes the neighbour first, and is told
    scene = demo.scene
    loan = panel.evaluate("async () => (await (await fetch('/api/v1/requests/' + location.hash.split('/')[2])).json())")
    place = loan["slot"]
    boxes = demo.bench.see(lambda plant: dict(plant.boxes))
    wrong = next(slot for slot in sorted(boxes) if slot != place and slot.rsplit("-", 3)[0] == place.rsplit("-", 3)[0])
    scene.act("take_box", slot=wrong)
    panel.get_by_role("button", name=zh("job.taken")).click()
    wait_idle(demo)
    hold_to_camera(demo, room)
    check_label(panel, "job.check_now", "wrong")
    expect(panel.locator(".verdict")).to_contain_text(loan["box"]["box_no"])
    expect(panel.locator("img.look")).to_be_visible()
    shot(panel, "09-wrong-box")
    scene.act("put_box", slot=wrong)
    wait_idle(demo)

    # the right one
    scene.act("take_box", slot=place)
    wait_idle(demo)
    hold_to_camera(demo, room)
    check_label(panel, "job.check_again", "ok")
    shot(panel, "10-right-box")
    press(panel, zh("job.hand_over"))
    expect(panel.locator('.job-body[data-phase="leave"]')).to_be_visible()
    shot(panel, "11-leave-the-aisle")
    scene.act("walk", aisle=loan["aisle"])
    expect(panel.locator('.job-body[data-phase="done"]')).to_be_visible(timeout=SLOW)
    shot(panel, "12-lent")

    # the return: hold it to the camera; the liability ends, putting it back is a task of its own
    hold_to_camera(demo, room)
    panel.goto(panel.url.split("#")[0] + "#/returns")
    check_label(panel, "return.check", "ok")
    shot(panel, "13-returned")
    panel.goto(panel.url.split("#")[0] + f"#/reshelving/{loan['box']['id']}")
    panel.locator("button[data-moves]").first.click()
    panel.get_by_role("dialog").locator("button[data-moves]").click()
    expect(panel.locator('.job-body[data-phase="put"]')).to_be_visible()  # chosen, before anybody steps in
    scene.act("put_box", slot=place)
    wait_idle(demo)
    scene.act("scan_slot", slot=place)
    expect(panel.locator('.job-body[data-phase="leave"]')).to_be_visible(timeout=SLOW)
    wait_idle(demo)
    scene.act("walk", aisle=loan["aisle"])
    expect(panel.locator('.job-body[data-phase="done"]')).to_be_visible(timeout=SLOW)
    shot(panel, "14-reshelved")
    assert demo.bench.see(lambda plant: list(plant.violations)) == []


def test_the_room_gets_damp_an_alarm_shows_sounds_and_is_acknowledged(pages, demo, shot):
    panel, room = pages
    panel.goto(panel.url.split("#")[0] + "#/climate")
    expect(panel.locator("value-tile").first).to_be_visible()
    shot(panel, "20-climate")
    hold_card(panel, room, KEEPER)
    becomes(demo, rh_pct=78)
    expect(panel.locator("#alarm-chip.alarm")).to_be_visible(timeout=SLOW)
    panel.goto(panel.url.split("#")[0] + "#/alarms")
    acknowledge = panel.get_by_role("button", name=zh("alarm.acknowledge")).first
    expect(acknowledge).to_be_visible()
    everywhere = panel.get_by_role("button", name=zh("alarm.acknowledge"))
    expect(everywhere).to_have_count(2, timeout=SLOW)  # both places are damp before anybody answers
    shot(panel, "21-alarm")
    sounds(demo, True)
    while standing := everywhere.count():  # each is gone from the screen before the next is touched
        everywhere.first.click()
        expect(everywhere).to_have_count(standing - 1)
    expect(panel.locator("#alarm-chip.alarm")).to_have_count(0)
    sounds(demo, False)
    shot(panel, "22-acknowledged")
    becomes(demo, rh_pct=50)
    expect(panel.get_by_text(zh("alarm.none"))).to_be_visible(timeout=SLOW)


@pytest.mark.parametrize("language", ["zh-Hant", "en"])
def test_the_panel_speaks_the_other_two_languages(pages, shot, language):
    panel, _room = pages
    panel.locator(f'[data-language="{language}"]').click()
    expect(panel.locator("html")).to_have_attribute("lang", language)
    expect(panel.locator("#stop")).to_contain_text(words(language, "panel.stop"))
    for screen in ("home", "search", "block", "climate"):
        panel.goto(panel.url.split("#")[0] + f"#/{screen}")
        panel.wait_for_timeout(600)
        shot(panel, f"30-{language}-{screen}")


def test_the_console_shows_the_room_its_events_and_its_loans(chromium, demo, shot):
    from hardware_tests.virtual.demo_centre import ADMIN_NAME
    from hardware_tests.virtual.demo_setup import ADMIN

    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"http://localhost:{demo.console}/")
    page.locator("input[type=text], input:not([type])").first.fill(ADMIN_NAME)
    page.locator("input[type=password]").fill(ADMIN[1])
    page.locator("button[type=submit]").last.click()
    expect(page.get_by_text("一号库房").first).to_be_visible()
    page.wait_for_timeout(1500)
    shot(page, "40-console")
    page.get_by_text("一号库房").first.click()
    page.wait_for_timeout(2500)
    shot(page, "41-console-room")
    context.close()


def becomes(demo, rh_pct):
    """The air is so damp at once: nobody here waits for it to drift."""
    demo.bench.see(lambda plant: setattr(plant.air, "rh_pct", float(rh_pct)))
    demo.scene.act("humidity", rh_pct=rh_pct)


def sounds(demo, expected, within_s=30):
    """Until the alarm buzzer does as expected: it follows the alarms once a second."""
    assert until(lambda: demo.scene.view()["buzzer"] == expected, within_s), "the buzzer does not follow the alarms"


def until(condition, within_s=45):
    """Its answer once it is true, or the last one."""
    deadline = time.monotonic() + within_s
    while not (answer := condition()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return answer


def hold_to_camera(demo, room):
    """Until the box in hand is before the lens: the room page only asks for it when its button is touched."""
    holds = demo.bench.see(lambda plant: plant.people[0].holds)
    act(room, "hold_to_camera")
    assert demo.bench.wait_until(lambda plant: plant.at_camera == holds, 90), f"{holds} is not held to the camera"
    wait_idle(demo)


def wait_idle(demo):
    """Until the person in the room has done what they were told."""
    assert demo.bench.wait_until(lambda plant: not any(person.busy for person in plant.people), 90)
