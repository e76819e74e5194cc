"""Plans and snapshots of the block as JSON objects, between the node and the motion process."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from edge.domain.block import Aisle, BlockState, CarriageMove, CarriageReport, Loss, MovePlan, MoveReport, SensorReport


def state_to_json(state: BlockState) -> dict[str, Any]:
    return asdict(state)


def state_from_json(raw: dict[str, Any]) -> BlockState:
    """Raises KeyError or TypeError when the other side speaks another version."""
    move = raw["move"]
    return BlockState(
        **{
            **raw,
            "carriages": tuple(_carriage(one) for one in raw["carriages"]),
            "sensors": tuple(SensorReport(**one) for one in raw["sensors"]),
            "aisles": tuple(Aisle(**one) for one in raw["aisles"]),
            "move": MoveReport(**{**move, "columns": tuple(move["columns"])}) if move else None,
            "notes": tuple(raw["notes"]),
            "loss": _loss(raw["loss"]) if raw["loss"] else None,
        }
    )


def _carriage(raw: dict[str, Any]) -> CarriageReport:
    lists = {name: tuple(raw[name]) for name in ("faults", "open_inputs", "unproved")}
    return CarriageReport(**{**raw, **lists})


def _loss(raw: dict[str, Any]) -> Loss:
    return Loss(raw["since_ms"], tuple((column, cause) for column, cause in raw["causes"]), tuple(raw["waiting"]))


def plan_to_json(plan: MovePlan) -> dict[str, Any]:
    return asdict(plan)


def plan_from_json(raw: dict[str, Any]) -> MovePlan:
    return MovePlan(
        **{**raw, "moves": tuple(CarriageMove(**one) for one in raw["moves"]), "pose_mm": tuple(raw["pose_mm"])}
    )
