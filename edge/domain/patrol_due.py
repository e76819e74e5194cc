"""When a patrol 巡查 is due: daily, weekly, monthly, around holidays and after an alarm, by the site's own plan.

Every kind has occasions, from when one opens until when it is due. A round that was begun on or after the opening and
signed answers for it. One that nobody answered stays late, whatever opens after it, until a round is walked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from edge.errors import InputRefused

Kind = Literal["daily", "weekly", "monthly", "before_holiday", "after_holiday", "after_alarm"]
State = Literal["done", "due", "late"]
KINDS: tuple[Kind, ...] = ("daily", "weekly", "monthly", "before_holiday", "after_holiday", "after_alarm")

# A wider round passes the points of these too, and so stands in for them.
COVERS: Mapping[Kind, tuple[Kind, ...]] = {
    "weekly": ("daily",),
    "monthly": ("daily", "weekly"),
    "before_holiday": ("daily",),
    "after_holiday": ("daily",),
}
MINUTE_MS = 60_000
DAY_MINUTES = 24 * 60
BACK_DAYS = 400  # further back nobody asks what was missed
AHEAD_DAYS = 70  # the next month's, seen from this one's first day
HOLIDAY_OPENS_DAYS = 3  # before it, so that a weekend in between does no harm
HOLIDAY_MOST_DAYS = 30
HOLIDAYS_MOST = 60


@dataclass(frozen=True, slots=True)
class Holiday:
    """First and last day: ``MM-DD`` comes every year, ``YYYY-MM-DD`` once."""

    first: str
    last: str

    def __post_init__(self) -> None:
        first, last = _day(self.first, 2024), _day(self.last, 2024)
        if first is None or last is None or len(self.first) != len(self.last):
            raise InputRefused("patrol_plan_wrong", "correct_patrol_plan", field="holidays")
        if last < first and len(self.first) == 5:
            last = date(2025, last.month, last.day)
        if not 0 <= (last - first).days < HOLIDAY_MOST_DAYS:
            raise InputRefused("patrol_plan_wrong", "correct_patrol_plan", field="holidays")

    def on(self, year: int) -> tuple[date, date] | None:
        """As it begins in ``year``, if it does."""
        first = _day(self.first, year)
        if first is None or first.year != year:
            return None
        last = _day(self.last, year)
        if last is not None and last < first:
            last = _day(self.last, year + 1)
        return None if last is None else (first, last)


def _day(text: str, year: int) -> date | None:
    try:
        return date.fromisoformat(text if len(text) == 10 else f"{year:04d}-{text}")
    except ValueError:
        return None  # also 29 February in a year that has none


# The holidays 法定节假日 that keep their day; those of the lunar calendar, and what is moved, the site enters.
YEARLY = (Holiday("01-01", "01-01"), Holiday("05-01", "05-02"), Holiday("10-01", "10-03"))


@dataclass(frozen=True, slots=True)
class Plan:
    """``days``: of the daily round; 0 is Monday. Everything is due at ``by_minute`` of its day, in the room's zone."""

    kinds: tuple[Kind, ...] = KINDS
    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    by_minute: int = 17 * 60
    weekly_day: int = 4
    monthly_day: int = 25
    after_alarm_minutes: int = 120
    holidays: tuple[Holiday, ...] = YEARLY

    def __post_init__(self) -> None:
        right = {
            "kinds": set(self.kinds) <= set(KINDS),
            "days": bool(self.days) and set(self.days) <= set(range(7)),
            "by_minute": 0 < self.by_minute < DAY_MINUTES,
            "weekly_day": self.weekly_day in range(7),
            "monthly_day": self.monthly_day in range(1, 29),
            "after_alarm_minutes": 10 <= self.after_alarm_minutes <= 2 * DAY_MINUTES,
            "holidays": len(self.holidays) <= HOLIDAYS_MOST,
        }
        for field, so in right.items():
            if not so:
                raise InputRefused("patrol_plan_wrong", "correct_patrol_plan", field=field)


@dataclass(frozen=True, slots=True)
class Occasion:
    opens_ms: int
    due_ms: int


@dataclass(frozen=True, slots=True)
class Standing:
    """``due_ms`` None: nothing is ahead. ``missed``: occasions whose time has passed. ``walked_ms``: the last one."""

    kind: Kind
    state: State
    due_ms: int | None
    missed: int
    walked_ms: int | None


def occasions(kind: Kind, plan: Plan, zone: ZoneInfo, first: date, last: date) -> Iterator[Occasion]:
    """Those that open from ``first`` to ``last``, in their order. After an alarm: see ``after_alarms``."""
    free = _holidays(plan, first - timedelta(HOLIDAY_MOST_DAYS + 1), last + timedelta(HOLIDAY_OPENS_DAYS + 1))
    day = first
    while day <= last:
        due = _due_day(kind, plan, day, free)
        if due is not None:
            yield Occasion(_at(day, 0, zone), _at(due, plan.by_minute, zone))
        day += timedelta(1)


@lru_cache(maxsize=32)
def _days_of(kind: Kind, plan: Plan, zone: ZoneInfo, first: date, last: date) -> tuple[Occasion, ...]:
    """A screen asks several times a second, and the days change once a day."""
    return tuple(occasions(kind, plan, zone, first, last))


def after_alarms(plan: Plan, raised_ms: Iterable[int]) -> list[Occasion]:
    return [Occasion(at_ms, at_ms + plan.after_alarm_minutes * MINUTE_MS) for at_ms in sorted(raised_ms)]


def standing(
    kind: Kind, plan: Plan, zone: ZoneInfo, now_ms: int, walked_ms: int | None, since_ms: int, raised_ms: Iterable[int]
) -> Standing:
    """``walked_ms``: when the newest signed round that answers for it was begun; ``since_ms``: since when it is kept.

    What opened before ``since_ms`` may be due, never late.
    """
    if kind not in plan.kinds:
        return Standing(kind, "done", None, 0, walked_ms)
    today = datetime.fromtimestamp(now_ms / 1000, zone).date()
    if kind == "after_alarm":
        known = tuple(after_alarms(plan, raised_ms))
    else:
        begin = datetime.fromtimestamp(max(since_ms, walked_ms or 0) / 1000, zone).date() - timedelta(32)
        begin = max(begin, today - timedelta(BACK_DAYS))
        known = _days_of(kind, plan, zone, begin, today + timedelta(AHEAD_DAYS))
    owed = [
        one
        for one in known
        if one.opens_ms <= now_ms and one.due_ms > since_ms and (walked_ms is None or one.opens_ms > walked_ms)
    ]
    late = [one for one in owed if one.due_ms < now_ms and one.opens_ms >= since_ms]
    if late:
        return Standing(kind, "late", late[0].due_ms, len(late), walked_ms)
    if owed:
        return Standing(kind, "due", owed[-1].due_ms, 0, walked_ms)
    ahead = next((one.due_ms for one in known if one.opens_ms > now_ms), None)
    return Standing(kind, "done", ahead, 0, walked_ms)


def answers_for(kind: Kind) -> tuple[Kind, ...]:
    """Rounds that answer for one of ``kind``: itself, and the wider ones."""
    return tuple(one for one in KINDS if one == kind or kind in COVERS.get(one, ()))


def most_urgent(found: Iterable[Standing]) -> Standing | None:
    """The one to walk first: late before due, and of these the widest, which answers for the others as well."""
    order = {"late": 0, "due": 1}
    owed = [one for one in found if one.state in order]
    return min(owed, key=lambda one: (order[one.state], -len(COVERS.get(one.kind, ())), one.due_ms or 0), default=None)


def _due_day(kind: Kind, plan: Plan, day: date, free: list[tuple[date, date]]) -> date | None:
    """The day by which an occasion that opens on ``day`` is due; None: none opens then."""
    match kind:
        case "daily":
            off = any(first <= day <= last for first, last in free)
            return day if day.weekday() in plan.days and not off else None
        case "weekly":
            return day + timedelta(plan.weekly_day) if day.weekday() == 0 else None
        case "monthly":
            return day.replace(day=plan.monthly_day) if day.day == 1 else None
        case "before_holiday":
            opens = {first - timedelta(HOLIDAY_OPENS_DAYS) for first, _ in free}
            return day + timedelta(HOLIDAY_OPENS_DAYS - 1) if day in opens else None
        case "after_holiday":
            return day if day in {last + timedelta(1) for _, last in free} else None
        case _:
            return None


def _holidays(plan: Plan, first: date, last: date) -> list[tuple[date, date]]:
    years = range(first.year - 1, last.year + 1)
    found = [span for holiday in plan.holidays for year in years if (span := holiday.on(year)) is not None]
    return sorted(span for span in found if span[1] >= first and span[0] <= last)


def _at(day: date, minute: int, zone: ZoneInfo) -> int:
    local = datetime.combine(day, time(minute // 60, minute % 60), zone)
    return int(local.timestamp() * 1000)
