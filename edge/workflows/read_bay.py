"""What was seen in one bay, held against the index. Nothing is changed by it.

Sights and findings cross processes as JSON: the pictures are read where the networks are, the index is asked where the
store is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from edge.domain import printed
from edge.domain.bays import Finding, Sight, Unplaced, WhyUnplaced, judge
from edge.domain.label_check import Line, certain, ours
from edge.store import bays
from edge.store.database import Database
from edge.store.printed_boxes import printed_boxes


def index_of(database: Database, bay: str) -> dict[str, dict[str, str]]:
    """``slots``: slot label → slot; ``expected``: slot → label of the box that stands there by the index."""
    slots = bays.slots_of(database, bay)
    at = bays.at_slots(database, slots.values())
    return {"slots": slots, "expected": {slot: known.label for slot, known in at.items() if known.slot == slot}}


def held_against(database: Database, bay: str, seen: Sequence[dict[str, Any]]) -> list[Finding]:
    """``seen``: ``{"slot", "state", "codes", "lines": [[text, weakest, agreed]], "between"}`` of each slot."""
    at = bays.at_slots(database, bays.slots_of(database, bay).values())
    sights = [_sight(database, one) for one in seen]
    labels = {label for sight in sights for label in (*ours(sight.codes), *sight.printed.exact)}
    return judge(sights, at, bays.by_labels(database, labels))


def why_unplaced(database: Database, picture: Unplaced) -> tuple[WhyUnplaced, str]:
    """Why a picture tells nothing of the bay; with ``other_bay`` which one it shows, else ""."""
    shown = Counter(bays.of_slot_labels(database, picture.others))
    if shown:
        return "other_bay", shown.most_common(1)[0][0]
    return "blurred" if picture.blurred else "no_labels", ""


def as_json(finding: Finding) -> dict[str, Any]:
    """With the box numbers that a person looks for."""
    box, expected = finding.box, finding.expected
    return {
        **asdict(finding),
        "box": asdict(box) if box else None,
        "expected": asdict(expected) if expected else None,
    }


def _sight(database: Database, one: dict[str, Any]) -> Sight:
    lines = certain([Line(str(text), float(weakest), bool(agreed)) for text, weakest, agreed in one["lines"]])
    named = printed_boxes(database, printed.fonds_numbers(lines), printed.box_numbers(lines))
    return Sight(one["slot"], one["state"], tuple(one["codes"]), named, one["between"])
