"""The running demo for figures: on free ports, driven over HTTP as panel and room page do."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import httpx

from hardware_tests.virtual.demo import Demo
from hardware_tests.virtual.demo_setup import PEOPLE
from hardware_tests.virtual.people import ActRefused
from hardware_tests.virtual.ports import free_ports

FIND_TRIES = 5
WITHIN_S = 600.0  # a first start commissions its block
# A busy machine lets a permit lapse or is late for a self-test: the block is put in order and asked again. The figure
# says how often, and nothing of it counts.
LAPSED = (RuntimeError, TimeoutError, ActRefused, httpx.HTTPError)
BUSY = ("armed", "warning", "moving", "find_armed", "finding")


class DemoRoom(Demo):
    """``ready_s``: from the start of the node's process until its panel answered, one for each start."""

    def __init__(self, root: Path) -> None:
        panel, console, room = free_ports(3)
        super().__init__(root, panel=panel, console=console, room=room, say=lambda _text: None)
        self.address = f"http://127.0.0.1:{panel}"
        self.ready_s: list[float] = []
        self._began_s = 0.0
        self.http = httpx.Client(base_url=self.address, headers={"Origin": self.address}, timeout=30)

    def _start_programs(self) -> None:
        self._began_s = time.monotonic()  # the node comes third, some milliseconds later
        super()._start_programs()

    def _wait_for(self, name: str, port: int, path: str) -> None:
        if name == "panel":
            self._until_it_answers()
        super()._wait_for(name, port, path)

    def restart_node(self) -> None:
        node = self.scene.programs["node"]
        node.stop()
        self._began_s = time.monotonic()
        node.start()
        self._until_it_answers()

    def _until_it_answers(self) -> None:
        deadline = time.monotonic() + WITHIN_S
        while time.monotonic() < deadline:
            try:
                if self.http.get("/healthz").status_code < 500:
                    self.ready_s.append(time.monotonic() - self._began_s)
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.01)
        raise TimeoutError("the panel does not answer")

    def stop(self) -> None:
        self.http.close()
        super().stop()

    # --- what people do --------------------------------------------------------------------------

    def api(self, method: str, path: str, **body: Any) -> httpx.Response:
        answer = self.http.request(method, f"/api/v1/{path}", json=body or None)
        if answer.is_error:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer

    def block(self) -> dict[str, Any]:
        block: dict[str, Any] = self.api("GET", "snapshot").json()["block"]
        return block

    def sign_in(self) -> None:
        ids = {person["name"]: person["id"] for person in self.api("GET", "people").json()}
        self.api("POST", "session/pin", person_id=ids[PEOPLE[0].name], pin=PEOPLE[0].pin)

    def walk(self, *aisles: int) -> None:
        """Walk these aisles, all without one, and wait until nobody walks any more."""
        for aisle in aisles:
            self.bench.act("walk", aisle=aisle)
        if not aisles:
            self.bench.act("walk_all")
        self.bench.wait_until(lambda plant: not any(person.busy for person in plant.people), WITHIN_S)
        time.sleep(1.0)  # until the node has asked every board

    def find(self) -> None:
        """Every carriage gets its position under one held Start; chosen again where this machine let a permit lapse."""
        for _ in range(FIND_TRIES):
            self.walk()
            try:
                self.api("POST", "find-positions")
            except RuntimeError:  # a board was late, or the last move's record is not closed yet
                time.sleep(1)
                continue
            time.sleep(0.5)  # until its move is the one that is shown
            self.bench.act("start_hold")
            block = self.until(lambda block: _found(block) or block["move"]["phase"] == "ended")
            self.bench.act("start_release")
            time.sleep(0.5)
            if _found(block):
                return
            self.bench.act("reset_press")
            time.sleep(1)
        raise TimeoutError(f"positions are not found: {self.block()['move']}")

    def put_in_order(self) -> None:
        """Standing, no fault, no aisle occupied, every position known; whatever a move left behind."""
        self.until(at_standstill, 60)
        time.sleep(1)  # until every board was asked again
        block = self.until(at_standstill, 60)
        for aisle in block["aisles"]:
            if aisle["too_narrow"]:
                self.bench.act("crank_closed", aisle=aisle["no"])
        self.bench.wait_until(lambda plant: not any(person.busy for person in plant.people), 60)
        time.sleep(1)
        if any(column["faults"] for column in self.block()["columns"]):
            self.bench.act("reset_press")
            time.sleep(1)
        if not _found(self.block()):
            self.find()
        if occupied := _occupied(self.block()):
            self.walk(*occupied)
        self.until(lambda block: not _occupied(block), 20)

    def press_start(self) -> None:
        self.until(lambda block: block["move"] and block["move"]["phase"] == "armed", 15)
        time.sleep(0.5)  # a person sees the lamp first
        self.bench.act("start_press")

    def until(self, condition: Any, within_s: float = WITHIN_S) -> dict[str, Any]:
        """The first block that satisfies ``condition``. Raises TimeoutError with the last one."""
        deadline = time.monotonic() + within_s
        while not condition(block := self.block()):
            if time.monotonic() > deadline:
                raise TimeoutError(f"the block stays like this: {block['move']}, {block['aisles']}")
            time.sleep(0.1)
        return block

    def loans(self) -> dict[int, str]:
        """Aisle → a request for something that lies there, so that any aisle can be chosen."""
        found: dict[int, str] = {}
        for query in ("会议纪要", "通知", "请示", "报告", "图纸", "凭证"):
            for hit in self.http.get("/api/v1/search", params={"q": query, "limit": 200}).json()["hits"]:
                box, item = hit["box"], hit["item"]
                if not item or not box or box["state"] != "shelved" or not box["slot"]:
                    continue
                column, face = int(box["slot"].split("-")[2]), box["slot"].split("-")[3]
                aisle = column if face == "R" else column - 1
                if aisle not in found:
                    found[aisle] = self.api("POST", "requests", item_id=item["id"]).json()["id"]
        return found


def at_standstill(block: dict[str, Any]) -> bool:
    ended = not block["move"] or block["move"]["phase"] == "ended"
    return ended and not any(column["state"] in BUSY for column in block["columns"])


def _occupied(block: dict[str, Any]) -> list[int]:
    return [aisle["no"] for aisle in block["aisles"] if aisle["state"] == "occupied"]


def _found(block: dict[str, Any]) -> bool:
    return all(column["position_mm"] is not None for column in block["columns"])
