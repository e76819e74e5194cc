"""Draw the pictures that the converted files and onnxruntime are compared on: ``draw_reference.py PICTURES.npz``.

Pictures that are in the file already are kept, so that one new network changes no other's reference.
Also the package's ``known_line.png``, which every network reads when it is loaded.
Then ``convert.py --reference PICTURES.npz`` adds what onnxruntime makes of them. Wants the Noto CJK fonts.
"""

from __future__ import annotations

import random
import sys
import tomllib
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

MODELS = Path(__file__).parent.parent
FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
LINES = (
    "Z109-WS·2011-Y-BGS-0001",
    "会计凭证 2017年第3册",
    "盒号 0012 保管期限：30年",
    "關於房屋修繕之請示報告",
    "Q077 临江（香港）航運有限公司 B1-A-03-R-02-4-07 临江市住房和城乡建设局",
)
KNOWN = "全宗号 J243 2017年"  # letters, figures and signs that both dictionaries have
PICTURES = 3


def main() -> None:
    path = Path(sys.argv[1])
    before = dict(np.load(path)) if path.exists() else {}
    drawn = {}
    for model in tomllib.loads((MODELS / "manifest.toml").read_text("utf-8"))["model"]:
        *_, height, width = model["onnx_input"]
        name = f"{Path(model['file']).stem}_pictures"
        if name in before:
            drawn[name] = before[name]
            continue
        dice, detects = random.Random(f"640/{name}"), model["kind"] == "detector"
        drawn_here = [label((width, height), dice)] if detects else [line(width, dice) for _ in range(PICTURES)]
        pictures = [np.asarray(picture)[:, :, ::-1] for picture in drawn_here]
        drawn[name] = np.stack(pictures)
    np.savez_compressed(path, **drawn)
    known().save(MODELS / "known_line.png", optimize=True)


def known() -> Image.Image:
    picture = Image.new("L", (296, 48), 236)
    ImageDraw.Draw(picture).text((6, 2), KNOWN, font=ImageFont.truetype(FONT, 30), fill=30)
    return picture


def line(width: int, dice: random.Random) -> Image.Image:
    picture = Image.new("RGB", (width, 48), (236, 230, 214))
    text = dice.choice(LINES)
    ImageDraw.Draw(picture).text((4, dice.randint(2, 6)), text, font=ImageFont.truetype(FONT, 30), fill=(30, 30, 40))
    return picture.rotate(dice.uniform(-0.6, 0.6)).filter(ImageFilter.GaussianBlur(dice.uniform(0, 1)))


def label(size: tuple[int, int], dice: random.Random) -> Image.Image:
    picture = Image.new("RGB", size, (96, 92, 86))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((50, 30, size[0] - 50, size[1] - 30), fill=(244, 240, 228))
    for row, text in enumerate(LINES[:4]):
        draw.text((80, 50 + 80 * row), text, font=ImageFont.truetype(FONT, 22 + 6 * row), fill=(30, 30, 40))
    return picture.rotate(dice.uniform(3, 5), fillcolor=(96, 92, 86)).filter(ImageFilter.GaussianBlur(0.7))


if __name__ == "__main__":
    main()
