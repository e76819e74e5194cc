"""The storeroom door 门禁: who is let in, what an opening was, how long is too long. Going out needs nobody's leave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from edge.domain.block import BlockState
from edge.errors import InputRefused, RuleRefused

PLACE = "door"  # of its alarms
RULES = ("door_forced", "door_held", "door_held_long")
REASONS = ("work", "patrol", "stocktake", "maintenance", "cleaning", "visit")
TOGETHER_MS = 30_000  # people who are let in together ask within this time
OPENS_LATE_MS = 1_000  # the contact follows the lock by so much at most
EXIT_MS = 10_000  # from the handle or button inside to the opening door
SAID_AGAIN_MS = 2 * 60_000  # an acknowledged door that still stands open is said again
DAY_MINUTES = 24 * 60
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
LEAVE = {"gas_ok": "gas", "fire_ok": "fire"}  # contacts at the boards; gas first, for it stays in the air

How = Literal["let_in", "exit", "forced"]
Verdict = Literal["open", "escort", "second"]


@dataclass(frozen=True, slots=True)
class Rules:
    """What the site asks for: two people at once, and the hours of entry. ``days``: 0 is Monday."""

    two_persons: bool = False
    from_minute: int = 0
    to_minute: int = DAY_MINUTES
    days: tuple[int, ...] = EVERY_DAY

    def __post_init__(self) -> None:
        if not 0 <= self.from_minute < self.to_minute <= DAY_MINUTES or not set(self.days) <= set(EVERY_DAY):
            raise InputRefused("door_hours_wrong", "correct_door_hours")


@dataclass(frozen=True, slots=True)
class Asked:
    """One person at the door. ``may_enter``: alone, without somebody who accompanies."""

    person_id: str
    may_enter: bool
    at_ms: int


def together(asked: Iterable[Asked], now_ms: int) -> tuple[Asked, ...]:
    """Who asked within the time, each once, by their last asking."""
    latest = {one.person_id: one for one in asked if now_ms - one.at_ms <= TOGETHER_MS}
    return tuple(latest.values())


def judge(asked: Sequence[Asked], rules: Rules) -> Verdict:
    """``escort``: somebody who may enter has to ask too; ``second``: another one of them."""
    able = sum(one.may_enter for one in asked)
    if not able:
        return "escort"
    return "second" if rules.two_persons and able < 2 else "open"


def refuse(rules: Rules, barred: str, local: datetime) -> None:
    """Raises RuleRefused ``entry_barred`` (rule 11) or ``entry_hours``. ``local``: the room's own time."""
    if barred:
        raise RuleRefused(f"entry_barred_{barred}", "clear_entry_first")
    minute = local.hour * 60 + local.minute
    if local.weekday() not in rules.days or not rules.from_minute <= minute < rules.to_minute:
        raise RuleRefused(
            "entry_hours", "come_in_hours", opens=as_clock(rules.from_minute), closes=as_clock(rules.to_minute)
        )


def opened(released: bool, exit_ms: int | None, now_ms: int) -> How:
    """What an opening was. Without anybody's leave from either side it was forced."""
    if released:
        return "let_in"
    return "exit" if exit_ms is not None and now_ms - exit_ms <= EXIT_MS else "forced"


def to_leave(state: BlockState) -> str:
    """``gas`` or ``fire`` while a board sees that contact open, else ""."""
    seen = {name for report in state.carriages if state.alive and report.online for name in report.open_inputs}
    return next((why for name, why in LEAVE.items() if name in seen), "")


def as_clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
