"""What there is, and which item lies in which box, as it is read. Nothing shows of an unsealed import."""

from __future__ import annotations

from typing import Literal

from edge.domain import archive_numbers, labels, search_text
from edge.domain.records import Box, Fonds, Item, PageText, Volume, may_see
from edge.store import catalogue_rows as rows
from edge.store import site_tables, volume_rows
from edge.store.database import Database


class CatalogueReads:
    def __init__(self, database: Database) -> None:
        self._database = database

    def fonds(self) -> list[Fonds]:
        with self._database.read() as db:
            return [Fonds(row["fonds_no"], row["name"]) for row in db.execute("SELECT * FROM fonds ORDER BY fonds_no")]

    def box(self, box_id: str) -> Box | None:
        return self._box("id = ?", box_id)

    def box_by_label(self, text: str) -> Box | None:
        """None where the label is another kind's or nobody's. InputRefused ``label_unreadable``."""
        return self._box("label = ?", labels.parse(text).text)

    def box_by_no(self, no: str) -> Box | None:
        """By box number 盒号 or barcode; None also where two fonds have a box of that number."""
        with self._database.read() as db:
            found = db.execute(
                f"SELECT {rows.BOX_COLUMNS} FROM shown_box WHERE box_key = ? OR barcode = ? LIMIT 2",
                (rows.box_key(no), no.strip()),
            ).fetchall()
        return rows.box_of(found[0]) if len(found) == 1 else None

    def fonds_of_box_no(self, no: str) -> list[str]:
        """The fonds that have a box of this number."""
        with self._database.read() as db:
            query = "SELECT fonds_no FROM shown_box WHERE box_key = ? ORDER BY fonds_no"
            return [row["fonds_no"] for row in db.execute(query, (rows.box_key(no),))]

    def box_of_fonds(self, fonds_no: str, no: str) -> Box | None:
        with self._database.read() as db:
            query = f"SELECT {rows.BOX_COLUMNS} FROM shown_box WHERE fonds_no = ? AND box_key = ?"
            row = db.execute(query, (fonds_no, rows.box_key(no))).fetchone()
        return rows.box_of(row) if row else None

    def number_codes(self) -> archive_numbers.Codes:
        """Category codes and case prefixes that numbers may have here."""
        with self._database.read() as db:
            return site_tables.codes(db)

    def box_in_slot(self, code: str) -> Box | None:
        """The box that stands there now."""
        return self._box("slot = ?", code)

    def boxes_out(self) -> list[Box]:
        """Boxes that have a home and do not stand in it, in shelving order."""
        return self._boxes_by_home("box.state = 'out'", ())

    def boxes_on_face(self, area: str, column: int, face: Literal["L", "R"]) -> list[Box]:
        """Boxes whose home is on this face, in shelving order, standing or out."""
        return self._boxes_by_home("slot.area = ? AND slot.column_no = ? AND slot.face = ?", (area, column, face))

    def item(self, item_id: str) -> Item | None:
        return self._item("id = ?", item_id)

    def item_by_label(self, text: str) -> Item | None:
        """None where the label is another kind's or nobody's. InputRefused ``label_unreadable``."""
        return self._item("label = ?", labels.parse(text).text)

    def item_by_ref(self, text: str) -> Item | None:
        """By archive number in any of its writings; None also where a foreign reference belongs to several items."""
        with self._database.read() as db:
            number = site_tables.number_in(db, text)
            if number.rule != "foreign":
                query = f"SELECT {rows.ITEM_COLUMNS} FROM shown_item WHERE ref_key = ?"
                row = db.execute(query, (number.key,)).fetchone()
                return rows.item_of(row) if row else None
            found = db.execute(
                f"SELECT {rows.ITEM_COLUMNS} FROM shown_item WHERE ref_fold = :ref_fold AND ref_order = :ref_order"
                " AND ref_order <> '' LIMIT 2",
                rows.folded(text),
            ).fetchall()
        return rows.item_of(found[0]) if len(found) == 1 else None

    def items_in_box(self, box_id: str, *, clearance: str = "top_secret") -> list[Item]:
        """Items that lie or continue in the box, in catalogued order, as far as ``clearance`` may know."""
        with self._database.read() as db:
            found = db.execute(
                f"SELECT {rows.ITEM_COLUMNS} FROM shown_item WHERE box_id = ?1"
                " OR no IN (SELECT item_no FROM item_also_in WHERE box_id = ?1) ORDER BY no",
                (box_id,),
            )
            return [rows.item_of(row) for row in found if may_see(clearance, row["secret_level"])]

    def alike(self, item_id: str, limit: int = 20) -> list[Item]:
        """Live items of the same fonds with the same title, or the same document number: perhaps the same paper."""
        with self._database.read() as db:
            of = db.execute("SELECT no, fonds_no, title, doc_no FROM shown_item WHERE id = ?", (item_id,)).fetchone()
            written = [of["title"], of["doc_no"]] if of else []
            tokens = [search_text.index_tokens(text).split() for text in written]
            phrase = " OR ".join(" AND ".join(f'"{word}"' for word in words) for words in tokens if words)
            if not phrase:
                return []
            columns = ", ".join(f"i.{name.strip()}" for name in rows.ITEM_COLUMNS.split(","))
            found = db.execute(
                f"SELECT {columns} FROM item_words JOIN shown_item AS i ON i.no = item_words.rowid"
                " WHERE item_words MATCH ? AND i.no <> ? AND i.fonds_no = ? AND i.state <> 'void'"
                " AND (i.title = ? OR (i.doc_no <> '' AND i.doc_no = ?)) LIMIT ?",
                (phrase, of["no"], of["fonds_no"], of["title"], of["doc_no"], limit),
            )
            return [rows.item_of(row) for row in found]

    def loanable(self, item_id: str | None, volume_id: str | None) -> str:
        """What its series allows: yes, view (in the reading room) or scan (only the digital copy)."""
        with self._database.read() as db:
            row = db.execute(
                "SELECT s.loanable FROM register AS r JOIN series AS s ON s.id = r.series_id WHERE r.id = coalesce("
                " (SELECT register_id FROM item WHERE id = ?1), (SELECT register_id FROM volume WHERE id = ?2),"
                " (SELECT v.register_id FROM item AS i JOIN volume AS v ON v.id = i.volume_id WHERE i.id = ?1))",
                (item_id, volume_id),
            ).fetchone()
        return row["loanable"] if row else "yes"

    def volume(self, volume_id: str) -> Volume | None:
        return self._volume("id = ?", volume_id)

    def volume_by_label(self, text: str) -> Volume | None:
        """None where the label is another kind's or nobody's. InputRefused ``label_unreadable``."""
        return self._volume("label = ?", labels.parse(text).text)

    def volume_by_ref(self, text: str, fonds_no: str) -> Volume | None:
        """By its label, or its number in any writing."""
        if text.strip().upper().startswith(labels.PREFIX):
            return self.volume_by_label(text)
        with self._database.read() as db:
            key = archive_numbers.key_within(site_tables.number_in(db, text), fonds_no)
        return self._volume("ref_key = ?", key)

    def volume_by_number(self, text: str) -> Volume | None:
        """As ``volume_by_ref``, of the fonds that the number itself names."""
        with self._database.read() as db:
            fonds_no = site_tables.number_in(db, text).fonds
        return self.volume_by_ref(text, fonds_no)

    def slot_by_label(self, text: str) -> str | None:
        """The slot's code; None where the label is no slot's. InputRefused ``label_unreadable``."""
        with self._database.read() as db:
            row = db.execute("SELECT code FROM slot WHERE label = ?", (labels.parse(text).text,)).fetchone()
        return row["code"] if row else None

    def slot_label(self, code: str) -> str | None:
        with self._database.read() as db:
            row = db.execute("SELECT label FROM slot WHERE code = ?", (code,)).fetchone()
        return row["label"] if row else None

    def counts(self) -> dict[str, int]:
        """Items, volumes, boxes (standing, out, without a place) and slots."""
        with self._database.read() as db:
            row = db.execute(
                "SELECT (SELECT count(*) FROM shown_item) items, (SELECT count(*) FROM shown_volume) volumes,"
                " (SELECT count(*) FROM shown_box) boxes, (SELECT count(*) FROM slot) slots,"
                " (SELECT count(*) FROM shown_box WHERE slot IS NOT NULL) standing,"
                " (SELECT count(*) FROM shown_box WHERE state = 'out') out,"
                " (SELECT count(*) FROM shown_box WHERE home_slot IS NULL) unplaced"
            ).fetchone()
        return {name: row[name] for name in row.keys()}  # noqa: SIM118 - a Row iterates over values

    def pages(self, item_id: str) -> list[PageText]:
        """The text of its pages, in order."""
        with self._database.read() as db:
            found = db.execute(
                "SELECT t.page, t.text, t.engine, t.confidence FROM shown_item AS i"
                " JOIN item_text AS t ON t.item_no = i.no WHERE i.id = ? ORDER BY t.page",
                (item_id,),
            )
            return [PageText(row["page"], row["text"], row["engine"], row["confidence"]) for row in found]

    def _box(self, condition: str, value: str) -> Box | None:
        with self._database.read() as db:
            query = f"SELECT {rows.BOX_COLUMNS} FROM shown_box WHERE {condition}"
            row = db.execute(query, (value,)).fetchone()
        return rows.box_of(row) if row else None

    def _boxes_by_home(self, condition: str, values: tuple[object, ...]) -> list[Box]:
        columns = ", ".join(f"box.{name.strip()}" for name in rows.BOX_COLUMNS.split(","))
        with self._database.read() as db:
            found = db.execute(
                f"SELECT {columns} FROM slot JOIN shown_box AS box ON box.home_slot = slot.code"
                f" WHERE {condition} ORDER BY slot.sort",
                values,
            )
            return [rows.box_of(row) for row in found]

    def _item(self, condition: str, value: str) -> Item | None:
        with self._database.read() as db:
            query = f"SELECT {rows.ITEM_COLUMNS} FROM shown_item WHERE {condition}"
            row = db.execute(query, (value,)).fetchone()
        return rows.item_of(row) if row else None

    def _volume(self, condition: str, value: str) -> Volume | None:
        with self._database.read() as db:
            query = f"SELECT {volume_rows.COLUMNS} FROM shown_volume WHERE {condition}"
            row = db.execute(query, (value,)).fetchone()
        return volume_rows.volume_of(row) if row else None
