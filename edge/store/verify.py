"""Proving the trace of a store file: chain, bodies, columns, epochs, checkpoints; which event a changed byte hit.

SQLCipher refuses a page whose HMAC does not match, so one changed byte makes the events of its page unreadable. The
report names them and the check goes on behind them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from edge.domain.chain import Chain
from edge.domain.trace import GENESIS, Break, Event, Head, checkpoint_bytes
from edge.errors import StoreError
from edge.store.connection import Row, connect, driver_errors
from edge.store.page_seals import damaged_pages, pages_that_fail
from edge.store.tip import event_of

CHUNK = 500
PROBES = 2000  # events tried one by one behind an unreadable page, before the rest is given up
ENOUGH = 50  # findings; the first is what counts


@dataclass(frozen=True, slots=True)
class Finding:
    """What does not verify, from ``seq`` to ``seq_to`` of ``epoch`` (0 = no event in particular).

    ``why``: unreadable, gap, chain, body, envelope, fields, epoch, checkpoint, signature, truncated or pages.
    """

    why: str
    epoch: str = ""
    seq: int = 0
    seq_to: int = 0
    detail: str = ""


@dataclass(slots=True)
class Report:
    """What was proved. No findings = every event from the first to ``head`` is as it was written."""

    events: int = 0
    epochs: int = 0
    checkpoints: int = 0
    signatures: int = 0  # checkpoints whose signature was checked
    head: Head = field(default_factory=lambda: Head("", 0, GENESIS))
    findings: list[Finding] = field(default_factory=list)


def verify(
    path: Path,
    key: bytes,
    public_key: Ed25519PublicKey | None = None,
    on_progress: Callable[[int], None] = lambda _events: None,
) -> Report:
    """Check the file at ``path`` without changing it, also while a node writes it.

    Raises StoreError ``wrong_key``, and ``store_busy`` for what passes and is no damage.
    ``public_key`` checks the signatures of the checkpoints; ``on_progress`` hears of the events checked so far.
    """
    try:
        scan = _Scan(path, key, public_key, on_progress)
    except StoreError as error:
        if error.code != "damaged":
            raise
        return Report(findings=[Finding("unreadable", detail="schema")])
    return scan.run()


@dataclass(frozen=True, slots=True)
class _Hole:
    """Row ids that no page gives up any more; ``last`` None = all the rest."""

    first: int
    last: int | None


class _Scan:
    def __init__(
        self, path: Path, key: bytes, public_key: Ed25519PublicKey | None, on_progress: Callable[[int], None]
    ) -> None:
        self.path, self.key, self.public_key, self.on_progress = path, key, public_key, on_progress
        self.report, self.node = Report(), ""
        self.db = connect(path, key, read_only=True)

    def run(self) -> Report:
        try:
            with driver_errors(self.path):
                self.db.execute("BEGIN")  # a node that goes on writing does not move the end
            self.epochs = {row["no"]: row["epoch"] for row in self._small_table("epoch")}
            self.points = {
                (self.epochs.get(row["epoch_no"]), row["seq"]): row for row in self._small_table("checkpoint")
            }
            self.acked = {row["epoch"]: row["seq"] for row in self._small_table("sync_cursor")}
            self.newest = self._count()
            self._events()
            self._signatures()
            self._pages()
        except StoreError as error:
            if error.code == "store_busy":  # what passes is no damage
                raise
            self._found(Finding("unreadable", detail=error.code))
        finally:
            self.db.close()
        return self.report

    def _events(self) -> None:
        chain: Chain | None = None
        row_id, previous = 0, Head("", 0, GENESIS)
        for piece in self._walk():
            if isinstance(piece, _Hole):
                self._hole(piece, chain, row_id)
                previous, chain = chain.head if chain else previous, None
                continue
            event, row_id = self._event(piece), piece["id"]
            if chain is None or event.epoch != chain.epoch:
                if chain is not None:
                    self._chain_ends(chain)
                    previous = chain.head
                chain = Chain(event.epoch, 0 if row_id == 1 or previous.epoch not in ("", event.epoch) else None)
                if event.seq == 1:
                    self._epoch_begins(event, previous)
            self._breaks(chain, chain.follow(event))
            self._compare(event, piece["utc_ms"])
        if chain is not None:
            self._chain_ends(chain)
        self.report.epochs = len(self.epochs)
        self.on_progress(self.report.events)

    def _compare(self, event: Event, utc_ms: int) -> None:
        """The row's own columns and the signed checkpoint at this event, where there is one."""
        with suppress(ValueError):
            if event.fields().get("utc_ms") != utc_ms:
                self._found(Finding("fields", event.epoch, event.seq, event.seq))
        point = self.points.get((event.epoch, event.seq))
        if point is not None and point["head"] != event.hash:
            self._found(Finding("checkpoint", event.epoch, event.seq, event.seq))
        self.report.events += 1
        self.report.head = Head(event.epoch, event.seq, event.hash)
        if self.report.events % CHUNK == 0:
            self.on_progress(self.report.events)

    def _breaks(self, chain: Chain, breaks: list[Break]) -> None:
        for found in breaks:
            self._found(Finding(found.why, chain.epoch, found.seq, found.seq))

    def _epoch_begins(self, event: Event, previous: Head) -> None:
        """The first event of an epoch names where the one before ended in this file."""
        try:
            body = json.loads(event.body or b"{}")
            named = Head(body["previous_epoch"], body["previous_seq"], body["previous_head"])
        except (ValueError, KeyError, TypeError):
            named = None
        if named != previous and not self.report.findings:
            self._found(Finding("epoch", event.epoch, 1, 1))

    def _chain_ends(self, chain: Chain) -> None:
        """A checkpoint or the centre's word about an event behind the last one proves that the end was cut off."""
        self._breaks(chain, chain.end())
        known = [seq for epoch, seq in self.points if epoch == chain.epoch]
        last = max([*known, self.acked.get(chain.epoch, 0)])
        if last > chain.head.seq:
            self._found(Finding("truncated", chain.epoch, chain.head.seq + 1, last))

    def _hole(self, hole: _Hole, chain: Chain | None, row_id: int) -> None:
        """Row ids and seqs count in step, so a hole in one is a hole in the other."""
        epoch, seq = (chain.epoch, chain.head.seq) if chain else (self.epochs.get(1, ""), 0)
        last = 0 if hole.last is None else seq + hole.last - row_id
        self._found(Finding("unreadable", epoch, seq + 1, last))

    def _walk(self) -> Iterator[Row | _Hole]:
        after = 0
        while True:
            rows, whole = self._some(after)
            yield from rows
            after = rows[-1]["id"] if rows else after
            if not whole:
                following = self._next_readable(after + 1)
                yield _Hole(after + 1, following - 1 if following else None)
                if following is None:
                    return
                after = following - 1
            elif not rows:
                return

    def _some(self, after: int) -> tuple[list[Row], bool]:
        """The next events, and whether they are all that could be asked for. >= never touches the page before."""
        try:
            return self._read("id >= ? ORDER BY id", after + 1, CHUNK), True
        except StoreError:
            self._reopen()
        rows: list[Row] = []
        while len(rows) < CHUNK:
            try:
                row = self._read("id >= ? ORDER BY id", after + 1, 1)
            except StoreError:
                self._reopen()
                return rows, False
            if not row:
                break
            rows += row
            after = row[0]["id"]
        return rows, True

    def _next_readable(self, row_id: int) -> int | None:
        for candidate in range(row_id + 1, min(row_id + PROBES, self.newest + 1)):
            try:
                if self._read("id = ?", candidate, 1):
                    return candidate
            except StoreError:
                self._reopen()
        return None

    def _read(self, where: str, value: int, limit: int) -> list[Row]:
        with driver_errors(self.path):
            found: list[Row] = self.db.execute(f"SELECT * FROM event WHERE {where} LIMIT ?", (value, limit)).fetchall()
        return found

    def _reopen(self) -> None:
        """After a page whose HMAC failed the connection refuses everything."""
        self.db.close()
        self.db = connect(self.path, self.key, read_only=True)

    def _count(self) -> int:
        """Row ids count from 1 without a hole. Answered from an index, so a damaged page of events does not matter."""
        try:
            with driver_errors(self.path):
                return int(self.db.execute("SELECT count(*) FROM event").fetchone()[0])
        except StoreError:
            self._reopen()
            return PROBES

    def _small_table(self, name: str) -> list[Row]:
        try:
            with driver_errors(self.path):
                found: list[Row] = self.db.execute(f"SELECT * FROM {name}").fetchall()
            return found
        except StoreError:
            self._reopen()
            self._found(Finding("unreadable", detail=name))
            return []

    def _signatures(self) -> None:
        self.report.checkpoints = len(self.points)
        if self.public_key is None or not self.report.events:
            return
        for (epoch, seq), row in self.points.items():
            signed = checkpoint_bytes(self.node, Head(epoch or "", seq, row["head"]), row["utc_ms"])
            try:
                self.public_key.verify(bytes.fromhex(row["signature"]), signed)
                self.report.signatures += 1
            except (InvalidSignature, ValueError):
                self._found(Finding("signature", epoch or "", seq, seq))

    def _pages(self) -> None:
        """The HMAC of every page, also those that hold no event."""
        if any(finding.why == "unreadable" for finding in self.report.findings):
            return  # told already, and where
        damaged = damaged_pages(self.path, self._pages_that_fail)
        if damaged:
            self._found(Finding("pages", detail="; ".join(damaged[:5])))

    def _pages_that_fail(self) -> set[str]:
        self._reopen()
        with driver_errors(self.path):
            return pages_that_fail(self.db)

    def _event(self, row: Row) -> Event:
        stated: dict[str, str] = {}
        with suppress(ValueError, TypeError):
            stated = dict(json.loads(row["envelope"]))
        self.node = self.node or str(stated.get("node", ""))
        return event_of(row, self.node, self.epochs.get(row["epoch_no"]) or stated.get("epoch", "?"))

    def _found(self, finding: Finding) -> None:
        if len(self.report.findings) < ENOUGH:
            self.report.findings.append(finding)
