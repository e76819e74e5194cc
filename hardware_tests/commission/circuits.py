"""The circuits' map, proved by hand (shelving-safety rule 13): touch one thing, see it answer there and only there."""

from __future__ import annotations

from typing import Any

from edge.devices.carriage_modbus import board_config, config_crc, differs
from edge.domain.monthly_proof import NAMED
from firmware import registers as r
from hardware_tests.commission.hands import Block, StepFailed, Touch


def boards(block: Block) -> dict[str, Any]:
    """Each address is one board, of the right kind, with this map and the configuration that node.toml asks for."""
    bench, found = block.bench, dict[str, Any]()
    for column in block.address:
        who = block.identity(column)
        crc = config_crc(board_config(bench.layout, bench.motion, column))
        if why := differs(who, r.KIND_CARRIAGE, block.address[column], crc):
            raise StepFailed("board_differs", column=column, address=block.address[column], why=why)
        found[str(column)] = {
            "board_id": who.board_id,
            "firmware": who.firmware_version,
            "image": block.image(column),
            "config_crc": crc,
        }
    for address in bench.sensors:
        who, image = block.sensors_identity(address)
        if why := differs(who, r.KIND_SENSORS, address, None):
            raise StepFailed("sensors_differ", address=address, why=why)
        found[f"sensors {address}"] = {"board_id": who.board_id, "firmware": who.firmware_version, "image": image}
    if len({one["board_id"] for one in found.values()}) < len(found):
        raise StepFailed("board_twice")
    return found


def lines(block: Block) -> dict[str, Any]:
    """Start and Reset: one line each for the block, seen by every board."""
    for which in ("start", "reset"):
        everywhere = {column: {f"{which}_released"} for column in block.address}
        block.prove(Touch("hold_button", {"which": which}), everywhere)
    return {"boards": len(block.address)}


def room(block: Block) -> dict[str, Any]:
    """Every e-stop and pull cord, fire, gas and leak: seen and latched by every board, ended by Reset only."""
    everywhere = set(block.address)
    estops = int(block.bench.measured("estops"))
    touches = [("estop", Touch("estop_press", undo="estop_release"))] * estops
    touches += [(name, Touch(name, undo=name, undo_args={"on": False})) for name in ("fire", "gas")]
    wet: dict[str, object] = {"place": block.bench.sensors[0]} if block.bench.sensors else {}
    touches += [("leak", Touch("wet", wet, "wet", {**wet, "on": False}))] if wet else []
    for fault, touch in touches:
        block.prove(touch, {column: {f"{fault}_ok"} for column in everywhere})
        block.latched(fault, everywhere)
    return {"estops": estops, "leak": int(bool(wet))}


def work(block: Block) -> dict[str, Any]:
    """Key and padlock point reach every board and hold it; the selector names one carriage, and both its buttons are
    seen by all. The key is back by then: nothing drives."""
    everywhere = set(block.address)
    for name, touch, state in (
        ("key_normal", Touch("key", undo="key", undo_args={"turned": False}), r.STATE_MAINTENANCE),
        ("unlocked", Touch("padlock", undo="padlock", undo_args={"on": False}), r.STATE_LOCKED),
    ):
        block.prove(touch, {column: {name} for column in everywhere}, state)
        if left := set(block.bench.layout.aisles) - block.occupied():
            raise StepFailed("stays_clear", aisles=", ".join(map(str, sorted(left))))
    for number, column in enumerate(block.address):
        for way in ("left", "right") if number == 0 else ("left",):
            seen = {other: {f"jog_{way}_released"} for other in everywhere}
            seen[column] |= {NAMED}
            block.prove(Touch("jog_hold", {"column": column, "way": way}, "jog_release"), seen)
    return {"boards": len(everywhere)}


def choose(block: Block, aisle: int) -> dict[str, Any]:
    """The carriages' own button of one aisle reaches its neighbours and no other board."""
    touch = Touch("hold_button", {"which": "choose", "aisle": aisle})
    block.prove(touch, {column: {f"choose_{side}_released"} for column, side in block.beside(aisle).items()})
    return {}


def column(block: Block, column: int) -> dict[str, Any]:
    """Safety edges, crank, tilt and skew switch of one carriage reach its own board and no other.

    ``skew_switches``: how many it has; a short carriage has none, and its input is bridged.
    """
    for side in ("left", "right"):
        block.prove(Touch("edge_press", {"column": column, "side": side}), {column: {f"edge_{side}_ok"}})
        block.latched(f"edge_{side}", {column})
    crank = Touch("crank", {"column": column}, "crank", {"column": column, "inserted": False})
    block.prove(crank, {column: {"crank_out"}})
    block.latched("crank", {column})
    block.prove(Touch("tilted", {"column": column}, "tilted", {"column": column, "on": False}), {column: {"level_ok"}})
    block.latched("tilt", {column})
    levers = int(block.bench.measured("skew_switches", column=column))
    if levers:
        lever = Touch("skew_switch", {"column": column}, "skew_switch", {"column": column, "on": False})
        block.prove(lever, {column: {"straight_ok"}})
        block.latched("skew", {column})
    return {"skew_switches": levers}


def aisle(block: Block, aisle: int) -> dict[str, Any]:
    """Beam and both reset buttons of one aisle reach its neighbours; its lamp answers, and no other."""
    block.walk_all()
    beside = block.beside(aisle)
    block.prove(
        Touch("hand_in_beam", {"aisle": aisle}), {column: {f"beam_{side}_ok"} for column, side in beside.items()}
    )
    if block.occupied() != {aisle}:
        raise StepFailed("other_aisles", aisle=aisle, seen=", ".join(map(str, sorted(block.occupied()))))
    if not block.bench.seen("lamp", aisle=aisle):
        raise StepFailed("other_lamp", aisle=aisle)
    for which in ("deep", "mouth"):
        touch = Touch("hold_button", {"which": which, "aisle": aisle})
        block.prove(touch, {column: {f"{which}_{side}_released"} for column, side in beside.items()})
    block.walk({aisle})
    return {}
