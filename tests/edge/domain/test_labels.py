from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.domain import labels
from edge.errors import InputRefused

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

kinds = st.sampled_from(get_args(labels.Kind))
numbers = st.integers(0, 2**64 - 1)


def refused(text: str) -> bool:
    try:
        labels.parse(text)
    except InputRefused as error:
        return error.code == "label_unreadable"
    return False


@settings(max_examples=200, deadline=None)
@given(kinds, numbers)
def test_a_label_is_read_back(kind: labels.Kind, number: int) -> None:
    text = labels.make(kind, number)
    assert labels.parse(text) == labels.Label(kind, number, text)
    assert labels.parse(f" {text.lower()}\r\n") == labels.Label(kind, number, text)


def test_the_writing_is_fixed_for_ever() -> None:
    assert labels.make("B", 0) == "SR1:B0000000000000H"
    assert labels.make("S", 1) == "SR1:S0000000000001F"
    assert labels.make("I", 2**64 - 1) == "SR1:IFZZZZZZZZZZZZ0"


@settings(max_examples=60, deadline=None)
@given(kinds, numbers)
def test_any_one_wrong_character_is_found(kind: labels.Kind, number: int) -> None:
    body = labels.make(kind, number)[4:]
    for place, right in enumerate(body):
        for wrong in CROCKFORD + "I":
            if wrong != right and not (place == 0 and {wrong, right} == {"1", "I"}):
                changed = body[:place] + wrong + body[place + 1 :]
                same_digit = place > 0 and {wrong, right} == {"1", "I"}
                assert same_digit or refused(labels.PREFIX + changed), (body, changed)


@settings(max_examples=60, deadline=None)
@given(kinds, numbers)
def test_any_two_swapped_characters_are_found(kind: labels.Kind, number: int) -> None:
    body = labels.make(kind, number)[4:]
    for first in range(len(body)):
        for second in range(first + 1, len(body)):
            if body[first] == body[second] or {body[first], body[second]} == {"1", "I"}:
                continue
            letters = list(body)
            letters[first], letters[second] = letters[second], letters[first]
            assert refused(labels.PREFIX + "".join(letters)), (body, letters)


def test_letters_that_look_like_digits_are_read_as_digits() -> None:
    text = labels.make("B", 0x0101_0101)
    assert labels.parse(text.replace("0", "O").replace("1", "L").replace("SRL", "SR1")).number == 0x0101_0101


@pytest.mark.parametrize(
    "text", ["", "SR1:", "SR2:B0000000000000H", "B0000000000000H", "SR1:X0000000000000H", "https://x.example"]
)
def test_what_is_no_label_is_refused(text: str) -> None:
    assert refused(text)


def test_minted_labels_differ() -> None:
    assert len({labels.mint("B") for _ in range(1000)}) == 1000


def test_a_number_that_does_not_fit_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError):
        labels.make("B", 2**64)
