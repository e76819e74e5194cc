"""When the permit of the live move is renewed, and the words that renew it (shelving-safety rule 4)."""

from __future__ import annotations

from edge.devices import carriage_modbus

PERMIT_EVERY_MS = 100
HEARTBEAT_MS = 600  # a node silent for longer is no node: permits lapse and the boards stop by themselves


class Permit:
    """``node`` is a number of this run, so that boards ignore what an earlier run still sends."""

    def __init__(self, node: int) -> None:
        self._node = node
        self._seq = 0
        self._move_id = 0
        self._heartbeat_ms: int | None = None

    def heartbeat(self, now_ms: int) -> None:
        self._heartbeat_ms = now_ms

    def node_alive(self, now_ms: int) -> bool:
        return self._heartbeat_ms is not None and now_ms - self._heartbeat_ms <= HEARTBEAT_MS

    def grant(self, move_id: int) -> None:
        self._move_id = move_id

    def withdraw(self) -> None:
        self._move_id = 0

    def renewal(self, now_ms: int) -> list[int] | None:
        """The registers to broadcast now, or None: no move, or no node behind it."""
        if not self._move_id or not self.node_alive(now_ms):
            return None
        self._seq = carriage_modbus.next_seq(self._seq)
        return carriage_modbus.permit(self._move_id, self._seq, self._node)
