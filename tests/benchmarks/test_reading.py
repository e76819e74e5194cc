"""The reading figures count what a person would count, over pictures that are the same every time."""

import pytest

from edge.vision.pictures import frame
from edge.vision.reader import Reader
from tests import needs
from tests.benchmarks.drawn_labels import FONTS, LEVELS, labels
from tests.benchmarks.reading import errors, measure, plain


@pytest.mark.parametrize(
    ("truth", "read", "wrong"),
    [(("盒号 0012",), ["盒号：0012"], 1), (("A—1", "乙"), ["A-1乙"], 0), (("甲乙",), [], 2), (("甲",), ["甲乙丙"], 2)],
)
def test_errors_are_counted_without_blanks_line_breaks_and_kinds_of_dash(truth, read, wrong):
    assert errors(truth, read) == wrong


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


def test_a_reader_that_is_not_there_is_a_sentence_and_not_a_failure(fonts, tmp_path, monkeypatch):
    monkeypatch.delenv("STOREROOM_RAPIDOCR", raising=False)
    figures = measure(tmp_path, count=1)
    (skipped,) = [figure for figure in figures if figure.name.startswith("rapidocr")]
    assert "STOREROOM_RAPIDOCR" in skipped.note
    assert any(figure.name == "storeroom: a picture, median" and figure.value > 0 for figure in figures)
