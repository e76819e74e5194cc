"""What the cells of a list's row say: level, date, year, retention, document number, pages, thickness and more.

What cannot be read is noted and left out; only a secret level that cannot be read refuses the row.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from edge.domain import archive_numbers, dates, description, doc_numbers, fonds_row, search_text, volume_row
from edge.domain.archive_numbers import ArchiveNumber, Codes
from edge.domain.description import Value
from edge.domain.records import NewItem
from edge.errors import InputRefused

Note = tuple[str, dict[str, Any]]  # a code with words, and its parameters

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
YEAR = re.compile(r"((?:1[6-9]|20)\d\d)(?:\.0)?年?(?:度)?")


@dataclass(slots=True)
class ListRow:
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


def level_of(row: ListRow) -> str:
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


def date_of(row: ListRow) -> tuple[str, str]:
    """Eight digits and the writing. Where a list has both, a writing that says less than its reading is believed.

    An item has one date, so a last day with a column of its own is kept in the writing.
    """
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
    spanned = _with_end(row, name, read.digits)
    if spanned and (given or written) and read.note != "date_range":
        row.note("date_range", written=spanned)
    elif spanned and not (given or written):
        row.note("date_unreadable", written=spanned)
    return read.digits, spanned or written or given


def _with_end(row: ListRow, name: str, first: str) -> str:
    """The writing of a span, its last day added; "" where the list has none, or none that the writing does not tell."""
    begin, end = _day(row, name), _day(row, "end_date")
    last = dates.parse(end)
    written = row.get("date_written") or begin
    if not end or last.note == "date_unknown" or (first and last.digits == first):
        return ""
    if written and last.digits and dates.tells_end(written, last.digits):
        return ""
    return f"{begin}—{end}" if written == begin else f"{written} ({begin}—{end})"


def _day(row: ListRow, name: str) -> str:
    """The cell as written; a spreadsheet's day count as the day it means."""
    written = row.get(name)
    read = dates.parse(written, serial=name in row.numeric)
    return read.digits if read.note == "date_serial" else written


def year_of(row: ListRow, number: ArchiveNumber | None, digits: str) -> int | None:
    match = YEAR.fullmatch(row.get("year"))
    year = int(match[1]) if match else None
    if row.get("year") and match is None:
        row.note("year_unreadable", written=row.get("year"))
    if year and number and number.year and number.year != year:
        row.note("number_disagrees", column="year", written=str(year), number=number.written)
    return year or (number.year if number else None) or dates.year_of(digits)


def retention_of(row: ListRow, number: ArchiveNumber | None) -> str:
    written = row.get("retention")
    code = archive_numbers.retention_code(written) if written else None
    if code and "retention" in row.numeric:
        code = f"D{int(written)}"
    if written and code is None:
        row.note("retention_unreadable", written=written)
    if code and number and number.retention and number.retention != code:
        row.note("number_disagrees", column="retention", written=written, number=number.written)
    return code or (number.retention if number else "")


def doc_no_of(row: ListRow) -> str:
    written = row.get("doc_no")
    mended = doc_numbers.mended(written)
    if mended != written:
        row.note("doc_no_brackets", written=written)
    return mended


def pages_of(row: ListRow) -> int | None:
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


def thickness_of(row: ListRow) -> int:
    """Millimetres; bare numbers up to 9 are centimetres. 50 where nothing is said."""
    match = _THICKNESS.fullmatch(row.get("thickness").strip())
    if not match:
        if row.get("thickness"):
            row.note("thickness_unreadable", written=row.get("thickness")[:20])
        return 50
    value, unit = int(match[1]), (match[2] or "").lower()
    millimetres = value * 10 if unit in ("cm", "厘米", "公分") or (not unit and value < 10) else value
    return millimetres if 5 <= millimetres <= 200 else 50


def remark_of(row: ListRow) -> str:
    """With where it lies inside its box (a folder), and prose that only a fonds has a field for."""
    inside = f"{row.get('inside_kind').lower()} {row.get('inside')}".strip() if row.get("inside") else ""
    prose = (" ".join(row.get(name).split()) for name in fonds_row.TOLD if name != "scope")
    return ", ".join(part for part in (row.get("remark"), inside, *prose) if part)


def described(row: ListRow) -> dict[str, Value]:
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


def described_volume(row: ListRow, read: NewItem) -> dict[str, Value]:
    known = {name: getattr(read, name) for name in ("year", "retention", "pages", "responsible", "remark")}
    return volume_row.described(row.values, row.numeric, note=row.note, choice=_choice, known=known)


def _choice(one: description.Field, written: str) -> str:
    """The code of a choice that is written as a form says it, in any language; a flag's 0 or 1."""
    if one.kind == "flag":
        return {"是": "1", "yes": "1", "true": "1", "否": "0", "no": "0", "false": "0"}.get(written.lower(), written)
    plain = search_text.normalise(written)
    return _CHOICES.get(one.name, {}).get(plain, plain if plain in one.choices else written)
