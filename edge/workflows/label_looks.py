"""The picture that a label check kept: for whoever checks labels or reads the trace, as far as cleared for what was
checked. A look at somebody else's check is in the trace before it is shown.
"""

from __future__ import annotations

from edge.domain import access
from edge.domain.people import Person
from edge.domain.records import SECRECY, may_see
from edge.errors import InputRefused
from edge.store import label_checks, stocktakes
from edge.store.label_checks import LabelCheck
from edge.workflows.room import Room


def may_look(person: Person) -> bool:
    return bool({"check", "read_trace"} & access.rights(person.roles))


def sees(room: Room, person: Person, look: str) -> bool:
    """Whether the picture of this label check is for these eyes."""
    return may_look(person) and _for_eyes(room, person, label_checks.by_look(room.database, look))


def picture(room: Room, person: Person, look: str) -> bytes:
    """RuleRefused ``not_allowed``; InputRefused ``look_unknown``: the same words where it is not for these eyes."""
    if not may_look(person):
        access.require(person.roles, "check")
    checks = label_checks.by_look(room.database, look)
    of_a_bay = not checks and stocktakes.has_picture(room.database, look)
    jpeg = room.looks.read(look) if of_a_bay or _for_eyes(room, person, checks) else None
    if jpeg is None:
        raise InputRefused("look_unknown", "look_again", look=look[:36])
    if checks and not _own(person, checks):
        body, at = {"look": look, "loan": checks[0].loan}, access.event_level(_level(room, checks))
        room.database.write(
            lambda change: change.event("look.viewed", subject=look, actor=person.id, body=body, level=at)
        )
    return jpeg


def _for_eyes(room: Room, person: Person, checks: list[LabelCheck]) -> bool:
    return bool(checks) and (_own(person, checks) or may_see(access.clearance(person.roles), _level(room, checks)))


def _own(person: Person, checks: list[LabelCheck]) -> bool:
    """Whoever checked has held it in hand."""
    return any(one.actor == person.id for one in checks)


def _level(room: Room, checks: list[LabelCheck]) -> str:
    return max((_secrecy(room, one) for one in checks), key=SECRECY.index)


def _secrecy(room: Room, check: LabelCheck) -> str:
    """The highest of what was asked for and what was held up; where neither is known any more, as its event says."""
    found = [_of_label(room, label) for label in (check.expected, check.seen) if label]
    known = [level for level in found if level]
    if not known:
        return SECRECY[-1] if check.level == "secret" else "internal"
    return max(known, key=SECRECY.index)


def _of_label(room: Room, label: str) -> str:
    """ "" for a label that belongs to nothing in this room."""
    catalogue = room.catalogue
    if (item := catalogue.item_by_label(label)) is not None:
        return item.secret_level
    if (box := catalogue.box_by_label(label)) is not None:
        inside = catalogue.items_in_box(box.id)
    elif (volume := catalogue.volume_by_label(label)) is not None:
        boxed = catalogue.items_in_box(volume.box_id) if volume.box_id else []
        inside = [one for one in boxed if one.volume_id == volume.id]
    else:
        return ""
    return max((one.secret_level for one in inside), key=SECRECY.index, default="public")
