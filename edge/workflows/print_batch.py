"""The hand-over ledger of a digitisation batch 交接台账 on paper: what left and came back, each round of each step with
who checked it, and room for both sides to sign.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from edge.domain.batches import Done, Sent
from edge.domain.page_gate import spans
from edge.domain.records import Item, may_see
from edge.paper.document import Printed
from edge.paper.register import Cells, Column, Part, register
from edge.words import say
from edge.workflows.digitise_batch import Register
from edge.workflows.room import Room

ITEM_SHARES = {"no": 8, "ref_code": 44, "title": 62, "out": 40, "in": 46, "note": 50}
STEP_SHARES = {"no": 8, "step": 24, "round": 60, "result": 20, "time": 30, "note": 70}


def on_paper(room: Room, of: Register, clearance: str, language: str, made_utc_ms: int) -> tuple[Printed, int]:
    """``clearance``: items above it are left out. → the PDF, and how many items and rounds it lists."""
    items = [(one, item) for one in of.sent if (item := room.catalogue.item(one.item_id))]
    shown = [(one, item) for one, item in items if may_see(clearance, item.secret_level)]
    names = {person.id: person.name for person in room.people.all()}
    sent = [
        _item(no, _named(one, names), item, of.missing[one.item_id], room.zone, language)
        for no, (one, item) in enumerate(shown, 1)
    ]
    done = [_step(no, one, room.zone, language) for no, one in enumerate(of.done, 1)]
    head = say(language, f"batch.state.{of.batch.state}", name=of.batch.name, contractor=of.batch.contractor)
    pages_out, back = sum(one.pages_out for one, _ in shown), [one.pages_in or 0 for one, _ in shown]
    told = _say(language, "items", count=len(shown), out=pages_out, back=sum(back))
    parts = [
        Part(f"{head}　{told}", sent),
        Part(f"{head}　{say(language, 'panel.batch.rounds')}", done, columns=_columns(STEP_SHARES, language)),
    ]
    closing = [_say(language, f"sign_{who}") for who in ("out", "in")]
    if of.batch.despite:
        closing.insert(0, say(language, "batch.despite", reason=of.batch.despite))
    columns = _columns(ITEM_SHARES, language)
    return register(_say(language, "title"), columns, parts, language, made_utc_ms, closing), len(sent) + len(done)


def _columns(shares: dict[str, int], language: str) -> list[Column]:
    return [Column(_say(language, f"heading.{name}"), share, name == "no") for name, share in shares.items()]


def _named(one: Sent, names: Mapping[str, str]) -> Sent:
    return replace(one, out_by=names.get(one.out_by, ""), in_by=names.get(one.in_by, ""))


def _item(no: int, one: Sent, item: Item, missing: list[int], zone: str, language: str) -> Cells:
    out = f"{say(language, 'batch.sent', pages=one.pages_out)} {_time(one.out_ms, zone)} {one.out_by}"
    back = say(language, "batch.still_out")
    if one.pages_in is not None and one.in_ms is not None:
        bound = say(language, "batch.bound" if one.bound else "batch.not_bound")
        back = f"{say(language, 'batch.back', pages=one.pages_in, bound=bound)} {_time(one.in_ms, zone)} {one.in_by}"
    note = [one.note]
    if one.undigitised:
        note.append(say(language, "batch.undigitised", pages=one.undigitised))
    elif missing:
        note.append(say(language, "batch.missing", pages=spans(missing)))
    return str(no), item.ref_code, item.title, out, back, " ".join(filter(None, note))


def _step(no: int, one: Done, zone: str, language: str) -> Cells:
    rounds = say(
        language,
        "batch.round",
        round=one.round,
        worker=one.worker,
        checker=one.checker,
        count=one.count,
        defects=one.defects,
    )
    result = _say(language, "passed" if one.passed else "again")
    return str(no), say(language, f"batch.step.{one.step}"), rounds, result, _time(one.at_ms, zone), one.note


def _time(ms: int, zone: str) -> str:
    return datetime.fromtimestamp(ms / 1000, ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def _say(language: str, msgid: str, **params: object) -> str:
    return say(language, f"print.batch.{msgid}", **params)
