"""People in the room: they walk into aisles through the beams, press buttons, carry boxes, and are watched over.

A person does one thing after another (a queue of timed steps, advanced in plant time). Standing in an aisle
breaks no beam (shelving-safety.md rule 5: detection is not relied on); crossing its mouth does.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

BODY_MM = 300.0
FITS_MM = 200.0  # sideways; nobody squeezes through less
REACH_MM = 600.0  # clear width that taking a box needs
CROSS_MS = 800
WALK_MS = 1500  # from the mouth to the deep end
PRESS_MS = 400
HANDLE_MS = 1000


class ActRefused(Exception):
    """A physical act that cannot be done now, for example taking a box from a closed aisle. Nothing changed."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(f"{code} {params}" if params else code)
        self.code = code
        self.params = params


@dataclass(slots=True)
class Step:
    """One thing a person does: ``begin`` at once, ``end`` after ``lasts_ms``. ``doing``: verb and place, "enter 4"."""

    doing: str
    lasts_ms: float
    begin: Callable[[], None] | None = None
    end: Callable[[], None] | None = None


@dataclass(slots=True)
class Person:
    """``aisle`` None = in front of the block. ``in_beam`` = the aisle whose mouth the person stands in.

    ``ends_in`` = the aisle in which the queued walking will end: what is queued next starts from there.
    """

    name: str
    aisle: int | None = None
    at_mm: float = 0.0  # along the rail, while in an aisle
    body_mm: float = BODY_MM  # as thick as the aisle lets the person stand
    in_beam: int | None = None
    ends_in: int | None = None
    holds: str | None = None  # label text of the box in hand
    doing: str = ""
    trouble: str = ""
    steps: deque[Step] = field(default_factory=deque)
    left_ms: float = 0.0
    _current: Step | None = None

    def queue(self, *steps: Step) -> None:
        self.steps.extend(steps)

    @property
    def busy(self) -> bool:
        return self._current is not None or bool(self.steps)

    @property
    def busy_ms(self) -> float:
        return (self.left_ms if self._current else 0.0) + sum(step.lasts_ms for step in self.steps)

    def advance(self, dt_ms: float) -> None:
        """Go on with the queue. A step that has become impossible drops the rest and is kept in ``trouble``."""
        try:
            if self._current is None and self.steps:
                self._current = self.steps.popleft()
                self.doing, self.left_ms, self.trouble = self._current.doing, self._current.lasts_ms, ""
                if self._current.begin:
                    self._current.begin()
            if self._current is not None:
                self.left_ms -= dt_ms
                if self.left_ms <= 0:
                    done, self._current, self.doing = self._current, None, ""
                    if done.end:
                        done.end()
        except ActRefused as refused:
            self.steps.clear()
            self._current, self.doing, self.trouble = None, "", refused.code
            self.ends_in = self.aisle
