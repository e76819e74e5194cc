"""Events → the bytes of one ``up/events`` message, with every body withheld that must not leave the room.

A body travels whole or not at all, with its salt: half of it would not match the hash in its envelope, and a salt
alone would let a guess at a withheld body be tested.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import zstandard

from cloud_sync import contract
from cloud_sync.contract import EventBatch, WireEvent
from edge.domain.trace import LEVELS, Event

PACKED_BYTES = 1024 * 1024  # unpacked; JSON of events shrinks at least fourfold


@dataclass(frozen=True, slots=True)
class Batch:
    """``first_seq`` … ``last_seq`` of one epoch, and the message that carries them."""

    epoch: str
    first_seq: int
    last_seq: int
    payload: bytes


def may_leave(event: Event, ship_level: str) -> bool:
    """Whether the body may leave the room: it is not above ``ship_level`` and has no personal field anywhere."""
    if event.body is None or LEVELS.index(event.level) > LEVELS.index(ship_level):
        return False
    return not _personal(json.loads(event.body))


def pack(node: str, events: list[Event], ship_level: str, prev_head: str) -> Batch:
    """As many of ``events`` (consecutive, one epoch) as one message may carry; at least the first."""
    wires: list[WireEvent] = []
    size = 0
    for event in events[: contract.MAX_BATCH_EVENTS]:
        wire = _wire(event, ship_level)
        size += len(event.envelope) + len(wire.body or "") + 64
        if wires and size > PACKED_BYTES:
            break
        wires.append(wire)
    while True:
        payload = _compressed(node, events[: len(wires)], wires, prev_head)
        if len(payload) <= contract.MAX_BATCH_BYTES:
            break
        if len(wires) == 1:
            # One body too large for any message: its envelope goes alone, as a withheld one does.
            wires = [WireEvent(envelope=wires[0].envelope)]
        else:
            wires = wires[: len(wires) // 2]
    last = events[len(wires) - 1]
    return Batch(last.epoch, events[0].seq, last.seq, payload)


def _wire(event: Event, ship_level: str) -> WireEvent:
    envelope = event.envelope.decode()
    if event.body is None or event.salt is None or not may_leave(event, ship_level):
        return WireEvent(envelope=envelope)
    return WireEvent(envelope=envelope, salt=event.salt.hex(), body=event.body.decode())


def _compressed(node: str, events: list[Event], wires: list[WireEvent], prev_head: str) -> bytes:
    batch = EventBatch(
        node=node,
        epoch=events[0].epoch,
        first_seq=events[0].seq,
        prev_head=prev_head,
        head=events[-1].hash,
        events=wires,
    )
    return zstandard.ZstdCompressor(level=3).compress(batch.model_dump_json(exclude_none=True).encode())


def _personal(value: Any) -> bool:
    if isinstance(value, dict):
        return any(key in contract.PERSONAL_FIELDS or _personal(part) for key, part in value.items())
    if isinstance(value, list):
        return any(_personal(part) for part in value)
    return False
