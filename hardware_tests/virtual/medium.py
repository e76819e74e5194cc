"""The RS-485 pair as bytes in time: half duplex, paced, everybody hears everybody else, faults can be put on it.

Pure: times in microseconds are passed in, so the live hub and the lock-step harness run the same bus.
Port 0 is the node; the others are numbered as the harness likes (boards: their address).
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

NODE = 0
BITS_PER_BYTE = 10  # 8N1

FaultKind = Literal["drop", "flip", "delay", "garbage", "duplicate"]


@dataclass(slots=True)
class Fault:
    """Something wrong with what one port says (``talker`` None = anyone but the node).

    ``share`` of the chunks is hit, 0..1; ``times`` limits how often (None = until cleared). ``delay_ms`` for delay.
    """

    kind: FaultKind
    talker: int | None = None
    share: float = 1.0
    times: int | None = None
    delay_ms: float = 0.0

    def hits(self, talker: int, dice: random.Random) -> bool:
        if self.times == 0 or (self.talker is None and talker == NODE):
            return False
        if self.talker not in (None, talker) or dice.random() >= self.share:
            return False
        if self.times is not None:
            self.times -= 1
        return True


@dataclass(slots=True)
class _Chunk:
    starts_us: int
    ends_us: int
    talker: int
    data: bytes


@dataclass(slots=True)
class Medium:
    """``counts``: chunks said, dropped, collided. ``dead`` ports neither talk nor listen."""

    ports: set[int]
    baud: int = 115200
    seed: int = 1
    faults: list[Fault] = field(default_factory=list)
    dead: set[int] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=lambda: {"said": 0, "dropped": 0, "collided": 0})
    _dice: random.Random = field(init=False)
    _waiting: list[_Chunk] = field(default_factory=list)  # delayed before it reaches the wire
    _on_wire: list[_Chunk] = field(default_factory=list)
    _free_us: int = 0
    _holder: int = NODE

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)

    def talk(self, talker: int, data: bytes, now_us: int) -> None:
        if talker in self.dead or not data:
            return
        self.counts["said"] += 1
        repeat = 1
        starts_us = now_us
        for fault in self.faults:
            if not fault.hits(talker, self._dice):
                continue
            if fault.kind == "drop":
                self.counts["dropped"] += 1
                return
            if fault.kind == "flip":
                data = self._flip(data)
            elif fault.kind == "garbage":
                data = self._dice.randbytes(self._dice.randrange(1, 40))
            elif fault.kind == "duplicate":
                repeat = 2
            elif fault.kind == "delay":
                starts_us += int(fault.delay_ms * 1000)
        for _ in range(repeat):
            self._waiting.append(_Chunk(starts_us, 0, talker, data))

    def hear(self, now_us: int) -> list[tuple[int, bytes]]:
        """(listener, bytes) for everything that has fully arrived by now, in order."""
        for chunk in sorted((c for c in self._waiting if c.starts_us <= now_us), key=lambda c: c.starts_us):
            self._waiting.remove(chunk)
            self._put_on_wire(chunk)
        heard: list[tuple[int, bytes]] = []
        while self._on_wire and self._on_wire[0].ends_us <= now_us:
            chunk = self._on_wire.pop(0)
            heard += [(port, chunk.data) for port in self.listeners(chunk.talker)]
        return heard

    def next_us(self) -> int | None:
        """When ``hear`` will next have something to do; None = the wire is silent."""
        times = [chunk.starts_us for chunk in self._waiting] + [chunk.ends_us for chunk in self._on_wire[:1]]
        return min(times, default=None)

    def listeners(self, talker: int) -> Iterable[int]:
        return sorted(self.ports - self.dead - {talker})

    def _put_on_wire(self, chunk: _Chunk) -> None:
        if chunk.starts_us < self._free_us and chunk.talker != self._holder:
            self.counts["collided"] += 1
            chunk.data = self._flip(chunk.data)
            for other in self._on_wire:
                if other.ends_us > chunk.starts_us:
                    other.data = self._flip(other.data)
        self._free_us = max(chunk.starts_us, self._free_us) + len(chunk.data) * BITS_PER_BYTE * 1_000_000 // self.baud
        chunk.ends_us = self._free_us
        self._holder = chunk.talker
        self._on_wire.append(chunk)

    def _flip(self, data: bytes) -> bytes:
        changed = bytearray(data)
        changed[self._dice.randrange(len(changed))] ^= 1 << self._dice.randrange(8)
        return bytes(changed)
