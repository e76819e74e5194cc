"""What all three cases have: a tray with corner posts, a lid with a lip, glands, keyholes, pillars under holes."""

from __future__ import annotations

from collections.abc import Iterable

from enclosure.params import GLANDS, MOUNTING, PRINTING
from enclosure.shapes import Block, Part, Pillar, Rod, Shape

P = PRINTING
THROUGH_MM = P.wall_mm + 2.0  # a cut begins a millimetre outside a wall and ends as much inside


def cavity(width_mm: float, height_mm: float, depth_mm: float) -> Block:
    return Block("cavity", (P.wall_mm,) * 3, (width_mm, height_mm, depth_mm))


def corners(room: Block) -> list[tuple[float, float]]:
    """Left lower corner of each corner post."""
    x, y, _ = room.at_mm
    right, top, _ = room.end_mm
    return [(left, low) for left in (x, right - P.post_mm) for low in (y, top - P.post_mm)]


def tray(
    name: str, room: Block, *, ribs: tuple[Shape, ...] = (), pillars: tuple[Pillar, ...] = (), cuts: tuple[Shape, ...]
) -> Part:
    """Open towards the lid: the cavity is cut a millimetre beyond it."""
    width, height, depth = room.size_mm
    outer = Block(
        "walls", (0, 0, 0), (width + 2 * P.wall_mm, height + 2 * P.wall_mm, depth + P.wall_mm), radius_mm=P.radius_mm
    )
    hollow = Block("hollow", room.at_mm, (width, height, depth + 1.0))
    posts = [Block("post", (x, y, P.wall_mm), (P.post_mm, P.post_mm, depth)) for x, y in corners(room)]
    bores = [
        Rod("insert", (x + P.post_mm / 2, y + P.post_mm / 2, room.end_mm[2] - 10.0), "z", 11.0, P.insert_bore_mm)
        for x, y in corners(room)
    ]
    return Part(name, outer, (hollow,), (*posts, *ribs), pillars, (*bores, *cuts))


def lid(name: str, room: Block, *, pillars: tuple[Pillar, ...] = (), cuts: tuple[Shape, ...] = ()) -> Part:
    """Lies on the tray; four pieces of lip between the posts keep it in place."""
    x, y, _ = room.at_mm
    width, height, _ = room.size_mm
    back = room.end_mm[2]
    plate = Block(
        "plate", (0, 0, back), (width + 2 * P.wall_mm, height + 2 * P.wall_mm, P.wall_mm), radius_mm=P.radius_mm
    )
    away, gap, low = P.post_mm + 2.0, P.lip_gap_mm, back - P.lip_depth_mm
    long, tall = width - 2 * away, height - 2 * away
    lips = [
        Block("lip", at, size)
        for at, size in (
            ((x + away, y + gap, low), (long, P.lip_mm, P.lip_depth_mm)),
            ((x + away, room.end_mm[1] - gap - P.lip_mm, low), (long, P.lip_mm, P.lip_depth_mm)),
            ((x + gap, y + away, low), (P.lip_mm, tall, P.lip_depth_mm)),
            ((room.end_mm[0] - gap - P.lip_mm, y + away, low), (P.lip_mm, tall, P.lip_depth_mm)),
        )
    ]
    screws = [
        Rod("screw", (cx + P.post_mm / 2, cy + P.post_mm / 2, back - 1.0), "z", THROUGH_MM, P.screw_bore_mm)
        for cx, cy in corners(room)
    ]
    return Part(name, plate, (), tuple(lips), pillars, (*screws, *cuts))


def pillars(
    name: str, holes: list[tuple[float, float]], height_mm: float, across_mm: float, bore_mm: float
) -> tuple[Pillar, ...]:
    """One on the tray's back under each hole of a board."""
    return tuple(Pillar(name, (x, y, P.wall_mm), height_mm, across_mm, bore_mm) for x, y in holes)


def wall_bore(name: str, room: Block, side: str, at_mm: float, z_mm: float, diameter_mm: float) -> Rod:
    """A hole through one wall; ``at_mm`` along x (bottom, top) or y (left, right)."""
    outside = {"left": -1.0, "bottom": -1.0, "right": room.end_mm[0] - 1.0, "top": room.end_mm[1] - 1.0}[side]
    if side in ("left", "right"):
        return Rod(name, (outside, at_mm, z_mm), "x", THROUGH_MM, diameter_mm)
    return Rod(name, (at_mm, outside, z_mm), "y", THROUGH_MM, diameter_mm)


def gland(name: str, room: Block, side: str, at_mm: float, z_mm: float, thread: str) -> tuple[Rod, Block]:
    """Its hole, and the room of its nut inside."""
    size = GLANDS[thread]
    hole = wall_bore(f"gland {name}", room, side, at_mm, z_mm, size.bore_mm)
    half = size.nut_mm / 2
    reach = size.reach_mm
    corner, extent = {
        "left": ((room.at_mm[0], at_mm - half), (reach, size.nut_mm)),
        "right": ((room.end_mm[0] - reach, at_mm - half), (reach, size.nut_mm)),
        "bottom": ((at_mm - half, room.at_mm[1]), (size.nut_mm, reach)),
        "top": ((at_mm - half, room.end_mm[1] - reach), (size.nut_mm, reach)),
    }[side]
    return hole, Block(f"nut {name}", (*corner, z_mm - half), (*extent, size.nut_mm))


def gland_row(room: Block, side: str, z_mm: float, glands: Iterable[tuple[str, str]]) -> tuple[list[Rod], list[Block]]:
    """(name, thread) of each, spread evenly between the corner posts of the bottom or top wall."""
    wanted = list(glands)
    free = room.size_mm[0] - 2 * P.post_mm
    space = (free - sum(GLANDS[thread].nut_mm for _, thread in wanted)) / (len(wanted) + 1)
    holes, nuts = [], []
    at = room.at_mm[0] + P.post_mm
    for name, thread in wanted:
        half = GLANDS[thread].nut_mm / 2
        at += space + half
        hole, nut = gland(name, room, side, at, z_mm, thread)
        holes.append(hole)
        nuts.append(nut)
        at += half
    return holes, nuts


def keyhole(x_mm: float, y_mm: float) -> tuple[tuple[Shape, ...], Block]:
    """The cuts through the back, head hole at (x, y) and slot upwards; and the room of the wall screw inside."""
    wide, long = MOUNTING.keyhole_slot_mm
    across = MOUNTING.keyhole_mm
    head = Rod("keyhole", (x_mm, y_mm, -1.0), "z", THROUGH_MM, across)
    slot = Block("keyhole slot", (x_mm - wide / 2, y_mm, -1.0), (wide, long, THROUGH_MM))
    room = (across, across + long, MOUNTING.keyhole_reach_mm)
    return (head, slot), Block("wall screw", (x_mm - across / 2, y_mm - across / 2, P.wall_mm), room)


def m4_in_back(x_mm: float, y_mm: float) -> tuple[Rod, Block]:
    """A hole through the back and the room of its screw's head inside."""
    across, high = MOUNTING.m4_head_mm
    hole = Rod("M4", (x_mm, y_mm, -1.0), "z", THROUGH_MM, MOUNTING.m4_bore_mm)
    return hole, Block("M4 head", (x_mm - across / 2, y_mm - across / 2, P.wall_mm), (across, across, high))
