"""Series and the registers of their numbers: given provisionally, reviewed, sealed, and from then on never changed.

The tables themselves refuse to change a sealed number (migration 070); here it is said in words before that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from edge.domain import archive_numbers, sequencing
from edge.domain import series as series_rules
from edge.domain.ids import new_id
from edge.domain.records import may_see
from edge.domain.series import Loanable, Register, Series
from edge.errors import InputRefused, RuleRefused
from edge.store import catalogue_rows as rows
from edge.store import found_series, site_tables, volume_rows
from edge.store.connection import Connection, Row
from edge.store.database import Change, Database
from edge.store.found_series import FoundSeries
from edge.store.reread import read_again

_SERIES = ", ".join(Series.__dataclass_fields__)
_REGISTER = ", ".join(Register.__dataclass_fields__)
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Standing:
    """A register with what stands in it. ``gaps``: missing numbers; ``void``: numbers whose records were voided."""

    register: Register
    count: int
    last_no: int
    gaps: list[tuple[int, int]]
    void: list[int]


@dataclass(frozen=True, slots=True)
class Numbered:
    """One record of a register. ``subject`` item or volume."""

    id: str
    subject: str
    no: int
    ref_code: str
    title: str
    state: str


class Numbering:
    def __init__(self, database: Database) -> None:
        self._database = database

    def all_series(self, fonds_no: str = "") -> list[Series]:
        with self._database.read() as db:
            query = f"SELECT {_SERIES} FROM series WHERE ?1 IN ('', fonds_no) ORDER BY fonds_no, category, classes"
            return [_series(row) for row in db.execute(query, (fonds_no,))]

    def series(self, series_id: str) -> Series:
        """InputRefused ``series_unknown``."""
        with self._database.read() as db:
            return series_in(db, series_id)

    def standing(self, series_id: str, year: int | None = None) -> list[Standing]:
        """Every register of the series, or of one year of it."""
        with self._database.read() as db:
            of = series_in(db, series_id)
            return [_standing(db, of, register) for register in registers_in(db, series_id, year)]

    def register(self, register_id: str) -> tuple[Series, Register]:
        with self._database.read() as db:
            return register_in(db, register_id)

    def numbered(self, register_id: str, clearance: str = "top_secret") -> list[Numbered]:
        """What stands in the register, in the order of its numbers; titles above ``clearance`` are left empty."""
        with self._database.read() as db:
            hidden = {
                row["id"]
                for row in db.execute("SELECT id, secret_level FROM item WHERE register_id = ?", (register_id,))
                if not may_see(clearance, row["secret_level"])
            }
            found = numbered_in(db, register_id)
        return [replace(one, title="") if one.id in hidden else one for one in found]

    def add_series(self, change: Change, new: Series, actor: str) -> Series:
        """``new.id`` is given here. InputRefused as series.require_fitting; StoreError ``conflict`` for a twin."""
        series_rules.require_fitting(new)
        row = {name: getattr(new, name) for name in Series.__dataclass_fields__} | {"id": new_id(change.utc_ms)}
        change.db.execute(f"INSERT INTO series ({_SERIES}) VALUES ({', '.join('?' * len(row))})", tuple(row.values()))
        made = Series(**row)
        body = {"series": made.id, "fonds": made.fonds_no, "rule": made.number_rule, "category": made.category}
        change.event("series.added", subject=made.id, actor=actor, body=body)
        if made.arrangement == "case":
            read_again(change, made.category, actor)
        return made

    def set_loanable(self, change: Change, series_id: str, loanable: Loanable, actor: str) -> Series:
        """Whether its records may leave the room; loans that run are not touched. InputRefused ``series_unknown``."""
        before = series_in(change.db, series_id)
        change.db.execute("UPDATE series SET loanable = ? WHERE id = ?", (loanable, series_id))
        body = {"series": series_id, "loanable": loanable, "before": before.loanable}
        change.event("series.loanable_set", subject=series_id, actor=actor, body=body)
        return replace(before, loanable=loanable)

    def found(self) -> list[FoundSeries]:
        """Series that lists brought and nobody took up yet."""
        with self._database.read() as db:
            return found_series.found(db)

    def adopt(self, change: Change, one: FoundSeries, name: str, actor: str) -> Series:
        """A series that lists brought is gone on with: its numbers and their gaps count, new ones follow them."""
        cases = one.arrangement == "case"
        told = {"id": "", "fonds_no": one.fonds_no, "parent": None, "name": name, "project_no": "", "retention": ""}
        told |= {"category": one.category, "classes": one.classes, "catalogue_no": one.catalogue_no}
        told |= {"arrangement": one.arrangement, "number_rule": one.number_rule, "parts": one.parts}
        widths = {"item_width": 4, "file_width": 4 if cases else 3}
        made = self.add_series(change, Series(**told, **widths, loanable="yes"), actor)  # type: ignore[arg-type]  # as found
        for run in one.runs if not cases else ():
            open_register(change, made, run.year, run.retention, run.org)
        return made

    def review(self, change: Change, series_id: str, year: int, actor: str) -> list[Register]:
        """The year's registers that were open count as reviewed by ``actor``. RuleRefused ``nothing_to_seal``."""
        found = [one for one in registers_in(change.db, series_id, year) if one.state == "open"]
        if not found:
            raise RuleRefused("nothing_to_seal", "choose_other_year", year=year)
        change.db.executemany(
            "UPDATE register SET state = 'reviewed', reviewed_by = ?, reviewed_ms = ? WHERE id = ?",
            [(actor, change.utc_ms, one.id) for one in found],
        )
        body = {"series": series_id, "year": year, "registers": [one.id for one in found]}
        change.event("register.reviewed", subject=series_id, actor=actor, body=body)
        return registers_in(change.db, series_id, year)

    def seal(self, change: Change, series_id: str, year: int, actor: str, gaps_reason: str) -> list[Standing]:
        """From here on the numbers of the year stand for ever.

        RuleRefused ``not_reviewed``, ``nothing_to_seal``, ``seal_needs_other_person``, ``gaps_unexplained`` (gaps).
        """
        of = series_in(change.db, series_id)
        unsealed = [one for one in registers_in(change.db, series_id, year) if one.state != "sealed"]
        if not unsealed:
            raise RuleRefused("nothing_to_seal", "choose_other_year", year=year)
        if any(one.state == "open" for one in unsealed):
            raise RuleRefused("not_reviewed", "review_first", year=year)
        if any(one.reviewed_by == actor for one in unsealed):
            raise RuleRefused("seal_needs_other_person", "ask_second_person")
        standing = [_standing(change.db, of, one) for one in unsealed]
        missing = [gap for one in standing for gap in one.gaps]
        if missing and not gaps_reason.strip():
            raise RuleRefused("gaps_unexplained", "number_anew_or_explain", gaps=written_gaps(missing))
        for one in standing:
            change.db.execute(
                "UPDATE register SET state = 'sealed', sealed_by = ?, sealed_ms = ?, last_no = ?, gaps_reason = ?"
                " WHERE id = ?",
                (actor, change.utc_ms, one.last_no, gaps_reason.strip() if one.gaps else "", one.register.id),
            )
            body = {"series": series_id, "year": year, "count": one.count, "last_no": one.last_no}
            body |= {"gaps": [list(gap) for gap in one.gaps]}
            change.event("register.sealed", subject=one.register.id, actor=actor, body=body)
        return [_standing(change.db, of, one) for one in registers_in(change.db, series_id, year)]

    def renumber(self, change: Change, register_id: str, wanted: list[str], actor: str) -> int:
        """Number the register anew in the order ``wanted`` (ids of all its live records); how many numbers changed.

        Boxes whose spine is then wrong go to the labels to reprint. RuleRefused ``register_sealed``; InputRefused
        ``order_incomplete``.
        """
        of, register = register_in(change.db, register_id)
        if register.state == "sealed":
            raise RuleRefused("register_sealed", "describe_at_the_end", year=register.year)
        now = numbered_in(change.db, register_id)
        live = {one.id: one for one in now if one.state != "void"}
        if sorted(wanted) != sorted(live):
            raise InputRefused("order_incomplete", "look_again", missing=len(set(live) - set(wanted)))
        standing = _others(change.db, of, register) | {one.no for one in now if one.state == "void"}
        numbers = sequencing.renumbered(wanted, standing)
        moved = {one: no for one, no in numbers.items() if live[one].no != no}
        table = "volume" if of.arrangement == "volume" else "item"
        clear = f"UPDATE {table} SET seq = NULL, ref_key = NULL WHERE id = ?"  # two records may change places
        change.db.executemany(clear, [(one,) for one in moved])
        for one, no in moved.items():
            give(change, of, register, table, one, no)
        reopen(change.db, register)
        body = {"register": register_id, "changed": len(moved), "order": wanted}
        change.event("register.renumbered", subject=register_id, actor=actor, body=body)
        return len(moved)


def series_in(db: Connection, series_id: str) -> Series:
    row = db.execute(f"SELECT {_SERIES} FROM series WHERE id = ?", (series_id,)).fetchone()
    if row is None:
        raise InputRefused("series_unknown", "choose_series", series=series_id)
    return _series(row)


def registers_in(db: Connection, series_id: str, year: int | None = None) -> list[Register]:
    query = f"SELECT {_REGISTER} FROM register WHERE series_id = ? AND (?2 IS NULL OR year = ?2)"
    return [_register(row) for row in db.execute(f"{query} ORDER BY year, retention, org", (series_id, year))]


def register_in(db: Connection, register_id: str) -> tuple[Series, Register]:
    row = db.execute(f"SELECT {_REGISTER} FROM register WHERE id = ?", (register_id,)).fetchone()
    if row is None:
        raise InputRefused("register_unknown", "look_again", register=register_id)
    return series_in(db, row["series_id"]), _register(row)


def open_register(change: Change, of: Series, year: int, retention: str, org: str) -> Register:
    """The register that such a record belongs to, made where it is the first."""
    parts = of.parts.split()
    key = (of.id, year if "year" in parts else 0, retention if "retention" in parts else "")
    key4 = (*key, org if "org" in parts else "")
    query = f"SELECT {_REGISTER} FROM register WHERE series_id = ? AND year = ? AND retention = ? AND org = ?"
    row = change.db.execute(query, key4).fetchone()
    if row is None:
        change.db.execute(
            "INSERT INTO register (id, series_id, year, retention, org, state) VALUES (?,?,?,?,?,'open')",
            (new_id(change.utc_ms), *key4),
        )
        row = change.db.execute(query, key4).fetchone()
    return _register(row)


def next_no(db: Connection, of: Series, register: Register) -> int:
    """Above every number that its run ever had, given here or brought by a list."""
    return sequencing.following(
        _others(db, of, register) | {one.no for one in numbered_in(db, register.id)}, register.last_no
    )


def give(change: Change, of: Series, register: Register, table: str, subject: str, no: int) -> str:
    """Write number ``no`` on an item or a volume, with all that follows from it; the number as written."""
    db = change.db
    written = series_rules.write(of, register, no)
    if table == "volume":
        key = archive_numbers.key_within(site_tables.number_in(db, written), of.fonds_no)
        volume_rows.number(db, subject, register_id=register.id, seq=no, ref_code=written, ref_key=key)
        inside = db.execute("SELECT id, seq FROM item WHERE volume_id = ? AND seq IS NOT NULL", (subject,)).fetchall()
        for row in inside:
            write_item_number(db, row["id"], series_rules.write(of, register, no, row["seq"]))
            reprint_box_of(change, "item", row["id"])
    else:
        write_item_number(db, subject, written, register_id=register.id, seq=no)
    reprint_box_of(change, table, subject)
    return written


def write_item_number(db: Connection, item_id: str, written: str, **place: str | int) -> None:
    """``place``: columns of its place in the run, in the same statement: a sealed register lets nothing be added to."""
    columns: dict[str, str | int] = {
        "ref_code": written,
        "ref_key": key_in(db, written),
        **rows.folded(written),
        **place,
    }
    settings = ", ".join(f"{name} = ?" for name in columns)
    db.execute(f"UPDATE item SET {settings} WHERE id = ?", (*columns.values(), item_id))
    rows.reindex_item(db, db.execute("SELECT no FROM item WHERE id = ?", (item_id,)).fetchone()["no"])


def key_in(db: Connection, written: str) -> str:
    return series_rules.key(written, *site_tables.codes(db))


def reopen(db: Connection, register: Register) -> None:
    """What was reviewed has changed since."""
    db.execute("UPDATE register SET state = 'open' WHERE id = ? AND state = 'reviewed'", (register.id,))


def reprint(change: Change, box_id: str, why: str) -> None:
    """The spine of this box says what is no longer so."""
    change.db.execute(
        "INSERT INTO label_reprint (box_id, why, since_ms) VALUES (?,?,?) ON CONFLICT (box_id) DO UPDATE"
        " SET why = excluded.why",
        (box_id, why, change.utc_ms),
    )


def numbered_in(db: Connection, register_id: str) -> list[Numbered]:
    query = " UNION ALL ".join(
        f"SELECT id, '{table}' AS subject, seq AS no, ref_code, title, state FROM {table} WHERE register_id = ?1"
        for table in ("item", "volume")
    )
    found = db.execute(f"{query} ORDER BY no", (register_id,))
    return [Numbered(**dict(zip(row.keys(), row, strict=True))) for row in found]


def written_gaps(missing: Iterable[tuple[int, int]]) -> str:
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in missing)


def reprint_box_of(change: Change, table: str, subject: str) -> None:
    """The numbers in the box that it lies in are others now."""
    row = change.db.execute(f"SELECT box_id FROM {table} WHERE id = ?", (subject,)).fetchone()
    if row["box_id"]:
        reprint(change, row["box_id"], "numbers")


def _others(db: Connection, of: Series, register: Register) -> set[int]:
    """Numbers of this run that lists brought: they stand as they were written."""
    if of.arrangement == "case":
        return set()
    if of.arrangement == "volume":
        return _other_volumes(db, of, register)
    prefix = key_in(db, series_rules.write(of, register, 1)).rpartition("/")[0] + "/"
    return {int(tail) for tail in _tails(db, "item", "register_id", prefix) if tail.isdigit()}


def _other_volumes(db: Connection, of: Series, register: Register) -> set[int]:
    """Of volumes that lists brought, as volumes of their own or in the numbers of their items."""
    inside = key_in(db, series_rules.write(of, register, 1, 1)).rsplit("/", 2)[0] + "/"
    tails = [tail.partition("/")[0] for tail in _tails(db, "item", "seq", inside)]
    whole = archive_numbers.key_within(site_tables.number_in(db, series_rules.write(of, register, 1)), of.fonds_no)
    if whole.startswith("~"):  # of 1994: three parts alone follow no rule
        start = "~" + "-".join([of.fonds_no, of.catalogue_no, ""])
        tails += [tail.partition("~")[0] for tail in _tails(db, "volume", "register_id", start)]
    else:
        tails += _tails(db, "volume", "register_id", whole.rpartition("/")[0] + "/")
    return {int(tail) for tail in tails if tail.isdigit()}


def _tails(db: Connection, table: str, unnumbered: str, prefix: str) -> list[str]:
    """What follows ``prefix`` in the keys of records that were not numbered here."""
    found = db.execute(
        f"SELECT ref_key FROM {table} WHERE ref_key >= ? AND ref_key < ? AND {unnumbered} IS NULL",
        (prefix, prefix + _LAST),
    )
    return [row["ref_key"].removeprefix(prefix) for row in found]


def _standing(db: Connection, of: Series, register: Register) -> Standing:
    now = numbered_in(db, register.id)
    numbers = {one.no for one in now} | _others(db, of, register)
    void = [one.no for one in now if one.state == "void"]
    return Standing(
        register, len(numbers), max([*numbers, register.last_no], default=0), sequencing.gaps(numbers), void
    )


def _series(row: Row) -> Series:
    return Series(**{name: row[name] for name in Series.__dataclass_fields__})


def _register(row: Row) -> Register:
    return Register(**{name: row[name] for name in Register.__dataclass_fields__})
