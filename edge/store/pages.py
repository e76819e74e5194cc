"""Digitised pages and what is written on them. Writes take the Change they happen in; the workflows add the events."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from edge.domain.ids import new_id
from edge.domain.page_gate import Complaint
from edge.domain.page_records import Line, Page, PageState, ScanFile
from edge.domain.page_seen import FileFacts, PageSeen
from edge.domain.records import SECRECY, may_see
from edge.domain.stamp import Stamp
from edge.errors import InputRefused
from edge.store.connection import Connection, Row
from edge.store.database import Change, Database

_PAGE = (
    "no, id, file_id, file_page, item_id, page_no, image, width, height, dpi, measures, stamp, complaints, proposed,"
    " printed_no, state,"
    " despite, seen_ms, seen_by"
)


_OF_PAGES = (
    "FROM page_line JOIN page ON page.no = page_line.page JOIN item ON item.id = page.item_id"
    f" WHERE page.state = 'hooked' AND item.secret_level IN ({', '.join('?' * len(SECRECY))}) AND page_line.state"
)


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules made of a page that was seen. ``image``: SHA-256 of its squared picture."""

    seen: PageSeen
    image: str
    dpi: int
    complaints: tuple[Complaint, ...]
    proposed: tuple[str, ...]
    printed_no: int | None
    lines: tuple[Line, ...]
    stamp: Stamp


class Pages:
    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, page_id: str) -> Page:
        """Raises InputRefused ``page_unknown``."""
        with self._database.read() as db:
            return _get(db, page_id)

    def get_in(self, change: Change, page_id: str) -> Page:
        return _get(change.db, page_id)

    def file(self, file_id: str) -> ScanFile:
        with self._database.read() as db:
            return _get_file(db, file_id)

    def file_in(self, change: Change, file_id: str) -> ScanFile:
        return _get_file(change.db, file_id)

    def of_file_in(self, change: Change, file_id: str) -> list[Page]:
        return _where(change.db, "file_id = ? ORDER BY file_page", (file_id,))

    def file_with(self, sha256: str) -> ScanFile | None:
        """The newest original of this very content that some page still stands for."""
        with self._database.read() as db:
            row = db.execute(
                "SELECT * FROM scan_file WHERE sha256 = ? AND EXISTS (SELECT 1 FROM page WHERE file_id = scan_file.id"
                " AND state IN ('held', 'loose', 'hooked')) ORDER BY received_ms DESC LIMIT 1",
                (sha256,),
            ).fetchone()
        return _file(row) if row else None

    def of_item(self, item_id: str) -> list[Page]:
        """Those that stand for it now, in order."""
        with self._database.read() as db:
            return _of_item(db, item_id)

    def of_item_in(self, change: Change, item_id: str) -> list[Page]:
        return _of_item(change.db, item_id)

    def of_file(self, file_id: str) -> list[Page]:
        return self._pages("file_id = ? ORDER BY file_page", (file_id,))

    def waiting(self, limit: int = 200) -> list[Page]:
        """Pages that need a person: with complaints, or without an item; oldest first."""
        return self._pages("state IN ('held', 'loose') ORDER BY no LIMIT ?", (limit,))

    def lines(self, page: Page) -> list[Line]:
        with self._database.read() as db:
            return _lines(db, page.no)

    def lines_in(self, change: Change, page: Page) -> list[Line]:
        return _lines(change.db, page.no)

    def unsure(self, clearance: str, limit: int) -> list[tuple[Page, Line]]:
        """Doubtful lines of hooked pages up to ``clearance``, oldest page first."""
        with self._database.read() as db:
            return _lines_where(db, "= 'unsure'", clearance, limit)

    def said_by_people(self, clearance: str) -> list[tuple[Page, Line]]:
        """Lines of hooked pages that people corrected or confirmed, where something is written."""
        with self._database.read() as db:
            found = _lines_where(db, "IN ('corrected', 'confirmed')", clearance, -1)
        return [(page, line) for page, line in found if line.text]

    def count_unsure(self, clearance: str) -> int:
        with self._database.read() as db:
            return int(db.execute(f"SELECT count(*) {_OF_PAGES} = 'unsure'", _levels(clearance)).fetchone()[0])

    def corrections(self, read_text: str) -> list[str]:
        """What people made of this very reading elsewhere, most often first."""
        with self._database.read() as db:
            rows = db.execute(
                "SELECT text FROM page_line WHERE read_text = ? AND state = 'corrected' GROUP BY text"
                " ORDER BY count(*) DESC, text LIMIT 3",
                (read_text,),
            )
            return [row["text"] for row in rows]

    def add_file(
        self,
        change: Change,
        *,
        sha256: str,
        source: str,
        name: str,
        facts: FileFacts,
        size: int,
        pages: int,
        actor: str,
    ) -> str:
        file_id = new_id(change.utc_ms)
        change.db.execute(
            "INSERT INTO scan_file VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                *(file_id, sha256, source, name, facts.format, facts.author, facts.created, facts.modified),
                *(facts.made_with, json.dumps(facts.alarming), size, pages, change.utc_ms, actor),
            ),
        )
        return file_id

    def keep_report(self, change: Change, file_id: str, report: dict[str, Any]) -> None:
        """What the four checks found on arrival."""
        change.db.execute("INSERT INTO scan_check VALUES (?, ?)", (file_id, json.dumps(report, ensure_ascii=False)))

    def report(self, file_id: str) -> dict[str, Any] | None:
        with self._database.read() as db:
            row = db.execute("SELECT report FROM scan_check WHERE file_id = ?", (file_id,)).fetchone()
        return json.loads(row["report"]) if row else None

    def add(self, change: Change, file_id: str, judged: Judged, actor: str) -> str:
        """A page that belongs to no item yet; held where there are complaints."""
        page_id = new_id(change.utc_ms)
        seen = judged.seen
        cursor = change.db.execute(
            "INSERT INTO page (id, file_id, file_page, image, width, height, dpi, measures, complaints, proposed,"
            " printed_no, state, seen_ms, seen_by, stamp) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                *(page_id, file_id, seen.number, judged.image, seen.width, seen.height, judged.dpi),
                json.dumps(seen.measures.as_body()),
                json.dumps([[one.code, one.params] for one in judged.complaints]),
                json.dumps(judged.proposed),
                *(judged.printed_no, "held" if judged.complaints else "loose", change.utc_ms, actor),
                json.dumps(asdict(judged.stamp), ensure_ascii=False),
            ),
        )
        self._write_lines(change, cursor.lastrowid, judged.lines)
        return page_id

    def set_lines(self, change: Change, page: Page, lines: Sequence[Line]) -> None:
        change.db.execute("DELETE FROM page_line WHERE page = ?", (page.no,))
        self._write_lines(change, page.no, lines)

    def set_line(self, change: Change, page: Page, line: Line) -> None:
        """Its words and state; what was read stays."""
        change.db.execute(
            "UPDATE page_line SET text = ?, state = ?, mended = ? WHERE page = ? AND line = ?",
            (line.text, line.state, line.mended, page.no, line.line),
        )

    def set_state(self, change: Change, page_id: str, state: PageState, *, despite: str = "") -> None:
        change.db.execute(
            "UPDATE page SET state = ?, despite = CASE WHEN ? = '' THEN despite ELSE ? END WHERE id = ?",
            (state, despite, despite, page_id),
        )

    def hook(self, change: Change, page_id: str, item_id: str, page_no: int) -> None:
        """StoreError ``conflict`` where another page stands there."""
        change.db.execute(
            "UPDATE page SET state = 'hooked', item_id = ?, page_no = ? WHERE id = ?", (item_id, page_no, page_id)
        )

    def _pages(self, condition: str, values: tuple[Any, ...]) -> list[Page]:
        with self._database.read() as db:
            return _where(db, condition, values)

    def _write_lines(self, change: Change, page_row: int | None, lines: Iterable[Line]) -> None:
        change.db.executemany(
            "INSERT INTO page_line VALUES (?,?,?,?,?,?,?,?,?)",
            [
                (
                    *(page_row, one.line, json.dumps(one.quad), one.read_text, one.text),
                    *(one.confidence, one.weakest, one.state, one.mended),
                )
                for one in lines
            ],
        )


def _get_file(db: Connection, file_id: str) -> ScanFile:
    row = db.execute("SELECT * FROM scan_file WHERE id = ?", (file_id,)).fetchone()
    if row is None:
        raise InputRefused("page_unknown", "look_again", page=file_id[:36])
    return _file(row)


def _lines_where(db: Connection, state: str, clearance: str, limit: int) -> list[tuple[Page, Line]]:
    """Oldest page first; ``limit`` -1: all."""
    columns = ", ".join(f"page.{name.strip()}" for name in _PAGE.split(","))
    rows = db.execute(
        f"SELECT {columns}, page_line.line AS at {_OF_PAGES} {state} ORDER BY page.no, page_line.line LIMIT ?",
        (*_levels(clearance), limit),
    ).fetchall()
    found = [(_page(row), row["at"]) for row in rows]
    lines = {page.no: {line.line: line for line in _lines(db, page.no)} for page, _ in found}
    return [(page, lines[page.no][at]) for page, at in found]


def _levels(clearance: str) -> tuple[str, ...]:
    """As many as SECRECY has, those above ``clearance`` left empty."""
    return tuple(level if may_see(clearance, level) else "" for level in SECRECY)


def _get(db: Connection, page_id: str) -> Page:
    found = _where(db, "id = ?", (page_id,))
    if not found:
        raise InputRefused("page_unknown", "look_again", page=page_id[:36])
    return found[0]


def _of_item(db: Connection, item_id: str) -> list[Page]:
    return _where(db, "item_id = ? AND state = 'hooked' ORDER BY page_no", (item_id,))


def _where(db: Connection, condition: str, values: tuple[Any, ...]) -> list[Page]:
    return [_page(row) for row in db.execute(f"SELECT {_PAGE} FROM page WHERE {condition}", values)]


def _lines(db: Connection, page_row: int) -> list[Line]:
    return [_line(row) for row in db.execute("SELECT * FROM page_line WHERE page = ? ORDER BY line", (page_row,))]


def _page(row: Row) -> Page:
    fields = {name: row[name] for name in Page.__dataclass_fields__ if name not in ("turned_deg", "stamp")}
    fields["turned_deg"] = json.loads(row["measures"]).get("turned_deg", 0)  # pages of before say nothing
    fields["stamp"] = Stamp(**json.loads(row["stamp"]))
    fields["complaints"] = tuple(Complaint(code, params) for code, params in json.loads(row["complaints"]))
    fields["proposed"] = tuple(json.loads(row["proposed"]))
    return Page(**fields)


def _file(row: Row) -> ScanFile:
    fields = {name: row[name] for name in ScanFile.__dataclass_fields__}
    return ScanFile(**{**fields, "alarming": tuple(json.loads(row["alarming"]))})


def _line(row: Row) -> Line:
    fields = {name: row[name] for name in Line.__dataclass_fields__}
    return Line(**{**fields, "quad": tuple((x, y) for x, y in json.loads(row["quad"]))})
