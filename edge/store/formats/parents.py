"""Lists that name each row's parent (AtoM): rows that others lie under become their titles above.

As in a finding aid, a row with parts is a record only where it lies in a box of its own. Parents that go round in a
circle, or that are nested without end, are a fault of the rows below them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from edge.domain import archive_numbers
from edge.domain.list_cells import secret_level_of
from edge.domain.own_rows import ATOM_MARK
from edge.store.formats.formula_guard import unguard
from edge.store.formats.table import FieldRow

MAX_DEPTH = 100
_FONDS, _FILE = "fonds", "file"


@dataclass(frozen=True, slots=True)
class _Parent:
    parent_id: str
    level: str
    title: str
    ref_code: str
    ours: bool


def under_parents(read: Callable[[], Iterator[FieldRow]]) -> Iterator[FieldRow]:
    """``read`` gives the rows from the first one on, each time; only rows that are parents are held in memory."""
    named = {row.values["parent_id"] for row in read() if "parent_id" in row.values}
    parents = {row.values.get("foreign_id", ""): _parent(_plain(row)) for row in read() if _id(row) in named}
    for row in read():
        yield _placed(_plain(row), parents)


def _placed(row: FieldRow, parents: dict[str, _Parent]) -> FieldRow:
    values = dict(row.values)
    parent_id = values.pop("parent_id", "")
    above, fault = _above(parent_id, parents)
    if fault:
        return replace(row, values=values, faults=(*row.faults, fault))
    level, ours = values.get("level", "").lower(), values.pop("own_mark", "") == ATOM_MARK
    titles = [part.title for part in above if part.level != _FONDS and not (part.ours and part.level == _FILE)]
    if titles:
        values["context"] = " / ".join(titles)
    for part in above:
        if part.level == _FONDS and part.ref_code:
            values.setdefault("fonds_no", part.ref_code)
            values.setdefault("fonds_name", part.title)
        elif part.ours and part.level == _FILE and part.ref_code:
            values |= {"volume_ref": part.ref_code, "volume_title": part.title}
    if level == _FONDS and not parent_id:
        values["describes_fonds"] = "1"
        if values.get("foreign_ref"):
            values.setdefault("fonds_no", values["foreign_ref"])
    _conditions(values, ours)
    _several(values, ours)
    notes = row.notes if ours else (*row.notes, *_first_dates(values))
    if parent_id and parent_id not in parents:
        notes = (*notes, "parent_not_in_list")
    if ours and level == _FILE and "title" in values:
        values["volume_title"] = values.pop("title")
    elif _id(row) in parents and (level == _FONDS or "box_no" not in values):
        values["context_only"] = level or "series"
    elif ours and level == _FONDS:
        values["context_only"] = level
    return replace(row, values=values, notes=notes)


def _first_dates(values: dict[str, str]) -> tuple[str, ...]:
    """AtoM joins what there are several of by ``|``: of dates the first that is told is taken, and said."""
    several = [name for name in ("date", "date_written") if "|" in values.get(name, "")]
    ends = values.pop("end_date", "").split("|")
    at = 0
    for name in several:
        parts = [part.strip() for part in values.pop(name).split("|")]
        told = next((no for no, part in enumerate(parts) if part and part != "NULL"), None)
        if told is not None:
            values[name], at = parts[told], told
    if at < len(ends) and ends[at].strip() not in ("", "NULL"):
        values["end_date"] = ends[at].strip()
    return ("several_dates",) if several else ()


def _several(values: dict[str, str], ours: bool) -> None:
    """Several names or words: in AtoM behind a ``|`` each, here one a line; those of a single line behind a ``；``."""
    for name, joiner in (("responsible", "；"), ("persons", "\n"), ("keywords", "\n")):
        if "|" in values.get(name, "") and not (ours and name == "responsible"):
            parts = (part.strip() for part in values[name].split("|"))
            values[name] = joiner.join(part for part in parts if part and part != "NULL")


def _conditions(values: dict[str, str], ours: bool) -> None:
    """One word that is a level or a retention code counts; others' prose about access goes to the remarks."""
    access, appraisal = values.pop("access_conditions", ""), values.pop("appraisal", "")
    extent, other_ids = values.pop("extent_and_medium", ""), values.pop("other_ids", "")
    if secret_level_of(access):
        values.setdefault("secret_level", access)
    elif access:
        values["remark"] = "; ".join(filter(None, (values.get("remark"), access)))
    if appraisal and archive_numbers.retention_code(appraisal):
        values.setdefault("retention", appraisal)
    if extent and not ours:
        values.setdefault("extent", extent)
    if ours:
        values |= {name: text for name, text in (("pages", extent), ("doc_no", other_ids)) if text}


def _above(parent_id: str, parents: dict[str, _Parent]) -> tuple[list[_Parent], str]:
    """The parents from the top down, or the fault."""
    found: list[_Parent] = []
    met: set[str] = set()
    while parent_id in parents:
        if parent_id in met:
            return [], "parents_in_circle"
        if len(met) == MAX_DEPTH:
            return [], "parents_too_deep"
        met.add(parent_id)
        found.append(parents[parent_id])
        parent_id = parents[parent_id].parent_id
    return found[::-1], ""


def _parent(row: FieldRow) -> _Parent:
    get = row.values.get
    ours = get("own_mark", "") == ATOM_MARK
    return _Parent(get("parent_id", ""), get("level", "").lower(), get("title", ""), get("foreign_ref", ""), ours)


def _id(row: FieldRow) -> str:
    return row.values.get("foreign_id", "")


def _plain(row: FieldRow) -> FieldRow:
    """What our own export guarded against formulas is taken back."""
    if row.values.get("own_mark") != ATOM_MARK:
        return row
    return replace(row, values={name: unguard(text) for name, text in row.values.items()})
