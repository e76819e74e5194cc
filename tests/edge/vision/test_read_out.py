"""CTC read-out and the seams of long lines."""

import numpy as np
import pytest

from edge.vision.recognise import Line, Sign, _joined, _with_dots, read_out

SIGNS = ["", "甲", "乙", " "]


def steps(*best, sure=0.9):
    out = np.full((len(best), 4), (1 - sure) / 3, np.float32)
    out[np.arange(len(best)), best] = sure
    return out


def test_repetitions_count_once_and_a_blank_between_them_makes_two():
    assert [sign.text for sign in read_out(steps(0, 1, 1, 0, 1, 2, 2, 0), SIGNS)] == ["甲", "甲", "乙"]
    assert read_out(steps(0, 0, 0), SIGNS) == []
    assert [sign.text for sign in read_out(steps(1), SIGNS)] == ["甲"]


def test_a_sign_knows_where_it_stands_and_how_sure_it_is():
    (sign,) = read_out(steps(0, 0, 2, 2, 0), SIGNS)
    assert (sign.text, sign.at_px) == ("乙", 24.0) and sign.sure == pytest.approx(0.9)


def test_confidence_is_the_mean_and_weakest_the_least():
    line = Line((Sign("甲", 0, 1.0), Sign("乙", 8, 0.5)), "tiny")
    assert (line.text, line.confidence, line.weakest) == ("甲乙", 0.75, 0.5)
    assert (Line((), "tiny").confidence, Line((), "tiny").weakest) == (0.0, 0.0)


def test_a_sign_on_the_seam_is_kept_once_and_two_alike_are_kept_both():
    before, after = [Sign("甲", 80, 1), Sign("乙", 98, 1)], [Sign("乙", 104, 1), Sign("甲", 140, 1)]
    assert "".join(sign.text for sign in _joined(before, after, 100)) == "甲乙甲"
    twins = _joined([Sign("甲", 60, 1)], [Sign("甲", 104, 1)], 100)
    assert "".join(sign.text for sign in twins) == "甲甲"


def line(text, by="small"):
    return Line(tuple(Sign(sign, 8 * at, 0.9) for at, sign in enumerate(text)), by)


def test_a_dash_becomes_a_middle_dot_where_the_other_network_sees_one_and_nothing_else_changes():
    surer = line("Z109 -WS-2011")
    assert _with_dots(surer, line("Z1O9-WS·2O11")).text == "Z109 -WS·2011"
    assert _with_dots(line("WS·2011"), line("WS-2011")).text == "WS·2011"
    assert _with_dots(surer, line("Z109-WS·201")) is surer  # another length: which sign is which is not known
    assert _with_dots(surer, line("Z109-WS·2011")).by == "small"
