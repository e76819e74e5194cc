"""A message as it came over the wire → what it says, or why it cannot be accepted. Touches no store."""

from __future__ import annotations

import json
from typing import TypeVar

import zstandard

from cloud_sync import contract
from edge.domain.trace import GENESIS, Event, first_break

MAX_UNPACKED_BYTES = 32 * 1024 * 1024  # a batch that unpacks to more is no batch of ours
VERSIONS = (contract.VERSION, contract.VERSION - 1)

M = TypeVar("M", contract.EventBatch, contract.Checkpoint, contract.Telemetry, contract.State, contract.Answer)


class Unacceptable(Exception):
    """``why``: the code shown in the quarantine (words: ``quarantine.<why>``)."""

    def __init__(self, why: str, *, epoch: str = "", seq: int = 0) -> None:
        super().__init__(why)
        self.why, self.epoch, self.seq = why, epoch, seq


def unpack(node: str, payload: bytes) -> tuple[contract.EventBatch, list[Event]]:
    """The batch and its events, each verified against the next. Raises Unacceptable."""
    if len(payload) > contract.MAX_BATCH_BYTES:
        raise Unacceptable("too_large")
    try:
        with zstandard.ZstdDecompressor().stream_reader(payload) as reader:
            text = reader.read(MAX_UNPACKED_BYTES + 1)
    except zstandard.ZstdError as error:
        raise Unacceptable("unreadable") from error
    if len(text) > MAX_UNPACKED_BYTES:
        raise Unacceptable("too_large")
    batch = parse(contract.EventBatch, node, text)
    try:
        events = [_event(wire) for wire in batch.events]
    except (ValueError, KeyError, TypeError) as error:
        raise Unacceptable("unreadable", epoch=batch.epoch, seq=batch.first_seq) from error
    if any((event.node, event.epoch) != (node, batch.epoch) for event in events):
        raise Unacceptable("fields", epoch=batch.epoch, seq=batch.first_seq)
    if batch.first_seq == 1 and batch.prev_head != GENESIS:
        raise Unacceptable("chain", epoch=batch.epoch, seq=1)
    broken = first_break(events, start_seq=batch.first_seq, prev=batch.prev_head)
    if broken is not None:
        raise Unacceptable(broken.why, epoch=batch.epoch, seq=broken.seq)
    if events[-1].hash != batch.head:
        raise Unacceptable("chain", epoch=batch.epoch, seq=events[-1].seq)
    return batch, events


def _event(wire: contract.WireEvent) -> Event:
    envelope = json.loads(wire.envelope)
    salt = bytes.fromhex(wire.salt) if wire.salt is not None else None
    body = wire.body.encode() if wire.body is not None else None
    if body is not None:
        json.loads(body)
    if not isinstance(envelope["utc_ms"], int) or not isinstance(envelope["seq"], int):
        raise TypeError("numbers of an envelope are integers")
    return Event(
        node=str(envelope["node"]),
        epoch=str(envelope["epoch"]),
        seq=envelope["seq"],
        action=str(envelope["action"]),
        subject=str(envelope["subject"]),
        actor=str(envelope["actor"]),
        level=str(envelope["level"]),
        envelope=wire.envelope.encode(),
        salt=salt,
        body=body,
    )


def parse(kind: type[M], node: str, payload: bytes) -> M:
    """Raises Unacceptable: ``unreadable``, ``version``, or ``fields`` for a message in another node's name."""
    try:
        raw = json.loads(payload)
        if isinstance(raw, dict) and raw.get("v", contract.VERSION) not in VERSIONS:
            raise Unacceptable("version")
        message = kind.model_validate(raw)
    except (ValueError, RecursionError) as error:
        raise Unacceptable("unreadable") from error
    if message.node != node:
        raise Unacceptable("fields")
    return message
