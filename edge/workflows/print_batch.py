"""The hand-over ledger of a digitisation batch 交接台账 on paper: what left and came back, each round of each step with
who checked it, and room for both sides to sign.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from edge.domain.batches import Done, Sent
from edge.domain.page_gate import spans
from edge.domain.people import Person
from edge.domain.records import Item, may_see
from edge.paper.document import Printed
from edge.paper.register import Cells, Column, Part, register
from edge.words import say
from edge.workflows import digitise_batch
from edge.workflows.rights import needs
from edge.workflows.room import Room
from edge.workflows.take_out import require_cleared

KIND = "batch.ledger"
ITEM_SHARES = {"no": 8, "ref_code": 44, "title": 62, "out": 40, "in": 46, "note": 50}
STEP_SHARES = {"no": 8, "step": 24, "round": 60, "result": 20, "time": 30, "note": 70}


@dataclass(frozen=True, slots=True)
class Ledger:
    """``sent`` and ``done``: a head and rows, of items and of rounds; ``closing``: lines to sign."""

    title: str
    sent: tuple[str, tuple[Cells, ...]]
    done: tuple[str, tuple[Cells, ...]]
    closing: tuple[str, ...]

    @property
    def rows(self) -> int:
        return len(self.sent[1]) + len(self.done[1])


@needs("take_out")
def ledger(room: Room, person: Person, batch: str, clearance: str, language: str) -> Ledger:
    """Of one batch by its id or name; items above ``clearance`` are left out.

    RuleRefused ``export_not_cleared``; InputRefused ``batch_unknown``.
    """
    require_cleared(person, clearance)
    of = digitise_batch.register(room, person, batch)
    items = [(one, item) for one in of.sent if (item := room.catalogue.item(one.item_id))]
    shown = [(one, item) for one, item in items if may_see(clearance, item.secret_level)]
    names = {person.id: person.name for person in room.people.all()}
    sent = tuple(
        _item(no, _named(one, names), item, of.missing[one.item_id], room.zone, language)
        for no, (one, item) in enumerate(shown, 1)
    )
    done = tuple(_step(no, one, room.zone, language) for no, one in enumerate(of.done, 1))
    head = say(language, f"batch.state.{of.batch.state}", name=of.batch.name, contractor=of.batch.contractor)
    pages_out, back = sum(one.pages_out for one, _ in shown), sum(one.pages_in or 0 for one, _ in shown)
    told = _say(language, "items", count=len(shown), out=pages_out, back=back)
    despite = [say(language, "batch.despite", reason=of.batch.despite)] if of.batch.despite else []
    return Ledger(
        _say(language, "title"),
        (f"{head}　{told}", sent),
        (f"{head}　{say(language, 'panel.batch.rounds')}", done),
        (*despite, *(_say(language, f"sign_{who}") for who in ("out", "in"))),
    )


def on_paper(of: Ledger, language: str, made_utc_ms: int) -> Printed:
    columns = _columns(ITEM_SHARES, language)
    parts = [Part(*of.sent), Part(*of.done, columns=_columns(STEP_SHARES, language))]
    return register(of.title, columns, parts, language, made_utc_ms, of.closing)


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
