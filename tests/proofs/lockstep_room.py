"""The room of a lock-step story: it does the acts, plays the node with the node's own planner, and watches."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from edge.devices import carriage_modbus
from edge.domain.aisles import plan_finding, positions, reference_mm
from edge.domain.block import CarriageReport
from edge.domain.opening import plan_opening
from edge.errors import RuleRefused
from firmware import registers as r
from hardware_tests.master import Master
from hardware_tests.virtual.lockstep import Lockstep
from hardware_tests.virtual.people import ActRefused, Person
from tests.proofs.lockstep_acts import Act

CHAIN_MS = 35  # contactors drop in 20 ms, seen in substeps of 5
PERMIT_MS = r.PERMIT_MS + 35  # a frame on the wire, one control loop, the contactors
STOP_MS = 40
BELIEVED_MM = 15
SIDES = {"none": r.SIDE_NONE, "left": r.SIDE_LEFT, "right": r.SIDE_RIGHT}
PERMIT_FRAME = bytes((r.BROADCAST, 16)) + r.HR_PERMIT.to_bytes(2, "big")
STOP_FRAME = bytes((r.BROADCAST, 16)) + r.HR_STOP.to_bytes(2, "big")
WHO = carriage_modbus.Identity(r.MAP_VERSION, 0x100, r.KIND_CARRIAGE, 0, 1, r.BOOT_POWER_ON, 0, 0, 0, True)


@dataclass(frozen=True, slots=True)
class Broken:
    at_ms: int
    rule: str
    column: int


class Room:
    """Implements master.Line: every millisecond of the bench passes through ``tick`` and is judged."""

    def __init__(self, bench: Lockstep) -> None:
        self.bench, self.layout = bench, bench.layout
        self.node = Master(self, first_seq=1000)
        self.counts: Counter[str] = Counter()
        self.broken: Broken | None = None
        self.move_id = 100
        self._permit_ms = self._stop_ms = -100_000
        self._driven_since: dict[int, int] = {}
        self._chain_open_ms = 0
        self._chain_opened_ms = -1
        self._seen = 0
        self._address = {c.no: c.address for c in self.layout.columns if c.address is not None}

    # --- the line ------------------------------------------------------------------------------

    @property
    def heard(self) -> bytearray:
        return self.bench.heard

    @property
    def now_ms(self) -> int:
        return self.bench.now_ms

    def say(self, frame: bytes) -> None:
        if frame.startswith(PERMIT_FRAME):
            self._permit_ms = self.now_ms
        elif frame.startswith(STOP_FRAME):
            self._stop_ms = self.now_ms
        self.bench.say(frame)

    def tick(self) -> None:
        bench, plant = self.bench, self.bench.plant
        bench.tick()
        now = bench.now_ms
        self._chain_open_ms = 0 if plant.wiring.chain_closed() else self._chain_open_ms + 1
        self._chain_opened_ms = now if self._chain_open_ms else self._chain_opened_ms
        held = plant.wiring.buttons.is_pressed("start")
        for column, carriage in plant.rail.carriages.items():
            if carriage.drive == 0.0:
                self._driven_since.pop(column, None)
                continue
            if column not in self._driven_since:
                self.counts["motor_starts"] += 1
                if not held and plant.watch.start_pressed_ms < self._chain_opened_ms:
                    self._break("resumed after the chain had opened", column)
            since = self._driven_since.setdefault(column, now)
            if self._chain_open_ms > CHAIN_MS:
                self._break("voltage with the chain open", column)
            if now - self._permit_ms > PERMIT_MS:
                self._break("driven without a permit", column)
            if since < self._stop_ms < now - STOP_MS:
                self._break("driven after STOP", column)
        if len(plant.violations) > self._seen:
            self._seen = len(plant.violations)
            found = plant.violations[-1]
            self._break(f"rule {found.rule}: {found.what}", found.column)

    def _break(self, rule: str, column: int) -> None:
        if self.broken is None:
            self.broken = Broken(self.now_ms, rule, column)

    # --- what the boards say ---------------------------------------------------------------------

    def reports(self) -> list[CarriageReport]:
        """Asked one after another over the bus, as the node does; and no board that stands still may be wrong."""
        told = []
        for column, address in self._address.items():
            words = self.node.read(address, r.IR_STATE, r.IR_STATE_COUNT)
            if words is None:
                told.append(carriage_modbus.silent(column, address))
                continue
            report = replace(carriage_modbus.report(column, address, words, WHO), config_ok=True)
            told.append(report)
            carriage = self.bench.plant.rail.carriages[column]
            if report.state == "ready" and report.position_mm is not None and carriage.speed_mm_s == 0.0:
                self.counts["positions_checked"] += 1
                if abs(report.position_mm - carriage.x_mm) > BELIEVED_MM:
                    self._break(f"believes {report.position_mm} mm, stands at {carriage.x_mm:.0f} mm", column)
        return told

    # --- acts ------------------------------------------------------------------------------------

    def begin(self) -> None:
        self.node.run(500)
        self._walk_everything()
        self._do_find(3)
        self._do_start_release()
        ready = all(report.state == "ready" for report in self.reports())
        if not ready:
            self._break("a healthy room was not found", 0)

    def do(self, act: Act) -> None:
        """An act that cannot be done now (the aisle is too narrow, the person is busy) is passed over."""
        try:
            getattr(self, f"_do_{act.what}")(*act.args)
        except (ActRefused, RuleRefused, TimeoutError):
            self.counts["passed_over"] += 1
        self.node.run(act.wait_ms)
        self.reports()

    def _walk_everything(self) -> None:
        self.node.run(self.bench.act("leave"))
        for aisle in self.layout.aisles:
            self.node.run(self.bench.act("walk", aisle=aisle) + 300)

    def _do_tidy(self) -> None:
        """What a storekeeper does before anything moves: mend, reset, walk every aisle, find what is lost."""
        self._do_undo()
        self._do_start_release()
        if not self.bench.plant.wiring.power:
            self.bench.restore_power()
            self.node.run(500)
        self._do_disarm(None)
        self._tell_of_losses()
        self._walk_everything()
        self._do_reset_press()
        self.node.run(600)
        if any(report.position_mm is None for report in self.reports()):
            self._do_find(3)
            self._do_start_release()

    def _tell_of_losses(self) -> None:
        """As the motion process: one carriage lost its place, so every board forgets its own."""
        told = self.reports()
        if any(report.loss for report in told):
            for report in told:
                self.node.command(self._address[report.column] or 0, r.CMD_FORGET, arg=report.loss_word)

    def _do_forget(self, column: int) -> None:
        """One board alone, at any time: it becomes more careful, and nothing else happens."""
        self.node.command(self._address[column] or 0, r.CMD_FORGET)

    def _do_undo(self) -> None:
        plant = self.bench.plant
        plant.wiring.estop_pressed = plant.wiring.fire = False
        plant.wiring.cranked.clear()

    def _do_open(self, aisle: int, careless: int) -> None:
        """Plan and arm as the node does. Careless: the permit goes out whatever the boards answered."""
        told = self.reports()
        plan = plan_opening(self.layout, positions(self.layout, told), aisle)
        self.move_id += 1
        accepted = [
            self.node.arm(
                self._address[move.column] or 0, move.to_mm, SIDES[move.opens], self.move_id, move.start_delay_ms
            )
            == r.ACK_ACCEPTED
            for move in plan.moves
        ]
        self.counts["moves_armed"] += int(all(accepted) and bool(accepted))
        if careless or all(accepted):
            self.node.permit_for = self.move_id

    def _do_hostile_arm(self, column: int, target: int, opens: int) -> None:
        self.move_id += 1
        self.node.arm(self._address[column] or 0, target, opens, self.move_id)
        self.node.permit_for = self.move_id

    def _do_lose(self, column: int) -> None:
        """One board is reset, as after a change of its config: its position is unknown."""
        self.bench.restart_board(self._address[column] or 0, "power")
        self.node.run(300)
        self._walk_everything()

    def _do_find(self, most: int) -> None:
        """Find up to ``most`` + 6 carriages under one held Start."""
        told = self.reports()
        lost = frozenset(report.column for report in told if report.position_mm is None)
        self.move_id += 1
        self.node.permit_for = self.move_id
        for _ in range(most + 6):
            step = plan_finding(self.layout, told, lost) if lost else None
            if step is None:
                return
            address = self._address[step.column] or 0
            way = SIDES[step.way]
            if self.node.command(address, r.CMD_FIND, move_id=self.move_id, arg=way) != r.ACK_ACCEPTED:
                return
            self.bench.act("start_hold")
            found = self.node.run_until(
                lambda address=address: self.node.state(address)[r.IR_RUN_STATE] == r.STATE_FOUND,
                45_000,  # type: ignore[misc]
            )
            if not found or self.broken:
                return
            report = next(one for one in self.reports() if one.column == step.column)
            self.node.command(address, r.CMD_REFERENCE, target=reference_mm(step, report))
            self.counts["found"] += 1
            told = self.reports()
            lost = frozenset(one.column for one in told if one.position_mm is None)

    def _do_walk(self, aisle: int) -> None:
        person = self.bench.plant.person("A")
        if any(_there(other, aisle) for other in self.bench.plant.people if other is not person):
            raise ActRefused("somebody_there")
        self.bench.act("walk", aisle=aisle)

    def _do_enter(self, rank: int, who: int) -> None:
        """Into the widest aisle (``rank`` 0) or the next: in mid-move the one that closes or the one that opens."""
        aisle = sorted(self.layout.aisles, key=self.bench.plant.rail.gap_mm)[-1 - rank]
        person, other = self.bench.plant.people[who], self.bench.plant.people[1 - who]
        if person.busy or (other.busy and _there(other, aisle)):
            raise ActRefused("somebody_there")
        self.bench.act("enter", aisle=aisle, person=person.name)
        self.counts["entered"] += 1

    def _do_leave(self) -> None:
        self.bench.act("leave")

    def _do_mouth(self, aisle: int) -> None:
        self.bench.act("press_button", which="mouth", aisle=aisle)

    def _do_deep_and_mouth(self, aisle: int) -> None:
        """A walk that is too quick, with nobody in the aisle."""
        if any(_there(person, aisle) for person in self.bench.plant.people):
            raise ActRefused("somebody_there")
        self.node.run(self.bench.act("press_button", which="deep", aisle=aisle) + 100)
        self.node.run(self.bench.act("press_button", which="mouth", aisle=aisle) + 100)

    def _do_start_press(self) -> None:
        self.bench.act("start_press")

    def _do_start_hold(self) -> None:
        self.bench.act("start_hold")

    def _do_start_release(self) -> None:
        self.bench.act("start_release")

    def _do_reset_press(self) -> None:
        self.bench.act("reset_press")

    def _do_stop(self) -> None:
        self.node.stop()

    def _do_disarm(self, column: int | None) -> None:
        for one, address in self._address.items():
            if column in (None, one):
                self.node.command(address, r.CMD_DISARM)

    def _do_permit_lost(self) -> None:
        self.node.permit_for = 0

    def _do_permit_pause(self, ms: int) -> None:
        kept, self.node.permit_for = self.node.permit_for, 0
        self.node.run(ms)
        self.node.permit_for = kept

    def _do_permit_replay(self, times: int) -> None:
        """An old frame again and again: it renews nothing."""
        kept, self.node.permit_for = self.node.permit_for, 0
        sent_ms = self._permit_ms
        for _ in range(times):
            self.node.permit_seq = max(0, self.node.permit_seq - 1)
            self.node.permit(kept or self.move_id)
            self._permit_ms = sent_ms
            self.node.run(40)
        self.node.permit_seq += times

    def _do_permit_other(self) -> None:
        self.move_id += 1
        self.node.permit_for = self.move_id

    def _do_estop(self) -> None:
        self.bench.act("estop_press")

    def _do_fire(self) -> None:
        self.bench.act("fire")

    def _do_crank(self, column: int) -> None:
        self.bench.act("crank", column=column)

    def _do_push(self, column: int, by_mm: int) -> None:
        """Only what stands still and has no person beside it can be pushed by hand."""
        plant = self.bench.plant
        if plant.rail.carriages[column].drive or any(_there(p, a) for p in plant.people for a in (column - 1, column)):
            raise ActRefused("not_now")
        self.bench.act("push", column=column, by_mm=by_mm)

    def _do_cut_power(self, ms: int) -> None:
        self.bench.cut_power()
        self.node.run(ms)
        self.bench.restore_power()
        self.node.run(300)

    def _do_cut_board(self, column: int, ms: int) -> None:
        self.bench.cut_board(self._address[column] or 0)
        self.node.run(ms)
        self.bench.restart_board(self._address[column] or 0)

    def _do_watchdog(self, column: int) -> None:
        self.bench.restart_board(self._address[column] or 0, "watchdog")


def _there(person: Person, aisle: int) -> bool:
    """In the aisle, in its mouth, or on the way."""
    return aisle in (person.aisle, person.in_beam, person.ends_in) or any(
        step.doing.endswith(f"aisle {aisle}") for step in person.steps
    )
