"""Any block, any pose, any word of the boards: what the planner lets start, and what it plans.

A permitted plan moves no carriage that borders an aisle which any of its boards calls occupied, or whose board is
silent, stale, faulty or not ready; it is judged here from the reports themselves, not through aisles.combine.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

from edge.domain.aisles import STALE_MS, combine, doubtful, gaps_mm, plan_finding, positions, refuse_unsafe
from edge.domain.block import BlockState, CarriageReport, Layout, MovePlan
from edge.domain.opening import plan_opening
from edge.errors import DeviceFault, RuleRefused
from tests.edge.domain import opening_rules as rules
from tests.edge.domain.opening_rules import Pose
from tests.proofs.campaign import Campaign, Violated

SMALL = 9  # carriages up to which every smaller set of movers is tried


def case(random: Random) -> Counter[str]:
    layout, start, aisle = rules.any_pose(random, most=random.choice([SMALL, SMALL, 24]))
    try:
        plan = plan_opening(layout, start, aisle)
        rules.opens_the_aisle_and_keeps_the_free_rail(layout, start, plan)
        rules.nothing_touches_or_latches_on_the_way(layout, start, plan)
        rules.starts_are_apart_unless_waiting_would_latch(layout, start, plan)
        if len(layout.columns) <= SMALL:
            rules.no_fewer_carriages_could_open_it(layout, start, plan)
        counts = Counter(plans=1, carriages_moved=len(plan.moves))
        counts += _permission(random, layout, start, plan)
        counts += _finding(random, layout, start)
    except AssertionError as error:
        raise Violated(
            str(error) or "a rule of opening_rules.py", [f"{layout}", f"{start}", f"aisle {aisle}"]
        ) from error
    return counts


def _permission(random: Random, layout: Layout, start: Pose, plan: MovePlan) -> Counter[str]:
    """Spoil some of what the boards say; what is permitted all the same must be safe."""
    healthy = reports(layout, start)
    told = [_spoilt(random, report) if random.random() < 0.15 else report for report in healthy]
    told = [report for report in told if random.random() > 0.01]
    if not _permitted(layout, told, plan):
        assert told != healthy or not plan.moves, "a healthy block was refused"
        return Counter(refused=1)
    by_column = {report.column: report for report in told}
    for move in plan.moves:
        for no, here, other in (
            (move.column - 1, ("aisle_left", move.column), ("aisle_right", move.column - 1)),
            (move.column, ("aisle_right", move.column), ("aisle_left", move.column + 1)),
        ):
            for face, column in (here, other):
                if not 1 <= column <= len(layout.columns) or layout.columns[column - 1].fixed:
                    continue
                report = by_column.get(column)
                assert report is not None and report.online, f"aisle {no}: board {column} does not answer"
                assert report.age_ms is not None and report.age_ms <= STALE_MS, f"aisle {no}: board {column} is stale"
                assert getattr(report, face) != "occupied", f"carriage {move.column} borders occupied aisle {no}"
        assert by_column[move.column].state == "ready"
    if plan.moves:
        assert not any(report.faults for report in told), "something has a latched fault"
        assert all(report.position_mm is not None and report.config_ok for report in told)
    return Counter(permitted=1, permitted_with_a_spoilt_word=int(told != healthy and bool(plan.moves)))


def _permitted(layout: Layout, told: list[CarriageReport], plan: MovePlan) -> bool:
    state = BlockState(1, True, tuple(told), (), combine(layout, told), None, doubtful(layout, told), 100)
    try:
        refuse_unsafe(layout, state, plan)
    except (RuleRefused, DeviceFault):
        return False
    return True


def reports(layout: Layout, pose: Pose) -> list[CarriageReport]:
    """What healthy boards say of a walked block that stands like this."""
    gaps = gaps_mm(layout, pose)
    return [
        CarriageReport(
            column=column.no, address=column.address or 0, online=True, age_ms=50, state="ready",
            position_mm=pose[column.no - 1], gap_left_mm=gaps[column.no - 1], gap_right_mm=gaps[column.no], faults=(),
            open_inputs=tuple(
                f"contact_{side}_open"
                for side, gap in (("left", gaps[column.no - 1]), ("right", gaps[column.no]))
                if gap == 0
            ),
            aisle_left="clear", aisle_right="clear", why_left="", why_right="", unproved=(), move_id=0, motor_ma=0,
            peak_ma=0, supply_mv=24000, speed_mm_s=0, target_mm=None, end_reason="none", map_version=0x100,
            firmware_version=0x100, config_ok=True, boot_count=1,
        )
        for column in layout.columns
        if not column.fixed
    ]  # fmt: skip


def _spoilt(random: Random, report: CarriageReport) -> CarriageReport:
    words: list[dict[str, object]] = [
        {"aisle_left": "occupied", "why_left": random.choice(["beam", "opened", "power_up"])},
        {"aisle_right": "occupied", "why_right": random.choice(["beam", "opened", "gap_unknown"])},
        {"aisle_left": "opening"},
        {"online": False, "age_ms": None, "state": "offline"},
        {"age_ms": random.choice([None, STALE_MS, STALE_MS + 1, 60_000])},
        {"state": random.choice(["unknown", "armed", "moving", "fault", "found"])},
        {"faults": (random.choice(["estop", "stall", "beam"]),)},
        {"position_mm": random.choice([None, 0, (report.position_mm or 0) + random.randint(-40, 40)])},
        {"gap_left_mm": random.choice([None, 0, 900])},
        {"config_ok": False},
        {"open_inputs": ()},
    ]
    return replace(report, **random.choice(words))  # type: ignore[arg-type]


def _finding(random: Random, layout: Layout, start: Pose) -> Counter[str]:
    """From any number of lost carriages, however they stand, every one is found at its true place when it touches.

    Nobody but a carriage that is being found moves, so each reference rests on a neighbour that is known.
    """
    healthy = reports(layout, start)
    lost = {report.column for report in healthy if random.random() < 0.6}
    told = {r.column: replace(r, position_mm=None, state="unknown") if r.column in lost else r for r in healthy}
    pose, steps = list(start), 0
    while step := plan_finding(layout, list(told.values()), frozenset(lost)):
        assert step.column in lost, f"carriage {step.column} is known already"
        known = positions(layout, [report for column, report in told.items() if column not in lost])
        index = step.column - 1
        if step.way == "left":
            end = 0 if index == 0 else known[index - 1]
            assert end is not None, f"carriage {step.column} would be found at a lost neighbour"
            truth = end + (layout.columns[index - 1].width_mm if index else 0)
            assert truth <= pose[index], "finding must never push"
        else:
            end = layout.rail_mm if index == len(pose) - 1 else known[index + 1]
            assert end is not None, f"carriage {step.column} would be found at a lost neighbour"
            truth = end - layout.columns[index].width_mm
            assert truth >= pose[index], "finding must never push"
        assert step.reference_mm == truth, f"carriage {step.column} stands at {truth}, not {step.reference_mm}"
        pose[index], steps = truth, steps + 1
        lost.discard(step.column)
        told = {r.column: r for r in reports(layout, tuple(pose))}
        told = {c: replace(r, position_mm=None, state="unknown") if c in lost else r for c, r in told.items()}
    assert not lost, f"never found: {sorted(lost)}"
    return Counter(found=steps)


CAMPAIGN = Campaign(
    "planner",
    ("edge/domain/aisles.py", "edge/domain/opening.py", "edge/domain/block.py", "tests/edge/domain/opening_rules.py"),
    case,
)
