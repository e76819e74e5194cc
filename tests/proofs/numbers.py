"""Crops of printed numbers: what is read with certainty is what is printed, and mild damage loses next to nothing.

Recognition alone, with the shipped networks. A reading is certain where the product takes it for evidence
(edge/domain/label_check.py); a case is violated where such a reading names another number than was printed.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from random import Random

from edge.domain import printed
from edge.domain.label_check import Line, certain, letter_as_digit
from edge.vision.recognise import AGREED_FROM_PX, LOOK_AGAIN_FROM, Cascade
from models.scenes.numbers import DAMAGES, KINDS, Crop, Kind, crop
from tests.proofs.campaign import Campaign, Violated

EACH = 5  # crops of each kind and damage in a case


@lru_cache(maxsize=1)
def cascade() -> Cascade:
    return Cascade(threads=1)


def case(dice: Random) -> Counter[str]:
    counts: Counter[str] = Counter()
    for kind in KINDS:
        for damage in DAMAGES:
            for _ in range(EACH):
                counts += _judged(crop(dice, kind, damage))
    return counts


def _judged(one: Crop) -> Counter[str]:
    first = cascade().quick(one.picture)
    counts = Counter({"crops": 1, f"{one.kind}, {one.damage}": 1})
    if first.weakest >= LOOK_AGAIN_FROM and one.picture.height >= AGREED_FROM_PX:  # else the two cannot agree
        opinion = cascade().settle(one.picture, first, True)
        if certain([Line(opinion.line.text, opinion.line.weakest, opinion.agreed)]):
            counts["certain"] += 1
            if not _named(one.kind, opinion.line.text) <= _named(one.kind, one.text):
                raise Violated(f"{one.text!r} read as {opinion.line.text!r}", [one.kind, one.damage])
    if one.damage == "mild":
        line = cascade().settle(one.picture, first, False).line
        counts[f"{one.kind}, mild, exact"] += _named(one.kind, line.text) == _named(one.kind, one.text)
    return counts


def _named(kind: Kind, text: str) -> set[str]:
    """What the product takes from a line of this kind; archive numbers by their keys."""
    if kind == "archive number":
        return {number.key for number in printed.named([text]).archive_numbers}
    if kind == "slot":
        return set(printed.named([text]).slots)
    if kind == "box number":
        return set(printed.box_numbers([text]))
    # In a house that has every fonds, four digits name none alone (edge/store/printed_boxes.py).
    return {number for number in printed.fonds_numbers([text]) if not letter_as_digit(number)}


CAMPAIGN = Campaign(
    "numbers",
    (
        "edge/vision/recognise.py",
        "edge/vision/network.py",
        "edge/domain/archive_numbers.py",
        "edge/domain/label_check.py",
        "edge/domain/printed.py",
        "edge/domain/slot_codes.py",
        "edge/store/printed_boxes.py",
        "models/manifest.toml",
        "models/scenes/fonts.py",
        "models/scenes/numbers.py",
    ),
    case,
)
