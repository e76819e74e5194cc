"""Volumes 案卷 in their table and in the search index: found by number, words and pinyin, also while they are empty."""

from __future__ import annotations

import json
from collections.abc import Sequence

from edge.domain import labels, pinyin, search_text
from edge.domain.ids import new_id
from edge.domain.records import SECRECY, Volume, may_see
from edge.store.catalogue_rows import Source, folded
from edge.store.connection import Connection, Row

COLUMNS = "id, label, ref_code, title, box_id, state"


def volume_of(row: Row) -> Volume:
    return Volume(**{name: row[name] for name in Volume.__dataclass_fields__})


def is_volume(row: Row) -> bool:
    """Whether a row of the catalogue is a volume's: its label says so."""
    return bool(row["label"].startswith(f"{labels.PREFIX}V"))


def insert(
    db: Connection,
    utc_ms: int,
    *,
    fonds_no: str,
    ref_code: str,
    ref_key: str | None,
    title: str,
    box_id: str | None,
    state: str = "registered",
    secret_level: str = "public",
    source: Source | None = None,
) -> Volume:
    """``secret_level``: as a list says it. StoreError ``conflict`` for a taken number."""
    volume_id, label = new_id(utc_ms), labels.mint("V")
    fold = folded(ref_code)
    heard = pinyin.sounds(title)
    cursor = db.execute(
        "INSERT INTO volume (id, label, ref_code, ref_key, ref_fold, ref_order, fonds_no, title, sounds, box_id, state,"
        " import_no, secret_level) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            *(volume_id, label, ref_code, ref_key, fold["ref_fold"], fold["ref_order"], fonds_no, title, heard, box_id),
            *(state, source.import_no if source else None, secret_level),
        ),
    )
    _write(db, int(cursor.lastrowid or 0), title, ref_code, heard)
    return Volume(volume_id, label, ref_code, title, box_id, state)  # type: ignore[arg-type]  # checked by the table


def reindex(db: Connection, no: int, into: str = "") -> None:
    """As catalogue_rows.reindex_item; after every change of a volume's title or number."""
    for table in ("volume_words", "volume_sounds"):
        db.execute(f"DELETE FROM {table}{into} WHERE rowid = ?", (no,))
    row = db.execute("SELECT title, ref_code FROM volume WHERE no = ?", (no,)).fetchone()
    if row is not None:
        heard = pinyin.sounds(row["title"])
        db.execute("UPDATE volume SET sounds = ? WHERE no = ? AND sounds <> ?", (heard, no, heard))
        _write(db, no, row["title"], row["ref_code"], heard, into)


def number(db: Connection, volume_id: str, *, register_id: str, seq: int, ref_code: str, ref_key: str) -> None:
    """Write a volume's number with what follows from it, in one statement: a seal lets nothing be added to."""
    fold = folded(ref_code)
    db.execute(
        "UPDATE volume SET register_id = ?, seq = ?, ref_code = ?, ref_key = ?, ref_fold = ?, ref_order = ?"
        " WHERE id = ?",
        (register_id, seq, ref_code, ref_key, fold["ref_fold"], fold["ref_order"], volume_id),
    )
    reindex(db, db.execute("SELECT no FROM volume WHERE id = ?", (volume_id,)).fetchone()["no"])


def searchable(title: str, ref_code: str) -> str:
    """What words are looked for in; index and verification must see the same text."""
    return f"{title}\n{ref_code}"


def seen(of: str, levels: str) -> str:
    """The condition under which volume ``of`` shows to whoever may know ``levels``, an SQL list.

    A volume listed or marked above them, or with one paper above them, is hidden whole: its title tells of it.
    """
    return (
        f"{of}.secret_level IN {levels}"
        f" AND NOT EXISTS (SELECT 1 FROM item s WHERE s.volume_id = {of}.id AND s.secret_level NOT IN {levels})"
        " AND NOT EXISTS (SELECT 1 FROM volume_description d JOIN secret_level m ON m.code = d.secret_mark"
        f" WHERE d.volume_no = {of}.no AND m.clearance NOT IN {levels})"
    )


def secret_level(db: Connection, volume_id: str) -> str:
    """What a person needs to see it: the highest of its own level, its mark's and those of its papers."""
    found = db.execute(
        "SELECT secret_level FROM volume WHERE id = ?1 UNION SELECT secret_level FROM item WHERE volume_id = ?1"
        " UNION SELECT m.clearance FROM volume v JOIN volume_description d ON d.volume_no = v.no"
        " JOIN secret_level m ON m.code = d.secret_mark WHERE v.id = ?1",
        (volume_id,),
    )
    return max((str(row[0]) for row in found), key=SECRECY.index)


def secret_among(db: Connection, ids: Sequence[str], unmarked: str) -> list[str]:
    """Those that whoever is cleared up to ``unmarked`` would not see."""
    open_to = ", ".join(f"'{level}'" for level in SECRECY if may_see(unmarked, level))
    query = f"SELECT v.id FROM volume AS v JOIN json_each(?) ON value = v.id WHERE NOT ({seen('v', f'({open_to})')})"
    return [row["id"] for row in db.execute(query, (json.dumps(ids),))] if ids else []


def _write(db: Connection, no: int, title: str, ref_code: str, sounds: str, into: str = "") -> None:
    words = search_text.index_tokens(searchable(title, ref_code))
    db.execute(f"INSERT INTO volume_words{into} (rowid, words) VALUES (?, ?)", (no, words))
    if sounds:
        db.execute(f"INSERT INTO volume_sounds{into} (rowid, sounds) VALUES (?, ?)", (no, pinyin.index_tokens(sounds)))
