"""What is believed about a board after good, late, garbled, foreign and missing answers."""

from edge.devices.carriage_modbus import config_crc
from edge.motion.boards import OFFLINE_AFTER, CarriageBoard, SensorBoard
from edge.motion.bus import Reply
from firmware import registers as r

CONFIG = dict.fromkeys(r.CONFIG_FIELDS, 5)


def identity(board_id: int = 1, **changes: int) -> Reply:
    words = [0] * r.IR_IDENTITY_COUNT
    words[r.IR_MAP_VERSION] = r.MAP_VERSION
    words[r.IR_BOARD_KIND] = r.KIND_CARRIAGE
    words[r.IR_BOARD_ID_LO] = board_id
    words[r.IR_ADDRESS] = 4
    words[r.IR_CONFIG_CRC] = config_crc(CONFIG)
    words[r.IR_FLASH_OK] = 1
    for name, value in changes.items():
        words[getattr(r, name)] = value
    return Reply(registers=tuple(words))


def state(rolling: int, address: int = 4, doubled: bool = False) -> Reply:
    words = [0] * r.IR_STATE_COUNT
    words[0] = address << 8 | rolling
    words[r.IR_RUN_STATE - r.IR_STATE] = r.STATE_READY
    return Reply(registers=tuple(words), doubled=doubled)


def known() -> CarriageBoard:
    board = CarriageBoard(4, 4, config_crc(CONFIG))
    board.take_identity(identity(), 0)
    board.take_state(state(1), 0)
    return board


def test_a_board_is_absent_until_it_says_who_it_is() -> None:
    board = CarriageBoard(4, 4, config_crc(CONFIG))
    assert not board.online
    assert board.report(0).state == "offline"
    assert (board.report(0).aisle_left, board.report(0).why_left) == ("occupied", "offline")
    board.take_identity(identity(), 0)
    board.take_state(state(1), 0)
    assert (board.report(70).state, board.report(70).age_ms, board.report(0).config_ok) == ("ready", 70, True)


def test_an_answer_with_an_old_rolling_number_or_a_foreign_address_is_refused() -> None:
    board = known()
    assert not board.take_state(state(1), 100)
    assert not board.take_state(state(2, address=5), 100)
    assert board.report(100).age_ms == 100
    assert board.shaky == "board_garbled"
    assert board.take_state(state(2), 200)


def test_a_block_of_the_wrong_length_is_refused() -> None:
    board = known()
    assert not board.take_state(Reply(registers=(4 << 8 | 2, 0, 0)), 100)


def test_silence_makes_it_shaky_then_offline_and_it_must_introduce_itself_again() -> None:
    board = known()
    for count in range(1, OFFLINE_AFTER + 1):
        board.take_state(Reply("silent"), count)
        assert board.shaky == ("board_silent" if count >= 2 else "")
    assert not board.online
    assert board.identity is None
    assert not board.movable()


def test_an_absent_board_is_asked_ever_more_seldom_until_it_answers() -> None:
    board = known()
    waits = []
    for count in range(10):
        board.take_identity(Reply("silent"), count)
        waits.append(board.back_off_ms)
    assert waits == sorted(waits)
    assert waits[-1] == 8000
    board.take_identity(identity(), 20)
    assert board.back_off_ms == 1000


def test_boards_that_differ_are_named_and_never_moved() -> None:
    for changes, why in (
        ({"IR_MAP_VERSION": 0x0200}, "map_differs"),
        ({"IR_MAP_VERSION": r.MAP_VERSION - 1}, "map_differs"),
        ({"IR_BOARD_KIND": r.KIND_SENSORS}, "kind_differs"),
        ({"IR_ADDRESS": 5}, "address_differs"),
        ({"IR_CONFIG_CRC": 1}, "config_differs"),
        ({"IR_FLASH_OK": 0}, "flash_unreadable"),
    ):
        board = known()
        board.take_identity(identity(**changes), 10)
        assert board.note() == why
        assert not board.report(10).config_ok


def test_a_higher_minor_map_version_is_no_difference() -> None:
    board = known()
    board.take_identity(identity(IR_MAP_VERSION=r.MAP_VERSION + 1), 10)
    assert board.note() == ""


def test_two_boards_on_one_address_are_named() -> None:
    doubled = known()
    for rolling in (2, 3, 4):
        doubled.take_state(state(rolling, doubled=True), rolling)
    assert doubled.note() == "address_twice"
    assert not doubled.movable()
    other_id = known()
    other_id.take_identity(identity(board_id=2), 10)
    assert other_id.note() == "address_twice"
    strays = known()
    for _ in range(3):
        strays.stray()
    assert strays.note() == "address_twice"


def test_a_board_that_only_restarted_is_not_taken_for_two() -> None:
    board = known()
    board.take_identity(identity(IR_BOOT_COUNT=2), 10)
    assert board.take_state(state(1), 20)
    assert board.note() == ""


def test_constant_garbage_is_named_even_when_nothing_ever_got_through() -> None:
    board = CarriageBoard(4, 4, config_crc(CONFIG))
    for count in range(4):
        board.take_identity(Reply("garbled"), count)
    assert board.note() == "garbled"


def test_an_unplugged_bus_is_nobodys_fault() -> None:
    board = known()
    for count in range(5):
        board.take_state(Reply("unplugged"), count)
    assert board.note() == ""
    assert not board.online


def test_a_sensor_value_that_its_own_board_calls_bad_is_none_and_ages_add_up() -> None:
    board = SensorBoard(21)
    words = list(identity().registers)
    words[r.IR_BOARD_KIND], words[r.IR_ADDRESS] = r.KIND_SENSORS, 21
    board.take_identity(Reply(registers=tuple(words)), 0)
    good = r.SENSE_TEMP | r.SENSE_LEAK
    board.take_state(Reply(registers=(21 << 8 | 1, 0x10000 - 250, 5000, 80, 1, good, 900, 0, 0)), 0)
    said = board.report(100)
    assert (said.temp_cc, said.rh_cpct, said.lux, said.leak, said.age_ms) == (-250, None, None, True, 1000)
