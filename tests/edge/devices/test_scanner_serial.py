"""The hand scanner on a pseudo-terminal."""

import os
import time

import pytest

from edge.devices.scanner_serial import ScannerSerial


@pytest.fixture
def scanner(line):
    opened = ScannerSerial(line[1])
    wait_until(opened.online)
    yield opened
    opened.close()


def wait_until(condition) -> None:
    for _ in range(400):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


def scans_of(scanner, count: int) -> list[str]:
    found: list[str] = []
    wait_until(lambda: found.extend(scanner.scans()) or len(found) >= count)
    return found


def test_scans_ended_by_cr_lf_or_both_are_one_text_each_and_given_once(scanner, line):
    os.write(line[0], "SR1:S0123\rB1-A-03-R-02-4-07\r\n档号\n".encode())
    assert scans_of(scanner, 3) == ["SR1:S0123", "B1-A-03-R-02-4-07", "档号"]
    assert scanner.scans() == []


def test_a_scan_that_arrives_in_pieces_is_one_text(scanner, line):
    os.write(line[0], b"SR1:S01")
    time.sleep(0.05)
    os.write(line[0], b"23\r")
    assert scans_of(scanner, 1) == ["SR1:S0123"]


def test_half_a_scan_is_dropped_and_not_glued_to_the_next(scanner, line):
    os.write(line[0], b"SR1:S01")
    time.sleep(2)
    os.write(line[0], b"SR1:S0999\r")
    assert scans_of(scanner, 1) == ["SR1:S0999"]


def test_a_scanner_plugged_in_later_works(tmp_path, line):
    scanner = ScannerSerial(str(tmp_path / "scanner"))
    try:
        assert not scanner.online()
        (tmp_path / "scanner").symlink_to(line[1])
        wait_until(scanner.online)
        os.write(line[0], b"SR1:S1\r")
        assert scans_of(scanner, 1) == ["SR1:S1"]
    finally:
        scanner.close()
