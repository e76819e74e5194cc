"""An onlooker beside a modelled block, who knows no firmware: what is owed, pressed and seen, and which rule breaks."""

from __future__ import annotations

from firmware.carriage.motion import ARMED, RESTING
from firmware.registers import AISLE_OCCUPIED, WHY_OPENED
from tests.proofs.blocks_board import PROVED, Seen
from tests.proofs.blocks_state import OUTSIDE, Act, State
from tests.proofs.breadth import Broken

PERMIT_STEPS = 2  # a permit counts for one step, and lapsing is noticed in the next
NODE_STEPS = 1  # the node sees what the boards say and its STOP is there in the next step
Boards = tuple[Seen, ...]
Gaps = tuple[int, ...]


def remember(state: State, act: Act, before: Boards, after: Boards, was: Gaps, gaps: Gaps, opens: int) -> State:
    """The state with what an onlooker now knows; ``opens`` = the aisle that the node's live move opens, -1 = none."""
    pressed, owed, owing, deep = list(state.pressed), list(state.owed), state.owing, state.deep
    for k in range(len(after)):
        if act.start and before[k].phase == ARMED:
            pressed[k], owed[k] = True, owing & (3 << k)
        if after[k].phase == RESTING:
            pressed[k], owed[k] = False, 0
    if act.forgets:
        owing = (1 << len(gaps)) - 1
    for aisle, gap in enumerate(gaps):
        if aisle in (state.place, act.beam) or gap > was[aisle] == 0:
            owing |= 1 << aisle
        elif act.mouth_let_go == aisle and (deep == aisle or not gap):
            owing &= ~(1 << aisle)
    if act.deep_let_go >= 0:
        deep = act.deep_let_go
    if (act.beam >= 0 and state.place == OUTSIDE and act.beam != deep) or act.mouth_let_go >= 0:
        deep = -1
    late = 0
    if state.mind.phase is not None and any(_beside_the_neighbours(after, k, opens) for k in range(len(after))):
        late = min(NODE_STEPS + 1, state.late + 1)
    danger = state.estop or (state.danger and not act.reset)
    return state._replace(deep=deep, danger=danger, pressed=tuple(pressed), owing=owing, owed=tuple(owed), late=late)


def _beside_the_neighbours(after: Boards, k: int, opens: int) -> bool:
    """A motor is on beside an aisle that the board at its other side calls occupied, and this move did not open it."""
    if not after[k].on:
        return False
    if k and after[k - 1].right == AISLE_OCCUPIED and (opens != k or after[k - 1].why[1] != WHY_OPENED):
        return True
    right = after[k + 1 : k + 2]
    return any(one.left == AISLE_OCCUPIED and (opens != k + 1 or one.why[0] != WHY_OPENED) for one in right)


def judge(state: State, act: Act, after: Boards, gaps: Gaps) -> None:
    """Raises Broken."""
    if state.place != OUTSIDE and gaps[state.place] == 0:
        raise Broken("rule 6: a person struck")
    for k, one in enumerate(after):
        if not one.on:
            continue
        mine = (k, k + 1)
        checks = (
            (state.estop, "rule 1: motor on with a safety input open"),
            (one.proved != PROVED, "rule 2: motor on without a whole proof"),
            (not state.pressed[k], "rule 3: motor on without Start"),
            (state.permit_age >= PERMIT_STEPS, "rule 4: motor on without a fresh permit"),
            (state.owed[k] != 0, "rule 5: motor on beside an aisle that owed its walk as Start was pressed"),
            (act.beam in mine or state.place in mine, "rule 6: motor on beside a person"),
            (AISLE_OCCUPIED in (one.left, one.right), "rule 6: motor on beside an occupied aisle"),
            (state.late > NODE_STEPS, "rule 6: motor on beside an aisle that the neighbour calls occupied"),
            (one.faulty, "rule 9: motor on with a latched fault"),
            (state.danger, "rule 9: motor on after an e-stop that was not reset"),
        )
        for bad, rule in checks:
            if bad:
                raise Broken(rule)
