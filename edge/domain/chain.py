"""Following a chain event by event, so that a changed event is named itself and not the one after it."""

from __future__ import annotations

from edge.domain.trace import GENESIS, Break, Event, Head, fault_of


class Chain:
    """One epoch. ``after_seq`` 0 starts at its first event; None = from wherever the first event followed stands.

    A link that does not fit does not say which of the two events was changed. The next event does: it names the
    hash of the later one as it was written.
    """

    def __init__(self, epoch: str, after_seq: int | None = 0) -> None:
        self.epoch = epoch
        self.head = Head(epoch, after_seq or 0, GENESIS)
        self._anywhere = after_seq is None
        self._doubted = False  # the link between head and the one before it does not fit
        self._told = -1

    def follow(self, event: Event) -> list[Break]:
        """What became certain with this event."""
        found: list[Break] = []
        fault = fault_of(event)
        prev = _prev(event)
        if self._anywhere:
            self._anywhere = False
        elif event.seq != self.head.seq + 1:
            found += self.end()
            found.append(Break(self.head.seq + 1, "gap"))
        elif self._doubted:
            self._doubted = False
            found.append(Break(self.head.seq - (prev == self.head.hash), "envelope"))
        elif prev != self.head.hash:
            if event.seq == 1:
                found.append(Break(1, "chain"))
            else:
                self._doubted = True
        if fault is not None:
            found.append(Break(event.seq, fault))
        self.head = Head(self.epoch, event.seq, event.hash)
        return self._once(found)

    def end(self) -> list[Break]:
        """Call after the last event: a doubt that nothing can settle any more."""
        doubted, self._doubted = self._doubted, False
        return self._once([Break(self.head.seq, "chain")]) if doubted else []

    def _once(self, found: list[Break]) -> list[Break]:
        fresh = [one for one in sorted(found, key=lambda one: one.seq) if one.seq > self._told]
        if fresh:
            self._told = fresh[-1].seq
        return fresh


def _prev(event: Event) -> str | None:
    try:
        prev = event.fields().get("prev")
    except ValueError:
        return None
    return prev if isinstance(prev, str) else None
