"""A case as plain data: what is printed and cut, what is bought and lies inside, what must be free or solid.

Coordinates in mm: x to the right and y up as a person before the wall sees it, z from the wall towards them; the
origin is the left lower corner of the tray's back. The tests judge a case by this data, ``solids`` draws it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

AXES = "xyz"


@dataclass(frozen=True)
class Block:
    """A box from its least corner. ``radius_mm``: of upright edges; ``tilt_deg``: turned about z, in its own middle."""

    name: str
    at_mm: tuple[float, float, float]
    size_mm: tuple[float, float, float]
    radius_mm: float = 0.0
    tilt_deg: float = 0.0

    @property
    def end_mm(self) -> tuple[float, float, float]:
        x, y, z = (at + size for at, size in zip(self.at_mm, self.size_mm, strict=True))
        return x, y, z

    @property
    def middle_mm(self) -> tuple[float, float, float]:
        x, y, z = (at + size / 2 for at, size in zip(self.at_mm, self.size_mm, strict=True))
        return x, y, z

    def overlaps(self, other: Block) -> bool:
        """Touching faces do not overlap."""
        return all(
            mine < its_end - 1e-6 and its < my_end - 1e-6
            for mine, my_end, its, its_end in zip(self.at_mm, self.end_mm, other.at_mm, other.end_mm, strict=True)
        )

    def grown(self, by_mm: float) -> Block:
        x, y, z = self.at_mm
        width, height, depth = self.size_mm
        return replace(
            self,
            at_mm=(x - by_mm, y - by_mm, z - by_mm),
            size_mm=(width + 2 * by_mm, height + 2 * by_mm, depth + 2 * by_mm),
        )


@dataclass(frozen=True)
class Rod:
    """A cylinder from the middle of one end, along an axis ("x", "y" or "z")."""

    name: str
    at_mm: tuple[float, float, float]
    axis: str
    length_mm: float
    diameter_mm: float

    @property
    def hull(self) -> Block:
        along = AXES.index(self.axis)
        at = [mm if no == along else mm - self.diameter_mm / 2 for no, mm in enumerate(self.at_mm)]
        size = [self.length_mm if no == along else self.diameter_mm for no in range(3)]
        return Block(self.name, (at[0], at[1], at[2]), (size[0], size[1], size[2]))


Shape = Block | Rod


@dataclass(frozen=True)
class Pillar:
    """Carries a board: stands on ``at_mm``, ``height_mm`` towards the board (negative: hangs from the lid)."""

    name: str
    at_mm: tuple[float, float, float]
    height_mm: float
    diameter_mm: float
    bore_mm: float

    @property
    def top_mm(self) -> float:
        return self.at_mm[2] + self.height_mm

    def _rod(self, diameter_mm: float) -> Rod:
        x, y, z = self.at_mm
        return Rod(self.name, (x, y, min(z, self.top_mm)), "z", abs(self.height_mm), diameter_mm)

    @property
    def body(self) -> Rod:
        return self._rod(self.diameter_mm)

    @property
    def bore(self) -> Rod:
        return self._rod(self.bore_mm)


@dataclass(frozen=True)
class Part:
    """One print: ``outer`` less ``hollows``, plus ``ribs`` and pillars, less ``cuts`` and the pillars' bores."""

    name: str
    outer: Block
    hollows: tuple[Block, ...] = ()
    ribs: tuple[Shape, ...] = ()
    pillars: tuple[Pillar, ...] = ()
    cuts: tuple[Shape, ...] = ()


@dataclass(frozen=True)
class Case:
    """``bought``: room that nothing printed may enter; ``windows``: must be open right through."""

    name: str
    cavity: Block
    parts: tuple[Part, ...]
    bought: tuple[Block, ...]
    windows: tuple[Shape, ...]
