"""AtoM's ISAD(G) CSV: a row for each fonds, volume (File) and item, parents first; boxes are its physical objects.

The heading is AtoM's own, letter by letter, so ``revisionHistory`` says that the cells are guarded against formulas by
``formats.formula_guard``. An import takes the rows as any list's: blanks at the ends of a cell, runs of blanks in a
title, a cell that says NULL, items without a title, other systems' ids, references that count in their own list only,
titles above, a year that neither number nor date tells, an item's further description, and boxes without items are
not carried; but scope, names, subjects and where originals and copies are kept are.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import BinaryIO

from edge.domain import dates
from edge.domain.own_rows import ATOM_MARK
from edge.store import fonds_told
from edge.store.connection import Connection
from edge.store.exports.ead_out import iso_date
from edge.store.exports.scope import SEEN_VOLUME, Scope
from edge.store.exports.table import Table, Value
from edge.store.exports.tables import ITEMS, VOLUMES
from edge.store.exports.written import Written
from edge.store.formats.formula_guard import guard
from edge.words import say

HEADINGS = (
    *("legacyId", "parentId", "qubitParentSlug", "accessionNumber", "identifier", "title", "levelOfDescription"),
    *("extentAndMedium", "repository", "archivalHistory", "acquisition", "scopeAndContent", "appraisal", "accruals"),
    *("arrangement", "accessConditions", "reproductionConditions", "language", "script", "languageNote"),
    *("physicalCharacteristics", "findingAids", "locationOfOriginals", "locationOfCopies"),
    *("relatedUnitsOfDescription", "publicationNote", "digitalObjectPath", "digitalObjectURI", "generalNote"),
    *("subjectAccessPoints", "placeAccessPoints", "nameAccessPoints", "genreAccessPoints", "descriptionIdentifier"),
    *("institutionIdentifier", "rules", "descriptionStatus", "levelOfDetail", "revisionHistory"),
    *("languageOfDescription", "scriptOfDescription", "sources", "archivistNote", "publicationStatus"),
    *("physicalObjectName", "physicalObjectLocation", "physicalObjectType", "alternativeIdentifiers"),
    *("alternativeIdentifierLabels", "eventDates", "eventTypes", "eventStartDates", "eventEndDates", "eventActors"),
    *("eventActorHistories", "culture"),
)
_OF_FONDS = {
    "scope": "scopeAndContent",
    "custody": "archivalHistory",
    "unit_history": "eventActorHistories",
    "arrangement": "arrangement",
}
_PARENT = (
    "SELECT v.label FROM item i JOIN shown_volume v ON v.id = i.volume_id AND v.fonds_no = i.fonds_no"
    f" WHERE i.label = :label AND {SEEN_VOLUME}"
)


def write(
    out: BinaryIO, db: Connection, scope: Scope, fonds: list[str], language: str, step: Callable[[], None]
) -> Written:
    """``fonds``: which to write, each with all that ``scope`` shows of it. ``step`` is called for each item."""
    text = io.TextIOWrapper(out, "utf-8", errors="replace", newline="", write_through=True)
    sheet = csv.DictWriter(text, HEADINGS, restval="")
    sheet.writeheader()
    items = 0
    for fonds_no in fonds:
        part = Scope(scope.clearance, fonds_no)
        name = db.execute("SELECT name FROM fonds WHERE fonds_no = ?", (fonds_no,)).fetchone()["name"]
        top = {"legacyId": f"fonds {fonds_no}", "identifier": fonds_no, "title": name, "levelOfDescription": "Fonds"}
        told = fonds_told.of(db, fonds_no)
        sheet.writerow(_guarded(top | {_OF_FONDS[field]: text for field, text in told.items()}))
        for row in VOLUMES.rows(db, part):
            volume = _named(VOLUMES, row)
            cells = _record(volume, "File", str(volume["volume_title"]), f"fonds {fonds_no}")
            sheet.writerow(_guarded(cells | _of_volume(volume, language)))
        for row in ITEMS.rows(db, part):
            item = _named(ITEMS, row)
            above = db.execute(_PARENT, {**part.params(), "label": item["label"]}).fetchone()
            parent = above["label"] if above else f"fonds {fonds_no}"
            cells = _record(item, "Item", str(item["title"]), parent)
            sheet.writerow(_guarded(cells | _of_item(item, language)))
            items += 1
            step()
    text.detach()
    return Written(items)


def _named(table: Table, row: tuple[Value, ...]) -> dict[str, Value]:
    return {column.name: value for column, value in zip(table.columns, row, strict=True)}


def _record(row: dict[str, Value], level: str, title: str, parent: str) -> dict[str, str]:
    boxes = row["box_no"] if isinstance(row["box_no"], tuple) else ()
    return {
        "legacyId": str(row["label"]),
        "parentId": parent,
        "identifier": str(row["ref_code"] or row["local_ref"] or ""),
        "title": title,
        "levelOfDescription": level,
        "physicalObjectName": "|".join(boxes),
        "physicalObjectLocation": str(row["slot"] or ""),
        "physicalObjectType": "|".join("Box" for _box in boxes),
    }


def _of_volume(row: dict[str, Value], language: str) -> dict[str, str]:
    first, last = (iso_date(str(row[name] or "")) for name in ("start_date", "end_date"))
    dated = bool(first or last or row["responsible"])
    return {
        "extentAndMedium": "" if row["pages"] is None else f"{row['pages']}页",
        "appraisal": str(row["retention"] or ""),
        "accessConditions": say(language, f"export.level.{row['secret_level']}"),
        "generalNote": str(row["remark"] or ""),
        "eventTypes": "Creation" if dated else "",
        "eventStartDates": first,
        "eventEndDates": last,
        "eventActors": str(row["responsible"] or ""),
    }


def _of_item(row: dict[str, Value], language: str) -> dict[str, str]:
    digits, written, doc_no = str(row["date"] or ""), str(row["date_written"] or ""), str(row["doc_no"] or "")
    dated = bool(digits or written or row["responsible"])
    return {
        "extentAndMedium": "" if row["pages"] is None else f"{row['pages']}页",
        "scopeAndContent": str(row["scope"] or ""),
        "locationOfOriginals": str(row["originals"] or ""),
        "locationOfCopies": str(row["copies"] or ""),
        "nameAccessPoints": "|".join(str(row["persons"] or "").splitlines()),
        "subjectAccessPoints": "|".join(str(row["keywords"] or "").splitlines()),
        "appraisal": str(row["retention"] or ""),
        "accessConditions": say(language, f"export.level.{row['secret_level']}"),
        "generalNote": str(row["remark"] or ""),
        "alternativeIdentifiers": doc_no,
        "alternativeIdentifierLabels": say(language, "export.column.doc_no") if doc_no else "",
        "eventDates": written,
        "eventTypes": "Creation" if dated else "",
        "eventStartDates": iso_date(digits),
        "eventEndDates": iso_date(dates.span(written)[1]),
        "eventActors": str(row["responsible"] or ""),
    }


def _guarded(cells: dict[str, str]) -> dict[str, str]:
    """AtoM's list needs a level, a culture and, against publishing by mistake, the word Draft."""
    fixed = {"revisionHistory": ATOM_MARK, "publicationStatus": "Draft", "culture": "zh"}
    return {name: guard(text) for name, text in (cells | fixed).items()}
