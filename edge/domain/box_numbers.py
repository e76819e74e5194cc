"""Box numbers 盒号 as lists write them: "Box 8", "第12盒", "Units 18 & 20", "1-5"."""

from __future__ import annotations

import re
import unicodedata

MAX_RANGE = 200  # boxes; a longer "range" is a composite number

_BEFORE = re.compile(r"^(?:box(?:es)?|units?|cartons?|no\.?|第|盒号?|盒號?)[\s:：.#]*", re.IGNORECASE)
_AFTER = re.compile(r"\s*号?(?:档案)?盒$|\s*號?(?:檔案)?盒$")
_SEVERAL = re.compile(r"\s*(?:&|,|;|\||、|\band\b)\s*", re.IGNORECASE)
_RANGE = re.compile(r"(\d{1,6})\s*(?:-|~|–|—|to|至)\s*(\d{1,6})", re.IGNORECASE)


def split(text: str) -> list[str]:
    """The boxes that ``text`` names, in order; ranges of whole numbers written out, padding kept. [] for no text."""
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = _AFTER.sub("", _BEFORE.sub("", plain)).strip()
    numbers: dict[str, None] = {}
    for part in _SEVERAL.split(plain):
        part = _BEFORE.sub("", part).strip()
        match = _RANGE.fullmatch(part)
        first, last = (int(match[1]), int(match[2])) if match else (1, 0)
        if match and first < last < first + MAX_RANGE:
            numbers.update(dict.fromkeys(f"{no:0{len(match[1])}d}" for no in range(first, last + 1)))
        elif part:
            numbers[part] = None
    return list(numbers)
