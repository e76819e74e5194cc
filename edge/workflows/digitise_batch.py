"""A digitisation batch from the shelf to the contractor and back: registers out and in, every step checked by another.

open → items out (counted) → step, checked; faulty: again with what followed → items in (counted, bound)
    → close (workflows/close_batch.py)
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from edge.domain import access, page_gate
from edge.domain import batches as rules
from edge.domain.batches import Batch, Done, Sent
from edge.domain.people import Person
from edge.domain.records import Item
from edge.errors import InputRefused, RuleRefused
from edge.store.database import Change
from edge.workflows import digitise, read_record
from edge.workflows.rights import needs
from edge.workflows.room import Room


@dataclass(frozen=True, slots=True)
class Register:
    """``next_steps``: what may be recorded now; ``missing``: item id → pages that are not digitised yet."""

    batch: Batch
    sent: list[Sent]
    done: list[Done]
    next_steps: list[str]
    missing: dict[str, list[int]]


@dataclass(frozen=True, slots=True)
class Batches:
    """``batches``: open ones first; ``suggested``: a name that is free, year and number."""

    batches: list[Batch]
    suggested: str


@needs("digitise")
def batches(room: Room, _person: Person) -> Batches:
    found = room.batches.all()
    taken = {one.name for one in found}
    year = datetime.fromtimestamp(room.clock.utc_ms() / 1000, UTC).astimezone(ZoneInfo(room.zone)).year
    free = (f"{year}-{number:02d}" for number in range(1, len(taken) + 2))
    return Batches(found, next(name for name in free if name not in taken))


@needs("digitise")
def open_batch(room: Room, person: Person, name: str, contractor: str = "") -> Batch:
    called = " ".join(name.split())
    if not called:
        raise InputRefused("batch_unknown", "look_again", batch="")

    def begin(change: Change) -> Batch:
        batch = room.batches.open(change, called, " ".join(contractor.split()), person.id)
        body = {"batch": batch.id, "name": called, "contractor": batch.contractor}
        change.event("batch.opened", subject=batch.id, actor=person.id, body=body)
        return batch

    return room.database.write(begin)


@needs("digitise")
def send(room: Room, person: Person, batch_name: str, item_id: str, pages: int) -> None:
    """The item leaves with the batch; ``pages`` as counted at the hand-over. RuleRefused where it is lent or out,
    or the batch's steps have begun."""
    batch, item = open_one(room, batch_name), read_record.item(room, person, item_id)
    if pages < 1:
        raise InputRefused("step_counts", "count_again")
    lent = room.loans.open_of_box(item.box_id) if item.box_id else []
    if item.state == "out" or any(loan.item_id == item.id or loan.kind == "box" for loan in lent):
        raise RuleRefused("item_is_out", "wait_for_item", ref_code=item.ref_code)

    def hand_out(change: Change) -> None:
        rules.require_not_begun(batch, room.batches.done_in(change, batch))
        room.batches.send(change, batch, item.id, pages, person.id)
        room.catalogue.set_item_state(change, item.id, "out", person.id)
        _tell(change, "batch.sent", batch, person, item, {"pages": pages, "counted": item.pages or 0})

    room.database.write(hand_out)


@needs("digitise")
def record_step(
    room: Room, person: Person, batch_name: str, step: str, worker: str, count: int, defects: int, note: str = ""
) -> Done:
    """``worker`` did the step, ``person`` checked ``count`` and found ``defects``: then it is to be done again."""
    batch = open_one(room, batch_name)
    name = " ".join(worker.split())

    def record(change: Change) -> Done:
        if not room.batches.sent_in(change, batch):
            raise RuleRefused("batch_empty", "send_items")
        before = room.batches.done_in(change, batch)
        rules.require_step(before, step, name, person.name, defects, count)
        number = 1 + sum(one.step == step for one in before)
        done = Done(step, number, name, person.name, count, defects, " ".join(note.split()), change.utc_ms)
        room.batches.record(change, batch, done)
        body = {
            "batch": batch.id,
            "step": step,
            "round": number,
            "worker": name,
            "count": count,
            "defects": defects,
            "reason": done.note,
        }
        change.event("batch.step", subject=batch.id, actor=person.id, body=body)
        return done

    return room.database.write(record)


@needs("digitise")
def take_back(
    room: Room, person: Person, batch_name: str, item_id: str, pages: int, bound: bool, note: str = ""
) -> bool:
    """The paper is checked on its return: pages complete, binding restored. Whether nothing differs."""
    batch, item = open_one(room, batch_name), read_record.item(room, person, item_id)
    out = next((one for one in room.batches.sent(batch) if one.item_id == item.id), None)
    if out is None:
        raise InputRefused("item_not_in_batch", "look_again", ref_code=item.ref_code)
    if pages < 0:
        raise InputRefused("step_counts", "count_again")

    def take(change: Change) -> bool:
        said = " ".join(note.split())
        room.batches.take_back(change, batch, item.id, pages, bound, said, person.id)
        if out.pages_in is None:
            room.catalogue.set_item_state(change, item.id, "shelved", person.id)
        more = {"pages": pages, "expected": out.pages_out, "bound": int(bound), "reason": said}
        _tell(change, "batch.returned", batch, person, item, more)
        return pages == out.pages_out and bound

    return room.database.write(take)


@needs("digitise")
def register(room: Room, person: Person, batch_name: str) -> Register:
    """Both registers of a batch; items above the person's clearance are left out."""
    batch = room.batches.get(batch_name)
    sent, missing = [], {}
    for one in room.batches.sent(batch):
        try:
            item = read_record.item(room, person, one.item_id)
        except InputRefused:
            continue
        sent.append(one)
        missing[item.id] = digitise.missing_pages(room, item, one.pages_out)
    done = room.batches.done(batch)
    return Register(batch, sent, done, rules.next_steps(done), missing)


def told(room: Room, of: Register) -> dict[str, Any]:
    """As JSON, items with their archive numbers. ``counted``: their pages by the catalogue; 0: it says none."""
    items = []
    for one in of.sent:
        item = room.catalogue.item(one.item_id)
        counted = (item.pages if item else None) or 0
        named = {
            "ref_code": item.ref_code if item else "",
            "title": item.title if item else "",
            "counted": counted,
        }
        missing = of.missing[one.item_id]
        items.append({**asdict(one), **named, "missing": missing, "missing_spans": page_gate.spans(missing)})
    return {"batch": asdict(of.batch), "items": items, "steps": [asdict(one) for one in of.done], "next": of.next_steps}


def workers(room: Room, checker: Person, of: Register) -> list[str]:
    """Who may have done a step: those named before, the contractor, the room's own people; never the checker."""
    own = [one.name for one in room.people.all() if "digitise" in access.rights(one.roles)]
    names = [one.worker for one in reversed(of.done)] + [of.batch.contractor, *own]
    return [name for name in dict.fromkeys(names) if name and name != checker.name]


def open_one(room: Room, batch_name: str) -> Batch:
    """RuleRefused ``batch_closed``."""
    batch = room.batches.get(batch_name)
    if batch.state != "open":
        raise RuleRefused("batch_closed", "look_again", batch=batch.name)
    return batch


def _tell(change: Change, action: str, batch: Batch, person: Person, item: Item, more: dict[str, Any]) -> None:
    body = {"batch": batch.id, "item": item.id, **more}
    change.event(action, subject=item.id, actor=person.id, body=body, level=access.event_level(item.secret_level))
