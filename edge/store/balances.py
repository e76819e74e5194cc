"""What stands on the two faces of each carriage: too much on one of them and it leans."""

from __future__ import annotations

from edge.domain import slot_codes
from edge.domain.shelf_room import Balance
from edge.store.connection import Connection

_LAST = "\U0010ffff"


class Balances:
    """The carriages' balances, each read once. ``without``: a box that is thought away, because it is about to move."""

    def __init__(self, db: Connection, without: str = "") -> None:
        self._db, self._without = db, without
        self._known: dict[tuple[str, int], Balance | None] = {}

    def lean(self, slot: str, g: int) -> bool:
        at = slot_codes.parse(slot)
        balance = self._of(at)
        return balance is not None and balance.leans(at.face, g)

    def add(self, slot: str, g: int) -> None:
        at = slot_codes.parse(slot)
        balance = self._of(at)
        self._known[at.area, at.column] = balance.with_more(at.face, g) if balance else None

    def _of(self, at: slot_codes.Slot) -> Balance | None:
        key = (at.area, at.column)
        if key not in self._known:
            row = self._db.execute("SELECT one_sided_g FROM carriage WHERE area = ? AND column_no = ?", key).fetchone()
            self._known[key] = (
                Balance(row["one_sided_g"], self._face_g(at, "L"), self._face_g(at, "R")) if row else None
            )
        return self._known[key]

    def _face_g(self, at: slot_codes.Slot, face: str) -> int:
        face_code = f"{at.area}-{at.column:02d}-{face}-"
        found = self._db.execute(
            "SELECT sum(coalesce(b.weight_g, t.empty_g + t.g_per_mm * b.thickness_mm)) AS g FROM box AS b"
            " JOIN box_type AS t ON t.code = b.type WHERE b.state <> 'void' AND b.home_slot >= ? AND b.home_slot < ?"
            " AND b.id <> ?",
            (face_code, face_code + _LAST, self._without),
        )
        return found.fetchone()["g"] or 0
