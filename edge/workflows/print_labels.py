"""Labels 标签 with the code that box, slot, cabinet, item or volume has for ever, on sheets or a label roll."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from edge.domain import slot_codes
from edge.errors import InputRefused
from edge.paper.document import Printed
from edge.paper.label_faces import CABINET, PIECE, SLOT, SPINE_EDGE_MM, SPINE_MM, Field, plate, spine
from edge.paper.label_sheet import Label, Size, Stock, labels_on
from edge.store import label_rows
from edge.store.connection import Connection
from edge.store.exports.scope import Scope
from edge.store.label_rows import CabinetRow, PlainRow, SpineRow, Wanted
from edge.store.readers import Reads
from edge.words import load, say
from edge.workflows.print_register import retention_words

Kind = Literal["box", "slot", "cabinet", "item", "volume"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SIZES = {"slot": SLOT, "cabinet": CABINET, "item": PIECE, "volume": PIECE}
_DASH = "—"


@dataclass(frozen=True, slots=True)
class LabelOrder:
    """``size``: None = as the kind has it; a spine's width then follows its box."""

    kind: Kind
    clearance: str
    wanted: Wanted
    stock: Stock
    size: Size | None = None
    fonds_no: str = ""
    language: str = "zh-Hans"
    made_utc_ms: int = 0


def print_labels(reads: Reads, order: LabelOrder) -> tuple[Printed, int]:
    """The labels and how many. InputRefused ``print_nothing``, ``print_too_many``, ``label_too_large`` and what
    says that a number is unknown.
    """
    scope = Scope(order.clearance, order.fonds_no)
    with reads.read() as db:
        drawn = _labels(db, scope, order)
    if not drawn:
        raise InputRefused("print_nothing", "print_other")
    title = say(order.language, f"print.label.{order.kind}")
    return labels_on(order.stock, drawn, title, order.language, order.made_utc_ms), len(drawn)


def _labels(db: Connection, scope: Scope, order: LabelOrder) -> list[Label]:
    size, wanted = order.size, order.wanted
    if order.kind == "box":
        return [_spine(row, order) for row in label_rows.spines(db, scope, wanted)]
    size = size or SIZES[order.kind]
    if order.kind == "cabinet":
        return [_cabinet(row, size, order.language) for row in label_rows.cabinets(db, scope, wanted)]
    if order.kind == "slot":
        return [_slot(row, size, order.language) for row in label_rows.slots(db, scope, wanted)]
    select = label_rows.items if order.kind == "item" else label_rows.volumes
    return [plate(row.code, row.number, [], size) for row in select(db, scope, wanted)]


def _spine(row: SpineRow, order: LabelOrder) -> Label:
    language = order.language
    values = {
        "fonds_no": row.fonds_no,
        "year": _span(row.years),
        "retention": "、".join(retention_words(code, language) for code in row.retentions),
        "org": "、".join(row.orgs),
        "numbers": "" if row.first is None else _span([f"{number:04d}" for number in (row.first, row.last)]),
        "box_no": row.box_no,
    }
    fields = [Field(say(language, f"print.spine.{name}"), value) for name, value in values.items()]
    return spine(row.code, fields, order.size or Size(row.thickness_mm - SPINE_EDGE_MM, SPINE_MM))


def _slot(row: PlainRow, size: Size, language: str) -> Label:
    slot = slot_codes.parse(row.number)
    words = say(
        language,
        "print.slot",
        column=slot.column,
        face=say(language, f"print.face.{slot.face}"),
        section=slot.section,
        level=slot.level,
        position=slot.position,
    )
    return plate(row.code, row.number, [words], size)


def _cabinet(row: CabinetRow, size: Size, language: str) -> Label:
    lines = ["、".join(row.fonds)] if row.fonds else []
    for code, years in row.classes.items():
        named = f"print.category.{code}"
        called = say(language, named) if named in load() else row.names.get(code, "")
        name = f"{code} {called}".strip() or say(language, "print.category_none")
        lines.append(f"{name} {_span([year for year in years if year])}".strip())
    return plate(row.code, row.number, lines, size)


def _span(values: Sequence[object]) -> str:
    """First and last, once where they are the same."""
    return _DASH.join(dict.fromkeys(str(value) for value in (*values[:1], *values[-1:])))
