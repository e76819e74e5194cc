"""What a shelf still holds: millimetres, grams and free places; a home counts while its box is out."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class BoxType:
    """``g_per_mm``: what a full box of it weighs for each millimetre of thickness, besides ``empty_g``."""

    code: str
    name: str
    height_mm: int
    depth_mm: int
    empty_g: int
    g_per_mm: int


@dataclass(frozen=True, slots=True)
class BoxSize:
    thickness_mm: int
    height_mm: int
    weight_g: int


@dataclass(frozen=True, slots=True)
class ShelfRoom:
    """``code``: a slot code without its position. ``boxes`` of ``places`` are taken."""

    code: str
    width_mm: int
    height_mm: int
    load_g: int
    places: int
    boxes: int
    used_mm: int
    used_g: int

    @property
    def free_mm(self) -> int:
        return self.width_mm - self.used_mm

    @property
    def free_g(self) -> int:
        return self.load_g - self.used_g

    def why_not(self, box: BoxSize) -> str:
        """shelf_no_place, shelf_too_low, shelf_too_narrow or shelf_overloaded; "" = the box has room."""
        if self.boxes >= self.places:
            return "shelf_no_place"
        if box.height_mm > self.height_mm:
            return "shelf_too_low"
        if box.thickness_mm > self.free_mm:
            return "shelf_too_narrow"
        return "shelf_overloaded" if box.weight_g > self.free_g else ""

    def with_box(self, box: BoxSize) -> ShelfRoom:
        return replace(
            self,
            boxes=self.boxes + 1,
            used_mm=self.used_mm + box.thickness_mm,
            used_g=self.used_g + box.weight_g,
        )


@dataclass(frozen=True, slots=True)
class ShelfLimits:
    """What somebody measured or decided of a shelf; None: as it was."""

    width_mm: int | None = None
    height_mm: int | None = None
    load_kg: int | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """What stands on the two faces of a carriage, in g, and how much heavier one of them may be."""

    most_g: int
    left_g: int
    right_g: int

    def leans(self, face: str, g: int) -> bool:
        """Whether so much more on this face is too much on one side; what makes a carriage straighter never is."""
        here, across = (self.left_g, self.right_g) if face == "L" else (self.right_g, self.left_g)
        return here + g - across > self.most_g

    def with_more(self, face: str, g: int) -> Balance:
        more = {"left_g": self.left_g + g} if face == "L" else {"right_g": self.right_g + g}
        return replace(self, **more)


def weight_g(of: BoxType, thickness_mm: int, weighed_g: int | None) -> int:
    return weighed_g if weighed_g is not None else of.empty_g + of.g_per_mm * thickness_mm


def shelf_of(slot: str) -> str:
    """The shelf that a slot code's place is on."""
    return slot.rpartition("-")[0]
