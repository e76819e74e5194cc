"""The bus of both harnesses: one talks, all others hear, at the speed of the wire; faults hit what they name."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from hardware_tests.virtual.medium import NODE, Fault, Medium

FRAME = bytes(range(45))
FRAME_US = 45 * 10 * 1_000_000 // 115200


def test_everybody_but_the_talker_hears_a_frame_after_its_time_on_the_wire() -> None:
    bus = Medium({NODE, 2, 3})
    bus.talk(NODE, FRAME, 1000)
    assert bus.hear(1000 + FRAME_US - 1) == []
    assert bus.hear(1000 + FRAME_US) == [(2, FRAME), (3, FRAME)]
    assert bus.next_us() is None


def test_one_talkers_frames_queue_up_on_the_wire() -> None:
    bus = Medium({NODE, 2})
    bus.talk(NODE, FRAME, 0)
    bus.talk(NODE, FRAME, 0)
    assert [data for _port, data in bus.hear(FRAME_US)] == [FRAME]
    assert [data for _port, data in bus.hear(2 * FRAME_US)] == [FRAME]
    assert bus.counts["collided"] == 0


def test_two_talkers_at_once_spoil_each_other() -> None:
    bus = Medium({NODE, 2, 3})
    bus.talk(2, FRAME, 0)
    bus.talk(3, FRAME, 100)
    heard = [data for port, data in bus.hear(10 * FRAME_US) if port == NODE]
    assert len(heard) == 2
    assert FRAME not in heard
    assert bus.counts["collided"] == 1


def test_a_dead_board_neither_talks_nor_listens() -> None:
    bus = Medium({NODE, 2, 3})
    bus.dead.add(2)
    bus.talk(2, FRAME, 0)
    bus.talk(NODE, FRAME, 0)
    assert [port for port, _data in bus.hear(10 * FRAME_US)] == [3]


def test_faults_hit_the_named_talker_only_and_as_often_as_said() -> None:
    bus = Medium({NODE, 2, 3}, faults=[Fault("drop", 2, times=1)])
    for at_us, talker in ((0, 2), (10**5, 3), (10**6, 2)):
        bus.talk(talker, FRAME, at_us)
        bus.hear(at_us + FRAME_US)
    assert bus.counts == {"said": 3, "dropped": 1, "collided": 0}


def test_a_flipped_frame_differs_in_one_bit() -> None:
    bus = Medium({NODE, 2}, faults=[Fault("flip", 2)])
    bus.talk(2, FRAME, 0)
    ((_port, data),) = bus.hear(10**9)
    assert sum((a ^ b).bit_count() for a, b in zip(data, FRAME, strict=True)) == 1


def test_a_delayed_answer_comes_late_and_a_doubled_one_twice() -> None:
    bus = Medium({NODE, 2}, faults=[Fault("delay", 2, delay_ms=50)])
    bus.talk(2, FRAME, 0)
    assert bus.hear(50_000) == []
    assert bus.hear(50_000 + FRAME_US) == [(NODE, FRAME)]
    bus.faults[:] = [Fault("duplicate", 2)]
    bus.talk(2, FRAME, 10**6)
    assert bus.hear(10**7) == [(NODE, FRAME), (NODE, FRAME)]


def test_faults_without_a_name_spare_the_node() -> None:
    bus = Medium({NODE, 2}, faults=[Fault("drop")])
    bus.talk(NODE, FRAME, 0)
    bus.talk(2, FRAME, 10**6)
    assert bus.hear(10**7) == [(2, FRAME)]


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 1000), st.floats(0, 1))
def test_the_same_seed_gives_the_same_faults(seed: int, share: float) -> None:
    def run() -> list[tuple[int, bytes]]:
        bus = Medium({NODE, 2}, seed=seed, faults=[Fault("flip", 2, share), Fault("garbage", 2, share / 2)])
        for number in range(20):
            bus.talk(2, FRAME, number * 10**5)
        return bus.hear(10**8)

    assert run() == run()
