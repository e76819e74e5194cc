"""What may stand on a page of an item: numbers kept in its bay, its title, names of fonds and of who wrote there."""

from __future__ import annotations

from dataclasses import dataclass

from edge.store.connection import Connection

NUMBERS_AT_MOST, WORDS_AT_MOST, CORRECTIONS_AT_MOST = 20_000, 2_000, 5_000


@dataclass(frozen=True, slots=True)
class KnownWords:
    """``corrections``: (as read, as a person wrote it), newest first. ``own``: the item's own archive number."""

    own: str
    numbers: tuple[str, ...]
    words: tuple[str, ...]
    corrections: tuple[tuple[str, str], ...]


def known_words(db: Connection, item_id: str) -> KnownWords:
    item = db.execute(
        "SELECT i.ref_code, i.title, i.fonds_no, i.box_id, b.home_slot FROM item i LEFT JOIN box b ON b.id = i.box_id"
        " WHERE i.id = ?",
        (item_id,),
    ).fetchone()
    bay = item["home_slot"].rsplit("-", 2)[0] if item["home_slot"] else ""
    numbers = db.execute(
        "SELECT ref_code FROM shown_item WHERE ref_code <> '' AND box_id IN (SELECT id FROM box WHERE id = ?1"
        " OR (?2 <> '' AND home_slot >= ?2 || '-' AND home_slot < ?2 || '.')) LIMIT ?3",
        (item["box_id"], bay, NUMBERS_AT_MOST),
    )
    words = db.execute(
        "SELECT name AS word FROM fonds UNION SELECT * FROM (SELECT DISTINCT responsible FROM shown_item"
        " WHERE fonds_no = ? AND responsible <> '' LIMIT ?)",
        (item["fonds_no"], WORDS_AT_MOST),
    )
    corrections = db.execute(
        "SELECT read_text, text FROM page_line WHERE state = 'corrected' ORDER BY page DESC, line LIMIT ?",
        (CORRECTIONS_AT_MOST,),
    )
    return KnownWords(
        item["ref_code"],
        tuple(row["ref_code"] for row in numbers),
        tuple(dict.fromkeys([item["title"], *(row["word"] for row in words)])),
        tuple((row["read_text"], row["text"]) for row in corrections),
    )
