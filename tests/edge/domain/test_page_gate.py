"""What speaks against a page's picture, and which pages are missing."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.domain.page_gate import Wanted, complaints, dpi_of, missing, number_skipped, printed_number
from edge.domain.page_records import Line, as_read, carried_over, confidence_of, text_of
from edge.domain.page_seen import PageLine
from edge.errors import InputRefused
from tests.edge.page_desk import GOOD

A4 = Wanted()


def codes(written=True, wanted=A4, **measured):
    return [one.code for one in complaints(replace(GOOD, **measured), written, wanted)]


def test_a_good_page_passes_and_each_fault_is_named():
    assert codes() == []
    assert codes(found="nothing") == ["no_sheet"]
    assert codes(cut_off=True) == codes(cut_off=True, long_px=2400) == ["cut_off"]
    assert codes(short_px=1700, long_px=2400) == ["coarse"]
    assert codes(paper=40) == ["dark"]
    assert codes(contrast=12) == ["faint"]
    assert codes(edge_px=6.0) == ["blurred"]
    assert codes(glare_pm=14) == ["glare"]
    assert codes(slope_cdeg=-420) == ["askew"]
    assert codes(written=False) == ["blank"]
    assert codes(glare_pm=14, edge_px=6.0) == ["blurred", "glare"]


def test_resolution_is_judged_against_the_paper_and_blur_in_millimetres():
    assert dpi_of(GOOD, "A4") == 302
    assert dpi_of(GOOD, "A3") == 213
    assert codes(wanted=Wanted("A3", 300)) == ["coarse"]
    assert codes(wanted=Wanted("A3", 200)) == []
    assert codes(edge_px=6.0, short_px=5000, long_px=7060, wanted=Wanted("A4", 600)) == []
    for wrong in ({"paper": "A9"}, {"dpi": 250}):
        with pytest.raises(InputRefused):
            Wanted(**wrong)


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        (["关于", "— 12 —"], 12),
        (["第3页", "正文"], 3),
        (["·7·"], 7),
        (["2011年"], None),
        (["正文", "0"], None),
        ([], None),
        (["12"], 12),
    ],
)
def test_a_page_number_stands_alone_in_the_first_or_last_line(lines, number):
    assert printed_number(lines) == number


def test_gaps_are_named_against_the_catalogue_or_the_highest_page():
    assert missing([1, 2, 4], None) == [3]
    assert missing([1, 2], 4) == [3, 4]
    assert missing([], None) == []
    assert number_skipped(3, 5).params == {"before": 3, "printed": 5}
    assert [number_skipped(*pair) for pair in ((3, 4), (3, 3), (None, 5), (9, 1))] == [None] * 4


def line(text, state="sure", said=None, number=1):
    return Line(number, ((0, 0), (9, 0), (9, 9), (0, 9)), text, said or text, 0.9, 0.8, state)


def test_a_persons_words_stay_when_the_page_is_read_again():
    before = [line("关于房屋修善的请示", "corrected", "关于房屋修缮的请示"), line("二〇一一年", "sure")]
    same, lost = carried_over(before, [line("关于房屋修善的请示"), line("二〇一一年")])
    assert (same[0].text, same[0].state, lost) == ("关于房屋修缮的请示", "corrected", [])
    other, _ = carried_over(before, [line("关于房屋修普的请示")])
    assert (other[0].text, other[0].read_text, other[0].state) == ("关于房屋修缮的请示", "关于房屋修普的请示", "unsure")
    assert carried_over(before, [line("另外一页的内容")])[1] == [before[0]]


@given(st.lists(st.text("甲乙丙丁戊", max_size=6), max_size=6))
def test_no_correction_is_lost_without_being_told(texts):
    before = [line(text, "corrected", text + "己", number) for number, text in enumerate(texts, 1)]
    kept, lost = carried_over(before, [line(text, number=number) for number, text in enumerate(texts, 1)])
    assert sorted(one.text for one in before) == sorted(
        [one.text for one in kept if one.text.endswith("己")] + [one.text for one in lost]
    )


def test_doubtful_lines_ask_a_person_and_confidence_counts_signs():
    quad = ((0, 0), (9, 0), (9, 9), (0, 9))
    lines = as_read(
        [PageLine("甲乙丙", 0.98, 0.95, quad), PageLine("丁", 0.9, 0.4, quad), PageLine("戊", 0.6, 0.6, quad)],
        2026,
    )
    assert [one.state for one in lines] == ["sure", "unsure", "unsure"]
    assert text_of(lines) == "甲乙丙\n丁\n戊"
    assert confidence_of(lines) == pytest.approx((3 * 0.98 + 0.9 + 0.6) / 5)
    assert confidence_of([]) == 0.0


def test_a_year_that_cannot_be_is_asked_about_however_sure_the_networks_are():
    quad = ((0, 0), (9, 0), (9, 9), (0, 9))
    said = [PageLine(text, 0.99, 0.98, quad) for text in ("二〇一一年五月", "二一一年五月", "二〇一年五月")]
    assert [one.state for one in as_read(said, 2026)] == ["sure", "unsure", "unsure"]
