"""An image over a real pty to the firmware's own slave: disturbed, resumed, refused, and never beside a move."""

import asyncio
import os
import threading
import tty

import pytest

from edge.clock import SystemClock
from edge.devices import board_firmware, firmware_image
from edge.devices.carriage_modbus import config_crc
from edge.errors import DeviceFault, RuleRefused
from edge.motion.boards import CarriageBoard, SensorBoard
from edge.motion.bus import Bus
from edge.motion.updating import Updating
from firmware import registers as r
from firmware.bank import Bank
from firmware.identity import Boot, Record, put_identity
from firmware.modbus_rtu import Slave
from hardware_tests.virtual.lockstep_board import Flash, load_hal

KEY = firmware_image.new_key()
IMAGE = firmware_image.sign({"firmware/__init__.py": b"", "firmware/main.py": b"# program\n" * 60}, KEY)
CONFIG = dict.fromkeys(r.CONFIG_FIELDS, 1)
CRC = config_crc(CONFIG)
BOARD = 4


class Wire(threading.Thread):
    """One board: the firmware's own slave, bank and update; ``lose`` says which requests are lost, by their number."""

    def __init__(self, flash: Flash, lose=lambda number: False) -> None:
        super().__init__(daemon=True)
        self.near, self.far = os.openpty()
        tty.setraw(self.near)
        tty.setraw(self.far)
        self.path = os.ttyname(self.far)
        hal_class = load_hal(flash).Hal
        hal = hal_class.__new__(hal_class)
        hal.boot_reason, hal.unique_id = lambda: r.BOOT_POWER_ON, lambda: b"1234"
        self.bank = Bank(BOARD, r.IR_STATE_COUNT)
        self.slave = Slave(BOARD, self.bank)
        boot = Boot(hal)
        put_identity(self.bank, hal, r.KIND_CARRIAGE, BOARD, CRC, boot, True)
        self.record = Record(hal, self.bank, boot, True)
        self.lose, self.records = lose, []

    def run(self) -> None:
        number = 0
        while True:
            try:
                heard = os.read(self.near, 256)
            except OSError:
                return
            number += 1
            if self.lose(number):
                continue
            self.slave.feed(heard, len(heard))
            count = self.slave.end_of_burst()
            if self.slave.parked:
                if heard[1] == 21:
                    self.records.append(bytes(heard[4:8]))
                count = self.slave.answer_parked()
            if count:
                os.write(self.near, bytes(self.slave.answer[:count]))
            for _ in range(5):
                self.record.keep(0, True)


@pytest.fixture
def flash():
    one = Flash()
    one.files["release.key"] = firmware_image.public_part(KEY)
    return one


def on_wire(wire, what, resting=lambda: True):
    async def run():
        bus = Bus(wire.path, 115200, "N")
        speaking = asyncio.create_task(bus.run())
        board = CarriageBoard(BOARD, BOARD, CRC)
        updating = Updating([(bus, board), (bus, SensorBoard(21))], resting, SystemClock())
        try:
            return await what(updating)
        finally:
            speaking.cancel()
            await asyncio.wait([speaking])

    wire.start()
    try:
        return asyncio.run(asyncio.wait_for(run(), 60))
    finally:
        os.close(wire.far)
        os.close(wire.near)


def image_file(tmp_path, image=IMAGE):
    path = tmp_path / "image.zip"
    firmware_image.write(image, path)
    return path


async def finish(updating):
    while updating.progress()["busy"]:
        await asyncio.sleep(0.01)
    return updating.progress()


def test_an_image_is_sent_offered_and_taken_back(flash, tmp_path) -> None:
    async def go(updating):
        updating.begin(BOARD, image_file(tmp_path))
        with pytest.raises(RuleRefused, match="firmware_busy"):
            updating.begin(BOARD, image_file(tmp_path))
        done = await finish(updating)
        assert done["sent"] == done["bytes"] > 0
        (ready,) = await updating.describe(BOARD)
        await updating.do(BOARD, r.DO_ACTIVATE)
        (offered,) = await updating.describe(BOARD)
        await updating.do(BOARD, r.DO_CANCEL)
        return ready, offered

    ready, offered = on_wire(Wire(flash), go)
    assert (ready.update, ready.update_image) == ("ready", IMAGE.number)
    assert board_firmware.verdict(offered) == "press_start"
    assert flash.files["b/manifest"] == IMAGE.manifest


def test_lost_frames_are_sent_again_until_everything_is_there(flash, tmp_path) -> None:
    async def go(updating):
        updating.begin(BOARD, image_file(tmp_path))
        await finish(updating)
        return await updating.describe(BOARD)

    (seen,) = on_wire(Wire(flash, lose=lambda number: number % 9 == 0), go)
    assert seen.update == "ready"


def test_what_lies_whole_in_the_board_is_not_sent_again(flash, tmp_path) -> None:
    async def go(updating):
        updating.begin(BOARD, image_file(tmp_path))
        await finish(updating)

    first = Wire(flash)
    on_wire(first, go)
    del flash.files["b/firmware/main.py"]
    second = Wire(flash)
    on_wire(second, go)
    assert {record[0:2] for record in first.records} > {record[0:2] for record in second.records} == {b"\0\4"}


def test_nothing_is_sent_while_the_block_does_not_rest(flash, tmp_path) -> None:
    rests = [True]

    async def go(updating):
        updating.begin(BOARD, image_file(tmp_path))
        while not wire.records:
            await asyncio.sleep(0.005)
        rests[0] = False
        await asyncio.sleep(0.3)  # the record under way
        before = len(wire.records)
        await asyncio.sleep(0.5)
        during = len(wire.records) - before
        rests[0] = True
        await finish(updating)
        return during, await updating.describe(BOARD)

    wire = Wire(flash)
    during, (seen,) = on_wire(wire, go, resting=lambda: rests[0])
    assert during == 0
    assert seen.update == "ready"


def test_an_image_of_another_key_is_refused_by_the_board_and_named(flash, tmp_path) -> None:
    stranger = firmware_image.sign(dict(IMAGE.files), firmware_image.new_key())

    async def go(updating):
        updating.begin(BOARD, image_file(tmp_path, stranger))
        with pytest.raises(DeviceFault, match="firmware_refused"):
            await finish(updating)

    on_wire(Wire(flash), go)


def test_a_board_without_a_whole_image_cannot_be_activated(flash) -> None:
    async def go(updating):
        with pytest.raises(DeviceFault, match="firmware_not_ready"):
            await updating.do(BOARD, r.DO_ACTIVATE)

    on_wire(Wire(flash), go)


def test_every_board_of_the_configuration_is_described_the_silent_one_too(flash) -> None:
    async def go(updating):
        return await updating.describe()

    seen, silent = on_wire(Wire(flash), go)
    assert (seen.firmware_version, seen.map_version, seen.config_crc) == (r.FIRMWARE_VERSION, r.MAP_VERSION, CRC)
    assert (seen.boot_reason, seen.log[0].kind, seen.log[0].what) == ("power_on", "boot", ("power_on",))
    assert board_firmware.verdict(seen) == "good"
    assert (silent.address, board_firmware.verdict(silent)) == (21, "silent")
    assert board_firmware.from_json(seen.as_json()) == seen
