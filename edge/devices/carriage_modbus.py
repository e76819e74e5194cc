"""Carriage boards over Modbus: registers in, reports out; commands in, registers out. Bytes and timing are the bus's.

Decoding never raises on strange values: what is out of its range reads as unknown, the unsafe case.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce

from edge.config import Motion
from edge.domain.block import AisleState, CarriageReport, Layout, RunState, Side
from firmware import registers as r

_STATES: dict[int, RunState] = {
    r.STATE_UNKNOWN: "unknown",
    r.STATE_READY: "ready",
    r.STATE_ARMED: "armed",
    r.STATE_WARNING: "warning",
    r.STATE_MOVING: "moving",
    r.STATE_FAULT: "fault",
    r.STATE_FIND_ARMED: "find_armed",
    r.STATE_FINDING: "finding",
    r.STATE_FOUND: "found",
    r.STATE_MAINTENANCE: "maintenance",
    r.STATE_LOCKED: "locked",
}
_AISLES: dict[int, AisleState] = {r.AISLE_CLEAR: "clear", r.AISLE_OPENING: "opening"}
_WHYS = {
    r.WHY_NONE: "",
    r.WHY_POWER_UP: "power_up",
    r.WHY_OPENED: "opened",
    r.WHY_BEAM: "beam",
    r.WHY_GAP_UNKNOWN: "gap_unknown",
    r.WHY_MOVED_UNASKED: "moved_unasked",
    r.WHY_CIRCUIT: "circuit",
    r.WHY_WORK: "work",
    r.WHY_FORGOTTEN: "forgotten",
}
_LOSSES = {
    r.LOSS_TOLD: "",
    r.LOSS_POWER_UP: "power_up",
    r.LOSS_RESET_IN_MOTION: "reset_in_motion",
    r.LOSS_CRANKED: "cranked",
    r.LOSS_MOVED: "moved",
    r.LOSS_JAMMED: "jammed",
}
_ENDS = {
    r.END_NONE: "none",
    r.END_REACHED: "reached",
    r.END_STOPPED: "stopped",
    r.END_PERMIT_LOST: "permit_lost",
    r.END_FAULT: "fault",
    r.END_NOT_STARTED: "not_started",
    r.END_CANCELLED: "cancelled",
    r.END_RELEASED: "released",
    r.END_OCCUPIED: "occupied",
    r.END_MAINTENANCE: "maintenance",
    r.END_LOCKED: "locked",
}
ACKS = {
    r.ACK_NONE: "none",
    r.ACK_ACCEPTED: "accepted",
    r.ACK_STATE: "state",
    r.ACK_OCCUPIED: "occupied",
    r.ACK_FAULT: "fault",
    r.ACK_PROOF: "proof",
    r.ACK_POSITION: "position",
    r.ACK_RANGE: "range",
    r.ACK_SUPPLY: "supply",
    r.ACK_CONFIG: "config",
    r.ACK_MAINTENANCE: "maintenance",
    r.ACK_LOCKED: "locked",
}
SIDES: dict[Side, int] = {"none": r.SIDE_NONE, "left": r.SIDE_LEFT, "right": r.SIDE_RIGHT}
LAMPS = {"none": 0, "left": 1, "right": 2, "both": 3}


@dataclass(frozen=True, slots=True)
class Identity:
    """The block at the same addresses on every board."""

    map_version: int
    firmware_version: int
    kind: int
    board_id: int
    boot_count: int
    boot_reason: int
    uptime_s: int
    address: int
    config_crc: int
    flash_ok: bool


@dataclass(frozen=True, slots=True)
class CarriageWords:
    """One state block as read: the report's raw material plus what only the bus owner needs."""

    ack_seq: int
    ack: str
    registers: tuple[int, ...]


def identity(registers: Sequence[int]) -> Identity:
    """``IR_IDENTITY_COUNT`` registers from ``IR_IDENTITY``."""
    return Identity(
        map_version=registers[r.IR_MAP_VERSION],
        firmware_version=registers[r.IR_FIRMWARE_VERSION],
        kind=registers[r.IR_BOARD_KIND],
        board_id=registers[r.IR_BOARD_ID_HI] << 16 | registers[r.IR_BOARD_ID_LO],
        boot_count=registers[r.IR_BOOT_COUNT],
        boot_reason=registers[r.IR_BOOT_REASON],
        uptime_s=registers[r.IR_UPTIME_S_HI] << 16 | registers[r.IR_UPTIME_S_LO],
        address=registers[r.IR_ADDRESS],
        config_crc=registers[r.IR_CONFIG_CRC],
        flash_ok=registers[r.IR_FLASH_OK] == 1,
    )


def image_of(self_words: Sequence[int]) -> int:
    """The program that a board runs, from its ``IR_SELF_COUNT`` registers; 0 = not from an image."""
    return self_words[r.IR_IMAGE_HI - r.IR_SELF] << 16 | self_words[r.IR_IMAGE_LO - r.IR_SELF]


def differs(seen: Identity, kind: int, address: int, crc: int | None) -> str:
    """Why this board must not be moved: the name of a note, or "" when it is the board that was commissioned."""
    if seen.map_version >> 8 != r.MAP_VERSION >> 8:
        return "map_differs"
    if kind == r.KIND_CARRIAGE and seen.map_version < r.MAP_VERSION:
        return "map_differs"  # a self-test that this map asks for is not in that board's firmware
    if seen.kind != kind:
        return "kind_differs"
    if seen.address != address:
        return "address_differs"
    if not seen.flash_ok:
        return "flash_unreadable"
    if crc is not None and seen.config_crc != crc:
        return "config_differs"
    return ""


def words(registers: Sequence[int]) -> CarriageWords:
    """``IR_STATE_COUNT`` registers from ``IR_STATE``."""
    at = _reader(registers)
    return CarriageWords(
        ack_seq=at(r.IR_ACK_SEQ),
        ack=ACKS.get(at(r.IR_ACK_RESULT), "none"),
        registers=tuple(registers),
    )


def report(column: int, address: int, registers: Sequence[int], who: Identity) -> CarriageReport:
    """The state block as a report, zero milliseconds old; whether the board may be moved is not judged here."""
    at = _reader(registers)
    inputs = at(r.IR_INPUTS_HI) << 16 | at(r.IR_INPUTS_LO)
    faults = at(r.IR_FAULTS_HI) << 16 | at(r.IR_FAULTS_LO)
    return CarriageReport(
        column=column,
        address=address,
        online=True,
        age_ms=0,
        state=_STATES.get(at(r.IR_RUN_STATE), "unknown"),
        position_mm=_length_mm(at(r.IR_POSITION_MM)),
        gap_left_mm=_gap_mm(at(r.IR_GAP_LEFT_MM)),
        gap_right_mm=_gap_mm(at(r.IR_GAP_RIGHT_MM)),
        faults=names(r.FAULTS, faults),
        open_inputs=tuple(name for name, bit in r.INPUTS if not inputs & bit),
        aisle_left=_AISLES.get(at(r.IR_AISLE_LEFT), "occupied"),
        aisle_right=_AISLES.get(at(r.IR_AISLE_RIGHT), "occupied"),
        why_left=_WHYS.get(at(r.IR_WHY_LEFT), "circuit"),
        why_right=_WHYS.get(at(r.IR_WHY_RIGHT), "circuit"),
        unproved=tuple(name for name, bit in r.PROOFS if not at(r.IR_PROOF) & bit),
        move_id=at(r.IR_MOVE_ID),
        motor_ma=at(r.IR_MOTOR_MA),
        peak_ma=at(r.IR_PEAK_MA),
        supply_mv=at(r.IR_SUPPLY_MV),
        speed_mm_s=signed(at(r.IR_SPEED_MM_S)),
        target_mm=_length_mm(at(r.IR_TARGET_MM)),
        end_reason=_ENDS.get(at(r.IR_END_REASON), "fault"),
        map_version=who.map_version,
        firmware_version=who.firmware_version,
        config_ok=False,
        boot_count=who.boot_count,
        board_id=who.board_id,
        config_crc=who.config_crc,
        chosen_left=at(r.IR_CHOSEN) >> 8,
        chosen_right=at(r.IR_CHOSEN) & 0xFF,
        loss=_LOSSES.get(at(r.IR_LOSS) & 0xFF, "moved"),
        loss_word=at(r.IR_LOSS),
    )


def silent(column: int, address: int) -> CarriageReport:
    """A board that does not answer: nothing about it is known, both its aisles count as occupied."""
    return CarriageReport(
        column=column,
        address=address,
        online=False,
        age_ms=None,
        state="offline",
        position_mm=None,
        gap_left_mm=None,
        gap_right_mm=None,
        faults=(),
        open_inputs=(),
        aisle_left="occupied",
        aisle_right="occupied",
        why_left="offline",
        why_right="offline",
        unproved=tuple(name for name, _bit in r.PROOFS),
        move_id=0,
        motor_ma=0,
        peak_ma=0,
        supply_mv=0,
        speed_mm_s=0,
        target_mm=None,
        end_reason="none",
        map_version=0,
        firmware_version=0,
        config_ok=False,
        boot_count=0,
    )


def names(table: Sequence[tuple[str, int]], bits: int) -> tuple[str, ...]:
    """Names of the set bits; a bit that this node's map does not name is ``bit_<n>``."""
    known = reduce(lambda mask, entry: mask | entry[1], table, 0)
    strange = tuple(f"bit_{n}" for n in range(32) if bits & ~known & (1 << n))
    return tuple(name for name, bit in table if bits & bit) + strange


def signed(value: int) -> int:
    """16 bits in two's complement."""
    return value - 0x10000 if value & 0x8000 else value


def _length_mm(value: int) -> int | None:
    return None if value == r.UNKNOWN else value


def _gap_mm(value: int) -> int | None:
    """A gap sensor may read a little below zero at the contact; it counts as zero."""
    return None if value == r.UNKNOWN else max(0, signed(value))


def _reader(registers: Sequence[int]) -> Callable[[int], int]:
    return lambda address: registers[address - r.IR_STATE]


def command(
    seq: int,
    code: int,
    *,
    move_id: int = 0,
    target_mm: int = 0,
    speed_mm_s: int = 0,
    start_delay_ms: int = 0,
    opens: Side = "none",
    arg: int = 0,
) -> list[int]:
    """The ``HR_COMMAND_COUNT`` registers of one command, for one function-16 write at ``HR_COMMAND``."""
    return [seq, code, move_id, target_mm & 0xFFFF, speed_mm_s, start_delay_ms, SIDES[opens], arg]


def permit(move_id: int, seq: int, node: int) -> list[int]:
    """The ``HR_PERMIT_COUNT`` registers that renew the permit of one move."""
    return [move_id, seq, node, move_id ^ seq ^ node ^ r.PERMIT_SALT]


def next_seq(seq: int) -> int:
    """1..65535, never 0: boards start at 0."""
    return seq % 0xFFFF + 1


def board_config(layout: Layout, motion: Motion, column_no: int) -> dict[str, int]:
    """What the board of this column was commissioned with, in the order of ``CONFIG_FIELDS``."""
    index = column_no - 1
    column = layout.columns[index]
    before = sum(other.width_mm for other in layout.columns[:index])
    after = sum(other.width_mm for other in layout.columns[index + 1 :])
    values = {
        "address": column.address or 0,
        "rail_mm": layout.rail_mm,
        "width_mm": column.width_mm,
        "min_mm": before,
        "max_mm": layout.rail_mm - column.width_mm - after,
        "max_speed_mm_s": motion.max_speed_mm_s,
        "find_speed_mm_s": motion.find_speed_mm_s,
        "stall_ma": motion.stall_ma,
        "um_per_count": motion.um_per_count,
        "left_is_board": int(index > 0 and not layout.columns[index - 1].fixed),
        "right_is_board": int(index + 1 < len(layout.columns) and not layout.columns[index + 1].fixed),
        "hold_last_mm": layout.hold_last_mm,
    }
    return {field: values[field] for field in r.CONFIG_FIELDS}


def config_crc(values: dict[str, int]) -> int:
    """CRC of a carriage board's values in the order of ``CONFIG_FIELDS``."""
    return crc_of([values[field] for field in r.CONFIG_FIELDS])


def crc_of(words: Sequence[int]) -> int:
    """CRC-16/MODBUS over big-endian 16-bit words."""
    crc = 0xFFFF
    for byte in b"".join(word.to_bytes(2, "big") for word in words):
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return crc
