"""Writes the wiring of each board from firmware/board.py: every pin, input and terminal, and the hard chain.

Numbers, roles and order come from the firmware's own tables, so that paper and program cannot differ; what they are
wired to comes from ``field``. A name that stands in only one of the two is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from enclosure.field import CABLES, CARRIAGE, CHAIN, INPUTS, SENSORS, Cable, Lead
from firmware import board

# 74HC165: package pin of each parallel input (data sheet: A..H are D0..D7).
CHIP_PIN = {"D0": 11, "D1": 12, "D2": 13, "D3": 14, "D4": 3, "D5": 4, "D6": 5, "D7": 6}
# Pico: pin of the edge by GPIO, as far as a sensor board needs them (data sheet).
EDGE_PIN = {0: 1, 1: 2, 2: 4, 3: 5, 4: 6, 5: 7, 6: 9, 7: 10}


class WiringGap(Exception):
    """The firmware names a signal that the field tables do not wire, or the reverse."""


def joined(names: Iterable[str], leads: dict[str, Lead]) -> list[tuple[str, Lead]]:
    """Each signal of the firmware with its lead, in the firmware's order."""
    wanted = list(names)
    missing = [name for name in wanted if name not in leads]
    unknown = [name for name in leads if name not in wanted]
    if missing or unknown:
        raise WiringGap(f"not wired in enclosure/field.py: {missing}; unknown to firmware/board.py: {unknown}")
    return [(name, leads[name]) for name in wanted]


def carriage_pins() -> list[tuple[str, Lead]]:
    return joined((str(row[board.NAME]) for row in board.CARRIAGE_PINS), CARRIAGE)


def carriage_inputs() -> list[tuple[str, Lead]]:
    return joined((name for name, _, _ in board.SHIFT_INPUTS), INPUTS)


def sensor_pins() -> list[tuple[str, Lead]]:
    return joined((str(row[board.NAME]) for row in board.SENSOR_PINS), SENSORS)


def terminals(cables: tuple[Cable, ...], signals: list[tuple[str, Lead]]) -> list[tuple[str, Cable, str, str]]:
    """(terminal, cable, core, signal or "") of one board: terminal block X1 for its first cable, and so on."""
    known = {cable.name for cable in cables}
    lost = [name for name, lead in signals if lead.cable and lead.cable not in known]
    if lost:
        raise WiringGap(f"wired into a cable that enclosure/field.py does not list: {lost}")
    rows = []
    for no, cable in enumerate(cables, 1):
        cores = [(core, "") for core in cable.more]
        cores += [(core, name) for name, lead in signals if lead.cable == cable.name for core in lead.cores]
        rows += [(f"X{no}.{at}", cable, core, name) for at, (core, name) in enumerate(cores, 1)]
    return rows


def table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> list[str]:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows] + [""]


def by_signal(rows: list[tuple[str, Cable, str, str]]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for terminal, _, _, signal in rows:
        found.setdefault(signal, []).append(terminal)
    return {signal: ", ".join(names) for signal, names in found.items()}


def pin_rows(
    pins: tuple[tuple[object, ...], ...], leads: dict[str, Lead], at: dict[str, str]
) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for row in pins:
        name = str(row[board.NAME])
        lead = leads[name]
        rows.append((row[board.GPIO], name, row[board.ROLE], lead.through, lead.rest, at.get(name, ""), lead.to))
    return rows


def terminal_section(rows: list[tuple[str, Cable, str, str]]) -> list[str]:
    text = []
    for cable in dict.fromkeys(cable for _, cable, _, _ in rows):
        text += [f"**{cable.name}** ({cable.gland}, {cable.side} wall): {cable.goes_to}", ""]
        text += table(("terminal", "core", "signal"), ((t, core, name) for t, its, core, name in rows if its == cable))
    return text


def bus_section() -> list[str]:
    return [
        "## Bus",
        "",
        f"RS-485, {board.BUS_BAUD} baud, 8N1, one line from board to board, no branches. Twisted pair; shield earthed",
        "at the node's end. 120 Ω between A and B at both ends of the line and nowhere else: jumper JP1 is set on the",
        "last board only, the node's adapter has the other. Bias (680 Ω, A to 5 V, B to 0 V) at the node's end alone.",
        "",
    ]


def chain_section() -> list[str]:
    rows = ((no, what, name) for no, (what, name) in enumerate(CHAIN, 1))
    return [
        "### The hard chain and the two contactors",
        "",
        "Made of contacts and a safety relay; no program can close it. One open member drops every contactor.",
        "",
        *table(("no.", "in series", "each board reads it as"), rows),
        "From the chain's end 24 V goes to the coils of K1 and K2 of every carriage. A board's `enable` closes only",
        "the 0 V side of its own two coils. The main contacts of K1 and K2 lie in series in the supply of its motor",
        "and brake: either one dropped takes the motor's voltage and sets the brake. Their mirror contacts, in series,",
        "are `contactor_open`. A level switch is not in the chain: its board opens it by `room_drop`. See chain.svg.",
        "",
    ]


def shift_section(at: dict[str, str]) -> list[str]:
    rows = []
    for bit, (name, chip, data) in enumerate(board.SHIFT_INPUTS):
        lead = INPUTS[name]
        rows.append(
            (bit, name, chip, f"{data}, pin {CHIP_PIN[data]}", lead.through, lead.rest, at.get(name, ""), lead.to)
        )
    head = ("bit", "input", "chip", "data", "between", "rests by", "terminals", "wired to")
    return [
        "### Inputs, in the order in which they are read",
        "",
        f"{board.SHIFT_BYTES} × 74HC165 at 3.3 V. QH (pin 9) of U1 to `shift_miso`, SER (pin 10) of U1 to QH of U2 and",
        "so on, SER of the last to GND. 24 V through a closed contact reads 1; open, cut or unplugged reads 0.",
        "",
        *table(head, rows),
    ]


def scale_section() -> list[str]:
    full = board.ADC_FULL_MV
    return [
        "### Analogue",
        "",
        f"- Gap: {board.SHUNT_OHM} Ω, 0.1 %: 4 mA = {4 * board.SHUNT_OHM} mV = {board.GAP_4MA_MM} mm, 20 mA = "
        f"{20 * board.SHUNT_OHM} mV = {board.GAP_20MA_MM} mm.",
        f"- Motor: {full} mV at {board.MOTOR_FULL_MA} mA, {1000 * full // board.MOTOR_FULL_MA} mV for each ampere.",
        f"- Supply: {full} mV at {board.SUPPLY_FULL_MV} mV, a divider of {board.SUPPLY_FULL_MV / full:g} to 1.",
        "",
    ]


def document() -> str:
    """The whole of wiring.md."""
    head = ("GPIO", "pin", "role", "between", "rests by", "terminals", "wired to")
    carriage = terminals(CABLES["carriage"], carriage_pins() + carriage_inputs())
    sensors = terminals(CABLES["sensors"], sensor_pins())
    at, pod_at = by_signal(carriage), by_signal(sensors)
    pod = [(EDGE_PIN[int(str(row[0]))], *row) for row in pin_rows(board.SENSOR_PINS, SENSORS, pod_at)]
    addresses = (
        f"SHT31 at 0x{board.SHT31_ADDRESS:02x}, BH1750 at 0x{board.BH1750_ADDRESS:02x}, {board.I2C_HZ // 1000} kHz."
    )
    lines = [
        "# Wiring",
        "",
        "Written by `make enclosure` from firmware/board.py; change it there. Nothing of this was built or measured.",
        "Type and rating of fuses, relays and cables are the installer's, and so is the proof of the safety circuits.",
        "",
        *bus_section(),
        "## Carriage board",
        "",
        *chain_section(),
        "### Pins",
        "",
        *table(head, pin_rows(board.CARRIAGE_PINS, CARRIAGE, at)),
        *scale_section(),
        *shift_section(at),
        "### Terminals",
        "",
        *terminal_section(carriage),
        "## Sensor board",
        "",
        addresses,
        "",
        *table(("Pico edge", *head), pod),
        "### Terminals",
        "",
        *terminal_section(sensors),
    ]
    return "\n".join(lines).rstrip() + "\n"


def chain_picture() -> str:
    """The chain as an SVG: contacts in series, then both coils, then both main contacts before the motor."""
    wide, step, left = 760, 34, 60
    parts = [f'<text x="{left}" y="24">24 V</text>', f'<path d="M{left} 30V44"/>']
    y = 44
    for what, name in CHAIN:
        parts.append(
            f'<path d="M{left} {y}v8m0 14v12M{left} {y + 22}l-9 -13"/><circle cx="{left}" cy="{y + 8}" r="2"/>'
        )
        parts.append(f'<text x="{left + 24}" y="{y + 19}">{what}{" → " + name if name else ""}</text>')
        y += step
    parts.append(f'<path d="M{left} {y}v16h60v10M{left} {y + 16}v10"/>')
    for no, x in enumerate((left, left + 60), 1):
        parts.append(
            f'<rect x="{x - 18}" y="{y + 26}" width="36" height="22"/><text x="{x - 8}" y="{y + 41}">K{no}</text>'
        )
        parts.append(f'<path d="M{x} {y + 48}v12"/>')
    parts.append(
        f'<path d="M{left} {y + 60}h120v14"/><text x="{left + 136}" y="{y + 64}">own board: enable → 0 V</text>'
    )
    row = y + 122
    parts.append(f'<text x="20" y="{row - 22}">24 V of the drive, each carriage</text><path d="M20 {row}h70"/>')
    for no, x in enumerate((90, 190), 1):
        parts.append(f'<path d="M{x} {row}l34 -12M{x + 34} {row}h66"/><text x="{x + 12}" y="{row + 20}">K{no}</text>')
    parts.append(f'<rect x="290" y="{row - 16}" width="270" height="32"/>')
    parts.append(f'<text x="302" y="{row + 5}">motor bridge and spring-applied brake</text>')
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {row + 36}" font-family="sans-serif"'
        ' font-size="13">\n'
        f'<rect width="100%" height="100%" fill="white"/>\n<g fill="none" stroke="black" stroke-width="1.5">\n'
        + body.replace("<text ", '<text fill="black" stroke="none" ')
        + "\n</g>\n</svg>\n"
    )


def write(folder: Path) -> None:
    (folder / "wiring.md").write_text(document(), "utf-8")
    (folder / "chain.svg").write_text(chain_picture(), "utf-8")
