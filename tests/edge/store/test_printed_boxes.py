"""Boxes by what is printed on them, among boxes whose numbers contain one another."""

import pytest

from edge.domain.label_check import judge
from edge.store.catalogue import Catalogue
from edge.store.printed_boxes import printed_boxes

BOXES = (
    ("Z109", "0012"),
    ("Z109", "0013"),
    ("Z1090", "0012"),
    ("A001", "12"),
    ("A001", "123"),
    ("9", "0601"),
    ("S091", "0012"),
    ("6091", "0012"),
    ("6092", "0012"),
)


@pytest.fixture
def shelf(database):
    catalogue = Catalogue(database)

    def fill(change):
        for fonds in dict.fromkeys(fonds for fonds, _ in BOXES):
            catalogue.add_fonds(change, fonds, "", "node")
        return {
            (fonds, number): catalogue.add_box(change, fonds_no=fonds, box_no=number, actor="node").label
            for fonds, number in BOXES
        }

    return database, database.write(fill)


def test_a_whole_number_of_a_known_fonds_is_one_box(shelf):
    database, label_of = shelf
    found = printed_boxes(database, ["Z1090", "0012"], ["0012"])
    assert (found.exact, found.longer) == ((label_of["Z1090", "0012"],), ())


def test_what_may_be_the_rest_of_a_longer_number_is_told_with_the_longer_ones(shelf):
    database, label_of = shelf
    torn_fonds = printed_boxes(database, ["Z109"], ["0012"])
    assert torn_fonds.exact == (label_of["Z109", "0012"],) and torn_fonds.longer == (label_of["Z1090", "0012"],)
    torn_number = printed_boxes(database, ["A001"], ["12"])
    assert torn_number.exact == (label_of["A001", "12"],) and torn_number.longer == (label_of["A001", "123"],)
    assert printed_boxes(database, ["A001"], ["123"]).longer == ()


def test_four_digits_may_be_a_fonds_whose_letter_was_read_as_a_digit(shelf):
    database, label_of = shelf
    either = printed_boxes(database, ["6091"], ["0012"])
    assert (either.exact, either.longer) == ((label_of["6091", "0012"],), (label_of["S091", "0012"],))
    assert judge(label_of["6091", "0012"], [], 0, "look", either).why == "print_unclear", "a person reads it"
    alone = printed_boxes(database, ["6092"], ["0012"])
    assert (alone.exact, alone.longer) == ((label_of["6092", "0012"],), ())


def test_a_number_that_may_stand_on_its_head_is_never_exact(shelf):
    database, label_of = shelf
    found = printed_boxes(database, ["9"], ["0601"])
    assert (found.exact, found.longer) == ((), (label_of["9", "0601"],))


def test_without_its_fonds_or_with_an_unknown_one_a_number_names_nothing(shelf):
    database, _ = shelf
    for fonds, numbers in (([], ["0012"]), (["X001"], ["0012"]), (["Z109"], ["0099"]), (["Z109"], [])):
        found = printed_boxes(database, fonds, numbers)
        assert (found.exact, found.longer) == ((), ())
    assert printed_boxes(database, ["Z%09", "Z1_9"], ["00__"]).exact == (), "no wildcards"
