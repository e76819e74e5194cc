"""Every dirty variant of numbers, document numbers, dates and pages that was met in the wild, one test each."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.domain import dates, doc_numbers
from edge.domain.archive_numbers import CATEGORIES, key_of, parse
from edge.domain.intake import Judged, judge


def row(**values: str) -> Judged:
    return judge(1, "row 1", {"title": "关于会议的通知", **values}, fonds_no="1031")


@pytest.mark.parametrize(
    ("met", "clean"),
    [
        ("1031-WS ·2006-Y-001", "1031-WS·2006-Y-0001"),  # a stray blank, not padded
        ("1031-ws·2006-y-0001", "1031-WS·2006-Y-0001"),
        ("1001-WS-2013-D30-1", "1001-WS·2013-D30-0001"),  # the dot was lost
        ("1001-WS-2013-D30-BGS-1", "1001-WS·2013-D30-BGS-0001"),
        ("001-WS·2017-D10-BGS0005", "001-WS·2017-D10-BGS-0005"),  # no dash before the number
        ("001-WS2017-D10-BGS0006", "001-WS·2017-D10-BGS-0006"),  # no dot either
        ("Z081-WS·2022-永久-举报情况说明-0001", "Z081-WS·2022·Y·举报情况说明-1"),
        ("Z109-WS•2011-Y-0001", "Z109-WS·2011-Y-0001"),
        ("Z109-WS・2011-Y-0001", "Z109-WS·2011-Y-0001"),
        ("Z109-WS･2011-Y-0001", "Z109-WS·2011-Y-0001"),
        ("Z109-WS.2011-Y-0001", "Z109-WS·2011-Y-0001"),
        ("Z109-WS.2011.Y.办公室-0001", "Z109-WS·2011·Y·办公室-0001"),
        ("Z109—WS·2011—Y—0001", "Z109-WS·2011-Y-0001"),
        ("Z109－WS·2011－Y－0001", "Z109-WS·2011-Y-0001"),
        ("Ｚ１０９-ＷＳ·２０１１-Y-０００１", "Z109-WS·2011-Y-0001"),
        ("kh0001", "KH0001"),
        ("KH00012", "KH0012"),
    ],
)
def test_a_dirty_writing_meets_the_clean_one_and_says_what_was_mended(met: str, clean: str) -> None:
    read = parse(met)
    assert read.rule != "foreign" and read.key == key_of(clean)
    assert read.written == met
    assert read.mended or met == "KH00012"


@pytest.mark.parametrize(
    "allowed",
    [
        "J012-WS·2024-Y-0003",
        "ZT40-WS·2023-Y-B-0001",
        "5134-SW-Y-0001",
        "8200-ZY·SJ·2025-D30-0001",
        "3100-KU·01·01·2025-D30-0001",
        "8136-KJ·JJ·001-0001",
        "Z109-WS·2011-Y-10000",
    ],
)
def test_the_forms_that_sites_use_are_read_without_mending(allowed: str) -> None:
    read = parse(allowed)
    assert read.rule == "item" and read.mended == ()


@pytest.mark.parametrize(
    "met", ["1012-s·1980-Y-11", "1001-IS-2013-D30-1", "1012-W5·1980-Y-11", "0094-2021-Y-1", "KH0000", "ZZ0001"]
)
def test_what_ocr_broke_is_refused_with_its_reason_and_never_guessed(met: str) -> None:
    read = parse(met)
    assert read.rule == "foreign" and read.why in ("number_category_unknown", "number_shape_unknown")


def test_a_site_brings_its_own_case_series_and_category_codes() -> None:
    assert parse("ZZ0001").rule == "foreign"
    assert parse("ZZ0001", series=("KH", "ZZ")).key == "ZZ0001"
    assert parse("1001-IS-2013-D30-1", CATEGORIES | {"IS"}).key == parse("1001-IS·2013-D30-1", CATEGORIES | {"IS"}).key


def test_a_case_series_widens_after_9999_and_a_piece_shows_its_case() -> None:
    assert parse("KH10000").key == "KH10000" != parse("KH1000").key
    piece = parse("kh0012-03")
    assert (piece.classes, piece.file_no, piece.item_no, piece.key) == (("KH",), 12, 3, "KH0012-3")


@pytest.mark.parametrize(
    ("met", "clean"),
    [
        ("安工字【2013】1号", "安工字〔2013〕1号"),
        ("吉工民字[2010].2号", "吉工民字〔2010〕2号"),
        ("赣工（【2009】39号", "赣工〔2009〕39号"),
        ("安工字(2013)1号", "安工字〔2013〕1号"),
    ],
)
def test_the_brackets_of_a_document_number_are_mended_and_said(met: str, clean: str) -> None:
    assert doc_numbers.mended(met) == clean
    read = row(ref_code="1031-WS·2006-Y-0001", doc_no=met)
    assert read.item is not None and read.item.doc_no == clean
    assert ("doc_no_brackets", {"written": met}) in read.notes


@pytest.mark.parametrize("legal", ["20110000", "20110300"])
def test_zeros_stand_for_an_unknown_month_or_day(legal: str) -> None:
    assert dates.parse(legal) == dates.ReadDate(legal)


@pytest.mark.parametrize("illegal", ["20188927", "2019000", "20110031", "20190230"])
def test_a_day_that_does_not_exist_is_kept_as_written_and_said(illegal: str) -> None:
    assert dates.parse(illegal).note == "date_unreadable"


def test_pages_as_a_range_are_counted_and_an_unclosed_title_mark_is_said() -> None:
    read = row(ref_code="1031-WS·2006-Y-0001", pages="12-24", title="关于《条例的通知")
    assert read.item is not None and read.item.pages == 13
    assert [code for code, _ in read.notes] == ["title_mark_unclosed", "pages_range"]


@pytest.mark.parametrize(
    ("written", "level"), [("核心商密", "secret"), ("普通商密", "confidential"), ("普通商密★10年", "confidential")]
)
def test_business_secrets_are_secret_levels(written: str, level: str) -> None:
    read = row(ref_code="1031-WS·2006-Y-0001", secret_level=written)
    assert read.item is not None and read.item.secret_level == level


@settings(max_examples=120, deadline=None)
@given(
    st.from_regex(r"[A-Z][0-9]{3}", fullmatch=True),
    st.sampled_from(sorted(CATEGORIES)),
    st.integers(1900, 2099),
    st.sampled_from(["Y", "D30", "D10"]),
    st.sampled_from(["", "BGS", "办公室"]),
    st.integers(1, 99_999),
    st.sampled_from("·•・･."),
    st.sampled_from("-—－"),
    st.sampled_from(["", " "]),
)
def test_both_generations_of_one_item_meet_in_any_joiners(
    fonds: str, category: str, year: int, retention: str, org: str, item_no: int, dot: str, dash: str, blank: str
) -> None:
    of_2015 = dash.join([fonds, f"{category}{blank}{dot}{year}", retention, *([org] if org else []), str(item_no)])
    of_2022 = dash.join([fonds, dot.join([category, str(year), retention, *([org] if org else [])]), f"{item_no:04d}"])
    assert key_of(of_2015) == key_of(of_2022)
