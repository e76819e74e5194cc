"""Carriages move for the first time: nudged hold-to-run, ends taught, then at speed, stopped by hand and by bodies.

Free rail is passed on from carriage to carriage: no gap but that of the open aisle grows past the latch width.
"""

from __future__ import annotations

from typing import Any

from edge.domain.block import Layout
from firmware import registers as r
from hardware_tests.commission.hands import Block, StepFailed

MOVE = 900  # the technician's moves are numbered apart from the node's
NUDGE_MM = 50
NUDGE_MOST_MM_S = 25
TRAVEL_MM = 130
STOP_AFTER_MM = 55  # past the soft start
LEAST_TRAVEL_MM = 75
TOLERANCE_MM = 15
STOP_BUDGET_MM = 100
EDGE_RESERVE_MM = 10
EDGE_MOST_N = 150
RELEASE_MOST_N = 200
SIDES = {"left": r.SIDE_LEFT, "right": r.SIDE_RIGHT}
OTHER = {"left": "right", "right": "left"}
GAP = {"left": r.IR_GAP_LEFT_MM, "right": r.IR_GAP_RIGHT_MM}
BODIES = ("standing", "kneeling", "lying", "arm")
PLACES = ("mouth", "middle", "end")


def nudge(block: Block) -> dict[str, Any]:
    """Every carriage creeps into the free rail while Start is held, stops when let go, and is found on its way back."""
    block.forget()
    block.walk_all()
    layout = block.bench.layout
    found: dict[str, Any] = {}
    for columns, way in groups(block):
        for number, column in enumerate(columns):
            found[str(column)] = _nudged(block, column, way, first=number == 0)
        for column in reversed(columns):
            _creep(block, column, OTHER[way])
            at_mm = _end_mm(layout, column, OTHER[way], block.state(column)[GAP[OTHER[way]]])
            if block.bench.master.command(block.address[column], r.CMD_REFERENCE, target=at_mm) != r.ACK_ACCEPTED:
                raise StepFailed("not_found", column=column)
            found[str(column)]["at_mm"] = at_mm
            block.walk(block.occupied() & {column - 1, column})
    return found


def ends(block: Block) -> dict[str, Any]:
    """All positions are known and agree with the gaps; the gaps add up to the free rail."""
    ready(block)
    layout, states = block.bench.layout, block.states()
    gaps = {aisle: block.gap_mm(aisle) for aisle in layout.aisles}
    if abs(sum(gaps.values()) - layout.free_mm) > TOLERANCE_MM:
        raise StepFailed("rail_differs", sum_mm=sum(gaps.values()), free_mm=layout.free_mm)
    return {
        "free_mm": sum(gaps.values()),
        "at_mm": {str(column): state[r.IR_POSITION_MM] for column, state in states.items()},
    }


def travel(block: Block, column: int) -> dict[str, Any]:
    """One carriage, loaded: speed and peak current, its stop at a touched edge, and arrival at a target."""
    ready(block)
    way = _room_for(block, column)
    state = block.state(column)
    sign = -1 if way == "left" else 1
    began_mm, gap_mm = state[r.IR_POSITION_MM], state[GAP[way]]
    target_mm = began_mm + sign * min(TRAVEL_MM, gap_mm - 2)
    stop = _stopped_at(
        block, column, way, target_mm, touch=("edge_press", {"column": column, "side": way}), undo="let_go"
    )
    _go(block, column, way, target_mm)
    error_mm = block.state(column)[r.IR_POSITION_MM] - target_mm
    if abs(error_mm) > TOLERANCE_MM:
        raise StepFailed("missed_target", column=column, error_mm=error_mm)
    return {**stop, "error_mm": error_mm}


def bodies(block: Block) -> dict[str, Any]:
    """Test bodies in the open aisle: in the mouth the beam sees them; deeper the edge stops before they are hurt."""
    ready(block)
    aisle = _open_aisle(block)
    column, way = (aisle + 1, "left") if aisle + 1 in block.address else (aisle, "right")
    found: dict[str, Any] = {}
    for body in BODIES:
        for place in PLACES:
            _make_way(block, column, way)
            where: dict[str, object] = {"body": body, "place": place, "column": column, "side": way}
            if place == "mouth":
                block.bench.person("put_body", **where)
                refused = block.occupied()
                block.bench.person("take_body")
                if aisle not in refused:
                    raise StepFailed("body_unseen", body=body, place=place)
                found[f"{body} {place}"] = {"seen_by": "beam"}
                continue
            block.bench.person("put_body", **where)
            at_mm = block.state(column)[r.IR_POSITION_MM]
            target_mm = at_mm - TRAVEL_MM if way == "left" else at_mm + TRAVEL_MM
            stop = _stopped_at(block, column, way, target_mm, touch=None, undo="take_body")
            found[f"{body} {place}"] = {"seen_by": "edge", "stop_mm": stop["stop_mm"]}
    return found


def forces(block: Block, column: int) -> dict[str, Any]:
    """Read off instruments by the technician: force at the edge, how far it yields, and force to free by hand."""
    bench = block.bench
    taken = {name: bench.measured(name, column=column) for name in ("edge_force_n", "edge_overtravel_mm", "release_n")}
    if taken["edge_force_n"] > EDGE_MOST_N:
        raise StepFailed("edge_too_strong", column=column, n=taken["edge_force_n"], most=EDGE_MOST_N)
    if taken["release_n"] > RELEASE_MOST_N:
        raise StepFailed("release_too_hard", column=column, n=taken["release_n"], most=RELEASE_MOST_N)
    return taken


def limits(block: Block, proved: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What was measured against what is allowed; ``proved``: step → what it found. They become part of the file."""
    stops = {column: proved[f"travel {column}"]["stop_mm"] for column in block.address}
    for column, stop_mm in stops.items():
        budget_mm = min(STOP_BUDGET_MM, proved[f"forces {column}"]["edge_overtravel_mm"] - EDGE_RESERVE_MM)
        if stop_mm > budget_mm:
            raise StepFailed("stops_too_late", column=column, stop_mm=stop_mm, budget_mm=budget_mm)
    peak_ma = max(proved[f"travel {column}"]["peak_ma"] for column in block.address)
    motion = block.bench.motion
    return {
        "speed_mm_s": motion.max_speed_mm_s,
        "find_speed_mm_s": motion.find_speed_mm_s,
        "stall_ma": motion.stall_ma,
        "worst_stop_mm": max(stops.values()),
        "peak_ma": peak_ma,
    }


def ready(block: Block) -> None:
    """Every aisle walked and every position known; raises StepFailed when the nudge has to come first."""
    if block.faults():
        block.reset()
    if any(state[r.IR_POSITION_MM] == r.UNKNOWN for state in block.states().values()):
        nudge(block)  # every aisle is walked again for it
    else:
        block.walk_all()


def _make_way(block: Block, column: int, way: str) -> None:
    """Back to its packed neighbours before the gap behind it becomes an aisle of its own."""
    state = block.state(column)
    behind_mm = state[GAP[OTHER[way]]]
    if behind_mm > r.AISLE_LATCH_MM - TRAVEL_MM // 2:
        back_mm = behind_mm - 2
        _go(block, column, OTHER[way], state[r.IR_POSITION_MM] + (back_mm if way == "left" else -back_mm))
    block.walk_all()


# --- inside ----------------------------------------------------------------------------------------


def groups(block: Block) -> list[tuple[list[int], str]]:
    """The carriages on both sides of the open aisle, the nearest first, and the way into it."""
    aisle = _open_aisle(block)
    left = sorted((column for column in block.address if column <= aisle), reverse=True)
    right = sorted(column for column in block.address if column > aisle)
    return [(columns, way) for columns, way in ((right, "left"), (left, "right")) if columns]


def _open_aisle(block: Block) -> int:
    gaps = {aisle: block.gap_mm(aisle) for aisle in block.bench.layout.aisles}
    return max(gaps, key=lambda aisle: gaps[aisle])


def _nudged(block: Block, column: int, way: str, *, first: bool) -> dict[str, Any]:
    """Into the free rail: the first lets go in mid-way and must stand, the others creep until they touch it."""
    bench, before_mm = block.bench, block.state(column)[GAP[way]]
    began_ms = bench.master.line.now_ms
    if first:
        _hold(block, column, way)
        bench.master.run_until(lambda: before_mm - block.state(column)[GAP[way]] >= NUDGE_MM, 20_000)
        bench.begin("start_release")
        if not bench.master.run_until(lambda: block.state(column)[r.IR_END_REASON] == r.END_RELEASED, 2_000):
            raise StepFailed("goes_on_when_let_go", column=column)
        bench.master.command(block.address[column], r.CMD_DISARM)
    else:
        _creep(block, column, way)
    went_mm = before_mm - block.state(column)[GAP[way]]
    bench.master.run(300)
    if abs(before_mm - block.state(column)[GAP[way]] - went_mm) > 2:
        raise StepFailed("goes_on_when_let_go", column=column)
    if went_mm < NUDGE_MM // 2:
        raise StepFailed("wrong_way", column=column, went_mm=went_mm)
    took_s = max(1, bench.master.line.now_ms - began_ms) / 1000
    if went_mm / took_s > NUDGE_MOST_MM_S:
        raise StepFailed("creeps_too_fast", column=column)
    return {"nudged_mm": went_mm}


def _hold(block: Block, column: int, way: str) -> None:
    bench = block.bench
    bench.master.permit_for = MOVE
    ack = bench.master.command(block.address[column], r.CMD_FIND, move_id=MOVE, arg=SIDES[way])
    if ack != r.ACK_ACCEPTED:
        raise StepFailed("refused", column=column, ack=ack)
    bench.master.run(150)
    bench.begin("start_hold")


def _creep(block: Block, column: int, way: str) -> None:
    """Hold-to-run until the carriage touches what stands on that side."""
    _hold(block, column, way)
    found = block.bench.master.run_until(lambda: block.state(column)[r.IR_RUN_STATE] == r.STATE_FOUND, 60_000)
    block.bench.person("start_release")
    block.bench.master.permit_for = 0
    if not found:
        raise StepFailed("not_found", column=column)


def _end_mm(layout: Layout, column: int, way: str, gap_mm: int) -> int:
    """Where a carriage stands that touches its packed neighbours on that side, less what its sensor still sees."""
    packed = (
        [c for c in layout.columns if c.no < column] if way == "left" else [c for c in layout.columns if c.no > column]
    )
    rest = gap_mm if gap_mm <= TOLERANCE_MM else 0
    beside = sum(c.width_mm for c in packed)
    return beside + rest if way == "left" else layout.rail_mm - beside - layout.columns[column - 1].width_mm - rest


def _room_for(block: Block, column: int) -> str:
    """The way in which this carriage can travel; where it touches on both sides the free rail is brought to it."""
    for way in ("left", "right"):
        if block.state(column)[GAP[way]] >= LEAST_TRAVEL_MM:
            return way
    aisle = _open_aisle(block)
    between, way = (range(aisle + 1, column), "left") if aisle < column else (range(aisle, column, -1), "right")
    for other in between:
        state = block.state(other)
        far_mm = min(TRAVEL_MM, state[GAP[way]] - 2)
        _go(block, other, way, state[r.IR_POSITION_MM] + (-far_mm if way == "left" else far_mm))
    return way


def _started(block: Block, column: int, way: str, target_mm: int) -> None:
    """Armed, permitted, started, and on its way."""
    bench = block.bench
    ack = bench.master.arm(block.address[column], target_mm, SIDES[OTHER[way]], MOVE, speed=bench.motion.max_speed_mm_s)
    if ack != r.ACK_ACCEPTED:
        raise StepFailed("refused", column=column, ack=ack)
    bench.master.permit_for = MOVE
    bench.master.run(200)
    bench.begin("start_press")
    if not bench.master.run_until(lambda: block.state(column)[r.IR_RUN_STATE] == r.STATE_MOVING, r.START_WITHIN_MS):
        raise StepFailed("not_started", column=column)


def _go(block: Block, column: int, way: str, target_mm: int) -> None:
    """A whole move, and the walk that it owes."""
    _started(block, column, way, target_mm)
    ended = block.bench.master.run_until(lambda: block.state(column)[r.IR_END_REASON] != r.END_NONE, 60_000)
    block.bench.master.permit_for = 0
    reason = block.state(column)[r.IR_END_REASON]
    if not ended or reason != r.END_REACHED:
        raise StepFailed("not_reached", column=column, ended=reason)
    block.walk_all()


def _stopped_at(
    block: Block, column: int, way: str, target_mm: int, *, touch: tuple[str, dict[str, object]] | None, undo: str
) -> dict[str, Any]:
    """Towards the target until a hand (``touch``) or what lies in the way presses the leading edge: how it went."""
    bench, edge = block.bench, f"edge_{way}_ok"
    bit = next(bit for name, bit in r.INPUTS if name == edge)
    began_mm = block.state(column)[r.IR_POSITION_MM]
    _started(block, column, way, target_mm)
    speed = supply = 0
    last_mm, asked = began_mm, touch is None
    deadline_ms = bench.master.line.now_ms + bench.patience_ms + 10_000
    while True:
        state = block.state(column)
        if not (state[r.IR_INPUTS_HI] << 16 | state[r.IR_INPUTS_LO]) & bit:
            break
        if state[r.IR_END_REASON] != r.END_NONE or bench.master.line.now_ms > deadline_ms:
            bench.master.permit_for = 0
            raise StepFailed("edge_did_not_stop", column=column, ended=state[r.IR_END_REASON])
        last_mm = state[r.IR_POSITION_MM]
        speed = max(speed, abs(_signed(state[r.IR_SPEED_MM_S])))
        supply = min(supply or state[r.IR_SUPPLY_MV], state[r.IR_SUPPLY_MV])
        if not asked and touch and abs(last_mm - began_mm) >= STOP_AFTER_MM:
            asked = True
            bench.begin(touch[0], **touch[1])
        bench.master.run(1)
    bench.master.run(600)
    bench.master.permit_for = 0
    rest = block.state(column)
    bench.person(undo)
    block.reset()
    block.walk_all()
    if rest[r.IR_END_REASON] != r.END_FAULT:
        raise StepFailed("edge_did_not_stop", column=column, ended=rest[r.IR_END_REASON])
    return {
        "stop_mm": abs(rest[r.IR_POSITION_MM] - last_mm),
        "speed_mm_s": speed,
        "peak_ma": rest[r.IR_PEAK_MA],
        "least_supply_mv": supply,
    }


def _signed(word: int) -> int:
    return word - 0x10000 if word & 0x8000 else word
