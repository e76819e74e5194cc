"""Lists that say how deep each row lies (ArchivesSpace's bulk import): a row stands under the last one above it.

As in a finding aid, a row with rows below it is a record only where it lies in a box of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, pairwise

from edge.store.formats.parents import MAX_DEPTH
from edge.store.formats.table import FieldRow, Headings

_MARK = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>")  # <emph render="italic">


def nested(rows: Iterator[FieldRow], found: Headings) -> Iterator[FieldRow]:
    """``rows`` with the titles above each, where the list says how deep they lie."""
    return _under_depths(rows) if "depth" in found.columns else rows


def _under_depths(rows: Iterable[FieldRow]) -> Iterator[FieldRow]:
    above: list[tuple[int, str]] = []
    for row, later in pairwise(chain(rows, [None])):
        assert row is not None, "the end comes last"
        depth = _depth(row)
        while above and above[-1][0] >= depth:
            above.pop()
        values, notes = _as_archivesspace_means(row.values)
        if above:
            values["context"] = " / ".join(title for _depth_above, title in above)
        if later is not None and _depth(later) > depth and "box_no" not in values:
            values["context_only"] = values.get("level", "").lower() or "series"
        above.append((depth, values.get("title", "")))
        faults = (*row.faults, "parents_too_deep") if len(above) > MAX_DEPTH else row.faults
        yield replace(row, values=values, faults=faults, notes=(*row.notes, *notes))


def _as_archivesspace_means(told: dict[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Without the depth; a title or a date is asked for there, marks of EAD may stand inside, and boxes may be two."""
    values, notes = {name: text for name, text in told.items() if name != "depth"}, []
    plain = " ".join(_MARK.sub("", values.get("title", "")).split())
    if plain and plain != " ".join(values["title"].split()):
        values["title"] = plain
        notes.append("marks_taken_off")
    dated = values.get("date_written") or values.get("date", "")
    if not plain and dated and ("box_no" in values or "ref_code" in values):
        values["title"] = dated
        notes.append("title_is_date")
    second = values.pop("box_no_2", "")
    if second and "box_no" in values:
        values["box_no"] += f"|{second}"
    for name in values.keys() & {"scope", "abstract"}:
        values[name] = _MARK.sub("", values[name])
    access = values.pop("access_conditions", "")
    if access:
        values["remark"] = "; ".join(filter(None, (values.get("remark"), access)))
    return values, tuple(notes)


def _depth(row: FieldRow) -> int:
    """0 for a row that does not say."""
    written = row.values.get("depth", "").removesuffix(".0")
    return int(written) if written.isdecimal() and len(written) < 4 else 0
