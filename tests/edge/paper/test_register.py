"""Registers as they come out of the printer."""

import logging

import pytest

from edge.paper.document import Document, Printed
from edge.paper.note_sheet import note_sheet
from edge.paper.register import Column, Part, register
from tests.edge.paper import rendered

COLUMNS = [Column("序号", 12, True), Column("档号", 52), Column("题名", 150), Column("页数", 20, True)]
LONG = "关于印发《关于进一步加强城乡房屋建筑档案管理工作的若干意见》的通知，附实施细则、检查办法和汇总表" * 2


def printed(rows: int, title: str = LONG, head: str = "全宗号：Z109") -> Printed:
    listed = [(str(no), f"Z109-WS·2011-Y-{no:04d}", title, "12") for no in range(1, rows + 1)]
    return register("归档文件目录", COLUMNS, [Part(head, listed)], "zh-Hans", 1_795_305_600_000)


@pytest.fixture(scope="module")
def forty() -> Printed:
    return printed(40)


def test_the_type_is_inside_and_only_what_is_used(forty: Printed):
    assert rendered.embedded_fonts(forty.pdf) == 1
    assert all("+NotoSansCJK" in name for name in rendered.fonts(forty.pdf))
    assert len(forty.pdf) < 60_000


def test_pages_are_a4_on_their_side_and_numbered(forty: Printed):
    assert rendered.size_mm(forty.pdf) == (297, 210)
    texts = rendered.words(forty.pdf)
    assert len(texts) == forty.pages > 1
    for number, text in enumerate(texts, 1):
        assert f"第{number}页共{len(texts)}页" in text


def test_the_head_returns_on_every_page_and_says_that_it_goes_on(forty: Printed):
    first, *others = rendered.words(forty.pdf)
    assert "归档文件目录" in first and "（续）" not in first
    for text in others:
        assert "归档文件目录（续）" in text and "全宗号：Z109" in text and "档号题名页数" in text


def test_every_row_is_there_once_with_its_whole_title(forty: Printed):
    text = "".join(rendered.words(forty.pdf))
    assert all(text.count(f"Z109-WS·2011-Y-{no:04d}") == 1 for no in range(1, 41))
    assert text.count("汇总表") == 80


def test_nothing_is_drawn_outside_the_table(forty: Printed):
    """The bound edge at the left and the strip at the right stay white."""
    page = rendered.picture(forty.pdf, 0, 60).convert("L")
    left, right = round(24 / 25.4 * 60), round(286 / 25.4 * 60)
    assert page.crop((0, 0, left, page.height)).getextrema() == (255, 255)
    assert page.crop((right, 0, page.width, page.height)).getextrema() == (255, 255)


def test_a_cell_that_no_page_could_hold_goes_on_over_the_page():
    pages = rendered.words(printed(1, "长" * 6000 + "尾").pdf)
    assert len(pages) > 1 and "".join(pages).count("长") == 6000 and "尾" in pages[-1]


def test_a_long_head_keeps_a_size_that_can_be_read_and_never_runs_into_the_table():
    whole = rendered.words(printed(1, "通知", f"全宗号：Z109 案卷题名：{LONG}").pdf)[0]
    assert whole.count("汇总表") == 2
    endless = rendered.words(printed(1, "通知", f"全宗号：Z109 案卷题名：{LONG * 9}末").pdf)[0]
    assert "…" in endless and "末" not in endless and "1Z109-WS·2011-Y-0001" in endless
    for pdf in (printed(1, "通知", LONG * 9).pdf, printed(1, "通知", LONG).pdf):
        pixels = rendered.picture(pdf, dpi=150).convert("L").load()
        right, top = int(286 / 25.4 * 150), int(14 / 25.4 * 150)
        assert all(pixels[right, y] > 200 for y in range(top, top + 60))  # nothing beyond the paper's margin


def test_each_part_begins_on_a_page_of_its_own():
    parts = [Part(f"年度：{year}", [("1", "a", "b", "1")]) for year in (2011, 2012)]
    done = register("归档文件目录", COLUMNS, parts, "zh-Hans", 0)
    first, second = rendered.words(done.pdf)
    assert "年度：2011" in first and "年度：2012" in second and "（续）" not in second


def test_a_title_that_looks_like_a_placeholder_is_printed_as_it_is():
    assert "{nb}{{}}%s" in rendered.words(printed(1, "{nb} {{}} %s").pdf)[0]


def test_a_note_sheet_leaves_room_to_write_and_to_sign():
    done = note_sheet("卷内备考表", ["内有文件 3 件。"], [("立卷人：", "王芳"), ("检查人：", "")], "zh-Hans", 0)
    (text,) = rendered.words(done.pdf)
    assert all(words in text for words in ("卷内备考表", "内有文件3件。", "立卷人：", "检查人："))


def test_printing_writes_nothing_into_the_nodes_log(caplog):
    with caplog.at_level(logging.INFO):
        document = Document("zh-Hans", "目录", 0)
        document.page(100, 50)
        document.text(10, 10, "档案目录", 12)
        assert document.printed().pdf
    assert not [record for record in caplog.records if record.name.startswith("fontTools")]
