"""Labels are printed, looked at by the same eyes that read them in the room, and measured."""

import pytest

from edge.domain import labels
from edge.errors import InputRefused
from edge.paper.label_faces import PIECE, SLOT, SPINE_MM, Field, plate, spine
from edge.paper.label_sheet import Size, Stock, labels_on
from edge.vision.codes import codes_in
from tests.edge.paper import rendered

FIELDS = [Field(caption, value) for caption, value in (("全宗号", "Z109"), ("年度", "2011—2013"), ("盒号", "12"))]


def code(kind: str, number: int) -> str:
    return labels.make(kind, number * 0x0123_4567_89AB_CDEF % 2**64)


def read(pdf: bytes, page: int = 0, dpi: int = 200) -> set[str]:
    return {found["text"] for found in codes_in(rendered.picture(pdf, page, dpi))}


@pytest.mark.parametrize("on", ["sheet", "roll"])
def test_codes_on_spines_of_every_thickness_read_back(on: str):
    thick = (20, 30, 40, 50)
    spines = [spine(code("B", no), FIELDS, Size(mm - 2, SPINE_MM)) for no, mm in enumerate(thick, 1)]
    done = labels_on(Stock(on), spines, "盒脊", "zh-Hans", 0)
    assert done.pages == (1 if on == "sheet" else 4)
    assert set().union(*(read(done.pdf, page) for page in range(done.pages))) == {code("B", no) for no in range(1, 5)}
    if on == "roll":
        assert [rendered.size_mm(done.pdf, page) for page in range(4)] == [(mm - 2, 150) for mm in thick]


@pytest.mark.parametrize(("kind", "size", "text"), [("S", SLOT, "B1-A-03-R-02-4-07"), ("I", PIECE, "KH0001")])
def test_a_sheet_of_plates_reads_back_whole(kind: str, size: Size, text: str):
    plates = [plate(code(kind, no), text, ["3 列 右面"], size) for no in range(1, 13)]
    done = labels_on(Stock("sheet"), plates, "x", "zh-Hans", 0)
    assert done.pages == 1
    assert read(done.pdf) == {code(kind, no) for no in range(1, 13)}
    assert rendered.words(done.pdf)[0].count(text) == 12


def test_precut_sheets_are_filled_to_their_edges_from_the_first_free_place():
    size, stock = Size(70, 37), Stock("sheet", Size(0, 0.5), skip=23, cut=False)
    done = labels_on(stock, [plate(code("S", no), "B1", [], size) for no in (1, 2)], "x", "zh-Hans", 0)
    assert done.pages == 2 and rendered.size_mm(done.pdf) == (210, 297)
    last = rendered.picture(done.pdf, 0, 100).convert("L")
    left, top = round(140 / 25.4 * 100), round(259 / 25.4 * 100)
    assert last.crop((0, 0, left, last.height)).getextrema() == (255, 255)  # the used places stay white
    assert last.crop((0, 0, last.width, top)).getextrema() == (255, 255)
    assert read(done.pdf, 0) == {code("S", 1)} and read(done.pdf, 1) == {code("S", 2)}


def test_a_label_larger_than_the_sheet_is_refused():
    with pytest.raises(InputRefused) as refused:
        labels_on(Stock("sheet"), [plate(code("A", 1), "x", [], Size(300, 100))], "x", "en", 0)
    assert refused.value.code == "label_too_large"
