"""Cases 个案: KH0001, XM0002 … and the site's own series. Scattered over boxes, one case all the same.

A case number is fixed when it is given. Its closing is the event from which the retention of its pieces counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from edge.domain import series as series_rules
from edge.domain.ids import new_id
from edge.domain.series import Register
from edge.errors import InputRefused, RuleRefused
from edge.store import number_runs
from edge.store.connection import Connection
from edge.store.database import Change, Database

LinkKind = Literal["item", "volume", "box"]
CLOSING = ("cooperation_ended", "project_ended", "left", "other")  # 合作结束 项目结束 离职


@dataclass(frozen=True, slots=True)
class Case:
    """``opened`` and ``closed_on``: eight digits or ""."""

    id: str
    series_id: str
    no: int
    case_no: str
    name: str
    department: str
    opened: str
    closed_event: str
    closed_on: str
    state: Literal["open", "closed", "void"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line of the series' check-list and whether the case has it."""

    line: int
    what: str
    present: bool


_COLUMNS = ", ".join(Case.__dataclass_fields__)


class Cases:
    def __init__(self, database: Database) -> None:
        self._database = database

    def of_series(self, series_id: str, limit: int = 200) -> list[Case]:
        """Newest first."""
        with self._database.read() as db:
            query = f"SELECT {_COLUMNS} FROM case_file WHERE series_id = ? ORDER BY no DESC LIMIT ?"
            return [Case(**dict(zip(row.keys(), row, strict=True))) for row in db.execute(query, (series_id, limit))]

    def by_no(self, case_no: str) -> Case:
        """InputRefused ``case_unknown``."""
        with self._database.read() as db:
            return _case(db, "case_no", case_no.strip().upper())

    def holdings(self, case_id: str) -> list[tuple[str, str]]:
        """Kind and id of all that belongs to the case: its own pieces and what was linked to it."""
        with self._database.read() as db:
            pieces = db.execute("SELECT id FROM item WHERE case_id = ? ORDER BY seq", (case_id,)).fetchall()
            links = db.execute(
                "SELECT kind, subject FROM case_link WHERE case_id = ? ORDER BY kind, subject", (case_id,)
            )
            return [*(("item", row["id"]) for row in pieces), *((row["kind"], row["subject"]) for row in links)]

    def wanted(self, case_id: str) -> list[Wanted]:
        with self._database.read() as db:
            found = db.execute(
                "SELECT w.line, w.what, p.case_id IS NOT NULL AS present FROM case_file AS c"
                " JOIN case_wanted AS w ON w.series_id = c.series_id"
                " LEFT JOIN case_present AS p ON p.case_id = c.id AND p.line = w.line WHERE c.id = ? ORDER BY w.line",
                (case_id,),
            )
            return [Wanted(row["line"], row["what"], bool(row["present"])) for row in found]

    def open(
        self, change: Change, series_id: str, *, name: str, department: str = "", opened: str = "", actor: str
    ) -> Case:
        """The next number of its series, which was never another case's. InputRefused ``series_not_of_cases``."""
        of = number_runs.series_in(change.db, series_id)
        if of.arrangement != "case":
            raise InputRefused("series_not_of_cases", "choose_series", series=of.name)
        row = change.db.execute(
            "SELECT max(no) AS last FROM case_file WHERE series_id = ?1 UNION ALL SELECT max(CAST(substr(ref_key, 3) AS"
            " INTEGER)) FROM item WHERE ref_key >= ?2 || '0' AND ref_key < ?2 || ':' ORDER BY last DESC LIMIT 1",
            (series_id, of.category),
        ).fetchone()  # a case that a list brought has its number as well
        no = (row["last"] or 0) + 1
        written = series_rules.write(of, Register("", of.id, 0, "", "", "open", 0, "", "", ""), no)
        case = Case(new_id(change.utc_ms), series_id, no, written, name, department, opened, "", "", "open")
        values = [getattr(case, column) for column in Case.__dataclass_fields__]
        change.db.execute(f"INSERT INTO case_file ({_COLUMNS}) VALUES ({', '.join('?' * len(values))})", values)
        change.event("case.opened", subject=case.id, actor=actor, body={"case": case.id, "number": written})
        return case

    def link(self, change: Change, case_id: str, kind: LinkKind, subject: str, actor: str) -> None:
        """InputRefused ``record_unknown``."""
        _case(change.db, "id", case_id)
        if not change.db.execute(f"SELECT 1 FROM {kind} WHERE id = ?", (subject,)).fetchone():
            raise InputRefused("record_unknown", "search_again")
        change.db.execute("INSERT OR IGNORE INTO case_link VALUES (?,?,?)", (case_id, kind, subject))
        change.event("case.linked", subject=case_id, actor=actor, body={"case": case_id, "kind": kind, "to": subject})

    def close(self, change: Change, case_id: str, why: str, on: str, actor: str) -> int:
        """The event happened: from it the retention of every piece counts; how many. RuleRefused ``case_closed``."""
        case = _case(change.db, "id", case_id)
        if case.state != "open":
            raise RuleRefused("case_closed", "look_again", case=case.case_no)
        if why not in CLOSING or len(on) != 8:
            raise InputRefused("field_unreadable", "look_at_field", field="closed_on", written=on or why)
        change.db.execute(
            "UPDATE case_file SET state = 'closed', closed_event = ?, closed_on = ? WHERE id = ?", (why, on, case_id)
        )
        counted: int = change.db.execute(
            "UPDATE item_description SET event_on = ? WHERE item_no IN (SELECT no FROM item WHERE case_id = ?"
            " UNION SELECT i.no FROM item AS i JOIN case_link AS l ON l.subject = i.id WHERE l.case_id = ?)",
            (on, case_id, case_id),
        ).rowcount
        change.event("case.closed", subject=case_id, actor=actor, body={"case": case_id, "why": why, "on": on})
        return counted

    def want(self, change: Change, series_id: str, whats: list[str], actor: str) -> None:
        """The check-list of every case of the series. What was ticked keeps its line."""
        change.db.execute("DELETE FROM case_wanted WHERE series_id = ?", (series_id,))
        lines = [(series_id, line, what) for line, what in enumerate(whats, 1)]
        change.db.executemany("INSERT INTO case_wanted VALUES (?,?,?)", lines)
        change.event("case.checklist_set", subject=series_id, actor=actor, body={"lines": len(lines)})

    def tick(self, change: Change, case_id: str, line: int, actor: str, *, present: bool = True) -> None:
        if present:
            change.db.execute("INSERT OR IGNORE INTO case_present VALUES (?, ?)", (case_id, line))
        else:
            change.db.execute("DELETE FROM case_present WHERE case_id = ? AND line = ?", (case_id, line))
        body = {"case": case_id, "line": line, "present": int(present)}
        change.event("case.ticked", subject=case_id, actor=actor, body=body)


def _case(db: Connection, column: str, value: str) -> Case:
    row = db.execute(f"SELECT {_COLUMNS} FROM case_file WHERE {column} = ?", (value,)).fetchone()
    if row is None:
        raise InputRefused("case_unknown", "search_again", case=value)
    return Case(**dict(zip(row.keys(), row, strict=True)))
