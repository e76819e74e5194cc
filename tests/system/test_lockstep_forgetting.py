"""Rule 7 between the motion process and the real firmware: one carriage loses its place, so the whole block forgets."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from edge.devices.carriage_modbus import board_config, config_crc
from edge.domain.aisles import occupied
from edge.domain.block import Column, Layout
from edge.errors import RuleRefused
from edge.motion.boards import CarriageBoard
from edge.motion.bus import Reply
from edge.motion.permit import Permit
from edge.motion.shelving import Shelving
from firmware import registers as r
from hardware_tests.master import Master
from hardware_tests.virtual.layouts import demo_motion
from hardware_tests.virtual.lockstep import Lockstep

COLUMNS = (2, 3, 4)
LAYOUT = Layout(
    "B1-A", 450 + 3 * 700 + 600, (Column(1, 450, True, None), *(Column(no, 700, False, no) for no in COLUMNS)),
    600, 50, 4, 6, 18,
)  # fmt: skip


class Wire:
    """The bus owner's calls on the lock-step bench: every frame is the real one, time is the bench's."""

    def __init__(self, room: Lockstep) -> None:
        self._room, self._node = room, Master(room)
        self.strays: Counter[int] = Counter()
        self.errors = 0

    async def read(self, address, start, count, urgency=None):
        words = self._node.read(address, start, count)
        return Reply("silent") if words is None else Reply(registers=tuple(words))

    async def write(self, address, start, values, urgency=None):
        self._node.write(address, start, list(values))
        self._room.run(20)
        return Reply()

    async def broadcast(self, start, values, urgency):
        return await self.write(r.BROADCAST, start, values)

    async def stop(self):
        self._node.stop()


class Block:
    """The room, its boards, and the motion process's own Shelving, stepped by hand."""

    def __init__(self) -> None:
        self.room = Lockstep(LAYOUT, places={}, open_aisle=2)
        self.room.run(500)
        self.start()

    def start(self) -> None:
        """A motion process that remembers nothing."""
        crc = {no: config_crc(board_config(LAYOUT, demo_motion(), no)) for no in COLUMNS}
        boards = [CarriageBoard(no, no, crc[no]) for no in COLUMNS]
        self.shelving = Shelving(LAYOUT, Wire(self.room), boards, [], [], Permit(node=9), self)
        self.go_on()

    def monotonic_ms(self) -> int:
        return self.room.now_ms

    def go_on(self, rounds: int = 4) -> None:
        async def run() -> None:
            for _ in range(rounds):
                await self.shelving._polling.round(frozenset())
                await self.shelving._forget_on()
                self.room.run(300)

        asyncio.run(run())

    def at(self) -> list[int | None]:
        return [one.position_mm for one in self.shelving.state().carriages]

    def owed(self) -> list[int]:
        return [one.no for one in occupied(self.shelving.state().aisles)]

    def find(self) -> None:
        """Walked, and every carriage found under one held Start, as the node's commands do it."""
        self.room.do("walk_all")
        Master(self.room, first_seq=self.room.now_ms % 0x7FFF + 500).find_all(
            LAYOUT, lambda held: self.room.act("start_hold" if held else "start_release")
        )
        self.go_on(1)


@pytest.fixture
def block() -> Block:
    block = Block()
    block.find()
    assert None not in block.at() and block.owed() == [] and not block.shelving.state().loss.waiting
    return block


CAUSES = {
    "cranked": lambda room: (room.act("crank", column=3), room.run(200), room.act("crank", column=3, inserted=False)),
    "moved": lambda room: (room.act("push", column=3, by_mm=-15), room.run(200), room.act("push", column=3, by_mm=15)),
    "power_up": lambda room: room.restart_board(3),
}


@pytest.mark.parametrize("cause", CAUSES)
def test_one_carriage_loses_its_place_and_every_board_forgets_and_is_walked_and_found_again(block, cause) -> None:
    CAUSES[cause](block.room)
    block.room.run(500)
    block.go_on()
    state = block.shelving.state()
    assert dict(state.loss.causes) == {3: cause} and state.loss.waiting == ()
    assert block.at() == [None] * 3 and block.owed() == list(LAYOUT.aisles)
    assert {one.loss for one in state.carriages} == {""}
    block.room.do("reset_press")
    block.find()
    block.go_on()
    assert None not in block.at() and block.owed() == [], "told once, and not again"
    assert block.room.plant.violations == []


def test_a_process_that_was_away_tells_the_block_and_one_restarted_in_mid_finding_lets_it_go_on(block) -> None:
    block.room.act("crank", column=4)
    block.room.run(200)
    block.room.act("crank", column=4, inserted=False)
    block.room.run(200)
    block.start()
    assert block.at() == [None] * 3 and block.owed() == list(LAYOUT.aisles)
    block.room.do("reset_press")
    block.find()
    node = Master(block.room, first_seq=40_000)
    assert node.command(3, r.CMD_FIND, move_id=5, arg=r.SIDE_LEFT) == r.ACK_ACCEPTED
    node.command(3, r.CMD_DISARM)
    before = block.at()
    block.start()
    assert block.at() == [before[0], None, before[2]] and block.owed() == []


def test_a_board_that_does_not_hear_is_waited_for_and_nothing_is_chosen_meanwhile(block) -> None:
    block.room.cut_board(2)
    block.room.act("crank", column=3)
    block.room.run(300)
    block.go_on(5)
    state = block.shelving.state()
    assert set(state.loss.waiting) == {2, 3} and state.carriages[1].loss == "cranked"
    with pytest.raises(RuleRefused, match="block_forgets"):
        asyncio.run(block.shelving.find_positions(7))
    block.room.act("crank", column=3, inserted=False)
    block.room.restart_board(2)
    block.room.run(500)
    block.room.run(8000)  # an absent board is asked after its own back-off
    block.go_on(8)
    assert block.shelving.state().loss.waiting == () and block.at() == [None] * 3
