"""One page as the vision process hands it over: what is written on it, and measures that say what it is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Found = Literal["squared", "whole", "nothing"]  # the sheet on its ground; a scan; a camera's frame without a sheet
Quad = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class PageLine:
    """``weakest``: confidence of its least sure character, like ``confidence`` 0…1. ``quad``: in the page's pixels."""

    text: str
    confidence: float
    weakest: float
    quad: Quad


@dataclass(frozen=True, slots=True)
class Measures:
    """``short_px``, ``long_px``: the sheet's sides where the camera has fewest pixels of them. ``edge_px``: from dark
    to light across strokes, None where nothing is written. ``paper``, ``contrast``: grey levels 0…255; ``glare_pm``:
    burnt-out ‰ of the page; ``slope_cdeg``: lean of the lines in 1/100 degree; ``turned_deg``: how far clockwise it
    lay before it was turned upright, in quarters.
    """

    found: Found
    cut_off: bool
    short_px: int
    long_px: int
    edge_px: float | None
    paper: int
    contrast: int
    glare_pm: int
    slope_cdeg: int
    turned_deg: int = 0

    def as_body(self) -> dict[str, Any]:
        """Integers only, for an event."""
        edge = -1 if self.edge_px is None else round(self.edge_px * 100)
        whole = {name: getattr(self, name) for name in self.__dataclass_fields__ if name not in ("edge_px", "cut_off")}
        return {**whole, "cut_off": int(self.cut_off), "edge_cpx": edge}


@dataclass(frozen=True, slots=True)
class PageSeen:
    """``number``: which page of its file, from 1. ``jpeg``: the page squared, ``width`` × ``height`` pixels. ``stamp``:
    the six cells of its archive stamp, text and whether both networks were sure of it; none without one."""

    number: int
    jpeg: bytes
    width: int
    height: int
    lines: tuple[PageLine, ...]
    measures: Measures
    stamp: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a file says of itself: nobody vouches for it. Dates as written there, "" for what it does not say.

    ``alarming``: names of things that a record must not carry: scripts, attachments, bytes behind its end.
    ``unknown``: not all of it could be looked into.
    """

    format: str
    author: str = ""
    created: str = ""
    modified: str = ""
    made_with: str = ""
    alarming: tuple[str, ...] = ()


def page_of(said: dict[str, Any], jpeg: bytes) -> PageSeen:
    """The page in a vision process's answer."""
    lines = tuple(
        PageLine(line["text"], line["confidence"], line["weakest"], tuple((x, y) for x, y in line["quad"]))
        for line in said["lines"]
    )
    stamp = tuple((text, certain) for text, certain in said["stamp"])
    return PageSeen(said["number"], jpeg, said["width"], said["height"], lines, Measures(**said["measures"]), stamp)


def facts_of(said: dict[str, Any]) -> FileFacts:
    return FileFacts(**{**said, "alarming": tuple(said["alarming"])})
