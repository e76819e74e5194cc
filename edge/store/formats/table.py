"""A sheet of cells → rows under field names; headings may lie below title lines and in two rows with merged cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from edge.domain import headings, own_rows
from edge.errors import InputRefused
from edge.store.formats.listing import MAX_CELL

MAX_COLUMNS = 200  # what lies further right is no register
HEADING_DEPTH = 20  # rows within which the headings must begin


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    numeric: bool = False
    fault: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class CellRow:
    """``beyond``: columns right of ``MAX_COLUMNS``, up to the last with text."""

    line: int
    cells: list[Cell]
    beyond: int = 0


@dataclass(frozen=True, slots=True)
class Headings:
    """``line``: of the last one. ``columns``: field → columns, first choice first. ``unknown``: not understood.

    ``own``: the table whose export by this program it is, "" = somebody else's. ``named``: heading and its field.
    ``beyond``: columns right of ``MAX_COLUMNS`` in the row of the headings.
    """

    line: int
    columns: dict[str, list[int]]
    unknown: tuple[str, ...]
    own: str = ""
    named: tuple[tuple[str, str], ...] = ()
    beyond: int = 0


def find_headings(rows: Iterable[CellRow]) -> Headings | None:
    """The best heading row, or pair of rows, among the first ones."""
    best: tuple[int, Headings] | None = None
    above: list[str] = []
    for row in rows:
        texts = [cell.text for cell in row.cells]
        own = next(filter(None, map(own_rows.table_of, texts)), "")
        if own and len(headings.columns_of(texts)) >= 2:
            return Headings(row.line, headings.columns_of(texts), (), own, _named(texts), row.beyond)
        candidates = (texts,) if _is_data_below(above, texts) else (texts, _joined(above, texts))
        for candidate in candidates:
            columns = headings.columns_of(candidate)
            if headings.is_heading_row(columns) and (best is None or len(columns) > best[0]):
                unknown = tuple(text for text in candidate if text and headings.field_of(text) is None)
                best = (len(columns), Headings(row.line, columns, unknown, named=_named(candidate), beyond=row.beyond))
        above = texts
    return best[1] if best else None


def _named(texts: list[str]) -> tuple[tuple[str, str], ...]:
    fields = ((text, headings.field_of(text)) for text in texts if text)
    return tuple((text, field[0]) for text, field in fields if field)


def require_importable(found: Headings, path: Path) -> None:
    """InputRefused ``table_not_importable`` for an export of ours that is no catalogue (loans, readings, …)."""
    if found.own and found.own not in own_rows.IMPORTABLE:
        raise InputRefused("table_not_importable", "import_catalogue_tables", file=path.name, table=found.own)


def _is_data_below(above: list[str], below: list[str]) -> bool:
    """Whether the lower row is the first record: most of what stands right below a heading is none itself.

    A heading with nothing beside it may be merged over several columns, and what is below it then says which.
    """
    alone = [
        under
        for column, (over, under) in enumerate(zip(above, below, strict=False))
        if under and over and headings.field_of(over) and above[column + 1 : column + 2] != [""]
    ]
    return sum(headings.field_of(under) is None for under in alone) * 2 > len(alone)


def _joined(above: list[str], below: list[str]) -> list[str]:
    """Two heading rows as one; a merged cell's text stands in its first column only and reaches to the next text."""
    joined, reach = [], ""
    for column in range(max(len(above), len(below))):
        reach = (above[column] if column < len(above) else "") or reach
        under = below[column] if column < len(below) else ""
        if not under:
            joined.append(above[column] if column < len(above) else "")
        elif headings.field_of(under):
            joined.append(under)
        else:
            joined.append(reach + under if headings.field_of(reach + under) else reach)
    return joined


@dataclass(frozen=True, slots=True)
class FieldRow:
    line: int
    values: dict[str, str]
    numeric: frozenset[str]
    faults: tuple[str, ...]
    notes: tuple[str, ...]


def field_rows(rows: Iterable[CellRow], found: Headings) -> Iterator[FieldRow]:
    """The data rows below the headings; empty rows and repeated headings are passed over."""
    for row in rows:
        if row.line <= found.line or not any(cell.text for cell in row.cells):
            continue
        if found.own:
            yield _own_row(row, found)
            continue
        if _repeats_headings(row, found) or _names_fields(row):
            continue  # printed again on each page, or a second row of labels
        yield _field_row(row, found)


def _repeats_headings(row: CellRow, found: Headings) -> bool:
    """Headings in most of the places where the headings stand: a record may hold the word 题名 somewhere else."""
    if not any(_is_title(row, at) for field in ("title", "volume_title") for at in found.columns.get(field, ())):
        return False  # what nearly every row is told by
    columns = headings.columns_of([cell.text for cell in row.cells])
    in_place = sum(bool(set(at) & set(found.columns.get(field, ()))) for field, at in columns.items())
    return headings.is_heading_row(columns) and in_place * 2 > len(columns)


def _is_title(row: CellRow, column: int) -> bool:
    text = row.cells[column].text if column < len(row.cells) else ""
    field = headings.field_of(text) if text else None
    return field is not None and field[0] in ("title", "volume_title")


def _names_fields(row: CellRow) -> bool:
    """ArchivesSpace's labels below its field codes: they say so themselves, in the cell for notes."""
    return row.cells[0].text.strip().lower() == "field name"


def _own_row(row: CellRow, found: Headings) -> FieldRow:
    values = {field: row.cells[at[0]].text for field, at in found.columns.items() if at[0] < len(row.cells)}
    faults = ("cell_too_long",) if any(len(text) > MAX_CELL for text in values.values()) else ()
    return FieldRow(row.line, {name: text for name, text in values.items() if text}, frozenset(), faults, ())


def _field_row(row: CellRow, found: Headings) -> FieldRow:
    values: dict[str, str] = {}
    numeric, faults, notes = set(), [], []
    for field, columns in found.columns.items():
        for column in columns:
            cell = row.cells[column] if column < len(row.cells) else None
            if cell is None or not (cell.text or cell.fault) or cell.text == "NULL":
                continue
            if len(cell.text) > MAX_CELL:
                faults.append("cell_too_long")
            elif cell.fault:
                faults.append(cell.fault)
            else:
                values[field] = cell.text
            if cell.numeric:
                numeric.add(field)
            if cell.note:
                notes.append(cell.note)
            break
    return FieldRow(row.line, values, frozenset(numeric), tuple(dict.fromkeys(faults)), tuple(dict.fromkeys(notes)))
