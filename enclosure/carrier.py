"""The room that a circuit board of ours takes in its case, and where its four pillars stand."""

from __future__ import annotations

from enclosure.params import Carrier
from enclosure.shapes import Block


def holes(board: Carrier, at_mm: tuple[float, float]) -> list[tuple[float, float]]:
    """One in each corner of the board whose least corner lies at ``at_mm``."""
    x, y = at_mm
    inset = board.hole_inset_mm
    return [(x + dx, y + dy) for dx in (inset, board.width_mm - inset) for dy in (inset, board.height_mm - inset)]


def room(board: Carrier, at_mm: tuple[float, float], under_mm: float) -> list[Block]:
    """``under_mm``: from the wall to the board's lower face."""
    x, y = at_mm
    inset = board.tails_inset_mm
    tails = (board.width_mm - 2 * inset, board.height_mm - 2 * inset, board.tails_mm)
    above = under_mm + board.board_mm
    return [
        Block("board", (x, y, under_mm), (board.width_mm, board.height_mm, board.board_mm)),
        Block("parts and terminals", (x, y, above), (board.width_mm, board.height_mm, board.tallest_mm)),
        Block("solder tails", (x + inset, y + inset, under_mm - board.tails_mm), tails),
    ]
