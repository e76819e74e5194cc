"""What printed lines name: archive numbers 档号, slots 储位, labels, and box numbers 盒号 beside their word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from edge.domain import archive_numbers, labels, slot_codes
from edge.errors import InputRefused

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－~～", "-"))
_BLANKS_AT_JOINERS = re.compile(r"\s*([-·.•・･‧∙⋅●:])\s*")
_NUMBER = re.compile(r"(?<![A-Z0-9])[A-Z]{0,3}\d{1,5}-[A-Z0-9][A-Z0-9·.•・･‧∙⋅●-]*[0-9](?![A-Z0-9])")
_CASE_FILE = re.compile(r"(?<![A-Z0-9-])[A-Z]{2}\d{4,6}(?:-\d{1,4})?(?![A-Z0-9-])")
# the dot before the year is the first thing a bad print loses; only where a retention follows is it certain
_LOST_DOT = re.compile(r"-([A-Z]{2})-((?:19|20)\d\d)-(?=(?:Y|C|D\d{1,3})[-·])")
_SLOT = re.compile(r"(?<![A-Z0-9-])[A-Z0-9]+(?:-[A-Z0-9]+)*-\d{2}-[LR]-\d{2}-\d-\d{2}(?![A-Z0-9-])")
_LABEL = re.compile(r"SR1:[A-Z][0-9A-Z]{14}(?![0-9A-Z])")
_BOX = re.compile(
    r"(?:盒号|盒號|档案盒|檔案盒|BOX(?: NO\.?)?)[:\s#]*([A-Z]{0,3}\d{1,6})(?![A-Z0-9-])|第\s*(\d{1,6})\s*盒"
)
_BOX_WORDS = re.compile(r"盒号|盒號|箱号|箱號|第(?=\s*\d)|(?<=\d)\s*[盒箱]|BOX|NO\.?(?=[\s:#\d])|[:#]")
_TOKEN = re.compile(r"[A-Z0-9]+(?:[-·/][A-Z0-9]+)*")
_YEAR = re.compile(r"(?:19|20)\d\d")
_WRITTEN_YEAR = re.compile(r"(?:19|20)\d\d(?=\s*年)")


@dataclass(frozen=True, slots=True)
class Named:
    """Each once, in reading order. ``archive_numbers`` hold what was ``written`` and what was ``mended``."""

    archive_numbers: tuple[archive_numbers.ArchiveNumber, ...]
    slots: tuple[str, ...]
    labels: tuple[str, ...]
    boxes: tuple[str, ...]


def named(lines: Sequence[str], codes: archive_numbers.Codes = archive_numbers.STANDARD) -> Named:
    """What ``lines`` name by the grammars of the archive; nothing is guessed where a grammar does not fit.

    ``codes``: of the site.
    """
    numbers: dict[str, archive_numbers.ArchiveNumber] = {}
    slots: dict[str, None] = {}
    found_labels: dict[str, None] = {}
    boxes: dict[str, None] = {}
    for line in lines:
        text = fold(line)
        for match in _SLOT.finditer(text):
            try:
                slots[str(slot_codes.parse(match[0]))] = None
            except InputRefused:
                continue
        without_slots = _SLOT.sub(" ", text)
        for match in (*_NUMBER.finditer(without_slots), *_CASE_FILE.finditer(without_slots)):
            number = _number(match[0], codes)
            if number.rule != "foreign":
                numbers.setdefault(number.key, number)
        for match in _LABEL.finditer(text):
            try:
                found_labels[labels.parse(match[0]).text] = None
            except InputRefused:
                continue
        for match in _BOX.finditer(text):
            boxes[match[1] or match[2]] = None
    return Named(tuple(numbers.values()), tuple(slots), tuple(found_labels), tuple(boxes))


def fonds_numbers(lines: Sequence[str]) -> list[str]:
    """What in ``lines`` may be a fonds number 全宗号: every run of letters and digits, beside other words too.

    A year 年 that lost the blank before it is no part of the number it follows.
    """
    return list(dict.fromkeys(token for line in lines for token in _TOKEN.findall(_WRITTEN_YEAR.sub(" ", fold(line)))))


def box_numbers(lines: Sequence[str]) -> list[str]:
    """What may be a box number 盒号: a line that says nothing else, but a bare year only after the word for box.

    The word may stand in the line before: labels have fields, one under the other.
    """
    found: dict[str, None] = {}
    word_before = False
    for line in lines:
        text = fold(line).strip()
        bare = _BOX_WORDS.sub("", text).strip()
        if _TOKEN.fullmatch(bare) and (bare != text or word_before or not _YEAR.fullmatch(bare)):
            found[bare] = None
        word_before = not bare and any(sign.isalnum() for sign in text)
    return list(found)


def fold(line: str) -> str:
    """One writing: narrow, capitals, one kind of dash, no blanks beside joiners."""
    plain = unicodedata.normalize("NFKC", line.translate(_DASHES)).upper().translate(_DASHES)
    return _BLANKS_AT_JOINERS.sub(r"\1", plain)


def _number(written: str, codes: archive_numbers.Codes) -> archive_numbers.ArchiveNumber:
    whole = _LOST_DOT.sub(r"-\1·\2-", written)
    number = archive_numbers.parse(whole, *codes)
    return number if whole == written else replace(number, mended=(*number.mended, "number_dot_added"))
