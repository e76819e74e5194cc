"""The panel's keys as a test presses them: the same requests that its own page makes, refusals kept apart."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

import httpx

from hardware_tests.virtual.demo_setup import PEOPLE, DemoPerson

Answer = TypeVar("Answer")

STOREKEEPER, CLEARED, *_OTHERS = PEOPLE


def wait_for(what: str, condition: Callable[[], Answer], within_s: float = 60.0) -> Answer:
    """Poll until ``condition()`` is true; its answer. Fails with ``what`` did not happen."""
    deadline = time.monotonic() + within_s
    while not (answer := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{within_s:.0f} s passed, but never: {what}")
        time.sleep(0.15)
    return answer


class PanelKeys:
    """One browser at the enrolled panel."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.browser = httpx.Client(base_url=base, headers={"Origin": base}, timeout=60)

    def get(self, path: str, **params: Any) -> Any:
        answer = self.browser.get(f"/api/v1/{path}", params=params)
        assert answer.is_success, (path, answer.status_code, answer.text)
        return answer.json()

    def post(self, path: str, **body: Any) -> Any:
        answer = self.browser.post(f"/api/v1/{path}", json=body)
        assert answer.is_success, (path, answer.status_code, answer.text)
        return answer.json() if answer.content else None

    def refused(self, path: str, **body: Any) -> dict[str, Any]:
        """What the panel says where it refuses."""
        wait_for("the block is heard", lambda: self.block()["alive"])
        answer = self.browser.post(f"/api/v1/{path}", json=body)
        assert 400 <= answer.status_code < 500, (path, answer.status_code, answer.text)
        error: dict[str, Any] = answer.json()
        assert error["said"] and error["do_next"], error
        return error

    def sign_in(self, person: DemoPerson = STOREKEEPER) -> str:
        """By name and PIN; the person's id."""
        ids = {one["name"]: one["id"] for one in self.get("people")}
        self.post("session/pin", person_id=ids[person.name], pin=person.pin)
        return str(ids[person.name])

    def snapshot(self) -> dict[str, Any]:
        found: dict[str, Any] = self.get("snapshot")
        return found

    def block(self) -> dict[str, Any]:
        found: dict[str, Any] = self.snapshot()["block"]
        return found

    def phase(self) -> str:
        move = self.block()["move"]
        return str(move["phase"]) if move else "ended"

    def faults(self) -> dict[int, list[str]]:
        """Column → its latched faults, as the panel shows them."""
        return {column["no"]: column["faults"] for column in self.block()["columns"] if column["faults"]}

    def all_online(self) -> bool:
        return all(column["online"] for column in self.block()["columns"])

    def aisle(self, no: int) -> dict[str, Any]:
        return next(aisle for aisle in self.block()["aisles"] if aisle["no"] == no)

    def answers(self) -> bool:
        try:
            return self.browser.get("/api/v1/snapshot").is_success
        except httpx.TransportError:
            return False
