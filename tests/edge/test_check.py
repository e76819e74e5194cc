"""storeroom check: everything it finds is said in three languages, with the next step."""

from pathlib import Path

import pytest

from edge.check import KEYS, findings
from edge.config import load
from edge.errors import InputRefused
from edge.words import LANGUAGES, spoken

EXAMPLE = (Path(__file__).parents[2] / "edge" / "node.example.toml").read_text("utf-8")


@pytest.fixture
def room(tmp_path):
    (tmp_path / "node.toml").write_text(EXAMPLE.replace("/dev/", f"{tmp_path}/dev/"), "utf-8")
    for folder in ("keys", "data", "dev"):
        (tmp_path / folder).mkdir()
    return tmp_path


def told(room, language="en"):
    return [(finding.good, spoken(language, finding.what)) for finding in findings(room / "node.toml")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_machine_is_told_what_is_missing(room, language):
    bad = [what for good, what in told(room, language) if not good]
    assert len(bad) >= len(KEYS) + 3
    assert all(("：" in what) != (language == "en") for what in bad)


def test_a_key_that_others_can_read_comes_with_the_command_that_mends_it(room):
    key = room / "keys" / "site.key"
    key.write_text("00")
    key.chmod(0o644)
    assert (False, f"key {key}: can be read by others; run chmod 600 {key}") in told(room)
    key.chmod(0o600)
    assert (True, f"key {key}") in told(room)


def test_keys_inside_the_data_directory_are_found(room):
    text = (room / "node.toml").read_text("utf-8").replace('keys_dir = "keys"', 'keys_dir = "data/keys"')
    (room / "node.toml").write_text(text, "utf-8")
    assert any(not good and "lies inside the data directory" in what for good, what in told(room))


def test_a_port_that_is_there_is_good(room):
    (room / "dev" / "ttyAMA0").touch()
    assert (True, f"bus shelving: {room}/dev/ttyAMA0") in told(room)


def test_the_pins_of_door_and_sounder_are_looked_at_and_not_touched(room, monkeypatch):
    monkeypatch.setattr("edge.check.DEV", room / "dev")
    said = "pins of door and sounder 17, 27, 23, 22"
    for library, chip, right, ending in (
        (None, False, 0, ": lgpio is missing; install python3-lgpio and let"),
        ("lgpio", False, 0, ": this machine has no pins"),
        ("lgpio", True, 0, ": this user may not use them"),
        ("lgpio", True, 6, ""),
    ):
        monkeypatch.setattr("edge.check.find_spec", lambda _name, library=library: library)
        monkeypatch.setattr("edge.check.os.access", lambda _path, _how, right=right: bool(right))
        if chip:
            (room / "dev" / "gpiochip0").touch()
        assert any(good == (not ending) and what.startswith(said + ending) for good, what in told(room)), ending


def test_a_room_without_a_counter_camera_or_without_its_library_is_told_what_to_add(room, monkeypatch):
    monkeypatch.setattr("edge.check.find_spec", lambda name: None)
    assert any(not good and "python3-picamera2" in what for good, what in told(room))
    monkeypatch.setattr("edge.check.find_spec", lambda name: name)
    assert (True, "camera counter: 0") in told(room) and not any("counter camera" in what for _, what in told(room))
    (room / "node.toml").write_text(EXAMPLE.replace('sees = "counter"', 'sees = "pages"'), "utf-8")
    assert any(not good and what.startswith("counter camera: is missing") for good, what in told(room))


@pytest.mark.parametrize(("sees", "coarse", "fine"), [("mast", 2.5, 4.7), ("pages", 8.0, 12.5)])
def test_a_camera_too_coarse_for_what_it_sees_is_told_with_what_would_do(room, sees, coarse, fine):
    lens = f'\n[[camera]]\nid = "top"\ndriver = "picamera2"\nsees = "{sees}"\npx_per_mm = {{}}\n'
    for px_per_mm, too_few in ((coarse, True), (fine, False)):
        (room / "node.toml").write_text(EXAMPLE + lens.format(px_per_mm), "utf-8")
        assert any(f"{coarse} pixels a millimetre are too few" in what for _, what in told(room)) == too_few


def test_the_examples_own_document_camera_and_mast_are_a_good_configuration(room):
    lines = EXAMPLE.splitlines()
    first = next(number for number, line in enumerate(lines) if "高拍仪" in line)
    shown = [line.removeprefix("# ") if "=" in line or "[" in line else line for line in lines[first:]]
    (room / "node.toml").write_text("\n".join([*lines[:first], *shown]), "utf-8")
    cameras = load(room / "node.toml").cameras
    assert [(one.sees, one.driver) for one in cameras] == [
        ("counter", "picamera2"),
        ("pages", "v4l2"),
        *[("mast", "v4l2")] * 3,
        ("B1-A-03-R-02", "folder"),
    ]
    assert not any("too few" in what or "before bay" in what for _, what in told(room))


def test_a_camera_before_a_bay_that_the_room_does_not_have_is_told(room):
    camera = '\n[[camera]]\nid = "hung"\ndriver = "folder"\npath = "x"\nsees = "{}"\npx_per_mm = 2\n'
    (room / "node.toml").write_text(EXAMPLE + camera.format("b1-a-99-r-01"), "utf-8")
    assert any(not good and "B1-A-99-R-01" in what for good, what in told(room))
    assert any("pixels a millimetre are too few" in what for _, what in told(room))
    (room / "node.toml").write_text(EXAMPLE + camera.format("the door"), "utf-8")
    with pytest.raises(InputRefused, match="camera"):
        load(room / "node.toml")
