"""What the camera saw in a label check can still be seen when the verdict has gone from its screen."""

import pytest

from edge.words import say
from edge.workflows import retrieve
from edge.workflows.motion import Follower
from tests.edge.panel.kiosk import sit_down

pytestmark = pytest.mark.browser


@pytest.fixture
def pulled(desk):
    """A request for box 0007, whose aisle stands open."""
    loan = retrieve.ask_for(desk.room, desk.people["archivist"], box_id=desk.boxes["0007"])
    follower = Follower(desk.room)
    follower.step()
    retrieve.choose(desk.room, desk.people["archivist"], loan.id)
    for phase in ("warning", "moving"):
        desk.shelving.phase(phase)
        follower.step()
    desk.shelving.stands(3, "occupied")
    desk.shelving.phase("ended", ended="reached")
    follower.step()
    return loan


def test_who_typed_a_wrong_number_sees_the_field_beside_the_reason_and_the_right_one_takes_the_reason_away(
    desk, page, expect, pulled
):
    sit_down(desk, page, desk.people["archivist"])
    page.evaluate(f"location.hash = '#/job/{pulled.id}'")
    page.get_by_role("button", name=say("zh-Hans", "panel.job.taken")).click()
    page.get_by_role("button", name=say("zh-Hans", "panel.job.check_now")).click()
    field = page.get_by_placeholder(say("zh-Hans", "panel.by_person.box_field"))
    field.fill("0070")
    page.get_by_role("button", name=say("zh-Hans", "panel.by_person.confirm")).click()
    expect(page.locator(".notice.refused")).to_contain_text("0070")
    expect(field).to_be_in_viewport(ratio=1)
    field.fill("7")
    page.get_by_role("button", name=say("zh-Hans", "panel.by_person.confirm")).click()
    expect(page.get_by_text(say("zh-Hans", "panel.by_person.read", by="李文清", typed="7"))).to_be_visible()
    expect(page.locator(".notice.refused")).to_have_count(0)


def test_the_picture_of_a_label_check_opens_in_the_trace_and_stays_while_events_come_in(desk, page, expect, pulled):
    staff, loan = desk.people["archivist"], pulled
    desk.camera.held = (desk.room.catalogue.box(desk.boxes["0021"]).label,)
    retrieve.check_label(desk.room, staff, loan.id)
    sit_down(desk, page, staff)
    page.evaluate("location.hash = '#/trace'")
    row = page.locator("tr", has_text=say("zh-Hans", "panel.event.label.checked"))
    expect(row).to_contain_text(say("zh-Hans", "verdict.wrong_box"))
    row.get_by_role("button").click()
    expect(row.locator("img.look")).to_be_visible()
    assert row.locator("img.look").evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    retrieve.check_label(desk.room, staff, loan.id)
    expect(row).to_have_count(2)
    expect(row.locator("img.look")).to_have_count(1)
    row.last.get_by_role("button").click()
    expect(row.locator("img.look")).to_have_count(0)
    page.evaluate(f"location.hash = '#/box/{desk.boxes['0007']}'")
    page.get_by_role("link", name=say("zh-Hans", "panel.trace.of_box")).click()
    expect(page.get_by_role("heading", name=say("zh-Hans", "panel.trace.of_box"))).to_be_visible()
    expect(row).to_have_count(2)
    row.first.get_by_role("button").click()
    expect(row.first.locator("img.look")).to_be_visible()
