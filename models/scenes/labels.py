"""Box labels as photographs, drawn from a fixed seed: what is printed on each is known, so errors can be counted.

Three levels: ``scan`` (flat, sharp), ``camera`` (tilt, slight blur, noise, JPEG 80), ``hard`` (more of all, smaller,
dim, JPEG 60).
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont

from models.scenes.fonts import FONTS, SIMPLIFIED

LEVELS = ("scan", "camera", "hard")
SIZE = (1280, 720)
_BUREAUS = ("住房和城乡建设局", "财政局档案室", "港务集团有限公司", "人民法院", "自然资源局", "教育委员会")
_CATEGORIES = ("WS", "KJ", "KU", "ZP", "JJ")
_PERIODS = ("永久", "30年", "10年")


@dataclass(frozen=True)
class Drawn:
    jpeg: bytes
    lines: tuple[str, ...]
    number: str
    level: str


def labels(count: int, level: str, seed: int = 4, first: int = 0) -> Iterator[Drawn]:
    """``count`` pictures from the ``first`` on; without the Noto CJK fonts none."""
    for index in range(first, first + count if FONTS else first):
        yield _draw(random.Random(f"{seed}/{level}/{index}"), level)


def _draw(dice: random.Random, level: str) -> Drawn:
    fonds = f"{dice.choice('ACJQXZ')}{dice.randint(1, 299):03d}"
    year, period = dice.randint(1985, 2024), dice.choice(_PERIODS)
    code = {"永久": "Y", "30年": "D30", "10年": "D10"}[period]
    number = f"{fonds}-{dice.choice(_CATEGORIES)}·{year}-{code}-BGS-{dice.randint(1, 9999):04d}"
    lines = (
        f"全宗号 {fonds} 临江市{dice.choice(_BUREAUS)}",
        number,
        f"年度 {year} 保管期限 {period}",
        f"盒号 {dice.randint(1, 1500):04d} 件数 {dice.randint(3, 60)}",
        f"B{dice.randint(1, 3)}-A-{dice.randint(1, 12):02d}-{dice.choice('LR')}-{dice.randint(1, 6):02d}-"
        f"{dice.randint(1, 6)}-{dice.randint(1, 18):02d}",
    )
    paper = Image.new("RGB", (900, 560), tuple(dice.randint(228, 250) for _ in range(3)))
    draw = ImageDraw.Draw(paper)
    font = str(dice.choice(FONTS))
    for row, text in enumerate(lines):
        face = ImageFont.truetype(font, dice.randint(30, 44), index=SIMPLIFIED)
        draw.text((40, 40 + 98 * row), text, font=face, fill=(dice.randint(15, 60),) * 3)
    return Drawn(_photograph(paper, level, dice), lines, number, level)


def _photograph(paper: Image.Image, level: str, dice: random.Random) -> bytes:
    if level == "scan":
        return _jpeg(paper, 92)
    tilt, widest, blur, grain, quality, light = {
        "camera": (4, 1220, (0.3, 0.8), 4, 80, (0.8, 1.0)),
        "hard": (8, 620, (1.0, 1.6), 9, 60, (0.35, 0.7)),
    }[level]
    counter = Image.new("RGB", SIZE, (104, 98, 90))
    turned = paper.rotate(dice.uniform(-tilt, tilt), Image.Resampling.BICUBIC, expand=True, fillcolor=(104, 98, 90))
    turned.thumbnail((widest, SIZE[1] - 20))
    counter.paste(turned, (dice.randint(10, SIZE[0] - turned.width - 10), (SIZE[1] - turned.height) // 2))
    counter = ImageEnhance.Brightness(counter.filter(ImageFilter.GaussianBlur(dice.uniform(*blur)))).enhance(
        dice.uniform(*light)
    )
    noise = np.random.default_rng(dice.randint(0, 2**31)).normal(0, grain, (SIZE[1], SIZE[0], 3))
    return _jpeg(Image.fromarray(np.clip(np.asarray(counter) + noise, 0, 255).astype(np.uint8)), quality)


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()
