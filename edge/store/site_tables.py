"""What a site keeps for itself: secret levels, retention classes, category codes, and who may work in which fonds."""

from __future__ import annotations

from collections.abc import Mapping

from edge.domain import register_columns
from edge.domain.archive_numbers import CASE_SERIES, CATEGORIES, ArchiveNumber, Codes, parse
from edge.domain.records import SecretLevel
from edge.domain.register_columns import Heading
from edge.domain.retention import RetentionClass
from edge.errors import InputRefused, RuleRefused
from edge.store.connection import Connection
from edge.store.database import Change, Database


class SiteTables:
    def __init__(self, database: Database) -> None:
        self._database = database

    def secret_levels(self, *, every: bool = False) -> list[SecretLevel]:
        """``every``: also those that are no longer given."""
        with self._database.read() as db:
            found = db.execute("SELECT * FROM secret_level WHERE active OR ? ORDER BY clearance, code", (every,))
            return [SecretLevel(row["code"], row["name"], row["clearance"], bool(row["active"])) for row in found]

    def retention_classes(self, *, every: bool = False) -> list[RetentionClass]:
        query = "SELECT code, years, counts_from, then_do, basis, active FROM retention_class WHERE active OR ?"
        with self._database.read() as db:
            found = db.execute(f"{query} ORDER BY coalesce(years, 1000) DESC, code", (every,))
            rows = [dict(zip(row.keys(), row, strict=True)) for row in found]
        return [RetentionClass(**{**row, "active": bool(row["active"])}) for row in rows]

    def choices(self) -> dict[str, tuple[str, ...]]:
        """Of the fields whose choices the site keeps."""
        return {
            "secret_mark": tuple(level.code for level in self.secret_levels()),
            "retention": tuple(one.code for one in self.retention_classes()),
        }

    def coded(self, values: Mapping[str, str]) -> dict[str, str]:
        """``values`` with the code of a secret level that was written by its name."""
        codes = {level.name: level.code for level in self.secret_levels()}
        return {name: codes.get(text.strip(), text) if name == "secret_mark" else text for name, text in values.items()}

    def categories(self) -> list[tuple[str, str]]:
        """The site's own category codes, with their names."""
        with self._database.read() as db:
            return [(row["code"], row["name"]) for row in db.execute("SELECT * FROM category_code ORDER BY code")]

    def set_secret_level(self, change: Change, level: SecretLevel, actor: str) -> None:
        change.db.execute(
            "INSERT INTO secret_level (code, name, clearance, active) VALUES (?,?,?,?) ON CONFLICT (code)"
            " DO UPDATE SET name = excluded.name, clearance = excluded.clearance, active = excluded.active",
            (level.code, level.name, level.clearance, int(level.active)),
        )
        body = {"code": level.code, "clearance": level.clearance, "active": int(level.active)}
        change.event("site.secret_level_set", subject=level.code, actor=actor, body=body)

    def set_retention_class(self, change: Change, one: RetentionClass, actor: str) -> None:
        change.db.execute(
            "INSERT INTO retention_class (code, years, counts_from, then_do, basis, active) VALUES (?,?,?,?,?,?)"
            " ON CONFLICT (code) DO UPDATE SET years = excluded.years, counts_from = excluded.counts_from,"
            " then_do = excluded.then_do, basis = excluded.basis, active = excluded.active",
            (one.code, one.years, one.counts_from, one.then_do, one.basis, int(one.active)),
        )
        body = {"code": one.code, "years": one.years or 0, "counts_from": one.counts_from, "active": int(one.active)}
        change.event("site.retention_class_set", subject=one.code, actor=actor, body=body)

    def add_category(self, change: Change, code: str, name: str, actor: str) -> None:
        """InputRefused ``category_code_unfit`` unless two to four capitals."""
        if not (2 <= len(code) <= 4 and code.isascii() and code.isalpha() and code.isupper()):
            raise InputRefused("category_code_unfit", "use_capitals", text=code)
        change.db.execute("INSERT OR REPLACE INTO category_code VALUES (?, ?)", (code, name))
        change.event("site.category_added", subject=code, actor=actor, body={"code": code})

    def headings(self, fonds_no: str, kind: str) -> tuple[Heading, ...]:
        """Of its printed registers of this kind."""
        with self._database.read() as db:
            return headings_in(db, fonds_no, kind)

    def set_headings(self, change: Change, fonds_no: str, kind: str, headings: tuple[Heading, ...], actor: str) -> None:
        """() = the usual ones again. InputRefused ``fonds_unknown``."""
        db = change.db
        if not db.execute("SELECT 1 FROM fonds WHERE fonds_no = ?", (fonds_no,)).fetchone():
            raise InputRefused("fonds_unknown", "check_fonds", fonds=fonds_no)
        db.execute("DELETE FROM register_heading WHERE fonds_no = ? AND kind = ?", (fonds_no, kind))
        db.executemany(
            "INSERT INTO register_heading VALUES (?,?,?,?,?,?)",
            [(fonds_no, kind, place, one.column, one.words, one.share) for place, one in enumerate(headings, 1)],
        )
        body = {"fonds": fonds_no, "kind": kind, "fields": [one.column for one in headings]}
        change.event("fonds.headings_set", subject=fonds_no, actor=actor, body=body)

    def people_of_fonds(self, fonds_no: str) -> list[str]:
        """Ids of who may work in it; [] = everybody."""
        with self._database.read() as db:
            found = db.execute("SELECT person_id FROM fonds_right WHERE fonds_no = ? ORDER BY person_id", (fonds_no,))
            return [row["person_id"] for row in found]

    def let_into_fonds(self, change: Change, fonds_no: str, person_ids: list[str], actor: str) -> None:
        """Only these work in the fonds from now on; [] opens it to everybody with the right."""
        change.db.execute("DELETE FROM fonds_right WHERE fonds_no = ?", (fonds_no,))
        rows = [(fonds_no, person_id) for person_id in person_ids]
        change.db.executemany("INSERT INTO fonds_right VALUES (?, ?)", rows)
        change.event("fonds.rights_set", subject=fonds_no, actor=actor, body={"people": person_ids})


def headings_in(db: Connection, fonds_no: str, kind: str) -> tuple[Heading, ...]:
    """The fonds' own, else the usual ones."""
    found = db.execute(
        "SELECT column_name, words, share FROM register_heading WHERE fonds_no = ? AND kind = ? ORDER BY place",
        (fonds_no, kind),
    )
    own = tuple(Heading(row["column_name"], row["words"], row["share"]) for row in found)
    return own or register_columns.usual(kind)


def number_in(db: Connection, text: str) -> ArchiveNumber:
    """``text`` read by this site's codes."""
    return parse(text, *codes(db))


def codes(db: Connection) -> Codes:
    """Category codes and case prefixes that numbers may have here."""
    own = {row["code"] for row in db.execute("SELECT code FROM category_code")}
    prefixes = {row["category"] for row in db.execute("SELECT category FROM series WHERE arrangement = 'case'")}
    return CATEGORIES | own, frozenset(prefixes | set(CASE_SERIES))


def clearance_of(db: Connection, secret_mark: str, publicity: str) -> str:
    """The step of SECRECY that a mark of the site's table stands for."""
    if not secret_mark:
        return "internal" if publicity == "internal" else "public"
    row = db.execute("SELECT clearance FROM secret_level WHERE code = ?", (secret_mark,)).fetchone()
    if row is None:
        raise InputRefused("field_unreadable", "look_at_field", field="secret_mark", written=secret_mark)
    return str(row["clearance"])


def require_fonds_right(db: Connection, fonds_no: str, person_id: str) -> None:
    """RuleRefused ``fonds_closed_to_you`` where the fonds names people and this is none of them."""
    named = [row["person_id"] for row in db.execute("SELECT * FROM fonds_right WHERE fonds_no = ?", (fonds_no,))]
    if named and person_id not in named:
        raise RuleRefused("fonds_closed_to_you", "ask_archivist", fonds=fonds_no)
