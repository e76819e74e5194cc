"""The firmware's part of a model: one board's own Safety and Motion, put away as a key and taken up again.

Times are kept as ages, cut off once no limit can tell them apart.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from firmware.carriage import aisle
from firmware.carriage.drive import FAULT
from firmware.carriage.motion import ARMED, RESTING, RUNNING, WARNING, Motion
from firmware.carriage.proof import RESTS_FIRST
from firmware.carriage.safety import Safety
from firmware.registers import AISLE_OPENING, PERMIT_SALT, SIDE_NONE
from tests.proofs.model_wires import OLDEST_MS, Snap, Travel

NOW_MS = 1_000_000
STUCK_MS = 300
NODE = 9
Key = tuple[Any, ...]


class Board:
    """``safety`` and ``motion`` are firmware's; ``travel`` stands where drive.py stands."""

    def __init__(self, config: dict[str, int], faults: int = 0) -> None:
        self.safety, self.motion = Safety(faults), Motion(config)
        self.motion._trip._drive = self.travel = Travel()
        for button in self.buttons():
            button.step = _with_limit(button.step)
        self._map = self._attributes()

    def buttons(self) -> list[Any]:
        s, m = self.safety, self.motion
        aisles = [s.left._deep, s.left._mouth, s.right._deep, s.right._mouth]
        return [*aisles, s._reset, m._start._button, m._local._left, m._local._right]

    def key(self, now_ms: int) -> Key:
        self._settle(now_ms)
        values: list[Any] = []
        for holder, name, timed in self._map:
            value = getattr(holder, name)
            values.append(value if value is None or not timed else min(OLDEST_MS, now_ms - value))
        return tuple(values)

    def load(self, key: Key) -> None:
        """At NOW_MS. ``key`` may be longer than a board's own."""
        for (holder, name, timed), value in zip(self._map, key, strict=False):
            setattr(holder, name, value if value is None or not timed else NOW_MS - value)
        self.safety._last_ms = NOW_MS
        self.motion.position._agreed_ms = NOW_MS
        self.travel.arrived, self.travel.fault = False, 0

    def size(self) -> int:
        return len(self._map)

    def control(self, now_ms: int, snap: Snap) -> None:
        """One control loop."""
        motion = self.motion
        self.safety.step(now_ms, snap, motion.proof.masked, motion.enable, motion.driven())
        motion.step(now_ms, snap, self.safety)

    def renew(self, now_ms: int, move: int, seq: int) -> bool:
        return bool(self.motion.permit.renew(now_ms, move, seq, NODE, move ^ seq ^ NODE ^ PERMIT_SALT))

    def on(self) -> bool:
        """A motor is on while its contactors are wanted and it has a duty."""
        return bool(self.motion.driven() and self.motion.enable and self.motion.duty())

    def _attributes(self) -> list[tuple[Any, str, bool]]:
        """Everything that the next step may ask for. What is only told, or set anew before it is read, is left out."""
        s, m = self.safety, self.motion
        found: list[tuple[Any, str, bool]] = []

        def take(holder: Any, names: str) -> None:
            found.extend((holder, name.rstrip("*"), name.endswith("*")) for name in names.split())

        for button in self.buttons():
            take(button, "pressed _armed _raw _since_ms* _pressed_ms*")
        for one in (s.left, s.right):
            take(one, "state _walked_ms* _mouth_began _wide _crossed")
        take(s, "faults _contactor_since_ms* _contactor_in _brown_since_ms* _rest_um _driven_ms* held")
        take(
            m,
            "phase proved enable _since_ms*",
        )
        take(m.order, "move_id target_mm way opens is_local")
        take(m._start, "_lit_ms* _seen_released _held_for")
        take(m._trip, "_to_left")
        take(m.permit, "_heard_id _heard_ms* _move_id _seq _node _renewed_ms*")
        take(
            m.proof,
            "running proved tests masked _at _releasing _since_ms* _began_ms* _contactor_ok _answered _released_ms*",
        )
        take(m.position, "known found")
        take(self.travel, "duty")
        return found

    def _settle(self, now: int) -> None:
        """States that no later step can tell apart become one."""
        s, m = self.safety, self.motion
        for button in self.buttons():
            button._since_ms = now
            if not button.pressed or button in (m._start._button, s._reset, m._local._left, m._local._right):
                button._pressed_ms = now  # nothing asks how long
        for one in (s.left, s.right):
            if one._walked_ms is not None and now - one._walked_ms > aisle.RESET_WALK_MS:
                one._walked_ms = None
            one._crossed = one._crossed and one.state == AISLE_OPENING
        s.faults = FAULT["stall"] if s.faults else 0  # which one it is, only people want to know
        m.permit._heard_id = m.permit._heard_id if m.permit.heard(now) else 0
        if m.phase != WARNING:
            m._since_ms = now
        if m.phase != ARMED:
            m._start._lit_ms = now
            m._start._seen_released = False
        if m.phase != RUNNING:
            m._trip._to_left = False
        if not m.proof.running:
            m.proof.proved = m.proof._at = 0
            m.proof._since_ms = now
            m.proof._contactor_ok = True
            m.proof._answered = 0
            m.proof._releasing = False
        if not m.proof.running or m.proof._at != RESTS_FIRST:
            m.proof._began_ms = now
        if not m.proof.masked:
            m.proof._released_ms = None
        if m.phase == RESTING:
            m.order.target_mm = None
            m.order.opens = SIDE_NONE
            m.proved = 0
            self.travel.duty = 0
        if not m.permit._heard_id:
            m.permit._heard_ms = now - OLDEST_MS


def _with_limit(step: Callable[..., None]) -> Callable[..., None]:
    def scaled(now_ms: int, released: bool, stuck_ms: int | None = STUCK_MS) -> None:
        step(now_ms, released, stuck_ms)

    return scaled
