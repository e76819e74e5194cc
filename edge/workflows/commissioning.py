"""Only the block that was commissioned moves (shelving-safety rule 13): its signed file, its boards unchanged."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from edge.domain.access import require
from edge.domain.block import BlockState
from edge.domain.commissioning import Signer
from edge.domain.monthly_proof import Standing
from edge.domain.people import Person
from edge.errors import RuleRefused
from edge.store.database import Database
from edge.store.people import People
from edge.workflows.monthly_proof import refuse_unproved
from edge.workflows.room import Room

PROOF_REFUSALS = ("monthly_proof_overdue", "monthly_proof_failed")


def refuse_uncommissioned(room: Room, state: BlockState, person_id: str) -> None:
    """Raises RuleRefused: no file, an altered one, one that was replaced, a board that is not the one proved, or a
    monthly proof that is overdue or failed. A block without motors has nothing to commission."""
    if room.layout.drive == "crank":
        return
    file = room.commissioning.refuse_changed(state)
    refuse_unproved(room, file, person_id)


def sign_in(
    database: Database, people: People, area: str, technician: tuple[str, str], witness: tuple[str, str]
) -> tuple[Signer, Signer]:
    """Who climbs the ladder and who saw that the block was empty, each by id and PIN; event ``block.sign_in``.

    Raises RuleRefused: one person twice, a wrong PIN, or somebody without the right to it.
    """
    if technician[0] == witness[0]:
        raise RuleRefused("signers_same", "fetch_second_signer")
    signed: list[Person] = []
    for (person_id, pin), right in ((technician, "commission"), (witness, "witness")):
        person = people.by_pin(person_id, pin)
        require(person.roles, right)
        signed.append(person)
    first, second = signed
    body = {"block": area, "technician": first.id, "witness": second.id}
    database.write(lambda change: change.event("block.sign_in", subject=area, actor=first.id, body=body))
    return Signer(first.id, first.name), Signer(second.id, second.name)


class BlockFileWatch:
    """``step`` once a second: a new file is taken up once, with its event. ``refused``: why nothing may move, or ""."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._refused: RuleRefused | None = None
        self._standing: Standing | None = None

    @property
    def refused(self) -> str:
        return self._refused.code if self._refused else ""

    def proof_late(self) -> bool:
        """Due, overdue or failed: somebody must come."""
        return self._standing is not None and self._standing.state in ("due", "overdue", "failed")

    def notice(self) -> dict[str, Any]:
        """For the panel: ``refused`` why nothing may be chosen, or None; ``proof`` where the monthly proof stands."""
        return {
            "refused": self._refused.as_json() if self._refused else None,
            "proof": asdict(self._standing) if self._standing else None,
        }

    def step(self) -> None:
        room = self._room
        self._standing = None
        if room.layout.drive == "crank":
            return
        try:
            file = room.commissioning.file()
        except RuleRefused as refused:
            self._refused = refused
            return
        self._standing = room.commissioning.proofs.standing(file.proved_ms, file.serial)
        newest = room.commissioning.newest()
        if newest is None or file.serial > newest.serial:
            room.database.write(lambda change: room.commissioning.take(change, file))
        try:
            refuse_uncommissioned(room, room.carriages.state(), "")
            self._refused = None
        except RuleRefused as refused:
            self._refused = refused
