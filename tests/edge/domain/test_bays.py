"""One bay as it was seen, against the index."""

import pytest

from edge.domain import labels
from edge.domain.bays import Known, Sight, counts, judge
from edge.domain.label_check import Printed

BAY = "B1-A-03-R-02"
ONE, TWO, OUT, STRAY = (labels.make("B", number) for number in (1, 2, 3, 4))


def slot(position):
    return f"{BAY}-1-{position:02d}"


def known(label, home, stands=None, away=""):
    return Known(f"id-{label}", label, label[-4:], "A001", home, home if stands is None else stands, away)


AT = {
    slot(1): known(ONE, slot(1)),
    slot(2): known(TWO, slot(2)),
    slot(3): known(OUT, slot(3), "", "on_loan"),
}
BY_LABEL = {each.label: each for each in AT.values()} | {STRAY: known(STRAY, "B1-A-05-L-01-2-07")}


def findings(*sights):
    return {one.slot: one for one in judge(sights, AT, BY_LABEL)}


def box(position, *codes, **more):
    return Sight(slot(position), "box", codes, **more)


def test_what_stands_where_the_index_has_it_is_right_and_an_empty_home_of_a_lent_box_is_accounted_for():
    found = findings(box(1, ONE), box(2, TWO), Sight(slot(3), "empty"), Sight(slot(4), "empty"))
    assert [found[slot(at)].status for at in (1, 2, 3, 4)] == ["right", "right", "empty", "empty"]
    assert found[slot(3)].why == "on_loan" and counts(list(found.values()))["empty"] == 2


def test_two_boxes_that_changed_places_are_both_misplaced_and_say_where_they_belong():
    found = findings(box(1, TWO), box(2, ONE))
    assert (found[slot(1)].status, found[slot(1)].belongs) == ("misplaced", slot(2))
    assert (found[slot(2)].status, found[slot(2)].belongs) == ("misplaced", slot(1))


def test_a_box_of_another_bay_says_which_one_and_the_box_it_displaced_is_missing():
    found = findings(box(1, STRAY), Sight(slot(2), "empty"))
    assert found[slot(1)].belongs == "B1-A-05-L-01-2-07"
    assert (found[slot(2)].status, found[slot(2)].box.label) == ("missing", TWO)


def test_a_missing_box_that_stands_elsewhere_in_the_bay_says_where():
    found = findings(Sight(slot(1), "empty"), box(4, ONE))
    assert (found[slot(1)].why, found[slot(1)].found_at) == ("stands_elsewhere", slot(4))


def test_a_box_that_the_index_has_out_but_that_stands_at_home_is_right_and_told():
    assert (findings(box(3, OUT))[slot(3)].status, findings(box(3, OUT))[slot(3)].why) == ("right", "index_says_out")


@pytest.mark.parametrize(
    ("sight", "why"),
    [
        (box(1), "unreadable"),
        (box(1, ONE, TWO), "several"),
        (box(1, "LIB123"), "foreign_code"),
        (box(1, ONE, printed=Printed((TWO,))), "code_and_print_differ"),
        (box(1, printed=Printed((ONE,), (TWO,))), "print_unclear"),
        (Sight(slot(1), "unclear"), "unreadable"),
        (Sight(slot(1), "unseen"), "not_in_picture"),
    ],
)
def test_what_is_not_certain_is_unread_and_never_missing(sight, why):
    found = findings(sight)[slot(1)]
    assert (found.status, found.why, found.box) == ("unread", why, None)


def test_print_alone_tells_a_box_where_it_names_one():
    assert findings(box(1, printed=Printed((ONE,))))[slot(1)].status == "right"


def test_one_label_in_two_places_is_believed_in_neither():
    found = findings(box(1, ONE), box(4, ONE))
    assert {found[slot(1)].why, found[slot(4)].why} == {"seen_twice"}


def test_an_unread_box_is_pointed_out_where_the_box_that_belongs_there_was_seen_elsewhere_or_none_belongs():
    found = findings(box(1), box(2, ONE), box(4))
    assert [found[slot(at)].status for at in (1, 4)] == ["unread", "unread"]
    assert (found[slot(1)].why, found[slot(1)].found_at) == ("not_what_belongs", slot(2))
    assert found[slot(4)].why == "nothing_belongs"


def test_an_unread_box_is_not_pointed_out_where_it_may_be_its_own_or_no_box_at_all():
    alone = findings(box(1), box(2, TWO), box(3), Sight(slot(4), "unclear"))
    assert [alone[slot(at)].why for at in (1, 3, 4)] == ["unreadable"] * 3  # 3 may have come back unrecorded
    # its own label is among the two that were read here: who knows which of them stands elsewhere
    assert findings(box(1, ONE, TWO), box(4, ONE))[slot(1)].why == "several"
    leaning = findings(box(1, ONE), box(2, TWO), box(4, between=slot(3)))
    assert leaning[slot(4)].why == "unreadable"


def test_a_box_nobody_knows_is_unknown():
    assert findings(box(4, labels.make("B", 99)))[slot(4)].status == "unknown"


def test_a_box_that_leans_between_two_slots_is_right_if_either_is_its_own_and_else_cannot_be_told_from_its_neighbour():
    assert findings(box(2, ONE, between=slot(1)))[slot(2)].status == "right"
    assert findings(box(3, ONE, between=slot(4)))[slot(3)].why == "between_slots"
    assert findings(box(4, STRAY, between=slot(5)))[slot(4)].status == "misplaced"
