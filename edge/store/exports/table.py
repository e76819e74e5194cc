"""One table as people take it out: its columns, and its rows as plain values."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast

from edge.clock import iso_utc
from edge.domain import own_rows
from edge.store.connection import Connection
from edge.store.exports.scope import Scope
from edge.words import load, say

Kind = Literal["text", "count", "share", "yes_no", "time", "boxes", "level"]
Value = str | int | float | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Column:
    """``name``: in JSON Lines; its heading elsewhere is the word ``export.column.<name>``, else the form's
    ``field.<name>``. ``sql``: what it holds.

    ``share``: 0…1. ``boxes``: a JSON list of box numbers. ``time``: milliseconds since 1970, written as ISO 8601 in
    UTC.
    """

    name: str
    sql: str
    kind: Kind = "text"

    def heading(self, language: str) -> str:
        word = f"export.column.{self.name}"
        return say(language, word if word in load() else f"field.{self.name}")


@dataclass(frozen=True, slots=True)
class Table:
    """``source``: FROM and WHERE of the rows. ``order``: so that reading needs no sorting in memory.

    ``mark``: the heading that says in our own files how to read them. ``by_fonds``: whether a fonds can be chosen.
    """

    name: str
    columns: tuple[Column, ...]
    source: str
    order: str
    by_fonds: bool = False

    @property
    def mark(self) -> str:
        return own_rows.mark_of(self.name)

    def count(self, db: Connection, scope: Scope) -> int:
        return int(db.execute(f"SELECT count(*) {self.source}", scope.params()).fetchone()[0])

    def rows(self, db: Connection, scope: Scope, condition: str = "1", value: str = "") -> Iterator[tuple[Value, ...]]:
        """``condition``: a further one in SQL, about ``:value``."""
        wanted = ", ".join(column.sql for column in self.columns)
        query = f"SELECT {wanted} {self.source} AND {condition} ORDER BY {self.order}"
        kinds = [column.kind for column in self.columns]
        for row in db.execute(query, {**scope.params(), "value": value}):
            yield tuple(_value(kind, value) for kind, value in zip(kinds, row, strict=True))

    def headings(self, language: str) -> list[str]:
        return [*(column.heading(language) for column in self.columns), self.mark]

    def texts(self, row: tuple[Value, ...], language: str) -> list[str]:
        """A row as a sheet shows it; the mark's column stays empty."""
        return [*(_text(column.kind, value, language) for column, value in zip(self.columns, row, strict=True)), ""]


def columns(of: str, named: str) -> tuple[Column, ...]:
    """Of the table aliased ``of``, apart by blanks: ``name``, or ``name=column`` where the store calls it otherwise.

    Either may end in ``:kind``.
    """
    return tuple(_column(of, *one.partition(":")) for one in named.split())


def _column(of: str, written: str, _: str, kind: str) -> Column:
    name, _, column = written.partition("=")
    return Column(name, f"{of}.{column or name}", cast(Kind, kind or "text"))


def person(of: str) -> tuple[Column, Column]:
    """Whose id ``of`` is, and the name."""
    return Column("person", of), Column("person_name", who(of))


BOX_NO = Column("box_no", "CASE WHEN b.id IS NULL THEN json_array() ELSE json_array(b.box_no) END", "boxes")  # of ``b``


def who(of: str) -> str:
    """In SQL: the name of the person whose id ``of`` is."""
    return f"(SELECT p.name FROM person p WHERE p.id = {of})"


def _value(kind: Kind, value: str | float | None) -> Value:
    if kind == "time":
        return None if value is None else iso_utc(int(value))
    if kind == "boxes":
        return tuple(json.loads(str(value)))
    return value


def _text(kind: Kind, value: Value, language: str) -> str:
    if isinstance(value, tuple):
        return own_rows.join_boxes(value)
    if kind == "level":
        return say(language, f"export.level.{value}")
    return "" if value is None else str(value)
