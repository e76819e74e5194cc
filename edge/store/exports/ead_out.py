"""EAD 2002 and EAD3 of one fonds: fonds → boxes → volumes → items; what has no box or volume stands one step higher.

Every element that an import of ours shall take letter by letter says so: ``encodinganalog="storeroom.<field>"``; other
programs read plain EAD. Not carried: control characters, which XML cannot write (U+FFFD stands for them, counted as
altered); which volume an item is in where the volume has no archive number; labels, ids and states, which belong to
the store they were made in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO, Literal

from edge.clock import iso_utc
from edge.domain.description import FIELDS, FURTHER
from edge.domain.own_rows import ANALOG
from edge.store import fonds_told
from edge.store.connection import Connection
from edge.store.exports.scope import SEEN_VOLUME, Scope
from edge.store.exports.table import Table, Value
from edge.store.exports.tables import BOXES, ITEMS, VOLUMES
from edge.store.exports.written import Written
from edge.store.exports.xml_out import XmlOut
from edge.words import say

Dialect = Literal["ead", "ead3"]
Row = dict[str, Value]

NAMESPACES = {"ead": "urn:isbn:1-931666-22-9", "ead3": "http://ead3.archivists.org/schema/"}
AGENCY = "Storeroom"

_ITS_VOLUME = f"(v.id IS NOT NULL AND v.fonds_no = i.fonds_no AND {SEEN_VOLUME})"
_VOLUME_ODD = tuple(  # what no element of its own tells
    one
    for one in FIELDS["volume"]
    if one.name not in ("title", "start_date", "end_date", "responsible", "retention", "pages")
)
_OF_FONDS = {
    "scope": "scopecontent",
    "custody": "custodhist",
    "unit_history": "bioghist",
    "arrangement": "arrangement",
}
_ODD = ("doc_no", "year", "context", "remark", "foreign_id")


def write(
    out: BinaryIO,
    db: Connection,
    scope: Scope,
    *,
    dialect: Dialect,
    made_utc_ms: int,
    language: str,
    step: Callable[[], None],
) -> Written:
    """``scope`` names the fonds. ``step`` is called for each item."""
    return _Aid(out, db, scope, dialect, language, step).write(iso_utc(made_utc_ms))


def iso_date(digits: str) -> str:
    """``2011-03`` of 20110300, "" of what is no eight digits."""
    if len(digits) != 8:
        return ""
    parts = (digits[:4], digits[4:6], digits[6:])
    return "-".join(part for part in parts if part != "00")


class _Aid:
    def __init__(
        self,
        out: BinaryIO,
        db: Connection,
        scope: Scope,
        dialect: Dialect,
        language: str,
        step: Callable[[], None],
    ) -> None:
        self._xml = XmlOut(out)
        self._db, self._scope, self._new, self._step = db, scope, dialect == "ead3", step
        self._namespace, self._language = NAMESPACES[dialect], language
        self._items = 0

    def write(self, made: str) -> Written:
        fonds_no = self._scope.fonds_no
        name = self._db.execute("SELECT name FROM fonds WHERE fonds_no = ?", (fonds_no,)).fetchone()["name"]
        xml = self._xml
        xml.start("ead", xmlns=self._namespace)
        (self._control if self._new else self._header)(fonds_no, name, made)
        xml.start("archdesc", level="fonds")
        xml.start("did")
        xml.leaf("unittitle", name, encodinganalog=f"{ANALOG}fonds_name")
        xml.leaf("unitid", fonds_no, encodinganalog=f"{ANALOG}fonds_no")
        xml.end()
        for field, text in fonds_told.of(self._db, fonds_no).items():
            xml.start(_OF_FONDS[field], encodinganalog=f"{ANALOG}{field}")
            for line in text.split("\n"):
                xml.leaf("p", line)
            xml.end()
        xml.start("dsc", **{"dsctype" if self._new else "type": "combined"})
        self._boxes()
        self._volumes("NOT EXISTS (SELECT 1 FROM box x WHERE x.id = v.box_id AND x.fonds_no = :fonds)")
        self._loose("(b.id IS NULL OR b.fonds_no <> i.fonds_no)", "")
        for _level in ("dsc", "archdesc", "ead"):
            xml.end()
        return Written(self._items, xml.altered)

    def _header(self, fonds_no: str, name: str, made: str) -> None:
        xml = self._xml
        xml.start("eadheader")
        xml.leaf("eadid", fonds_no)
        xml.start("filedesc")
        xml.leaf("titlestmt", name or fonds_no, "titleproper")
        xml.end()
        xml.start("profiledesc")
        xml.leaf("creation", f"{AGENCY} {made}")
        xml.end()
        xml.end()

    def _control(self, fonds_no: str, name: str, made: str) -> None:
        xml = self._xml
        xml.start("control")
        xml.leaf("recordid", fonds_no)
        xml.start("filedesc")
        xml.leaf("titlestmt", name or fonds_no, "titleproper")
        xml.end()
        xml.leaf("maintenancestatus", "", value="derived")
        xml.leaf("maintenanceagency", AGENCY, "agencyname")
        xml.start("maintenancehistory")
        xml.start("maintenanceevent")
        xml.leaf("eventtype", "", value="derived")
        xml.leaf("eventdatetime", made, standarddatetime=made)
        xml.leaf("agenttype", "", value="machine")
        xml.leaf("agent", AGENCY)
        for _level in ("maintenanceevent", "maintenancehistory", "control"):
            xml.end()

    def _boxes(self) -> None:
        found = self._db.execute(
            "SELECT id FROM shown_box WHERE fonds_no = ? ORDER BY no", (self._scope.fonds_no,)
        ).fetchall()
        for (box_id,) in found:
            for row in self._rows(BOXES, "b.id = :value", box_id):
                self._start("box", row, level="otherlevel", otherlevel="box")
                self._end_did(row)
                self._volumes("v.box_id = :value", box_id)
                self._loose("i.box_id = :value AND b.fonds_no = i.fonds_no", box_id)
                self._xml.end()

    def _volumes(self, condition: str, value: str = "") -> None:
        query = f"SELECT v.id FROM shown_volume v WHERE v.fonds_no = :fonds AND ({condition}) ORDER BY v.no"
        found = self._db.execute(query, {"fonds": self._scope.fonds_no, "value": value}).fetchall()
        for (volume_id,) in found:
            for row in self._rows(VOLUMES, "v.id = :value", volume_id):
                self._volume(row)
                for item in self._rows(ITEMS, "i.volume_id = :value AND v.fonds_no = i.fonds_no", volume_id):
                    self._item(item)
                self._xml.end()

    def _volume(self, row: Row) -> None:
        """The component stays open for what lies in it."""
        self._start("volume", row, level="file")
        self._leaf("origination", row, "responsible", "name/part" if self._new else "")
        for field in ("start_date", "end_date"):
            normal = iso_date(str(row[field] or ""))
            if normal:
                self._xml.leaf("unitdate", normal, normal=normal, encodinganalog=f"{ANALOG}{field}")
        self._leaf("physdesc", row, "pages", label="pages")
        self._end_did(row)
        if row["secret_level"] != "public":
            level = say(self._language, f"export.level.{row['secret_level']}")
            self._xml.leaf("accessrestrict", level, "p", encodinganalog=f"{ANALOG}secret_level")
        self._leaf("appraisal", row, "retention", "p")
        for further in _VOLUME_ODD:
            if further.kind != "flag" or row[further.name]:
                self._leaf("odd", row, further.name, "p")

    def _loose(self, condition: str, value: str) -> None:
        for item in self._rows(ITEMS, f"{condition} AND NOT {_ITS_VOLUME}", value):
            self._item(item)

    def _item(self, row: Row) -> None:
        self._start("item", row, level="item")
        self._leaf("origination", row, "responsible", "name/part" if self._new else "")
        self._date(str(row["date"] or ""), str(row["date_written"] or ""))
        self._leaf("physdesc", row, "pages", label="pages")
        self._end_did(row)
        level = say(self._language, f"export.level.{row['secret_level']}")
        self._xml.leaf("accessrestrict", level, "p", encodinganalog=f"{ANALOG}secret_level")
        self._leaf("appraisal", row, "retention", "p")
        for field in _ODD:
            self._leaf("odd", row, field, "p")
        for further in FURTHER:
            if further.kind != "flag" or row[further.name]:
                self._leaf("scopecontent" if further.name == "scope" else "odd", row, further.name, "p")
        self._xml.end()
        self._items += 1
        self._step()

    def _start(self, kind: str, row: Row, **attributes: str) -> None:
        """The component and its title and numbers; ``did`` stays open."""
        label = str(row["label"]).replace("SR1:", "").lower()
        self._xml.start("c", id=f"{kind}-{label}", encodinganalog=f"{ANALOG}{kind}", **attributes)
        self._xml.start("did")
        title = {"box": "box_title", "volume": "volume_title", "item": "title"}[kind]
        self._xml.leaf("unittitle", str(row[title] or ""), encodinganalog=f"{ANALOG}{title}")
        for field in ("ref_code", "local_ref"):
            self._leaf("unitid", row, field)
        if kind == "box":
            self._leaf("unitid", row, "barcode")
            self._leaf("physdesc", row, "thickness", label="mm")
            self._leaf("physdesc", row, "box_type", label="type")
            self._leaf("physdesc", row, "weight_g", label="g")

    def _end_did(self, row: Row) -> None:
        """Where it lies, and the end of ``did``."""
        boxes = row["box_no"] if isinstance(row["box_no"], tuple) else ()
        for place, number in enumerate(boxes):
            barcode = str(row["barcode"] or "") if not place else ""
            kind = {"localtype": "box", "containerid": barcode} if self._new else {"type": "box"}
            label = f"Box [{barcode}]" if barcode else ""
            self._xml.leaf("container", number, encodinganalog=f"{ANALOG}box_no", label=label, **kind)
        self._leaf("physloc", row, "slot")
        self._xml.end()

    def _date(self, digits: str, written: str) -> None:
        normal = iso_date(digits)
        if normal or written:
            analog = f"{ANALOG}{'date_written' if written else 'date'}"
            self._xml.leaf("unitdate", written or normal, normal=normal, encodinganalog=analog)

    def _leaf(self, name: str, row: Row, field: str, inside: str = "", **attributes: str) -> None:
        value = row.get(field)
        if value not in (None, ""):
            self._xml.leaf(name, str(value), inside, encodinganalog=f"{ANALOG}{field}", **attributes)

    def _rows(self, table: Table, condition: str, value: str) -> Iterator[Row]:
        names = [column.name for column in table.columns]
        for row in table.rows(self._db, self._scope, condition, value):
            yield dict(zip(names, row, strict=True))
