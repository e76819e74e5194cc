"""Which batch goes next, and what an acknowledgement of the centre means: no network in here, time is passed in.

Two cursors run over the trace: ``acked`` (in the store) moves only by a word the centre signed, also backwards;
``sent`` runs at most WINDOW batches ahead of it. What stays unanswered is sent again, ever more slowly: a centre that
is away for a week finds its queue short, and asks by itself when it is back.
"""

from __future__ import annotations

from collections import deque

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from cloud_sync import contract
from cloud_sync.contract import Ack
from edge.domain.trace import GENESIS, Head
from edge.store.views import Trace
from edge.sync.batches import Batch, pack

WINDOW = 4
FIRST_RETRY_MS = 5_000
LAST_RETRY_MS = 3_600_000
Place = tuple[str, int]  # epoch, seq

REPEATED_GAP_MS = 2_000  # the batches behind a lost one all arrive as gaps: one answer is enough


class Shipping:
    """``fault``: a code while the centre tells another history than this room's trace, else ''."""

    def __init__(self, trace: Trace, node: str, ship_level: str, centre_key: bytes, now_ms: int) -> None:
        self._trace, self._node, self._ship_level = trace, node, ship_level
        self._centre_key = Ed25519PublicKey.from_public_bytes(centre_key)
        self._flight: deque[Batch] = deque()
        self._sent = trace.acked()
        self._retry_ms = FIRST_RETRY_MS
        self._progress_ms = now_ms
        self._rewound_ms = now_ms - REPEATED_GAP_MS
        self.fault = ""
        self.last_ack_ms: int | None = None

    @property
    def in_flight(self) -> int:
        return len(self._flight)

    def next_batch(self, now_ms: int) -> Batch | None:
        """The batch to publish now; None while the window is full or nothing waits."""
        if self._flight and now_ms - self._progress_ms >= self._retry_ms:
            self._retry_ms = min(self._retry_ms * 2, LAST_RETRY_MS)
            self._progress_ms = now_ms
            self._rewind()
        # While nothing is answered one batch is enough to find out whether the centre is back.
        window = WINDOW if self._retry_ms == FIRST_RETRY_MS else 1
        if len(self._flight) >= window:
            return None
        batch = self._batch_after(*self._sent)
        if batch is None:
            return None
        if not self._flight:
            self._progress_ms = now_ms
        self._flight.append(batch)
        self._sent = (batch.epoch, batch.last_seq)
        return batch

    def acknowledged(self, payload: bytes, now_ms: int) -> bool:
        """Follow a signed acknowledgement; False for one that is not the centre's, is not ours, or cannot be true."""
        try:
            ack = Ack.model_validate_json(payload)
            self._centre_key.verify(bytes.fromhex(ack.signature), ack.signed_bytes())
        except (ValueError, InvalidSignature):
            return False
        if ack.node != self._node:
            return False
        ends = {epoch.epoch: epoch.last_seq for epoch in self._trace.epochs()}
        at = self._position(ack, ends)
        if at is None:
            return False
        self.fault, self.last_ack_ms = "", now_ms
        before = self._trace.acked()
        if at != before:
            self._trace.set_acked(*at)
        self._settle(before, at, list(ends), gap=ack.gap, now_ms=now_ms)
        return True

    def _position(self, ack: Ack, ends: dict[str, int]) -> Place | None:
        """What ``ack`` says as a place in our own trace; None, with ``fault`` set, where it cannot be one.

        ``ends``: epoch → its last seq, oldest epoch first.
        """
        newest = list(ends)[-1] if ends else ""
        if ack.epoch == "" and ack.seq == 0:
            return (next(iter(ends)), 0) if ends else None
        if ack.epoch not in ends:
            self.fault = "centre_knows_other_trace"
            return None
        if ack.seq > ends[ack.epoch]:
            if ack.epoch == newest:
                # A copy of an older data directory was put back without `restore`: no new epoch was begun.
                self.fault = "centre_holds_more"
                return None
            return ack.epoch, ends[ack.epoch]  # the restore lost these events; the centre keeps them
        here = self._trace.head_at(ack.epoch, ack.seq)
        if here is None or here.hash != ack.head:
            self.fault = "centre_knows_other_trace"
            return None
        return ack.epoch, ack.seq

    def _settle(self, before: Place, at: Place, order: list[str], *, gap: bool, now_ms: int) -> None:
        """Drop what is acknowledged from the flight; go back where the centre lacks something."""

        def rank(place: Place) -> tuple[int, int]:
            return (order.index(place[0]) if place[0] in order else -1, place[1])

        while self._flight and rank((self._flight[0].epoch, self._flight[0].last_seq)) <= rank(at):
            self._flight.popleft()
        if at != before:
            self._retry_ms, self._progress_ms = FIRST_RETRY_MS, now_ms
        else:
            # The centre is there: the next try comes soon, but without progress not at full width.
            self._progress_ms = max(self._progress_ms, now_ms - self._retry_ms + FIRST_RETRY_MS)
        if rank(self._sent) < rank(at):
            self._flight.clear()
            self._sent = at
        elif rank(at) < rank(before):
            self._rewind()
        elif gap and self._flight and now_ms - self._rewound_ms >= REPEATED_GAP_MS:
            self._rewound_ms = now_ms
            self._retry_ms = min(self._retry_ms * 2, LAST_RETRY_MS)
            self._rewind()

    def _rewind(self) -> None:
        self._flight.clear()
        self._sent = self._trace.acked()

    def _batch_after(self, epoch: str, seq: int) -> Batch | None:
        events = self._trace.events_after(epoch, seq, contract.MAX_BATCH_EVENTS)
        if not events:
            names = [known.epoch for known in self._trace.epochs()]
            following = names[names.index(epoch) + 1 :] if epoch in names else names
            if not following:
                return None
            events = self._trace.events_after(following[0], 0, contract.MAX_BATCH_EVENTS)
            epoch, seq = following[0], 0
        if not events:
            return None
        before = self._trace.head_at(epoch, seq) or Head(epoch, 0, GENESIS)
        return pack(self._node, events, self._ship_level, before.hash)
