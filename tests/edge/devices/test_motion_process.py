"""The node's end of the motion process: the real process, the real firmware on ptys, a block of three carriages."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from edge.clock import SystemClock
from edge.devices.motion_process import MotionProcess
from edge.domain.aisles import occupied, positions
from edge.domain.block import BlockState, Column, Layout, MoveReport
from edge.domain.opening import plan_opening
from edge.errors import LinkFault, RuleRefused
from hardware_tests.virtual.live import LiveBench
from tests.small_node import node_toml

ROOT = Path(__file__).parents[3]
LAYOUT = Layout(
    "B1-A", 450 + 3 * 700 + 600, (Column(1, 450, True, None), *(Column(no, 700, False, no) for no in (2, 3, 4))),
    600, 50, 4, 6, 18,
)  # fmt: skip
AISLES = (1, 2, 3, 4)


def at_rest(plant) -> bool:
    return not any(one.speed_mm_s for one in plant.rail.carriages.values())


def fresh(report) -> bool:
    """Heard just now, known as itself, and at the end of whatever it did."""
    at_rest = report.state in ("ready", "unknown", "fault", "found")
    return report.online and report.age_ms < 1000 and report.config_ok and at_rest


class Room:
    """The bench, the motion process and the node's client, with what a storekeeper does between moves."""

    def __init__(self, folder: Path) -> None:
        self.bench = LiveBench(folder / "bench", LAYOUT, folder / "flash", places={21: "north"}, open_aisle=2)
        self.bench.start()
        self.bench.see(lambda plant: setattr(plant, "pace", 3.0))
        self.config = folder / "node.toml"
        self.config.write_text(node_toml(self.bench.bench_dir / "bus", LAYOUT), "utf-8")
        self.node_alive = True
        self.start_process()
        self.carriages = MotionProcess(folder / "run" / "motion.sock", LAYOUT, SystemClock(), lambda: self.node_alive)
        self.carriages.start()
        self.move_id = 0

    def start_process(self) -> None:
        command = [sys.executable, "-m", "edge.motion", "--config", str(self.config)]
        self.process = subprocess.Popen(command, cwd=ROOT)

    def close(self) -> None:
        self.carriages.close()
        self.process.terminate()
        self.process.wait(10)
        self.bench.stop()

    def until(self, condition, within_s: float = 30.0) -> BlockState:
        deadline = time.monotonic() + within_s
        while not condition(state := self.carriages.state()):
            assert time.monotonic() < deadline, f"did not come true in {within_s} s: {state}"
            time.sleep(0.03)
        return state

    def standing(self) -> tuple[int | None, ...]:
        return positions(LAYOUT, self.carriages.state().carriages)

    def make_ready(self) -> None:
        """Everybody online, every aisle walked, faults reset, positions found."""
        self.node_alive = True
        self.until(lambda state: state.alive and all(fresh(one) for one in state.carriages), 40)
        for _ in range(6):  # finding may open an aisle behind a carriage, which is then walked too
            if any(one.faults for one in self.carriages.state().carriages):
                self.bench.act("reset_press")
                self.until(lambda state: not any(one.faults for one in state.carriages))
            self.walk()
            if not self.carriages.state().doubtful:
                return
            self.find()
        raise AssertionError(f"the block does not become ready: {self.carriages.state()}")

    def walk(self) -> None:
        if occupied(self.carriages.state().aisles):
            self.bench.act("walk_all")
            # Whoever walks them all still stands in the open aisle when the last doubtful one is reset.
            assert self.bench.wait_until(lambda plant: not any(one.busy for one in plant.people), 60)
            self.until(lambda state: not occupied(state.aisles), 40)

    def find(self) -> None:
        self.move_id += 1
        self.carriages.find_positions(self.move_id)
        for _ in range(10):
            state = self.until(lambda state: state.move is not None and state.move.phase in ("armed", "ended"))
            if state.move.phase == "ended":
                return
            columns = state.move.columns
            time.sleep(0.2)  # the board must have seen Start released and a fresh permit
            self.bench.act("start_hold")
            self.until(lambda state, was=columns: state.move.columns != was or state.move.phase == "ended", 60)
            self.bench.act("start_release")

    def arm(self, aisle: int) -> None:
        self.move_id += 1
        self.carriages.arm(plan_opening(LAYOUT, self.standing(), aisle), self.move_id)

    def start(self, aisle: int) -> None:
        """Arm, press Start in the room, wait until it runs."""
        for _ in range(3):  # on a machine that stands still for 300 ms permit or contactor proof fail, as they should
            self.arm(aisle)
            time.sleep(0.3)
            self.bench.act("start_press")
            if self.until(lambda state: state.move.phase in ("moving", "ended")).move.phase == "moving":
                break
            self.make_ready()
        assert self.bench.wait_until(lambda plant: not at_rest(plant), 5)

    def mend(self) -> None:
        """Nothing on the line disturbs any more, every board has power, and everything is ready."""
        self.bench.act("bus_fault")
        for address in (2, 3, 4, 21):
            self.bench.act("cut_board", address=address, on=False)
        self.make_ready()

    def ends_after(self, happens: Callable[[int], object]) -> tuple[MoveReport, int]:
        """How a move ends after ``happens(column of one mover)``, and that column.

        A bad answer costs the line 140 ms: where the machine too stands still for 60, the permit lapses first.
        """
        for _ in range(3):
            aisle = self.farthest()
            column = plan_opening(LAYOUT, self.standing(), aisle).moves[0].column
            self.start(aisle)
            happens(column)
            ended = self.until(lambda state: state.move.phase == "ended", 10).move
            if (ended.ended, ended.fault) != ("permit_lost", ""):
                break
            self.mend()
        return ended, column

    def farthest(self) -> int:
        """An aisle that several carriages must move for."""
        plans = {aisle: plan_opening(LAYOUT, self.standing(), aisle) for aisle in AISLES}
        return max(plans, key=lambda aisle: len(plans[aisle].moves))


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    room = Room(tmp_path_factory.mktemp("m"))
    yield room
    room.close()


@pytest.fixture
def room(shared) -> Room:
    shared.mend()
    return shared


pytestmark = pytest.mark.live


def test_after_power_up_everything_is_unknown_and_after_walk_and_find_an_aisle_opens(shared) -> None:
    state = shared.until(lambda state: state.alive and all(one.online for one in state.carriages), 40)
    state = shared.until(forgotten)
    assert {aisle.why for aisle in state.aisles} == {"power_up"}
    assert state.doubtful
    with pytest.raises(RuleRefused) as refused:
        shared.carriages.find_positions(1)
    assert (refused.value.code, refused.value.params["walk"]) == ("aisles_occupied", list(AISLES))
    shared.make_ready()
    aisle = shared.farthest()
    for _ in range(3):
        plan = plan_opening(LAYOUT, shared.standing(), aisle)
        shared.start(aisle)
        ended = shared.until(lambda state: state.move.phase == "ended", plan.duration_s + 20).move
        if ended.ended == "reached":
            break
        shared.make_ready()  # see start()
    assert (ended.ended, ended.aisle) == ("reached", aisle)
    assert all(abs(is_at - planned) <= 15 for is_at, planned in zip(shared.standing(), plan.pose_mm, strict=True))
    after = shared.until(lambda state: [one.no for one in occupied(state.aisles)] == [aisle])
    assert next(one for one in after.aisles if one.no == aisle).why == "opened"
    with pytest.raises(RuleRefused) as refused:
        shared.arm(shared.farthest())
    assert refused.value.params["walk"] == [aisle]


def test_without_start_nothing_moves_and_disarming_ends_it(room) -> None:
    before = room.standing()
    room.arm(room.farthest())
    assert room.carriages.state().move.phase == "armed"
    with pytest.raises(RuleRefused) as refused:
        room.arm(room.farthest())
    assert refused.value.code == "motion_busy"
    time.sleep(1)
    room.carriages.disarm()
    assert room.until(lambda state: state.move.phase == "ended").move.ended == "cancelled"
    room.until(lambda state: all(one.state == "ready" for one in state.carriages))
    assert room.standing() == before


def test_stop_stops_the_motors_and_positions_stay_known(room) -> None:
    room.start(room.farthest())
    room.carriages.stop()
    pressed = time.monotonic()
    assert room.bench.wait_until(at_rest, 3)
    assert time.monotonic() - pressed < 2
    assert room.until(lambda state: state.move.phase == "ended").move.ended == "stopped"
    room.until(lambda state: all(one.state == "ready" for one in state.carriages))
    assert None not in room.standing()


def test_a_node_that_hangs_lets_the_permit_lapse(room) -> None:
    room.start(room.farthest())
    room.node_alive = False
    assert room.bench.wait_until(at_rest, 5)
    ended = room.until(lambda state: state.move.phase == "ended").move
    assert (ended.ended, ended.fault) == ("permit_lost", "node_silent")


def test_a_mover_that_falls_silent_stops_the_others(room) -> None:
    ended, column = room.ends_after(lambda column: room.bench.act("cut_board", address=column))
    assert (ended.ended, ended.fault) in (("fault", "board_silent"), ("fault", "moved_unasked"))
    assert room.bench.wait_until(at_rest, 5)
    state = room.until(lambda state: not state.carriages[column - 2].online)
    beside = {aisle.no: aisle.state for aisle in state.aisles}
    assert beside[column - 1] == beside[column] == "occupied"


def test_a_mover_that_answers_garbage_stops_the_move(room) -> None:
    ended, _ = room.ends_after(lambda column: room.bench.act("bus_fault", kind="flip", talker=column))
    assert (ended.ended, ended.fault) == ("fault", "board_garbled")


def test_two_boards_on_one_address_are_named_and_not_moved(room) -> None:
    room.bench.act("bus_fault", kind="duplicate", talker=3)
    state = room.until(lambda state: "address_twice:3" in state.notes)
    assert not state.carriages[1].config_ok
    with pytest.raises(RuleRefused) as refused:
        room.arm(room.farthest())
    assert refused.value.code in ("board_differs", "positions_unknown")  # two voices garble the position too
    room.bench.act("bus_fault")
    room.until(lambda state: not state.notes)


def test_a_killed_motion_process_stops_the_motors_and_its_successor_goes_on(room) -> None:
    room.start(room.farthest())
    room.process.send_signal(signal.SIGKILL)
    room.process.wait(10)
    assert room.bench.wait_until(at_rest, 5)
    dead = room.until(lambda state: not state.alive)
    assert dead.doubtful
    room.carriages.stop()  # never raises
    with pytest.raises(LinkFault) as silent:
        room.carriages.disarm()
    assert silent.value.code == "motion_silent"
    room.start_process()
    state = room.until(lambda state: state.alive and all(one.online for one in state.carriages), 40)
    assert state.move is None
    assert "permit_lost" in {one.end_reason for one in state.carriages}


def forgotten(state) -> bool:
    """No place is known, every aisle owes its walk, and every board has confirmed."""
    known = any(one.position_mm is not None or one.loss or not one.online for one in state.carriages)
    told = state.loss is None or not state.loss.waiting
    return state.alive and told and not known and len(occupied(state.aisles)) == len(AISLES)


def loss_word(state, column: int) -> int:
    return next(one.loss_word for one in state.carriages if one.column == column)


def test_rule_7_a_crank_in_one_carriage_makes_the_whole_block_forget_and_walked_and_found_it_goes_on(room) -> None:
    room.bench.act("crank", column=3)
    state = room.until(forgotten)
    assert dict(state.loss.causes) == {3: "cranked"}
    assert {one.why_left for one in state.carriages if one.column != 3} == {"forgotten"}
    cranked = loss_word(state, 3)
    room.bench.act("crank", column=3, inserted=False)
    room.until(lambda state: loss_word(state, 3) != cranked and forgotten(state))  # it was cranked until now
    room.make_ready()  # walks, finds; and nothing makes it forget again meanwhile
    assert None not in room.standing()


def test_rule_7_a_process_that_was_away_tells_the_block_and_one_restarted_in_mid_finding_undoes_nothing(room) -> None:
    room.process.terminate()
    room.process.wait(10)
    room.bench.act("crank", column=4)
    time.sleep(0.3)
    room.bench.act("crank", column=4, inserted=False)
    room.start_process()
    room.until(forgotten, 40)
    room.bench.act("reset_press")
    room.until(lambda state: not any(one.faults for one in state.carriages))
    room.walk()
    room.move_id += 1
    room.carriages.find_positions(room.move_id)
    room.until(lambda state: state.move.phase == "armed")
    time.sleep(0.2)
    room.bench.act("start_hold")
    room.until(lambda state: None in room.standing() and any(one.position_mm for one in state.carriages), 60)
    room.process.send_signal(signal.SIGKILL)
    room.process.wait(10)
    room.bench.act("start_release")
    found = [one.position_mm for one in room.carriages.state().carriages]
    room.start_process()
    room.until(lambda state: state.alive and all(fresh(one) for one in state.carriages), 40)
    time.sleep(1)
    kept = [one.position_mm for one in room.carriages.state().carriages]
    assert any(found) and kept == found


def test_light_reaches_the_slot_led_and_a_fixed_column_has_none(room) -> None:
    room.carriages.light(3, 5, "left")
    assert room.bench.wait_until(lambda plant: plant.wiring.outputs[3].slot_light == 5, 5)
    room.carriages.light(1, 5, "left")
    room.carriages.light(3, 0, "none")
    assert room.bench.wait_until(lambda plant: plant.wiring.outputs[3].slot_light == 0, 5)


def test_without_a_motion_process_everything_counts_as_occupied_and_stop_is_silent(tmp_path) -> None:
    alone = MotionProcess(tmp_path / "none.sock", LAYOUT, SystemClock(), lambda: True)
    alone.start()
    state = alone.state()
    assert not state.alive
    assert [aisle.no for aisle in occupied(state.aisles)] == list(AISLES)
    alone.stop()
    with pytest.raises(LinkFault):
        alone.disarm()
    alone.close()
