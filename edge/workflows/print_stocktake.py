"""The difference sheet 盘点差异表 as rows and words for paper and CSV: what the index has, what was counted, and the
two who signed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from edge.paper.document import Printed
from edge.paper.register import Column, Part, register
from edge.words import say
from edge.workflows.stocktake import SIGNATURES
from edge.workflows.stocktake_sheet import Line, Sheet

COLUMNS = (
    *(("no", 10), ("slot", 40), ("fonds_no", 18), ("box_no", 18), ("ref_code", 52), ("kind", 26)),
    *(("index_has", 40), ("counted", 40), ("state", 28), ("by", 20)),
)
CENTRED = frozenset({"no", "fonds_no", "box_no", "kind"})


@dataclass(frozen=True, slots=True)
class Printable:
    """``parts``: (head, rows) of what differs, and of what is away and accounted for; ``closing``: who counted, and a
    line for each signature, given or to be given by hand."""

    title: str
    headings: tuple[str, ...]
    parts: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]
    closing: tuple[str, ...]

    @property
    def rows(self) -> int:
        return sum(len(part) for _head, part in self.parts)


def on_paper(shown: Printable, language: str, made_utc_ms: int) -> Printed:
    columns = [
        Column(heading, share, name in CENTRED) for heading, (name, share) in zip(shown.headings, COLUMNS, strict=True)
    ]
    parts = [Part(head, rows) for head, rows in shown.parts]
    return register(shown.title, columns, parts, language, made_utc_ms, shown.closing)


def printable(sheet: Sheet, language: str, zone: str) -> Printable:
    head = _head(sheet, language, zone)
    parts = [(f"{head}　{_say(language, 'differ', count=len(sheet.lines))}", _rows(sheet.lines, language))]
    if sheet.accounted:
        accounted = _say(language, "accounted", count=len(sheet.accounted))
        parts.append((f"{head}　{accounted}", _rows(sheet.accounted, language)))
    headings = tuple(_say(language, f"heading.{name}") for name, _share in COLUMNS)
    return Printable(_say(language, "title"), headings, tuple(parts), _closing(sheet, language, zone))


def _head(sheet: Sheet, language: str, zone: str) -> str:
    parts = [bay.bay for bay in sheet.bays] or [box.box_no for box in sheet.boxes]
    shown = say(language, "panel.comma").join(parts[:4]) + ("…" if len(parts) > 4 else "")
    kind = say(language, f"panel.stock.kind.{sheet.kind}")
    return _say(language, "head", kind=kind, begun=_time(sheet.begun_ms, zone), parts=len(parts), which=shown)


def _rows(lines: Sequence[Line], language: str) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            *(str(number), line.slot, line.fonds_no, line.box_no, line.ref_code),
            say(language, f"panel.stock.difference.{line.kind}"),
            *_held_against(line, language),
            *(say(language, f"panel.stock.state.{line.state}"), line.decided_by),
        )
        for number, line in enumerate(lines, 1)
    )


def _pages(language: str, count: int | None) -> str:
    return "—" if count is None else _say(language, "pages", count=count)


def _held_against(line: Line, language: str) -> tuple[str, str]:
    """What the index has, and what was counted."""
    match line.kind:
        case "misplaced":
            return line.belongs, line.slot
        case "pages_differ":
            return _pages(language, line.pages), _pages(language, line.counted)
        case "missing":
            return line.slot, _say(language, "not_seen")
        case "item_missing":
            return _say(language, "in_box"), _say(language, "not_seen")
        case "index_says_out":
            return _say(language, "out"), line.slot
        case "unknown":
            return "—", _say(language, "stranger")
        case "unread":
            return line.slot if line.box_no else "—", _say(language, "no_label")
    return _say(language, "out"), _say(language, "not_seen")


def _closing(sheet: Sheet, language: str, zone: str) -> tuple[str, ...]:
    people = [*(bay.counted_by for bay in sheet.bays), *(box.counted_by for box in sheet.boxes)]
    comma = say(language, "panel.comma")
    counted = dict.fromkeys(name for name in people if name)
    signed = [_say(language, "signed", name=one.name, time=_time(one.signed_ms, zone)) for one in sheet.signatures]
    signed += [_say(language, "to_sign")] * (SIGNATURES - len(signed))
    decided = dict.fromkeys(line.decided_by for line in sheet.lines if line.state == "approved")
    return (
        _say(language, "counted_by", names=comma.join(counted) or "—"),
        *(_say(language, "signature", no=number, said=said) for number, said in enumerate(signed, 1)),
        _say(language, "approved_by", names=comma.join(decided) or _say(language, "to_sign")),
    )


def _time(utc_ms: int, zone: str) -> str:
    return f"{datetime.fromtimestamp(utc_ms / 1000, UTC).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def _say(language: str, what: str, /, **params: object) -> str:
    return say(language, f"print.stock.{what}", **params)
