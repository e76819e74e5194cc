"""Rules 9 and 14 in the motion process: what a tilt leaves in doubt; whose permit is renewed under the key."""

from __future__ import annotations

import pytest

from edge.clock import SystemClock
from edge.devices.carriage_modbus import config_crc
from edge.domain.block import Column, Layout
from edge.errors import RuleRefused
from edge.motion.boards import CarriageBoard
from edge.motion.bus import Bus, Reply
from edge.motion.permit import Permit
from edge.motion.shelving import Shelving
from firmware import registers as r

LAYOUT = Layout("B1-A", 450 + 700 + 900, (Column(1, 450, True, None), Column(2, 700, False, 2)), 900, 50, 1, 1, 1)
CONFIG = dict.fromkeys(r.CONFIG_FIELDS, 5)
REST = (1 << len(r.INPUTS)) - 1
KEY = dict(r.INPUTS)["key_normal"]
TILT = dict(r.FAULTS)["tilt"]


class Block:
    """One carriage on a bus that nobody runs; ``says`` is what its board reports next."""

    def __init__(self) -> None:
        self.clock = SystemClock()
        self.permit = Permit(node=7)
        self.board = CarriageBoard(2, 2, config_crc(CONFIG))
        bus = Bus("/nowhere", 115200, "N")
        self.shelving = Shelving(LAYOUT, bus, [self.board], [], [], self.permit, self.clock)
        identity = {r.IR_MAP_VERSION: r.MAP_VERSION, r.IR_BOARD_KIND: r.KIND_CARRIAGE, r.IR_ADDRESS: 2}
        identity |= {r.IR_CONFIG_CRC: config_crc(CONFIG), r.IR_FLASH_OK: 1}
        words = tuple(identity.get(at, 0) for at in range(r.IR_IDENTITY_COUNT))
        self.board.take_identity(Reply(registers=words), self.clock.monotonic_ms())
        self._rolling = 0

    def says(self, inputs: int, faults: int = 0) -> None:
        """From its place at the fixed column, the free rail on its right."""
        self._rolling += 1
        words = [0] * r.IR_STATE_COUNT
        words[0] = 2 << 8 | self._rolling
        words[r.IR_POSITION_MM - r.IR_STATE], words[r.IR_GAP_RIGHT_MM - r.IR_STATE] = 450, 900
        words[r.IR_FAULTS_LO - r.IR_STATE] = faults
        words[r.IR_INPUTS_HI - r.IR_STATE], words[r.IR_INPUTS_LO - r.IR_STATE] = inputs >> 16, inputs & 0xFFFF
        assert self.board.take_state(Reply(registers=tuple(words)), self.clock.monotonic_ms())
        self.permit.heartbeat(self.clock.monotonic_ms())
        self.shelving._follow_key()

    def renewed(self) -> int:
        """The move whose permit would go out now; 0 = none."""
        words = self.permit.renewal(self.clock.monotonic_ms())
        return words[0] if words else 0


def test_rule_14_the_local_control_points_permit_is_renewed_only_while_the_key_is_turned_and_signed_for() -> None:
    block = Block()
    block.says(REST)
    with pytest.raises(RuleRefused, match="key_not_turned"):
        block.shelving.let_local()
    block.says(REST & ~KEY)
    assert (block.renewed(), block.shelving.state().let) == (0, False), "nobody has signed for it"
    block.shelving.let_local()
    block.says(REST & ~KEY)
    assert (block.renewed(), block.shelving.state().let) == (r.LOCAL_MOVE_ID, True)
    block.says(REST)
    assert (block.renewed(), block.shelving.state().let) == (0, False)
    block.says(REST & ~KEY)
    assert block.renewed() == 0, "the next turn of the key is signed for anew"


def test_rule_9_after_a_tilt_no_position_is_believed_though_every_board_still_knows_its_own() -> None:
    block = Block()
    block.says(REST)
    block.shelving._judge()
    assert (block.shelving.state().doubtful, block.shelving._lost()) == (False, frozenset())
    block.says(REST, TILT)
    block.shelving._judge()
    block.says(REST)
    block.shelving._judge()
    assert (block.shelving.state().doubtful, block.shelving._lost()) == (True, {2}), "Reset alone mends nothing"
