"""Which carriages lost their place, and by what, written down each time the block was made to forget (rule 7)."""

from __future__ import annotations

from edge.domain.block import BlockState
from edge.store.database import NODE, Change
from edge.workflows.room import Room

TOGETHER_MS = 500  # boards are asked one after the other; what came at once is one event


class LossWatch:
    """``step`` ten times a second. Event ``places.lost``."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._heard: tuple[object, ...] = ()
        self._lost: set[tuple[int, str]] = set()
        self._since_ms = 0

    def step(self, state: BlockState) -> None:
        now_ms = self._room.clock.monotonic_ms()
        if state.alive and state.loss and (state.loss.since_ms, state.loss.causes) != self._heard:
            self._heard, self._since_ms = (state.loss.since_ms, state.loss.causes), now_ms
            self._lost |= set(state.loss.causes)
        if self._lost and now_ms - self._since_ms >= TOGETHER_MS:
            lost, self._lost = sorted(self._lost), set()
            self._room.database.write(lambda change: self._write(change, lost))

    def _write(self, change: Change, lost: list[tuple[int, str]]) -> None:
        by_cause: dict[str, list[int]] = {}
        for column, cause in lost:
            by_cause.setdefault(cause, []).append(column)
        area = self._room.layout.area
        change.event("places.lost", subject=area, actor=NODE, body={"block": area, "lost": by_cause})
