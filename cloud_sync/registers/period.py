"""From which day to which, as a person chooses them and as the site's own zone counts them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from edge.errors import InputRefused

LONGEST_DAYS = 3 * 366


@dataclass(frozen=True, slots=True)
class Period:
    """Both days belong to it. ``from_ms`` ≤ t < ``until_ms``."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def from_ms(self) -> int:
        return _midnight_ms(self.first, self.zone)

    @property
    def until_ms(self) -> int:
        return _midnight_ms(self.last + timedelta(days=1), self.zone)


def read(first: str, last: str, zone: ZoneInfo, now_ms: int) -> Period:
    """``YYYY-MM-DD``; "" = the first day of this month, today. InputRefused ``period_unreadable``."""
    today = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(zone).date()
    try:
        until = date.fromisoformat(last) if last else today
        since = date.fromisoformat(first) if first else until.replace(day=1)
        if not 0 <= (until - since).days <= LONGEST_DAYS:
            raise ValueError
        period = Period(since, until, zone)
        _ = period.from_ms, period.until_ms
    except (ValueError, OverflowError) as error:
        raise InputRefused("period_unreadable", "choose_period", years=LONGEST_DAYS // 366) from error
    return period


def usual(today: date) -> dict[str, tuple[date, date]]:
    """Periods a report is asked for: this month and quarter, the last of each, this year and the last."""
    month = today.replace(day=1)
    quarter = month.replace(month=(today.month - 1) // 3 * 3 + 1)
    year = month.replace(month=1)
    before_month = (month - timedelta(days=1)).replace(day=1)
    before_quarter = (quarter - timedelta(days=1)).replace(day=1)
    before_quarter = before_quarter.replace(month=(before_quarter.month - 1) // 3 * 3 + 1)
    return {
        "month": (month, today),
        "last_month": (before_month, month - timedelta(days=1)),
        "quarter": (quarter, today),
        "last_quarter": (before_quarter, quarter - timedelta(days=1)),
        "year": (year, today),
        "last_year": (year.replace(year=year.year - 1), year - timedelta(days=1)),
    }


def _midnight_ms(day: date, zone: ZoneInfo) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() * 1000)
