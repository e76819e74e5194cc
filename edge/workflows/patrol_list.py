"""What a patrol passes and when it is due: the site's own list, changed by who may."""

from __future__ import annotations

from collections.abc import Sequence

from edge.domain.patrol import Point, checked, default_points, door_points
from edge.domain.patrol_due import Plan
from edge.domain.people import Person
from edge.store import patrol_site
from edge.workflows.rights import needs
from edge.workflows.room import Room

DOOR_POINTS = "patrol.door_points"  # a site that took them off its list is not given them again


def ready(room: Room) -> None:
    """A new site begins with the list that every storeroom has; a watched door brings its monthly test along, once."""
    door = door_points() if room.door.fitted else ()
    patrol_site.ready(room.database, (*default_points(room.layout.aisles, room.places.values()), *door))
    if door:
        patrol_site.add_once(room.database, DOOR_POINTS, door)


@needs("plan_patrols")
def read(room: Room, person: Person) -> tuple[tuple[Point, ...], Plan]:  # noqa: ARG001
    """What is kept now."""
    return patrol_site.points(room.database), patrol_site.plan(room.database)


@needs("plan_patrols")
def set_points(room: Room, person: Person, points: Sequence[Point]) -> None:
    """In the order of walking. A round that goes on keeps the points that it began with."""
    known = {one.id for one in patrol_site.points(room.database)}
    kept = checked(points, room.layout.aisles, room.places.values())
    mine = [one if one.id in known else Point("", one.what, one.aisle, one.place, one.name, one.rounds) for one in kept]
    room.database.write(lambda change: patrol_site.set_points(change, mine, person.id))


@needs("plan_patrols")
def set_plan(room: Room, person: Person, plan: Plan) -> None:
    room.database.write(lambda change: patrol_site.set_plan(change, plan, person.id))
