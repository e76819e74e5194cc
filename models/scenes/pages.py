"""Pages of files as a document camera sees them, drawn from a fixed seed: what is written on each is known.

``scan``: flat, sharp, white. ``camera``: on a dark desk, tilted, slightly blurred, noisy, JPEG 85. ``worn``: yellowed,
stained and folded besides, a smaller frame, dimmer, JPEG 70. ``glare``: ``camera`` under a lamp that burns a spot out.
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from models.scenes.fonts import FONTS, SIMPLIFIED

LEVELS = ("scan", "camera", "worn", "glare")
A4_MM = (210, 297)
FRAME_12MP = (3040, 4056)
DESK = (62, 58, 54)
_UNITS = (
    "市人民政府办公室",
    "财政局",
    "港务集团有限公司",
    "住房和城乡建设局",
    "档案馆",
    "教育委员会",
    "自然资源局",
    "人事处",
)
_ACTS = ("召开", "印发", "转发", "调整", "批准", "检查", "审计", "验收", "表彰", "拨付", "修缮", "移交", "清点")
_THINGS = (
    *("年度档案工作会议", "库房消防设施", "二〇一一年财务决算", "职工代表大会决议", "竣工图纸", "设备采购合同"),
    *("会计凭证", "退休人员名册", "防汛应急预案", "河道整治工程", "文书档案保管期限表", "密集架安装工程"),
)
_TAILS = (
    *("有关事项通知如下", "经研究同意，请认真贯彻执行", "现将结果报告如下，请审阅", "要求于本月底前完成"),
    *("共计人民币{n}元，由专项经费列支", "实有{n}卷，缺{m}卷，已登记", "责任人为{p}，联系电话{t}", "第{m}条不再执行"),
    *("温度控制在14至24摄氏度，相对湿度45%至60%", "逾期未办的，按有关规定处理"),
)
_NAMES = ("王小梅", "陈静", "李文清", "赵建国", "孙丽华", "周志强", "吴敏", "郑海涛", "欧阳雪", "黄秀英")


@dataclass(frozen=True)
class DrawnPage:
    jpeg: bytes
    lines: tuple[str, ...]
    level: str
    corners: tuple[tuple[float, float], ...]  # of the sheet in the frame; of a scan the frame's own


def pages(
    count: int, level: str, seed: int = 4, frame: tuple[int, int] = FRAME_12MP, first: int = 0
) -> Iterator[DrawnPage]:
    """``count`` pictures from the ``first`` on; without the Noto CJK fonts none."""
    for index in range(first, first + count if FONTS else first):
        dice = random.Random(f"page/{seed}/{level}/{index}")
        paper, lines = sheet(dice, worn=level == "worn")
        yield photograph(paper, lines, level, dice, frame)


def sheet(dice: random.Random, *, worn: bool = False, dpi: int = 300) -> tuple[Image.Image, tuple[str, ...]]:
    """One A4 page, and its lines from top to bottom."""
    px_mm = dpi / 25.4
    size = (round(A4_MM[0] * px_mm), round(A4_MM[1] * px_mm))
    tint = (dice.randint(222, 238), dice.randint(208, 222), dice.randint(172, 196)) if worn else (247, 246, 243)
    paper = Image.new("RGB", size, tint)
    draw = ImageDraw.Draw(paper)
    font, ink = str(dice.choice(FONTS)), (dice.randint(15, 70 if worn else 35),) * 3
    lines: list[str] = []
    y_mm = 24.0

    def put(text: str, mm: float, *, centre: bool = False, at_mm: float = 28.0, colour=ink) -> None:
        nonlocal y_mm
        face = ImageFont.truetype(font, round(mm * px_mm), index=SIMPLIFIED)
        x = (size[0] - draw.textlength(text, font=face)) / 2 if centre else at_mm * px_mm
        draw.text((x, y_mm * px_mm), text, font=face, fill=colour)
        lines.append(text)
        y_mm += mm * 1.75

    unit = "临江" + dice.choice(_UNITS)
    put(f"{unit}文件", 9.0, centre=True, colour=(190, 30, 30))
    put(f"临{dice.choice('财建人档')}字〔{dice.randint(1985, 2024)}〕{dice.randint(1, 199)}号", 4.6, centre=True)
    y_mm += 4
    put(
        f"关于{dice.choice(_ACTS)}{dice.choice(_THINGS)}的{dice.choice(('通知', '报告', '批复', '请示'))}",
        6.0,
        centre=True,
    )
    y_mm += 3
    put(f"{dice.choice(_UNITS)}：", 4.6)
    text_mm = dice.choice((4.2, 4.6, 5.0))
    per_line = int(156 / text_mm)
    while y_mm < 232:
        text = "　　" + "。".join(_sentence(dice) for _ in range(dice.randint(2, 4))) + "。"
        for start in range(0, len(text), per_line):
            put(text[start : start + per_line].strip("　"), text_mm, at_mm=28 + (2 * text_mm if not start else 0))
    y_mm = 252
    put(unit, 4.6, at_mm=120)
    put(f"{dice.randint(1985, 2024)}年{dice.randint(1, 12)}月{dice.randint(1, 28)}日", 4.6, at_mm=124)
    y_mm = 281
    put(f"— {dice.randint(1, 99)} —", 4.2, centre=True)
    if worn:
        _wear(paper, dice, px_mm)
    return paper, tuple(lines)


def _sentence(dice: random.Random) -> str:
    tail = dice.choice(_TAILS).format(
        n=dice.randint(120, 98000), m=dice.randint(1, 30), p=dice.choice(_NAMES), t=dice.randint(2300000, 8999999)
    )
    return f"为{dice.choice(_ACTS)}{dice.choice(_THINGS)}，{tail}"


def _wear(paper: Image.Image, dice: random.Random, px_mm: float) -> None:
    """Stains, a fold, and print that has faded."""
    stains = Image.new("L", (paper.width // 8, paper.height // 8), 0)
    draw = ImageDraw.Draw(stains)
    for _ in range(dice.randint(2, 5)):
        x, y, r = dice.uniform(0, stains.width), dice.uniform(0, stains.height), dice.uniform(5, 45)
        draw.ellipse((x - r, y - r * 0.7, x + r, y + r * 0.7), fill=dice.randint(20, 70))
    stains = stains.filter(ImageFilter.GaussianBlur(6)).resize(paper.size, Image.Resampling.BILINEAR)
    paper.paste(Image.new("RGB", paper.size, (150, 118, 70)), (0, 0), stains)
    fold_y = round(paper.height * dice.uniform(0.45, 0.55))
    ImageDraw.Draw(paper).line(
        (0, fold_y, paper.width, fold_y + dice.randint(-20, 20)), fill=(196, 178, 140), width=round(0.5 * px_mm)
    )


def photograph(
    paper: Image.Image,
    lines: tuple[str, ...],
    level: str,
    dice: random.Random,
    frame: tuple[int, int] = FRAME_12MP,
    *,
    blur_px: float | None = None,
    brightness: float | None = None,
) -> DrawnPage:
    """``blur_px`` and ``brightness`` where a test wants them; else drawn for the level."""
    if level == "scan":
        corners = ((0.0, 0.0), (paper.width, 0.0), (paper.width, paper.height), (0.0, paper.height))
        return DrawnPage(_jpeg(paper, 90), lines, level, tuple((float(x), float(y)) for x, y in corners))
    blur, grain, quality, light = {
        "camera": ((0.4, 1.0), 4, 85, (0.85, 1.0)),
        "worn": ((0.8, 1.5), 7, 70, (0.6, 0.8)),
        "glare": ((0.4, 1.0), 4, 85, (0.8, 0.9)),
    }[level]
    width, height = frame
    tall = height * dice.uniform(0.88, 0.93)
    wide = min(tall / 2**0.5, width * 0.93)
    tall = wide * 2**0.5
    left, top = (width - wide) / 2, (height - tall) / 2
    shift = 0.02 * wide
    square = ((left, top), (left + wide, top), (left + wide, top + tall), (left, top + tall))
    corners = tuple((x + dice.uniform(-shift, shift), y + dice.uniform(-shift, shift)) for x, y in square)
    seen = _laid(paper, corners, frame)
    factor = brightness if brightness is not None else dice.uniform(*light)
    sigma = (blur_px if blur_px is not None else dice.uniform(*blur)) * height / FRAME_12MP[1]
    seen = seen.filter(ImageFilter.GaussianBlur(sigma))
    noise = np.random.default_rng(dice.randint(0, 2**31))
    strips = []
    for start in range(0, height, 256):  # a whole frame of noise would take a gigabyte
        part = np.asarray(seen.crop((0, start, width, min(height, start + 256))), np.float32) * factor
        strips.append(np.clip(part + noise.normal(0, grain, part.shape).astype(np.float32), 0, 255).astype(np.uint8))
    shot = Image.fromarray(np.concatenate(strips))
    if level == "glare":
        _lamp(shot, dice, wide)
    return DrawnPage(_jpeg(shot, quality), lines, level, corners)


def _laid(paper: Image.Image, corners: tuple[tuple[float, float], ...], frame: tuple[int, int]) -> Image.Image:
    """The paper on the desk, seen with its corners there."""
    rows, wanted = [], []
    source = ((0, 0), (paper.width, 0), (paper.width, paper.height), (0, paper.height))
    for (u, v), (x, y) in zip(source, corners, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        wanted += [u, v]
    coefficients = np.linalg.solve(np.array(rows, float), np.array(wanted, float)).tolist()
    return paper.transform(frame, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC, fillcolor=DESK)


def _lamp(seen: Image.Image, dice: random.Random, wide: float) -> None:
    """A burnt-out spot with a soft rim."""
    spot = Image.new("L", (seen.width // 8, seen.height // 8), 0)
    x, y, r = (
        spot.width * dice.uniform(0.35, 0.65),
        spot.height * dice.uniform(0.3, 0.6),
        wide * dice.uniform(0.012, 0.022),
    )
    ImageDraw.Draw(spot).ellipse((x - r, y - r, x + r, y + r), fill=255)
    spot = spot.filter(ImageFilter.GaussianBlur(r / 4)).resize(seen.size, Image.Resampling.BILINEAR)
    seen.paste(Image.new("RGB", seen.size, "white"), (0, 0), spot)


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()
