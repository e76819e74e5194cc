"""Measures of what is bought and of how it is printed, in mm. The cases follow from these; change them here alone.

*Drawing* = its maker's published drawing. *Ours* = chosen here; the part has to keep to it. *Nominal* = as usually
sold, differing from seller to seller: lay a calliper on the bought part, correct the figure, run ``make enclosure``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Printing:
    """Ours: what a common printer with a 0.4 mm nozzle manages."""

    bed_mm: float = 220.0  # square
    wall_mm: float = 3.0
    thinnest_mm: float = 2.0
    clearance_mm: float = 0.5  # around every bought part
    radius_mm: float = 4.0  # of upright corners
    post_mm: float = 9.0  # square of the corner posts that the lid is screwed to
    insert_bore_mm: float = 4.0  # heat-set insert M3; nominal
    small_insert_bore_mm: float = 3.4  # M2.5; nominal
    screw_bore_mm: float = 3.4  # M3 passes
    lip_mm: float = 2.0  # of the lid inside the tray
    lip_depth_mm: float = 4.0
    lip_gap_mm: float = 0.3


@dataclass(frozen=True)
class Gland:
    """A cable gland: hole in the wall, round room for its nut inside and how far nut and thread reach in."""

    bore_mm: float
    nut_mm: float
    reach_mm: float


# Thread sizes by EN 60423 with half a millimetre of play; nuts nominal.
GLANDS = {
    "M12": Gland(12.5, 18.0, 9.0),
    "M16": Gland(16.5, 25.0, 10.0),
    "M25": Gland(25.5, 36.0, 11.0),  # for leads with plugs on: a split insert
}


@dataclass(frozen=True)
class RaspberryPi:
    """Model 5 or 4 B. Outline, holes: drawing (the same for both). Heights and plugs: nominal, without a HAT on top."""

    width_mm: float = 85.0
    height_mm: float = 56.0
    board_mm: float = 1.6
    hole_inset_mm: float = 3.5
    hole_pitch_mm: tuple[float, float] = (58.0, 49.0)
    hole_mm: float = 2.7
    tallest_mm: float = 17.0  # USB and Ethernet jacks, active cooler
    jacks_over_edge_mm: float = 3.0
    tails_mm: float = 2.5  # below the board, between the rows of holes
    tails_inset_mm: float = 8.0
    plugs_end_mm: float = 45.0  # USB and Ethernet plugs with their bend
    plugs_side_mm: float = 30.0  # USB-C and micro-HDMI
    plugs_side_tall_mm: float = 8.0
    card_mm: float = 3.0  # microSD beyond the left edge
    camera_x_mm: float = 50.0  # middle of the CAM/DISP sockets, from the left edge; nominal, both models are near it


@dataclass(frozen=True)
class TouchDisplay:
    """7 inch, 1024 x 600, capacitive, HDMI and USB, with four ears. Nominal throughout: measure yours first."""

    width_mm: float = 164.9
    height_mm: float = 124.3
    active_mm: tuple[float, float] = (154.2, 85.9)  # taken as the middle of the outline
    glass_mm: tuple[float, float] = (164.9, 100.0)
    hole_pitch_mm: tuple[float, float] = (156.9, 115.0)
    ear_behind_glass_mm: float = 6.5
    ear_pillar_mm: tuple[float, float] = (7.5, 3.0)  # across, bore for a self-tapping screw 3.5
    board_mm: float = 1.6
    parts_mm: tuple[float, float, float] = (150.0, 100.0, 8.0)  # behind its board
    plug_mm: tuple[float, float, float] = (18.0, 40.0, 14.0)  # angled HDMI and USB plugs at its left edge


@dataclass(frozen=True)
class CameraLead:
    """Flat lead of a Pi camera. Drawing: 16 mm wide with 15 ways (Pi 4), narrower with 22 (Pi 5)."""

    width_mm: float = 16.0
    slot_mm: tuple[float, float] = (18.0, 3.0)


@dataclass(frozen=True, kw_only=True)
class Carrier:
    """A circuit board of ours with four holes, terminals above and solder tails below."""

    width_mm: float
    height_mm: float
    hole_inset_mm: float
    tallest_mm: float
    tails_inset_mm: float
    tails_mm: float = 3.0
    board_mm: float = 1.6


@dataclass(frozen=True, kw_only=True)
class CarriageBoard(Carrier):
    """RP2350A with GPIO 0..29 brought out, on a carrier of half Eurocard size (100 x 160 mm). Ours: no layout exists
    yet, and the one that comes keeps outline, holes and the USB socket's place."""

    width_mm: float = 160.0
    height_mm: float = 100.0
    hole_inset_mm: float = 5.0
    tallest_mm: float = 20.0  # pluggable terminals 5.08, wires upright; nominal
    tails_inset_mm: float = 10.0
    usb_y_mm: float = 50.0  # middle of the USB-C socket on the left edge, mouth flush with the edge
    usb_tall_mm: float = 3.2  # of the socket above the board; its middle is half of it
    plug_mm: tuple[float, float] = (14.0, 9.0)  # USB Type-C: 12.35 x 6.5 at most for the overmould, plus play


@dataclass(frozen=True, kw_only=True)
class SensorBoard(Carrier):
    """Carrier 70 x 50 mm with an RP2350 board (Pico 2 size) across it, RS-485 driver and terminals. Ours."""

    width_mm: float = 70.0
    height_mm: float = 50.0
    hole_inset_mm: float = 4.0
    tallest_mm: float = 18.0  # Pico on sockets, terminals 5.08; nominal
    tails_inset_mm: float = 8.0


@dataclass(frozen=True)
class Breakout:
    """Small board of an SHT31 or a BH1750 with two holes along its upper edge. Nominal: every seller's differs."""

    width_mm: float = 18.0
    height_mm: float = 14.0
    board_mm: float = 1.6
    hole_inset_mm: float = 2.8
    tallest_mm: float = 3.0
    insert_bore_mm: float = 1.8  # self-tapping M2
    pillar_mm: float = 6.0


@dataclass(frozen=True)
class Mounting:
    """Drawing: VESA MIS-D 75, M4. Keyholes ours, for a pan head of 8.5 mm at most. Rail clips nominal: two holes M4."""

    vesa_mm: float = 75.0
    m4_bore_mm: float = 4.5
    m4_head_mm: tuple[float, float] = (9.0, 3.5)  # across, high
    keyhole_mm: float = 9.0
    keyhole_slot_mm: tuple[float, float] = (4.5, 10.0)  # wide, long
    keyhole_reach_mm: float = 5.0  # of the wall screw's head inside
    rail_clip_mm: float = 25.0  # between the holes of a clip for the 35 mm rail (EN 60715)


PRINTING = Printing()
PI = RaspberryPi()
DISPLAY = TouchDisplay()
CAMERA_LEAD = CameraLead()
CARRIAGE_BOARD = CarriageBoard()
SENSOR_BOARD = SensorBoard()
BREAKOUT = Breakout()
MOUNTING = Mounting()
