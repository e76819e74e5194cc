"""The trace as files a stranger can check: JSON lines, the signed checkpoints, the node's public key and a script.

An export begins at the first event of an epoch, so the chain starts where every chain starts. Bodies above
``level`` are withheld; the chain holds without them.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from edge.domain.trace import LEVELS, Event, Head, canonical, checkpoint_bytes
from edge.errors import StoreError
from edge.store import trace_verify
from edge.store.space import refusal
from edge.store.trace import Checkpoint, TraceView

EVENTS, CHECKPOINTS, PUBLIC_KEY, SCRIPT = "trace.jsonl", "checkpoints.jsonl", "node.pub", "trace_verify.py"
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Exported:
    events: int
    withheld: int
    checkpoints: int
    head: Head


@dataclass(frozen=True, slots=True)
class ExportFault:
    """``line``: of trace.jsonl, from 1; 0 = a checkpoint's signature. ``why``: a name of ``trace_verify.SAYS``."""

    line: int
    why: str


def export(
    trace: TraceView,
    public_key: Ed25519PublicKey,
    folder: Path,
    *,
    level: str = "secret",
    on_progress: Callable[[int], None] = lambda _events: None,
) -> Exported:
    """Write the whole trace into an empty or new ``folder``. StoreError ``export_not_empty`` or ``disk_refuses``."""
    written = withheld = 0
    head = Head("", 0, "")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise StoreError("export_not_empty", "choose_empty_folder", path=str(folder))
        with (folder / EVENTS).open("wb") as lines:
            for event in _all(trace):
                hidden = LEVELS.index(event.level) > LEVELS.index(level)
                lines.write(line_of(event, hidden) + b"\n")
                written, withheld, head = written + 1, withheld + hidden, Head(event.epoch, event.seq, event.hash)
                if written % CHUNK == 0:
                    on_progress(written)
        points = [point for point in trace.checkpoints() if point.epoch != head.epoch or point.seq <= head.seq]
        (folder / CHECKPOINTS).write_bytes(b"".join(canonical(asdict(point)) + b"\n" for point in points))
        (folder / PUBLIC_KEY).write_text(public_key.public_bytes_raw().hex() + "\n", "ascii")
        shutil.copyfile(Path(trace_verify.__file__), folder / SCRIPT)
    except OSError as error:
        raise refusal(error, folder) from error
    on_progress(written)
    return Exported(written, withheld, len(points), head)


def line_of(event: Event, withhold: bool) -> bytes:
    body = None if withhold or event.body is None else event.body.decode("utf-8")
    salt = event.salt.hex() if body is not None and event.salt is not None else None
    return canonical({"envelope": event.envelope.decode("utf-8"), "hash": event.hash, "salt": salt, "body": body})


def verify_export(folder: Path, public_key: Ed25519PublicKey | None = None) -> ExportFault | None:
    """The first line that is not as it was exported; None = all good, checkpoints' signatures too.

    ``public_key``: the node's own; without it the one in the export is believed.
    """
    try:
        points = _checkpoints(folder)
        public_key = public_key or Ed25519PublicKey.from_public_bytes(
            bytes.fromhex((folder / PUBLIC_KEY).read_text("ascii").strip())
        )
        for point in points:
            signed = checkpoint_bytes(point.node, Head(point.epoch, point.seq, point.head), point.utc_ms)
            public_key.verify(bytes.fromhex(point.signature), signed)
    except (InvalidSignature, ValueError, TypeError, KeyError):
        return ExportFault(0, "signature")
    except OSError as error:
        raise refusal(error, folder) from error
    number, why, _ends = trace_verify.check(folder)
    return ExportFault(number, why) if why else None


def _checkpoints(folder: Path) -> list[Checkpoint]:
    return [Checkpoint(**json.loads(line)) for line in (folder / CHECKPOINTS).read_text("utf-8").splitlines()]


def _all(trace: TraceView) -> Iterator[Event]:
    for epoch in trace.epochs():
        seq = 0
        while events := trace.events_after(epoch.epoch, seq, CHUNK):
            yield from events
            seq = events[-1].seq
