"""One row of a catalogue file → what the catalogue takes of it, with every mending and refusal as a code.

Nothing is guessed: what cannot be read is kept as written and said so, or the row is refused with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from edge.domain import archive_numbers, box_numbers, fonds_row, list_cells
from edge.domain.archive_numbers import STANDARD, ArchiveNumber, Codes
from edge.domain.description import Value
from edge.domain.list_cells import YEAR, ListRow, Note, Refusal
from edge.domain.records import NewItem

Verdict = Literal["taken", "mended", "refused", "context"]


@dataclass(frozen=True, slots=True)
class Judged:
    """``boxes``: box numbers the record lies in. ``slot``: where its first box stands, as written in the list.

    ``is_box``: the row is about its box alone; ``item`` then holds only the fonds. ``described``: what else the
    standards ask of an item, by the names of ``description.FURTHER``, or all they ask of a volume.
    ``of_fonds``: what a row of the verdict context says of the whole fonds ``fonds_no``, by the names of
    ``fonds_row.TOLD``. ``fills``: what the volume ``volume_id``, in the store without a description, takes of a
    volume's row, by field name; such a row makes no record.
    """

    number: int
    place: str
    verdict: Verdict
    notes: tuple[Note, ...]
    item: NewItem | None = None
    is_volume: bool = False
    is_box: bool = False
    boxes: tuple[str, ...] = ()
    barcode: str | None = None
    slot: str = ""
    thickness_mm: int = 50
    box_title: str = ""
    box_type: str = "archive"
    weight_g: int | None = None
    described: Mapping[str, Value] = field(default_factory=dict)
    volume_ref: str = ""
    volume_title: str = ""
    fonds_name: str = ""
    fonds_no: str = ""
    of_fonds: Mapping[str, str] = field(default_factory=dict)
    volume_id: str = ""
    fills: Mapping[str, str] = field(default_factory=dict)

    def refused(self, code: str, **params: Any) -> Judged:
        return replace(self, verdict="refused", notes=(*self.notes, (code, params)), item=None)

    def with_note(self, code: str, **params: Any) -> Judged:
        return replace(self, verdict="mended", notes=(*self.notes, (code, params)))


def judge(
    number: int,
    place: str,
    values: Mapping[str, str],
    *,
    numeric: frozenset[str] = frozenset(),
    faults: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
    fonds_no: str,
    codes: Codes = STANDARD,
) -> Judged:
    """The verdict on one row. ``values``: by our field names. ``fonds_no``: for rows that name none themselves;
    ``codes``: of this site.
    """
    row = ListRow(values, numeric, codes, [(code, {}) for code in notes])
    if faults:
        return Judged(number, place, "refused", tuple((code, {}) for code in faults))
    if "context_only" in values:
        return _context(number, place, row, fonds_no)
    try:
        return _judge(number, place, row, fonds_no)
    except Refusal as refusal:
        return Judged(number, place, "refused", (*row.notes, refusal.note))


def _context(number: int, place: str, row: ListRow, fonds_no: str) -> Judged:
    """No record; only of a whole fonds is there a description that takes what it says."""
    told: list[Note] = [("kept_as_context", {"level": row.get("context_only")})]
    of_fonds = fonds_row.described(row.values) if row.get("describes_fonds") else {}
    if of_fonds:
        told.append(("fonds_told", {}))
    elif row.get("scope") or row.get("abstract"):
        told.append(("scope_of_context", {}))
    fonds = _fonds(row, "", fonds_no)
    name = row.get("title")
    return Judged(number, place, "context", tuple(told), fonds_name=name, fonds_no=fonds, of_fonds=of_fonds)


def _judge(number: int, place: str, row: ListRow, fonds_no: str) -> Judged:
    title = " ".join((row.get("title") or row.get("volume_title")).split())
    if not title:
        raise Refusal("title_missing")
    if title.count("《") > title.count("》"):
        row.note("title_mark_unclosed")
    secret_level = list_cells.level_of(row)
    ref_code, read = _reference(row, fonds_no)
    boxes = tuple(box_numbers.split(row.get("box_no")))
    local_ref = row.get("local_ref") or "-".join(filter(None, (row.get(f"accession_{no}") for no in range(1, 5))))
    if not ref_code and not boxes and not local_ref and not row.get("foreign_id"):
        raise Refusal("nothing_identifies_row")
    if len(boxes) > 1:
        row.note("box_range_split", written=row.get("box_no"), boxes=len(boxes))
    thickness_mm = list_cells.thickness_of(row)
    is_volume = "volume_title" in row.values and "title" not in row.values
    digits, written = ("", "") if is_volume else list_cells.date_of(row)
    year = list_cells.year_of(row, read, digits)
    fonds = _fonds(row, read.fonds if read else "", fonds_no)
    item = NewItem(
        fonds_no=fonds,
        title=title,
        ref_code=ref_code or local_ref,
        ref_key=archive_numbers.key_within(read, fonds) if read else None,
        foreign_id=f"{fonds_no}~{row.get('foreign_id')}" if row.get("foreign_id") else None,
        context=" / ".join(part for part in (row.get("context"), row.get("group"), row.get("series")) if part),
        year=year,
        retention=list_cells.retention_of(row, read),
        secret_level=secret_level,
        responsible=row.get("responsible"),
        doc_no=list_cells.doc_no_of(row),
        date=digits,
        date_written=written,
        pages=list_cells.pages_of(row),
        remark=list_cells.remark_of(row),
    )
    described = list_cells.described_volume(row, item) if is_volume else list_cells.described(row)
    return Judged(
        number,
        place,
        "mended" if row.notes else "taken",
        tuple(row.notes),
        item,
        is_volume=is_volume,
        boxes=boxes,
        barcode=row.get("barcode") or None,
        slot=row.get("slot"),
        thickness_mm=thickness_mm,
        volume_ref=row.get("volume_ref"),
        volume_title=row.get("volume_title"),
        fonds_name=row.get("fonds_name"),
        described=described,
    )


def _reference(row: ListRow, fonds_no: str) -> tuple[str, ArchiveNumber | None]:
    """The archive number as written, or composed of its separate columns, and how it reads."""
    if row.get("foreign_ref") and not row.get("ref_code"):
        return row.get("foreign_ref"), archive_numbers.parse(row.get("foreign_ref"), *row.codes)
    written = row.get("ref_code")
    if not written:
        written = _composed(row, fonds_no)
        if not written:
            return "", None
        row.note("number_composed", number=written)
    read = archive_numbers.parse(written, *row.codes)
    for code in read.mended:
        row.note(code, number=written)
    if read.rule == "foreign":
        row.note(read.why, number=written)
    return written, read


def _fonds(row: ListRow, numbered: str, given: str) -> str:
    """The fonds of a row; a cell that is a number has lost the zeros that the archive number or the person has."""
    written = row.get("fonds_no")
    for whole in (numbered, given):
        if written and "fonds_no" in row.numeric and whole.isdigit() and whole != written == whole.lstrip("0"):
            row.note("fonds_zeros_restored", written=written)
            return whole
    return written or numbered or given


def _composed(row: ListRow, fonds_no: str) -> str:
    category = row.get("category")
    year, retention = YEAR.fullmatch(row.get("year")), archive_numbers.retention_code(row.get("retention"))
    item_no = row.get("item_no").removesuffix(".0")
    fonds = _fonds(row, "", fonds_no) if category and year and retention and item_no.isdigit() else ""
    if not (fonds and category and year and retention):
        return ""
    if len(item_no) < 4:
        row.note("zeros_restored", written=item_no)
    return archive_numbers.compose(fonds, category, int(year[1]), retention, row.get("org"), int(item_no))
