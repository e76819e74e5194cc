"""Images over a bus that loses, repeats, reorders and truncates; power cuts at any byte; who may start a new image."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from edge.devices import firmware_image
from firmware import loader
from firmware import registers as r
from firmware.modbus_rtu import BAD_ADDRESS, BUSY
from firmware.signature import KEY_FILE
from firmware.update import Update
from hardware_tests.virtual.lockstep_board import Flash, PowerCut, load_hal

RECORD_BYTES = 192
FILES = {
    "firmware/__init__.py": b"SLOT = ''\n",
    "firmware/main.py": b"# main\n" * 90,
    "firmware/carriage/app.py": bytes(range(256)) * 5 + b"odd",
    "firmware/empty.py": b"",
}
KEY = firmware_image.new_key()
OLD = firmware_image.sign({name: data + b"#old" for name, data in FILES.items()}, KEY)
NEW = firmware_image.sign(FILES, KEY)


def store(flash, slot, image):
    for name, data in (("manifest", image.manifest), ("signature", image.signature), *image.files):
        flash.files[f"{slot}/{name}"] = data


def board(running="a"):
    """A board's flash with the old image in ``a``, running, and the public key that was put there over USB."""
    flash = Flash()
    store(flash, "a", OLD)
    flash.files[KEY_FILE] = firmware_image.public_part(KEY)
    return flash


def powered(flash, running="a", has_start=True):
    hal_class = load_hal(flash).Hal
    return Update(hal_class.__new__(hal_class), running, has_start)


def begin(update, image=NEW):
    return update.command([r.DO_BEGIN, image.number >> 16, image.number & 0xFFFF, len(image.manifest)])


def work(update, loops=200):
    for _ in range(loops):
        update.step()


def wanted(update, image):
    """(file, record number, data) that the board asks for next."""
    part = image.parts()[update.file - 1]
    data = part[2 * update.at : 2 * update.at + RECORD_BYTES]
    return update.file, update.at, data + b"\0" * (len(data) % 2)


def transfer(update, image=NEW, records=10_000):
    """A node without trouble. Returns how many records it sent."""
    for sent in range(records):
        work(update)
        if update.state != r.UPDATE_RECEIVING:
            return sent
        assert update.record(*wanted(update, image)) == 0
    return records


def hold_start(update, ms=r.UPDATE_HOLD_MS + 100, resting=True, from_ms=0):
    update.look_for_somebody(from_ms, False, resting)
    for now_ms in range(from_ms, from_ms + ms, 10):
        update.look_for_somebody(now_ms, True, resting)
    update.step()


def start_of(flash):
    """What the loader starts now; its record is written as on the board."""
    record = loader.record_from(json.loads(flash.files.get(loader.RECORD, b"null")))
    slot = loader.choose(record, lambda name: loader.is_whole(name, flash.open))
    flash.files[loader.RECORD] = json.dumps(record).encode()
    return slot


def test_an_image_arrives_is_activated_by_a_held_start_and_is_started():
    flash = board()
    update = powered(flash)
    assert begin(update) == 0
    transfer(update)
    assert update.state == r.UPDATE_READY
    assert start_of(flash) == "a"
    assert update.command([r.DO_ACTIVATE, 0, 0, 0]) == 0
    hold_start(update)
    assert update.taken
    assert start_of(flash) == "b"
    assert loader.is_whole("b", flash.open)


def test_nothing_is_activated_without_the_press_or_by_a_short_one_or_by_a_stuck_button():
    update = powered(board())
    begin(update)
    transfer(update)
    hold_start(update)
    assert update.state == r.UPDATE_READY  # nobody had asked for it
    update.command([r.DO_ACTIVATE, 0, 0, 0])
    for now_ms in range(0, 60_000, 10):
        update.look_for_somebody(now_ms, True, True)  # pressed since before
    assert update.state == r.UPDATE_WAITING
    hold_start(update, ms=r.UPDATE_HOLD_MS - 100, from_ms=70_000)
    update.look_for_somebody(80_000, False, True)
    work(update)
    assert (update.state, update.taken) == (r.UPDATE_WAITING, False)


def test_a_move_ends_the_waiting_so_that_start_means_one_thing():
    update = powered(board())
    begin(update)
    transfer(update)
    update.command([r.DO_ACTIVATE, 0, 0, 0])
    hold_start(update, resting=False)
    assert (update.state, update.taken) == (r.UPDATE_READY, False)


def test_while_something_is_armed_or_moves_nothing_is_received_and_no_flash_is_written():
    flash = board()
    update = powered(flash)
    begin(update)
    work(update)
    before = dict(flash.files)
    update.look_for_somebody(0, False, False)
    assert update.record(*wanted(update, NEW)) == BUSY
    assert update.command([r.DO_CANCEL, 0, 0, 0]) == BUSY
    work(update)
    assert flash.files == before


def test_a_board_without_a_button_takes_the_image_at_its_next_power_up():
    flash = board()
    update = powered(flash, has_start=False)
    begin(update)
    transfer(update)
    update.command([r.DO_ACTIVATE, 0, 0, 0])
    work(update)
    assert update.state == r.UPDATE_TAKEN
    assert update.command([r.DO_CANCEL, 0, 0, 0]) == 0
    assert start_of(flash) == "a"
    update.command([r.DO_BEGIN, NEW.number >> 16, NEW.number & 0xFFFF, len(NEW.manifest)])
    transfer(update)
    update.command([r.DO_ACTIVATE, 0, 0, 0])
    work(update)
    assert start_of(flash) == "b"


def test_an_image_of_another_key_is_refused_before_any_file_of_it_is_taken():
    other = firmware_image.sign(FILES, firmware_image.new_key())
    flash = board()
    update = powered(flash)
    begin(update, other)
    transfer(update, other)
    assert (update.state, update.result) == (r.UPDATE_NONE, r.REFUSED_SIGNATURE)
    assert not [name for name in flash.files if name.startswith("b/firmware")]


def test_without_a_key_no_image_is_taken():
    flash = board()
    del flash.files[KEY_FILE]
    update = powered(flash)
    begin(update)
    transfer(update)
    assert update.result == r.REFUSED_NO_KEY


@pytest.mark.parametrize("name", ["../main.py", "firmware/../../main.py", "boot.json", "release.key"])
def test_a_manifest_that_names_files_outside_its_slot_is_refused(name):
    bad = firmware_image.sign({name: b"x"}, KEY)
    update = powered(board())
    begin(update, bad)
    transfer(update, bad)
    assert update.result == r.REFUSED_MANIFEST


def test_a_file_that_is_not_what_the_manifest_says_is_refused():
    update = powered(board())
    begin(update)
    spoiled = firmware_image.Image(NEW.manifest, NEW.signature, tuple((n, d[::-1]) for n, d in NEW.files))
    transfer(update, spoiled)
    assert update.result == r.REFUSED_FILE


def test_a_transfer_goes_on_where_it_broke_off():
    flash = board()
    update = powered(flash)
    begin(update)
    whole = transfer(powered_after(board()), NEW)
    transfer(update, records=whole - 3)
    again = powered(flash)
    begin(again)
    assert transfer(again) < whole / 2
    assert again.state == r.UPDATE_READY


def powered_after(flash):
    update = powered(flash)
    begin(update)
    return update


def test_a_full_flash_is_named():
    flash = board()
    update = powered(flash)
    begin(update)
    work(update)
    update._hal.open_new = full
    transfer(update)
    assert update.result == r.REFUSED_FLASH


def full(_name):
    raise OSError(28)


TROUBLE = st.lists(st.sampled_from(["lost", "no answer", "twice", "old", "short", "ahead", "begin"]), max_size=60)


@settings(max_examples=60, deadline=None)
@given(TROUBLE, st.randoms(use_true_random=False))
def test_whatever_the_bus_does_the_image_arrives_whole(trouble, random):
    flash = board()
    update = powered(flash)
    begin(update)
    earlier = [(r.FILE_MANIFEST, 0, NEW.manifest[:RECORD_BYTES])]
    steps = iter(trouble)
    for _ in range(500):
        work(update)
        if update.state == r.UPDATE_READY:
            break
        record = wanted(update, NEW)
        kind = next(steps, "")
        if kind == "begin":
            begin(update)
        elif kind == "old":
            update.record(*random.choice(earlier))
        elif kind == "ahead":
            file, at, data = record
            assert update.record(file, at + len(data) // 2 + 1, data) != 0
        elif kind == "short" and len(record[2]) > 2:
            assert update.record(record[0], record[1], record[2][: len(record[2]) // 4 * 2]) == 0
        elif kind != "lost":
            update.record(*record)
            earlier.append(record)
            if kind == "twice":
                assert update.record(*record) in (0, BUSY)
    assert update.state == r.UPDATE_READY
    assert loader.is_whole("b", flash.open)
    assert dict(NEW.files) == {name[2:]: flash.files[name] for name in flash.files if name.startswith("b/firmware")}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 6000), min_size=1, max_size=3), st.booleans())
@example([0], True)
def test_a_power_cut_at_any_byte_leaves_a_whole_image_to_start(cuts, activate):
    flash = board()
    for cut in cuts:
        flash.left = cut
        try:
            update = powered(flash, running=start_of(flash))
            begin(update)
            transfer(update)
            if activate and update.state == r.UPDATE_READY:
                update.command([r.DO_ACTIVATE, 0, 0, 0])
                hold_start(update)
        except PowerCut:
            pass
        flash.left = None
        slot = start_of(flash)
        assert slot in ("a", "b")
        assert loader.is_whole(slot, flash.open)
        lasted(flash, slot)


def lasted(flash, slot):
    """The program ran HEALTHY_MS and answered."""
    from firmware.starts import Start

    hal_class = load_hal(flash).Hal
    assert Start(hal_class.__new__(hal_class), slot).step(r.HEALTHY_MS, True)


def test_an_image_that_does_not_last_gives_way_to_the_one_before_at_the_next_start():
    flash = board()
    store(flash, "b", NEW)
    flash.files[loader.RECORD] = json.dumps({"active": "a", "trial": "b"}).encode()
    assert start_of(flash) == "b"
    assert start_of(flash) == "a"
    record = json.loads(flash.files[loader.RECORD])
    assert (record["trial"], record["reverted"]) == ("", "b")


def test_an_image_that_lasted_stays_and_the_one_before_is_kept_for_the_day_it_breaks():
    flash = board()
    store(flash, "b", NEW)
    flash.files[loader.RECORD] = json.dumps({"active": "a", "trial": "b"}).encode()
    lasted(flash, start_of(flash))
    assert [start_of(flash) for _ in range(2)] == ["b", "b"]
    flash.files["b/firmware/main.py"] = b"rotten"
    assert start_of(flash) == "a"


def test_three_starts_that_do_not_last_end_in_the_safe_program_and_a_power_up_tries_again():
    flash = board()
    assert [start_of(flash) for _ in range(5)] == ["a", "a", "a", "safe", "a"]


def test_an_image_never_activated_is_never_started_even_when_the_active_one_is_damaged():
    flash = board()
    update = powered(flash)
    begin(update)
    transfer(update)
    flash.files["a/firmware/main.py"] = b"rotten"
    assert start_of(flash) == "safe"


def test_the_image_under_trial_is_not_overwritten_before_it_lasted():
    flash = board()
    store(flash, "b", NEW)
    flash.files[loader.RECORD] = json.dumps({"active": "a", "trial": "b", "tries": 1}).encode()
    assert begin(powered(flash, running="b")) == BUSY


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["active", "trial", "previous", "tries", "reverted"]),
        st.one_of(st.none(), st.integers(-3, 9), st.sampled_from(["", "a", "b", "safe", "x"])),
    ),
    st.sets(st.sampled_from("ab")),
)
def test_whatever_the_record_says_only_a_whole_image_or_the_safe_program_starts(kept, whole):
    slot = loader.choose(loader.record_from(kept), lambda name: name in whole)
    assert slot == "safe" or slot in whole


def test_records_are_refused_when_no_image_is_expected():
    assert powered(board()).record(1, 0, b"ab") == BAD_ADDRESS
