"""Motion asked for from anywhere but the enrolled panel's own page, by nobody, or through a proxy: refused and told."""

from __future__ import annotations

from dataclasses import dataclass

import httpx
import pytest
from whole_room import WholeRoom, body

pytestmark = pytest.mark.live


@dataclass(frozen=True)
class Stranger:
    """Headers of a request that is not the panel's, and why it is refused."""

    headers: dict[str, str]
    why: str
    signed_in: bool = True


STRANGERS = (
    Stranger({"Origin": "http://elsewhere.example"}, "origin"),
    Stranger({"Host": "storeroom.example"}, "host"),
    Stranger({"X-Forwarded-For": "10.0.0.9"}, "forwarded"),
    Stranger({}, "session", signed_in=False),
)


@pytest.fixture(scope="module")
def loan(storeroom: WholeRoom) -> str:
    storeroom.ready()
    return str(storeroom.post("requests", box_id=storeroom.pick(storeroom.closed_aisle()).box_id)["id"])


@pytest.mark.parametrize("stranger", STRANGERS, ids=lambda one: one.why)
def test_motion_asked_for_by_somebody_else_is_refused_and_recorded(storeroom: WholeRoom, loan: str, stranger: Stranger):
    after = storeroom.head()
    cookies = dict(storeroom.browser.cookies) if stranger.signed_in else {}
    with httpx.Client(base_url=storeroom.base, headers={"Origin": storeroom.base}, cookies=cookies) as browser:
        for route in (f"requests/{loan}/choose", "find-positions"):
            answer = browser.post(f"/api/v1/{route}", headers=stranger.headers)
            assert answer.status_code in (401, 403), answer.text
    told = [body(event) for event in storeroom.events(after, "request.refused")]
    assert [one["why"] for one in told] == [stranger.why] * 2
    assert not storeroom.events(after, "move.")
    assert not storeroom.lamp()


def test_the_enrolled_panel_itself_may_choose(storeroom: WholeRoom, loan: str):
    storeroom.post(f"requests/{loan}/choose")
    storeroom.armed()
    storeroom.post(f"requests/{loan}/cancel", reason="not_needed")
