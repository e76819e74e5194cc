"""The lamp at the place that a job fetches from or puts back to: lit again after a restart, dark when the job is over.

Boards forget their lamps at every start, and the node which place it had lit.
"""

from __future__ import annotations

from edge.domain import slot_codes
from edge.domain.block import BlockState
from edge.domain.opening import LATCH_MM
from edge.workflows.endings import FETCHING, slots_of
from edge.workflows.lights import light_only, lights_off, lit, only_a_lamp, start_of
from edge.workflows.room import Room

AGAIN_MS = 5_000  # a board that did not take the command is asked again


class LampWatch:
    """``step`` twice a second, in a loop of its own: a board takes its time to answer."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._not_before_ms = 0

    def step(self) -> None:
        room = self._room
        state = room.carriages.state()
        now_ms = room.clock.monotonic_ms()
        if not _at_rest(room, state) or now_ms < self._not_before_ms:
            return
        served = self._served()
        if room.lamp.slot and room.lamp.slot not in served:
            lights_off(room, room.lamp.slot)
        elif served and not lit(room, state):
            code = room.lamp.slot or served[0]
            if _stands_open(state, code) and start_of(state, slot_codes.parse(code).column) is not None:
                self._not_before_ms = now_ms + AGAIN_MS
                with only_a_lamp():
                    light_only(room, code)

    def _served(self) -> list[str]:
        """Slots that the job fetches from or puts back to now, in the order in which one walks past."""
        task = self._room.moves.task(self._room.layout.area)
        return slots_of(self._room, task) if task is not None and task.kind in FETCHING else []


def _at_rest(room: Room, state: BlockState) -> bool:
    """Nothing moves or is about to: a board that is armed takes no lamp."""
    moves = state.move is not None and state.move.phase != "ended"
    return state.alive and not moves and not room.moves.open(room.layout.area)


def _stands_open(state: BlockState, code: str) -> bool:
    no = slot_codes.aisle_of(slot_codes.parse(code))
    return any(aisle.no == no and (aisle.gap_mm or 0) > LATCH_MM for aisle in state.aisles)
