"""Dates 日期 as registers and finding aids write them: eight digits, zeros for what is unknown ("20110300")."""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

_EXCEL_DAY_ZERO = date(1899, 12, 30)  # serials count a 29 February 1900 that never was
_EXCEL_SERIALS = range(10_000, 80_000)  # 1927 to 2118

_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_PARTED = re.compile(r"(\d{4})[-./](\d{1,2})(?:[-./](\d{1,2}))?(?:[T ]\d{1,2}:.*)?")
_CHINESE = re.compile(r"(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})[日号號])?)?")
_YEAR_ONLY = re.compile(r"(\d{4})")
_REPUBLIC = re.compile(r"(?:民国|民國|中华民国|中華民國)(\d{1,3}|元)年(.*)")
_MONTHS = {name.lower(): no for no, name in enumerate(calendar.month_abbr) if no}
_ENGLISH_MONTH = r"([a-z]{3,9})\.?"
_DAY_FIRST = re.compile(rf"(\d{{1,2}})\s*{_ENGLISH_MONTH},?\s*(\d{{4}})")
_MONTH_FIRST = re.compile(rf"{_ENGLISH_MONTH}\s*(\d{{1,2}}),?\s+(\d{{4}})")
_MONTH_YEAR = re.compile(rf"{_ENGLISH_MONTH},?\s*(\d{{4}})")
_YEAR_FIRST = re.compile(rf"(\d{{4}}),?\s*(?:(\d{{1,2}})\s*)?{_ENGLISH_MONTH}")
_HAN_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_HAN_NUMBER = re.compile(r"[一二三四五六七八九]?十[一二三四五六七八九]?")
_JOINERS = re.compile(r"[-~/—–至]+")
# of the second date of a span: 12月, 12.31, 31
_SHORTENED = re.compile(r"(?:(\d{1,2})(?:[./-]|月))?(\d{1,2})([月日号號]?)")
_UNKNOWN = frozenset({"n.d", "n.d.", "nd", "undated", "不详", "不詳", "无日期", "無日期", "s.d."})


@dataclass(frozen=True, slots=True)
class ReadDate:
    """``digits``: eight digits or "" where nothing could be read. ``note``: a code where the writing was not plain."""

    digits: str
    note: str = ""


def parse(text: str, *, serial: bool = False) -> ReadDate:
    """Read one date. ``serial``: the cell was a number, so five digits are a spreadsheet's day count.

    Notes: ``date_supplied`` ([ ] or circa: found out, not written on the document), ``date_unknown`` (n.d.),
    ``date_serial``, ``date_range`` (the first day taken), ``date_unreadable``.
    """
    return span(text, serial=serial)[0]


def span(text: str, *, serial: bool = False) -> tuple[ReadDate, str]:
    """One date as ``parse`` reads it, and of "A - B" the digits of B where they can be read, else ""."""
    written = unicodedata.normalize("NFKC", text).strip()
    if not written:
        return ReadDate(""), ""
    if written.lower() in _UNKNOWN:
        return ReadDate("", "date_unknown"), ""
    if serial and written.isdigit() and int(written) in _EXCEL_SERIALS:
        day = _EXCEL_DAY_ZERO + timedelta(days=int(written))
        return ReadDate(f"{day:%Y%m%d}", "date_serial"), ""
    plain, note = _strip_doubt(written.lower())
    digits = _read(plain)
    if digits:
        return ReadDate(digits, note), ""
    first, last = _read_range(plain)
    return ReadDate(first, "date_range" if first else "date_unreadable"), last


def tells_end(text: str, last: str) -> bool:
    """Whether the writing of a span says that it ends on ``last``, eight digits; prose by the year alone."""
    first, end = span(text)
    if first.note == "date_range":
        return bool(end) and last.startswith(_known(end))
    return last.startswith(_known(first.digits)) if first.digits else last[:4] in text


def _known(digits: str) -> str:
    """``201103`` of 20110300."""
    return digits[:4] if digits.endswith("0000") else digits[:6] if digits.endswith("00") else digits


def year_of(digits: str) -> int | None:
    return int(digits[:4]) if digits else None


def _strip_doubt(text: str) -> tuple[str, str]:
    plain = re.sub(r"^(?:circa|ca\.?|c\.)\s*|[\[\]()〔〕?]|约|約", "", text).strip().rstrip(".,")
    return plain, "" if plain == text.rstrip(".,") else "date_supplied"


def _read_range(text: str) -> tuple[str, str]:
    """First and last day of "A - B" where A can be read; B may be shortened to a month, a day or both."""
    for joiner in _JOINERS.finditer(text):
        before, after = text[: joiner.start()].strip(), text[joiner.end() :].strip()
        first = _read(before)
        last = (_read(after) or _read_shortened(first, after)) if first else ""
        if last or (first and after.isdigit()):
            return first, last if last >= first else ""
    return "", ""


def _read_shortened(first: str, text: str) -> str:
    match = _SHORTENED.fullmatch(text)
    if match is None:
        return ""
    year, month, number = int(first[:4]), int(match[1] or first[4:6]), int(match[2])
    is_day = bool(match[1]) or match[3] in ("日", "号", "號") or (not match[3] and first[6:] != "00")
    return _digits(year, month, number) if is_day else _digits(year, number, 0)


def _read(text: str) -> str:
    """Eight digits of a plain date, "" when it is none."""
    if "年" in text:
        text = _han_to_digits(text)
    republic = _REPUBLIC.fullmatch(text)
    if republic:
        year = 1 if republic[1] == "元" else int(republic[1])
        text = f"{1911 + year}年{republic[2]}"
    for pattern in (_DIGITS, _PARTED, _CHINESE, _YEAR_ONLY):
        match = pattern.fullmatch(text)
        if match:
            year, month, day = (int(part or 0) for part in (*match.groups(), "", "")[:3])
            return _digits(year, month, day)
    return _read_english(text)


def _read_english(text: str) -> str:
    for pattern, order in ((_DAY_FIRST, "dmy"), (_MONTH_FIRST, "mdy"), (_MONTH_YEAR, "my"), (_YEAR_FIRST, "ydm")):
        match = pattern.fullmatch(text)
        if match:
            parts = dict(zip(order, match.groups(), strict=True))
            month = _month(parts["m"])
            return _digits(int(parts["y"]), month, int(parts.get("d") or 0)) if month else ""
    return ""


def _month(name: str) -> int:
    return {"apl": 4, "sept": 9}.get(name) or _MONTHS.get(name[:3], 0)


def _digits(year: int, month: int, day: int) -> str:
    """Eight digits of a day that exists, else an empty text; month 0 allows only day 0."""
    if not 1000 <= year <= 2999 or not 0 <= month <= 12 or (not month and day):
        return ""
    if month and day > calendar.monthrange(year, month)[1]:
        return ""
    return f"{year:04d}{month:02d}{day:02d}"


def _han_to_digits(text: str) -> str:
    """一九九九年十二月三十一日 with Arabic digits."""

    def number(match: re.Match[str]) -> str:
        tens, _, ones = match.group().partition("十")
        return str(10 * int(tens.translate(_HAN_DIGITS) or 1) + int(ones.translate(_HAN_DIGITS) or 0))

    return _HAN_NUMBER.sub(number, text).translate(_HAN_DIGITS)
