"""Any block, any pose, any word of the boards: what the planner lets start, and what it plans.

A permitted plan moves no carriage that borders an aisle which any of its boards calls occupied, or whose board is
silent, stale, faulty or not ready; it is judged here from the reports themselves, not through aisles.combine. Each
plan ends in the pose that was asked for, touches nothing and latches no other aisle on the way, starts no two motors at
once, and for small blocks every other way to open the aisle is tried: none has fewer carriages or less travel. Or it is
refused with a reason. For small pull lists every sequence of openings is tried: none is shorter, none travels less.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from random import Random

from edge.domain import pull_list
from edge.domain.aisles import (
    STALE_MS,
    TOLERANCE_MM,
    combine,
    doubtful,
    gaps_mm,
    plan_finding,
    positions,
    refuse_unsafe,
)
from edge.domain.block import BlockState, CarriageReport, Layout, MovePlan
from edge.domain.block import Pose as Asked
from edge.domain.opening import LATCH_MM, plan_opening
from edge.domain.poses import plan_pose, travel_mm
from edge.domain.slot_codes import aisle_of, all_slots, parse
from edge.errors import DeviceFault, RuleRefused
from tests.edge.carriage_report import between
from tests.edge.domain import opening_rules as rules
from tests.edge.domain.opening_rules import Pose
from tests.proofs.campaign import Campaign, Violated

SMALL = 9  # columns up to which every smaller set of movers is tried
FEW = 4  # aisles up to which every sequence of openings is tried


def case(random: Random) -> Counter[str]:
    layout, start, aisle = rules.any_pose(random, most=random.choice([SMALL, SMALL, 24]))
    try:
        plan = _asked(layout, start, "open", aisle)
        if plan is None:
            return Counter(refused_with_a_reason=1)
        rules.opens_the_aisle_and_keeps_the_free_rail(layout, start, plan)
        _safe_on_the_way(layout, start, plan)
        if len(layout.columns) <= SMALL:
            rules.no_fewer_carriages_could_open_it(layout, start, plan)
        rules.nobody_could_open_it_with_less_travel(layout, start, plan)
        counts = Counter(plans=1, carriages_moved=len(plan.moves), **{_block_of(layout): 1})
        counts[f"blocks of {'1 to 8' if _movable(layout) <= 8 else '9 to 24'} carriages"] += 1
        counts += _permission(random, layout, start, plan)
        counts += _pose(random, layout, start)
        counts += _finding(random, layout, start)
        if len(layout.aisles) <= FEW:
            counts += _pull_list(random, layout, start)
    except AssertionError as error:
        raise Violated(
            str(error) or "a rule of opening_rules.py", [f"{layout}", f"{start}", f"aisle {aisle}"]
        ) from error
    return counts


def _movable(layout: Layout) -> int:
    return sum(not column.fixed for column in layout.columns)


def _block_of(layout: Layout) -> str:
    """Which kind of block: where its fixed columns stand, and for how many open aisles it has room."""
    ends = (layout.columns[0].fixed, layout.columns[-1].fixed)
    fixed = {(False, False): "no fixed end", (True, False): "fixed left", (False, True): "fixed right"}
    return f"{fixed.get(ends, 'fixed at both ends')}, room for {layout.free_mm // rules.AISLE_MM}"


def _safe_on_the_way(layout: Layout, start: Pose, plan: MovePlan) -> None:
    rules.nothing_touches_or_latches_on_the_way(layout, start, plan)
    rules.no_two_motors_start_at_once_on_one_supply(layout, plan)


def _asked(layout: Layout, start: Pose, pose: Asked, aisle: int | None = None) -> MovePlan | None:
    """None where it is refused with a reason and a way out that this pose may have."""
    try:
        return plan_pose(layout, start, pose, aisle)
    except RuleRefused as refused:
        uneven = any(LATCH_MM - 45 < gap <= LATCH_MM for gap in gaps_mm(layout, start))
        assert (refused.code, refused.recovery) in {
            "open": {("starts_not_apart", "crank_together")},
            "park": {("starts_not_apart", "crank_together")},
            "ventilate": {("starts_not_apart", "crank_together"), ("pose_not_from_here", "park_first")},
        }[pose], f"{pose}: {refused}"
        assert uneven or refused.code != "starts_not_apart", "nothing keeps these from starting one after another"
        return None


def _pose(random: Random, layout: Layout, start: Pose) -> Counter[str]:
    """Parking or airing: it ends so, or is refused."""
    asked: Asked = random.choice(["park", "ventilate"])
    plan = _asked(layout, start, asked)
    if plan is None:
        return Counter(refused_with_a_reason=1)
    _safe_on_the_way(layout, start, plan)
    gaps = [gaps_mm(layout, plan.pose_mm)[no] for no in layout.aisles]
    if asked == "park":
        assert sum(gap > TOLERANCE_MM for gap in gaps[1:-1]) == 0, "a gap is left between parked carriages"
        assert min(gaps[0], gaps[-1]) <= TOLERANCE_MM, "the free rail is not at one end"
    else:
        assert sum(gap > LATCH_MM for gap in gaps) <= 1, "aired, and more than one aisle is open"
        narrow = sorted(gaps)[:-1]
        assert max(narrow, default=0) - min(narrow, default=0) <= 4 * TOLERANCE_MM + 1, "the gaps are not even"
    return Counter(poses=1)


def _pull_list(random: Random, layout: Layout, start: Pose) -> Counter[str]:
    """Every sequence of openings that serves the list, up to one opening more than it has aisles."""
    slots = [str(slot) for slot in all_slots(layout)]
    wanted = [random.choice(slots) for _ in range(random.randint(1, 6))]
    made = pull_list.order(layout, start, wanted)
    need = {aisle_of(parse(slot)) for slot in wanted}
    openings = [opening.aisle for opening in made.openings]
    serving = [
        order
        for count in range(1, len(need) + 2)
        for order in product(layout.aisles, repeat=count)
        if need <= set(order) and count <= FEW
    ]
    assert len(openings) == min(map(len, serving)), f"{openings} serves {wanted}, and fewer openings would too"
    first = openings[0] if _travel_mm(layout, start, openings[:1]) == 0 else None
    orders = [one for one in serving if len(one) == len(openings) and first in (None, one[0])]
    assert made.exact and made.travel_mm == min(_travel_mm(layout, start, one) for one in orders)
    return Counter(pull_lists=1, openings=len(openings))


def _travel_mm(layout: Layout, pose: Pose, aisles: Sequence[int]) -> int:
    total = 0
    for aisle in aisles:
        plan = plan_opening(layout, pose, aisle)
        pose, total = plan.pose_mm, total + travel_mm(plan)
    return total


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
        between(column.no, pose[column.no - 1], gaps[column.no - 1], gaps[column.no])
        for column in layout.columns
        if not column.fixed
    ]


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
    (*(f"edge/domain/{name}.py" for name in ("aisles", "block", "opening", "poses", "pull_list", "starts", "travel")),
     "tests/edge/domain/opening_rules.py"),
    case,
)  # fmt: skip
