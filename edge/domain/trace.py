"""The trace's format: one event is an envelope and a body; the chain hashes envelopes only.

``body_hash`` = SHA-256(salt ‖ body), so a body can be withheld or dropped and the chain still verifies.
``hash`` = SHA-256(envelope bytes); each envelope names the hash of the one before (``prev``).
Bytes are stored, hashed, shipped and kept exactly as written here.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import Any

SALT_BYTES = 16
GENESIS = "0" * 64

LEVELS = ("open", "internal", "personal", "secret")  # body levels, least to most; shipped up to the node's ship_level


def canonical(value: Any) -> bytes:
    """Canonical JSON: sorted keys, no blanks, UTF-8, integers only. Raises TypeError on a float."""
    _refuse_floats(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError(f"{value!r}: the trace holds integers with units, never floats")
    if isinstance(value, dict):
        for key, part in value.items():
            if not isinstance(key, str):
                raise TypeError(f"{key!r}: keys of a body are text")
            _refuse_floats(part)
    elif isinstance(value, list | tuple):
        for part in value:
            _refuse_floats(part)


@dataclass(frozen=True, slots=True)
class Moment:
    """When it happened: wall time with its trust, and the order that cannot lie (boot id, monotonic ms)."""

    utc_ms: int
    boot_id: str
    monotonic_ms: int
    trusted: bool


JUMP_MS = 2000  # wall and monotonic clock may part by this much between two events before it is called a jump


def wall_jump_ms(before: Moment | None, now: Moment) -> int:
    """How far the wall clock jumped since ``before`` (ms, signed); 0 = it did not, or nobody can tell.

    Within one boot the monotonic clock is the judge; across boots only a step backwards is certain.
    """
    if before is None:
        return 0
    passed_ms = now.utc_ms - before.utc_ms
    if before.boot_id != now.boot_id:
        return min(passed_ms, 0)
    jump_ms = passed_ms - (now.monotonic_ms - before.monotonic_ms)
    return jump_ms if abs(jump_ms) > JUMP_MS else 0


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain: the hash of event ``seq`` of ``epoch``; seq 0 and GENESIS before the first."""

    epoch: str
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Event:
    """One event. ``envelope``, ``salt`` and ``body`` are the bytes as written; ``body`` may be withheld (None)."""

    node: str
    epoch: str
    seq: int
    action: str
    subject: str
    actor: str
    level: str
    envelope: bytes
    salt: bytes | None
    body: bytes | None

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.envelope).hexdigest()

    def fields(self) -> dict[str, Any]:
        """The envelope, parsed. Raises ValueError when it is no longer one."""
        parsed = json.loads(self.envelope)
        if not isinstance(parsed, dict):
            raise ValueError("an envelope is a JSON object")
        return parsed


COPIED_FIELDS = ("node", "epoch", "seq", "action", "subject", "actor", "level")  # stand beside the envelope as well
NEVER_IN_A_BODY = frozenset({"pin", "uid", "card", "card_no", "id_number", "password", "key", "token"})


def refuse_secrets(value: Any) -> None:
    """ValueError when a body has a field that must never enter the trace: credentials and what identifies them."""
    if isinstance(value, dict):
        forbidden = NEVER_IN_A_BODY & value.keys()
        if forbidden:
            raise ValueError(f"{', '.join(sorted(forbidden))}: credentials never enter the trace")
        for part in value.values():
            refuse_secrets(part)
    elif isinstance(value, list | tuple):
        for part in value:
            refuse_secrets(part)


def make_event(
    *,
    node: str,
    epoch: str,
    seq: int,
    prev: str,
    moment: Moment,
    actor: str,
    subject: str,
    action: str,
    version: int,
    level: str,
    body: dict[str, Any],
) -> Event:
    """A new event. ``actor`` and ``subject`` are opaque ids; ``prev``: the hash before (GENESIS for seq 1)."""
    if level not in LEVELS:
        raise ValueError(f"level {level!r} is none of {LEVELS}")
    body_bytes = canonical(body)
    salt = secrets.token_bytes(SALT_BYTES)
    envelope = canonical(
        {
            "v": 1,
            "node": node,
            "epoch": epoch,
            "seq": seq,
            "prev": prev,
            "utc_ms": moment.utc_ms,
            "boot": moment.boot_id,
            "mono_ms": moment.monotonic_ms,
            "trusted": moment.trusted,
            "actor": actor,
            "subject": subject,
            "action": action,
            "action_v": version,
            "level": level,
            "body_hash": body_hash(salt, body_bytes),
        }
    )
    return Event(node, epoch, seq, action, subject, actor, level, envelope, salt, body_bytes)


def body_hash(salt: bytes, body: bytes) -> str:
    return hashlib.sha256(salt + body).hexdigest()


@dataclass(frozen=True, slots=True)
class Break:
    """The first event that does not verify, and why: ``gap``, ``chain``, ``body``, ``envelope`` or ``fields``."""

    seq: int
    why: str


def fault_of(event: Event) -> str | None:
    """What is wrong with one event by itself: ``envelope``, ``fields`` or ``body``; None = nothing."""
    try:
        stated = event.fields()
    except ValueError:
        return "envelope"
    columns = (event.node, event.epoch, event.seq, event.action, event.subject, event.actor, event.level)
    if tuple(stated.get(name) for name in COPIED_FIELDS) != columns:
        return "fields"
    if event.body is not None and (event.salt is None or body_hash(event.salt, event.body) != stated.get("body_hash")):
        return "body"
    return None


def first_break(events: list[Event], *, start_seq: int = 1, prev: str = GENESIS) -> Break | None:
    """Verify consecutive events of one epoch from ``start_seq`` on, following ``prev``. None = all good."""
    expected_seq, expected_prev = start_seq, prev
    for event in events:
        if event.seq != expected_seq:
            return Break(expected_seq, "gap")
        fault = fault_of(event)
        if fault is not None:
            return Break(event.seq, fault)
        if event.fields().get("prev") != expected_prev:
            return Break(event.seq, "chain")
        expected_seq, expected_prev = event.seq + 1, event.hash
    return None


def checkpoint_bytes(node: str, head: Head, utc_ms: int) -> bytes:
    """What a node signs: Ed25519, the same bytes as in the wire's Checkpoint."""
    return f"storeroom-checkpoint/1 {node} {head.epoch} {head.seq} {head.hash} {utc_ms}".encode("ascii")
