import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.domain import archive_numbers
from edge.domain.archive_numbers import compose, key_of, key_within, order_key, order_ranges, parse, retention_code


@pytest.mark.parametrize(
    ("text", "rule", "fonds", "classes", "year", "retention", "org", "file_no", "item_no"),
    [
        ("Z109-WS·2011-Y-BGS-0001", "item", "Z109", ("WS",), 2011, "Y", "BGS", None, 1),
        ("Z109-WS·2011·Y·办公室-0001", "item", "Z109", ("WS",), 2011, "Y", "办公室", None, 1),
        ("A439-WS·2015·D30·003-005", "item", "A439", ("WS",), 2015, "D30", "003", None, 5),
        ("Z008-WS·2019·Y-037", "item", "Z008", ("WS",), 2019, "Y", "", None, 37),
        ("J019-ZY·JC·CC·2019·D30-001-001", "volume", "J019", ("ZY", "JC", "CC"), 2019, "D30", "", 1, 1),
        ("J019-KU·01·2017-001-012", "volume", "J019", ("KU", "01"), 2017, "", "", 1, 12),
        ("X032-KJ·JJ·02-005-054", "volume", "X032", ("KJ", "JJ", "02"), None, "", "", 5, 54),
        ("K021-ZP·2019·D30-025-005", "volume", "K021", ("ZP",), 2019, "D30", "", 25, 5),
        ("A002-RS-001-002", "volume", "A002", ("RS",), None, "", "", 1, 2),
        ("C038-001-002-003", "1994", "C038", ("001",), None, "", "", 2, 3),
        ("5134-SW-Y-0001", "item", "5134", ("SW",), None, "Y", "", None, 1),
        ("ZT40-WS·2023-Y-B-0001", "item", "ZT40", ("WS",), 2023, "Y", "B", None, 1),
        ("3100-KU·01·01·2025-D30-0001", "item", "3100", ("KU", "01", "01"), 2025, "D30", "", None, 1),
        ("8136-KJ·JJ·001-0001", "item", "8136", ("KJ", "JJ", "001"), None, "", "", None, 1),
    ],
)
def test_the_parts_of_each_generation_are_read(
    text: str,
    rule: str,
    fonds: str,
    classes: tuple[str, ...],
    year: int | None,
    retention: str,
    org: str,
    file_no: int | None,
    item_no: int,
) -> None:
    number = parse(text)
    assert (number.rule, number.fonds, number.classes, number.year) == (rule, fonds, classes, year)
    assert (number.retention, number.org, number.file_no, number.item_no) == (retention, org, file_no, item_no)
    assert number.written == text and number.mended == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Z109-WS·2011-Y-BGS-0001", "Z109-WS·2011·Y·BGS-0001"),
        ("Z109-WS·2011-Y-BGS-0001", "Z109-WS·2011-BGS-Y-0001"),
        ("1031-WS ·2006-Y-001", "1031-ws·2006-y-0001"),
        ("0194—WS・2016－D30—BGS—0001", "0194-WS.2016-D30-BGS-0001"),
        ("Z081-WS·2022-永久-举报-0001", "Z081-WS·2022·Y·举报-1"),
        ("001-WS2017-D10-BGS0006", "001-WS·2017-D10-BGS-0006"),
    ],
)
def test_two_writings_of_one_item_meet(one: str, other: str) -> None:
    assert key_of(one) == key_of(other)
    assert parse(one).rule != "foreign"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A439-WS·2015·D30·003-005", "A439-WS·2015·D30-003-005"),  # question 003, item 5 / file 3, item 5
        ("J019-KU·01·2017-001-001", "J019-KU·01·2017-001"),
        ("C038-001-002-003", "C038-001-002-030"),
        ("Z109-WS·2011-Y-0001", "Z109-WS·2011-D10-0001"),
    ],
)
def test_different_items_never_meet(one: str, other: str) -> None:
    assert key_of(one) != key_of(other)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1031-WS ·2006-Y-001", "number_blanks_removed"),
        ("1031-ws·2006-y-0001", "number_capitals"),
        ("001-WS2017-D10-BGS-0006", "number_dot_added"),
        ("001-WS·2017-D10-BGS0005", "number_dash_added"),
        ("0194-WS.2016-D30-0001", "number_marks_folded"),
        ("Z081-WS·2022-永久-0001", "number_retention_word"),
    ],
)
def test_mending_is_said(text: str, code: str) -> None:
    assert parse(text).mended == (code,)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1012-s·1980-Y-11", "number_category_unknown"),  # WS misread by OCR: not guessed
        ("1001-IS-2013-D30-1", "number_category_unknown"),
        ("A0011", "number_shape_unknown"),
        ("MS C 271.I", "number_shape_unknown"),
        ("", "number_shape_unknown"),
        ("Z109-WS··2011-Y-0001", "number_shape_unknown"),
    ],
)
def test_what_no_rule_reads_is_kept_as_a_foreign_reference_with_its_reason(text: str, why: str) -> None:
    number = parse(text)
    assert (number.rule, number.why, number.written) == ("foreign", why, text)


def test_a_site_may_bring_its_own_category_codes() -> None:
    assert parse("1001-IS·2013-D30-1", archive_numbers.CATEGORIES | {"IS"}).rule == "item"


def test_a_foreign_reference_is_unique_only_within_its_fonds_and_keeps_its_dots_and_blanks() -> None:
    assert key_within(parse("1.1"), "A") != key_within(parse("1.1"), "B")
    assert key_within(parse("1.1"), "A") != key_within(parse("11"), "A") != key_within(parse("1 1"), "A")
    assert key_within(parse("box  a"), "A") == key_within(parse("BOX A"), "A")


def test_case_files_are_numbers_of_their_own() -> None:
    assert parse("kh0001").key == "KH0001" and parse("KH0001").rule == "case"


@pytest.mark.parametrize(
    ("text", "code"),
    [("永久", "Y"), ("30年", "D30"), ("定期10年", "D10"), ("长期", "C"), ("y", "Y"), ("d 30", "D30"), ("随便", None)],
)
def test_retention_periods_are_read_in_any_writing(text: str, code: str | None) -> None:
    assert retention_code(text) == code


@settings(max_examples=150, deadline=None)
@given(
    st.from_regex(r"[A-Z][0-9]{3}", fullmatch=True),
    st.sampled_from(sorted(archive_numbers.CATEGORIES)),
    st.integers(1900, 2099),
    st.sampled_from(["Y", "D30", "D10"]),
    st.sampled_from(["", "BGS", "办公室"]),
    st.integers(1, 9999),
)
def test_a_composed_number_reads_back_to_its_parts(
    fonds: str, category: str, year: int, retention: str, org: str, item_no: int
) -> None:
    number = parse(compose(fonds, category, year, retention, org, item_no))
    assert (number.fonds, number.classes, number.year) == (fonds, (category,), year)
    assert (number.retention, number.org, number.item_no, number.mended) == (retention, org, item_no, ())


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60) | st.text("Z109-WS·2011YD30", max_size=30))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    number = parse(text)
    assert number.written == text.strip() and number.key


@settings(max_examples=200, deadline=None)
@given(st.lists(st.from_regex(r"[AZ0-9-]{1,9}", fullmatch=True), min_size=2, max_size=6))
def test_digits_are_ordered_by_value_and_a_beginning_is_within_its_ranges(folds: list[str]) -> None:
    def by_value(fold: str) -> list[tuple[int, int | str]]:
        return [(0, int(part)) if part.isdigit() else (1, part) for part in re.findall(r"[0-9]+|[^0-9]", fold)]

    ordered = sorted(folds, key=lambda fold: [(-1, "-") if part[1] == "-" else part for part in by_value(fold)])
    assert [order_key(fold) for fold in ordered] == sorted(map(order_key, folds))
    for fold in folds:
        for end in range(1, len(fold) + 1):
            assert sum(first <= order_key(fold) < last for first, last in order_ranges(fold[:end])) == 1
