"""How long a face of six sections takes to be read from the mast trolley's pictures; drawing them is not counted."""

from __future__ import annotations

import random
import time
from functools import partial
from pathlib import Path

from edge.domain import labels
from edge.vision.pictures import frame
from edge.vision.reader import Reader
from edge.vision.shelf import read_section
from models.scenes import spines
from models.scenes.fonts import FONTS
from tests.benchmarks.figure import Figure, missed

SECTIONS, LEVELS, POSITIONS = 6, 6, 18


def measure(folder: Path, sections: int = SECTIONS, levels: int = LEVELS) -> list[Figure]:
    """``folder`` is not used: pictures stay in memory as they do in the vision process."""
    if not FONTS:
        return [missed("shelves read", "s", "the Noto CJK fonts are not installed")]
    dice = random.Random(9)
    reader = Reader(threads=2)
    reader.load()
    took_s, cpu_s, seen, pictures, right = 0.0, 0.0, 0, 0, 0
    for at in range(sections):
        slots = {
            (level, position): labels.make("S", dice.getrandbits(64))
            for level in range(1, levels + 1)
            for position in range(1, POSITIONS + 1)
        }
        stands = {
            place: spines.Spine(
                labels.make("B", dice.getrandbits(64)),
                "J019",
                f"{dice.randint(1, 2500):04d}",
                wear=dice.choices(("none", "scuffed", "torn"), (92, 5, 3))[0],
                width_mm=dice.choice((50, 50, 40, 30)),
            )
            for place in slots
        }
        light = spines.LIGHTS[sorted(spines.LIGHTS)[at % len(spines.LIGHTS)]]
        jpegs = spines.pictures(spines.Section(slots, stands, levels), light, dice)
        expected = {place: spine.label for place, spine in stands.items()}
        began, before = time.perf_counter(), time.process_time()
        section = read_section(
            [partial(frame, jpeg) for jpeg in jpegs], {label: place for place, label in slots.items()}, expected, reader
        )
        took_s, cpu_s = took_s + time.perf_counter() - began, cpu_s + time.process_time() - before
        pictures += len(jpegs)
        seen += len(stands)
        right += sum(list(one.codes) == [stands[one.level, one.position].label] for one in section.slots)
    return [
        Figure(f"a face of {sections} sections read, two threads", round(took_s, 1), "s", n=pictures),
        Figure("the same, of the processor's time", round(cpu_s, 1), "s", "cpu", pictures),
        Figure("spines told by their code alone", round(100 * right / seen, 1), "%", "count", seen),
    ]
