"""The card reader's key file: without it there is no reader, which is a fault and not an end."""

import pytest

from edge.devices.reader_osdp import key_in
from edge.errors import DeviceFault


@pytest.mark.parametrize("written", [None, "not a key", "字"])
def test_a_key_file_that_is_missing_or_damaged_is_a_fault_that_says_what_to_do(tmp_path, written):
    path = tmp_path / "reader.key"
    if written is not None:
        path.write_text(written, "utf-8")
    with pytest.raises(DeviceFault) as fault:
        key_in(path)
    assert (fault.value.code, fault.value.recovery) == ("reader_key", "make_reader_key")


def test_a_key_is_read_with_its_line_end(tmp_path):
    (tmp_path / "reader.key").write_text("00112233445566778899aabbccddeeff\n", "ascii")
    assert key_in(tmp_path / "reader.key") == bytes.fromhex("00112233445566778899aabbccddeeff")
