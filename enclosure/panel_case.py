"""The node behind its touch display, on the wall: Raspberry Pi in the tray, display hanging from the bezel.

Every plug of the Pi lies inside: nobody who passes by puts a stick into a node. Leads leave downwards through glands,
a camera's flat lead through its slot; air comes in below and leaves at the sides, nothing opens upwards.
"""

from __future__ import annotations

from enclosure import shell
from enclosure.params import CAMERA_LEAD, DISPLAY, MOUNTING, PI, PRINTING
from enclosure.shapes import Block, Case, Pillar, Rod, Shape

INSIDE_MM = (208.0, 164.0, 48.0)
PI_AT_MM = (23.0, 60.0)
PI_PILLAR_MM = 6.0
DISPLAY_BELOW_MM = 34.0  # bezel under the display: room for glands and bends
GLAND_Z_MM = 24.0
GLANDS = ((120.0, "M16", "5 V supply"), (147.0, "M16", "door, sounder"), (181.0, "M25", "Ethernet, USB"))
KEYHOLES_X_MM = 60.0  # to each side of the middle
KEYHOLES_Y_MM = 140.0

ROOM = shell.cavity(*INSIDE_MM)
MIDDLE_X_MM = ROOM.middle_mm[0]
W = PRINTING.wall_mm


def pi_holes() -> list[tuple[float, float]]:
    x, y = PI_AT_MM
    wide, tall = PI.hole_pitch_mm
    inset = PI.hole_inset_mm
    return [(x + inset + dx, y + inset + dy) for dx in (0, wide) for dy in (0, tall)]


def pi_room() -> list[Block]:
    x, y = PI_AT_MM
    under = W + PI_PILLAR_MM
    top = under + PI.board_mm
    wide, tall = PI.width_mm, PI.height_mm
    inset = PI.tails_inset_mm
    return [
        Block("Pi", (x, y, under), (wide, tall, PI.board_mm)),
        Block("Pi parts", (x, y, top), (wide + PI.jacks_over_edge_mm, tall, PI.tallest_mm)),
        Block("Pi solder tails", (x, y + inset, under - PI.tails_mm), (wide, tall - 2 * inset, PI.tails_mm)),
        Block("USB and Ethernet plugs", (x + wide + PI.jacks_over_edge_mm, y, top), (PI.plugs_end_mm, tall, 17.0)),
        Block("power and HDMI plugs", (x, y - PI.plugs_side_mm, top), (60.0, PI.plugs_side_mm, PI.plugs_side_tall_mm)),
        Block("microSD", (x - PI.card_mm, y + 20, under - 2.0), (PI.card_mm, 16.0, 2.0)),
    ]


def display_corner() -> tuple[float, float]:
    return MIDDLE_X_MM - DISPLAY.width_mm / 2, W + DISPLAY_BELOW_MM


def display_middle() -> tuple[float, float]:
    return MIDDLE_X_MM, display_corner()[1] + DISPLAY.height_mm / 2


def display_holes() -> list[tuple[float, float]]:
    x, y = display_middle()
    wide, tall = DISPLAY.hole_pitch_mm
    return [(x + sx * wide / 2, y + sy * tall / 2) for sx in (-1, 1) for sy in (-1, 1)]


def centred(name: str, size_mm: tuple[float, float], z_mm: float, depth_mm: float) -> Block:
    x, y = display_middle()
    wide, tall = size_mm
    return Block(name, (x - wide / 2, y - tall / 2, z_mm), (wide, tall, depth_mm))


def display_room() -> list[Block]:
    front = ROOM.end_mm[2]
    board = front - DISPLAY.ear_behind_glass_mm - DISPLAY.board_mm
    wide, tall, deep = DISPLAY.parts_mm
    x, y = display_corner()
    plug_wide, plug_tall, plug_deep = DISPLAY.plug_mm
    return [
        centred("display glass", DISPLAY.glass_mm, front - DISPLAY.ear_behind_glass_mm, DISPLAY.ear_behind_glass_mm),
        centred("display board", (DISPLAY.width_mm, DISPLAY.height_mm), board, DISPLAY.board_mm),
        centred("display parts", (wide, tall), board - deep, deep),
        Block("display plugs", (x - plug_wide, y + 40, board - 8.0), (plug_wide, plug_tall, plug_deep)),
    ]


def vents() -> list[Shape]:
    below = [
        Block("vent", (x, -1.0, 12.0), (2.5, shell.THROUGH_MM, 22.0)) for x in (16, 22, 28, 34, 40, 46, 52, 92, 98)
    ]
    sides = [
        Block("vent", (x, 88.0 + 6 * no, 12.0), (shell.THROUGH_MM, 2.5, 22.0))
        for x in (-1.0, ROOM.end_mm[0] - 1.0)
        for no in range(11)
    ]
    return [*below, *sides]


def camera_slot() -> Block:
    wide, deep = CAMERA_LEAD.slot_mm
    at = PI_AT_MM[0] + PI.camera_x_mm
    return Block("camera lead", (at - wide / 2, -1.0, 22.0), (wide, shell.THROUGH_MM, deep))


def window() -> Block:
    wide, tall = (mm + 2 * PRINTING.clearance_mm for mm in DISPLAY.active_mm)
    return centred("display window", (wide, tall), ROOM.end_mm[2] - 1.0, shell.THROUGH_MM)


def case() -> Case:
    keys = [shell.keyhole(MIDDLE_X_MM + side * KEYHOLES_X_MM, KEYHOLES_Y_MM) for side in (-1, 1)]
    middle_y = ROOM.middle_mm[1]
    half = MOUNTING.vesa_mm / 2
    vesa = [shell.m4_in_back(MIDDLE_X_MM + sx * half, middle_y + sy * half) for sx in (-1, 1) for sy in (-1, 1)]
    glands = [shell.gland(name, ROOM, "bottom", x, GLAND_Z_MM, thread) for x, thread, name in GLANDS]
    air = vents()
    mounts: list[Shape] = [cut for cuts, _ in keys for cut in cuts]
    mounts += [hole for hole, _ in vesa]
    leads: list[Rod | Block] = [*(hole for hole, _ in glands), camera_slot()]
    hangers = tuple(
        Pillar("display ear", (x, y, ROOM.end_mm[2]), -DISPLAY.ear_behind_glass_mm, *DISPLAY.ear_pillar_mm)
        for x, y in display_holes()
    )
    tray = shell.tray(
        "panel-tray",
        ROOM,
        pillars=shell.pillars("Pi", pi_holes(), PI_PILLAR_MM, 8.0, PRINTING.small_insert_bore_mm),
        cuts=(*mounts, *leads, *air),
    )
    bezel = shell.lid("panel-bezel", ROOM, pillars=hangers, cuts=(window(),))
    heads = [head for _, head in keys] + [head for _, head in vesa]
    bought = (*pi_room(), *display_room(), *heads, *(nut for _, nut in glands))
    return Case("panel", ROOM, (tray, bezel), bought, (window(), *leads, *air, *mounts))
