"""Upkeep of the search index: its pieces merged, its structure proved, its words compared with the records'.

Merging goes in small steps of their own transactions, so nobody waits for it. What a night has added is merged into
what there was; the whole index is written anew only after the catalogue has grown, which spares the card.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from edge.domain import disk_room
from edge.domain.upkeep import Finding
from edge.store import catalogue_rows as rows
from edge.store import tally
from edge.store.connection import Connection, Row
from edge.store.database import Change
from edge.store.space import free_mb
from edge.store.upkeep_records import records_as_told
from edge.store.upkeep_site import Site, Step

TABLES = ("item_words", "item_sounds", "box_words", "volume_words", "volume_sounds")
PAGES = 100  # of the index merged in one transaction
GROWN = 20  # a twentieth more records than when all was written anew
NIGHTS = 30  # every record is compared within so many
LEAST = 2000  # records a night
CHUNK = 50
TERMS = 50  # of one expression


def index(site: Site, position: dict[str, Any]) -> Iterator[Step]:
    """``position``: {"at": table, "whole_at": records when all was written anew}."""
    with site.database.read() as db:
        records = int(db.execute("SELECT count(*) FROM item").fetchone()[0])
    whole_at = int(position.get("whole_at", 0))
    roomy = disk_room.takes_bulk(free_mb(site.database.path.parent))  # merging writes much before it frees anything
    whole = roomy and records - whole_at > max(whole_at // GROWN, CHUNK)
    for table in TABLES[TABLES.index(position["at"]) if position.get("at") else 0 :]:
        pages = -PAGES if whole else PAGES
        while roomy and site.database.write(partial(_merge, table=table, pages=pages), telemetry=True):
            pages = PAGES
            yield Step(0, [], {"at": table, "whole_at": whole_at})
        with site.looking() as db:
            said = [row[0] for row in db.execute(f"PRAGMA integrity_check({table})")]
        found = [Finding("index_damaged", {"table": table, "said": one}) for one in said if one != "ok"]
        yield Step(1, found, {"at": table, "whole_at": whole_at})
    site.database.write(lambda change: change.db.execute("PRAGMA optimize"), telemetry=True)
    yield Step(0, [], {"whole_at": records if whole else whole_at}, last=True)


def records(site: Site, position: dict[str, Any]) -> Iterator[Step]:
    """``position``: {"after": number of the record compared last, "left": how many are left tonight, "told": as in
    ``records_as_told``}.
    """
    after, left = int(position.get("after", 0)), position.get("left")
    if left is None:
        told = position.get("told")
        if told is None:
            yield Step(0, _structure(site), {"after": after, "told": []})
        for step in records_as_told(site, told or []):
            yield replace(step, position={"after": after, **step.position})
        left = -1
    with site.looking() as db:
        count, last = db.execute("SELECT count(*), coalesce(max(no), 0) FROM item").fetchone()
    left = min(count, max(LEAST, count // NIGHTS)) if left < 0 else left
    while left > 0:
        with site.looking() as db:
            db.execute("BEGIN")
            chunk = db.execute(
                "SELECT * FROM item WHERE no > ? ORDER BY no LIMIT ?", (after, min(CHUNK, left))
            ).fetchall()
            wrong = [row for row in chunk if not _found_by_its_words(db, row) and _as_told(db, row)]
        for row in wrong:
            site.database.write(partial(_mend, no=row["no"]), telemetry=True)
        left -= len(chunk)
        after = chunk[-1]["no"] if chunk and chunk[-1]["no"] < last else 0
        findings = [Finding("index_mended", {"item": row["label"]}) for row in wrong]
        yield Step(len(chunk), findings, {"after": after, "left": left})
        if not chunk:
            break
    yield Step(0, [], {"after": after}, last=True)


def _structure(site: Site) -> list[Finding]:
    """What SQLite itself can prove of the file, what points nowhere, and words of records that are gone."""
    with site.looking() as db:
        found = [
            Finding("file_damaged", {"said": row[0]}) for row in db.execute("PRAGMA quick_check(20)") if row[0] != "ok"
        ]
        astray: dict[tuple[str, str], int] = {}
        for row in db.execute("PRAGMA foreign_key_check"):
            astray[row[0], row[2]] = astray.get((row[0], row[2]), 0) + 1
        found += [Finding("points_nowhere", {"table": one, "to": to, "rows": n}) for (one, to), n in astray.items()]
        for table, of in (("item_words", "item"), ("box_words", "box"), ("volume_words", "volume")):
            gone = f"SELECT count(*) FROM {table}_docsize WHERE id NOT IN (SELECT no FROM {of})"
            lacking = f"SELECT count(*) FROM {of} WHERE no NOT IN (SELECT id FROM {table}_docsize)"
            for code, query in (("words_of_nothing", gone), ("without_words", lacking)):
                number = db.execute(query).fetchone()[0]
                found += [Finding(code, {"table": of, "rows": number})] if number else []
    return found


def _as_told(db: Connection, row: Row) -> bool:
    """The index does not follow what somebody changed behind the trace."""
    return tally.told_last(db, "item", [row["no"]]) == tally.as_they_are(db, "item", [row["no"]])


def _found_by_its_words(db: Connection, row: Row) -> bool:
    """Whether the index holds every word of the record, as it would be written now."""
    wanted = rows.index_of_row(db, row)
    return wanted.sounds == row["sounds"] and all(
        db.execute(f"SELECT 1 FROM {table} WHERE {table} MATCH ? AND rowid = ?", (_all(part), row["no"])).fetchone()
        for table, words in (("item_words", wanted.words.split()), ("item_sounds", wanted.sound_tokens.split()))
        for part in (words[at : at + TERMS] for at in range(0, len(words), TERMS))
    )


def _all(words: list[str]) -> str:
    return " AND ".join(f'"{word}"' for word in words)


def _merge(change: Change, table: str, pages: int) -> bool:
    """Whether there is more to merge."""
    before = change.db.total_changes
    change.db.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('merge', ?)", (pages,))
    return bool(change.db.total_changes - before >= 2)


def _mend(change: Change, no: int) -> None:
    rows.reindex_item(change.db, no)
