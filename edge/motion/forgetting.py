"""One carriage lost its place, so the whole block forgets (shelving-safety rule 7). Pure: reports in, what to send out.

The truth of it lies on the boards: each says which loss of its own the block has not been told of (IR_LOSS), through
every restart of this process, and only the answer to that very loss ends it. So the order of telling is all there is
to keep: first every other board forgets, then those that lost their place are answered. Whoever stops in between
finds the loss unanswered and begins again. A forgotten place is no loss, and neither is one that finding looks for:
nothing is told twice, and an interrupted finding goes on with what it had found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from edge.domain.block import CarriageReport, Loss

AGAIN_MS = 1000  # a board that did not confirm is asked again


@dataclass(frozen=True, slots=True)
class Ask:
    """Send CMD_FORGET; ``answers`` = the loss of its own that it answers, 0 = none."""

    column: int
    answers: int = 0


@dataclass(frozen=True, slots=True)
class Forgetting:
    """``losses`` (column, IR_LOSS) that are not answered; ``told`` columns that forgot after the newest of them."""

    losses: frozenset[tuple[int, int]] = frozenset()
    told: frozenset[int] = frozenset()
    since_ms: int = 0  # when the first of them was heard
    causes: tuple[tuple[int, str], ...] = ()
    again_ms: int = 0

    @property
    def over(self) -> bool:
        return not self.losses

    def confirmed(self, ask: Ask) -> Forgetting:
        """Its board acknowledged. Call it before the next ``step``: a loss that is newer then begins anew."""
        losses = self.losses - {(ask.column, ask.answers)}
        return replace(self, losses=losses, told=self.told | {ask.column})

    def not_all(self, now_ms: int) -> Forgetting:
        """A board did not acknowledge."""
        return replace(self, again_ms=now_ms + AGAIN_MS)

    def loss(self, reports: Mapping[int, CarriageReport]) -> Loss | None:
        """For people: the newest loss, and which boards have still to forget."""
        waiting = () if self.over else tuple(sorted(_untold(self, reports) | {column for column, _ in self.losses}))
        return Loss(self.since_ms, self.causes, waiting) if self.causes else None


def step(forgetting: Forgetting, reports: Mapping[int, CarriageReport], now_ms: int) -> Forgetting:
    """After these reports. A board that is silent now has taken no loss back."""
    said = {column: report for column, report in reports.items() if report.online}
    here = frozenset((column, report.loss_word) for column, report in said.items() if report.loss)
    losses = here | {one for one in forgetting.losses if one[0] not in said}
    new = here - forgetting.losses
    if not new:
        return replace(forgetting, losses=losses)
    lost = {(column, said[column].loss) for column, _word in new}
    if forgetting.over:
        return Forgetting(losses, since_ms=now_ms, causes=tuple(sorted(lost)))
    causes = tuple(sorted({*forgetting.causes, *lost}))
    return replace(forgetting, losses=losses, told=frozenset(), causes=causes, again_ms=0)


def asks(forgetting: Forgetting, reports: Mapping[int, CarriageReport], now_ms: int) -> tuple[Ask, ...]:
    """What is to be sent now: to all others first; once every one of them forgot, to those that lost their place."""
    if forgetting.over or now_ms < forgetting.again_ms:
        return ()
    untold = _untold(forgetting, reports)
    todo = [Ask(column) for column in untold] if untold else [Ask(*one) for one in forgetting.losses]
    return tuple(sorted((ask for ask in todo if reports[ask.column].online), key=lambda ask: ask.column))


def _untold(forgetting: Forgetting, reports: Mapping[int, CarriageReport]) -> frozenset[int]:
    """A board in safe mode knows no place, frees no aisle, takes no command and starts anew before it does."""
    safe = {column for column, report in reports.items() if "safe_mode" in report.faults}
    return frozenset(reports) - safe - forgetting.told - {column for column, _word in forgetting.losses}
