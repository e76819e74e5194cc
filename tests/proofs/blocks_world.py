"""A block of two or three carriages, its wires, one person and a node, as a finite machine.

The boards are firmware's (blocks_board.py). The node is either *hostile* (it sends any order to any board and permits
as it likes) or *honest* (blocks_node.py: the node's own rules; it may die at any instant). Around them is the model's:
the free rail in ``units`` pieces, one piece a step; contactors that follow the chain at once; a person who is outside
or in one aisle, crosses its mouth in one step and presses a button for one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product

from tests.proofs.blocks_board import FORGET, WIRES, Boards, Input, Seen
from tests.proofs.blocks_node import FREE_MM, Mind, Node
from tests.proofs.blocks_onlooker import judge, remember
from tests.proofs.blocks_state import NOTHING, OUTSIDE, Act, State
from tests.proofs.breadth import Broken

OPEN = {name: 1 << at for at, name in enumerate(WIRES)}


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
        self._kinds = {kind: self._events(kind) for kind in self.events}

    def first(self) -> State:
        """Everything has just got power; the free rail is at the wall."""
        n = self.carriages
        pose = self._pose_no[(0,) * n + (self.units,)]
        boards = (self.boards.booted(False),) * n
        every = (1 << n + 1) - 1
        none = (False,) * n
        return State(boards, pose, OUTSIDE, -1, False, False, Mind(), 3, False, none, every, (0,) * n, 0)

    def walked(self) -> State:
        """Every aisle walked after power-up: both closed aisles at their mouths, the open one through."""
        state = self.step(self.first(), NOTHING)
        for aisle in self.aisles:
            for act in self._steps(state, "walk", (Act(walks=aisle),)):
                state = self.step(state, act)
        return self.step(state, NOTHING)

    def _events(self, kind: str) -> list[tuple[Act, ...]]:
        many, aisles = range(self.carriages), self.aisles
        kinds: dict[str, list[tuple[Act, ...]]] = {
            "nothing": [(NOTHING,)],
            "start": [(Act(start=True), NOTHING)],
            "reset": [(Act(reset=True), NOTHING)],
            "permit": [(Act(permit=True),)],
            "order": [(Act(orders=((k, order),)),) for k in many for order in ("left", "right")],
            "forget": [(Act(orders=((k, FORGET),)),) for k in many],
            "lost": [(Act(forgets=True),)],
            "choose": [(Act(choose=a),) for a in aisles],
            "dies": [(Act(dies=True),)],
            "enter": [(Act(beam=a), Act(place=a)) for a in aisles],
            "leave": [(Act(place=OUTSIDE),)],
            "deep": [(Act(deep=a), Act(deep_let_go=a)) for a in aisles],
            "mouth": [(Act(mouth=a), Act(mouth_let_go=a)) for a in aisles],
            "walk": [(Act(walks=a),) for a in aisles],
            "estop": [(Act(estop=True),)],
            "slow": [(Act(slow=k),) for k in many],
            "restarts": [(Act(restarts=k),) for k in many],
        }
        return kinds[kind]

    def follow(self, state: State) -> list[tuple[str, State]]:
        """(event, state after it), all of them. Raises Broken."""
        found = []
        for kind, acts in self._kinds.items():
            for act in acts:
                if self._possible(state, kind, act[0]):
                    there, event = state, f"{kind} {_told(act[0])}".strip()
                    try:
                        for one in self._steps(state, kind, act):
                            there = self.step(there, one)
                    except Broken as broken:
                        raise Broken(str(broken), event) from broken
                    found.append((event, there))
        return found

    def _possible(self, state: State, kind: str, act: Act) -> bool:
        if kind == "enter":
            return state.place == OUTSIDE and self.poses[state.pose][act.beam] > 0
        if kind == "leave":
            return state.place != OUTSIDE
        if kind == "deep":
            return state.place == act.deep
        if kind in ("mouth", "walk"):
            return state.place == OUTSIDE
        if kind == "slow":
            return self.boards.seen[state.boards[act.slow]].on
        if kind == "choose":
            return state.mind.phase is None
        return kind != "dies" or state.mind.phase is not None

    def _steps(self, state: State, kind: str, acts: tuple[Act, ...]) -> tuple[Act, ...]:
        if kind == "leave":
            return Act(beam=state.place), Act(place=OUTSIDE)
        if kind != "walk":
            return acts
        aisle = acts[0].walks
        mouth = (Act(mouth=aisle), Act(mouth_let_go=aisle))
        if not self.poses[state.pose][aisle]:
            return mouth
        return (
            Act(beam=aisle), Act(place=aisle), Act(deep=aisle), Act(deep_let_go=aisle), Act(beam=aisle),
            Act(place=OUTSIDE), *mouth,
        )  # fmt: skip

    # --- one step --------------------------------------------------------------------------------

    def step(self, state: State, act: Act) -> State:
        was = self.poses[state.pose]
        seen = tuple(self.boards.seen[number] for number in state.boards)
        mind, stop, orders = self._node(state, act, seen)
        permit = state.permit != act.permit if not self.honest else mind.phase not in (None, "arming")
        estop = state.estop != act.estop
        chain = not estop and act.beam < 0 and not any(one.tests for one in seen)
        gaps, touches = self._go(was, seen, chain, act.slow)
        place = state.place if act.place is None else act.place
        boards = []
        for k, number in enumerate(state.boards):
            if k == act.restarts:
                before = seen[k]
                boards.append(self.boards.booted(before.faulty or before.enable))
                continue
            given = Input(
                self._wires(k, act, estop), gaps[k] * self.unit_mm, gaps[k + 1] * self.unit_mm,
                seen[k].enable and chain, orders.get(k, ""), permit, stop, touches[k],
            )  # fmt: skip
            boards.append(self.boards.step(number, given))
        after = tuple(self.boards.seen[number] for number in boards)
        state = State(
            tuple(boards), self._pose_no[gaps], place, state.deep, estop, permit and not self.honest, mind,
            0 if permit else min(3, state.permit_age + 1), state.danger, state.pressed, state.owing, state.owed,
            state.late,
        )  # fmt: skip
        opens = self.node.opens(mind.plan) if mind.phase is not None else -1
        state = remember(state, act, seen, after, was, gaps, opens)
        judge(state, act, after, gaps)
        return state

    def _node(self, state: State, act: Act, seen: tuple[Seen, ...]) -> tuple[Mind, bool, dict[int, str]]:
        """(what the node has in mind, STOP, orders)."""
        if not self.honest:
            return Mind(), False, dict(act.orders)
        if act.dies:
            return Mind(), False, {}
        if act.forgets:
            return Mind(), True, dict.fromkeys(range(self.carriages), FORGET)
        gaps_mm = tuple(gap * self.unit_mm for gap in self.poses[state.pose])
        mind, stop = self.node.judge(state.mind, seen, gaps_mm)
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

    def on(self, state: State) -> int:
        """How many motors are on."""
        return sum(self.boards.seen[number].on for number in state.boards)


def _told(act: Act) -> str:
    return ", ".join(f"{name}={value}" for name, value in vars(act).items() if value != getattr(NOTHING, name))
