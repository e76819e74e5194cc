"""What a volume list 案卷目录 says of a volume beyond its number, title and box."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from edge.domain import dates, description
from edge.domain.description import Field, Value
from edge.errors import InputRefused

# secret_mark is read as the level, dates as a span; the others a list writes as it does an item's
_OWN_WAY = frozenset({"title", "start_date", "end_date", "secret_mark", "responsible", "retention", "year", "pages"})
_PLAIN = {one.name: one for one in description.FIELDS["volume"] if one.name not in (*_OWN_WAY, "remark")}


def described(
    values: Mapping[str, str],
    numeric: frozenset[str],
    *,
    note: Callable[..., None],
    choice: Callable[[Field, str], str],
    known: Mapping[str, Value],
) -> dict[str, Value]:
    """By the names of ``description.FIELDS["volume"]``. ``known``: what was read as of any row.

    A value that is none of its field's is said by ``note`` and left out.
    """
    first, last = span(values, numeric, note)
    found: dict[str, Value] = {"start_date": first, "end_date": last, **known}
    if not known.get("year") and first and first[:4] == (last or first)[:4]:
        found["year"] = dates.year_of(first)
    for name, one in _PLAIN.items():
        written = values.get(name, "")
        try:
            if written:
                found |= description.read("volume", {name: choice(one, written)}, site={}, whole=False)
        except InputRefused:
            note("field_not_taken", written=written[:20])
    return {name: value for name, value in found.items() if value not in ("", None)}


def span(values: Mapping[str, str], numeric: frozenset[str], note: Callable[..., None]) -> tuple[str, str]:
    """First and last day, eight digits each, "" where the list says none or it cannot be read."""
    begin = "start_date" if values.get("start_date") else "date"
    first, last = dates.span(values.get(begin, "") or values.get("date_written", ""), serial=begin in numeric)
    given = dates.parse(values.get("end_date", ""), serial="end_date" in numeric)
    told: list[tuple[str, Any]] = [(first.note, values.get(begin, "")), (given.note, values.get("end_date", ""))]
    for code, written in told:
        if code and code != "date_unknown" and not (code == "date_range" and last):
            note(code, written=written)
    return first.digits, given.digits or last
