"""Printing at the panel: what was asked for is drawn once, then goes to a printer of this machine or into a file."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from edge.domain.people import Person
from edge.errors import InputRefused
from edge.paper.label_sheet import Stock
from edge.store.database import NODE
from edge.store.label_rows import Wanted, ready_cabinets
from edge.workflows import print_batch, print_out, print_stocktake
from edge.workflows import print_labels as labels
from edge.workflows import print_register as registers
from edge.workflows.print_labels import LabelOrder, print_labels
from edge.workflows.print_out import Sheets
from edge.workflows.print_register import RegisterOrder, print_register
from edge.workflows.rights import needs
from edge.workflows.room import Room
from edge.workflows.stocktake_sheet import sheet
from edge.workflows.take_out import require_cleared

COPIES_AT_MOST = 20
DIFFERENCES = "stocktake.sheet"  # 盘点差异表
LEDGER = print_batch.KIND  # 数字化批次交接台账


@dataclass(frozen=True, slots=True)
class SheetOrder:
    """The difference sheet of one stocktake, with its signatures."""

    stocktake_id: str
    clearance: str
    language: str
    made_utc_ms: int
    fonds_no: str = ""


@dataclass(frozen=True, slots=True)
class LedgerOrder:
    """The hand-over ledger of one digitisation batch, by its id or name."""

    batch: str
    clearance: str
    language: str
    made_utc_ms: int
    fonds_no: str = ""


Order = RegisterOrder | LabelOrder | SheetOrder | LedgerOrder


@dataclass(slots=True)
class PrintDesk:
    """The one print that lies ready. ``owner``: id of whose it is; nobody else gets it."""

    owner: str = ""
    pdf: bytes = b""
    sheets: Sheets | None = None


def order_of(
    kind: str,
    *,
    clearance: str,
    fonds: str = "",
    year: int | None = None,
    retention: str = "",
    volume: str = "",
    box: str = "",
    numbers: Sequence[str] = (),
    place: str = "",
    reprint: bool = False,
    on: str = "sheet",
    skip: int = 0,
    stocktake: str = "",
    batch: str = "",
    language: str,
    made_utc_ms: int,
) -> Order:
    """``kind``: register.files, label.box … InputRefused ``print_kind_unknown``."""
    if kind == DIFFERENCES:
        return SheetOrder(stocktake, clearance, language, made_utc_ms)
    if kind == LEDGER:
        return LedgerOrder(batch, clearance, language, made_utc_ms)
    family, _, name = kind.partition(".")
    if family == "register" and name in registers.KINDS:
        return RegisterOrder(
            name, clearance, fonds, year, retention.upper(), volume.strip(), box.strip(), language, made_utc_ms
        )
    if family == "label" and name in labels.KINDS:
        wanted = Wanted([one.strip() for one in numbers if one.strip()], place.strip(), reprint and name == "box")
        stock = Stock("roll" if on == "roll" else "sheet", skip=skip)
        return LabelOrder(name, clearance, wanted, stock, fonds_no=fonds, language=language, made_utc_ms=made_utc_ms)
    raise InputRefused("print_kind_unknown", "choose_from_list", filter="print", value=kind[:40])


@needs("take_out")
def draw(room: Room, person: Person, desk: PrintDesk, order: Order) -> Sheets:
    """Rows or labels and pages of it; nothing has left yet. RuleRefused ``export_not_cleared``; else as the order's."""
    require_cleared(person, order.clearance)
    if isinstance(order, SheetOrder):
        what = DIFFERENCES
        shown = print_stocktake.printable(sheet(room, person, order.stocktake_id), order.language, room.zone)
        printed, listed = print_stocktake.on_paper(shown, order.language, order.made_utc_ms), shown.rows
    elif isinstance(order, LedgerOrder):
        what = LEDGER
        of = print_batch.ledger(room, person, order.batch, order.clearance, order.language)
        printed, listed = print_batch.on_paper(of, order.language, order.made_utc_ms), of.rows
    elif isinstance(order, RegisterOrder):
        what = f"register.{order.kind}"
        printed, listed = print_register(room.database, order)
    else:
        what = f"label.{order.kind}"
        if order.kind == "cabinet":
            room.database.write(lambda change: ready_cabinets(change, NODE), telemetry=True)
        printed, listed = print_labels(room.database, order)
    digest = hashlib.sha256(printed.pdf).hexdigest()
    desk.owner, desk.pdf = person.id, printed.pdf
    desk.sheets = Sheets(what, order.fonds_no, order.clearance, listed, printed.pages, digest)
    return desk.sheets


@needs("take_out")
def printers(room: Room, _person: Person) -> list[str]:
    """The usual one first; [] = this machine has none."""
    return room.printer.names()


@needs("take_out")
def send(room: Room, person: Person, desk: PrintDesk, printer: str, title: str, copies: int = 1) -> None:
    """To a printer, and into the trace. InputRefused ``print_not_drawn``, ``print_copies``; DeviceFault as Printer."""
    pdf, sheets = _ready(person, desk)
    if not 1 <= copies <= COPIES_AT_MOST:
        raise InputRefused("print_copies", "print_less", most=COPIES_AT_MOST)
    room.printer.send(printer, title, pdf, copies)
    print_out.record(room.database, sheets, person, printer)


@needs("take_out")
def as_file(room: Room, person: Person, desk: PrintDesk) -> bytes:
    """The PDF, and its event. InputRefused ``print_not_drawn``."""
    pdf, sheets = _ready(person, desk)
    print_out.record(room.database, sheets, person)
    return pdf


def _ready(person: Person, desk: PrintDesk) -> tuple[bytes, Sheets]:
    if desk.owner != person.id or desk.sheets is None:
        raise InputRefused("print_not_drawn", "draw_first")
    return desk.pdf, desk.sheets
