"""The sensor pod: the board above, and below it, apart from its warmth, a chamber with louvres for climate and light.

Louvres slope downwards to the outside on both sides, and the floor is open: air passes, drops and straight light do
not. The light sensor stands on tall pillars close under a window in the lid, into which an opal disc is glued.
"""

from __future__ import annotations

from enclosure import carrier, shell
from enclosure.field import CABLES
from enclosure.params import BREAKOUT, PRINTING, SENSOR_BOARD
from enclosure.shapes import Block, Case, Pillar, Rod, Shape

INSIDE_MM = (118.0, 104.0, 34.0)
CHAMBER_MM = 38.0  # height of the chamber, from the floor
BOARD_PILLAR_MM = 8.0
GLAND_Z_MM = 18.0
GLANDS_Y_MM = {"left": (78.0,), "right": (58.0, 80.0)}
CLIMATE_AT_MM = (82.0, 14.0)
CLIMATE_PILLAR_MM = 12.0  # the middle of the air's way
LIGHT_AT_MM = (32.0, 14.0)
LIGHT_PILLAR_MM = 24.0
LIGHT_WINDOW_MM = 16.0
DISC_MM = (22.0, 1.0)  # recess for the disc: diameter, depth
LOUVRES = 4
LOUVRE_MM = (3.0, 24.0)  # high, deep
LOUVRE_PITCH_MM = 7.0
LOUVRE_TILT_DEG = 35.0

ROOM = shell.cavity(*INSIDE_MM)
W = PRINTING.wall_mm
SHELF_Y_MM = W + CHAMBER_MM
BOARD_AT_MM = (ROOM.middle_mm[0] - SENSOR_BOARD.width_mm / 2, SHELF_Y_MM + PRINTING.thinnest_mm + 6.0)


def breakout_holes(at_mm: tuple[float, float]) -> list[tuple[float, float]]:
    """Two, along the upper edge."""
    x, y = at_mm
    inset = BREAKOUT.hole_inset_mm
    return [(x + dx, y + BREAKOUT.height_mm - inset) for dx in (inset, BREAKOUT.width_mm - inset)]


def breakout_room(name: str, at_mm: tuple[float, float], pillar_mm: float) -> Block:
    size = (BREAKOUT.width_mm, BREAKOUT.height_mm, BREAKOUT.board_mm + BREAKOUT.tallest_mm)
    return Block(name, (*at_mm, W + pillar_mm), size)


def shelf() -> tuple[Block, Block]:
    """Between board and chamber, and the notch in it for the sensors' leads."""
    x, _, z = ROOM.at_mm
    wide, _, deep = ROOM.size_mm
    thick = PRINTING.thinnest_mm
    rib = Block("shelf", (x, SHELF_Y_MM, z), (wide, thick, deep - PRINTING.lip_depth_mm - 1.0))
    notch = Block("leads", (ROOM.middle_mm[0] - 6, SHELF_Y_MM - 1, W + 10.0), (12.0, thick + 2, 5.0))
    return rib, notch


def louvres() -> list[Shape]:
    high, deep = LOUVRE_MM
    z = W + 4.0
    first = W + PRINTING.post_mm + 3.0
    sides = [
        Block(
            f"louvre {side}",
            (x, first + LOUVRE_PITCH_MM * no, z),
            (shell.THROUGH_MM + 2.0, high, deep),
            tilt_deg=tilt,
        )
        for side, x, tilt in (("left", -2.0, LOUVRE_TILT_DEG), ("right", ROOM.end_mm[0] - 2.0, -LOUVRE_TILT_DEG))
        for no in range(LOUVRES)
    ]
    floor = [
        Block("floor vent", (20.0 + LOUVRE_PITCH_MM * no, -1.0, z), (high, shell.THROUGH_MM, deep)) for no in range(12)
    ]
    return [*sides, *floor]


def light_window() -> tuple[Rod, Rod]:
    """The hole through the lid over the sensor, and the recess inside for the disc."""
    x, y = (at + size / 2 for at, size in zip(LIGHT_AT_MM, (BREAKOUT.width_mm, BREAKOUT.height_mm), strict=True))
    back = ROOM.end_mm[2]
    hole = Rod("light window", (x, y, back - 1.0), "z", shell.THROUGH_MM, LIGHT_WINDOW_MM)
    return hole, Rod("disc", (x, y, back - 1.0), "z", 1.0 + DISC_MM[1], DISC_MM[0])


def case() -> Case:
    places = {side: list(at) for side, at in GLANDS_Y_MM.items()}
    glands = [
        shell.gland(cable.name, ROOM, cable.side, places[cable.side].pop(0), GLAND_Z_MM, cable.gland)
        for cable in CABLES["sensors"]
    ]
    keys = [shell.keyhole(x, 76.0) for x in (W + 12.0, ROOM.end_mm[0] - 12.0)]
    rib, notch = shelf()
    holes = [hole for hole, _ in glands]
    mounts: list[Shape] = [cut for cuts, _ in keys for cut in cuts]
    board_holes = carrier.holes(SENSOR_BOARD, BOARD_AT_MM)
    pillars: tuple[Pillar, ...] = (
        *shell.pillars("board", board_holes, BOARD_PILLAR_MM, 8.0, PRINTING.small_insert_bore_mm),
        *(
            pillar
            for at, high in ((CLIMATE_AT_MM, CLIMATE_PILLAR_MM), (LIGHT_AT_MM, LIGHT_PILLAR_MM))
            for pillar in shell.pillars(
                "breakout", breakout_holes(at), high, BREAKOUT.pillar_mm, BREAKOUT.insert_bore_mm
            )
        ),
    )
    tray = shell.tray("sensor-tray", ROOM, ribs=(rib,), pillars=pillars, cuts=(*holes, *mounts, *louvres(), notch))
    window, disc = light_window()
    bought = (
        *carrier.room(SENSOR_BOARD, BOARD_AT_MM, W + BOARD_PILLAR_MM),
        breakout_room("SHT31", CLIMATE_AT_MM, CLIMATE_PILLAR_MM),
        breakout_room("BH1750", LIGHT_AT_MM, LIGHT_PILLAR_MM),
        *(nut for _, nut in glands),
        *(head for _, head in keys),
    )
    lid = shell.lid("sensor-lid", ROOM, cuts=(window, disc))
    return Case("sensors", ROOM, (tray, lid), bought, (window, *holes, *mounts, *louvres()))
