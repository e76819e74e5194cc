"""The counter camera's far side: a Unix socket that hands out JPEG frames of what is held to the lens.

The label is drawn as the label printer draws it (QR of the box's code, number, fonds), put on a box spine, tilted a
little, shaded and given sensor noise, so that the node's reader has real work to do.
"""

from __future__ import annotations

import contextlib
import io
import random
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import zxingcpp
from PIL import Image, ImageDraw, ImageFilter, ImageFont

WIDTH, HEIGHT = 1280, 720
FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
)


@dataclass(frozen=True)
class Held:
    """What is in front of the lens. ``spoiled``: torn or smeared beyond reading, print and all.

    ``code_torn``: only the code is; ``turned_away``: no label in view.
    """

    label: str
    number: str
    fonds: str
    spoiled: bool = False
    turned_away: bool = False
    code_torn: bool = False


def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for path in FONTS:
        if Path(path).exists():
            return ImageFont.truetype(path, size)
    return ImageFont.load_default(size)


def draw_label(held: Held) -> Image.Image:
    """The printed spine label, 420 × 560 px."""
    paper = Image.new("RGB", (420, 560), (250, 248, 240))
    draw = ImageDraw.Draw(paper)
    draw.rectangle((4, 4, 415, 555), outline=(40, 40, 40), width=3)
    code = zxingcpp.create_barcode(held.label, zxingcpp.BarcodeFormat.QRCode)
    qr = Image.fromarray(zxingcpp.write_barcode_to_image(code, scale=9)).convert("RGB")
    paper.paste(qr.resize((330, 330), Image.Resampling.NEAREST), (45, 30))
    draw.text((30, 385), held.fonds, font=font(40), fill=(20, 20, 20))
    draw.text((30, 450), held.number, font=font(60), fill=(20, 20, 20))
    if held.spoiled or held.code_torn:
        draw.rectangle((60, 60, 360, 330), fill=(210, 190, 160))
        draw.line((60, 60, 360, 330), fill=(120, 100, 80), width=30)
    if held.spoiled:
        draw.rectangle((20, 385, 400, 530), fill=(210, 190, 160))
    return paper


def frame(held: Held | None, seed: int) -> Image.Image:
    """What the lens sees: the counter, and the box held to it."""
    dice = random.Random(seed)
    picture = Image.new("RGB", (WIDTH, HEIGHT), (96, 92, 86))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 560, WIDTH, HEIGHT), fill=(122, 104, 82))
    if held is not None:
        x, y = dice.randint(380, 460), dice.randint(20, 60)
        draw.rectangle((x - 40, y - 10, x + 500, HEIGHT), fill=(74, 88, 104))
        if not held.turned_away:
            label = draw_label(held).rotate(dice.uniform(-6, 6), expand=True, fillcolor=(74, 88, 104))
            picture.paste(label, (x, y + 20))
    picture = picture.filter(ImageFilter.GaussianBlur(0.8))
    noise = Image.effect_noise((WIDTH, HEIGHT), 14).convert("RGB")
    return Image.blend(picture, noise, 0.07)


class CounterCamera:
    """Answers ``still\\n`` with a 4-byte big-endian length and a JPEG. ``subject()`` says what is held to the lens."""

    def __init__(self, path: Path, subject: Callable[[], Held | None]) -> None:
        path.unlink(missing_ok=True)
        self._subject = subject
        self._shots = 0
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(path))
        self._server.listen()
        self.frozen = False
        threading.Thread(target=self._accept, name="counter-camera", daemon=True).start()

    def still(self) -> bytes:
        self._shots += 1
        out = io.BytesIO()
        frame(self._subject(), self._shots).save(out, "JPEG", quality=82)
        return out.getvalue()

    def close(self) -> None:
        self._server.close()

    def _accept(self) -> None:
        while True:
            try:
                link, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(link,), daemon=True).start()

    def _serve(self, link: socket.socket) -> None:
        with contextlib.suppress(OSError), link, link.makefile("rb") as asked:  # whoever asked may be gone
            for line in asked:
                if line == b"still\n" and not self.frozen:
                    jpeg = self.still()
                    link.sendall(struct.pack(">I", len(jpeg)) + jpeg)
