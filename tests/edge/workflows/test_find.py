"""Searching, and where a box stands."""

import pytest

from edge.domain.people import Person
from edge.errors import InputRefused, RuleRefused
from edge.workflows import find


def test_where_a_box_stands_is_said_to_the_led(scene):
    place = find.place_of(scene.room, find.known_box(scene.room, scene.boxes[2]))
    assert (place.slot, place.aisle, place.column, place.face) == ("B1-A-02-R-01-2-03", 2, 2, "R")
    assert (place.section, place.level, place.position, place.slot_light, place.standing) == (1, 2, 3, 4, True)
    with pytest.raises(InputRefused, match="box_unknown"):
        find.known_box(scene.room, "nothing")


def test_seeing_a_secret_record_is_an_event_and_who_is_not_cleared_sees_none(scene):
    assert [hit.item for hit in find.find(scene.room, scene.archivist, "会议纪要")] == []
    assert scene.room_events("search.secret") == []
    cleared = Person("p-cleared", "王敏", "保密办", ("archivist", "cleared_secret"), True)
    assert [hit.item.id for hit in find.find(scene.room, cleared, "会议纪要") if hit.item] == [scene.secret_item]
    (event,) = scene.room_events("search.secret")
    assert event.level == "secret" and "纪要".encode() not in event.body


def test_a_refused_search_leaves_none_of_its_words_in_the_trace(scene):
    nobody = Person("p-nobody", "某某", "访客", (), True)
    with pytest.raises(RuleRefused, match="not_allowed"):
        find.find(scene.room, nobody, "绝密会议纪要")
    (event,) = scene.room_events("request.refused")
    assert event.subject == "node"
    assert "纪要".encode() not in event.envelope + event.body
