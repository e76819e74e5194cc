"""node.toml: read whole, or refused whole with every problem and its line."""

from pathlib import Path

import pytest

from edge.config import load
from edge.errors import InputRefused
from edge.words import LANGUAGES, say

DEMO_TOML = (Path(__file__).parents[2] / "edge" / "node.example.toml").read_text("utf-8")


def write(tmp_path, text):
    path = tmp_path / "node.toml"
    path.write_text(text, "utf-8")
    return path


def problems_of(tmp_path, text, language="en"):
    with pytest.raises(InputRefused) as refused:
        load(write(tmp_path, text))
    assert refused.value.code == "config_problems"
    return say(language, "error.config_problems", **refused.value.params)


def line_of(text, part):
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def test_the_demo_block_has_eight_carriages_nine_aisles_and_room_for_one_aisle(tmp_path):
    config = load(write(tmp_path, DEMO_TOML))
    assert [column.address for column in config.block.columns] == [None, 2, 3, 4, 5, 6, 7, 8, 9]
    assert config.block.aisles == (1, 2, 3, 4, 5, 6, 7, 8, 9)
    assert config.block.free_mm == 900
    assert config.node.data_dir == tmp_path / "data"


def test_an_unknown_key_is_named_with_its_line(tmp_path):
    text = DEMO_TOML.replace("[panel]\nport = 8080", "[panel]\nprot = 8080")
    assert f"line {line_of(text, 'prot')}: panel.prot: unknown key" in problems_of(tmp_path, text)


def test_all_problems_are_reported_together(tmp_path):
    text = DEMO_TOML.replace("baud = 115200", "baud = 1200").replace("levels = 6", "levels = 60")
    found = problems_of(tmp_path, text.replace('name = "一号库房"\n', ""))
    assert "bus.baud: “1200” is none of" in found
    assert "block.levels: 60 is outside 1–12" in found
    assert f"line {line_of(text, '[node]')}: node.name: missing" in found


def test_two_devices_on_one_address_are_refused_at_the_second_one(tmp_path):
    text = DEMO_TOML.replace("address = 22", "address = 5")
    line = line_of(text, 'place = "inner"') - 2
    assert f"line {line}: sensors.address: address 5 is also that of column 5" in problems_of(tmp_path, text)


def test_a_port_out_of_range_and_a_bus_that_nobody_has_are_refused(tmp_path):
    assert "panel.port: 80800 is outside 1–65535" in problems_of(tmp_path, DEMO_TOML.replace("8080", "80800"))
    text = DEMO_TOML.replace('bus = "shelving"\nrail', 'bus = "shelf"\nrail')
    assert "block.bus: no [[bus]] has the id “shelf”" in problems_of(tmp_path, text)


def test_a_rail_without_room_for_an_aisle_is_refused(tmp_path):
    text = DEMO_TOML.replace("rail_mm = 6950", "rail_mm = 6500")
    assert "columns leave 450 mm, an aisle needs 900 mm" in problems_of(tmp_path, text)


def test_rule_6_two_aisles_stand_open_only_where_the_installer_says_so_and_the_free_rail_is_two(tmp_path):
    wide = DEMO_TOML.replace("rail_mm = 6950", "rail_mm = 7850")
    assert "a gap of 900 mm stays that a person fits into" in problems_of(tmp_path, wide)
    two = wide.replace("rail_mm = 7850", "rail_mm = 7850\nopen_aisles = 2")
    assert load(write(tmp_path, two)).block.open_aisles == 2
    assert load(write(tmp_path, wide.replace("aisle_mm = 900", "aisle_mm = 1800"))).block.open_aisles == 1
    assert "too little for two aisles" in problems_of(tmp_path, two.replace("7850", "7700"))
    assert load(write(tmp_path, DEMO_TOML.replace("rail_mm = 6950", "rail_mm = 7130"))).block.open_aisles == 1


def test_a_file_that_is_not_toml_or_not_there_says_so(tmp_path):
    with pytest.raises(InputRefused) as refused:
        load(write(tmp_path, "[node\nid = 1"))
    assert refused.value.code == "config_not_toml"
    with pytest.raises(InputRefused) as refused:
        load(tmp_path / "nowhere.toml")
    assert refused.value.code == "config_missing"
    with pytest.raises(InputRefused) as refused:
        load(tmp_path)
    assert refused.value.code == "config_unreadable"


def test_a_time_zone_that_does_not_exist_is_refused(tmp_path):
    assert "“Mars/Base” is no time zone" in problems_of(tmp_path, DEMO_TOML.replace("Asia/Shanghai", "Mars/Base"))


WRONG = (
    DEMO_TOML.replace('name = "一号库房"\n', ""),
    DEMO_TOML.replace("[panel]\nport = 8080", "[panel]\nprot = 8080"),
    DEMO_TOML.replace('id = "room-1"', 'id = "Room 1"'),
    DEMO_TOML.replace("baud = 115200", "baud = 1200").replace("levels = 6", "levels = 60"),
    DEMO_TOML.replace("levels = 6", 'levels = "6"').replace('area = "B1-A"', "area = 1"),
    DEMO_TOML.replace("fixed = true", 'fixed = "yes"'),
    DEMO_TOML.replace("[panel]\nport = 8080", "").replace("[node]", "panel = 1\n[node]", 1),
    DEMO_TOML.replace("[[camera]]", "[camera]"),
    DEMO_TOML.replace("Asia/Shanghai", "Mars/Base"),
    DEMO_TOML.replace('bus = "shelving"', 'bus = "shelf"'),
    DEMO_TOML.replace("address = 22", "address = 21").replace("no = 9", "no = 10"),
    DEMO_TOML.replace("rail_mm = 6950", "rail_mm = 6500"),
    DEMO_TOML.replace("rail_mm = 6950", "rail_mm = 7850"),
    DEMO_TOML.replace("rail_mm = 6950", "rail_mm = 6950\nopen_aisles = 2"),
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", WRONG)
def test_every_problem_is_told_in_the_readers_language(tmp_path, text, language):
    told = problems_of(tmp_path, text, language)
    assert ("line" if language == "en" else "行") in told.splitlines()[1]


def test_a_hand_cranked_block_needs_no_bus_and_no_boards(tmp_path):
    text = DEMO_TOML.replace('area = "B1-A"\nbus = "shelving"\n', 'area = "B1-A"\ndrive = "crank"\n')
    for address in range(2, 10):
        text = text.replace(f"width_mm = 700\naddress = {address}\n", "width_mm = 700\n")
    config = load(write(tmp_path, text))
    assert (config.block.drive, config.block_bus) == ("crank", "")
    assert {column.address for column in config.block.columns} == {None}
    lit = text.replace("no = 3\nwidth_mm = 700\n", "no = 3\nwidth_mm = 700\naddress = 3\n")
    assert "block.bus" in problems_of(tmp_path, lit), "a column with lights hangs on a bus"


CONTROLS = """
[[camera]]
id = "pages"
driver = "picamera2"
sees = "pages"
[camera.controls]
AfMode = "Manual"
LensPosition = 3
AeEnable = false
ExposureTime = 10000
AnalogueGain = 2.5
ColourGains = [1.5, 2]
ScalerCrop = [0, 0, 4608, 2592]
"""


def test_a_cameras_focus_exposure_and_crop_are_set_by_libcameras_names(tmp_path):
    camera = load(write(tmp_path, DEMO_TOML + CONTROLS)).cameras[-1]
    assert camera.controls == {
        "AfMode": "Manual",
        "LensPosition": 3.0,
        "AeEnable": False,
        "ExposureTime": 10000,
        "AnalogueGain": 2.5,
        "ColourGains": (1.5, 2),
        "ScalerCrop": (0, 0, 4608, 2592),
    }


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        ("AfMode", "AfMood", "no camera control has this name; known are AeEnable"),
        ('"Manual"', '"Nearby"', "“Nearby” is none of Manual, Auto, Continuous"),
        ('"Manual"', '"Auto"', 'a lens position holds only with AfMode = "Manual"'),
        ("AeEnable = false\n", "", "a fixed exposure or gain needs AeEnable = false"),
        ("2.5", "900.0", "900.0 is outside 1.0–64.0"),
        ("[0, 0, 4608, 2592]", "[0, 0, 4608]", "is not a list of 4 numbers within 0–100000"),
        ('"picamera2"', '"v4l2"', "controls are for picamera2 cameras only, this one is v4l2"),
    ],
)
def test_a_control_that_nobody_knows_or_that_would_do_nothing_is_refused_at_the_start(tmp_path, good, bad, said):
    assert said in problems_of(tmp_path, DEMO_TOML + CONTROLS.replace(good, bad, 1))
