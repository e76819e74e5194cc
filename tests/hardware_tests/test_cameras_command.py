"""storeroom-bench cameras: what a technician sees of each camera before the node has it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image, ImageDraw

from edge.words import LANGUAGES
from hardware_tests.cli import cli
from tests.edge.vision import pi_library

EXAMPLE = (Path(__file__).parents[2] / "edge" / "node.example.toml").read_text("utf-8")


def looked_through(tmp_path, text, *options):
    (tmp_path / "node.toml").write_text(text, "utf-8")
    return CliRunner().invoke(cli, ["cameras", "--config", str(tmp_path / "node.toml"), *options])


@pytest.fixture
def folder(tmp_path):
    """The example with a camera that is a folder, and what lies in it."""

    def lay(shade):
        sheet = Image.new("L", (400, 300), shade)
        ImageDraw.Draw(sheet).text((40, 40), "A001-WS", fill=shade // 3, font_size=40)
        sheet.save(tmp_path / "one.jpg")
        return EXAMPLE.replace('driver = "picamera2"', f'driver = "folder"\npath = "{tmp_path}"')

    return lay


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_good_frame_is_measured_and_a_dark_one_is_told_in_words(tmp_path, folder, language):
    good = looked_through(tmp_path, folder(200), "--language", language, "--save", str(tmp_path / "frames"))
    assert good.exit_code == 0 and good.output.startswith("✓ counter") and "400 × 300" in good.output
    assert (tmp_path / "frames" / "counter.jpg").read_bytes() == (tmp_path / "one.jpg").read_bytes()
    dark = looked_through(tmp_path, folder(12), "--language", language)
    assert dark.exit_code == 1 and dark.output.startswith("✗ counter") and len(dark.output.splitlines()) == 2


def test_the_pis_camera_tells_how_it_took_the_frame_and_what_can_be_set(tmp_path, monkeypatch):
    library = pi_library.install(monkeypatch)
    told = looked_through(tmp_path, EXAMPLE, "--json", "--camera", "counter")
    (one,) = json.loads(told.output)
    assert one["metadata"]["ExposureTime"] == 20_000 and one["controls"]["LensPosition"] == [0.0, 15.0, 1.0]
    assert not library.opened[0].is_open, "the node can have it now"


def test_a_camera_that_is_not_there_and_a_configuration_with_a_mistake_are_sentences(tmp_path):
    silent = looked_through(tmp_path, EXAMPLE.replace('driver = "picamera2"', 'driver = "socket"\npath = "/nowhere"'))
    assert silent.exit_code == 1 and "counter:" in silent.output and "Traceback" not in silent.output
    wrong = looked_through(tmp_path, EXAMPLE.replace("# [camera.controls]", "[camera.controls]\nAfMood = 1"))
    assert wrong.exit_code == 1 and "camera.controls.AfMood" in wrong.output
    assert looked_through(tmp_path, EXAMPLE, "--camera", "attic").exit_code == 2
