"""What the networks make of drawn scenes: to be run after a conversion, a calibration or with another pair of networks.

    python -m models.evaluate [--crops 200] [--labels 20] [--threads 2]
    python -m models.evaluate --samples FOLDER

The second reads what people corrected in their own storeroom (``storeroom samples FOLDER``), beside what was read there
then. Fixed seeds. How the reader compares with others is measured by tests/benchmarks/reading.py.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image

from edge.errors import StoreroomError
from edge.vision.pictures import frame
from edge.vision.reader import Reader
from edge.vision.recognise import Cascade, Recogniser
from models.scenes.fonts import FONTS
from models.scenes.labels import LEVELS, labels
from models.scenes.numbers import DAMAGES, KINDS, crop
from models.scoring import errors, plain

Lines = Sequence[str]
Read = Callable[[Image.Image], Lines]
ROW = "{:20} {:9} {:>5} {:>12} {:>8} {:>9}"


def main(argv: Sequence[str] | None = None) -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--crops", type=int, default=200, help="number crops of each damage (default %(default)s)")
    asked.add_argument("--labels", type=int, default=20, help="labels of each level (default %(default)s)")
    asked.add_argument("--threads", type=int, default=2)
    asked.add_argument("--samples", type=Path, help="a folder that `storeroom samples` wrote, instead of drawn scenes")
    options = asked.parse_args(argv)
    if options.samples:
        return _of_samples(options.samples, options.threads)
    if not FONTS:
        print("the Noto CJK fonts are not installed: sudo apt install fonts-noto-cjk", file=sys.stderr)
        return 1
    print(ROW.format("read by", "damage", "n", "chars wrong", "exact", "ms each"))
    for damage in DAMAGES:
        dice = random.Random(f"evaluate/{damage}")
        drawn = [crop(dice, dice.choice(KINDS), damage) for _ in range(options.crops)]
        crops = [([one.text], one.picture) for one in drawn]
        for name, read in _of_crops(options.threads).items():
            print(_row(f"{name}, a number", damage, crops, read))
    reader = Reader(options.threads)
    for level in LEVELS:
        pictures = [(one.lines, frame(one.jpeg)) for one in labels(options.labels, level)]
        print(_row("reader, a label", level, pictures, lambda picture: [one.text for one in reader.read(picture)]))
    return 0


def _of_samples(folder: Path, threads: int) -> int:
    try:
        rows = [json.loads(row) for row in (folder / "lines.jsonl").read_text("utf-8").splitlines()]
        lines = [(row, frame((folder / row["image"]).read_bytes())) for row in rows]
    except OSError as error:
        print(f"{error.filename}: {error.strerror}; `storeroom samples FOLDER` writes such a folder", file=sys.stderr)
        return 1
    except (ValueError, KeyError, StoreroomError) as error:
        print(f"{folder}: {error!r}; `storeroom samples FOLDER` writes it anew", file=sys.stderr)
        return 1
    if not rows:
        print(f"{folder}: no lines; people correct some first", file=sys.stderr)
        return 1
    print(ROW.format("read by", "by whom", "n", "chars wrong", "exact", "ms each"))
    for state in sorted({row["state"] for row in rows}):
        chosen = [(row, picture) for row, picture in lines if row["state"] == state]
        drawn = [([row["text"]], picture) for row, picture in chosen]
        print(_told("at the time", state, [([row["text"]], [row["read_text"]]) for row, _ in chosen], 0.0))
        for name, read in _of_crops(threads).items():
            print(_row(name, state, drawn, read))
    return 0


def _of_crops(threads: int) -> dict[str, Read]:
    tiny, small, cascade = Recogniser("tiny", threads), Recogniser("small", threads), Cascade(threads)
    return {
        "tiny": lambda picture: [tiny.read(picture).text],
        "small": lambda picture: [small.read(picture).text],
        "both": lambda picture: [cascade.settle(picture, cascade.quick(picture), False).line.text],
    }


def _row(name: str, damage: str, drawn: Sequence[tuple[Lines, Image.Image]], read: Read) -> str:
    read(drawn[0][1])  # loads what it needs
    began = time.perf_counter()
    told = [(truth, read(picture)) for truth, picture in drawn]
    return _told(name, damage, told, (time.perf_counter() - began) / len(drawn) * 1000)


def _told(name: str, damage: str, told: Sequence[tuple[Lines, Lines]], each_ms: float) -> str:
    wrong = [errors(truth, lines) for truth, lines in told]
    rate = 100 * sum(wrong) / sum(len(plain("".join(truth))) for truth, _ in told)
    exact = 100 * wrong.count(0) / len(wrong)
    return ROW.format(name, damage, len(told), f"{rate:.2f} %", f"{exact:.1f} %", f"{each_ms:.1f}")


if __name__ == "__main__":
    sys.exit(main())
