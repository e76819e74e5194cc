"""Shelves read as the mast trolley sees them: what is misplaced is found, and nothing is said that is not so.

Each case draws a section with its own light, wear and misplacements, reads it with the shipped networks and holds it
against a real store. A case is violated where anything was said with certainty that is wrong. Counted: how many of the
planted misplacements were found (told with the place where they belong, or unread and pointed out because what belongs
there stands elsewhere or nothing does), what was said of other slots that is not so, and how many could not be read.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from functools import lru_cache, partial
from pathlib import Path
from random import Random

from edge.clock import SystemClock
from edge.domain.bays import Finding
from edge.domain.block import Column, Layout
from edge.store import box_places
from edge.store.catalogue import Catalogue
from edge.store.database import Database
from edge.vision.pictures import frame
from edge.vision.reader import Reader
from edge.vision.shelf import read_section
from edge.workflows import read_bay
from models.scenes import spines
from tests.lots import drawn_from
from tests.proofs.campaign import Campaign, Violated

BAY = "B1-A-01-R-01"
POSITIONS = 18
AWAY = 8  # boxes of another bay, from which strays come
WEAR = {"none": 920, "scuffed": 50, "torn": 22, "foreign": 3, "bare": 5}
Place = tuple[int, int]


@lru_cache(maxsize=1)
def reader() -> Reader:
    return Reader()


def case(dice: Random) -> Counter[str]:
    levels, light = dice.choice((2, 4, 6)), dice.choice(sorted(spines.LIGHTS))
    with tempfile.TemporaryDirectory() as folder, drawn_from(dice), _store(Path(folder)) as database:
        slots, homes, strays = _fill(database, levels, dice)
        stands = dict(homes)
        planted = _misplace(stands, strays, slots, dice)
        section = spines.Section(slots, stands, levels, frozenset(_torn_slots(slots, dice)))
        jpegs = spines.pictures(section, spines.LIGHTS[light], dice)
        places = {label: place for place, label in slots.items()}
        expected = {place: spine.label for place, spine in homes.items()}
        seen = read_section([partial(frame, jpeg) for jpeg in jpegs], places, expected, reader())
        told = read_bay.held_against(
            database,
            BAY,
            [
                {
                    "slot": _code((one.level, one.position)),
                    "state": one.state,
                    "codes": list(one.codes),
                    "lines": [[line.text, line.weakest, line.agreed] for line in one.lines],
                    "between": _code((one.level, one.between)) if one.between else "",
                }
                for one in seen.slots
            ],
        )
    return _counted({finding.slot: finding for finding in told}, stands, homes, planted, light)


def _store(folder: Path) -> Database:
    return Database.open(folder / "storeroom.db", bytes(32), clock=SystemClock(), node_id="proof", create=True)


def _fill(
    database: Database, levels: int, dice: Random
) -> tuple[dict[Place, str], dict[Place, spines.Spine], list[spines.Spine]]:
    """A bay in which nine of ten slots are filled, and a few boxes of the bay beside it."""
    layout = Layout("B1-A", 9000, (Column(1, 450, True, None), Column(2, 700, False, 2)), 900, 50, 2, levels, POSITIONS)
    catalogue = Catalogue(database)
    places = [(level, position) for level in range(1, levels + 1) for position in range(1, POSITIONS + 1)]
    filled = [place for place in places if dice.random() < 0.9]
    numbers = dice.sample(range(1, 2500), len(filled) + AWAY)
    homes: dict[Place, spines.Spine] = {}
    strays: list[spines.Spine] = []

    def fill(change) -> None:  # type: ignore[no-untyped-def]
        box_places.make_slots(change, layout, "proof")
        catalogue.add_fonds(change, "J019", "市档案馆", "proof")
        for at, number in enumerate(numbers):
            box = catalogue.add_box(change, fonds_no="J019", box_no=f"{number:04d}", actor="proof")
            spine = spines.Spine(
                box.label,
                "J019",
                box.box_no,
                dice.randint(1985, 2024),
                wear=dice.choices(list(WEAR), list(WEAR.values()))[0],
                width_mm=dice.choice((50, 50, 50, 40, 30)),
            )
            if at < len(filled):
                homes[filled[at]] = spine
                box_places.place_box(change, box.id, _code(filled[at]), "proof", "first_place")
            else:
                away = f"B1-A-01-R-02-1-{at - len(filled) + 1:02d}"
                box_places.place_box(change, box.id, away, "proof", "first_place")
                strays.append(spine)

    database.write(fill)
    return {place: catalogue.slot_label(_code(place)) or "" for place in places}, homes, strays


def _misplace(
    stands: dict[Place, spines.Spine], strays: list[spines.Spine], slots: dict[Place, str], dice: Random
) -> dict[Place, str]:
    """Pairs that changed places, boxes of the next bay, boxes moved to an empty slot, boxes gone. Place → how."""
    how: dict[Place, str] = {}
    free = sorted(set(slots) - set(stands))
    whole = dice.sample(sorted(stands), 7 if len(slots) > 40 else 3)
    for one, other in zip(whole[0:4:2], whole[1:4:2], strict=False):
        stands[one], stands[other] = stands[other], stands[one]
        how[one] = how[other] = "swapped"
    for place in whole[4:6]:
        stands[place] = strays.pop()
        how[place] = "stray"
    if free and len(whole) > 6:
        stands[free[0]] = stands.pop(whole[6])
        how[free[0]] = "moved"
    gone = dice.choice(sorted(set(stands) - set(how)))
    stands.pop(gone)
    return how


def _torn_slots(slots: dict[Place, str], dice: Random) -> list[Place]:
    return [place for place in sorted(slots) if dice.random() < 0.03]


def _counted(
    told: dict[str, Finding],
    stands: dict[Place, spines.Spine],
    homes: dict[Place, spines.Spine],
    planted: dict[Place, str],
    light: str,
) -> Counter[str]:
    counts: Counter[str] = Counter({"spines": len(stands), "planted": len(planted), f"sections, {light}": 1})
    home_of = {spine.label: _code(place) for place, spine in homes.items()}
    for slot, finding in told.items():
        level, position = map(int, slot.split("-")[-2:])
        spine = stands.get((level, position))
        label = spine.label if spine else ""
        truth = "empty" if spine is None else "right" if home_of.get(label) == slot else "misplaced"
        if truth == "empty" and (level, position) in homes:
            truth = "missing"
        named = finding.box.label if finding.box and finding.status in ("right", "misplaced") else ""
        if named and named != label:
            raise Violated(f"{slot}: {finding.status} {finding.box}, there stands {spine}", [light])
        if finding.status == "misplaced" and truth == "misplaced":
            if finding.belongs != home_of.get(label, finding.belongs):
                raise Violated(f"{slot}: belongs {finding.belongs}", [light])
            counts["found, told where it belongs"] += 1
        elif finding.status == "unread":
            pointed_out = finding.why in ("not_what_belongs", "nothing_belongs")
            if truth == "misplaced":
                counts["found, pointed out unread" if pointed_out else "planted, unread"] += 1
            else:
                counts["false alarms" if pointed_out else "unread"] += 1
        elif finding.status != truth:
            counts["false alarms"] += 1
            counts[f"{truth} told as {finding.status}"] += 1
        elif truth == "missing":
            counts["missing found"] += 1
    return counts


def _code(place: Place) -> str:
    return f"{BAY}-{place[0]}-{place[1]:02d}"


CAMPAIGN = Campaign(
    "shelves",
    (
        "edge/vision/shelf*.py",
        "edge/vision/network.py",
        *(
            f"edge/vision/{name}.py"
            for name in ("codes", "crop", "detect", "network", "reader", "recognise", "regions")
        ),
        "edge/domain/bays.py",
        "edge/domain/label_check.py",
        "edge/domain/printed.py",
        "edge/workflows/read_bay.py",
        "models/manifest.toml",
        "models/scenes/fonts.py",
        "models/scenes/spines.py",
    ),
    case,
)
