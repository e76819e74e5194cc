"""Archive numbers whose category code lost a sign or got a wrong one: ``1012-s·1980-Y-11`` for ``1012-WS·1980-Y-0011``.

They are met in other people's lists (reading by machine) and kept there as written, since ``S`` may as well stand for
RS. A search offers what they may stand for, and the other way round; nothing else may take one for the other.
"""

from __future__ import annotations

import re
from string import ascii_uppercase, digits

from edge.domain import archive_numbers
from edge.domain.archive_numbers import ArchiveNumber, Codes

_CATEGORY = re.compile(r"([^-]+-)([A-Z0-9]{1,3}?)(?=(?:(?:19|20)\d\d)?[·-])")
_SIGNS = ascii_uppercase + digits


def may_mean(number: ArchiveNumber, codes: Codes) -> list[str]:
    """Canonical keys of what a number with an unknown category code may have been, each category once."""
    folded = archive_numbers.dashed_and_dotted(number.written)
    found = _CATEGORY.match(folded) if number.why == "number_category_unknown" else None
    if found is None:
        return []
    rest = folded[found.end() :]
    read = (archive_numbers.parse(found[1] + code + rest, *codes) for code in sorted(codes[0]) if _near(found[2], code))
    return [one.key for one in read if one.rule != "foreign"]


def may_be_written(number: ArchiveNumber, codes: Codes) -> list[str]:
    """Places in the order of numbers (``archive_numbers.order_key``) where a misread writing of it would stand."""
    if number.rule not in ("item", "volume"):
        return []
    found = _CATEGORY.match(archive_numbers.dashed_and_dotted(number.written))
    if found is None or found[2] != number.classes[0]:
        return []
    rest = archive_numbers.prefix_fold(number.written)[found.end() :]
    run_on = [rest[1:]] if number.year is not None else []  # its dot may be lost as well
    return [
        archive_numbers.order_key(f"{found[1]}{code}{after}")
        for code in sorted(_misread(found[2]) - codes[0])
        for after in (rest, *run_on)
    ]


def _near(misread: str, code: str) -> bool:
    return misread in _misread(code)


def _misread(code: str) -> set[str]:
    """``code`` without one of its signs, or with another one in its place."""
    without = {code[:at] + code[at + 1 :] for at in range(len(code))} if len(code) > 1 else set()
    return without | {code[:at] + sign + code[at + 1 :] for at in range(len(code)) for sign in _SIGNS}
