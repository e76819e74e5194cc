"""Aisles, alarms, the air of the last hours, and what happened today."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from edge import words
from edge.domain import access
from edge.domain.climate import MEASURANDS, Measurand
from edge.domain.ids import names_an_id
from edge.domain.people import Person
from edge.domain.protections import band
from edge.domain.upkeep import OUTSIDE
from edge.errors import InputRefused
from edge.panel.answers import language_of
from edge.panel.enrolment import panel_of
from edge.panel.guard import OurPage, SignedIn
from edge.store.views import Event, Views
from edge.workflows import label_looks, read_record, upkeep, watch_protections
from edge.workflows.room import Room
from edge.workflows.upkeep_words import told

router = APIRouter(prefix="/api/v1")

OF_BOX = 40  # requests of a box, and events of each
HOUR_MS = 3_600_000
# Body fields that a list can show in one line, in this order; ids and counts stay in the trace itself.
SHOWN = ("slot", "from", "place", "rule", "job", "outcome", "ended", "why", "code", "seen", "due", "aisle")
# Fields whose values have words, and where those stand.
IN_WORDS = {
    "rule": ("panel.rule.",),
    "ended": ("end.",),
    "job": ("upkeep.job.",),
    "outcome": ("upkeep.outcome.",),
    "fault": ("fault.",),
    "code": ("error.",),  # what its words had in them is not in the event
    "why": ("verdict.", "panel.shelve.why.", "panel.moves.why.", "panel.trace.why.", "why."),
}
_BLANK = re.compile(r"\{[^}]*\}")
DOERS = ("node", "kiosk", "centre")  # who acts without being a person


@router.get("/upkeep")
def upkeep_found(request: Request, person: SignedIn) -> dict[str, list[dict[str, Any]]]:
    """Rule of the alarm → what its job found in its last run, in words; ``outside``: a person may accept it."""
    language = language_of(request)
    return {
        f"upkeep_{run.job}": [
            {"said": words.spoken(language, told(one)), "outside": one.code in OUTSIDE} for one in run.findings
        ]
        for run in upkeep.found(panel_of(request).room, person)
    }


@router.get("/aisles")
def aisles(request: Request) -> list[dict[str, Any]]:
    return [asdict(aisle) for aisle in panel_of(request).room.carriages.state().aisles]


@router.post("/alarms/{alarm_id}/acknowledge", dependencies=[OurPage])
def acknowledge(alarm_id: str, request: Request, person: SignedIn) -> dict[str, Any]:
    """Somebody knows: the sounder falls silent. The cause is still there."""
    panel = panel_of(request)
    alarm = watch_protections.acknowledge(panel.room, person, alarm_id)
    panel.snapshots.nudge()
    return asdict(alarm)


@router.post("/alarms/{alarm_id}/reset", dependencies=[OurPage])
def reset(alarm_id: str, request: Request, person: SignedIn) -> dict[str, Any]:
    """Takes back a latched alarm whose cause is gone."""
    panel = panel_of(request)
    alarm = watch_protections.reset(panel.room, person, alarm_id)
    panel.snapshots.nudge()
    return asdict(alarm)


@router.get("/readings")
def readings(
    place: str, measurand: str, request: Request, hours: Annotated[int, Query(ge=1, le=24 * 31)] = 24
) -> dict[str, Any]:
    """``points``: [utc_ms, least, mean, greatest] by the minute, with the limits in force."""
    room = panel_of(request).room
    wanted: Measurand | None = next((name for name in MEASURANDS if name == measurand), None)
    if wanted is None:
        raise InputRefused("measurand_unknown", "use_the_panel", measurand=measurand, known=", ".join(MEASURANDS))
    to_ms = room.clock.utc_ms()
    from_ms = to_ms - hours * HOUR_MS
    points = room.readings.chart(place, wanted, from_ms, to_ms)
    limits = band(room.alarms.limits().values(), wanted)
    return {
        "place": place,
        "measurand": wanted,
        "from_ms": from_ms,
        "to_ms": to_ms,
        "low": limits.low,
        "high": limits.high,
        "points": [[point.start_ms, point.least, point.mean, point.greatest] for point in points],
    }


@router.get("/trace")
def trace(
    request: Request, person: SignedIn, limit: Annotated[int, Query(ge=1, le=500)] = 200, box: str = ""
) -> dict[str, Any]:
    """Newest first: everything for who may read the trace, else one's own doings and the room's; nothing secret.
    ``box``: only what its requests went through, with every check of its label for whoever may see the pictures.
    """
    panel = panel_of(request)
    sees = label_looks.may_look(person)
    everything = "read_trace" in access.rights(person.roles)
    names = {one.id: one.name for one in panel.room.people.all()}
    shown = [
        event
        for event in (
            _of_box(panel.room, panel.views, person, box)
            if box
            else panel.views.recent(limit if everything else limit * 4)
        )
        if everything
        or event.actor not in names
        or event.actor == person.id
        or (box and sees and event.action.startswith("label."))
    ]
    room, language = panel.room, language_of(request)
    return {"events": [_line(room, event, names, language) | _look(room, person, event) for event in shown[:limit]]}


def _of_box(room: Room, views: Views, person: Person, box_id: str) -> list[Event]:
    """Of the newest requests for this box."""
    found, _ = read_record.box(room, person, box_id)
    told = [one for loan in room.loans.ids_of_box(found.id, OF_BOX) for one in views.recent(OF_BOX, subject=loan)]
    return sorted(told, key=lambda one: one.fields()["utc_ms"], reverse=True)


def _look(room: Room, person: Person, event: Event) -> dict[str, str]:
    """``look``: the kept picture of a label check, "" without one and for who may not see it."""
    of_label = event.action.startswith("label.") and event.body is not None
    look = str(json.loads(event.body or "{}").get("look") or "") if of_label else ""
    return {"look": look if look and label_looks.sees(room, person, look) else ""}


def _line(room: Room, event: Event, names: dict[str, str], language: str) -> dict[str, Any]:
    fields = event.fields()
    open_to_all = event.level in ("open", "internal")
    body = json.loads(event.body) if event.body is not None and open_to_all else {}
    parts = []
    if isinstance(body.get("box"), str) and body["box"]:
        box = room.catalogue.box(body["box"])
        parts.append(box.box_no if box else "")
    told = [(name, str(body[name])) for name in SHOWN if body.get(name) not in (None, "")]
    parts += [_in_words(name, value, language) for name, value in told if not names_an_id(value)]
    if event.action == "label.confirmed" and body:
        said = "panel.trace.read_right" if body.get("ok") else "panel.trace.read_wrong"
        parts.append(words.say(language, said, typed=str(body.get("typed", ""))))
    if event.action == "faults.changed":
        for which, mark in (("latched", ""), ("gone", "✓ ")):
            parts += [mark + _in_words("fault", name, language) for name in body[which]]
    if event.action == "places.lost":
        comma = words.say(language, "panel.comma")
        parts += [
            words.say(language, f"panel.lost.{cause}", columns=comma.join(map(str, columns)))
            for cause, columns in (body.get("lost") or {}).items()
        ]
    if event.action == "aisles.changed":
        parts += _aisles(body, language)
    return {
        "seq": event.seq,
        "utc_ms": fields["utc_ms"],
        "action": event.action,
        "actor_name": names.get(event.actor) or _doer(event.actor, language),
        "detail": " · ".join(part for part in dict.fromkeys(parts) if part),
    }


def _doer(actor: str, language: str) -> str:
    kind, _, author = actor.partition(":")
    if kind not in DOERS:
        return actor
    return f"{words.say(language, f'panel.trace.doer.{kind}')} {author}".strip()


def _aisles(body: dict[str, Any], language: str) -> list[str]:
    """Which aisles became occupied, for one reason after the other, and which are clear."""
    because: dict[str, list[str]] = {}
    for one in body.get("occupied") or []:
        because.setdefault(str(one["why"]), []).append(str(one["aisle"]))
    comma = words.say(language, "panel.comma")
    told = [
        words.say(language, "panel.trace.occupied", aisles=comma.join(aisles), why=_in_words("why", why, language))
        for why, aisles in because.items()
    ]
    clear = [str(aisle) for aisle in body.get("cleared") or []]
    return told + ([words.say(language, "panel.trace.cleared", aisles=comma.join(clear))] if clear else [])


def _in_words(field: str, value: str, language: str) -> str:
    known = words.load()
    msgids = [prefix + value for prefix in IN_WORDS.get(field, ()) if prefix + value in known]
    return _BLANK.sub("…", known[msgids[0]][language]) if msgids else value
