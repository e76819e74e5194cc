"""The reading figures count what a person would count, over pictures that are the same every time."""

import json

import pytest

from edge.vision.pictures import frame
from edge.vision.reader import Reader
from models.scenes.fonts import FONTS
from models.scenes.labels import LEVELS, labels
from models.scoring import errors, lost, plain
from tests import needs
from tests.benchmarks.reading import measure


@pytest.mark.parametrize(
    ("truth", "read", "wrong"),
    [(("盒号 0012",), ["盒号：0012"], 1), (("A—1", "乙"), ["A-1乙"], 0), (("甲乙",), [], 2), (("甲",), ["甲乙丙"], 2)],
)
def test_errors_are_counted_without_blanks_line_breaks_and_kinds_of_dash(truth, read, wrong):
    assert errors(truth, read) == wrong


def test_a_line_of_a_picture_without_an_order_is_looked_for_wherever_it_was_read():
    read = ["甲乙丙丁", "戊己", "庚"]
    assert [lost(line, read) for line in ("戊己", "乙丙", "己庚", "乙X丁", "壬癸")] == [0, 0, 0, 1, 2]


@pytest.fixture
def fonts():
    needs.needed(FONTS, "needs the Noto CJK fonts: sudo apt install fonts-noto-cjk")


@pytest.mark.parametrize("level", LEVELS)
def test_labels_are_drawn_alike_every_time_and_read_within_their_bounds(fonts, level):
    """A regression test: a network, a threshold or a crop that got worse shows here first."""
    drawn, again = list(labels(3, level, seed=11)), list(labels(3, level, seed=11))
    assert [one.lines for one in drawn] == [one.lines for one in again]
    reader = Reader(threads=1)
    wrong = sum(errors(one.lines, [region.text for region in reader.read(frame(one.jpeg))]) for one in drawn)
    written = sum(len(plain("".join(one.lines))) for one in drawn)
    assert wrong <= {"scan": 0.005, "camera": 0.01, "hard": 0.03}[level] * written


def test_a_reader_that_is_not_there_is_a_sentence_and_the_next_run_goes_on_where_the_last_ended(
    fonts, tmp_path, monkeypatch
):
    monkeypatch.delenv("STOREROOM_RAPIDOCR", raising=False)
    monkeypatch.setattr("tests.benchmarks.side_by_side.shutil.which", lambda _name: None)
    monkeypatch.setattr("tests.benchmarks.reading.A_ROUND", 1)
    kept = tmp_path / "reading.json"
    measure(tmp_path, seconds=0, kept=kept)
    figures = {figure.name: figure for figure in measure(tmp_path, seconds=0, kept=kept)}
    assert "STOREROOM_RAPIDOCR" in figures["labels: rapidocr"].note
    assert figures["labels: storeroom, a picture, median"].n == 2 * len(LEVELS)
    assert json.loads(kept.read_text("utf-8"))["labels"]["readers"]["storeroom"]["rounds"] == 2
