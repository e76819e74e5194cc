"""The ladder: which steps a block owes, in order; what was proved, by whom, on which boards; resumed at any time.

A step stands as long as every board it speaks of is the one it was proved on: same chip, same
program, same configuration, and the sensor boards behind a leak rope likewise. ``forget`` takes a step back by hand: a
beam, an edge or a motor that was changed shows in no register.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from edge.domain.commissioning import Signer
from edge.store.whole_file import replace_whole
from hardware_tests.bench import Bench
from hardware_tests.commission import circuits, travel
from hardware_tests.commission.hands import Block, StepFailed

Boards = dict[str, str]
SENSORS = "sensors "


@dataclass(frozen=True)
class Step:
    """``name``: kind, and the column or aisle it speaks of. ``columns``: whose boards must still be the same.

    ``sensors``: so must the sensor boards.
    """

    name: str
    columns: tuple[int, ...]
    run: Callable[[Block, dict[str, dict[str, Any]]], dict[str, Any]]
    moves: bool = False  # a motor turns: the block is empty and two people sign
    sensors: bool = False

    @property
    def kind(self) -> str:
        return self.name.split()[0]


@dataclass
class Proved:
    """One step that stands. ``found``: what it measured; ``boards``: column or sensor board → chip, program, config."""

    utc_ms: int
    technician: Signer
    witness: Signer
    boards: Boards
    found: dict[str, Any]


@dataclass
class Progress:
    """What stands so far, in a file of its own beside the block's file; written after every step."""

    path: Path
    area: str
    serial: int = 1  # of the block's file that these steps will make
    steps: dict[str, Proved] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path, area: str) -> Progress:
        if not path.exists():
            return cls(path, area)
        raw = json.loads(path.read_text("utf-8"))
        if raw["area"] != area:
            raise StepFailed("other_block", file=str(path), area=raw["area"])
        steps = {name: proved for name, one in raw["steps"].items() if (proved := _proved(one)) is not None}
        return cls(path, area, raw["serial"], steps)

    def save(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        steps = {name: asdict(one) for name, one in self.steps.items()}
        told = {"area": self.area, "serial": self.serial, "steps": steps}
        replace_whole(self.path, json.dumps(told, ensure_ascii=False, indent=1).encode("utf-8"))


class Ladder:
    def __init__(
        self, bench: Bench, progress: Progress, *, technician: Signer, witness: Signer, utc_ms: Callable[[], int]
    ) -> None:
        self.block, self.progress = Block(bench), progress
        self._technician, self._witness, self._utc_ms = technician, witness, utc_ms

    def steps(self) -> list[Step]:
        """All of them, lowest first. Bodies come before travel: the open aisle is widest then."""
        everything = tuple(self.block.address)
        found = [
            Step("boards", everything, lambda block, _: circuits.boards(block), sensors=True),
            Step("lines", everything, lambda block, _: circuits.lines(block)),
            Step("room", everything, lambda block, _: circuits.room(block), sensors=True),
            Step("work", everything, lambda block, _: circuits.work(block)),
        ]
        found += [_of("column", no, (no,), circuits.column) for no in everything]
        for kind, prove in (("aisle", circuits.aisle), ("choose", circuits.choose)):
            found += [_of(kind, no, tuple(self.block.beside(no)), prove) for no in self.block.bench.layout.aisles]
        found += [
            Step("nudge", everything, lambda block, _: travel.nudge(block), moves=True),
            Step("ends", everything, lambda block, _: travel.ends(block)),
            Step("bodies", everything, lambda block, _: travel.bodies(block), moves=True),
        ]
        order = [column for columns, _way in travel.groups(self.block) for column in columns]
        found += [_of("travel", no, (no,), travel.travel, moves=True) for no in order]
        found += [_of("forces", no, (no,), travel.forces) for no in everything]
        return [*found, Step("limits", everything, travel.limits)]

    def boards(self) -> Boards:
        """Column, or ``sensors <address>`` → what its board says it is, now."""
        said = {}
        for column in self.block.address:
            who, image = self.block.identity(column), self.block.image(column)
            said[str(column)] = f"{who.board_id:08x} {who.firmware_version} {who.config_crc:04x} {image:08x}"
        for address in self.block.bench.sensors:
            who, image = self.block.sensors_identity(address)
            said[f"{SENSORS}{address}"] = f"{who.board_id:08x} {who.firmware_version} {image:08x}"
        return said

    def todo(self) -> list[Step]:
        boards = self.boards()
        return [step for step in self.steps() if not self._stands(step, boards)]

    def forget(self, name: str) -> None:
        """This step is owed again, and the limits that rest on it. Raises KeyError where no such step stands."""
        del self.progress.steps[name]
        self.progress.steps.pop("limits", None)
        self.progress.save()

    def climb(self, told: Callable[[Step], None]) -> None:
        """Every step that is owed, each kept as soon as it stands. Raises StepFailed at the first that does not."""
        for step in self.todo():
            told(step)
            if step.kind in ("room", "work", "column", "aisle") and self.block.faults():
                self.block.reset()
            proved = {name: one.found for name, one in self.progress.steps.items()}
            found = step.run(self.block, proved)
            boards = self.boards()
            kept = _concerned(step, boards)
            self.progress.steps[step.name] = Proved(self._utc_ms(), self._technician, self._witness, kept, found)
            self.progress.save()

    def _stands(self, step: Step, boards: Boards) -> bool:
        kept = self.progress.steps.get(step.name)
        return kept is not None and kept.boards == _concerned(step, boards)


def _concerned(step: Step, boards: Boards) -> Boards:
    columns = {str(column) for column in step.columns}
    return {of: said for of, said in boards.items() if of in columns or (step.sensors and of.startswith(SENSORS))}


def _proved(raw: dict[str, Any]) -> Proved | None:
    """None: an earlier program kept it in another shape, and it says less than is asked now: the step is owed again."""
    try:
        return Proved(**{**raw, **{who: Signer(**raw[who]) for who in ("technician", "witness")}})
    except (TypeError, KeyError):
        return None


def _of(kind: str, no: int, columns: tuple[int, ...], run: Callable[[Block, int], dict[str, Any]], moves: bool = False):
    return Step(f"{kind} {no}", columns, lambda block, _: run(block, no), moves)
