"""Registers of a real store: what is listed, in which order, under which head, and for whom."""

from dataclasses import replace

import pytest

from edge.domain.people import Person
from edge.domain.records import NewItem
from edge.errors import InputRefused
from edge.store.catalogue import Catalogue
from edge.store.database import Database
from edge.workflows import describe, site
from edge.workflows.archive import archive_in
from edge.workflows.print_register import RegisterOrder, print_register
from tests.edge.paper import rendered
from tests.edge.workflows.archive_desk import LAYOUT, sit_down

VOLUME = "Z109-KU·2017-001"


@pytest.fixture
def stocked(database: Database) -> Database:
    """Fonds Z109: loose items of two years and periods, one of them secret, and a volume of three."""
    catalogue = Catalogue(database)

    def fill(change) -> None:
        catalogue.add_fonds(change, "Z109", "市局", "node")
        box = catalogue.add_box(change, fonds_no="Z109", box_no="7", actor="node").id
        loose = [
            ("Z109-WS·2012-D30-BGS-0010", "十号文", 2012, "D30", "public", 3),
            ("Z109-WS·2012-D30-BGS-0009", "九号文", 2012, "D30", "confidential", None),
            ("Z109-WS·2012-D30-BGS-0002", "二号文", 2012, "D30", "public", 1),
            ("Z109-WS·2011-Y-0001", "一一年文", 2011, "Y", "public", 2),
        ]
        for ref, title, year, retention, level, pages in loose:
            new = NewItem(
                "Z109", title, ref, year=year, retention=retention, secret_level=level, pages=pages, date=f"{year}0300"
            )
            catalogue.add_item(change, new, actor="node", box_id=box)
        volume = catalogue.add_volume(
            change, fonds_no="Z109", ref_code=VOLUME, title="凭证一卷", actor="node", box_id=box
        ).id
        for no, pages in ((1, 4), (2, 6), (3, 5)):
            new = NewItem(
                "Z109", f"凭证{no}", f"{VOLUME}-00{no}", date=f"2017010{no}", pages=pages, year=2017, retention="D30"
            )
            catalogue.add_item(change, new, actor="node", box_id=box, volume_id=volume)

    database.write(fill)
    return database


def texts(database: Database, kind: str, clearance: str = "internal", **wanted) -> tuple[list[str], int]:
    printed, listed = print_register(database, RegisterOrder(kind, clearance, **wanted))
    return rendered.words(printed.pdf), listed


def test_each_year_and_period_is_a_register_of_its_own_in_the_order_of_numbers(stocked: Database):
    (first, second), listed = texts(stocked, "files")
    assert listed == 3
    assert "全宗号：Z109全宗名称：市局年度：2011保管期限：永久" in first and "一一年文" in first
    assert "年度：2012保管期限：30年机构（问题）：BGS" in second
    assert second.index("二号文") < second.index("十号文")
    assert "20120300" in second


def test_what_is_above_the_readers_clearance_is_not_printed(stocked: Database):
    assert "九号文" not in "".join(texts(stocked, "files")[0])
    (_, second), listed = texts(stocked, "files", clearance="confidential")
    assert listed == 4 and second.index("二号文") < second.index("九号文") < second.index("十号文")
    assert "秘密" in second


def test_a_register_of_one_year_or_period(stocked: Database):
    pages, listed = texts(stocked, "files", year=2011)
    assert (len(pages), listed) == (1, 1)
    assert texts(stocked, "files", retention="D30")[1] == 2
    with pytest.raises(InputRefused) as refused:
        texts(stocked, "files", year=1999)
    assert refused.value.code == "print_nothing"


def test_volumes_tell_their_dates_pages_and_periods_from_what_lies_in_them(stocked: Database):
    (page,), listed = texts(stocked, "volumes")
    assert listed == 1
    assert "凭证一卷" in page and "20170101—20170103" in page and "15" in page and "30年" in page


def test_contents_of_a_volume_number_its_pages_through(stocked: Database):
    (page,), listed = texts(stocked, "contents", volume="z109-ku.2017-001")
    assert listed == 3 and "卷内文件目录" in page and f"案卷档号：{VOLUME}" in page
    assert "20170101115" not in page and "11—15" in page


def test_a_described_volume_tells_its_own_dates_pages_period_and_note(database: Database):
    desk = sit_down(database)
    of = desk.series(arrangement="volume", number_rule="2022", category="KU", parts="year")
    told = {"title": "凭证二卷", "start_date": "20170201", "end_date": "20170228", "responsible": "财务处"}
    told |= {"retention": "D30", "pages": "88", "remark": "缺封面", "note": "第 3 页有水渍", "compiled_by": "李雯"}
    told |= {"checked_by": "王强", "checked_on": "20180102", "secret_mark": "business"}
    volume = describe.volume(desk.archive, desk.one, of.id, told)
    item = {"title": "凭证", "date": "20170201", "pages": "4", "start_page": "7", "end_page": "10"}
    item |= {"retention": "D30", "secret_mark": "business"}
    cleared = replace(desk.one, roles=("archivist", "cleared_confidential"))
    describe.item(desk.archive, cleared, of.id, item, volume=volume.id)
    (page,), _ = texts(database, "volumes", "confidential", fonds_no="Z109")
    assert "20170201—20170228" in page and "88" in page and "30年" in page and "缺封面" in page
    (page,), _ = texts(database, "contents", "confidential", volume=volume.number)
    assert "7—10" in page and "普通商密" in page
    (page,), _ = texts(database, "notes", "confidential", volume=volume.number)
    assert "第3页有水渍" in page and "李雯" in page and "王强" in page and "20180102" in page
    with pytest.raises(InputRefused, match="print_nothing"):  # marked above the reader's clearance
        texts(database, "volumes", fonds_no="Z109")


def test_what_is_internal_has_no_secret_level(stocked: Database):
    stocked.write(lambda change: change.db.execute("UPDATE item SET secret_level = 'internal'"), telemetry=True)
    assert "内部" not in "".join(texts(stocked, "files")[0])


def test_behind_an_item_nobody_counted_no_page_number_is_guessed(stocked: Database):
    (page,), _ = texts(stocked, "contents", clearance="confidential", box="7")
    assert "4—" not in page and "九号文" in page


def test_a_note_sheet_counts_and_says_what_was_not_counted(stocked: Database):
    (page,), listed = texts(stocked, "notes", clearance="confidential", box="7")
    assert listed == 7 and "盒内备考表" in page
    assert "内有文件7件，共21页。" in page and "其中1件未记页数。" in page
    (page,), _ = texts(stocked, "notes", volume=VOLUME)
    assert "卷内备考表" in page and "内有文件3件，共15页。" in page and "检查人：" in page


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"kind": "contents"}, "print_of_what"),
        ({"kind": "contents", "volume": "Z109-KU·2017-099"}, "volume_unknown"),
        ({"kind": "notes", "box": "99"}, "box_unknown"),
        ({"kind": "files", "fonds_no": "Z999"}, "fonds_unknown"),
    ],
)
def test_what_cannot_be_printed_is_refused_with_its_reason(stocked: Database, wanted: dict, code: str):
    with pytest.raises(InputRefused) as refused:
        texts(stocked, **wanted)
    assert refused.value.code == code


def test_with_several_fonds_one_must_be_named(stocked: Database):
    stocked.write(lambda change: Catalogue(stocked).add_fonds(change, "Z110", "县局", "node"))
    with pytest.raises(InputRefused) as refused:
        texts(stocked, "files")
    assert refused.value.code == "fonds_needed_for_print"


def test_a_fonds_has_headings_of_its_own(stocked: Database):
    desk = archive_in(stocked, LAYOUT)
    admin = Person("p-9", "陈静", "", ("system_admin",), True)
    site.headings(desk, admin, "Z109", "files", ["item_no=文件序号", "title:120", "pages"])
    (page, _), _ = texts(stocked, "files")
    assert "文件序号" in page and "一一年文" in page and "责任者" not in page and "档号" not in page
    site.headings(desk, admin, "Z109", "files", ["2000"])
    (page, _), _ = texts(stocked, "files")
    assert "件号责任者文号题名日期页数备注" in page and "0001" in page
    with pytest.raises(InputRefused, match="heading_unreadable"):
        site.headings(desk, admin, "Z109", "files", ["span"])
    assert [one.column for one in site.headings(desk, admin, "Z109", "files", ["usual"])][:2] == ["no", "ref_code"]
