"""The carriage board's box, on a 35 mm rail or screwed to the carriage by its ears; a gland for every cable.

How many cables there are, and how thick, is not decided here: ``field.CABLES`` is what the terminals need. Only the
board lies inside. Contactors and safety relay carry the motor's current and belong into the switch cabinet.
"""

from __future__ import annotations

from enclosure import carrier, shell
from enclosure.field import CABLES
from enclosure.params import CARRIAGE_BOARD, MOUNTING, PRINTING
from enclosure.shapes import Block, Case, Rod, Shape

INSIDE_MM = (176.0, 172.0, 40.0)
PILLAR_MM = 10.0
BESIDE_USB_MM = 1.5  # board to the left wall: a plug's overmould reaches into the window
GLAND_Z_MM = 21.0
EAR_MM = 16.0  # beyond each side wall
EAR_TALL_MM = 24.0

ROOM = shell.cavity(*INSIDE_MM)
W = PRINTING.wall_mm
BOARD_AT_MM = (W + BESIDE_USB_MM, ROOM.middle_mm[1] - CARRIAGE_BOARD.height_mm / 2)


def usb_window() -> Block:
    wide, tall = CARRIAGE_BOARD.plug_mm
    y = BOARD_AT_MM[1] + CARRIAGE_BOARD.usb_y_mm
    z = W + PILLAR_MM + CARRIAGE_BOARD.board_mm + CARRIAGE_BOARD.usb_tall_mm / 2
    return Block("USB", (-1.0, y - wide / 2, z - tall / 2), (shell.THROUGH_MM, wide, tall))


def ears() -> tuple[list[Block], list[Rod]]:
    """They lie flat on the carriage; two screws M4 in each."""
    right, top = ROOM.end_mm[0] + W, ROOM.end_mm[1] + W
    blocks, bores = [], []
    for x, hole_x in ((-EAR_MM, -EAR_MM / 2), (right - 1.0, right + EAR_MM / 2)):
        for y in (12.0, top - 12.0 - EAR_TALL_MM):
            blocks.append(Block("ear", (x, y, 0), (EAR_MM + 1.0, EAR_TALL_MM, W + 1.0)))
            bores.append(Rod("ear screw", (hole_x, y + EAR_TALL_MM / 2, -1.0), "z", W + 3.0, MOUNTING.m4_bore_mm))
    return blocks, bores


def case() -> Case:
    wanted = [(cable.name, cable.gland, cable.side) for cable in CABLES["carriage"]]
    rows = [
        shell.gland_row(ROOM, side, GLAND_Z_MM, [(name, thread) for name, thread, its in wanted if its == side])
        for side in ("bottom", "top")
    ]
    glands = [hole for row, _ in rows for hole in row]
    x, y, _ = ROOM.middle_mm
    half = MOUNTING.rail_clip_mm / 2
    clips = [shell.m4_in_back(x + dx, y + dy) for dx in (-50.0, 50.0) for dy in (-half, half)]
    flaps, flap_bores = ears()
    cuts: tuple[Shape, ...] = (*glands, usb_window(), *(hole for hole, _ in clips), *flap_bores)
    holes = carrier.holes(CARRIAGE_BOARD, BOARD_AT_MM)
    tray = shell.tray(
        "carriage-tray",
        ROOM,
        ribs=tuple(flaps),
        pillars=shell.pillars("board", holes, PILLAR_MM, 8.0, PRINTING.insert_bore_mm),
        cuts=cuts,
    )
    board = carrier.room(CARRIAGE_BOARD, BOARD_AT_MM, W + PILLAR_MM)
    bought = (*board, *(nut for _, row in rows for nut in row), *(head for _, head in clips))
    return Case("carriage", ROOM, (tray, shell.lid("carriage-lid", ROOM)), bought, cuts)
