from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.domain.dates import parse, year_of


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("19990909", "19990909"),
        ("1999.9.9", "19990909"),
        ("1999-09-09", "19990909"),
        ("1999/9/9 00:00:00", "19990909"),
        ("1999年9月9日", "19990909"),
        ("１９９９年９月", "19990900"),
        ("1999", "19990000"),
        ("20110000", "20110000"),
        ("20110300", "20110300"),
        ("2016-00-00", "20160000"),
        ("一九九九年十二月三十一日", "19991231"),
        ("二○○八年五月", "20080500"),
        ("民国三十六年", "19470000"),
        ("中華民國36年5月1號", "19470501"),
        ("1860, 17 Dec.", "18601217"),
        ("9 Dec.1886", "18861209"),
        ("8 April.1908.", "19080408"),
        ("1853, Apl.", "18530400"),
        ("Dec 5, 1900", "19001205"),
        ("March 1962", "19620300"),
        ("20000229", "20000229"),
        ("", ""),
    ],
)
def test_dates_are_read_as_people_write_them(text: str, digits: str) -> None:
    read = parse(text)
    assert (read.digits, read.note) == (digits, "")


@pytest.mark.parametrize(
    "text", ["20188927", "2019000", "19000229", "20110031", "Aug.", "hello", "99999999", "1999年13月"]
)
def test_a_day_that_does_not_exist_is_not_read(text: str) -> None:
    read = parse(text)
    assert (read.digits, read.note) == ("", "date_unreadable")


@pytest.mark.parametrize(
    ("text", "digits", "note"),
    [
        ("[1999.9]", "19990900", "date_supplied"),
        ("ca. 1967", "19670000", "date_supplied"),
        ("n.d.", "", "date_unknown"),
        ("19990101-19991231", "19990101", "date_range"),
        ("1999.9.9-1999.10.1", "19990909", "date_range"),
        ("1902/1976", "19020000", "date_range"),
        ("1999年9月至1999年12月", "19990900", "date_range"),
    ],
)
def test_what_was_done_to_a_date_is_said(text: str, digits: str, note: str) -> None:
    read = parse(text)
    assert (read.digits, read.note) == (digits, note)


def test_five_digits_are_a_day_count_only_where_the_cell_was_a_number() -> None:
    assert parse("36412", serial=True).digits == "19990909"
    assert parse("36412").digits == ""


def test_the_year_of_no_date_is_no_year() -> None:
    assert year_of("") is None and year_of("19990000") == 1999


@settings(max_examples=200, deadline=None)
@given(st.dates(max_value=date(2999, 12, 31)))
def test_every_day_survives_in_every_usual_form(day: date) -> None:
    digits = f"{day.year:04d}{day.month:02d}{day.day:02d}"
    expected = digits if day.year >= 1000 else ""
    for text in (digits, f"{day.year:04d}.{day.month}.{day.day}", f"{day.year:04d}年{day.month}月{day.day}日"):
        assert parse(text).digits == expected


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    read = parse(text)
    assert read.digits == "" or len(read.digits) == 8
