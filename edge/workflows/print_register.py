"""Registers 目录 as people sign and bind them: A4 landscape, in the columns of the rules (DA/T 22-2015, GB/T 9705)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, get_args

from edge.domain.records import SECRECY
from edge.errors import InputRefused
from edge.paper.document import Printed
from edge.paper.note_sheet import note_sheet
from edge.paper.register import Column, Part, register
from edge.store import registers
from edge.store.connection import Connection
from edge.store.exports.scope import Scope
from edge.store.readers import Reads
from edge.store.registers import Holder, ListedItem
from edge.words import say

# 归档文件目录, 案卷目录, 卷内文件目录, 备考表
Kind = Literal["files", "volumes", "contents", "notes"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_FILES = (
    *(("no", 12), ("ref_code", 52), ("doc_no", 34), ("responsible", 32), ("title", 72)),
    *(("date", 20), ("secret_level", 14), ("pages", 11), ("remark", 13)),
)
_VOLUMES = (
    *(("no", 12), ("ref_code", 52), ("volume_title", 106), ("span", 40)),
    *(("all_pages", 16), ("retention", 18), ("remark", 16)),
)
_CONTENTS = (
    *(("order", 14), ("doc_no", 40), ("responsible", 40), ("title", 94)),
    *(("date", 22), ("secret_level", 14), ("page_numbers", 18), ("remark", 18)),
)
_CENTRED = {"no", "order", "date", "secret_level", "pages", "all_pages", "page_numbers", "span", "retention"}


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

    parts = [
        Part(_head(order, scope.fonds_no, name, year, retention, org), _file_rows(list(listed), order.language))
        for (year, retention, org), listed in groupby(sorted(items, key=part_of), part_of)
    ]
    return _drawn(order, _FILES, parts)


def _file_rows(items: list[ListedItem], language: str) -> list[tuple[str, ...]]:
    return [
        (
            *(str(number), item.ref_code, item.doc_no, item.responsible, item.title),
            *(item.date, _level(item, language), _count(item.pages), item.remark),
        )
        for number, item in enumerate(items, 1)
    ]


def _volumes(db: Connection, scope: Scope, order: RegisterOrder) -> tuple[Printed, int]:
    rows = [
        (
            *(
                str(number),
                volume.ref_code,
                volume.title,
                "—".join(dict.fromkeys(filter(None, (volume.first, volume.last)))),
            ),
            *(
                _count(volume.pages or None),
                "、".join(retention_words(code, order.language) for code in volume.retentions),
            ),
            volume.remark,
        )
        for number, volume in enumerate(registers.volumes(db, scope), 1)
    ]
    name = registers.fonds_name(db, scope.fonds_no)
    return _drawn(order, _VOLUMES, [Part(_head(order, scope.fonds_no, name), rows)] if rows else [])


def _of_holder(db: Connection, scope: Scope, order: RegisterOrder) -> tuple[Printed, int]:
    holder = _holder(db, scope, order)
    items = registers.items_of(db, scope, holder)
    if order.kind == "contents":
        rows = _content_rows(items, order.language)
        return _drawn(order, _CONTENTS, [Part(_holder_head(order, holder), rows)] if rows else [])
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


def _content_rows(items: list[ListedItem], language: str) -> list[tuple[str, ...]]:
    """页号 as described, else it runs through the volume; behind an item whose pages nobody counted it is not known."""
    rows, page = list[tuple[str, ...]](), 1
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
        level = _level(item, language)
        rows.append((str(number), item.doc_no, item.responsible, item.title, item.date, level, shown, item.remark))
    return rows


def _drawn(order: RegisterOrder, columns: Sequence[tuple[str, int]], parts: Sequence[Part]) -> tuple[Printed, int]:
    rows = sum(len(part.rows) for part in parts)
    if not rows:
        raise InputRefused("print_nothing", "print_other")
    headed = [Column(say(order.language, f"print.heading.{name}"), share, name in _CENTRED) for name, share in columns]
    title = say(order.language, f"print.title.{order.kind}")
    return register(title, headed, parts, order.language, order.made_utc_ms), rows


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
