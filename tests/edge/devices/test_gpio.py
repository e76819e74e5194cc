"""Door and sounder on gpiozero's own pin factory without pins."""

import time

import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory

from edge.devices.door_gpio import DoorGpio
from edge.devices.sounder_gpio import SounderGpio
from edge.errors import DeviceFault

STRIKE, CONTACT, EXIT, BUZZER = 17, 27, 23, 22


@pytest.fixture
def pins():
    before, Device.pin_factory = Device.pin_factory, MockFactory()
    yield Device.pin_factory
    Device.pin_factory.reset()
    Device.pin_factory = before


def wait_until(condition) -> None:
    for _ in range(200):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


def test_the_strike_releases_for_its_time_and_locks_by_itself(pins):
    door = DoorGpio(STRIKE, CONTACT, EXIT, 1, holds=False)
    assert pins.pin(STRIKE).state == 0
    door.unlock()
    assert pins.pin(STRIKE).state == 1
    wait_until(lambda: pins.pin(STRIKE).state == 0)
    door.close()


def test_closing_the_node_locks_the_door(pins):
    door = DoorGpio(STRIKE, CONTACT, EXIT, 60, holds=False)
    door.unlock()
    states = pins.pin(STRIKE).states
    door.close()
    assert [state.state for state in states][-2:] == [True, False]


def test_the_contact_pulled_low_means_closed_and_a_cut_wire_means_open(pins):
    door = DoorGpio(STRIKE, CONTACT, EXIT, 1, holds=False)
    assert not door.is_closed()
    pins.pin(CONTACT).drive_low()
    assert door.is_closed()
    pins.pin(CONTACT).drive_high()
    assert not door.is_closed()
    door.close()


def test_a_lock_that_current_holds_is_open_without_power_and_locked_by_this_program(pins):
    door = DoorGpio(STRIKE, CONTACT, EXIT, 60, holds=True)
    assert pins.pin(STRIKE).state == 1
    assert door.unlock() == 60_000
    assert pins.pin(STRIKE).state == 0
    door.lock()
    assert pins.pin(STRIKE).state == 1
    door.close()
    assert pins.pin(STRIKE).function == "input", "nothing drives it: no current, and it opens"


def test_a_touch_of_the_handle_inside_is_remembered_once(pins):
    door = DoorGpio(STRIKE, CONTACT, EXIT, 1, holds=False)
    pins.pin(EXIT).drive_low()
    pins.pin(EXIT).drive_high()
    assert (door.exit_pressed(), door.exit_pressed()) == (True, False)
    door.close()


def test_the_buzzer_follows_and_is_written_only_when_it_changes(pins):
    sounder = SounderGpio(BUZZER)
    pin = pins.pin(BUZZER)
    pin.clear_states()
    for on in (True, True, False, False, True):
        sounder.sound(on)
    assert [state.state for state in pin.states] == [False, True, False, True]
    sounder.close()


def test_a_pin_that_is_in_use_is_a_device_fault_with_a_way_out(pins):
    sounder = SounderGpio(BUZZER)
    with pytest.raises(DeviceFault) as refused:
        SounderGpio(BUZZER)
    assert (refused.value.code, refused.value.recovery) == ("sounder_pin", "check_wiring")
    with pytest.raises(DeviceFault, match="door_pins"):
        DoorGpio(BUZZER, CONTACT, EXIT, 1, holds=False)
    sounder.close()
