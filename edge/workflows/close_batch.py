"""A digitisation batch ends: every step passed, every item back, every page digitised.

Pages that never will be (blank, torn, not to be opened) are let go by a person who may review, with a reason.
"""

from __future__ import annotations

from edge.domain import access, page_gate
from edge.domain import batches as rules
from edge.domain.batches import Batch
from edge.domain.people import Person
from edge.domain.records import Item, may_see
from edge.errors import InputRefused, RuleRefused
from edge.store.database import Change
from edge.workflows.digitise import DESPITE_AT_LEAST, missing_pages
from edge.workflows.digitise_batch import open_one
from edge.workflows.rights import needs
from edge.workflows.room import Room

NAMED = 6  # items in one sentence; the register shows all


@needs("digitise")
def close(room: Room, person: Person, batch_name: str, despite: str = "") -> None:
    """``despite``: why it ends although pages are not digitised.

    RuleRefused ``batch_…`` while something is open, ``not_allowed`` for a reason of somebody who may not review.
    """
    batch, why = open_one(room, batch_name), " ".join(despite.split())
    missing = _missing(room, batch)

    def end(change: Change) -> None:
        sent = room.batches.sent_in(change, batch)
        rules.require_closable(sent, room.batches.done_in(change, batch))
        if missing:
            _require_word(person, missing, why)
        for item, pages in missing:
            spans = page_gate.spans(pages)
            room.batches.leave_undigitised(change, batch, item.id, spans)
            body = {"batch": batch.id, "item": item.id, "pages": len(pages), "which": spans, "reason": why}
            level = access.event_level(item.secret_level)
            change.event("batch.undigitised", subject=item.id, actor=person.id, body=body, level=level)
        room.batches.close(change, batch, person.id, why if missing else "")
        body = {
            "batch": batch.id,
            "items": len(sent),
            "differ": len(rules.differences(sent)),
            "missing": _count(missing),
        }
        if missing:
            body["reason"] = why
        change.event("batch.closed", subject=batch.id, actor=person.id, body=body)

    room.database.write(end)


def _missing(room: Room, batch: Batch) -> list[tuple[Item, list[int]]]:
    """Items of which pages are not digitised, whatever their level: nothing is let go unseen."""
    found = [(room.catalogue.item(one.item_id), one.pages_out) for one in room.batches.sent(batch)]
    lists = [(item, missing_pages(room, item, pages)) for item, pages in found if item is not None]
    return [(item, pages) for item, pages in lists if pages]


def _require_word(person: Person, missing: list[tuple[Item, list[int]]], why: str) -> None:
    if not why:
        clearance = access.clearance(person.roles)
        named = [
            f"{item.ref_code}: {page_gate.spans(pages)}"
            for item, pages in missing
            if may_see(clearance, item.secret_level)
        ]
        which = "; ".join(named[:NAMED]) + ("…" if len(missing) > min(len(named), NAMED) else "")
        raise RuleRefused("batch_pages_missing", "digitise_or_say_why", count=_count(missing), which=which)
    if len(why) < DESPITE_AT_LEAST:
        raise InputRefused("reason_missing", "say_why")
    access.require(person.roles, "review")


def _count(missing: list[tuple[Item, list[int]]]) -> int:
    return sum(len(pages) for _, pages in missing)
