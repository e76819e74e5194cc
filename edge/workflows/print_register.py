"""Registers 目录 as people sign and bind them: A4 landscape, in the columns of the rules (DA/T 22-2015, GB/T 9705)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, get_args

from edge.domain import archive_numbers
from edge.domain.records import SECRECY
from edge.errors import InputRefused
from edge.paper.document import Printed
from edge.paper.note_sheet import note_sheet
from edge.paper.register import Column, Part, register
from edge.store import registers, site_tables
from edge.store.connection import Connection
from edge.store.exports.scope import Scope
from edge.store.readers import Reads
from edge.store.registers import Holder, ListedItem
from edge.words import say

# 归档文件目录, 案卷目录, 卷内文件目录, 备考表
Kind = Literal["files", "volumes", "contents", "notes"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_CENTRED = {"no", "order", "date", "secret_level", "pages", "all_pages", "page_numbers", "span", "retention"}
_CENTRED |= {"item_no", "file_no", "year"}

Cells = dict[str, str]  # column → what stands in it


@dataclass(frozen=True, slots=True)
class RegisterOrder:
    """``volume``, ``box``: number of what the contents or notes are of; the others are of a whole fonds."""

    kind: Kind
    clearance: str
    fonds_no: str = ""
    year: int | None = None
    retention: str = ""
    volume: str = ""
    box: str = ""
    language: str = "zh-Hans"
    made_utc_ms: int = 0


def print_register(reads: Reads, order: RegisterOrder) -> tuple[Printed, int]:
    """The register and how many rows it lists. InputRefused ``fonds_unknown``, ``fonds_needed_for_print``,
    ``volume_unknown``, ``box_unknown``, ``print_of_what``, ``print_nothing``, ``print_too_many``.
    """
    scope = Scope(order.clearance, order.fonds_no)
    with reads.read() as db:
        if order.kind in ("contents", "notes"):
            return _of_holder(db, scope, order)
        fonds_no = _fonds(db, order)
        scope = Scope(order.clearance, fonds_no)
        if order.kind == "files":
            return _files(db, scope, order)
        return _volumes(db, scope, order)


def retention_words(code: str, language: str) -> str:
    """永久, 30年; a code without words as it is."""
    if code in ("Y", "C"):
        return say(language, f"print.retention.{code}")
    return say(language, "print.retention.D", years=int(code[1:])) if code[:1] == "D" and code[1:].isdigit() else code


def _files(db: Connection, scope: Scope, order: RegisterOrder) -> tuple[Printed, int]:
    items = registers.loose_items(db, scope, year=order.year, retention=order.retention)
    name = registers.fonds_name(db, scope.fonds_no)

    def part_of(item: ListedItem) -> tuple[int, str, str]:
        return item.year or 0, item.retention, item.org

    listed = groupby(sorted(items, key=part_of), part_of)
    parts = [
        (_head(order, scope.fonds_no, name, year, retention, org), _numbered(list(inside), order.language))
        for (year, retention, org), inside in listed
    ]
    return _drawn(db, order, scope.fonds_no, parts)


def _numbered(items: list[ListedItem], language: str) -> list[Cells]:
    return [{"no": str(number), **_cells(item, language)} for number, item in enumerate(items, 1)]


def _cells(item: ListedItem, language: str) -> Cells:
    number = archive_numbers.of_key(item.ref_key).item_no
    return {
        "ref_code": item.ref_code,
        "item_no": "" if number is None else f"{number:04d}",
        "doc_no": item.doc_no,
        "responsible": item.responsible,
        "title": item.title,
        "date": item.date,
        "secret_level": _level(item, language),
        "pages": _count(item.pages),
        "year": _count(item.year),
        "retention": retention_words(item.retention, language),
        "org": item.org,
        "remark": item.remark,
    }


def _volumes(db: Connection, scope: Scope, order: RegisterOrder) -> tuple[Printed, int]:
    rows = [
        {
            "no": str(number),
            "ref_code": volume.ref_code,
            "file_no": volume.file_no,
            "volume_title": volume.title,
            "responsible": volume.responsible,
            "year": _count(volume.year),
            "span": "—".join(dict.fromkeys(filter(None, (volume.first, volume.last)))),
            "all_pages": _count(volume.pages or None),
            "retention": "、".join(retention_words(code, order.language) for code in volume.retentions),
            "remark": volume.remark,
        }
        for number, volume in enumerate(registers.volumes(db, scope), 1)
    ]
    name = registers.fonds_name(db, scope.fonds_no)
    return _drawn(db, order, scope.fonds_no, [(_head(order, scope.fonds_no, name), rows)] if rows else [])


def _of_holder(db: Connection, scope: Scope, order: RegisterOrder) -> tuple[Printed, int]:
    holder = _holder(db, scope, order)
    items = registers.items_of(db, scope, holder)
    if order.kind == "contents":
        rows = _content_rows(items, order.language)
        return _drawn(db, order, holder.fonds_no, [(_holder_head(order, holder), rows)] if rows else [])
    language = order.language
    pages = sum(item.pages or 0 for item in items)
    facts = [_holder_head(order, holder), say(language, "print.notes.holds", items=len(items), pages=pages)]
    unsaid = sum(item.pages is None for item in items)
    if unsaid:
        facts.append(say(language, "print.notes.unsaid", items=unsaid))
    said = registers.volume_notes(db, holder.volume_id)
    facts.append(say(language, "print.notes.remarks") + said["note"])
    captions = {
        "made_by": "compiled_by",
        "made_on": "compiled_on",
        "checked_by": "checked_by",
        "checked_on": "checked_on",
    }
    signed = [(say(language, f"print.notes.{name}"), said[field]) for name, field in captions.items()]
    title = say(language, f"print.title.notes_{'volume' if holder.volume_id else 'box'}")
    return note_sheet(title, facts, signed, language, order.made_utc_ms), len(items)


def _content_rows(items: list[ListedItem], language: str) -> list[Cells]:
    """页号 as described, else it runs through the volume; behind an item whose pages nobody counted it is not known."""
    rows, page = list[Cells](), 1
    for number, item in enumerate(items, 1):
        shown = ""
        if item.start_page:
            last = item.end_page or (item.start_page + item.pages - 1 if item.pages else None)
            shown = str(item.start_page) if number < len(items) or not last else f"{item.start_page}—{last}"
            page = last + 1 if last else 0
        elif page and item.pages:
            last = page + item.pages - 1
            shown = f"{page}—{last}" if number == len(items) else str(page)
            page = last + 1
        else:
            page = 0
        rows.append({"order": str(number), **_cells(item, language), "page_numbers": shown})
    return rows


def _drawn(
    db: Connection, order: RegisterOrder, fonds_no: str, parts: Sequence[tuple[str, list[Cells]]]
) -> tuple[Printed, int]:
    """``parts``: head and rows of each. Under the headings of the fonds."""
    rows = sum(len(inside) for _, inside in parts)
    if not rows:
        raise InputRefused("print_nothing", "print_other")
    headings = site_tables.headings_in(db, fonds_no, order.kind)
    columns = [
        Column(one.words or say(order.language, f"print.heading.{one.column}"), one.share, one.column in _CENTRED)
        for one in headings
    ]
    chosen = [Part(head, [tuple(row[one.column] for one in headings) for row in inside]) for head, inside in parts]
    title = say(order.language, f"print.title.{order.kind}")
    return register(title, columns, chosen, order.language, order.made_utc_ms), rows


def _head(order: RegisterOrder, fonds_no: str, name: str, year: int = 0, retention: str = "", org: str = "") -> str:
    """``year`` 0 and "" are left out."""
    known: list[tuple[str, str]] = [
        ("fonds_no", fonds_no),
        ("fonds_name", name),
        ("year", str(year or "")),
        ("retention", retention_words(retention, order.language)),
        ("org", org),
    ]
    return "　".join(say(order.language, f"print.head.{key}", value=value) for key, value in known if value)


def _holder_head(order: RegisterOrder, holder: Holder) -> str:
    kind = "volume" if holder.volume_id else "box"
    known = [("fonds_no", holder.fonds_no), (kind, holder.number), ("title", holder.title)]
    return "　".join(say(order.language, f"print.head.{key}", value=value) for key, value in known if value)


def _fonds(db: Connection, order: RegisterOrder) -> str:
    if order.fonds_no:
        registers.fonds_name(db, order.fonds_no)
        return order.fonds_no
    known = [str(row["fonds_no"]) for row in db.execute("SELECT fonds_no FROM fonds LIMIT 2")]
    if len(known) != 1:
        raise InputRefused("fonds_needed_for_print", "name_fonds_of_box")
    return known[0]


def _holder(db: Connection, scope: Scope, order: RegisterOrder) -> Holder:
    if bool(order.volume) == bool(order.box):
        raise InputRefused("print_of_what", "name_volume_or_box")
    find: Callable[[Connection, Scope, str], Holder] = registers.volume if order.volume else registers.box
    return find(db, scope, order.volume or order.box)


def _level(item: ListedItem, language: str) -> str:
    """By the site's own name; what is merely internal is no secret level 密级."""
    if item.mark or item.secret_level in SECRECY[:2]:
        return item.mark
    return say(language, f"export.level.{item.secret_level}")


def _count(number: int | None) -> str:
    return "" if number is None else str(number)
