"""Archive numbers 档号: three generations of one rule are alive at once, written by many hands.

DA/T 22-2015 ``Z109-WS·2011-Y-BGS-0001``, DA/T 13-2022 ``Z109-WS·2011·Y·BGS-0001`` and by volume
``J019-KU·01·2017-001-001``, DA/T 13-1994 ``C038-001-002-003``, and case files ``KH0001``. The number is kept as
written; the parts give a canonical key under which the writings of one item meet. What follows none of the rules is a
foreign reference: kept, never guessed. A site's own category codes and case series are handed in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

Rule = Literal["item", "volume", "1994", "case", "foreign"]

# DA/T 13-2022: documents; science, research, equipment, construction; personnel, accounts, professional, photographs,
# sound, video, business data, e-mail, web pages, social media, objects. A site passes its own codes as ``categories``.
CATEGORIES = frozenset(("WS", "KJ", "KY", "SB", "JJ", "RS", "KU", "ZY", "ZP", "LY", "LX", "SJ", "YJ", "WY", "MT", "SW"))

CASE_SERIES = ("KH", "XM", "YG", "QT")  # customers, projects, staff, others

Codes = tuple[frozenset[str], frozenset[str]]  # category codes and case prefixes that numbers may have
STANDARD: Codes = (CATEGORIES, frozenset(CASE_SERIES))

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－", "-"))
_DOTS = str.maketrans(dict.fromkeys("•・･‧∙⋅●．", "·"))
_FULL_STOP = re.compile(r"(?<=[A-Z0-9])\.(?=\w)")
_FONDS = re.compile(r"[A-Z]{0,3}\d{1,5}")
_CASE = re.compile(r"([A-Z]{2})(\d{4,6})(?:-(\d{1,4}))?")  # after 9999 a series widens; a piece of the case follows
_YEAR = re.compile(r"(?:1[6-9]|20)\d\d")
_CATEGORY_AND_YEAR = re.compile(r"([A-Z]{2,4})((?:19|20)\d\d)")
_DIGITS = re.compile(r"\d{1,6}")
_DIGIT_RUN = re.compile(r"[0-9]+")
_LAST_DIGITS = re.compile(r"[0-9]+$")
_LENGTHS = "123456789ABCDEFGHIJKLMN"  # of runs of digits, in the order of their bytes, as SQLite compares
_LAST = "\U0010ffff"
_ORG_AND_ITEM = re.compile(r"([A-Z]{2,8})(\d{4})")
_RETENTION = re.compile(r"Y|C|D\d{1,3}")
_RETENTION_WORDS = {"永久": "Y", "长期": "C", "長期": "C", "短期": "D10"}
_YEARS_KEPT = re.compile(r"(?:定期)?(\d{1,3})年?")


@dataclass(frozen=True, slots=True)
class ArchiveNumber:
    """``classes``: category first, then its segments without year and retention.

    ``mended``: codes of what had to be folded or added. ``why``: what could not be read of a foreign reference.
    """

    written: str
    rule: Rule
    key: str
    fonds: str = ""
    classes: tuple[str, ...] = ()
    year: int | None = None
    retention: str = ""
    org: str = ""
    file_no: int | None = None
    item_no: int | None = None
    mended: tuple[str, ...] = field(default=())
    why: str = ""


def parse(text: str, categories: frozenset[str] = CATEGORIES, series: Collection[str] = CASE_SERIES) -> ArchiveNumber:
    """Read ``text``; never fails: what no rule reads comes back with rule ``foreign`` and its reason."""
    written = text.strip()
    folded, mended = _fold(written)
    case = _CASE.fullmatch(folded)
    if case and case[1] in series and int(case[2]):
        return _case(written, case, mended)
    parts = folded.split("-")
    if len(parts) < 3 or not _FONDS.fullmatch(parts[0]):
        return _foreign(written, "number_shape_unknown")
    if len(parts) == 4 and all(_DIGITS.fullmatch(part) for part in parts[1:]):
        return _with_key(
            ArchiveNumber(
                written, "1994", "", parts[0], (parts[1],), file_no=int(parts[2]), item_no=int(parts[3]), mended=mended
            )
        )
    return _read_classed(written, parts, mended, categories)


def key_of(text: str) -> str:
    """The canonical key of a written number, for looking it up."""
    return parse(text).key


def of_key(key: str | None, written: str = "") -> ArchiveNumber:
    """The parts of a stored number, whatever codes its site had when it was read; ``written``: as it was written."""
    if not key or key.startswith("~"):
        return ArchiveNumber(written, "foreign", key or "")
    if "/" not in key:
        case, _, piece = key.partition("-")
        return ArchiveNumber(
            written, "case", key, classes=(case[:2],), file_no=int(case[2:]), item_no=int(piece) if piece else None
        )
    fonds, classes, year, retention, rest = key.split("/", 4)
    org, file_no, item_no = rest.rsplit("/", 2)
    rule: Rule = "item" if not file_no else "1994" if classes.isdigit() else "volume"
    return ArchiveNumber(
        written,
        rule,
        key,
        fonds,
        tuple(classes.split("·")),
        int(year) if year else None,
        retention,
        org,
        int(file_no) if file_no else None,
        int(item_no),
    )


def category(key: str | None) -> str:
    """The category code 类别号 in a canonical key: WS; KH of a case file's KH0001; "" for a foreign reference."""
    if not key or key.startswith("~"):
        return ""
    return key.split("/")[1].split("·")[0] if "/" in key else key[:2]


def key_within(number: ArchiveNumber, fonds_no: str) -> str:
    """The key under which one item exists once in the store; a foreign reference is only unique within its fonds."""
    return f"{number.key}~{fonds_no}" if number.rule == "foreign" else number.key


def dashed_and_dotted(text: str) -> str:
    """``text`` in capitals without blanks, its joiners in their usual form."""
    return _fold(text.strip())[0]


def prefix_fold(text: str) -> str:
    """``text`` with all joiners alike, so that the beginning of either generation's writing finds both."""
    return _fold(text.strip())[0].replace("·", "-")


def order_key(fold: str) -> str:
    """Sorts folded numbers as a register does: runs of digits by their value, so that 10000 comes after 9999."""
    return _DIGIT_RUN.sub(lambda run: _by_value(run[0]), fold)


def order_ranges(fold: str) -> list[tuple[str, str]]:
    """Where in that order all numbers lie that begin with ``fold``, and others of the same value: half-open, ascending.

    Digits at its end may be the beginning of a longer number.
    """
    unfinished = _LAST_DIGITS.search(fold)
    if unfinished is None:
        return [(order_key(fold), order_key(fold) + _LAST)]
    stem, plain = order_key(fold[: unfinished.start()]), unfinished[0].lstrip("0")
    lengths = _LENGTHS[max(len(plain), 1) - 1 :] or _LENGTHS[-1]
    return [(f"{stem}{length}{plain}", f"{stem}{length}{plain}{_LAST}") for length in lengths]


def _by_value(digits: str) -> str:
    """``digits`` behind a mark of their length: 9 is 19 and 10 is 210."""
    plain = digits.lstrip("0") or "0"
    return _LENGTHS[min(len(plain), len(_LENGTHS)) - 1] + plain


def dashed(text: str) -> list[str]:
    """The parts between dashes, whatever dashes they are."""
    return _fold(text.strip())[0].split("-")


@lru_cache(1000)  # a list has few, each on every row
def retention_code(text: str) -> str | None:
    """Y, C or D + years for a retention period 保管期限 in any writing; None when it is none of them."""
    folded = unicodedata.normalize("NFKC", text).strip().upper().replace(" ", "")
    if folded in _RETENTION_WORDS:
        return _RETENTION_WORDS[folded]
    if _RETENTION.fullmatch(folded):
        return folded
    years = _YEARS_KEPT.fullmatch(folded)
    return f"D{int(years[1])}" if years else None


def compose(fonds: str, category: str, year: int, retention: str, org: str, item_no: int) -> str:
    """The number that a register writes in separate columns, joined by DA/T 22-2015."""
    middle = f"-{org}" if org else ""
    return f"{fonds}-{category}·{year}-{retention}{middle}-{item_no:04d}"


def _case(written: str, case: re.Match[str], mended: tuple[str, ...]) -> ArchiveNumber:
    piece = int(case[3]) if case[3] else None
    key = f"{case[1]}{int(case[2]):04d}" + (f"-{piece}" if piece is not None else "")
    return ArchiveNumber(written, "case", key, classes=(case[1],), file_no=int(case[2]), item_no=piece, mended=mended)


def _fold(written: str) -> tuple[str, tuple[str, ...]]:
    mended: list[str] = []

    def step(before: str, after: str, code: str) -> str:
        if before != after:
            mended.append(code)
        return after

    text = unicodedata.normalize("NFKC", written.translate(_DASHES).translate(_DOTS))
    text = step(written, text, "number_marks_folded")
    text = step(text, "".join(text.split()), "number_blanks_removed")
    text = step(text, text.upper(), "number_capitals")
    text = step(text, _FULL_STOP.sub("·", text), "number_marks_folded")
    return text, tuple(dict.fromkeys(mended))


def _read_classed(written: str, parts: list[str], mended: tuple[str, ...], categories: frozenset[str]) -> ArchiveNumber:
    """Fonds, then classes joined by dots (2022) or by a dot and dashes (2015), then file and item numbers."""
    fixes = list(mended)
    segments = parts[1].split("·")
    joined = _CATEGORY_AND_YEAR.fullmatch(segments[0])
    if joined and joined[1] in categories:
        segments[:1] = [joined[1], joined[2]]
        fixes.append("number_dot_added")
    if segments[0] not in categories:
        return _foreign(written, "number_category_unknown")
    tail = parts[2:]
    run_on = _ORG_AND_ITEM.fullmatch(tail[-1])
    if run_on:
        tail[-1:] = [run_on[1], run_on[2]]
        fixes.append("number_dash_added")
    org = ""
    if len(tail) > 2 and segments[1:] == [] and _YEAR.fullmatch(tail[0]) and _is_retention(tail[1]):
        segments.append(tail.pop(0))
        fixes.append("number_dot_added")
    if len(tail) == 3 and not _is_retention(tail[0]) and _is_retention(tail[1]):  # year, question, retention
        tail[:2] = [tail[1], tail[0]]
    if len(tail) > 1 and _is_retention(tail[0]):  # DA/T 22-2015: they follow as dashed parts, always by item
        segments.append(tail.pop(0))
        org = tail.pop(0) if len(tail) > 1 else ""
    if not tail or len(tail) > 2 or not all(_DIGITS.fullmatch(part) for part in tail):
        return _foreign(written, "number_shape_unknown")
    classes, year, retention, question = _sort_segments(segments)
    if any(not segment for segment in segments):
        return _foreign(written, "number_shape_unknown")
    if retention and retention not in segments:
        fixes.append("number_retention_word")
    file_no = int(tail[0]) if len(tail) == 2 else None
    return _with_key(
        ArchiveNumber(
            written,
            "item" if file_no is None else "volume",
            "",
            parts[0],
            classes,
            year,
            retention,
            org or question,
            file_no,
            int(tail[-1]),
            tuple(dict.fromkeys(fixes)),
        )
    )


def _is_retention(segment: str) -> bool:
    """A bare number is never one: it would be a class, a question or a file."""
    return not segment.isdigit() and retention_code(segment) is not None


def _sort_segments(segments: list[str]) -> tuple[tuple[str, ...], int | None, str, str]:
    """Classes, year, retention and the question that may follow the retention."""
    classes, year, retention, question = [segments[0]], None, "", ""
    for segment in segments[1:]:
        if year is None and not retention and _YEAR.fullmatch(segment):
            year = int(segment)
        elif not retention and _is_retention(segment):
            retention = retention_code(segment) or ""
        elif retention:
            question = f"{question}·{segment}" if question else segment
        else:
            classes.append(segment)
    return tuple(classes), year, retention, question


def _with_key(number: ArchiveNumber) -> ArchiveNumber:
    """The key: every part in its own place, so an empty one cannot make two numbers meet; numbers without padding."""
    parts = [number.fonds, "·".join(number.classes), number.year, number.retention, number.org, number.file_no]
    key = "/".join("" if part is None else str(part) for part in [*parts, number.item_no])
    return replace(number, key=key)


def _foreign(written: str, why: str) -> ArchiveNumber:
    """Compared as written but for case, width and runs of blanks: dots and blanks of others may mean something."""
    plain = " ".join(unicodedata.normalize("NFKC", written).upper().split())
    return ArchiveNumber(written, "foreign", f"~{plain}", why=why)
