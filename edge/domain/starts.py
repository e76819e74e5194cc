"""In which order the carriages of a train start, so that no two motors start at once on one supply.

Where two stand close the follower starts after its leader and never catches it. Where waiting would let the gap between
them grow beyond what latches an aisle, the follower starts first and comes closer. Equal speeds are assumed.
"""

from __future__ import annotations

from collections.abc import Sequence

TRIES = 2000
Window = tuple[int, int]


def window(gap_mm: int, step_mm: int, reserve_mm: int, latch_mm: int) -> Window:
    """How many turns a follower may start after its leader with ``gap_mm`` between them; negative = before it.

    ``step_mm`` is travelled in one turn; both ends stay ``reserve_mm`` off touching and latching.
    """
    earliest = -max(0, (gap_mm - reserve_mm) // step_mm)
    if gap_mm > latch_mm:
        return earliest, TRIES  # wide already: waiting latches nothing
    return earliest, max(0, (latch_mm - reserve_mm - gap_mm) // step_mm)


def turns(windows: Sequence[Window]) -> list[int] | None:
    """The turn of each carriage, leader first; one window each follower. None: no order was found."""
    if all(latest >= 1 for _earliest, latest in windows):
        return list(range(len(windows) + 1))
    order = _order(windows)
    if order is None:  # the same from the other end
        mirrored = _order([(-latest, -earliest) for earliest, latest in reversed(windows)])
        order = None if mirrored is None else [len(windows) - number for number in mirrored]
    return None if order is None else [order.index(number) for number in range(len(order))]


def _order(windows: Sequence[Window]) -> list[int] | None:
    """Carriages in the order of their starts. Each is put in as near to its leader as everybody's window allows."""
    left = TRIES

    def put_in(order: list[int]) -> list[int] | None:
        nonlocal left
        number = len(order)
        if number > len(windows):
            return order
        at = order.index(number - 1)
        for place in sorted(range(number + 1), key=lambda one: abs(2 * (one - at) - 1)):
            left -= 1
            if left < 0:
                return None
            further = [*order[:place], number, *order[place:]]
            if _kept(further, windows) and (found := put_in(further)):
                return found
        return None

    return put_in([0])


def _kept(order: list[int], windows: Sequence[Window]) -> bool:
    turn = {number: at for at, number in enumerate(order)}
    return all(windows[n][0] <= turn[n + 1] - turn[n] <= windows[n][1] for n in range(len(order) - 1))
