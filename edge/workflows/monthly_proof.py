"""The monthly proof by hand (shelving-safety rule 13): a technician touches, the boards answer, the technician signs.

An overdue or failed proof stops every choice of a motion but those of the technician whose proof is under way: aisles
must be opened to reach their deep buttons and the edges between shelves. The boards stay the authority over danger.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from edge.domain.commissioning import BlockFile
from edge.domain.monthly_proof import (
    RUNS_MS,
    Inputs,
    Item,
    Standing,
    answered_by,
    items,
    missing,
    open_now,
    touched,
)
from edge.domain.people import Person
from edge.errors import RuleRefused
from edge.store.proofs import Outcome, Proof
from edge.workflows.rights import needs
from edge.workflows.room import Room

KEEP_AGE_MS = 10 * 60_000


@dataclass(frozen=True, slots=True)
class Work:
    """A proof under way. ``seen``: inputs of the newest touch that proved nothing, for whoever looks for a wire."""

    proof: Proof
    items: tuple[Item, ...]
    seen: Inputs


def standing(room: Room) -> Standing:
    """Raises RuleRefused where there is no commissioning to count from."""
    file = room.commissioning.file()
    return room.commissioning.proofs.standing(file.proved_ms, file.serial)


def wanted(room: Room, file: BlockFile) -> tuple[Item, ...]:
    return items(room.layout, file.limits.get("estops", 1))


def refuse_unproved(room: Room, file: BlockFile, person_id: str) -> None:
    """Raises RuleRefused ``monthly_proof_overdue`` or ``_failed``; not for the technician of the one that goes on."""
    proofs = room.commissioning.proofs
    now = proofs.standing(file.proved_ms, file.serial)
    if now.state not in ("overdue", "failed"):
        return
    under_way = proofs.open()
    if under_way is None or under_way.technician != person_id:
        raise RuleRefused(f"monthly_proof_{now.state}", "prove_monthly", days=now.days)


@needs("commission")
def begin(room: Room, person: Person) -> Proof:
    """Raises RuleRefused where one is under way, or where the block is not commissioned: the ladder comes first."""
    file = room.commissioning.refuse_changed(room.carriages.state())
    return room.database.write(lambda change: room.commissioning.proofs.begin(change, file.serial, person.id))


@needs("commission")
def sign(room: Room, person: Person, pin: str) -> Proof:
    """Every circuit has answered; the technician signs with the PIN. RuleRefused ``proof_incomplete``."""
    todo = _own(room, person)
    if todo:
        raise RuleRefused("proof_incomplete", "touch_the_rest", count=len(todo))
    room.people.by_pin(person.id, pin)
    return _end(room, "good", person.id)


@needs("commission")
def fail(room: Room, person: Person, pin: str) -> Proof:
    """Something does not answer: from now on nothing may be chosen until it was mended and all of it proved."""
    todo = _own(room, person)
    room.people.by_pin(person.id, pin)
    return _end(room, "failed", person.id, todo)


@needs("commission")
def give_up(room: Room, person: Person) -> Proof:
    """Put it aside; another day is begun anew. Whatever was due stays due."""
    return _end(room, "given_up", person.id)


def require_own(room: Room, person: Person) -> None:
    """An aisle may be opened for it only by the technician who is at it. Raises RuleRefused."""
    _own(room, person)


def _own(room: Room, person: Person) -> tuple[Item, ...]:
    """What is still to be touched."""
    proof = room.commissioning.proofs.open()
    if proof is None:
        raise RuleRefused("proof_not_open", "begin_proof")
    if proof.technician != person.id:
        raise RuleRefused("proof_of_another", "finish_proof")
    return missing(wanted(room, room.commissioning.file()), proof.counts)


def _end(room: Room, outcome: Outcome, actor: str, todo: Sequence[Item] = ()) -> Proof:
    names = [item.name for item in todo]
    return room.database.write(lambda change: room.commissioning.proofs.end(change, outcome, actor, names))


class ProofWatch:
    """``step`` ten times a second: what the boards answer counts for the proof under way, if there is one."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._open: Inputs = frozenset()
        self._rested = False  # a touch counts only from rest on
        self._seen: Inputs = frozenset()
        self._kept_ms = room.clock.monotonic_ms()

    def step(self) -> None:
        room, proofs = self._room, self._room.commissioning.proofs
        now_ms = room.clock.monotonic_ms()
        if now_ms - self._kept_ms >= KEEP_AGE_MS:
            self._kept_ms = now_ms
            proofs.keep_age()
        proof = proofs.open()
        if proof is None:
            self._open, self._rested, self._seen = frozenset(), False, frozenset()
            return
        if not 0 <= room.clock.utc_ms() - proof.began_ms <= RUNS_MS:
            _end(room, "given_up", "node")
            return
        self._look(proof)

    def work(self) -> Work | None:
        """For the panel; None: no proof is under way."""
        proof = self._room.commissioning.proofs.open()
        if proof is None:
            return None
        return Work(proof, wanted(self._room, self._room.commissioning.file()), self._seen | self._open)

    def _look(self, proof: Proof) -> None:
        room = self._room
        opened = open_now(room.carriages.state())
        if opened is None:
            self._open, self._rested = frozenset(), False
            return
        if not self._rested:
            self._rested = not opened
            return
        self._open, ended = touched(self._open, opened)
        if not ended:
            return
        try:
            file = room.commissioning.file()
        except RuleRefused:
            return
        item = answered_by(wanted(room, file), ended)
        self._seen = frozenset() if item else ended
        if item and proof.counts.get(item.name, 0) < item.times:
            room.database.write(lambda change: room.commissioning.proofs.answer(change, item), telemetry=True)
