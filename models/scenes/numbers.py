"""Crops of one printed number each, as a detector hands them to a recogniser; what is printed on them is known.

``mild``: what a counter camera sees of a clean label. ``hard``: small, out of focus, dim, noisy. ``worn``: ``mild``
with stains, scratches and faded ink, none of which takes a whole sign away.
"""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from models.scenes.fonts import FONTS, SIMPLIFIED

Damage = Literal["mild", "hard", "worn"]
Kind = Literal["archive number", "box number", "fonds number", "slot"]
DAMAGES: tuple[Damage, ...] = ("mild", "hard", "worn")
KINDS: tuple[Kind, ...] = ("archive number", "box number", "fonds number", "slot")
TYPE_PX = 40  # the size of type in which all of them are drawn before they are photographed


@dataclass(frozen=True)
class Crop:
    picture: Image.Image
    text: str
    kind: Kind
    damage: Damage


def crop(dice: random.Random, kind: Kind, damage: Damage) -> Crop:
    """Needs the Noto CJK fonts."""
    text = _TEXTS[kind](dice)
    return Crop(_photograph(_printed(text, dice, damage), damage, dice), text, kind, damage)


def _fonds(dice: random.Random) -> str:
    return f"{dice.choice('ABCDEFGHJKLMNPQRSTUVWXYZ')}{dice.randint(1, 299):03d}"


def _archive_number(dice: random.Random) -> str:
    fonds, year = _fonds(dice), dice.randint(1949, 2025)
    category = dice.choice(("WS", "KJ", "KU", "ZP", "JJ", "RS", "SB"))
    period, org = dice.choice(("Y", "D30", "D10")), dice.choice(("BGS", "RSC", "CWC", "DAS"))
    item, file_no, piece = f"{dice.randint(1, 9999):04d}", f"{dice.randint(1, 300):03d}", f"{dice.randint(1, 300):03d}"
    return dice.choice(
        (
            f"{fonds}-{category}·{year}-{period}-{org}-{item}",
            f"{fonds}-{category}·{year}·{period}·{org}-{item}",
            f"{fonds}-{category}·{dice.randint(1, 19):02d}·{year}-{file_no}-{piece}",
            f"{fonds}-{dice.randint(1, 300):03d}-{file_no}-{piece}",
        )
    )


def _box_number(dice: random.Random) -> str:
    number = f"{dice.randint(1, 2500):04d}"
    return dice.choice((number, f"盒号 {number}", f"盒号：{number}", f"第{int(number)}盒"))


def _fonds_number(dice: random.Random) -> str:
    return dice.choice(("{}", "全宗号 {}", "全宗号：{}")).format(_fonds(dice))


def _slot(dice: random.Random) -> str:
    return (
        f"B{dice.randint(1, 3)}-A-{dice.randint(1, 12):02d}-{dice.choice('LR')}-{dice.randint(1, 6):02d}-"
        f"{dice.randint(1, 6)}-{dice.randint(1, 18):02d}"
    )


_TEXTS = {"archive number": _archive_number, "box number": _box_number, "fonds number": _fonds_number, "slot": _slot}


@lru_cache(maxsize=8)
def _face(font: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font, TYPE_PX, index=SIMPLIFIED)


def _printed(text: str, dice: random.Random, damage: Damage) -> Image.Image:
    """Dark on light paper, with the rim that a detector leaves around it."""
    face = _face(str(dice.choice(FONTS)))
    left, top, right, bottom = face.getbbox(text)
    rim = [dice.randint(3, 12) for _ in range(4)]
    shade = dice.randint(225, 250)
    paper = Image.new(
        "RGB", (round(right - left) + rim[0] + rim[2], round(bottom - top) + rim[1] + rim[3]), (shade, shade, shade - 8)
    )
    ink = dice.randint(90, 150) if damage == "worn" and dice.random() < 0.5 else dice.randint(15, 60)
    draw = ImageDraw.Draw(paper)
    draw.text((rim[0] - left, rim[1] - top), text, font=face, fill=(ink,) * 3)
    if damage == "worn":
        _wear(draw, paper.size, dice)
    return paper


def _wear(draw: ImageDraw.ImageDraw, size: tuple[int, int], dice: random.Random) -> None:
    """Spots no wider than a stroke or two of a sign, and hair-thin scratches in paper colour and in ink."""
    width, height = size
    for _ in range(dice.randint(1, 5)):
        x, y, r = dice.uniform(0, width), dice.uniform(0, height), dice.uniform(1, 4)
        draw.ellipse((x - r, y - r * 0.8, x + r, y + r * 0.8), fill=dice.choice(((176, 150, 110), (60, 50, 40))))
    for _ in range(dice.randint(0, 2)):
        ends = [(dice.uniform(0, width), dice.uniform(0, height)) for _ in range(2)]
        draw.line(ends, fill=dice.choice(((236, 234, 228), (70, 66, 60))), width=1)


def _photograph(paper: Image.Image, damage: Damage, dice: random.Random) -> Image.Image:
    """Smaller, tilted, out of focus, dim, noisy and through JPEG."""
    high_px, blur, grain, quality, light, tilt = {
        "mild": ((26, 44), (0.2, 0.7), 4.0, 80, (0.8, 1.0), 0.8),
        "hard": ((18, 30), (0.5, 1.1), 8.0, 60, (0.35, 0.7), 1.5),
        "worn": ((24, 44), (0.3, 0.9), 5.0, 75, (0.6, 1.0), 1.0),
    }[damage]
    turned = paper.rotate(dice.uniform(-tilt, tilt), Image.Resampling.BICUBIC, fillcolor=paper.getpixel((1, 1)))
    height = dice.randint(*high_px)
    small = turned.resize((max(8, round(turned.width * height / turned.height)), height), Image.Resampling.BOX)
    small = small.filter(ImageFilter.GaussianBlur(dice.uniform(*blur)))
    noise = np.random.default_rng(dice.getrandbits(32)).normal(0, grain, (height, small.width, 3))
    seen = np.asarray(small, np.float32) * dice.uniform(*light) + noise
    out = io.BytesIO()
    Image.fromarray(np.clip(seen, 0, 255).astype(np.uint8)).save(out, "JPEG", quality=quality)
    return Image.open(io.BytesIO(out.getvalue())).convert("RGB")
