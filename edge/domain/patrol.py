"""A patrol 巡查: the points that a round passes, what may be found there, and what the room's own sensors add."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from edge.domain.climate import Measurand
from edge.domain.patrol_due import COVERS, KINDS, Kind
from edge.domain.protections import Limit
from edge.errors import InputRefused

What = Literal[
    "aisle",
    "door",
    "door_contact",
    "door_lock",
    "door_exit",
    "window",
    "light",
    "extinguisher",
    "dehumidifier",
    "sensor",
    "leak",
    "pest",
    "estop",
    "dust",
    "usb_seal",
    "wiring",
    "mould",
    "other",
]
WHATS: tuple[What, ...] = get_args(What)
DOOR_TESTS: tuple[What, ...] = ("door_contact", "door_lock", "door_exit")  # tried by hand, seen by the node
FINDING_KINDS = (
    "damaged",
    "not_working",
    "missing",
    "water",
    "damp",
    "pests",
    "mould",
    "fire_hazard",
    "left_on",
    "not_closed",
    "disorder",
    "not_seen",  # nobody could look at it: that is a matter for somebody too
    "other",
)
NAME_MOST = 60
WORDS_MOST = 200
POINTS_MOST = 120

# Which of the room's own readings are written beside an answer; the place is the point's own, or every one there is.
EVIDENCE: dict[str, tuple[Measurand, ...]] = {
    "sensor": ("temp_cc", "rh_cpct"),
    "dehumidifier": ("rh_cpct",),
    "leak": ("leak",),
    "light": ("lux",),
    "mould": ("temp_cc", "rh_cpct"),
}

LATE = Limit("patrol_late", "missed", "high", 0, 0, 0, 0, "alarm")  # at a kind of round
FINDING_LATE = Limit("finding_late", "overdue", "high", 0, 0, 0, 0, "alarm")
RULES = frozenset({LATE.rule, FINDING_LATE.rule})  # shown at the panel and the centre, but they threaten nobody
FINDINGS_PLACE = "findings"


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to look at. ``aisle`` with aisles only; ``place``: a sensor board's; ``name`` "": the words of what."""

    id: str
    what: What
    aisle: int | None
    place: str
    name: str
    rounds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reading of the room's own. ``value`` None: there was no good one, and ``quality`` says why."""

    place: str
    measurand: Measurand
    value: int | None
    quality: str

    def as_body(self) -> dict[str, Any]:
        told = {"place": self.place, "measurand": self.measurand, "quality": self.quality}
        return told if self.value is None else {**told, "value": self.value}


def on_round(points: Iterable[Point], kind: Kind) -> tuple[Point, ...]:
    """What a round of ``kind`` passes: its own points, and those of every round that it stands in for."""
    kinds = {kind, *COVERS.get(kind, ())}
    return tuple(point for point in points if kinds & set(point.rounds))


def default_points(aisles: Sequence[int], places: Iterable[str]) -> tuple[Point, ...]:
    """What a site begins with; it makes the list its own."""
    every: tuple[Kind, ...] = ("daily", "after_alarm")
    before: tuple[Kind, ...] = ("monthly", "before_holiday")
    found: list[tuple[What, int | None, str, tuple[Kind, ...]]] = [
        ("door", None, "", ("daily",)),
        ("window", None, "", every),
        ("light", None, "", every),
        ("extinguisher", None, "", every),
        *(("sensor", None, place, every) for place in places),
        ("dehumidifier", None, "", ("daily",)),
        ("leak", None, "", every),
        ("pest", None, "", ("daily",)),
        ("estop", None, "", ("weekly",)),
        *(("aisle", aisle, "", ("weekly", "after_alarm")) for aisle in aisles),
        ("dust", None, "", ("weekly",)),
        ("usb_seal", None, "", ("weekly", "before_holiday")),
        ("wiring", None, "", before),
        ("mould", None, "", ("monthly",)),
    ]
    return tuple(Point("", what, aisle, place, "", rounds) for what, aisle, place, rounds in found)


def door_points() -> tuple[Point, ...]:
    """Once a month, where the node watches a door."""
    return tuple(Point("", what, None, "", "", ("monthly",)) for what in DOOR_TESTS)


def checked(points: Sequence[Point], aisles: Sequence[int], places: Iterable[str]) -> tuple[Point, ...]:
    """The site's own list as it may be kept. Raises InputRefused ``patrol_point_wrong``, ``patrol_points_many``."""
    if len(points) > POINTS_MOST:
        raise InputRefused("patrol_points_many", "shorten_patrol_list", most=POINTS_MOST)
    known = {"", *places}
    for no, point in enumerate(points, 1):
        in_aisle = point.what == "aisle"
        right = (
            point.what in WHATS
            and (point.aisle in aisles if in_aisle else point.aisle is None)
            and point.place in known
            and len(point.name) <= NAME_MOST
            and (point.name.strip() or point.what != "other")
            and point.rounds
            and set(point.rounds) <= set(KINDS)
        )
        if not right:
            raise InputRefused("patrol_point_wrong", "correct_patrol_point", no=no)
    return tuple(points)


def evidence_of(point: Point, told: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Which of ``told`` belong to ``point``. A value that is not good is none."""
    wanted = EVIDENCE.get(point.what, ())
    return tuple(
        one if one.quality == "good" else Evidence(one.place, one.measurand, None, one.quality)
        for one in told
        if one.measurand in wanted and (not point.place or one.place == point.place)
    )


def finding_words(kind: str, words: str) -> str:
    """``words`` as they are kept. Raises InputRefused ``finding_kind_unknown`` or ``patrol_words``."""
    if kind not in FINDING_KINDS:
        raise InputRefused("finding_kind_unknown", "use_the_panel", kind=kind[:40])
    return said(words, needed=kind in ("not_seen", "other"))


def said(words: str, *, needed: bool) -> str:
    words = words.strip()
    if len(words) > WORDS_MOST or (needed and not words):
        raise InputRefused("patrol_words", "say_what_was_seen", most=WORDS_MOST)
    return words
