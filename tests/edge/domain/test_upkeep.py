from datetime import datetime
from zoneinfo import ZoneInfo

from edge.domain import upkeep
from edge.domain.upkeep import JOBS, Run

ZONE = "Asia/Shanghai"
H = 3_600_000


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)).timestamp() * 1000)


def ended(ended_ms: int) -> list[Run]:
    return [Run(no, job, 0, ended_ms, "good", 0, (), {}) for no, job in enumerate(JOBS)]


def test_a_night_begins_at_two_in_the_site_s_own_time() -> None:
    assert upkeep.night_ms(at("2026-11-22 01:59"), ZONE) == at("2026-11-21 02:00")
    assert upkeep.night_ms(at("2026-11-22 02:00"), ZONE) == at("2026-11-22 02:00")


def test_every_job_is_due_once_a_night_and_a_night_without_power_is_caught_up() -> None:
    runs = ended(at("2026-11-22 02:20"))
    assert upkeep.due([], at("2026-11-22 09:00"), ZONE) == list(JOBS)
    assert upkeep.due(runs, at("2026-11-22 23:00"), ZONE) == []
    assert upkeep.due(runs, at("2026-11-23 02:01"), ZONE) == list(JOBS)
    assert upkeep.due(runs, at("2026-11-25 09:00"), ZONE) == list(JOBS)
    assert upkeep.due(runs[1:], at("2026-11-22 23:00"), ZONE) == ["index"]


def test_an_end_in_the_future_comes_from_a_wrong_clock_and_counts_for_nothing() -> None:
    assert upkeep.due(ended(at("2031-01-01 02:10")), at("2026-11-22 09:00"), ZONE) == list(JOBS)


def test_two_missed_nights_are_late_but_a_node_that_was_off_may_catch_up_first() -> None:
    now = at("2026-11-25 09:00")
    runs = ended(at("2026-11-22 02:20"))
    assert upkeep.late(runs, now, awake_ms=80 * H)
    assert not upkeep.late(runs, now, awake_ms=H)
    assert not upkeep.late(ended(at("2026-11-24 08:00")), now, awake_ms=80 * H)
    assert upkeep.late([], now, awake_ms=51 * H) and not upkeep.late([], now, awake_ms=49 * H)
