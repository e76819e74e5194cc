"""The block as the node sees it: arm, find, light, disarm, STOP, and one snapshot of everything.

Nothing here starts a motor. A move is armed, its permit is renewed while the node lives, and whatever the boards
report that does not belong to it ends it with STOP.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Sequence
from dataclasses import replace

from edge.clock import Clock
from edge.devices.carriage_modbus import LAMPS, SIDES
from edge.domain.aisles import combine, doubtful, occupied, positions, refuse_forgetting, refuse_unsafe, refuse_work
from edge.domain.block import BlockState, CarriageReport, Layout, MovePlan, Side
from edge.domain.poses import plan_pose
from edge.errors import DeviceFault, RuleRefused
from edge.motion import finding as find
from edge.motion import forgetting as forget
from edge.motion import move as moves
from edge.motion.boards import Board, CarriageBoard, SensorBoard, twins
from edge.motion.bus import Bus, Urgency
from edge.motion.command import fault_of, refusal, send
from edge.motion.permit import PERMIT_EVERY_MS, Permit
from edge.motion.polling import Polling
from firmware import registers as r

log = logging.getLogger(__name__)

FORGET_WITHIN_MS = 500
OUTDATED_MM = 15  # a plan made from positions further off than this is made again


class Shelving:
    """One block on one bus; sensor boards may hang on this bus or on others (``elsewhere``)."""

    def __init__(
        self,
        layout: Layout,
        bus: Bus,
        carriages: Sequence[CarriageBoard],
        sensors: Sequence[SensorBoard],
        elsewhere: Sequence[tuple[Bus, Sequence[SensorBoard]]],
        permit: Permit,
        clock: Clock,
    ) -> None:
        self._layout, self._bus, self._clock, self.permit = layout, bus, clock, permit
        self._carriages = {board.column: board for board in carriages}
        self._sensors = [*sensors, *(board for _bus, boards in elsewhere for board in boards)]
        self._buses = [bus, *(other for other, _boards in elsewhere)]
        self._polling = Polling(bus, carriages, sensors, clock, self._movers, self._judge)
        self._others = [Polling(other, (), boards, clock, frozenset, _nothing) for other, boards in elsewhere]
        self._move: moves.Move | None = None
        self._finding: find.Finding | None = None
        self._forgetting = forget.Forgetting()
        self._asking = asyncio.Lock()  # one arm or find at a time
        self._doubtful = True
        self._shaken = False  # a board felt a tilt or a shock: no position is believed before all are found anew
        self._let = False  # whoever holds the maintenance key has signed for it
        self._seq = 0

    async def run(self) -> None:
        """Everything that runs for ever. Whatever an earlier run had armed is stopped first."""
        async with asyncio.TaskGroup() as tasks:
            for bus in self._buses:
                tasks.create_task(bus.run())
            await self._bus.stop()
            for polling in (self._polling, *self._others):
                tasks.create_task(polling.run())
            tasks.create_task(self._renew_permits())
            tasks.create_task(self._lead_finding())
            tasks.create_task(self._lead_forgetting())

    # --- what the node asks ---
    async def arm(self, plan: MovePlan, move_id: int) -> None:
        """Prove the movers and light Start. Raises RuleRefused or DeviceFault; then nothing is armed."""
        self._refuse_busy()
        async with self._asking:
            self._refuse_busy()
            await self._arm(plan, move_id)

    async def _arm(self, plan: MovePlan, move_id: int) -> None:
        refuse_unsafe(self._layout, self.state(), plan)
        self._refuse_outdated(plan)
        if not plan.moves:
            return
        if not self.permit.node_alive(self._now()):
            raise DeviceFault("node_silent", "restart_node")
        self._move = moves.Move(move_id, plan, "arming", self._now())
        self._finding = None
        acks = await asyncio.gather(*(self._arm_one(move_id, plan, column) for column in self._move.columns))
        if self._move.phase != "arming":
            await self._bus.stop()  # STOP came between
            raise RuleRefused("stopped_meanwhile", "choose_again")
        for column, ack in zip(self._move.columns, acks, strict=True):
            if ack != "accepted":
                await self._give_up("cancelled")
                raise refusal(self._carriages[column].report(self._now()), ack)
        await self._read(self._move.columns)
        # Only now: Start must not move one carriage while another still opens the chain to prove it.
        self.permit.grant(move_id)
        await self._broadcast_permit()  # at once: whoever reads "armed" may press
        self._move = replace(self._move, phase="armed", since_ms=self._now())

    async def find_positions(self, move_id: int) -> None:
        """Arm finding; it goes on while a person holds Start. Raises RuleRefused with the aisles to walk first."""
        self._refuse_busy()
        async with self._asking:
            self._refuse_busy()
            lost = self._lost()
            self._move = None
            self._finding = find.Finding(move_id, lost, None, "arming", self._now())
            self.permit.grant(move_id)
            await self._find_on()  # the first carriage here, so that a refusal reaches whoever asked

    def _lost(self) -> frozenset[int]:
        """Columns to find: those that do not know, or all when what they know does not agree."""
        state = self.state()
        refuse_forgetting(state)
        walk = [aisle.no for aisle in occupied(state.aisles)]
        if walk:
            raise RuleRefused("aisles_occupied", "walk_aisles", aisles=", ".join(map(str, walk)), walk=walk)
        refuse_work(state)
        for board in self._carriages.values():
            if not board.movable():
                raise RuleRefused("board_differs", "commission_board", column=board.column)
        lost = frozenset(report.column for report in state.carriages if report.position_mm is None)
        return frozenset(self._carriages) if self._shaken or (not lost and state.doubtful) else lost

    async def disarm(self) -> None:
        """End what is armed, as cancelled. Harmless at rest."""
        if self._live():
            columns = self._columns()
            await self._give_up("cancelled")
            await self._read(columns)

    def doubt(self) -> None:
        """A tilt that an earlier run saw: positions stay in doubt until all are found anew."""
        self._shaken = True

    def let_local(self) -> None:
        """Renew the local control point's permit until the maintenance key is turned back. Starts nothing."""
        if not self.state().key_turned:
            raise RuleRefused("key_not_turned", "turn_key_first")
        self._let = True

    async def light(self, column: int, slot_light: int, aisle_side: str) -> None:
        """One slot's LED (0 = none) and the aisle lamps of one carriage. A fixed column has none: nothing happens."""
        if board := self._carriages.get(column):
            ack = await send(
                self._bus, board, self._polling, self._clock, r.CMD_LIGHT, arg=slot_light, target_mm=LAMPS[aisle_side]
            )
            if ack != "accepted":
                raise refusal(board.report(self._now()), ack)

    async def stop(self) -> None:
        """STOP: no more permits, and the frame that overtakes the queue."""
        await self._give_up("stopped")

    def resting(self) -> bool:
        """Nothing is armed, moves or is found, nor asks to be."""
        return not self._live() and not self._asking.locked()

    def boards(self) -> list[tuple[Bus, Board]]:
        """Every board with its bus."""
        here: list[Board] = [*self._carriages.values(), *self._polling.sensors]
        return [(self._bus, board) for board in here] + [
            (polling.bus, board) for polling in self._others for board in polling.sensors
        ]

    def state(self) -> BlockState:
        now_ms = self._now()
        self._seq += 1
        reports = self._reports()
        live = self._move or self._finding
        return BlockState(
            seq=self._seq,
            alive=True,
            carriages=tuple(reports.values()),
            sensors=tuple(board.report(now_ms) for board in self._sensors),
            aisles=combine(self._layout, reports.values(), resting=self._polling.resting),
            move=live.report(now_ms) if live else None,
            doubtful=self._doubtful or self._shaken,
            bus_cycle_ms=self._polling.cycle_ms,
            bus_errors=sum(bus.errors for bus in self._buses),
            let=self._let,
            notes=twins([*self._carriages.values(), *self._sensors]),
            loss=self._forgetting.loss(reports),
        )

    # --- inside ---
    def _now(self) -> int:
        return self._clock.monotonic_ms()

    def _reports(self) -> dict[int, CarriageReport]:
        now_ms = self._now()
        return {column: board.report(now_ms) for column, board in self._carriages.items()}

    def _live(self) -> bool:
        return any(one is not None and one.phase != "ended" for one in (self._move, self._finding))

    def _columns(self) -> tuple[int, ...]:
        if self._move:
            return self._move.columns
        return (self._finding.step.column,) if self._finding and self._finding.step else ()

    def _movers(self) -> frozenset[int]:
        """Columns that move or are about to; empty while a move is only armed."""
        live = self._move or self._finding
        return frozenset(self._columns()) if live and live.phase in ("warning", "moving") else frozenset()

    def _refuse_busy(self) -> None:
        if self._live():
            raise RuleRefused("motion_busy", "wait_for_block")

    def _refuse_outdated(self, plan: MovePlan) -> None:
        mine = plan_pose(self._layout, positions(self._layout, self._reports().values()), plan.pose, plan.aisle)
        targets = {move.column: move.to_mm for move in mine.moves}
        asked = {move.column: move.to_mm for move in plan.moves}
        far = [column for column in targets if abs(targets[column] - asked.get(column, targets[column])) > OUTDATED_MM]
        if set(targets) != set(asked) or far:
            raise RuleRefused("plan_outdated", "choose_again")

    def _arm_one(self, move_id: int, plan: MovePlan, column: int) -> Awaitable[str]:
        part = next(move for move in plan.moves if move.column == column)
        return send(
            self._bus,
            self._carriages[column],
            self._polling,
            self._clock,
            r.CMD_ARM,
            move_id=move_id,
            target_mm=part.to_mm,
            speed_mm_s=self._layout.speed_mm_s,
            start_delay_ms=part.start_delay_ms,
            opens=part.opens,
        )

    async def _read(self, columns: Sequence[int]) -> None:
        for column in columns:
            await self._polling.ask(self._carriages[column], Urgency.COMMAND)

    async def _give_up(self, ended: str, fault: str = "") -> None:
        self.permit.withdraw()
        now_ms = self._now()
        if self._move and self._move.phase != "ended":
            self._move = self._move.end(ended, now_ms, fault)
        if self._finding and self._finding.phase != "ended":
            self._finding = self._finding.end(ended, now_ms, fault)
        await self._bus.stop()

    def _judge(self) -> None:
        """After every report: does the block still do what was armed?"""
        reports, now_ms = self._reports(), self._now()
        self._shaken |= any("tilt" in report.faults for report in reports.values())
        if not self._movers() and all(report.speed_mm_s == 0 for report in reports.values()):
            self._doubtful = doubtful(self._layout, reports.values())
        if not self._move or self._move.phase in ("arming", "ended"):
            return
        shaky = {column: board.shaky for column, board in self._carriages.items()}
        aisles = combine(self._layout, reports.values(), resting=self._polling.resting)
        self._move = moves.step(self._move, reports, shaky, aisles, self.permit.node_alive(now_ms), now_ms)
        if self._move.phase == "ended":
            log.info("move %d ended: %s %s", self._move.move_id, self._move.ended, self._move.fault)
            self.permit.withdraw()
            if self._move.ended != "reached":
                self._stopping = asyncio.ensure_future(self._bus.stop())

    async def _renew_permits(self) -> None:
        """Every 100 ms, so long as there is a move and a node."""
        sent_ms: int | None = None
        while True:
            began_ms = self._now()
            self._follow_key()
            sent = await self._broadcast_permit()
            if sent and sent_ms is not None and self._now() - sent_ms > 2 * PERMIT_EVERY_MS:
                log.warning("a permit was renewed only after %d ms", self._now() - sent_ms)
            sent_ms = self._now() if sent else None
            self._judge()
            await asyncio.sleep(max(0, PERMIT_EVERY_MS - (self._now() - began_ms)) / 1000)

    def _follow_key(self) -> None:
        if self._live():
            return
        if self._let and not any("key_normal" in report.open_inputs for report in self._reports().values()):
            self._let = False
            self.permit.withdraw()
        if self._let:
            self.permit.grant(r.LOCAL_MOVE_ID)  # again after a STOP: the next press is a new one

    async def _broadcast_permit(self) -> bool:
        words = self.permit.renewal(self._now())
        if words:
            await self._bus.broadcast(r.HR_PERMIT, words, Urgency.PERMIT)
        return bool(words)

    async def _lead_forgetting(self) -> None:
        while True:
            await asyncio.sleep(PERMIT_EVERY_MS / 1000)
            await self._forget_on()

    async def _forget_on(self) -> None:
        """One step of forgetting: what the boards say now, and what is to be sent for it."""
        self._forgetting = forget.step(self._forgetting, self._reports(), self._now())
        if not self._forgetting.over and self._live():
            await self._give_up("fault", self._why_lost())
        asked = forget.asks(self._forgetting, self._reports(), self._now())
        acks = await asyncio.gather(*(self._forget_one(ask) for ask in asked))
        for ask, ack in zip(asked, acks, strict=True):
            if ack == "accepted":
                self._forgetting = self._forgetting.confirmed(ask)
            else:
                log.warning("column %d does not confirm that it forgot its place", ask.column)
                self._forgetting = self._forgetting.not_all(self._now())

    def _forget_one(self, ask: forget.Ask) -> Awaitable[str]:
        board = self._carriages[ask.column]
        return send(
            self._bus, board, self._polling, self._clock, r.CMD_FORGET, arg=ask.answers, within_ms=FORGET_WITHIN_MS
        )

    def _why_lost(self) -> str:
        """The fault that ends the live move: the lost carriage's own, if it has one."""
        faults = [fault for report in self._reports().values() if report.loss for fault in report.faults]
        return faults[0] if faults else "place_lost"

    async def _lead_finding(self) -> None:
        while True:
            await asyncio.sleep(PERMIT_EVERY_MS / 1000)
            if self._finding and self._finding.phase != "ended" and not self._asking.locked():
                async with self._asking:
                    try:
                        await self._find_on()
                    except (RuleRefused, DeviceFault) as error:
                        log.warning("finding refused: %s", error)

    async def _find_on(self) -> None:
        """One step of finding: what the boards say now, and what is to be sent for it. A refusal ends finding."""
        assert self._finding is not None
        reports, now_ms = self._reports(), self._now()
        shaky = {column: board.shaky for column, board in self._carriages.items()}
        aisles = combine(self._layout, reports.values(), resting=self._polling.resting)
        alive = self.permit.node_alive(now_ms)
        try:
            self._finding, act = find.next_act(self._finding, self._layout, reports, shaky, aisles, alive, now_ms)
            if self._finding.phase == "ended":
                log.info("finding ended: %s %s", self._finding.ended, self._finding.fault)
                self._shaken &= self._finding.ended != "reached"
                self.permit.withdraw()
                await self._bus.stop()
            elif act:
                await self._do(act, self._finding.move_id)
        except (RuleRefused, DeviceFault) as error:
            await self._give_up("fault", fault_of(error))
            raise

    async def _do(self, act: find.Arm | find.Refer, move_id: int) -> None:
        column = act.step.column if isinstance(act, find.Arm) else act.column
        board = self._carriages[column]
        if isinstance(act, find.Arm):
            way = act.step.way
            behind: Side = "right" if way == "left" else "left"
            ack = await send(
                self._bus, board, self._polling, self._clock, r.CMD_FIND, move_id=move_id, opens=behind, arg=SIDES[way]
            )
        else:
            ack = await send(self._bus, board, self._polling, self._clock, r.CMD_REFERENCE, target_mm=act.position_mm)
        if self._finding is None or self._finding.phase == "ended":
            await self._bus.stop()  # STOP came between
            return
        if ack != "accepted":
            raise refusal(board.report(self._now()), ack)
        await self._read([column])
        if isinstance(act, find.Refer):
            self._finding = self._finding.found(self._now())


def _nothing() -> None:
    """A bus of sensors alone has no move to judge."""
