"""A block of two or three carriages, its wires, one person and a node, as a finite machine.

The boards are firmware's (blocks_board.py). The node is either *hostile* (it sends any order to any board and permits
as it likes) or *honest* (blocks_node.py: the node's own rules; it may die at any instant). Around them is the model's:
the free rail in ``units`` pieces, one piece a step; contactors that follow the chain at once; a person who is outside
or in one aisle, crosses its mouth in one step and presses a button for one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple

from firmware.carriage.motion import ARMED, RESTING
from firmware.registers import AISLE_OCCUPIED, WHY_OPENED
from tests.proofs.blocks_board import ORDERS, PROVED, WIRES, Boards, Input, Seen
from tests.proofs.blocks_node import FREE_MM, Mind, Node

OPEN = {name: 1 << at for at, name in enumerate(WIRES)}
OUTSIDE = -1
PERMIT_STEPS = 2  # a permit counts for one step, and lapsing is noticed in the next
NODE_STEPS = 1  # the node sees what the boards say and its STOP is there in the next step


class State(NamedTuple):
    boards: tuple[int, ...]
    pose: int
    place: int  # aisle in which the person is
    deep: int  # aisle whose deep button the person pressed since going in
    estop: bool
    permit: bool  # a hostile node renews
    silent: int  # carriage whose left gap sensor is silent; -1 = none
    mind: Mind
    # the onlooker, who knows no firmware
    permit_age: int
    danger: bool  # the e-stop was pressed since Reset was
    pressed: tuple[bool, ...]  # Start went down after this board was armed
    owing: int  # bits of aisles with opportunity since their last walk
    owed: tuple[int, ...]  # the aisles of each carriage that owed their walk as Start was pressed
    late: int  # steps since the node could know of a neighbour's occupied aisle


@dataclass(frozen=True)
class Act:
    """What happens within one step, beside what goes on by itself; numbers of aisles and carriages, -1 = none."""

    beam: int = -1
    deep: int = -1
    mouth: int = -1
    mouth_let_go: int = -1
    deep_let_go: int = -1
    place: int | None = None
    start: bool = False
    reset: bool = False
    stop: bool = False
    orders: tuple[tuple[int, str], ...] = ()
    choose: int = -1
    slow: int = -1
    arrives: int = -1
    stalls: int = -1
    restarts: int = -1
    estop: bool = False  # toggles
    permit: bool = False  # toggles
    silent: int | None = None
    dies: bool = False


NOTHING = Act()


class Broken(Exception):
    """A rule of shelving-safety.md, told by its number."""


@dataclass
class World:
    """``carriages``, ``units`` of free rail, and which ``events`` it has (names of ``_events``)."""

    carriages: int
    units: int
    honest: bool
    events: tuple[str, ...]
    boards: Boards = field(init=False)
    node: Node = field(init=False)

    def __post_init__(self) -> None:
        self.boards, self.node = Boards(tell=self.honest), Node(self.carriages)
        self.aisles = range(self.carriages + 1)
        self.poses = [p for p in product(range(self.units + 1), repeat=len(self.aisles)) if sum(p) == self.units]
        self._pose_no = {pose: at for at, pose in enumerate(self.poses)}
        self.unit_mm = FREE_MM // self.units
        self.doing = ""  # the event that is being followed
        self._kinds = {kind: self._events(kind) for kind in self.events}

    def first(self) -> State:
        """Everything has just got power; the free rail is at the wall."""
        n = self.carriages
        pose = self._pose_no[(0,) * n + (self.units,)]
        boards = (self.boards.booted(False),) * n
        every = (1 << n + 1) - 1
        none = (False,) * n
        return State(boards, pose, OUTSIDE, -1, False, False, -1, Mind(), 3, False, none, every, (0,) * n, 0)

    def walked(self) -> State:
        """Every aisle walked after power-up: both closed aisles at their mouths, the open one through."""
        state, wall = self.first(), self.carriages
        walk = [Act(beam=wall), Act(place=wall), Act(deep=wall), Act(deep_let_go=wall), Act(beam=wall)]
        walk += [Act(place=OUTSIDE), *(one for a in self.aisles for one in (Act(mouth=a), Act(mouth_let_go=a)))]
        for act in (NOTHING, *(walk[:6]), *walk[-2:], *walk[6:-2], NOTHING):
            state = self.step(state, act)
        return state

    def _events(self, kind: str) -> list[tuple[Act, ...]]:
        many, aisles = range(self.carriages), self.aisles
        kinds: dict[str, list[tuple[Act, ...]]] = {
            "nothing": [(NOTHING,)],
            "start": [(Act(start=True), NOTHING)],
            "reset": [(Act(reset=True), NOTHING)],
            "stop": [(Act(stop=True),)],
            "permit": [(Act(permit=True),)],
            "order": [(Act(orders=((k, order),)),) for k in many for order in ("left", "right")],
            "false order": [(Act(orders=((k, order),)),) for k in many for order in ORDERS if "none" in order],
            "choose": [(Act(choose=a),) for a in aisles],
            "dies": [(Act(dies=True),)],
            "enter": [(Act(beam=a), Act(place=a)) for a in aisles],
            "leave": [(Act(place=OUTSIDE),)],
            "deep": [(Act(deep=a), Act(deep_let_go=a)) for a in aisles],
            "mouth": [(Act(mouth=a), Act(mouth_let_go=a)) for a in aisles],
            "estop": [(Act(estop=True),)],
            "slow": [(Act(slow=k),) for k in many],
            "arrives": [(Act(arrives=k),) for k in many],
            "stalls": [(Act(stalls=k),) for k in many],
            "restarts": [(Act(restarts=k),) for k in many],
            "silent": [(Act(silent=k),) for k in (-1, *many)],
        }
        return kinds[kind]

    def follow(self, state: State) -> list[tuple[str, State]]:
        """(event, state after it), all of them. Raises Broken."""
        found = []
        for kind, acts in self._kinds.items():
            for act in acts:
                if self._possible(state, kind, act[0]):
                    there = state
                    self.doing = f"{kind} {_told(act[0])}".strip()
                    for one in self._leaving(state) if kind == "leave" else act:
                        there = self.step(there, one)
                    found.append((self.doing, there))
        return found

    def _possible(self, state: State, kind: str, act: Act) -> bool:
        if kind == "enter":
            return state.place == OUTSIDE and self.poses[state.pose][act.beam] > 0
        if kind == "leave":
            return state.place != OUTSIDE
        if kind == "deep":
            return state.place == act.deep
        if kind == "mouth":
            return state.place == OUTSIDE
        if kind in ("slow", "arrives", "stalls"):
            return self.boards.seen[state.boards[max(act.slow, act.arrives, act.stalls)]].on
        if kind == "silent":
            return (state.silent == -1) != (act.silent == -1) and not state.estop
        if kind == "estop":
            return state.silent == -1
        if kind == "choose":
            return state.mind.phase is None
        return kind != "dies" or state.mind.phase is not None

    def _leaving(self, state: State) -> tuple[Act, ...]:
        return Act(beam=state.place), Act(place=OUTSIDE)

    # --- one step --------------------------------------------------------------------------------

    def step(self, state: State, act: Act) -> State:
        before_no = state.pose
        seen = tuple(self.boards.seen[number] for number in state.boards)
        mind, stop, orders = self._node(state, act, seen)
        permit = state.permit != act.permit if not self.honest else mind.phase not in (None, "arming")
        estop = state.estop != act.estop
        chain = not estop and act.beam < 0 and not any(one.tests for one in seen)
        gaps, touches = self._go(self.poses[state.pose], seen, chain, act.slow)
        place = state.place if act.place is None else act.place
        silent = state.silent if act.silent is None else act.silent
        boards = []
        for k, number in enumerate(state.boards):
            if k == act.restarts:
                before = seen[k]
                boards.append(self.boards.booted(before.faulty or before.enable))
                continue
            drive = "stalls" if k == act.stalls else "arrives" if k == act.arrives or touches[k] else ""
            left_mm = None if k == silent else gaps[k] * self.unit_mm
            given = Input(
                self._wires(k, act, estop), left_mm, gaps[k + 1] * self.unit_mm, seen[k].enable and chain,
                orders.get(k, ""), permit, stop, drive,
            )  # fmt: skip
            boards.append(self.boards.step(number, given))
        after = tuple(self.boards.seen[number] for number in boards)
        state = State(
            tuple(boards), self._pose_no[gaps], place, state.deep, estop, permit and not self.honest, silent, mind,
            0 if permit else min(3, state.permit_age + 1), state.danger, state.pressed, state.owing, state.owed,
            state.late,
        )  # fmt: skip
        grown = [aisle for aisle in self.aisles if gaps[aisle] > self.poses[before_no][aisle]]
        state = self._remember(state, act, seen, after, grown)
        self._judge(state, act, after, gaps)
        return state

    def _node(self, state: State, act: Act, seen: tuple[Seen, ...]) -> tuple[Mind, bool, dict[int, str]]:
        """(what the node has in mind, STOP, orders)."""
        if not self.honest:
            return Mind(), act.stop, dict(act.orders)
        if act.dies:
            return Mind(), False, {}
        gaps_mm = tuple(gap * self.unit_mm for gap in self.poses[state.pose])
        mind, stop = self.node.judge(state.mind, seen, gaps_mm)
        if act.stop:
            return Mind(), True, {}
        if act.choose >= 0 and mind.phase is None and not stop:
            plan = self.node.choose(act.choose, seen, gaps_mm)
            if plan is not None:
                return Mind("arming", plan), False, self.node.orders(plan)
        return mind, stop, {}

    def _wires(self, k: int, act: Act, estop: bool) -> int:
        opened = OPEN["estop_ok"] if estop else 0
        opened |= OPEN["start_released"] if act.start else 0
        opened |= OPEN["reset_released"] if act.reset else 0
        for what, aisle in (("beam_{}_ok", act.beam), ("deep_{}_released", act.deep), ("mouth_{}_released", act.mouth)):
            for side, mine in (("left", k), ("right", k + 1)):
                opened |= OPEN[what.format(side)] if aisle == mine else 0
        return opened

    def _go(
        self, pose: tuple[int, ...], seen: tuple[Seen, ...], chain: bool, slow: int
    ) -> tuple[tuple[int, ...], list[bool]]:
        """Every driven carriage one unit further, leaders first; and which of them touch what is before them."""
        gaps, touches = list(pose), [False] * self.carriages
        driven = [k for k, one in enumerate(seen) if one.on and chain]
        for k in [k for k in driven if seen[k].to_left] + [k for k in reversed(driven) if not seen[k].to_left]:
            ahead, behind = (k, k + 1) if seen[k].to_left else (k + 1, k)
            if gaps[ahead] and k != slow:
                gaps[ahead] -= 1
                gaps[behind] += 1
        for k in driven:
            touches[k] = gaps[k if seen[k].to_left else k + 1] == 0
        return tuple(gaps), touches

    # --- the onlooker ------------------------------------------------------------------------------

    def _remember(
        self, state: State, act: Act, before: tuple[Seen, ...], after: tuple[Seen, ...], grown: list[int]
    ) -> State:
        many = range(self.carriages)
        pressed, owed = list(state.pressed), list(state.owed)
        owing, deep = state.owing, state.deep
        for k in many:
            if act.start and before[k].phase == ARMED:
                pressed[k], owed[k] = True, owing & (3 << k)
            if after[k].phase == RESTING:
                pressed[k], owed[k] = False, 0
        for aisle in self.aisles:
            if aisle in (state.place, act.beam) or aisle in grown:
                owing |= 1 << aisle
            elif act.mouth_let_go == aisle and (deep == aisle or not self.poses[state.pose][aisle]):
                owing &= ~(1 << aisle)
        if act.deep_let_go >= 0:
            deep = act.deep_let_go
        if (act.beam >= 0 and state.place == OUTSIDE and act.beam != deep) or act.mouth_let_go >= 0:
            deep = -1
        danger = state.estop or (state.danger and not act.reset)
        late = 0
        if state.mind.phase is not None and any(self._neighbour(state.mind, after, k) for k in many):
            late = min(NODE_STEPS + 1, state.late + 1)
        return state._replace(
            deep=deep, danger=danger, pressed=tuple(pressed), owing=owing, owed=tuple(owed), late=late
        )

    def _neighbour(self, mind: Mind, after: tuple[Seen, ...], k: int) -> bool:
        """A motor is on beside an aisle which the board at its other side calls occupied, unless this very move
        opened it."""
        if not after[k].on:
            return False
        opens = self.node.opens(mind.plan)
        left, right = after[k - 1 : k], after[k + 1 : k + 2]
        return any(
            there.right == AISLE_OCCUPIED and (there.why[1] != WHY_OPENED or opens != k) for there in left if k
        ) or any(there.left == AISLE_OCCUPIED and (there.why[0] != WHY_OPENED or opens != k + 1) for there in right)

    def _judge(self, state: State, act: Act, after: tuple[Seen, ...], gaps: tuple[int, ...]) -> None:
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

    def on(self, state: State) -> int:
        """How many motors are on."""
        return sum(self.boards.seen[number].on for number in state.boards)


def _told(act: Act) -> str:
    return ", ".join(f"{name}={value}" for name, value in vars(act).items() if value != getattr(NOTHING, name))
