"""Whose a scan is: what names and folders say, against the catalogue and against each other."""

from dataclasses import replace

import pytest

from edge.domain import hooking
from edge.domain.archive_numbers import STANDARD, key_of
from edge.domain.hooking import Found, Target, claim, judge

ONE = Target("i1", "0094-WS·2021-D10-0533", key_of("0094-WS·2021-D10-0533"), "0094", 2021, "D10", 3)
TWO = Target("i2", "0094-WS·2021-Y-0007", key_of("0094-WS·2021-Y-0007"), "0094", 2021, "Y", None)
CATALOGUE = {key_of(one.ref_code): one for one in (ONE, TWO)}


def found(path: str, pages: int | None = 3, sha256: str = "", **more) -> Found:
    said = claim(path, STANDARD, ["0094"])
    targets = [
        (CATALOGUE[reading.number.key], reading.page, reading.by)
        for reading in said.readings
        if reading.number.key in CATALOGUE
    ]
    return replace(Found(path, sha256 or path, pages, said, tuple(targets)), **more)


def judged(*files: Found) -> list[tuple[str, str, int | None]]:
    return [(one.state, one.code, one.page) for one in judge(files)]


@pytest.mark.parametrize(
    ("path", "number", "page", "by"),
    [
        ("0094-WS·2021-D10-0533.pdf", ONE.ref_code, None, "name"),
        ("a/0094－ws.2021—D10—533.PDF", ONE.ref_code, None, "name"),
        ("0094/WS/2021/0094-WS·2021-D10-0533/0094-WS·2021-D10-0533-002.jpg", ONE.ref_code, 2, "name"),
        ("0094-WS·2021-D10-0533_002.jpg", ONE.ref_code, 2, "name"),
        ("0094-WS·2021-D10-0533 (2).jpg", ONE.ref_code, 2, "name"),
        ("0094-WS·2021-D10-0533/第2页.tif", ONE.ref_code, 2, "folder"),
        ("0094-WS·2021-D10-0533/002.tif", ONE.ref_code, 2, "folder"),
        ("0094-WS·2021-D10-0533/扫描件.tif", ONE.ref_code, None, "folder_alone"),
    ],
)
def test_a_path_is_read_by_its_name_and_else_by_its_folder(path: str, number: str, page: int | None, by: str):
    readings = [one for one in claim(path, STANDARD, ["0094"]).readings if one.number.key == key_of(number)]
    assert [(one.page, one.by) for one in readings] == [(page, by)]


def test_what_folders_say_of_fonds_category_year_and_retention_is_heard():
    said = claim("全文挂接/0094/文书一文一件/0094/WS·2021/永久/0094-WS·2021-D10-0533.pdf", STANDARD, ["0094"])
    assert said.folders == {"fonds": ("0094",), "category": ("WS",), "year": ("2021",), "retention": ("Y",)}


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("0094/WS·2021/D10/0094-WS·2021-D10-0533.pdf", "by_name"),
        ("0094/WS·2021/Y/0094-WS·2021-D10-0533.pdf", "folder_retention"),
        ("0094/WS·2020/D10/0094-WS·2021-D10-0533.pdf", "folder_year"),
        ("KU/0094-WS·2021-D10-0533.pdf", "folder_category"),
        ("0094-WS·2021-Y-0007/0094-WS·2021-D10-0533.pdf", "folder_number"),
        ("0094-WS·2021-D10-0533/scan.pdf", "folder_alone"),
    ],
)
def test_a_folder_that_says_otherwise_makes_a_file_doubtful(path: str, code: str):
    [(state, why, _)] = judged(found(path))
    assert (state, why) == ("hook" if code == "by_name" else "unsure", code)


def test_what_names_nothing_or_nothing_known_is_refused_with_its_reason():
    assert judged(found("关于会议的通知.pdf")) == [("refused", "no_number", None)]
    assert judged(found("0094-XX·2021-D10-0533.pdf")) == [("refused", "number_category_unknown", None)]
    assert judged(found("0094-WS·2021-D10-0999.pdf")) == [("refused", "not_found", None)]
    damaged = found("0094-WS·2021-D10-0533.pdf", wrong=("pdf_damaged", {}))
    assert judged(damaged) == [("refused", "pdf_damaged", None)]
    void = found("0094-WS·2021-D10-0533.pdf", targets=((replace(ONE, void=True), None, "name"),))
    assert judged(void) == [("refused", "item_void", None)]


def test_a_name_that_may_mean_two_items_is_hooked_to_neither():
    both = found("0094-WS·2021-D10-0533.pdf", targets=((ONE, None, "name"), (TWO, 33, "name")))
    assert judged(both) == [("unsure", "two_candidates", None)]


def pages(*numbers: int, target: Target = ONE, **more) -> list[Found]:
    return [
        found(f"{target.ref_code}-{number:03d}.jpg", 1, targets=((target, number, "name"),), **more)
        for number in numbers
    ]


def test_single_pages_must_be_all_there_and_as_many_as_the_catalogue_counted():
    assert {one[:2] for one in judged(*pages(1, 2, 3))} == {("hook", "by_name")}
    assert {one[:2] for one in judged(*pages(1, 3))} == {("unsure", "gap")}
    assert {one[:2] for one in judged(*pages(1, 2))} == {("unsure", "pages_differ")}
    assert {one[:2] for one in judged(*pages(1, 2, target=TWO))} == {("hook", "by_name")}  # nobody counted them
    rest = replace(ONE, there=frozenset((1, 2)))
    assert judged(*pages(3, target=rest)) == [("hook", "by_name", 3)]
    assert {one[1] for one in judged(*pages(2, 3, target=rest))} == {"pages_there"}


def test_two_files_for_one_page_or_a_whole_beside_pages_wait_for_a_person():
    twice = [*pages(1, 2, 3), found("again/0094-WS·2021-D10-0533-003.jpg", 1, targets=((ONE, 3, "name"),))]
    assert {one[1] for one in judged(*twice)} == {"page_twice"}
    assert {one[1] for one in judged(*pages(1), found("0094-WS·2021-D10-0533.pdf"))} == {"whole_and_pages"}
    whole = (found("0094-WS·2021-D10-0533.pdf"), found("0094-WS·2021-D10-0533.tif"))
    assert {one[1] for one in judged(*whole)} == {"several_wholes"}
    several = found("0094-WS·2021-D10-0533-001.pdf", 2, targets=((TWO, 1, "name"),))
    assert judged(several) == [("unsure", "page_holds_several", 1)]


def test_a_whole_file_must_have_the_pages_that_were_counted():
    assert judged(found("0094-WS·2021-D10-0533.pdf", 4)) == [("unsure", "pages_differ", None)]
    assert judged(found("0094-WS·2021-D10-0533.pdf", None)) == [("hook", "by_name", None)]  # counted when it is read


def test_the_same_content_under_two_names_is_said_and_never_hooked_twice():
    same = [found("0094-WS·2021-D10-0533.pdf", sha256="x"), found("b/0094-WS·2021-D10-0533.pdf", sha256="x")]
    assert judged(*same) == [("hook", "by_name", None), ("already", "twin", None)]
    other = [found("0094-WS·2021-D10-0533.pdf", sha256="x"), found("0094-WS·2021-Y-0007.pdf", sha256="x")]
    assert {one[:2] for one in judged(*other)} == {("unsure", "same_content")}
    assert judged(found("0094-WS·2021-D10-0533.pdf", kept_as="i1"))[0][:2] == ("already", "kept")
    assert judged(found("0094-WS·2021-D10-0533.pdf", kept_as="i2"))[0][:2] == ("unsure", "content_elsewhere")


def test_every_reason_has_words():
    from edge.words import load

    words = load()
    doubts = ["two_candidates", "folder_alone", "gap", "pages_differ", "page_twice", "print_differs", "page_not_good"]
    folders = [f"folder_{what}" for what in ("fonds", "category", "year", "retention", "number")]
    assert [code for code in (*doubts, *folders) if f"hook.why.{code}" not in words] == []
    assert hooking.differences({"year": ("2020",)}, ONE) == [("year", "2020", "2021")]
