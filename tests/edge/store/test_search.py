from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from edge.domain.archive_numbers import key_of
from edge.domain.block import Column, Layout
from edge.domain.records import Box, Hit, NewItem
from edge.domain.search_query import Filters
from edge.store import box_places, search
from edge.store.catalogue import Catalogue
from edge.store.connection import Connection
from edge.store.database import Change, Database
from edge.store.search import Search

LAYOUT = Layout("B1-A", 3000, (Column(1, 450, True, None), Column(2, 700, False, 2)), 900, 50, 1, 2, 3)
SLOT = "B1-A-01-R-01-1-01"

NOTICE = NewItem(
    "Z109",
    "关于印发《会计档案管理办法》的通知",
    ref_code="Z109-WS·2011-Y-BGS-0001",
    responsible="住建局办公室",
    doc_no="临建〔2011〕12号",
)
MINUTES = NewItem("Z109", "董事會會議紀錄", ref_code="Z109-WS·2012·Y·BGS-0002")
ALBUM = NewItem("Z109", "Stanford student life photograph Álbum", ref_code="A0011", context="Series I: Pictures")
SECRET = NewItem("Z109", "关于要害部位的通知", ref_code="Z109-WS·2012·Y·BGS-0003", secret_level="secret")


@pytest.fixture
def box(database: Database) -> Box:
    catalogue = Catalogue(database)

    def fill(change: Change) -> Box:
        box_places.make_slots(change, LAYOUT, "p1")
        catalogue.add_fonds(change, "Z109", "住建局", "p1")
        box = catalogue.add_box(change, fonds_no="Z109", box_no="0012", actor="p1", title="办公室文书")
        for new in (NOTICE, MINUTES, ALBUM, SECRET):
            catalogue.add_item(change, new, actor="p1", box_id=box.id)
        box_places.place_box(change, box.id, SLOT, "p1", "first_place")
        return box

    return database.write(fill)


@pytest.fixture
def find(database: Database, box: Box) -> Callable[..., list[Hit]]:
    def find(query: str, clearance: str = "internal") -> list[Hit]:
        return Search(database).find(query, clearance=clearance)

    return find


def titles(hits: list[Hit]) -> list[str]:
    return [hit.item.title if hit.item else "box " + (hit.box.box_no if hit.box else "?") for hit in hits]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("会计档案", NOTICE.title),
        ("會計檔案", NOTICE.title),
        ("会议纪录", MINUTES.title),
        ("管理办法 通知", NOTICE.title),
        ("住建局 会计", NOTICE.title),
        ("董", MINUTES.title),
        ("临建〔2011〕12号", NOTICE.title),
        ("kjda", NOTICE.title),
        ("yfhj", NOTICE.title),
        ("kuaijidangan", NOTICE.title),
        ("huijidang", NOTICE.title),
        ("dongshihui jilu", MINUTES.title),
        ("会计 tongzhi", NOTICE.title),
        ("“会计档案管理”", NOTICE.title),
        ('"student life"', ALBUM.title),
        ("会汁档案", NOTICE.title),
        ("stanford album", ALBUM.title),
        ("photog", ALBUM.title),
        ("pictures", ALBUM.title),
        ("Z109-WS·2011-Y-BGS-0001", NOTICE.title),
        ("Z109-WS·2011·Y·BGS-1", NOTICE.title),
        ("Z109-WS-2011", NOTICE.title),
        ("z109-ws·2012-y", MINUTES.title),
        ("a0011", ALBUM.title),
    ],
)
def test_an_item_is_found(find: Callable[..., list[Hit]], box: Box, query: str, title: str) -> None:
    hits = find(query)
    assert title in titles(hits)
    assert all(hit.box is not None and hit.box.slot == SLOT for hit in hits if hit.item and hit.item.title == title)


@pytest.mark.parametrize(
    "query", ["", "   ", "档会", "不存在的", "zzzz", '"', "*", "AND", "NEAR(", "会计 飞机", "SR1:junk", "-"]
)
def test_nothing_is_found_where_nothing_is(find: Callable[..., list[Hit]], query: str) -> None:
    assert find(query) == []


@pytest.mark.parametrize(
    "query", ["0012", "12", "box 12", "第12盒", "12号盒", "办公室文书", SLOT, SLOT.lower(), "b1-a-01-r"]
)
def test_a_box_is_found_by_number_title_and_slot(find: Callable[..., list[Hit]], query: str) -> None:
    assert "box 0012" in titles(find(query))


def test_a_box_that_is_a_hit_by_its_fonds_shows_so(database: Database, find: Callable[..., list[Hit]]) -> None:
    def add(change: Change) -> None:
        Catalogue(database).add_fonds(change, "painters_union", "Painters", "p1")
        Catalogue(database).add_box(change, fonds_no="painters_union", box_no="0012", actor="p1")

    database.write(add)
    (hit,) = find("painters")
    assert [(mark.field, mark.text) for mark in hit.marks] == [("fonds_no", "painters_union")] and hit.marks[0].ranges


def test_the_beginning_of_a_slot_leads_to_its_boxes_in_shelving_order_and_to_what_lies_in_them(
    database: Database, find: Callable[..., list[Hit]]
) -> None:
    catalogue = Catalogue(database)
    for box_no, place in (("0003", "B1-A-02-L-01-1-02"), ("0002", "B1-A-02-L-01-1-01")):
        new = database.write(
            lambda change, no=box_no: catalogue.add_box(change, fonds_no="Z109", box_no=no, actor="p1")
        )
        database.write(lambda change, box=new, slot=place: box_places.place_box(change, box.id, slot, "p1", "first"))
    hits = find("b1-a")
    assert titles(hits)[:3] == ["box 0012", "box 0002", "box 0003"]
    assert titles(hits)[3:] == [NOTICE.title, MINUTES.title, ALBUM.title]
    assert {hit.why for hit in hits} == {"place"}
    assert titles(find("B1-A-02-L")) == ["box 0002", "box 0003"]
    narrowed = Search(database).find("B1-A-01", clearance="internal", filters=Filters(year_from=2012, year_to=2012))
    assert titles(narrowed) == []  # none of these records has a year
    by_fonds = Search(database).find("B1-A-01", clearance="internal", filters=Filters(category="WS"))
    assert titles(by_fonds) == [NOTICE.title, MINUTES.title]


def test_labels_of_box_item_and_slot_lead_to_what_they_hang_on(
    database: Database, box: Box, find: Callable[..., list[Hit]]
) -> None:
    catalogue = Catalogue(database)
    item = catalogue.item_by_ref(NOTICE.ref_code)
    assert item is not None
    assert titles(find(box.label.lower())) == ["box 0012"]
    assert titles(find(item.label)) == [NOTICE.title]
    assert titles(find(catalogue.slot_label(SLOT) or "")) == ["box 0012"]


def test_a_secret_item_is_not_there_for_who_may_not_know_it(database: Database, find: Callable[..., list[Hit]]) -> None:
    item = Catalogue(database).item_by_ref(SECRET.ref_code)
    assert item is not None
    for query in ("要害部位", SECRET.ref_code, "yhbw", "Z109-WS-2012", item.label):
        assert SECRET.title not in titles(find(query, "confidential"))
        assert SECRET.title in titles(find(query, "secret"))


def test_the_newest_record_comes_first(find: Callable[..., list[Hit]]) -> None:
    assert titles(find("通知", "secret")) == [SECRET.title, NOTICE.title]


@pytest.mark.parametrize("at_once", [0, 2, 400])
def test_two_letters_find_the_newest_first_and_each_once_however_many_are_looked_through(
    database: Database, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(search, "NEWEST", at_once)
    catalogue = Catalogue(database)
    database.write(lambda change: catalogue.add_fonds(change, "Z109", "", "p"))
    brought = ("会议纪要", "批复", "HY 目录", "会议通知", "请示", "合约 hy 一份")
    for title in brought:
        database.write(lambda change, title=title: catalogue.add_item(change, NewItem("Z109", title), actor="p"))
    hits = Search(database).find("hy", clearance="internal")
    assert titles(hits) == ["合约 hy 一份", "会议通知", "HY 目录", "会议纪要"]
    assert [hit.why for hit in hits] == ["words", "initials", "words", "initials"]


def test_no_more_than_the_limit_comes_back(database: Database, box: Box) -> None:
    assert len(Search(database).find("通知", clearance="secret", limit=1)) == 1


def numbered(database: Database, *numbers: str) -> Callable[..., list[str]]:
    catalogue = Catalogue(database)

    def fill(change: Change) -> None:
        catalogue.add_fonds(change, "Z109", "", "p1")
        for number in numbers:
            catalogue.add_item(change, NewItem("Z109", "会议通知", ref_code=number), actor="p1")

    database.write(fill)

    def find(query: str, **more: object) -> list[str]:
        hits = Search(database).find(query, clearance="internal", **more)  # type: ignore[arg-type]
        return [hit.item.ref_code for hit in hits if hit.item]

    return find


WIDENED = [f"Z109-WS·2011-Y-{no}" for no in ("0007", "0999", "9999", "10000", "10001", "99999", "100000")]


@pytest.mark.parametrize("query", ["通知", "hytz", "Z109-WS", "Z109", "Z10", "通知 会议"])
def test_a_number_beyond_9999_comes_after_it(database: Database, query: str) -> None:
    find = numbered(database, *reversed(WIDENED), "Z1091-WS·2011-Y-0001", "Z109-WS·2012-Y-0001")
    expected = [*WIDENED, "Z109-WS·2012-Y-0001", "Z1091-WS·2011-Y-0001"]
    if query.startswith("Z109-"):
        expected.pop()
    assert find(query, order="number") == expected
    few = find(query, order="number", limit=3)
    assert few == expected[:3]


def test_the_beginning_of_a_number_finds_it_at_every_width(database: Database) -> None:
    find = numbered(database, *WIDENED)
    assert find("Z109-WS·2011-Y-9") == ["Z109-WS·2011-Y-9999", "Z109-WS·2011-Y-99999"]
    assert find("Z109-WS·2011-Y-10") == [f"Z109-WS·2011-Y-{no}" for no in ("10000", "10001", "100000")]
    assert find("Z109-WS·2011-Y-0") == ["Z109-WS·2011-Y-0007", "Z109-WS·2011-Y-0999"]
    assert find("Z109-WS·2011-Y-00") == ["Z109-WS·2011-Y-0007"]
    assert find("Z109-WS·2011-Y-07") == ["Z109-WS·2011-Y-0007"]  # another writing of the whole number
    assert find("Z109-WS·2011-Y-000007x") == []


@pytest.mark.parametrize("order", ["newest", "number", "best"])
def test_each_order_is_what_it_says(database: Database, order: str) -> None:
    catalogue = Catalogue(database)
    titles = ["关于召开会议的通知并附会议日程安排", "会议通知", "会议的通知"]

    def fill(change: Change) -> None:
        catalogue.add_fonds(change, "Z109", "", "p1")
        for no, title in zip((10_000, 3, 9_999), titles, strict=True):
            catalogue.add_item(change, NewItem("Z109", title, ref_code=f"Z109-WS·2011-Y-{no:04d}"), actor="p1")

    database.write(fill)
    hits = Search(database).find("会议 通知", clearance="internal", order=order)  # type: ignore[arg-type]
    expected = {"newest": [2, 1, 0], "number": [1, 2, 0], "best": [1, 2, 0]}[order]
    assert [titles.index(hit.item.title) for hit in hits if hit.item] == expected


# Each writing that was met in the wild, the clean one, and why the one finds the other.
MET = [
    ("1031-WS ·2006-Y-001", "1031-ws·2006-y-0001", "number"),
    ("1012-s·1980-Y-11", "1012-WS·1980-Y-0011", "near"),
    ("1012-s·1980-Y-11", "1012-WS·1980·Y-0011", "near"),
    ("1001-IS-2013-D30-1", "1001-WS·2013-D30-0001", "near"),
    ("1001-IS2013-D30-1", "1001-WS·2013-D30-0001", "near"),
    ("001-WS·2017-D10-BGS0005", "001-WS·2017·D10·BGS-0005", "number"),
    ("001-WS2017-D10-BGS0006", "001-WS·2017-D10-BGS-0006", "number"),
    ("Z081-WS·2022-永久-举报情况说明-0001", "Z081-WS·2022·Y·举报情况说明-0001", "number"),
    ("J012-WS·2024-Y-0003", "J012-WS·2024·Y-0003", "number"),
    ("ZT40-WS·2023-Y-B-0001", "ZT40-WS·2023·Y·B-0001", "number"),
    ("5134-SW-Y-0001", "5134-SW·Y-0001", "number"),
    ("8200-ZY·SJ·2025-D30-0001", "8200-ZY·SJ·2025·D30-0001", "number"),
    ("3100-KU·01·01·2025-D30-0001", "3100-KU·01·01·2025·D30-0001", "number"),
    ("8136-KJ·JJ·001-0001", "8136-kj.jj.001-1", "number"),
    ("Z109—WS・2011－Y—0001", "Z109-WS•2011-Y-1", "number"),
    ("C038-001-002-003", "c038-1-2-3", "number"),
    ("KH0001", "kh1", "number"),
    ("KH0001-1", "kh1-1", "number"),
    ("XM0003-1", "xm3-1", "number"),
]


@pytest.mark.parametrize("reverse", [False, True])
def test_each_dirty_writing_of_a_number_finds_the_clean_one_and_the_reverse(database: Database, reverse: bool) -> None:
    catalogue = Catalogue(database)
    pairs = [(clean, met, why) if reverse else (met, clean, why) for met, clean, why in MET]

    def fill(change: Change) -> None:
        catalogue.add_fonds(change, "Z900", "别的", "p1")
        kept = {key_of(number): number for number, _asked, _why in pairs}
        for number in (*kept.values(), "Z900-WS·1980-Y-0099"):
            catalogue.add_item(change, NewItem("Z900", f"要找的{number}", ref_code=number), actor="p1")

    database.write(fill)
    for kept, asked, why in pairs:
        found = [hit for hit in Search(database).find(asked, clearance="public") if hit.item]
        told = {key_of(hit.item.ref_code): hit for hit in found if hit.item}
        assert len(told) == len(found) <= 2 and told[key_of(kept)].why == why, (kept, asked, found)
        assert told[key_of(kept)].marks[0].field == "ref_code" and told[key_of(kept)].marks[0].ranges


def test_a_case_written_without_its_zeros_leads_to_what_lies_in_it_and_in_no_other(database: Database) -> None:
    catalogue = Catalogue(database)

    def fill(change: Change) -> None:
        catalogue.add_fonds(change, "Z900", "别的", "p1")
        for number in ("KH0012-0002", "KH0012-0001", "KH0120-0001", "KH0001-0012"):
            catalogue.add_item(change, NewItem("Z900", "合同", ref_code=number), actor="p1")

    database.write(fill)
    found = Search(database).find("kh12", clearance="public")
    assert [hit.item and hit.item.ref_code for hit in found] == ["KH0012-0001", "KH0012-0002"]


def test_a_misread_category_is_offered_for_what_it_may_be_and_never_taken_for_it(database: Database) -> None:
    catalogue = Catalogue(database)
    numbers = ("1012-WS·1980-Y-0011", "1012-RS·1980-Y-0011", "1012-KU·1980-Y-0011", "1012-WS·1980-Y-0012")

    def fill(change: Change) -> None:
        catalogue.add_fonds(change, "1012", "别的", "p1")
        for ref_code in numbers:
            catalogue.add_item(change, NewItem("1012", ref_code, ref_code=ref_code), actor="p1")

    database.write(fill)
    found = Search(database).find("1012-s·1980-Y-11", clearance="public")
    assert {hit.item.ref_code for hit in found if hit.item} == set(numbers[:2])
    assert {hit.why for hit in found} == {"near"}
    assert catalogue.item_by_ref("1012-s·1980-Y-11") is None


@pytest.mark.parametrize("query", [NOTICE.ref_code, "Z109-WS·2011", "Z109-S·2011-Y-BGS-1", "kh1-1"])
def test_looking_up_a_number_never_reads_every_item(database: Database, box: Box, query: str) -> None:
    class Listened:
        """The store's readers, whose statements are kept."""

        def __init__(self) -> None:
            self.asked: list[str] = []

        @contextmanager
        def read(self) -> Iterator[Connection]:
            with database.read() as db:
                db.set_trace_callback(self.asked.append)
                yield db
                db.set_trace_callback(None)

    listened = Listened()
    Search(listened).find(query, clearance="internal")
    numbered = [one for one in listened.asked if "ref_order" in one and "FROM shown_item" in one]
    with database.read() as db:
        plans = {one: [step["detail"] for step in db.execute(f"EXPLAIN QUERY PLAN {one}")] for one in numbered}
    assert numbered and not {one: plan for one, plan in plans.items() if any("SCAN item" in step for step in plan)}


def test_of_several_pages_the_one_that_holds_most_of_the_query_explains_the_hit(
    database: Database, find: Callable[..., list[Hit]]
) -> None:
    catalogue, number = Catalogue(database), "临建字〔2016〕20号"

    def fill(change: Change) -> None:
        item_id = catalogue.add_item(change, NewItem("Z109", "来文", ref_code="Z109-WS·2016-Y-BGS-0009"), actor="p1")
        pages = ("文件 临财字〔1986〕62号 拨付河道工程款", f"其余各号从略。{number} 转发工程通知", "第20号附件")
        for page, text in enumerate(pages, 1):
            catalogue.set_text(change, item_id, page, text, confidence=0.9, engine="e", actor="p1")

    database.write(fill)
    [hit] = find(number)
    mark = hit.marks[-1]
    assert mark.page == 2 and "临建字〔2016〕20号" in mark.text
    [hit] = find("河道 附件")
    assert hit.marks[-1].page == 1, "none holds both: the first of those that hold as much"
