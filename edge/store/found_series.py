"""Series that lists brought: what their numbers say of fonds, category, arrangement and rule, run by run.

Walks the index of canonical keys from run to run, so that a million items cost as much as their runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from edge.domain import archive_numbers
from edge.domain.archive_numbers import ArchiveNumber
from edge.domain.series import Arrangement, NumberRule
from edge.store.connection import Connection

_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Run:
    """Numbers that count up together."""

    year: int
    retention: str
    org: str


@dataclass(frozen=True, slots=True)
class FoundSeries:
    """``example``: one of its numbers as written. ``runs``: in the order of their keys."""

    fonds_no: str
    category: str
    classes: str
    catalogue_no: str
    arrangement: Arrangement
    number_rule: NumberRule
    example: str
    runs: tuple[Run, ...]

    @property
    def parts(self) -> str:
        if self.arrangement == "case" or self.number_rule == "1994":
            return ""
        named = {"year": "year", "retention": "retention", "org": "org"}
        return " ".join(part for part, name in named.items() if any(getattr(run, name) for run in self.runs))


def found(db: Connection) -> list[FoundSeries]:
    """Those that are no series yet."""
    groups: dict[tuple[str, str, str, str], tuple[Arrangement, NumberRule, str, dict[Run, None]]] = {}
    for table in ("volume", "item"):
        for number, fonds_no in _runs(db, table):
            series = _series_of(number, fonds_no, of_volumes=table == "volume")
            if series is None:
                continue
            key, arrangement, rule = series
            run = Run(number.year or 0, number.retention, number.org)
            groups.setdefault(key, (arrangement, rule, number.written, {}))[3][run] = None
    known = {
        (row["fonds_no"], row["category"], row["classes"], row["catalogue_no"])
        for row in db.execute("SELECT fonds_no, category, classes, catalogue_no FROM series")
    }
    prefixes = {row["category"] for row in db.execute("SELECT category FROM series WHERE arrangement = 'case'")}
    return [
        FoundSeries(*key, arrangement, rule, written, tuple(runs))
        for key, (arrangement, rule, written, runs) in groups.items()
        if key not in known and not (arrangement == "case" and key[1] in prefixes)
    ]


def _runs(db: Connection, table: str) -> Iterator[tuple[ArchiveNumber, str]]:
    """One number of each run, with the fonds of its record."""
    after = ""
    while True:
        row = db.execute(
            f"SELECT ref_key, ref_code, fonds_no FROM {table} WHERE ref_key > ? AND ref_key < '~'"
            " ORDER BY ref_key LIMIT 1",
            (after,),
        ).fetchone()
        if row is None:
            return
        number = archive_numbers.of_key(row["ref_key"], row["ref_code"])
        if number.rule == "case":
            after = row["ref_key"][:2] + _LAST
        else:
            after = row["ref_key"].rpartition("/")[0] + "/" + _LAST
            if number.file_no is not None:
                after = row["ref_key"].rsplit("/", 2)[0] + "/" + _LAST
        yield number, row["fonds_no"]


def _series_of(
    number: ArchiveNumber, fonds_no: str, *, of_volumes: bool
) -> tuple[tuple[str, str, str, str], Arrangement, NumberRule] | None:
    """None where the number names another fonds than its record lies in: it could not be gone on with."""
    if number.rule == "case":
        return (fonds_no, number.classes[0], "", ""), "case", "case"
    if number.fonds.upper() != fonds_no.upper():
        return None
    if number.rule == "1994":
        return (fonds_no, "WS", "", number.classes[0]), "volume", "1994"
    key = (fonds_no, number.classes[0], "·".join(number.classes[1:]), "")
    if of_volumes or number.file_no is not None:
        return key, "volume", "2022"
    return key, "item", "2015" if _by_2015(number) else "2022"


def _by_2015(number: ArchiveNumber) -> bool:
    """Whether retention and question stand behind dashes of their own."""
    return len(archive_numbers.dashed(number.written)) > 3
