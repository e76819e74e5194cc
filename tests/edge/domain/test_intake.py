import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.domain import description, headings
from edge.domain.intake import Judged, judge
from edge.words import load

GOOD = {"ref_code": "Z109-WS·2011-Y-BGS-0001", "title": "关于档案的通知", "date": "20110301", "box_no": "0001"}


def row(fonds_no: str = "F", numeric: frozenset[str] = frozenset(), **values: str) -> Judged:
    return judge(1, "2", values, numeric=numeric, fonds_no=fonds_no)


def codes(judged: Judged) -> list[str]:
    return [code for code, _params in judged.notes]


def test_a_plain_row_is_taken_as_it_is() -> None:
    judged = row(**GOOD)
    assert judged.verdict == "taken" and judged.notes == () and judged.boxes == ("0001",)
    assert judged.item is not None
    assert (judged.item.fonds_no, judged.item.year, judged.item.retention) == ("Z109", 2011, "Y")
    assert judged.item.ref_code == GOOD["ref_code"] and judged.item.ref_key == "Z109/WS/2011/Y/BGS//1"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"title": ""}, "title_missing"),
        ({"title": "一件", "ref_code": "", "box_no": ""}, "nothing_identifies_row"),
        ({"secret_level": "天知道"}, "secret_level_unreadable"),
    ],
)
def test_a_row_that_cannot_be_taken_is_refused_with_its_reason(values: dict[str, str], code: str) -> None:
    judged = row(**(GOOD | values))
    assert judged.verdict == "refused" and judged.item is None and codes(judged)[-1] == code


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"ref_code": "Z109-ws·2011-Y-BGS-0001"}, "number_capitals"),
        ({"ref_code": "1012-s·1980-Y-11"}, "number_category_unknown"),
        ({"year": "2012"}, "number_disagrees"),
        ({"retention": "30年"}, "number_disagrees"),
        ({"year": "甲子年"}, "year_unreadable"),
        ({"retention": "很久"}, "retention_unreadable"),
        ({"date": "20188927"}, "date_unreadable"),
        ({"pages": "12-24"}, "pages_range"),
        ({"pages": "许多"}, "pages_unreadable"),
        ({"box_no": "1-5"}, "box_range_split"),
        ({"title": "关于《档案法"}, "title_mark_unclosed"),
        ({"thickness": "厚"}, "thickness_unreadable"),
    ],
)
def test_what_is_mended_or_doubtful_is_said(values: dict[str, str], code: str) -> None:
    judged = row(**(GOOD | values))
    assert judged.verdict == "mended" and code in codes(judged) and judged.item is not None


@pytest.mark.parametrize(
    ("written", "level"),
    [
        *(("", "public"), ("公开", "public"), ("內部", "internal"), ("秘密★10年", "confidential"), ("机密", "secret")),
        *(("絕密*长期", "top_secret"), ("Secret", "secret"), ("机密（20年）", "secret")),
    ],
)
def test_secrecy_levels_are_read(written: str, level: str) -> None:
    item = row(**GOOD, secret_level=written).item
    assert item is not None and item.secret_level == level


def test_a_number_is_composed_only_of_all_its_columns() -> None:
    parts = {"fonds_no": "Z109", "category": "WS", "year": "2011", "retention": "永久", "org": "BGS", "item_no": "7"}
    judged = row(title="甲", **parts)
    assert judged.item is not None and judged.item.ref_code == "Z109-WS·2011-Y-BGS-0007"
    assert codes(judged) == ["zeros_restored", "number_composed"]
    for name in ("category", "year", "retention", "item_no"):
        assert row(title="甲", **{**parts, name: ""}).verdict == "refused"


def test_a_lists_own_reference_is_kept_but_identifies_nothing_outside_it() -> None:
    item = row(title="Mortgage", local_ref="(2)").item
    assert item is not None and (item.ref_code, item.ref_key) == ("(2)", None)


def test_a_date_is_no_more_exact_than_its_writing() -> None:
    def digits(date: str, written: str) -> str:
        item = row(**(GOOD | {"date": date, "date_written": written})).item
        assert item is not None
        return item.date

    assert digits("1910-01-01", "1910.") == "19100000"
    assert digits("1961-08-01", "Aug. 1961.") == "19610800"
    assert digits("1886-12-09", "9 Dec.1886") == "18861209"
    assert digits("1836-08-01", "Aug.") == "18360801"
    assert digits("1902/1902", "c.1902") == "19020000"


@pytest.mark.parametrize(
    ("dates", "digits", "written", "told"),
    [
        (("20110301", "20111231"), "20110301", "20110301—20111231", ["date_range"]),
        (("2011.3", "2011.12", ""), "20110300", "2011.3—2011.12", ["date_range"]),
        (("20110301", "2011-03-01"), "20110301", "20110301", []),
        (("20110301", "不详"), "20110301", "20110301", []),
        (("20110301", "春天"), "20110301", "20110301—春天", ["date_range"]),
        (("", "20111231"), "", "—20111231", ["date_unreadable"]),
        (("1901-01-01", "1902-12-31", "1901 to 1902"), "19010101", "1901 to 1902", []),
        (("1901-01-01", "1901-12-31", "1901"), "19010000", "1901", []),
        (("1901-01-01", "1902-12-31", "1901"), "19010000", "1901 (1901-01-01—1902-12-31)", ["date_range"]),
        (
            ("1950-01-01", "1959-12-31", "the fifties"),
            "19500101",
            "the fifties (1950-01-01—1959-12-31)",
            ["date_range"],
        ),
        (("2011.3-2011.12", "2011.12.31"), "20110300", "2011.3-2011.12", ["date_range"]),
    ],
)
def test_a_last_day_in_a_column_of_its_own_stays_in_the_date_as_written(
    dates: tuple[str, ...], digits: str, written: str, told: list[str]
) -> None:
    judged = row(**(GOOD | dict(zip(("date", "end_date", "date_written"), dates, strict=False)) | {"year": "2011"}))
    assert judged.item is not None
    assert (judged.item.date, judged.item.date_written, codes(judged)) == (digits, written, told)


def test_spreadsheet_day_counts_of_a_span_are_written_as_days() -> None:
    both = frozenset({"date", "end_date"})
    judged = row(numeric=both, **(GOOD | {"date": "40603", "end_date": "40908"}))
    assert judged.item is not None and judged.item.date_written == "20110301—20111231"
    assert codes(judged) == ["date_serial", "date_range"]


def test_document_numbers_get_the_brackets_of_the_rule() -> None:
    for written in ("安工字【2013】1号", "安工字[2013]1号", "安工字（2013）1号", "安工字（【2013】1号"):
        item = row(**GOOD, doc_no=written).item
        assert item is not None and item.doc_no == "安工字〔2013〕1号"


@pytest.mark.parametrize(("written", "mm"), [("", 50), ("30", 30), ("3", 30), ("2cm", 20), ("40毫米", 40), ("900", 50)])
def test_box_thickness_is_in_millimetres(written: str, mm: int) -> None:
    assert row(**GOOD, thickness=written).thickness_mm == mm


def test_faults_of_cells_refuse_the_row() -> None:
    judged = judge(1, "2", GOOD, faults=("formula_without_value",), fonds_no="F")
    assert (judged.verdict, codes(judged)) == ("refused", ["formula_without_value"])


@settings(max_examples=250, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(sorted(headings._SYNONYMS)),
        st.text(max_size=20) | st.sampled_from(list(GOOD.values())),
        max_size=12,
    )
)
def test_no_row_makes_the_judge_fail_and_every_code_has_words(values: dict[str, str]) -> None:
    judged = judge(1, "2", values, fonds_no="F")
    assert (judged.item is None) == (judged.verdict == "refused")
    for code, params in judged.notes:
        for text in load()[f"note.{code}"].values():
            text.format(**params)


def test_a_choice_is_read_as_the_forms_say_it_in_every_language() -> None:
    for field in description.FURTHER:
        for code in () if field.choices == ("site",) else field.choices:
            for written in (code, *load()[f"choice.{field.name}.{code}"].values()):
                row = judge(1, "2", {"title": "甲", "box_no": "1", field.name: written}, fonds_no="Z1")
                assert (row.described, row.verdict) == ({field.name: code}, "taken"), written
