"""``storeroom read`` as a person types it."""

import contextlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from tests import needs
from tests.edge.vision.test_pdf_pages import LOCKED
from tests.edge.vision.test_pictures import header_of


def read(*arguments) -> subprocess.CompletedProcess:
    environment = {**os.environ, "STOREROOM_LANG": "en"}
    command = [sys.executable, "-m", "edge.cli", "read", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=110, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder as people have them: two labels, one in a folder below, and files that are no pictures or broken."""
    font = ImageFont.truetype(str(needs.cjk_font()), 40)
    root = tmp_path_factory.mktemp("scans")
    (root / "below").mkdir()
    for name, lines in (
        ("1.jpg", ("档号 Z109-WS·2011-Y-BGS-0001", "盒号 0012")),
        ("below/2.png", ("B1-A-03-R-02-4-07",)),
    ):
        picture = Image.new("RGB", (900, 300), (244, 240, 228))
        for row, text in enumerate(lines):
            ImageDraw.Draw(picture).text((60, 60 + 90 * row), text, font=font, fill=(20, 20, 20))
        picture.save(root / name)
    (root / "below" / "cut.jpg").write_bytes((root / "1.jpg").read_bytes()[:4000])
    (root / "empty.png").write_bytes(b"")
    (root / "letter.tif").write_text("no picture")
    grey = Image.new("L", (60, 40), 128)
    grey.save(root / "moving.gif", save_all=True, append_images=[grey.point(lambda value: value // 2)])
    (root / "locked.pdf").write_bytes(LOCKED)
    (root / "vast.png").write_bytes(header_of(20_000, 10_000))
    cmyk = Image.new("CMYK", (60, 40), (0, 0, 0, 90))
    exif = Image.Exif()
    exif[0x0112] = 6
    cmyk.save(root / "zz turned.jpg", exif=exif)
    (root / "notes.txt").write_text("not looked at")
    return root


def test_on_a_terminal_a_bar_counts_the_files_and_every_line_told_has_its_own(tmp_path):
    for name in ("1.jpg", "2.jpg", "3.jpg"):
        (tmp_path / name).write_bytes(b"")
    ours, its = os.openpty()
    command = [sys.executable, "-m", "edge.cli", "read", str(tmp_path)]
    environment = {**os.environ, "STOREROOM_LANG": "en", "COLUMNS": "80"}
    running = subprocess.Popen(command, stdin=its, stdout=its, stderr=its, env=environment)
    os.close(its)
    shown = b""
    with contextlib.suppress(OSError):  # the terminal of a program that has ended
        while part := os.read(ours, 4096):
            shown += part
    os.close(ours)
    assert running.wait(60) == 1
    assert re.findall(rb"\s(\d)/3", shown) == [b"0", b"1", b"2", b"3"]
    assert shown.count(b"\r\x1b[Kstoreroom: ") == 3, "the bar's line is cleared before each"


def test_a_folder_is_read_to_its_end_and_every_bad_file_is_named(folder):
    done = read(folder, "--json")
    assert done.returncode == 1
    two, one, turned = json.loads(done.stdout)
    assert [Path(page["file"]).name for page in (two, one, turned)] == ["1.jpg", "2.png", "zz turned.jpg"]
    assert (turned["width"], turned["height"], turned["regions"]) == (40, 60, [])
    assert [number["key"] for number in two["archive_numbers"]] == ["Z109/WS/2011/Y/BGS//1"]
    assert (two["boxes"], one["slots"]) == (["0012"], ["B1-A-03-R-02-4-07"])
    assert all(len(region["quad"]) == 4 and 0 < region["confidence"] <= 1 for region in two["regions"])
    complaints = done.stderr.splitlines()
    for name, words in (
        *(("below/cut.jpg", "damaged"), ("empty.png", "empty"), ("letter.tif", "not a picture")),
        *(("moving.gif", "animation"), ("locked.pdf", "password"), ("vast.png", "too large")),
    ):
        assert any(name in line and words in line for line in complaints), (name, done.stderr)
    assert len(complaints) == 6, done.stderr


def test_for_a_person_lines_come_with_confidence_and_place_and_what_they_name(folder):
    done = read(folder / "1.jpg")
    assert done.returncode == 0 and done.stderr == ""
    assert "Z109-WS·2011-Y-BGS-0001" in done.stdout.splitlines()[1]
    assert "archive numbers: Z109-WS·2011-Y-BGS-0001" in done.stdout and "box numbers: 0012" in done.stdout


def test_a_folder_without_pictures_and_a_name_that_is_not_there_say_so(tmp_path):
    nothing = read(tmp_path)
    assert nothing.returncode == 2 and "no pictures there" in nothing.stderr
    gone = read(tmp_path / "gone.jpg")
    assert gone.returncode == 1 and "gone.jpg" in gone.stderr and "Traceback" not in gone.stderr
