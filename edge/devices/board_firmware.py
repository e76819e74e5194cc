"""What a board says about its own program, decoded; and what to do about it, compared with this release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from edge.devices.carriage_modbus import Identity, image_of, names
from firmware import registers as r

KINDS = {r.KIND_CARRIAGE: "carriage", r.KIND_SENSORS: "sensors"}
BOOTS = {r.BOOT_POWER_ON: "power_on", r.BOOT_WATCHDOG: "watchdog", r.BOOT_SOFT: "soft"}
LOGS = {
    r.LOG_BOOT: "boot",
    r.LOG_FAULT: "fault",
    r.LOG_UPDATED: "updated",
    r.LOG_REVERTED: "reverted",
    r.LOG_REFUSED: "refused",
}
UPDATES = (
    *("none", "clearing", "looking", "receiving", "writing", "proving", "ready", "waiting", "taken"),
)  # by UPDATE_*
REFUSALS = ("", "manifest", "signature", "no_key", "file", "flash")  # by REFUSED_*
RELEASE, RELEASE_MAP = r.FIRMWARE_VERSION, r.MAP_VERSION
OFFERED = ("ready", "waiting", "taken")  # the whole image lies in the other slot


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a board's fault log. ``what``: names of faults, a boot reason, an image, a slot or a refusal."""

    kind: str
    boot_count: int
    uptime_s: int
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BoardFirmware:
    """``heard`` False: nothing else is known. ``crc_wanted`` None: nobody commissioned more than its address."""

    address: int
    kind: str
    column: int | None
    heard: bool = False
    firmware_version: int = 0
    map_version: int = 0
    board_id: int = 0
    boot_count: int = 0
    boot_reason: str = ""
    uptime_s: int = 0
    kind_seen: str = ""
    config_crc: int = 0
    crc_wanted: int | None = None
    flash_ok: bool = False
    slot: str = ""
    image: int = 0
    tries: int = 0
    update: str = "none"
    refused: str = ""
    update_file: int = 0
    update_at: int = 0
    update_image: int = 0
    log_lost: int = 0
    log: tuple[Entry, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def described(
    about: BoardFirmware, who: Identity, self_words: Sequence[int], log_words: Sequence[int]
) -> BoardFirmware:
    """``about`` with what the identity, self-description and fault log blocks say."""
    own = own_program(about, self_words)
    return replace(
        own,
        firmware_version=who.firmware_version,
        map_version=who.map_version,
        board_id=who.board_id,
        boot_count=who.boot_count,
        boot_reason=BOOTS.get(who.boot_reason, "unknown"),
        uptime_s=who.uptime_s,
        kind_seen=KINDS.get(who.kind, "unknown"),
        config_crc=who.config_crc,
        flash_ok=who.flash_ok,
        log=entries(log_words, self_words[r.IR_LOG_COUNT - r.IR_SELF]),
    )


def own_program(about: BoardFirmware, words: Sequence[int]) -> BoardFirmware:
    """``about`` with what the self-description block says."""

    def at(register: int) -> int:
        return words[register - r.IR_SELF]

    return replace(
        about,
        heard=True,
        slot=_named(r.SLOTS, at(r.IR_SLOT)),
        image=image_of(words),
        tries=at(r.IR_START_TRIES),
        update=_named(UPDATES, at(r.IR_UPDATE_STATE)),
        refused=_named(REFUSALS, at(r.IR_UPDATE_RESULT)),
        update_file=at(r.IR_UPDATE_FILE),
        update_at=at(r.IR_UPDATE_AT),
        update_image=at(r.IR_UPDATE_IMAGE_HI) << 16 | at(r.IR_UPDATE_IMAGE_LO),
        log_lost=at(r.IR_LOG_LOST),
    )


def entries(words: Sequence[int], count: int) -> tuple[Entry, ...]:
    """The newest ``count`` entries of the log block."""
    found = []
    for start in range(0, min(count * r.IR_LOG_WORDS, len(words)), r.IR_LOG_WORDS):
        kind, boot_count, up_hi, up_lo, hi, lo = words[start : start + r.IR_LOG_WORDS]
        name = LOGS.get(kind, "unknown")
        found.append(Entry(name, boot_count, up_hi << 16 | up_lo, _what(name, hi << 16 | lo)))
    return tuple(found)


def from_json(value: dict[str, Any]) -> BoardFirmware:
    log = tuple(Entry(**{**entry, "what": tuple(entry["what"])}) for entry in value["log"])
    return BoardFirmware(**{**value, "log": log})


def _what(kind: str, detail: int) -> tuple[str, ...]:
    if kind == "fault":
        return names(r.FAULTS, detail)
    if kind == "boot":
        return tuple(part for part in (BOOTS.get(detail >> 8, "unknown"), _named(r.SLOTS, detail & 0xFF)) if part)
    if kind == "reverted":
        return (_named(r.SLOTS, detail),)
    return (_named(REFUSALS, detail) if kind == "refused" else f"{detail:08x}",)


def _named(table: Sequence[str], number: int) -> str:
    return table[number] if number < len(table) else "unknown"


def verdict(board: BoardFirmware, image: int | None = None) -> str:
    """What to do about this board (words: ``firmware.verdict.<name>``). ``image``: the one it should run, if known."""
    if not board.heard:
        return "silent"
    if board.kind_seen != board.kind:
        return "wrong_kind"
    if board.slot == "safe":
        return "safe_mode"
    if board.update == "waiting":
        return "press_start"
    if board.update == "taken":
        return "power_cycle"
    if board.map_version >> 8 != r.MAP_VERSION >> 8:
        return "map_differs"
    if board.firmware_version < r.FIRMWARE_VERSION or board.map_version < r.MAP_VERSION:
        return "older"
    if board.firmware_version > r.FIRMWARE_VERSION or board.map_version > r.MAP_VERSION:
        return "newer"
    if board.crc_wanted is not None and board.config_crc != board.crc_wanted:
        return "config_differs"
    if not board.flash_ok:
        return "flash_damaged"
    if image is not None and board.image != image:
        return "image_differs"
    if board.log and board.log[0].kind == "reverted":
        return "reverted"
    return "good"
