"""The card reader against a real OSDP peripheral on a pseudo-terminal."""

import os
import secrets
import time

import osdp
import pytest

from edge.devices.reader_osdp import ReaderOsdp
from edge.errors import DeviceFault

pytestmark = pytest.mark.live

ADDRESS = 101
WAIT_S = 40


class Wire(osdp.Channel):
    def __init__(self, fd: int) -> None:
        super().__init__()
        self.fd = fd
        os.set_blocking(fd, False)

    def read(self, max_bytes: int) -> bytes:
        try:
            return os.read(self.fd, max_bytes)
        except BlockingIOError:
            return b""

    def write(self, buf: bytes) -> int:
        return os.write(self.fd, buf)

    def flush(self) -> None: ...


def reader_on(fd: int, key: bytes, delivered=lambda _event, _status: None) -> osdp.PeripheralDevice:
    able = (
        osdp.Capability.LEDControl,
        osdp.Capability.AudibleControl,
        osdp.Capability.CardDataFormat,
        osdp.Capability.ContactStatusMonitoring,
    )
    capabilities = osdp.PDCapabilities([(one, 1, 1) for one in able])
    info = osdp.PDInfo(ADDRESS, Wire(fd), scbk=key, flags=[osdp.LibFlag.EnforceSecure])
    quiet = osdp.LogLevel.Critical
    device = osdp.PeripheralDevice(info, capabilities, log_level=quiet, event_completion_handler=delivered)
    device.start()
    return device


def hold(device: osdp.PeripheralDevice, uid: bytes) -> None:
    event = {"event": osdp.Event.CardRead, "reader_no": 0, "format": osdp.CardFormat.Unspecified, "direction": 0}
    device.submit_event({**event, "length": len(uid) * 8, "data": uid})


def wait_until(condition) -> None:
    for _ in range(WAIT_S * 20):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


def next_cards(node: ReaderOsdp) -> list[bytes]:
    found: list[bytes] = []
    wait_until(lambda: found.extend(node.cards()) or found)
    return found


def test_a_card_is_read_over_the_secure_channel_and_answered_with_light_and_beep(line):
    key = secrets.token_bytes(16)
    device = reader_on(line[0], key)
    node = ReaderOsdp(line[1], ADDRESS, key)
    try:
        wait_until(node.online)
        hold(device, bytes.fromhex("04a1b2c3"))
        assert next_cards(node) == [bytes.fromhex("04a1b2c3")]
        assert node.cards() == []
        node.signal(True)
        commands = [device.get_command(timeout=10) for _ in range(2)]
        assert [command["command"] for command in commands] == [osdp.Command.LED, osdp.Command.Buzzer]
        assert commands[0]["on_color"] == osdp.CommandLEDColor.Green and commands[1]["rep_count"] == 1
    finally:
        node.close()
        device.teardown()


def test_a_reader_that_was_restarted_is_back_in_seconds_not_in_five_minutes(line):
    key = secrets.token_bytes(16)
    device = reader_on(line[0], key)
    node = ReaderOsdp(line[1], ADDRESS, key)
    try:
        wait_until(node.online)
        device.teardown()
        wait_until(lambda: not node.online())
        device = reader_on(line[0], key)
        wait_until(node.online)
        hold(device, b"\x01\x02\x03\x04")
        assert next_cards(node) == [b"\x01\x02\x03\x04"]
    finally:
        node.close()
        device.teardown()


def test_no_card_that_was_read_is_lost_when_the_line_goes_in_the_next_moment(line):
    key, delivered = secrets.token_bytes(16), []
    device = reader_on(line[0], key, lambda event, _status: delivered.append(event))
    node = ReaderOsdp(line[1], ADDRESS, key)
    uids = [bytes([4, number, 0, 0]) for number in range(6)]
    try:
        wait_until(node.online)
        for uid in uids:
            hold(device, uid)
        wait_until(lambda: len(delivered) == len(uids) and node.online())
        wait_until(lambda: device.is_sc_active())
        node.close()
        assert node.cards()[:5] == uids[:5]  # the last reply may still have been on the wire
    finally:
        device.teardown()


def test_a_reader_with_another_key_never_gets_a_card_in(line):
    device = reader_on(line[0], secrets.token_bytes(16))
    node = ReaderOsdp(line[1], ADDRESS, secrets.token_bytes(16))
    try:
        hold(device, b"\x01\x02\x03\x04")
        time.sleep(3)
        assert not node.online() and node.cards() == []
    finally:
        node.close()
        device.teardown()


def test_a_port_that_is_not_there_is_waited_for_and_a_short_key_is_refused(tmp_path):
    node = ReaderOsdp(str(tmp_path / "nothing"), ADDRESS, bytes(16))
    assert not node.online()
    node.signal(True)
    node.close()
    with pytest.raises(DeviceFault, match="reader_key"):
        ReaderOsdp(str(tmp_path / "nothing"), ADDRESS, bytes(8))
