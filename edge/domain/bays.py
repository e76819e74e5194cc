"""One bay 节 of shelving as it was seen, against the index: what stands right, what does not, and what cannot be told.

A verdict is given only where the reading is certain; everything else is *unread*, and a person looks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from edge.domain.label_check import CANNOT_TELL, Printed, ours, read_one

# empty: nothing stands there, nothing should. Away boxes are accounted for: on loan, or on their way.
Status = Literal["right", "misplaced", "missing", "unknown", "unread", "empty"]
Why = Literal[
    "",
    "index_says_out",  # it stands at home, but the index has it out
    "stands_elsewhere",  # missing here, seen in another slot
    "on_loan",
    "in_transit",
    "unreadable",
    "foreign_code",
    "several",
    "print_unclear",
    "code_and_print_differ",
    "seen_twice",
    "between_slots",
    "not_in_picture",
    "not_what_belongs",  # unread, and the box that belongs here was seen elsewhere
    "nothing_belongs",  # unread, and the index has no box here
]
Away = Literal["on_loan", "in_transit"]

NO_PRINT = Printed()


@dataclass(frozen=True, slots=True)
class Known:
    """A box as the index has it. ``slot``: where it stands, "" = out; ``away``: why, "" = it was counted missing."""

    box_id: str
    label: str
    box_no: str
    fonds_no: str
    home: str
    slot: str
    away: Away | Literal[""] = ""


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen in one slot. ``between``: code of the neighbour it may as well stand in."""

    slot: str
    state: Literal["box", "empty", "unclear", "unseen"]
    codes: tuple[str, ...] = ()
    printed: Printed = NO_PRINT
    between: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """``box``: what stands there, or what should; ``belongs``: where a misplaced one should stand, "" = not known.

    ``expected``: what the index has in this slot; ``found_at``: where that was seen instead.
    """

    slot: str
    status: Status
    why: Why = ""
    box: Known | None = None
    expected: Known | None = None
    belongs: str = ""
    found_at: str = ""


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A picture that shows no two slot labels of one level of the bay. ``picture``: its number; ``others``: slot labels
    of other bays in it.
    """

    picture: int
    others: tuple[str, ...] = ()
    blurred: bool = False


WhyUnplaced = Literal["other_bay", "blurred", "no_labels"]


def judge(sights: Sequence[Sight], at_slot: Mapping[str, Known], by_label: Mapping[str, Known]) -> list[Finding]:
    """One finding for each sight, in their order.

    ``at_slot``: slot → the box that stands there by the index, or whose empty home it is; ``by_label``: all boxes that
    may have been seen.
    """
    read = {sight.slot: _label(sight) for sight in sights}
    times: dict[str, list[str]] = {}
    for slot, (label, _) in read.items():
        if label:
            times.setdefault(label, []).append(slot)
    findings = []
    for sight in sights:
        label, why = read[sight.slot]
        if label and len(times[label]) > 1:
            label, why = "", "seen_twice"
        findings.append(_finding(sight, label, why, at_slot.get(sight.slot), by_label))
    seen = {one.box.label: one for one in findings if one.box and one.status in ("misplaced", "right")}
    return [_with_place(sight, one, seen) for sight, one in zip(sights, findings, strict=True)]


def _with_place(sight: Sight, finding: Finding, seen: Mapping[str, Finding]) -> Finding:
    """What the rest of the bay says about a slot that is empty or could not be read."""
    expected = finding.expected
    elsewhere = seen.get(expected.label) if expected else None
    if finding.status == "missing" and elsewhere:
        return replace(finding, why="stands_elsewhere", found_at=elsewhere.slot)
    if finding.status != "unread" or finding.why not in (*CANNOT_TELL, "several") or sight.state != "box":
        return finding
    if expected is None:
        return finding if sight.between else replace(finding, why="nothing_belongs")
    if elsewhere and elsewhere.status == "misplaced" and expected.label not in ours(sight.codes):
        return replace(finding, why="not_what_belongs", found_at=elsewhere.slot)
    return finding


def _label(sight: Sight) -> tuple[str, Why]:
    """The label that stands there for certain, or "" and why it cannot be told."""
    if sight.state == "unseen":
        return "", "not_in_picture"
    if sight.state == "empty":
        return "", ""
    label, why, _ = read_one(sight.codes, 0, sight.printed)
    return (label, "") if why == "match" else ("", why)  # type: ignore[return-value]  # the rest of read_one's reasons


def _finding(sight: Sight, label: str, why: Why, here: Known | None, by_label: Mapping[str, Known]) -> Finding:
    stands_here = here if here is not None and here.slot == sight.slot else None
    if not label:
        if sight.state != "empty":
            return Finding(sight.slot, "unread", why, expected=here)
        if stands_here is not None:
            return Finding(sight.slot, "missing", "", stands_here, stands_here)
        return Finding(sight.slot, "empty", here.away if here else "", None, here)
    box = by_label.get(label)
    if box is None:
        return Finding(sight.slot, "unknown", "", None, here)
    where = box.slot or box.home
    if where == sight.slot:
        return Finding(sight.slot, "right", "" if box.slot else "index_says_out", box, here)
    if sight.between:
        if where == sight.between:
            return Finding(sight.slot, "right", "between_slots", box, here)
        if _neighbours(where, sight.slot):
            return Finding(sight.slot, "unread", "between_slots", expected=here)
    return Finding(sight.slot, "misplaced", "", box, here, belongs=where)


def _neighbours(one: str, other: str) -> bool:
    """Whether two slots are on one level, at most two places apart."""
    shelf, _, at = one.rpartition("-")
    other_shelf, _, other_at = other.rpartition("-")
    return shelf == other_shelf and at.isdecimal() and abs(int(at) - int(other_at)) <= 2


def counts(findings: Sequence[Finding]) -> dict[str, int]:
    """How many of each status."""
    return {
        status: sum(one.status == status for one in findings)
        for status in ("right", "misplaced", "missing", "unknown", "unread", "empty")
    }
