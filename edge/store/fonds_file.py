"""The fonds file 全宗卷 (DA/T 12): papers about the fonds itself, numbered within their kind."""

from __future__ import annotations

from dataclasses import dataclass

from edge.domain.ids import new_id
from edge.errors import InputRefused
from edge.store.database import Change, Database

KINDS = ("about", "intake", "arrangement", "appraisal", "keeping", "statistics", "use", "technology")


@dataclass(frozen=True, slots=True)
class FondsPaper:
    id: str
    fonds_no: str
    kind: str
    no: int
    title: str
    date: str
    responsible: str
    pages: int | None
    remark: str


_COLUMNS = ", ".join(FondsPaper.__dataclass_fields__)


class FondsFile:
    def __init__(self, database: Database) -> None:
        self._database = database

    def papers(self, fonds_no: str) -> list[FondsPaper]:
        """In the order of DA/T 12, numbers within each kind."""
        with self._database.read() as db:
            query = f"SELECT {_COLUMNS} FROM fonds_paper WHERE fonds_no = ? AND state <> 'void' ORDER BY no"
            found = [FondsPaper(**dict(zip(row.keys(), row, strict=True))) for row in db.execute(query, (fonds_no,))]
        return sorted(found, key=lambda paper: KINDS.index(paper.kind))

    def add(
        self,
        change: Change,
        fonds_no: str,
        kind: str,
        title: str,
        *,
        date: str = "",
        responsible: str = "",
        pages: int | None = None,
        remark: str = "",
        actor: str,
    ) -> FondsPaper:
        """The next number of its kind. InputRefused ``field_unreadable``, ``fonds_unknown``."""
        if kind not in KINDS:
            raise InputRefused("field_unreadable", "look_at_field", field="document_type", written=kind)
        if not change.db.execute("SELECT 1 FROM fonds WHERE fonds_no = ?", (fonds_no,)).fetchone():
            raise InputRefused("fonds_unknown", "check_fonds", fonds=fonds_no)
        query = "SELECT coalesce(max(no), 0) + 1 AS no FROM fonds_paper WHERE fonds_no = ? AND kind = ?"
        no = change.db.execute(query, (fonds_no, kind)).fetchone()["no"]
        paper = FondsPaper(new_id(change.utc_ms), fonds_no, kind, no, title, date, responsible, pages, remark)
        values = [getattr(paper, column) for column in FondsPaper.__dataclass_fields__]
        change.db.execute(
            f"INSERT INTO fonds_paper ({_COLUMNS}, state) VALUES ({', '.join('?' * len(values))}, 'registered')", values
        )
        body = {"fonds": fonds_no, "kind": kind, "no": no}
        change.event("fonds.paper_filed", subject=paper.id, actor=actor, body=body)
        return paper
