"""How a move ends: its record is closed, and what it was for goes on or is offered again."""

from __future__ import annotations

from typing import Any

from edge.domain import slot_codes
from edge.domain.block import BlockState
from edge.store.database import Change
from edge.store.moves import BlockTask, Move
from edge.store.pull_lists import PullList
from edge.workflows.find import known_box, place_of
from edge.workflows.lights import light_only, only_a_lamp
from edge.workflows.room import Room

FETCHING = ("retrieve", "pull", "shelve")  # the block stays taken until the box has left or stands in its place


def end(room: Room, move: Move, ended: str, seen: dict[str, Any]) -> None:
    """Close the record; a pull that never opened its aisle is offered again, and the block is free for others.

    Whoever asked for the move and whoever follows it may both see its end: the first one closes it.
    """
    stays = ended == "reached" and move.kind in FETCHING

    def close(change: Change) -> None:
        if not room.moves.ended(change, move, ended, seen) or stays:
            return
        if move.kind == "find":
            if ended == "reached":
                room.block_faults.found(change, move.area)
            return
        if move.list_id:
            _offer_again(room, change, move, ended)
            return
        room.moves.end_task(change, move.area)
        if move.loan_id and room.loans.get_in(change, move.loan_id).state == "pulling":
            room.loans.set_state(change, move.loan_id, "approved", "node", reason=ended)

    room.database.write(close, telemetry=True)  # no event where the other one has closed it
    if stays:
        for code in slots_of(room, move)[:1]:
            with only_a_lamp():
                light_only(room, code)


def of_aisle(room: Room, of: PullList, aisle: int | None) -> list[str]:
    """The list's loans whose boxes one reaches from ``aisle``."""
    return [one for one in of.loan_ids if slot_codes.aisle_of(slot_codes.parse(room.loans.get(one).slot)) == aisle]


def seen_now(state: BlockState, move: Move) -> dict[str, Any]:
    """What the boards of the moved columns say, integers and names only."""
    columns = {part["column"] for part in move.plan}
    boards = [report for report in state.carriages if report.column in columns]
    report = state.move
    return {
        "at_mm": {str(board.column): board.position_mm for board in boards},
        "peak_ma": max((board.peak_ma for board in boards), default=0),
        "self_test": {str(board.column): list(board.unproved) for board in boards if board.address},
        "unproved": sorted({name for board in boards for name in board.unproved}),
        "faults": sorted({name for board in boards for name in board.faults}),
        "fault": report.fault if report is not None and report.move_id == move.move_no else "",
    }


def _offer_again(room: Room, change: Change, move: Move, ended: str) -> None:
    """The aisle did not open: its boxes wait again. While others are in hand the block stays with the list."""
    of = room.pulls.open(move.area)
    loans = [] if of is None else [room.loans.get_in(change, loan_id) for loan_id in of.loan_ids]
    here = [loan for loan in loans if slot_codes.aisle_of(slot_codes.parse(loan.slot)) == move.aisle]
    for loan in here:
        if loan.state == "pulling":
            room.loans.set_state(change, loan.id, "approved", "node", reason=ended)
    if not any(loan.state == "pulling" for loan in loans if loan not in here):
        room.moves.end_task(change, move.area)


def slots_of(room: Room, of: Move | BlockTask) -> list[str]:
    """Where to look first, in the order in which one walks past."""
    if of.list_id:
        pulled = room.pulls.open(of.area)
        loans = [] if pulled is None else [room.loans.get(loan_id) for loan_id in of_aisle(room, pulled, of.aisle)]
        return sorted((loan.slot for loan in loans if loan.state == "pulling"), key=slot_codes.parse)
    if of.loan_id:
        return [room.loans.get(of.loan_id).slot]
    assert of.box_id is not None
    return [place_of(room, known_box(room, of.box_id)).slot]
