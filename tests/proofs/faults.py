"""What stops a carriage, and in how many millimetres: one cause after another at a random instant of a random move.

``make prove TARGET=faults`` counts cause by cause in faults.json and prints a table:
runs, mean and worst distance from the cause to rest as the plant measures it, and what the boards recorded. Moves and
causes are hardware_tests/stops.py's, as in a technician's room, and more that only a virtual room can have. A run holds
as it does there, and when the plant's watch saw nobody in danger.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from random import Random

from edge.domain.block import Column, Layout
from firmware import registers as r
from hardware_tests import stops
from hardware_tests.bench import Bench
from hardware_tests.commission.hands import Block
from hardware_tests.stops import Cause, NotHeld, Trip
from hardware_tests.virtual.apart import apart
from hardware_tests.virtual.layouts import demo_motion
from hardware_tests.virtual.lockstep_bench import LockstepBench
from hardware_tests.virtual.medium import Fault
from tests.proofs.campaign import Campaign, Violated

MOVES_A_CASE = 2
RUNS_A_MOVE = 40
UNTIL_MS = 4_500  # from the first millimetre to full speed
LAYOUT = Layout(
    "B1-A", 450 + 2 * 700 + 900,
    (Column(1, 450, True, None), Column(2, 700, False, 2), Column(3, 700, False, 3)), 900, 50, 1, 1, 1,
)  # fmt: skip
OPEN, BESIDE = 2, 2  # the open aisle; the carriage that stands beside the mover
NARROW_MM = 320  # too narrow to walk and too wide to count as closed, or nearly so
BUS = (0, 2, 3)


def _named(*names: str) -> frozenset[str]:
    return frozenset(names)


def _in(bench: Bench) -> LockstepBench:
    assert isinstance(bench, LockstepBench)
    return bench


def _room(act: str, *names: str, **args: object) -> Cause:
    return Cause(lambda bench, trip, _r: bench.begin(act, **({"column": trip.column} | args)), _named(*names))


def _plant(act: str, *names: str, **args: object) -> Cause:
    return Cause(lambda bench, _t, _r: bench.begin(act, **args), _named(*names))


def _bus(*faults: Callable[[Trip], Fault]) -> Cause:
    return Cause(lambda bench, trip, _r: _in(bench).room.medium.faults.extend(one(trip) for one in faults))


VIRTUAL: dict[str, Cause] = {
    "tilt or shock": _room("tilted", "tilt"),
    "far end held": _room("far_end_held", "skew"),
    "supply sags": _plant("supply", "brown_out", millivolts=17_000),
    "gap sensor falls silent": _room("gap_sensor", "gap_sensor", side="left"),
    "carriage jams": _room("jammed", "stall", "no_progress"),
    "bus cut": Cause(lambda bench, _t, _r: _in(bench).room.medium.dead.update(BUS), _named("permit_lost")),
    "board of the mover killed": Cause(
        lambda bench, trip, _r: _in(bench).room.restart_board(trip.address), _named("reset_in_motion")
    ),
    "watchdog bites in mid-move": Cause(
        lambda bench, trip, _r: _in(bench).room.restart_board(trip.address, "watchdog"), _named("reset_in_motion")
    ),
    "mains cut": Cause(lambda bench, _t, _r: _in(bench).room.cut_power(), _named("reset_in_motion")),
    "neighbour's board killed": Cause(lambda bench, _t, _r: _in(bench).room.restart_board(BESIDE)),
    "garbage from a board": _bus(lambda _t: Fault("garbage", BESIDE), lambda t: Fault("garbage", t.address)),
    "every third permit garbled": _bus(lambda _t: Fault("flip", 0, 0.34)),
    "late replies": _bus(lambda t: Fault("delay", t.address, 1.0, None, 120.0)),
    "replies said twice": _bus(lambda t: Fault("duplicate", t.address), lambda _t: Fault("duplicate", BESIDE)),
}


def causes(bench: Bench) -> dict[str, Cause]:
    return {**stops.with_leak(bench), **VIRTUAL}


def case(random: Random) -> Counter[str]:
    """MOVES_A_CASE moves of one block. Each is spoilt at RUNS_A_MOVE instants, each time in a copy of the room, and at
    the last of them in the room itself, which is then mended, walked and found again."""
    block, counts = Block(LockstepBench(LAYOUT, demo_motion(), open_aisle=OPEN)), Counter[str]()
    for number in range(MOVES_A_CASE):
        try:
            _mended(block)
            trip = stops.begin(block, 1 + number * 1000 + random.randrange(1000), random)
        except NotHeld as error:
            raise Violated(error.what, error.story) from error
        instants_ms = sorted(random.uniform(0, UNTIL_MS) for _ in range(RUNS_A_MOVE))
        for before_ms, at_ms in pairwise([0.0, *instants_ms]):
            block.bench.master.run(at_ms - before_ms)
            name, random_run = random.choice(sorted(causes(block.bench))), Random(random.random())
            ran = run if at_ms == instants_ms[-1] else _apart
            stop_mm, told = ran(block, trip, name, random_run)
            counts += Counter({
                "runs": 1,
                f"{name}: runs": 1,
                f"{name}: mm in all": round(stop_mm),
                f"{name}: within {_within(stop_mm)} mm": 1,
                f"{name}: recorded as {told}": 1,
            })  # fmt: skip
    return counts


def _within(stop_mm: float) -> int:
    return next(most for most in (0, 2, 5, 10, 15, 20, 25, 30, 50, 100) if stop_mm <= most)


def _apart(block: Block, trip: Trip, name: str, random: Random) -> tuple[float, str]:
    """``run`` in a copy of this process: the room itself stays as it is."""

    def ran() -> tuple[float, str] | tuple[str, list[str]]:
        try:
            return run(block, trip, name, random)
        except Violated as error:
            return error.what, error.story

    first, second = apart(ran)
    if isinstance(first, str):
        raise Violated(first, list(second))
    return first, str(second)


def run(block: Block, trip: Trip, name: str, random: Random) -> tuple[float, str]:
    """(mm from the cause to rest, what was recorded) of a carriage that moves. Raises Violated."""
    bench, cause = _in(block.bench), causes(block.bench)[name]
    rail, seen = bench.room.plant.rail, len(bench.room.plant.violations)
    moving_mm = rail.carriages[trip.column].x_mm
    cause.do(bench, trip, random)
    carriage = rail.carriages[trip.column]
    bench.master.run(100)
    bench.master.run_until(lambda: carriage.drive == 0.0 == carriage.speed_mm_s, stops.PATIENCE_MS)
    bench.master.run(200)
    still_mm = rail.carriages[trip.column].x_mm
    bench.master.run(200)
    goes_on = rail.carriages[trip.column].x_mm != still_mm
    stop_mm = abs(still_mm - moving_mm)
    try:
        recorded = stops.judge(name, cause, stop_mm, _told(block, trip), goes_on)
    except NotHeld as error:
        raise Violated(error.what, [f"{trip}"]) from error
    if bad := bench.room.plant.violations[seen:]:
        raise Violated(f"{name}: rule {bad[0].rule} {bad[0].what}", [f"{trip}"])
    return (0.0 if goes_on else stop_mm), recorded


def _told(block: Block, trip: Trip) -> set[str]:
    """What the mover's board says of its end, once it can be asked again."""
    bench = _in(block.bench)
    _mend_bus(bench)
    if not bench.room.plant.wiring.power:
        bench.room.restore_power()
    bench.master.permit_for = 0
    bench.master.run(700)
    return stops.told(block, trip.column)


def _mend_bus(bench: LockstepBench) -> None:
    bench.room.medium.faults.clear()
    bench.room.medium.dead.clear()


def _mended(block: Block) -> None:
    """What a technician does before the next move: everything mended, and cranked to where a block is found from."""
    bench = _in(block.bench)
    _mend_bus(bench)
    bench.master.permit_for = 0
    plant = bench.room.plant
    plant.wiring.estop_pressed = plant.wiring.fire = plant.wiring.gas = False
    plant.wiring.cranked.clear()
    plant.wiring.tilted.clear()
    plant.gap_ma.clear()
    movers = list(block.address)
    for column in movers:
        bench.begin("jammed", column=column, on=False)
        bench.begin("far_end_held", column=column, on=False)
    bench.begin("supply", on=False)
    bench.begin("wet", place=bench.sensors[0], on=False)
    bench.person("let_go")
    bench.master.stop()
    bench.master.run(300)
    lost = any(block.state(column)[r.IR_POSITION_MM] == r.UNKNOWN for column in movers)
    gaps = [plant.rail.gap_mm(aisle) for aisle in LAYOUT.aisles[1:]]
    if lost or any(r.AISLE_LATCH_MM - 20 < gap < NARROW_MM for gap in gaps):
        bench.begin("push", column=movers[0], by_mm=-1000)
        bench.begin("push", column=movers[-1], by_mm=1000)
        bench.master.run(300)


def table(counts: dict[str, int]) -> str:
    """One line a cause."""
    lines = ["| cause | runs | mean mm | within mm | recorded |", "|---|---|---|---|---|"]
    names = sorted({key.rsplit(": ", 1)[0] for key in counts if key.endswith(": runs")})
    for name in names:
        runs = counts.get(f"{name}: runs", 0)
        within = [int(m[1]) for key in counts if (m := re.fullmatch(re.escape(name) + r": within (\d+) mm", key))]
        told = [
            f"{key.split(': recorded as ')[1]} {n}" for key, n in counts.items() if key.startswith(f"{name}: recorded")
        ]
        mean = counts.get(f"{name}: mm in all", 0) / runs if runs else 0.0
        lines.append(f"| {name} | {runs} | {mean:.1f} | {max(within, default=0)} | {', '.join(sorted(told))} |")
    return "\n".join(lines)


CAMPAIGN = Campaign(
    "faults",
    ("firmware/*.py", "firmware/carriage/*.py", "hardware_tests/*.py", "hardware_tests/commission/hands.py",
     "hardware_tests/commission/travel.py", "hardware_tests/virtual/*.py"),
    case, table=table,
)  # fmt: skip
