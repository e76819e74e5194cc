"""Retention classes 保管期限: how long, counted from when, and what is due then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

CountsFrom = Literal["filing", "year_end", "event"]


@dataclass(frozen=True, slots=True)
class RetentionClass:
    """``years`` None: for ever. ``counts_from`` event: end of cooperation, end of project, leaving of an employee.

    ``active``: may still be given.
    """

    code: str
    years: int | None
    counts_from: CountsFrom
    then_do: Literal["keep", "appraise", "destroy", "transfer"]
    basis: str
    active: bool = True


def due(of: RetentionClass, *, year: int | None, filed_on: str, event_on: str) -> date | None:
    """The first day on which the period is over; None while it runs for ever or its beginning is not known.

    ``filed_on`` and ``event_on``: eight digits or ""; an unknown month or day counts as the last one, so that nothing
    is due too early. ``year``: the year of the records, whose end starts the period ``year_end``.
    """
    if of.years is None:
        return None
    if of.counts_from == "year_end":
        return date(year + of.years + 1, 1, 1) if year else None
    begun = filed_on if of.counts_from == "filing" else event_on
    if len(begun) != 8:
        return None
    of_year, month, day = int(begun[:4]) + of.years, int(begun[4:6]), int(begun[6:])
    if not month or not day:
        return date(of_year + 1, 1, 1) if not month else date(of_year + month // 12, month % 12 + 1, 1)
    return date(of_year, 3, 1) if (month, day) == (2, 29) else date(of_year, month, day)
