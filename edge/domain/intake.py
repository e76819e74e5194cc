"""One row of a catalogue file → what the catalogue takes of it, with every mending and refusal as a code.

Nothing is guessed: what cannot be read is kept as written and said so, or the row is refused with the reason.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from edge.domain import (
    archive_numbers,
    box_numbers,
    dates,
    description,
    doc_numbers,
    fonds_row,
    search_text,
    volume_row,
)
from edge.domain.archive_numbers import STANDARD, ArchiveNumber, Codes
from edge.domain.description import Value
from edge.domain.records import NewItem
from edge.errors import InputRefused

Note = tuple[str, dict[str, Any]]  # a code with words, and its parameters
Verdict = Literal["taken", "mended", "refused", "context"]

_SECRECY = {
    "公开": "public",
    "非密": "public",
    "无": "public",
    "一般": "public",
    "内部": "internal",
    "秘密": "confidential",
    "机密": "secret",
    "绝密": "top_secret",
    "普通商密": "confidential",
    "核心商密": "secret",
    "public": "public",
    "internal": "internal",
    "confidential": "confidential",
    "secret": "secret",
    "top secret": "top_secret",
}
# Choices of further fields as forms say them, normalised.
_CHOICES = {
    "publicity": {"公开": "public", "内部": "internal"},
    "open_status": {
        "未审核": "unreviewed",
        "开放": "open",
        "控制": "controlled",
        "延期开放": "deferred",
        "not reviewed": "unreviewed",
    },
    "creation": {
        "纸质原件": "paper",
        "原生电子": "born_digital",
        "原生": "born_digital",
        "数字化": "digitised",
        "编辑": "edited",
        "paper original": "paper",
        "born digital": "born_digital",
    },
}
# org is of the number, secret_mark is read as the level
_FURTHER = {one.name: one for one in description.FURTHER if one.name not in ("org", "secret_mark")}
_TRADITIONAL = str.maketrans("開無內機絕業", "开无内机绝业")
_PAGES = re.compile(r"(\d{1,6})(?:\.0)?(?:页|頁|張|张|p\.?|pp\.?)?")
_PAGE_RANGE = re.compile(r"(\d{1,6})\s*[-~—至]\s*(\d{1,6})")
_THICKNESS = re.compile(r"(\d{1,3})\s*(mm|cm|毫米|厘米|公分)?", re.IGNORECASE)
_YEAR = re.compile(r"((?:1[6-9]|20)\d\d)(?:\.0)?年?(?:度)?")


@dataclass(frozen=True, slots=True)
class Judged:
    """``boxes``: box numbers the record lies in. ``slot``: where its first box stands, as written in the list.

    ``is_box``: the row is about its box alone; ``item`` then holds only the fonds. ``described``: what else the
    standards ask of an item, by the names of ``description.FURTHER``, or all they ask of a volume.
    ``of_fonds``: what a row of the verdict context says of the whole fonds ``fonds_no``, by the names of
    ``fonds_row.TOLD``.
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

    def refused(self, code: str, **params: Any) -> Judged:
        return replace(self, verdict="refused", notes=(*self.notes, (code, params)), item=None)

    def with_note(self, code: str, **params: Any) -> Judged:
        return replace(self, verdict="mended", notes=(*self.notes, (code, params)))


@dataclass(slots=True)
class _Row:
    values: Mapping[str, str]
    numeric: frozenset[str]
    codes: Codes
    notes: list[Note] = field(default_factory=list)

    def get(self, name: str) -> str:
        return self.values.get(name, "")

    def note(self, code: str, **params: Any) -> None:
        self.notes.append((code, params))


class Refusal(Exception):
    """The row cannot be taken; carries the code."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.note: Note = (code, params)


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
    row = _Row(values, numeric, codes, [(code, {}) for code in notes])
    if faults:
        return Judged(number, place, "refused", tuple((code, {}) for code in faults))
    if "context_only" in values:
        return _context(number, place, row, fonds_no)
    try:
        return _judge(number, place, row, fonds_no)
    except Refusal as refusal:
        return Judged(number, place, "refused", (*row.notes, refusal.note))


def _context(number: int, place: str, row: _Row, fonds_no: str) -> Judged:
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


def _judge(number: int, place: str, row: _Row, fonds_no: str) -> Judged:
    title = " ".join((row.get("title") or row.get("volume_title")).split())
    if not title:
        raise Refusal("title_missing")
    if title.count("《") > title.count("》"):
        row.note("title_mark_unclosed")
    secret_level = _secret_level(row)
    ref_code, read = _reference(row, fonds_no)
    boxes = tuple(box_numbers.split(row.get("box_no")))
    local_ref = row.get("local_ref") or "-".join(filter(None, (row.get(f"accession_{no}") for no in range(1, 5))))
    if not ref_code and not boxes and not local_ref and not row.get("foreign_id"):
        raise Refusal("nothing_identifies_row")
    if len(boxes) > 1:
        row.note("box_range_split", written=row.get("box_no"), boxes=len(boxes))
    thickness_mm = _thickness(row)
    is_volume = "volume_title" in row.values and "title" not in row.values
    digits, written = ("", "") if is_volume else _date(row)
    year = _year(row, read, digits)
    fonds = _fonds(row, read.fonds if read else "", fonds_no)
    item = NewItem(
        fonds_no=fonds,
        title=title,
        ref_code=ref_code or local_ref,
        ref_key=archive_numbers.key_within(read, fonds) if read else None,
        foreign_id=f"{fonds_no}~{row.get('foreign_id')}" if row.get("foreign_id") else None,
        context=" / ".join(part for part in (row.get("context"), row.get("group"), row.get("series")) if part),
        year=year,
        retention=_retention(row, read),
        secret_level=secret_level,
        responsible=row.get("responsible"),
        doc_no=_doc_no(row),
        date=digits,
        date_written=written,
        pages=_pages(row),
        remark=_remark(row),
    )
    described = _described_volume(row, item) if is_volume else _described(row)
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


def _described(row: _Row) -> dict[str, Value]:
    """Further fields that the list has; a value that is none of the field's is said and left out."""
    found: dict[str, Value] = {}
    scope = "\n".join(filter(None, (row.get("abstract"), row.get("scope"))))
    for name, written in {**row.values, "scope": scope}.items():
        one = _FURTHER.get(name)
        if one is None or not written:
            continue
        try:
            found |= description.read("item", {one.name: _choice(one, written)}, site={}, whole=False)
        except InputRefused:
            row.note("field_not_taken", written=written[:20])
    return found


def _described_volume(row: _Row, read: NewItem) -> dict[str, Value]:
    known = {name: getattr(read, name) for name in ("year", "retention", "pages", "responsible", "remark")}
    return volume_row.described(row.values, row.numeric, note=row.note, choice=_choice, known=known)


def _choice(one: description.Field, written: str) -> str:
    """The code of a choice that is written as a form says it, in any language; a flag's 0 or 1."""
    if one.kind == "flag":
        return {"是": "1", "yes": "1", "true": "1", "否": "0", "no": "0", "false": "0"}.get(written.lower(), written)
    plain = search_text.normalise(written)
    return _CHOICES.get(one.name, {}).get(plain, plain if plain in one.choices else written)


def _reference(row: _Row, fonds_no: str) -> tuple[str, ArchiveNumber | None]:
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


def _fonds(row: _Row, numbered: str, given: str) -> str:
    """The fonds of a row; a cell that is a number has lost the zeros that the archive number or the person has."""
    written = row.get("fonds_no")
    for whole in (numbered, given):
        if written and "fonds_no" in row.numeric and whole.isdigit() and whole != written == whole.lstrip("0"):
            row.note("fonds_zeros_restored", written=written)
            return whole
    return written or numbered or given


def _remark(row: _Row) -> str:
    """With where it lies inside its box (a folder), and prose that only a fonds has a field for."""
    inside = f"{row.get('inside_kind').lower()} {row.get('inside')}".strip() if row.get("inside") else ""
    prose = (" ".join(row.get(name).split()) for name in fonds_row.TOLD if name != "scope")
    return ", ".join(part for part in (row.get("remark"), inside, *prose) if part)


def _composed(row: _Row, fonds_no: str) -> str:
    category = row.get("category")
    year, retention = _YEAR.fullmatch(row.get("year")), archive_numbers.retention_code(row.get("retention"))
    item_no = row.get("item_no").removesuffix(".0")
    fonds = _fonds(row, "", fonds_no) if category and year and retention and item_no.isdigit() else ""
    if not (fonds and category and year and retention):
        return ""
    if len(item_no) < 4:
        row.note("zeros_restored", written=item_no)
    return archive_numbers.compose(fonds, category, int(year[1]), retention, row.get("org"), int(item_no))


def _secret_level(row: _Row) -> str:
    written = unicodedata.normalize("NFKC", row.get("secret_level")).strip()
    if not written:
        return "public"
    level = secret_level_of(written)
    if not level:
        raise Refusal("secret_level_unreadable", written=written[:20])
    return level


def secret_level_of(written: str) -> str:
    """One of SECRECY, "" where ``written`` names none of the levels."""
    plain = re.split(r"[★*☆(\[]", unicodedata.normalize("NFKC", written))[0]
    return _SECRECY.get(plain.strip().lower().translate(_TRADITIONAL).replace("_", " "), "")


def _date(row: _Row) -> tuple[str, str]:
    """Eight digits and the writing. Where a list has both, a writing that says less than its reading is believed."""
    name = "date" if row.get("date") else "start_date"
    given, written = row.get(name), row.get("date_written")
    read = dates.parse(given, serial=name in row.numeric)
    if written and written != given:
        plain = dates.parse(written)
        known = plain.digits.rstrip("0") if plain.digits else ""
        if known and (not read.digits or read.digits.startswith(known)):
            read = replace(plain, note="" if plain.note == "date_range" else plain.note)
    if read.note and read.note != "date_unknown":
        row.note(read.note, written=written or given)
    return read.digits, written or given


def _year(row: _Row, number: ArchiveNumber | None, digits: str) -> int | None:
    match = _YEAR.fullmatch(row.get("year"))
    year = int(match[1]) if match else None
    if row.get("year") and match is None:
        row.note("year_unreadable", written=row.get("year"))
    if year and number and number.year and number.year != year:
        row.note("number_disagrees", column="year", written=str(year), number=number.written)
    return year or (number.year if number else None) or dates.year_of(digits)


def _retention(row: _Row, number: ArchiveNumber | None) -> str:
    written = row.get("retention")
    code = archive_numbers.retention_code(written) if written else None
    if code and "retention" in row.numeric:
        code = f"D{int(written)}"
    if written and code is None:
        row.note("retention_unreadable", written=written)
    if code and number and number.retention and number.retention != code:
        row.note("number_disagrees", column="retention", written=written, number=number.written)
    return code or (number.retention if number else "")


def _doc_no(row: _Row) -> str:
    written = row.get("doc_no")
    mended = doc_numbers.mended(written)
    if mended != written:
        row.note("doc_no_brackets", written=written)
    return mended


def _pages(row: _Row) -> int | None:
    written = unicodedata.normalize("NFKC", row.get("pages")).strip()
    if not written:
        return None
    single, span = _PAGES.fullmatch(written), _PAGE_RANGE.fullmatch(written)
    if single:
        return int(single[1])
    if span and int(span[1]) <= int(span[2]):
        row.note("pages_range", written=written)
        return int(span[2]) - int(span[1]) + 1
    row.note("pages_unreadable", written=written[:20])
    return None


def _thickness(row: _Row) -> int:
    """Millimetres; bare numbers up to 9 are centimetres. 50 where nothing is said."""
    match = _THICKNESS.fullmatch(row.get("thickness").strip())
    if not match:
        if row.get("thickness"):
            row.note("thickness_unreadable", written=row.get("thickness")[:20])
        return 50
    value, unit = int(match[1]), (match[2] or "").lower()
    millimetres = value * 10 if unit in ("cm", "厘米", "公分") or (not unit and value < 10) else value
    return millimetres if 5 <= millimetres <= 200 else 50
