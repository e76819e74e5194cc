"""The permit that the node renews every 100 ms while it wants a move (shelving-safety rule 4)."""

from firmware.loop import CONTROL_MS
from firmware.registers import PERMIT_MS, PERMIT_SALT

FRESH_MS = PERMIT_MS - CONTROL_MS  # lapsing is noticed up to one loop late, and the motor is off by PERMIT_MS


class Permit:
    """Counts only what names this move, comes from the node that began it, and is newer than the last."""

    def __init__(self):
        self._heard_id = 0
        self._heard_ms = 0
        self.forget()

    def forget(self):
        """A new move begins: nothing renewed so far counts for it."""
        self._move_id = 0
        self._seq = None
        self._node = 0
        self._renewed_ms = None

    def expect(self, move_id):
        self.forget()
        self._move_id = move_id

    def renew(self, now_ms, move_id, seq, node, check):
        """True when it counted."""
        if move_id == 0 or check != move_id ^ seq ^ node ^ PERMIT_SALT:
            return False
        self._heard_id = move_id
        self._heard_ms = now_ms
        if move_id != self._move_id:
            return False
        if self._seq is not None and (node != self._node or not 0 < (seq - self._seq) & 0xFFFF < 0x8000):
            return False
        self._seq = seq
        self._node = node
        self._renewed_ms = now_ms
        return True

    def heard(self, now_ms):
        """The move that the node wants now, whoever runs it; 0 = none."""
        return self._heard_id if now_ms - self._heard_ms <= PERMIT_MS else 0

    def age_ms(self, now_ms):
        """Since the last renewal; saturates at 65535 and stays there without one."""
        return 0xFFFF if self._renewed_ms is None else min(0xFFFF, now_ms - self._renewed_ms)

    def fresh(self, now_ms):
        return self.age_ms(now_ms) <= FRESH_MS
