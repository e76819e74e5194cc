"""Questions with fields, answered by finger: what is typed, and that a refusal loses nothing of it."""

import pytest

from edge.domain import pinyin
from edge.store import entries
from edge.workflows import doorkeeper
from tests.edge.panel.kiosk import sign_in, sit_down

pytestmark = pytest.mark.browser


def test_a_refused_visitor_form_keeps_what_was_typed_and_says_what_is_missing_in_words(desk, page, expect):
    sign_in(desk, page, expect)
    page.evaluate("location.hash = '#/door'")
    page.get_by_role("button", name="登记外来人员").click()
    question = page.get_by_role("dialog")
    question.get_by_label("姓名").fill("李雷")
    question.get_by_role("button", name="登记进入").click()
    expect(question.get_by_role("alert")).to_contain_text("没有填好：单位")
    expect(question.get_by_label("姓名")).to_have_value("李雷")
    for label, text in (("单位", "市博物馆"), ("证件种类、号码、发证单位", "身份证 1234"), ("批准人", "何平")):
        question.get_by_label(label, exact=True).fill(text)
    question.get_by_role("button", name="登记进入").dblclick()
    expect(question).to_have_count(0)
    assert [one.name for one in entries.inside(desk.room.database)] == ["李雷"]


def test_refused_shelf_measures_stay_in_the_question(desk, page, expect):
    sign_in(desk, page, expect)
    page.evaluate("location.hash = '#/shelves'")
    page.get_by_role("button", name="改宽高载重").first.click()
    question = page.get_by_role("dialog")
    width = question.get_by_label("宽（毫米）")
    width.fill("5")
    question.get_by_role("button", name="保存").click()
    expect(question.get_by_role("alert")).to_be_visible()
    expect(width).to_have_value("5")
    width.fill("880")
    question.get_by_role("button", name="保存").click()
    expect(question).to_have_count(0)


def test_a_heading_as_wide_as_nothing_is_refused_in_its_own_question(desk, page, expect):
    sit_down(desk, page, desk.people["chief"])
    page.evaluate("location.hash = '#/site'")
    page.get_by_role("button", name="目录表头").click()
    page.locator(".site-headings li").first.get_by_role("button", name="更改").click()
    question = page.get_by_role("dialog")
    question.get_by_label("栏目名称").fill("流水号")
    question.get_by_label("宽度").fill("0")
    question.get_by_role("button", name="保存").click()
    expect(question.get_by_role("alert")).to_be_visible()
    expect(question.get_by_label("栏目名称")).to_have_value("流水号")
    question.get_by_label("宽度").fill("12")
    question.get_by_role("button", name="保存").click()
    expect(page.locator(".site-headings li").first).to_contain_text("流水号")


@pytest.mark.parametrize(
    ("language", "rules", "hour"),
    [("zh-Hans", "进入规定", "时"), ("zh-Hant", "進入規定", "時"), ("en", "Rules of entry", "Hour")],
)
def test_a_time_of_day_is_chosen_by_24_hours_in_every_language(desk, page, expect, served, language, rules, hour):
    sit_down(desk, page, desk.people["chief"])
    page.context.add_cookies([{"name": "storeroom_language", "value": language, "url": served}])
    page.reload()
    page.evaluate("location.hash = '#/door'")
    page.get_by_role("button", name=rules).click()
    question = page.get_by_role("dialog")
    question.get_by_label(hour, exact=True).first.select_option("13")
    assert question.get_by_label(hour, exact=True).first.evaluate("field => field.selectedOptions[0].text") == "13"
    assert page.locator("input[type=time], input[type=datetime-local]").count() == 0
    question.locator("button[value=yes]").click()
    expect(question).to_have_count(0)
    assert doorkeeper.rules(desk.room).from_minute // 60 == 13


def test_chinese_is_typed_by_finger_right_below_the_field_and_nothing_typed_is_lost(desk, page, expect):
    sign_in(desk, page, expect)
    page.evaluate("location.hash = '#/door'")
    page.get_by_role("button", name="登记外来人员").tap()
    question = page.get_by_role("dialog")
    name, place = question.get_by_label("姓名"), question.get_by_label("单位", exact=True)
    name.tap()
    for letter in "lilei":
        question.get_by_role("button", name=letter, exact=True).tap()
    question.get_by_role("button", name="李", exact=True).tap()
    question.get_by_role("button", name="雷", exact=True).tap()
    expect(name).to_have_value("李雷")
    expect(name).to_be_in_viewport()
    assert all(key.bounding_box()["width"] >= 48 for key in question.locator(".key-row .key:visible").all())
    assert question.bounding_box()["x"] > page.locator("#stop").bounding_box()["width"]  # STOP stays free
    place.tap()
    expect(question.locator("key-board:visible")).to_have_count(1)
    expect(place).to_be_in_viewport()
    for letter in "ibm":
        question.get_by_role("button", name=letter, exact=True).tap()
    question.get_by_role("button", name="登记进入").tap()
    expect(place).to_have_value("ibm")  # letters that nobody made a word of are kept as they are


def test_what_the_keyboard_offers_is_written_as_the_reader_writes(desk):
    client = desk.signed_in()
    for language, word in (("zh-Hans", "档案"), ("zh-Hant", "檔案")):
        client.cookies.set("storeroom_language", language)
        assert client.get("/api/v1/typing?letters=dangan").json()["offers"][0] == {"text": word, "used": 6}
    name = desk.room.people.all()[0].name.split()[-1]
    letters = "".join(sound.split("/")[0] for sound in pinyin.sounds(name).split())
    for language in ("zh-Hans", "zh-Hant"):
        client.cookies.set("storeroom_language", language)
        assert client.get(f"/api/v1/typing?letters={letters}").json()["offers"][0]["text"] == name, letters
    assert client.get("/api/v1/typing?letters=%27%20OR").json() == {"offers": []}
    assert desk.client().get("/api/v1/typing?letters=chen").status_code == 401  # names are in it


def test_somebody_is_trapped_can_be_pressed_while_a_question_is_open(desk, page, expect):
    sign_in(desk, page, expect)
    page.evaluate("location.hash = '#/door'")
    page.get_by_role("button", name="登记外来人员").tap()
    question = page.get_by_role("dialog")
    expect(question.locator("#trapped")).to_be_in_viewport(ratio=1)
    expect(question.locator("#stop")).to_be_in_viewport(ratio=1)
    page.locator("#trapped").tap()
    expect(page.locator(".trapped-title")).to_be_visible()
    expect(question).to_have_count(0)
    expect(page.locator("nav #trapped")).to_be_visible()
    expect(page.locator("nav #stop")).to_be_visible()


def test_a_question_is_not_answered_by_the_next_person_who_holds_a_card(desk, page, expect):
    sign_in(desk, page, expect)
    page.evaluate("location.hash = '#/door'")
    page.get_by_role("button", name="登记外来人员").tap()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.locator("#person-chip").dispatch_event("click")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert entries.inside(desk.room.database) == []
