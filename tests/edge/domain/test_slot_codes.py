import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.domain import slot_codes
from edge.domain.block import Column, Layout
from edge.domain.slot_codes import Slot
from edge.errors import InputRefused

LAYOUT = Layout(
    "B1-A",
    6950,
    (Column(1, 450, True, None), *(Column(no, 700, False, no) for no in range(2, 10))),
    900,
    50,
    sections=4,
    levels=6,
    positions=18,
)

slots = st.builds(
    Slot,
    st.sampled_from(["B1-A", "A", "KF2-B3"]),
    st.integers(1, 99),
    st.sampled_from("LR"),
    st.integers(1, 99),
    st.integers(1, 9),
    st.integers(1, 99),
)


@settings(max_examples=100, deadline=None)
@given(slots)
def test_a_slot_is_read_back_from_its_own_code_in_any_case_and_with_any_dash(slot: Slot) -> None:
    assert slot_codes.parse(str(slot)) == slot
    assert slot_codes.parse(f" {str(slot).lower().replace('-', '－')} ") == slot


@pytest.mark.parametrize(
    "text", ["", "B1-A", "B1-A-03-X-02-4-07", "B1-A-3-R-2-4-7", "B1-A-03-R-00-4-07", "B1-A-03-R-02-0-07"]
)
def test_what_is_no_slot_code_is_refused(text: str) -> None:
    with pytest.raises(InputRefused) as refused:
        slot_codes.parse(text)
    assert refused.value.code == "slot_code_unreadable"


def test_the_demo_block_has_a_slot_for_each_face_that_looks_into_an_aisle() -> None:
    every = list(slot_codes.all_slots(LAYOUT))
    assert len(every) == len(set(every)) == 17 * 4 * 6 * 18
    assert {slot_codes.aisle_of(slot) for slot in every} == set(LAYOUT.aisles)
    assert not any(slot.column == 1 and slot.face == "L" for slot in every)  # against the wall
    assert every == sorted(every)


def test_every_board_of_a_carriage_has_its_own_light() -> None:
    boards = {
        (slot.face, slot.section, slot.level): slot_codes.slot_light(LAYOUT, slot)
        for slot in slot_codes.all_slots(LAYOUT)
    }
    assert sorted(boards.values()) == list(range(1, 49))
