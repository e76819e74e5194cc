"""What stops a carriage, and in how many millimetres: one cause after another at a random instant of a random move.

``make prove TARGET=faults`` counts cause by cause in faults.json; ``python -m tests.proofs.faults`` prints a table:
runs, mean and worst distance from the cause to rest as the plant measures it, and what the boards recorded. A run holds
when the mover came to rest within BUDGET_MM of what must stop it, its cause is recorded by name, and the plant's watch
saw nobody in danger. Before each Start a hostile node sends valid permits, replays and floods: no motor turns.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from edge.domain.block import Column, Layout
from firmware import registers as r
from hardware_tests.commission.hands import Block
from hardware_tests.commission.travel import ready
from hardware_tests.virtual.layouts import demo_motion
from hardware_tests.virtual.lockstep_bench import LockstepBench
from hardware_tests.virtual.medium import Fault
from tests.proofs.campaign import Campaign, Violated

BUDGET_MM = 100.0
RUNS_A_CASE = 5
LAYOUT = Layout(
    "B1-A", 450 + 2 * 700 + 900,
    (Column(1, 450, True, None), Column(2, 700, False, 2), Column(3, 700, False, 3)), 900, 50, 1, 1, 1,
)  # fmt: skip
LEFT, MOVER = 2, 3  # the mover closes the open aisle 2 and opens aisle 3 at the wall
AISLE, BEHIND = 2, 3
PATIENCE_MS = 2_500
NARROW_MM = 320  # too narrow to walk and too wide to count as closed, or nearly so
BUS = (0, 2, 3)


@dataclass(frozen=True)
class Cause:
    """``records``: names of faults or ends of which one must be told; empty: the move may also go on to its target."""

    do: Callable[[LockstepBench, Random], None]
    records: frozenset[str] = frozenset()


def _act(what: str, **args: object) -> Callable[[LockstepBench, Random], None]:
    return lambda bench, _random: bench.begin(what, **args)


def _bus(*faults: Fault) -> Callable[[LockstepBench, Random], None]:
    return lambda bench, _random: bench.room.medium.faults.extend(
        Fault(one.kind, one.talker, one.share, one.times, one.delay_ms) for one in faults
    )


def _cut_bus(bench: LockstepBench, _random: Random) -> None:
    bench.room.medium.dead |= set(BUS)


def _kill_node(bench: LockstepBench, _random: Random) -> None:
    bench.master.permit_for = 0


def _replay(bench: LockstepBench, _random: Random) -> None:
    """The node is gone; somebody repeats its last permit, ten times as fast."""
    move, bench.master.permit_for = bench.master.permit_for, 0
    for _ in range(8):
        bench.master.permit_seq -= 1
        bench.master.permit(move)


def _flood(bench: LockstepBench, random: Random) -> None:
    """A hostile node: permits of other moves, commands and halves of frames as fast as the bus takes them."""
    bench.master.permit_for = 0
    for _ in range(12):
        bench.master.permit(random.randrange(1, 60_000))
        bench.master.write(r.BROADCAST, r.HR_COMMAND, [random.randrange(65_536) for _ in range(8)])
        bench.room.say(random.randbytes(random.randrange(1, 30)))


def _wrong_order(bench: LockstepBench, random: Random) -> None:
    """References, arming and finding in mid-move, in any order, permits going on."""
    for code in random.sample([r.CMD_ARM, r.CMD_FIND, r.CMD_REFERENCE], 3):
        seq = random.randrange(1, 60_000)
        bench.master.write(
            MOVER, r.HR_COMMAND, [seq, code, bench.master.permit_for, 1500, 50, 0, r.SIDE_LEFT, r.SIDE_RIGHT]
        )


def _named(*names: str) -> frozenset[str]:
    return frozenset(names)


CAUSES: dict[str, Cause] = {
    "person steps into the beam of the closing aisle": Cause(_act("hand_in_beam", aisle=AISLE), _named("beam")),
    "person behind, in the beam of the opening aisle": Cause(_act("hand_in_beam", aisle=BEHIND), _named("beam")),
    "person touches the leading edge": Cause(_act("edge_press", column=MOVER, side="left"), _named("edge_left")),
    "person touches the trailing edge": Cause(_act("edge_press", column=MOVER, side="right"), _named("edge_right")),
    "emergency stop": Cause(_act("estop_press"), _named("estop")),
    "fire contact": Cause(_act("fire"), _named("fire")),
    "gas pre-alarm": Cause(_act("gas"), _named("gas")),
    "leak": Cause(_act("wet", place=21), _named("leak")),
    "crank inserted": Cause(_act("crank", column=MOVER), _named("crank")),
    "tilt or shock": Cause(_act("tilted", column=MOVER), _named("tilt")),
    "supply sags": Cause(_act("supply", millivolts=17_000), _named("brown_out")),
    "gap sensor falls silent": Cause(_act("gap_sensor", column=MOVER, side="left"), _named("gap_sensor")),
    "carriage jams": Cause(_act("jammed", column=MOVER), _named("stall", "no_progress")),
    "STOP at the panel": Cause(lambda bench, _random: bench.master.stop(), _named("stopped")),
    "node killed": Cause(_kill_node, _named("permit_lost")),
    "bus cut": Cause(_cut_bus, _named("permit_lost")),
    "board of the mover killed": Cause(lambda bench, _r: bench.room.restart_board(MOVER), _named("reset_in_motion")),
    "watchdog bites in mid-move": Cause(
        lambda bench, _r: bench.room.restart_board(MOVER, "watchdog"), _named("reset_in_motion")
    ),
    "mains cut": Cause(lambda bench, _random: bench.room.cut_power(), _named("reset_in_motion")),
    "neighbour's board killed": Cause(lambda bench, _random: bench.room.restart_board(LEFT)),
    "old permits replayed": Cause(_replay, _named("permit_lost")),
    "hostile flood": Cause(_flood, _named("permit_lost")),
    "commands in the wrong order": Cause(_wrong_order),
    "garbage from a board": Cause(_bus(Fault("garbage", LEFT), Fault("garbage", MOVER))),
    "every third permit garbled": Cause(_bus(Fault("flip", 0, 0.34))),
    "late replies": Cause(_bus(Fault("delay", MOVER, 1.0, None, 120.0))),
    "replies said twice": Cause(_bus(Fault("duplicate", MOVER), Fault("duplicate", LEFT))),
}


def case(random: Random) -> Counter[str]:
    """RUNS_A_CASE moves of one block, each spoilt by one cause; between them it is mended, walked and found again."""
    block, counts = Block(LockstepBench(LAYOUT, demo_motion(), open_aisle=AISLE)), Counter[str]()
    for _ in range(RUNS_A_CASE):
        name = random.choice(sorted(CAUSES))
        stop_mm, told = run(block, name, random)
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


def run(block: Block, name: str, random: Random) -> tuple[float, str]:
    """(mm from the cause to rest, what was recorded). Raises Violated."""
    bench, cause = block.bench, CAUSES[name]
    assert isinstance(bench, LockstepBench)
    _prepare(bench, block)
    move = random.randrange(1, 60_000)
    rail, seen = bench.room.plant.rail, len(bench.room.plant.violations)
    at_mm = block.state(MOVER)[r.IR_POSITION_MM]
    gap_left = block.state(MOVER)[r.IR_GAP_LEFT_MM]
    way = "left" if gap_left > 400 else "right"
    target = at_mm - (gap_left - 2) if way == "left" else at_mm + block.state(MOVER)[r.IR_GAP_RIGHT_MM] - 2
    opens = r.SIDE_RIGHT if way == "left" else r.SIDE_LEFT
    story = [f"{name}: column {MOVER} from {at_mm} to {target} mm"]
    if bench.master.arm(MOVER, target, opens, move) != r.ACK_ACCEPTED:
        raise Violated("a healthy carriage refused to be armed", story)
    bench.master.permit_for = move
    _hostile_before_start(bench, random, story)
    bench.begin("start_press")
    bench.master.run(random.uniform(2_100, 6_500))  # from the end of the warning to full speed
    moving_mm = rail.carriages[MOVER].x_mm
    cause.do(bench, random)
    bench.master.run(PATIENCE_MS)
    still_mm = rail.carriages[MOVER].x_mm
    bench.master.run(200)
    goes_on = rail.carriages[MOVER].x_mm != still_mm
    if cause.records and goes_on:
        raise Violated(f"{name}: does not stop", story)
    if cause.records and abs(still_mm - moving_mm) > BUDGET_MM:
        raise Violated(f"{name}: stops in {abs(still_mm - moving_mm):.0f} mm", story)
    told = _told(bench, block)
    if cause.records and not cause.records & told:
        raise Violated(f"{name}: recorded as {', '.join(sorted(told)) or 'nothing'}", story)
    if bad := bench.room.plant.violations[seen:]:
        raise Violated(f"{name}: rule {bad[0].rule} {bad[0].what}", story)
    shown = ", ".join(sorted(cause.records & told)) if cause.records else ("goes on" if goes_on else "stopped")
    return (abs(still_mm - moving_mm) if not goes_on else 0.0), shown


def _hostile_before_start(bench: LockstepBench, random: Random, story: list[str]) -> None:
    """Valid permits as fast as the bus takes them, an old one again, random commands; nobody presses Start."""
    rail = bench.room.plant.rail
    for _ in range(5):
        bench.master.permit(bench.master.permit_for)
        bench.master.write(r.BROADCAST, r.HR_COMMAND, [random.randrange(65_536) for _ in range(8)])
        bench.master.write(r.BROADCAST, r.HR_PERMIT, [random.randrange(65_536) for _ in range(4)])
        bench.master.run(10)
        if any(carriage.drive or carriage.speed_mm_s for carriage in rail.carriages.values()):
            raise Violated("a motor turns without Start", story)


def _told(bench: LockstepBench, block: Block) -> set[str]:
    """Everything that the mover's board says of its end, once it can be asked again."""
    _mend_bus(bench)
    if not bench.room.plant.wiring.power:
        bench.room.restore_power()
    bench.master.permit_for = 0
    bench.master.run(700)
    state = block.state(MOVER)
    bits = state[r.IR_FAULTS_HI] << 16 | state[r.IR_FAULTS_LO]
    ends = {r.END_STOPPED: "stopped", r.END_PERMIT_LOST: "permit_lost", r.END_REACHED: "reached"}
    return {name for name, bit in r.FAULTS if bits & bit} | {ends.get(state[r.IR_END_REASON], "")} - {""}


def _mend_bus(bench: LockstepBench) -> None:
    bench.room.medium.faults.clear()
    bench.room.medium.dead.clear()


def _prepare(bench: LockstepBench, block: Block) -> None:
    """What a storekeeper and a technician do before the next move: mend, reset, walk, find."""
    _mend_bus(bench)
    bench.master.permit_for = 0
    plant = bench.room.plant
    plant.wiring.estop_pressed = plant.wiring.fire = plant.wiring.gas = False
    plant.wiring.cranked.clear()
    plant.wiring.tilted.clear()
    plant.gap_ma.clear()
    bench.begin("supply", on=False)
    bench.begin("jammed", column=MOVER, on=False)
    bench.begin("wet", place=21, on=False)
    bench.person("let_go")
    bench.master.stop()
    bench.master.run(300)
    gaps = [plant.rail.gap_mm(aisle) for aisle in (AISLE, BEHIND)]
    lost = any(block.state(column)[r.IR_POSITION_MM] == r.UNKNOWN for column in (LEFT, MOVER))
    if lost or any(r.AISLE_LATCH_MM - 20 < gap < NARROW_MM for gap in gaps):
        bench.begin("push", column=LEFT, by_mm=-1000)  # cranked back to where every block is found from
        bench.begin("push", column=MOVER, by_mm=1000)
        bench.master.run(300)
    ready(block)


CAMPAIGN = Campaign(
    "faults",
    ("firmware/**/*.py", "hardware_tests/master.py", "hardware_tests/commission/*.py", "hardware_tests/virtual/*.py"),
    case,
)  # fmt: skip


def table(counts: dict[str, int]) -> str:
    """One line a cause."""
    lines = ["| cause | runs | mean mm | within mm | recorded |", "|---|---|---|---|---|"]
    for name in CAUSES:
        runs = counts.get(f"{name}: runs", 0)
        within = [int(m[1]) for key in counts if (m := re.fullmatch(re.escape(name) + r": within (\d+) mm", key))]
        told = [
            f"{key.split(': recorded as ')[1]} {n}" for key, n in counts.items() if key.startswith(f"{name}: recorded")
        ]
        mean = counts.get(f"{name}: mm in all", 0) / runs if runs else 0.0
        lines.append(f"| {name} | {runs} | {mean:.1f} | {max(within, default=0)} | {', '.join(sorted(told))} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))["counts"]))
