"""One command to one carriage board: written with a sequence number, believed only once the board acknowledges it."""

from __future__ import annotations

import asyncio

from edge.clock import Clock
from edge.devices import carriage_modbus
from edge.domain.aisles import key_turned, locked_out
from edge.domain.block import CarriageReport, Side
from edge.errors import DeviceFault, RuleRefused, StoreroomError
from edge.motion.boards import CarriageBoard
from edge.motion.bus import Bus, Urgency
from edge.motion.polling import Polling
from firmware import registers as r

ACK_WITHIN_MS = 4000  # a board proves nine circuits before it says yes
ASK_AGAIN_MS = 40
WORK = {"maintenance": key_turned, "locked": locked_out}  # refusals of a block that somebody works at


async def send(
    bus: Bus,
    board: CarriageBoard,
    polling: Polling,
    clock: Clock,
    code: int,
    *,
    move_id: int = 0,
    target_mm: int = 0,
    speed_mm_s: int = 0,
    start_delay_ms: int = 0,
    opens: Side = "none",
    arg: int = 0,
    within_ms: int = ACK_WITHIN_MS,
) -> str:
    """The board's answer, a name of ``carriage_modbus.ACKS``; ``none`` = it did not answer in time.

    A lost frame is sent again under the same sequence number, which a board that has it already ignores.
    """
    async with board.commanding:
        if not board.online:
            return "none"
        seq = carriage_modbus.next_seq(carriage_modbus.words(board.registers).ack_seq)
        words = carriage_modbus.command(
            seq,
            code,
            move_id=move_id,
            target_mm=target_mm,
            speed_mm_s=speed_mm_s,
            start_delay_ms=start_delay_ms,
            opens=opens,
            arg=arg,
        )
        until_ms = clock.monotonic_ms() + within_ms
        sent = False
        while clock.monotonic_ms() < until_ms and board.online:
            if not sent:
                board.take_other(await bus.write(board.address, r.HR_COMMAND, words), clock.monotonic_ms())
            if await polling.ask(board, Urgency.COMMAND):
                said = carriage_modbus.words(board.registers)
                sent = said.ack_seq == seq
                if sent and said.ack != "none":
                    return said.ack
            await asyncio.sleep(ASK_AGAIN_MS / 1000)
        return "none"


def refusal(report: CarriageReport, ack: str) -> StoreroomError:
    """What a person is told when a board said no."""
    column = report.column
    if ack == "occupied":
        walk = [
            no for no, state in ((column - 1, report.aisle_left), (column, report.aisle_right)) if state == "occupied"
        ]
        return RuleRefused("aisles_occupied", "walk_aisles", aisles=", ".join(map(str, walk)), walk=walk)
    if ack == "proof":
        return DeviceFault("proof_failed", "look_at_circuits", column=column, circuits=", ".join(report.unproved))
    if ack == "fault":
        fault = report.faults[0] if report.faults else ""
        return RuleRefused("column_fault", "clear_fault", column=column, fault=fault)
    if ack == "position":
        return RuleRefused("positions_unknown", "find_positions", columns=str(column))
    if ack == "supply":
        return DeviceFault("supply_low", "check_supply", column=column, supply_mv=report.supply_mv)
    if ack == "config":
        return RuleRefused("board_differs", "commission_board", column=column)
    if ack in WORK:
        return WORK[ack]()
    if ack == "none":
        return DeviceFault("board_no_answer", "check_board", column=column)
    return DeviceFault("board_refused", "call_technician", column=column, ack=ack)


def fault_of(error: StoreroomError) -> str:
    """The same as a name for MoveReport.fault, when nobody waits for the error itself."""
    if error.code == "column_fault":
        return str(error.params["fault"])
    return {
        "aisles_occupied": "neighbour_occupied",
        "proof_failed": "proof_failed",
        "supply_low": "brown_out",
        "board_differs": "config",
        "maintenance": "maintenance",
        "locked_out": "locked_out",
    }.get(error.code, "board_silent")
