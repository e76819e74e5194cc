"""Cases: counted within their prefix, with a check-list, closed by the event that starts their retention."""

import pytest

from edge.domain.records import NewItem
from edge.errors import RuleRefused
from edge.workflows import cases
from tests.edge.workflows.archive_desk import sit_down


@pytest.fixture
def desk(database):
    return sit_down(database)


def test_cases_count_within_their_prefix_widen_after_9999_and_gather_what_lies_elsewhere(desk, database):
    of = desk.series(arrangement="case", number_rule="case", category="KH", parts="", file_width="4")
    own = desk.series(arrangement="case", number_rule="case", category="ZJ", parts="", file_width="4", name="专家")
    first = cases.open_case(desk.archive, desk.one, of.id, "城东水厂", department="营销部", opened="2020-05-01")
    assert [first.case_no, cases.open_case(desk.archive, desk.one, own.id, "陈工").case_no] == ["KH0001", "ZJ0001"]
    piece = desk.item(of, case="kh0001")
    assert (piece.number, piece.fixed) == ("KH0001-0001", True)
    elsewhere = desk.item(desk.series())
    cases.link(desk.archive, desk.one, "KH0001", "item", elsewhere.id)
    assert desk.archive.cases.holdings(first.id) == [("item", piece.id), ("item", elsewhere.id)]
    database.write(
        lambda change: change.db.execute("UPDATE case_file SET no = 9999 WHERE id = ?", (first.id,)), telemetry=True
    )
    assert cases.open_case(desk.archive, desk.one, of.id, "下一户").case_no == "KH10000"


def test_closing_a_case_starts_the_retention_of_its_pieces(desk):
    of = desk.series(arrangement="case", number_rule="case", category="XM", parts="", file_width="4")
    case = cases.open_case(desk.archive, desk.one, of.id, "二期管网")
    piece = desk.item(of, case=case.case_no)
    assert cases.close(desk.archive, desk.one, case.case_no, "project_ended", "2024-06-30") == 1
    assert desk.archive.descriptions.whole("item", piece.id).values["event_on"] == "20240630"
    with pytest.raises(RuleRefused):
        cases.close(desk.archive, desk.one, case.case_no, "left", "20240701")


def test_the_check_list_of_a_series_says_what_a_case_lacks(desk, database):
    of = desk.series(arrangement="case", number_rule="case", category="YG", parts="", file_width="4")
    case = cases.open_case(desk.archive, desk.one, of.id, "张三")
    database.write(lambda change: desk.archive.cases.want(change, of.id, ["劳动合同", "学历证明"], "p-1"))
    cases.tick(desk.archive, desk.one, "YG0001", 1)
    assert [(one.what, one.present) for one in desk.archive.cases.wanted(case.id)] == [
        ("劳动合同", True),
        ("学历证明", False),
    ]


def test_a_case_says_what_it_has_and_lacks_and_where_its_pieces_lie(desk):
    of = desk.series(arrangement="case", number_rule="case", category="KH", parts="", file_width="4")
    cases.set_checklist(desk.archive, desk.one, of.id, ["合同", "营业执照"])
    case = cases.open_case(desk.archive, desk.one, of.id, "某某公司")
    desk.item(of, "供水合同", case=case.case_no)
    cases.tick(desk.archive, desk.one, case.case_no, 1)
    _, wanted, holdings = cases.whole(desk.archive, desk.one, case.case_no)
    assert [(one.what, one.present) for one in wanted] == [("合同", True), ("营业执照", False)]
    assert [(one["number"], one["title"]) for one in holdings] == [("KH0001-0001", "供水合同")]


def test_a_case_never_takes_the_number_of_one_that_a_list_brought(desk, database):
    new = NewItem("Z109", "旧个案", "KH0007", secret_level="public")
    database.write(lambda change: desk.archive.catalogue.add_item(change, new, actor="p"))
    of = desk.series(arrangement="case", number_rule="case", category="KH", parts="", file_width="4")
    assert cases.open_case(desk.archive, desk.one, of.id, "某某公司").case_no == "KH0008"
