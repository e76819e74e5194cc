"""Series and the runs of their numbers, the registers: what stands in each, what is missing, which number is next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from edge.domain import archive_numbers, sequencing
from edge.domain import series as series_rules
from edge.domain.ids import new_id
from edge.domain.series import Register, Series
from edge.errors import InputRefused
from edge.store import number_writing, site_tables
from edge.store.connection import Connection, Row
from edge.store.database import Change

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


def all_series(db: Connection, fonds_no: str) -> list[Series]:
    """Of one fonds, "" = of all."""
    query = f"SELECT {_SERIES} FROM series WHERE ?1 IN ('', fonds_no) ORDER BY fonds_no, category, classes"
    return [_series(row) for row in db.execute(query, (fonds_no,))]


def insert_series(db: Connection, new: Series) -> Series:
    """StoreError ``conflict`` for a twin."""
    values = [getattr(new, name) for name in Series.__dataclass_fields__]
    db.execute(f"INSERT INTO series ({_SERIES}) VALUES ({', '.join('?' * len(values))})", values)
    return new


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
        others(db, of, register) | {one.no for one in numbered_in(db, register.id)}, register.last_no
    )


def reopen(db: Connection, register: Register) -> None:
    """What was reviewed has changed since."""
    db.execute("UPDATE register SET state = 'open' WHERE id = ? AND state = 'reviewed'", (register.id,))


def numbered_in(db: Connection, register_id: str) -> list[Numbered]:
    query = " UNION ALL ".join(
        f"SELECT id, '{table}' AS subject, seq AS no, ref_code, title, state FROM {table} WHERE register_id = ?1"
        for table in ("item", "volume")
    )
    found = db.execute(f"{query} ORDER BY no", (register_id,))
    return [Numbered(**dict(zip(row.keys(), row, strict=True))) for row in found]


def others(db: Connection, of: Series, register: Register) -> set[int]:
    """Numbers of this run that lists brought: they stand as they were written."""
    if of.arrangement == "case":
        return set()
    if of.arrangement == "volume":
        return _other_volumes(db, of, register)
    prefix = number_writing.key_in(db, series_rules.write(of, register, 1)).rpartition("/")[0] + "/"
    return {int(tail) for tail in _tails(db, "item", "register_id", prefix) if tail.isdigit()}


def _other_volumes(db: Connection, of: Series, register: Register) -> set[int]:
    """Of volumes that lists brought, as volumes of their own or in the numbers of their items."""
    inside = number_writing.key_in(db, series_rules.write(of, register, 1, 1)).rsplit("/", 2)[0] + "/"
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


def standing_of(db: Connection, of: Series, register: Register) -> Standing:
    now = numbered_in(db, register.id)
    numbers = {one.no for one in now} | others(db, of, register)
    void = [one.no for one in now if one.state == "void"]
    return Standing(
        register, len(numbers), max([*numbers, register.last_no], default=0), sequencing.gaps(numbers), void
    )


def standing_in(db: Connection, of: Series, year: int | None = None) -> list[Standing]:
    """Every register of the series, or of one year of it."""
    return [standing_of(db, of, register) for register in registers_in(db, of.id, year)]


def _series(row: Row) -> Series:
    return Series(**{name: row[name] for name in Series.__dataclass_fields__})


def _register(row: Row) -> Register:
    return Register(**{name: row[name] for name in Register.__dataclass_fields__})


def written_gaps(missing: Iterable[tuple[int, int]]) -> str:
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in missing)
