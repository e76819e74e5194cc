"""The fault log in flash: bounded, readable over the bus, and whole after a power cut at any byte."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware import fault_log
from firmware import registers as r
from firmware.bank import Bank
from firmware.carriage.drive import FAULT
from firmware.fault_log import FULL, RECORD_BYTES, FaultLog
from hardware_tests.master import Master
from hardware_tests.virtual.lockstep import Lockstep
from hardware_tests.virtual.lockstep_board import Flash, PowerCut, load_hal

MOVER = 5


def hal_on(flash):
    """The board's own hal.py on this flash."""
    hal = load_hal(flash).Hal
    return hal.__new__(hal)


def details(log):
    return [detail for _number, _kind, _boot, _uptime, detail in log.entries]


def test_entries_come_back_newest_first_after_a_restart():
    flash = Flash()
    log = FaultLog(hal_on(flash))
    for detail in range(20):
        log.add(r.LOG_FAULT, 3, 70_000, detail)
    assert details(FaultLog(hal_on(flash))) == list(range(19, 3, -1))


def test_the_log_never_grows_beyond_its_two_files():
    flash = Flash()
    log = FaultLog(hal_on(flash))
    for detail in range(5 * FULL):
        log.add(r.LOG_FAULT, 1, detail, detail)
    assert {name: len(data) for name, data in flash.files.items()} == dict.fromkeys(
        fault_log.FILES, FULL * RECORD_BYTES
    )
    assert details(FaultLog(hal_on(flash)))[0] == 5 * FULL - 1


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 3 * FULL), st.lists(st.integers(0, 3 * RECORD_BYTES), max_size=6))
def test_a_power_cut_at_any_byte_loses_nothing_that_was_written_before(before, cuts):
    flash = Flash()
    hal = hal_on(flash)
    log = FaultLog(hal)
    written = []
    for detail in range(before):
        log.add(r.LOG_FAULT, 1, 1, detail)
        written.append(detail)
    for cut in cuts:
        flash.left = cut
        try:
            log = FaultLog(hal)
            for detail in range(len(written), len(written) + 4):
                log.add(r.LOG_FAULT, 1, 1, detail)
                written.append(detail)
        except PowerCut:
            pass
        flash.left = None
        log = FaultLog(hal)
        seen = details(log)
        if seen[:1] == [len(written)]:  # the entry under way was whole already
            written.append(len(written))
        assert seen == written[::-1][: r.IR_LOG_ENTRIES]


def test_an_altered_record_is_counted_and_the_others_stand():
    flash = Flash()
    log = FaultLog(hal_on(flash))
    for detail in range(3):
        log.add(r.LOG_FAULT, 1, 1, detail)
    data = bytearray(flash.files["log.0"])
    data[RECORD_BYTES + 4] ^= 1
    flash.files["log.0"] = bytes(data)
    again = FaultLog(hal_on(flash))
    assert (details(again), again.lost) == ([2, 0], 1)


def test_a_flash_that_is_full_stops_nothing(monkeypatch):
    hal = hal_on(Flash())
    log = FaultLog(hal)

    def full(*_args):
        raise OSError(28)

    monkeypatch.setattr(type(hal), "write_file", full)
    log.add(r.LOG_FAULT, 1, 1, 9)
    assert (details(log), log.lost) == ([9], 1)


def test_the_registers_show_each_entry():
    bank = Bank(5, r.IR_SENSE_COUNT)
    log = FaultLog(hal_on(Flash()))
    log.add(r.LOG_BOOT, 2, 0, r.BOOT_WATCHDOG << 8)
    log.add(r.LOG_FAULT, 2, 0x12345, 0x00110001)
    log.put(bank)
    assert words(bank, r.IR_LOG_COUNT, 2) == [2, 0]
    assert words(bank, r.IR_LOG, 12) == [
        *(r.LOG_FAULT, 2, 1, 0x2345, 0x0011, 0x0001),
        *(r.LOG_BOOT, 2, 0, 0, 0, r.BOOT_WATCHDOG << 8),
    ]


def words(bank, start, count):
    return [bank.word(i) for i in range(count)] if bank.find(4, start, count) else None


@pytest.mark.parametrize("block", [(r.IR_SELF, r.IR_SELF_COUNT), (r.IR_LOG, r.IR_LOG_COUNT_ALL)])
def test_a_block_is_read_within_itself_only(block):
    start, count = block
    bank = Bank(5, r.IR_SENSE_COUNT)
    assert len(words(bank, start, count)) == count
    assert words(bank, start, count + 1) is None


def test_a_board_tells_its_starts_and_faults_over_the_bus_after_a_power_cut():
    room = Lockstep(open_aisle=4)
    master = Master(room)
    room.run(500)
    room.act("estop_press")
    room.run(200)
    room.restart_board(MOVER, "watchdog")
    room.run(500)
    assert master.read(MOVER, r.IR_LOG_COUNT, 1) == [3]
    words = master.read(MOVER, r.IR_LOG, 3 * r.IR_LOG_WORDS)
    entries = [words[at : at + r.IR_LOG_WORDS] for at in range(0, len(words), r.IR_LOG_WORDS)]
    assert entries[0][:2] == [r.LOG_BOOT, 2]
    assert entries[0][5] >> 8 == r.BOOT_WATCHDOG
    assert (entries[1][0], entries[1][5]) == (r.LOG_FAULT, FAULT["estop"])
    assert (entries[2][:2], entries[2][5] >> 8) == ([r.LOG_BOOT, 1], r.BOOT_POWER_ON)
