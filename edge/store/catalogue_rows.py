"""Rows of the catalogue's tables as records, and the inserts; the search index is written in the same breath."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from edge.domain import archive_numbers, labels, pinyin, search_query, search_text
from edge.domain.ids import new_id
from edge.domain.records import Box, Item, NewItem
from edge.store.connection import Connection, Row
from edge.store.many_rows import insert_rows

ITEM_COLUMNS = (
    "id, label, ref_code, ref_key, fonds_no, title, year, retention, secret_level, responsible, doc_no, date,"
    " date_written, pages, box_id, volume_id, state, source_import"
)
BOX_COLUMNS = "id, label, box_no, fonds_no, title, thickness_mm, home_slot, slot, state"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a record came from: the import, the row's number in it and the place as a person finds it in the file."""

    import_no: int
    row: int
    place: str


@dataclass(frozen=True, slots=True)
class ItemIndex:
    """What the search index will hold of an item; worked out before a transaction, so that it holds up nobody."""

    words: str
    sounds: str
    sound_tokens: str


def index_of(new: NewItem, further: Sequence[str] = ()) -> ItemIndex:
    """``further``: its scope and what is written on its pages."""
    heard = pinyin.sounds(new.title)
    text = "\n".join((searchable(new.title, new.responsible, new.doc_no, new.context, new.ref_code), *further))
    category = archive_numbers.category(new.ref_key)
    filters = search_query.filter_words(new.fonds_no, new.year, category, new.retention, new.secret_level)
    return ItemIndex(f"{search_text.index_tokens(text)} {filters}", heard, pinyin.index_tokens(heard))


def index_of_row(db: Connection, row: Row) -> ItemIndex:
    """Of an item that is stored: its row, its scope and its pages as they are now."""
    new = NewItem(**{name: row[name] for name in NewItem.__dataclass_fields__})
    return index_of(new, [text for _page, text in further_text(db, row["no"])])


def further_text(db: Connection, no: int) -> list[tuple[int, str]]:
    """What is searched of an item beside its own row: its scope, as page 0, and its pages' text."""
    found = db.execute(
        "SELECT 0 AS page, scope AS text FROM item_description INDEXED BY item_scoped"
        " WHERE item_no = ?1 AND scope <> ''"
        " UNION ALL SELECT page, text FROM item_text WHERE item_no = ?1 ORDER BY page",
        (no,),
    )
    return [(row["page"], row["text"]) for row in found]


def reindex_item(db: Connection, no: int, into: str = "") -> None:
    """Write the search index of one item anew from its row and pages; after every change of what is searched.

    ``into``: end of the tables' names, of an index that is being rebuilt.
    """
    for table in ("item_words", "item_sounds"):
        db.execute(f"DELETE FROM {table}{into} WHERE rowid = ?", (no,))
    row = db.execute("SELECT * FROM item WHERE no = ?", (no,)).fetchone()
    if row is not None:
        index = index_of_row(db, row)
        db.execute("UPDATE item SET sounds = ? WHERE no = ? AND sounds <> ?", (index.sounds, no, index.sounds))
        write_index(db, no, index, into)


def reindex_box(db: Connection, no: int, into: str = "") -> None:
    db.execute(f"DELETE FROM box_words{into} WHERE rowid = ?", (no,))
    row = db.execute("SELECT box_no, fonds_no, title, barcode FROM box WHERE no = ?", (no,)).fetchone()
    if row is not None:
        words = search_text.index_tokens(box_searchable(*row))
        db.execute(f"INSERT INTO box_words{into} (rowid, words) VALUES (?, ?)", (no, words))


def write_index(db: Connection, no: int, index: ItemIndex, into: str = "") -> None:
    db.execute(f"INSERT INTO item_words{into} (rowid, words) VALUES (?, ?)", (no, index.words))
    if index.sounds:
        db.execute(f"INSERT INTO item_sounds{into} (rowid, sounds) VALUES (?, ?)", (no, index.sound_tokens))


def item_of(row: Row) -> Item:
    return Item(**{name: row[name] for name in Item.__dataclass_fields__})


def box_of(row: Row) -> Box:
    return Box(**{name: row[name] for name in Box.__dataclass_fields__})


def box_key(box_no: str) -> str:
    """What makes two writings of a box number one: capitals, no leading zeros, single blanks."""
    return " ".join(box_no.upper().split()).lstrip("0") or "0"


def insert_fonds(db: Connection, fonds_no: str, name: str, source: Source | None = None) -> None:
    """The first name stays; a fonds known so far by its number alone takes ``name``."""
    db.execute(
        "INSERT INTO fonds (fonds_no, name, import_no) VALUES (?, ?, ?) ON CONFLICT (fonds_no) DO UPDATE"
        " SET name = excluded.name WHERE fonds.name = '' AND excluded.name <> ''",
        (fonds_no, name, source.import_no if source else None),
    )


def insert_box(
    db: Connection,
    utc_ms: int,
    *,
    fonds_no: str,
    box_no: str,
    title: str = "",
    thickness_mm: int = 50,
    barcode: str | None = None,
    type: str = "archive",
    weight_g: int | None = None,
    source: Source | None = None,
) -> Box:
    """A box without a place. StoreError ``conflict`` where its number or barcode is taken.

    ``type``: a code of the store's box types. ``weight_g``: None = nobody weighed it.
    """
    box = Box(new_id(utc_ms), labels.mint("B"), box_no, fonds_no, title, thickness_mm, None, None, "registered")
    cursor = db.execute(
        f"INSERT INTO box ({BOX_COLUMNS}, box_key, barcode, import_no, type, weight_g)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            *(box.id, box.label, box_no, fonds_no, title, thickness_mm, None, None, box.state),
            *(box_key(box_no), barcode, source.import_no if source else None, type, weight_g),
        ),
    )
    words = search_text.index_tokens(box_searchable(box_no, fonds_no, title, barcode))
    db.execute("INSERT INTO box_words (rowid, words) VALUES (?, ?)", (cursor.lastrowid, words))
    return box


@dataclass(frozen=True, slots=True)
class ReadyItem:
    """An item with its columns and its index worked out, on its way into the tables."""

    id: str
    columns: dict[str, object]
    boxes: tuple[str, ...]
    index: ItemIndex


def ready_item(
    utc_ms: int,
    new: NewItem,
    *,
    boxes: tuple[str, ...] = (),
    volume_id: str | None = None,
    state: str = "registered",
    source: Source | None = None,
    index: ItemIndex | None = None,
) -> ReadyItem:
    """``boxes``: ids, it begins in the first."""
    item_id, index = new_id(utc_ms), index or index_of(new)
    columns: dict[str, object] = {
        "id": item_id,
        "label": labels.mint("I"),
        "ref_code": new.ref_code,
        "ref_key": new.ref_key,
        **folded(new.ref_code),
        "foreign_id": new.foreign_id,
        "fonds_no": new.fonds_no,
        "title": new.title,
        "context": new.context,
        "year": new.year,
        "retention": new.retention,
        "secret_level": new.secret_level,
        "responsible": new.responsible,
        "doc_no": new.doc_no,
        "date": new.date,
        "date_written": new.date_written,
        "pages": new.pages,
        "remark": new.remark,
        "sounds": index.sounds,
        "box_id": boxes[0] if boxes else None,
        "volume_id": volume_id,
        "state": state,
        "import_no": source.import_no if source else None,
        "source_row": source.row if source else None,
        "source_place": source.place if source else None,
    }
    return ReadyItem(item_id, columns, boxes, index)


def insert_items(db: Connection, ready: Sequence[ReadyItem]) -> None:
    """With their index, in few statements. StoreError ``conflict`` for a taken number."""
    if not ready:
        return
    first = db.execute("SELECT coalesce(max(no), 0) + 1 FROM item").fetchone()[0]
    numbered = list(enumerate(ready, first))
    insert_rows(db, "item", ("no", *ready[0].columns), [(no, *one.columns.values()) for no, one in numbered])
    also = [(no, box_id) for no, one in numbered for box_id in one.boxes[1:]]
    insert_rows(db, "item_also_in", ("item_no", "box_id"), also)
    insert_rows(db, "item_words", ("rowid", "words"), [(no, one.index.words) for no, one in numbered])
    heard = [(no, one.index.sound_tokens) for no, one in numbered if one.index.sounds]
    insert_rows(db, "item_sounds", ("rowid", "sounds"), heard)


def folded(ref_code: str) -> dict[str, str]:
    """The columns that numbers are looked up and ordered by."""
    fold = archive_numbers.prefix_fold(ref_code)
    return {"ref_fold": fold, "ref_order": archive_numbers.order_key(fold)}


def searchable(title: str, responsible: str, doc_no: str, context: str, ref_code: str) -> str:
    """What words are looked for in; index and verification must see the same text."""
    return "\n".join((title, responsible, doc_no, context, ref_code))


def box_searchable(box_no: str, fonds_no: str, title: str, barcode: str | None) -> str:
    return "\n".join((box_no, fonds_no, title, barcode or ""))
