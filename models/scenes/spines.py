"""Sections of shelving as the lenses of the mast trolley see them; what stands where is known, so errors count.

A section is 900 mm wide, its levels 350 mm apart, level 1 at the top; a slot is 50 mm, its label hangs on the shelf
edge under it. The trolley stands 0.75 m away with three standard lenses (66°) on its mast, held upright: each sees
548 × 974 mm at 4.73 px/mm. Two shots, half a section apart, take the whole section: six pictures that overlap.

Everything is drawn from the seed that is given: boxes and their labels (four layouts), wear, glare, tilt, dim light,
blur, noise, JPEG.
"""

from __future__ import annotations

import io
import math
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import zxingcpp
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from models.scenes.fonts import FONTS, SIMPLIFIED

WIDTH_MM, PITCH_MM, LEVEL_MM, EDGE_MM, TOP_MM = 900, 50, 350, 28, 40
PX_PER_MM = 4.73
FRAME_PX = (2592, 4608)
SHOTS_MM = (250, 650)  # where the mast stands along the section
OVERLAP_MM = 130  # least overlap of two lenses above each other
BEYOND_MM = 40  # seen above and below the section
_COATS = ((164, 128, 84), (150, 112, 70), (92, 108, 128), (70, 84, 104), (128, 120, 108), (176, 160, 128))


@dataclass(frozen=True)
class Spine:
    """One box. ``wear``: ``none``, ``scuffed`` (stained), ``torn`` (code gone), ``bare`` (no label at all),
    ``foreign`` (another system's code)."""

    label: str
    fonds: str
    number: str
    year: int = 2011
    title: str = ""
    wear: str = "none"
    width_mm: int = 50


@dataclass(frozen=True)
class Light:
    """How the pictures were taken. ``tilt_deg``: the mast's; ``glare``: a lamp mirrored in foil over some labels."""

    bright: float = 0.85
    blur_px: float = 0.7
    grain: float = 4.0
    quality: int = 85
    tilt_deg: float = 0.6
    glare: float = 0.0


@dataclass(frozen=True)
class Section:
    """``slots``: (level, position) → the slot's label; ``stands``: where boxes are; ``torn_slots`` lost theirs."""

    slots: Mapping[tuple[int, int], str]
    stands: Mapping[tuple[int, int], Spine]
    levels: int = 6
    torn_slots: frozenset[tuple[int, int]] = field(default_factory=frozenset)

    @property
    def height_mm(self) -> int:
        return TOP_MM + self.levels * LEVEL_MM + EDGE_MM


LIGHTS = {
    "fair": Light(),
    "dim": Light(bright=0.4, blur_px=0.9, grain=8, quality=75, tilt_deg=1.2),
    "glare": Light(bright=0.95, blur_px=0.8, grain=5, quality=80, tilt_deg=0.9, glare=0.06),
    "soft": Light(bright=0.75, blur_px=1.2, grain=6, quality=70, tilt_deg=1.5),
}


def pictures(section: Section, light: Light, dice: random.Random) -> list[bytes]:
    """Six JPEGs, fewer where fewer lenses see the whole height: the mast's first shot from the top, its second."""
    wide_mm, high_mm = (side / PX_PER_MM for side in FRAME_PX)
    whole_mm = section.height_mm + 2 * BEYOND_MM
    lenses = max(1, math.ceil((whole_mm - OVERLAP_MM) / (high_mm - OVERLAP_MM)))
    lenses_mm = [
        section.height_mm / 2 if lenses == 1 else high_mm / 2 - BEYOND_MM + i * (whole_mm - high_mm) / (lenses - 1)
        for i in range(lenses)
    ]
    look = random.Random(dice.random())
    coats = {place: _coat(spine, look) for place, spine in sorted(section.stands.items())}
    taken = []
    for x_mm in SHOTS_MM:
        for y_mm in lenses_mm:
            left, top = x_mm - wide_mm / 2 + dice.uniform(-8, 8), y_mm - high_mm / 2 + dice.uniform(-8, 8)
            taken.append(_photograph(_draw(section, coats, left, top), light, dice))
    return taken


def _coat(spine: Spine, dice: random.Random) -> Image.Image:
    """The spine as it stands, drawn at the lens's scale, 320 mm high."""
    width, height = _px(spine.width_mm - dice.uniform(0.6, 2.0)), _px(dice.uniform(306, 318))
    box = Image.new("RGB", (width, height), dice.choice(_COATS))
    draw = ImageDraw.Draw(box)
    draw.line((0, 0, 0, height), fill=(40, 36, 30), width=2)
    draw.line((width - 2, 0, width - 2, height), fill=(60, 54, 46), width=2)
    if spine.wear == "bare":
        return box
    paper = _label(spine, dice, width - _px(5))
    paper = paper.rotate(dice.uniform(-1.5, 1.5), Image.Resampling.BICUBIC, expand=True, fillcolor=box.getpixel((5, 5)))
    box.paste(paper, ((width - paper.width) // 2, min(_px(dice.uniform(20, 80)), height - paper.height - 4)))
    return box


def _label(spine: Spine, dice: random.Random, width: int) -> Image.Image:
    """The printed label: upright, turned a quarter, in a column, or in fields."""
    layouts = ("upright", "column", "fields", "turned") if spine.width_mm >= 40 else ("upright", "column", "fields")
    layout = dice.choice(layouts)
    font = str(dice.choice(FONTS))
    ink = (dice.randint(10, 50),) * 3
    shade = dice.randint(226, 250)
    paper = Image.new("RGB", (width, _px(210 if layout in ("turned", "column") else 150)), (shade, shade, shade - 8))
    draw = ImageDraw.Draw(paper)
    draw.rectangle((2, 2, paper.width - 3, paper.height - 3), outline=(70, 70, 70), width=2)
    side = min(width - _px(4), _px(27))
    code = _code(spine.label if spine.wear != "foreign" else f"LIB{dice.randint(10**7, 10**8)}", side)
    paper.paste(code, ((width - code.width) // 2, _px(4)))
    y = _px(4) + code.height + _px(3)
    code_bottom = code.height + _px(6)
    face = lambda mm: ImageFont.truetype(font, _px(mm), index=SIMPLIFIED)  # noqa: E731
    if layout == "upright":
        for text, mm in ((f"{spine.fonds}", 7.5), (f"{spine.year}", 6), (f"盒号 {spine.number}", 7.5)):
            y = _centred(draw, text, face(min(mm, _fits(text, width))), width, y, ink)
    elif layout == "fields":
        for text, mm in (("全宗号", 5), (spine.fonds, 8), ("盒号", 5), (spine.number, 9)):
            y = _centred(draw, text, face(mm), width, y, ink)
    else:
        rest = paper.height - y - _px(3)
        line = Image.new("RGB", (rest, width - _px(6)), paper.getpixel((6, 6)))
        pen = ImageDraw.Draw(line)
        pen.text((_px(2), _px(1)), f"全宗号 {spine.fonds}  {spine.year}年", font=face(7), fill=ink)
        pen.text((_px(2), _px(14)), f"盒号 {spine.number}", font=face(11 if layout == "turned" else 8), fill=ink)
        if layout == "turned":
            paper.paste(line.rotate(-90, expand=True), (_px(3), y))
        else:
            for text in ("全", "宗", "号", spine.fonds, "盒", "号", spine.number):
                y = _centred(draw, text, face(min(8, _fits(text, width))), width, y, ink)
    if spine.wear in ("torn", "scuffed"):
        _wear(draw, spine.wear, (width, code_bottom), dice)
    return paper


def _wear(draw: ImageDraw.ImageDraw, wear: str, size: tuple[int, int], dice: random.Random) -> None:
    width, height = size
    if wear == "torn":
        draw.polygon(
            [(0, 0), (width, 0), (width, height * 0.9), (width * 0.4, height), (0, height * 0.8)], (196, 176, 140)
        )
        return
    for _ in range(3):
        x, y, r = dice.uniform(0, width), dice.uniform(0, height), dice.uniform(2, 7)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=(176, 150, 110))


def _centred(draw: ImageDraw.ImageDraw, text: str, face: ImageFont.FreeTypeFont, width: int, y: int, ink: tuple) -> int:
    left, top, right, bottom = draw.textbbox((0, 0), text, font=face)
    draw.text(((width - (right - left)) / 2 - left, y - top), text, font=face, fill=ink)
    return y + bottom - top + _px(3)


def _fits(text: str, width: int) -> float:
    """mm of type at which ``text`` takes the width."""
    units = sum(1.0 if ord(sign) > 255 else 0.58 for sign in text)
    return (width - _px(3)) / PX_PER_MM / units


@lru_cache(maxsize=4096)
def _code(text: str, side: int) -> Image.Image:
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    tiny = Image.fromarray(np.asarray(zxingcpp.write_barcode_to_image(made, scale=4)))
    return tiny.convert("RGB").resize((side, side), Image.Resampling.BOX)


def _slot_label(text: str, level: int, position: int) -> Image.Image:
    paper = Image.new("RGB", (_px(44), _px(22)), (244, 244, 238))
    paper.paste(_code(text, _px(21)), (0, 2))
    face = ImageFont.truetype(str(FONTS[0]), _px(6.5), index=SIMPLIFIED)
    ImageDraw.Draw(paper).text((_px(22), _px(6)), f"{level}-{position:02d}", font=face, fill=(20, 20, 20))
    return paper


def _draw(section: Section, coats: Mapping[tuple[int, int], Image.Image], left_mm: float, top_mm: float) -> Image.Image:
    """What a flawless lens with its corner at (left, top) would see."""
    frame = Image.new("RGB", FRAME_PX, (44, 44, 46))
    draw = ImageDraw.Draw(frame)

    def at(x_mm: float, y_mm: float) -> tuple[int, int]:
        return round((x_mm - left_mm) * PX_PER_MM), round((y_mm - top_mm) * PX_PER_MM)

    for level in range(1, section.levels + 1):
        edge_mm = TOP_MM + level * LEVEL_MM
        draw.rectangle((*at(-60, edge_mm - LEVEL_MM + EDGE_MM), *at(WIDTH_MM + 60, edge_mm)), fill=(34, 34, 36))
        draw.rectangle((*at(-60, edge_mm), *at(WIDTH_MM + 60, edge_mm + EDGE_MM)), fill=(150, 154, 156))
        for position in range(1, WIDTH_MM // PITCH_MM + 1):
            place = (level, position)
            middle_mm = (position - 0.5) * PITCH_MM
            if place in section.slots and place not in section.torn_slots:
                paper = _slot_label(section.slots[place], level, position)
                x, y = at(middle_mm, edge_mm + EDGE_MM / 2)
                frame.paste(paper, (x - paper.width // 2, y - paper.height // 2))
            if place in coats:
                coat = coats[place]
                x, y = at(middle_mm, edge_mm)
                frame.paste(coat, (x - coat.width // 2, y - coat.height))
    for post_mm in (-30, WIDTH_MM + 5):
        draw.rectangle((*at(post_mm, -100), *at(post_mm + 25, section.height_mm + 100)), fill=(168, 170, 172))
    return frame


def _photograph(flat: Image.Image, light: Light, dice: random.Random) -> bytes:
    """Tilted, out of focus, lit from one side, with the sensor's noise, as JPEG."""
    turn = math.radians(dice.uniform(-light.tilt_deg, light.tilt_deg))
    lean, yaw = dice.uniform(-6e-6, 6e-6), dice.uniform(-6e-6, 6e-6)
    cx, cy = FRAME_PX[0] / 2, FRAME_PX[1] / 2
    cos, sin = math.cos(turn), math.sin(turn)
    # output → input, about the middle; the last two lean the picture plane
    a, b, d, e = cos, -sin, sin, cos
    c, f = cx - a * cx - b * cy, cy - d * cx - e * cy
    tilted = flat.transform(
        FRAME_PX,
        Image.Transform.PERSPECTIVE,
        (a + lean * cx, b + yaw * cx, c - lean * cx * cx - yaw * cx * cy, d + lean * cy, e + yaw * cy,
         f - lean * cx * cy - yaw * cy * cy, lean, yaw),
        Image.Resampling.BILINEAR,
    )  # fmt: skip
    if light.glare:
        tilted = _with_glare(tilted, light.glare, dice)
    blurred = tilted.filter(ImageFilter.GaussianBlur(light.blur_px * dice.uniform(0.8, 1.2)))
    lit = ImageChops.multiply(blurred, _shade(light.bright, dice))
    out = io.BytesIO()
    ImageChops.add(lit, _grain(light.grain, dice), 1, -128).save(out, "JPEG", quality=light.quality)
    return out.getvalue()


def _shade(bright: float, dice: random.Random) -> Image.Image:
    """Brighter towards one corner, as a lamp in the aisle has it."""
    across, down = (
        np.linspace(dice.uniform(0.82, 1), dice.uniform(0.82, 1), 64),
        np.linspace(1, dice.uniform(0.85, 1), 64),
    )
    small = Image.fromarray((np.outer(down, across) * bright * 255).astype(np.uint8))
    return Image.merge("RGB", [small.resize(FRAME_PX, Image.Resampling.BILINEAR)] * 3)


@lru_cache(maxsize=8)
def _noise(grain: float) -> Image.Image:
    """A piece of sensor noise around 128, larger than a frame so that each frame takes another part of it."""
    made = np.random.default_rng(7).standard_normal((FRAME_PX[1] + 256, FRAME_PX[0] + 256), np.float32)
    return Image.fromarray(np.clip(128 + made * grain, 0, 255).astype(np.uint8))


def _grain(grain: float, dice: random.Random) -> Image.Image:
    left, top = dice.randrange(256), dice.randrange(256)
    return Image.merge("RGB", [_noise(grain).crop((left, top, left + FRAME_PX[0], top + FRAME_PX[1]))] * 3)


def _with_glare(picture: Image.Image, share: float, dice: random.Random) -> Image.Image:
    """Bright, soft spots over ``share`` of the labels' number."""
    spots = Image.new("L", (FRAME_PX[0] // 8, FRAME_PX[1] // 8), 0)
    draw = ImageDraw.Draw(spots)
    for _ in range(round(share * 160)):
        x, y = dice.uniform(0, spots.width), dice.uniform(0, spots.height)
        r = dice.uniform(5, 16)
        draw.ellipse((x - r, y - r * 1.6, x + r, y + r * 1.6), fill=dice.randint(150, 250))
    mask = spots.filter(ImageFilter.GaussianBlur(3)).resize(picture.size, Image.Resampling.BILINEAR)
    return Image.composite(Image.new("RGB", picture.size, (255, 255, 255)), picture, mask)


def _px(mm: float) -> int:
    return round(mm * PX_PER_MM)
