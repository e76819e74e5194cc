"""Catalogue files, good and bad, as other people's systems write them."""

import csv
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from edge.errors import InputRefused
from edge.store.formats import ListedRow, Listing, open_listing

TABLE = [["档号", "题名", "日期", "盒号"], ["Z109-WS·2011-Y-0001", "关于档案的通知", "20110301", "0001"]]


def rows(path: Path) -> list[ListedRow]:
    return list(open_listing(path).rows)


def values(path: Path) -> list[dict[str, str]]:
    return [row.values for row in rows(path)]


def refusal(path: Path) -> InputRefused:
    with pytest.raises(InputRefused) as refused:
        list(open_listing(path).rows)
    assert refused.value.params["file"] == path.name
    return refused.value


def write_csv(path: Path, table: list[list[str]], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(table)
    return path


def write_xlsx(path: Path, table: list[list[object]]) -> Path:
    book = Workbook()
    for row in table:
        book.active.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_is_read_in_the_encodings_and_delimiters_of_spreadsheet_programs(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    path = write_csv(tmp_path / "list.csv", TABLE, encoding, delimiter)
    listed = open_listing(path)
    assert (listed.format, listed.total) == ("csv", 1)
    assert [row.values for row in listed.rows] == [
        {"ref_code": "Z109-WS·2011-Y-0001", "title": "关于档案的通知", "date": "20110301", "box_no": "0001"}
    ]


def test_big5_is_read_by_its_headings(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "list.csv", [["檔號", "題名"], ["A-1", "會議紀錄"]], "big5")
    assert values(path) == [{"ref_code": "A-1", "title": "會議紀錄"}]


@pytest.mark.parametrize(
    ("headings", "field"),
    [
        (["档 号", "题　名!"], "ref_code"),
        (["檔號", "題名"], "ref_code"),
        (["DH", "TM"], "ref_code"),
        (["ＤＨ*", "题名\n"], "ref_code"),
        (["机构（问题）", "文件题名"], "org"),
        (["机构或问题!", "题名!"], "org"),
        (["unit_value", "text_value"], "box_no"),
        (["legacyId", "title"], "foreign_id"),
        (["件号!", "题名!"], "item_no"),
    ],
)
def test_headings_are_known_in_the_ways_people_write_them(tmp_path: Path, headings: list[str], field: str) -> None:
    assert values(write_csv(tmp_path / "list.csv", [headings, ["X", "题"]])) == [{field: "X", "title": "题"}]


def test_title_lines_above_the_headings_and_headings_on_each_page_are_passed_over(tmp_path: Path) -> None:
    table = [
        ["归档文件目录", "", "", ""],
        ["单位：住建局", "", "", ""],
        *TABLE,
        TABLE[0],
        ["Z109-WS·2011-Y-0002", "乙", "", ""],
    ]
    found = rows(write_csv(tmp_path / "list.csv", table))
    assert [row.values["ref_code"] for row in found] == ["Z109-WS·2011-Y-0001", "Z109-WS·2011-Y-0002"]
    assert [row.place for row in found] == ["4", "6"]


def test_headings_in_two_rows_with_merged_cells_are_joined(tmp_path: Path) -> None:
    book = Workbook()
    for row in (
        ["档号", "题名", "时间", None, "备注"],
        [None, None, "日期", "终止日期", None],
        ["A-1", "甲", "2011", "2012", "好"],
    ):
        book.active.append(row)
    book.active.merge_cells("C1:D1")
    book.active.merge_cells("A1:A2")
    book.save(tmp_path / "list.xlsx")
    assert values(tmp_path / "list.xlsx") == [
        {"ref_code": "A-1", "title": "甲", "date": "2011", "end_date": "2012", "remark": "好"}
    ]


def test_of_two_columns_that_mean_the_same_the_better_one_wins_and_the_other_fills_gaps(tmp_path: Path) -> None:
    table = [["unit_value", "unit_value_inherited", "title"], ["1", "2", "a"], ["3", "", "b"]]
    assert [row["box_no"] for row in values(write_csv(tmp_path / "list.csv", table))] == ["2", "3"]


def test_the_place_of_a_row_is_its_line_even_after_cells_of_several_lines(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "list.csv", [["题名", "盒号"], ["两\n行", "1"], ["下一件", "1"]])
    assert [row.place for row in rows(path)] == ["2", "4"]


def test_xlsx_numbers_dates_and_text_become_text(tmp_path: Path) -> None:
    from datetime import date

    path = write_xlsx(
        tmp_path / "list.xlsx",
        [["题名", "盒号", "日期", "页数"], ["甲", "0012", date(1999, 9, 9), 12], ["乙", 12.0, 36412, 1.5]],
    )
    first, second = rows(path)
    assert first.values == {"title": "甲", "box_no": "0012", "date": "1999-09-09", "pages": "12"}
    assert second.values == {"title": "乙", "box_no": "12", "date": "36412", "pages": "1.5"}
    assert "box_no" in second.numeric and "box_no" not in first.numeric
    assert second.place == "Sheet!3"


def test_a_formula_is_not_evaluated_and_without_a_stored_value_its_row_is_at_fault(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "list.xlsx", [["题名", "盒号"], ["=1+1", "1"], ["甲", "2"]])
    first, second = rows(path)
    assert first.faults == ("formula_without_value",) and "title" not in first.values
    assert second.faults == ()


def test_the_stored_value_of_a_formula_is_taken_and_said(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "list.xlsx", [["题名", "盒号"], ["=1+1", "1"]])
    calculated = tmp_path / "calculated.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(calculated, "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            target.writestr(
                entry.filename,
                content.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>").replace(
                    b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>"
                ),
            )
    [row] = rows(calculated)
    assert (row.values["title"], row.notes) == ("2", ("formula_value_taken",))


def test_csv_cells_that_look_like_formulas_stay_text(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "list.csv", [["题名", "盒号"], ["=cmd|' /C calc'!A0", "1"]])
    assert values(path)[0]["title"] == "=cmd|' /C calc'!A0"


def test_only_sheets_whose_headings_are_understood_are_read(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["说明", "请勿改动"])
    sheet = book.create_sheet("目录")
    for row in (["题名", "盒号"], ["甲", "1"]):
        sheet.append(row)
    book.save(tmp_path / "list.xlsx")
    assert [row.place for row in rows(tmp_path / "list.xlsx")] == ["目录!2"]


def test_an_error_cell_is_a_fault_of_its_row(tmp_path: Path) -> None:
    [row] = rows(write_xlsx(tmp_path / "list.xlsx", [["题名", "盒号"], ["#REF!", "1"]]))
    assert row.faults == ("cell_error_value",)


def test_an_endless_cell_is_a_fault_of_its_row(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "list.csv", [["题名", "盒号"], ["长" * 20_001, "1"], ["甲", "2"]])
    assert [row.faults for row in rows(path)] == [("cell_too_long",), ()]


EAD = """<?xml version="1.0"?>{doctype}
<ead{namespace}><archdesc><did><unitid>MS 1</unitid><unittitle>Papers of <emph>A</emph></unittitle></did>
<dsc><{c} level="series" id="s1"><did><unittitle>Letters,</unittitle></did>
<{c2} id="f1"><did><unittitle>To B</unittitle><unitid>MS 1.1</unitid><unitdate normal="1901/1902">c. 1901-2</unitdate>
<container id="x" type="box" label="Mixed Materials [31142054604510]">1-3</container>
<container parent="x" type="folder">7</container></did></{c2}>
<{c2} level="item" id="i1"><did><unittitle>{title}</unittitle></did></{c2}></{c}></dsc></archdesc></ead>"""


def write_ead(path: Path, **changes: str) -> Path:
    parts = {"doctype": "", "namespace": ' xmlns="urn:isbn:1-931666-22-9"', "c": "c", "c2": "c", "title": "To C"}
    path.write_text(EAD.format(**(parts | changes)), "utf-8")
    return path


def listing(path: Path) -> tuple[Listing, list[ListedRow]]:
    listed = open_listing(path)
    return listed, list(listed.rows)


@pytest.mark.parametrize(
    "changes", [{}, {"namespace": ""}, {"c": "c01", "c2": "c02"}, {"doctype": '<!DOCTYPE ead SYSTEM "ead.dtd">'}]
)
def test_ead_is_read_with_and_without_namespace_and_numbered_components(
    tmp_path: Path, changes: dict[str, str]
) -> None:
    listed, found = listing(write_ead(tmp_path / "fa.xml", **changes))
    assert (listed.fonds_no, listed.fonds_name, listed.total) == ("MS 1", "Papers of A", 3)
    letter, card, series = found
    assert letter.values == {
        "title": "To B",
        "foreign_ref": "MS 1.1",
        "date": "1901/1902",
        "date_written": "c. 1901-2",
        "foreign_id": "f1",
        "context": "Letters",
        "remark": "folder 7",
        "box_no": "1-3",
        "barcode": "31142054604510",
    }
    assert card.values == {"title": "To C", "foreign_id": "i1", "context": "Letters"}
    assert series.values["context_only"] == "series"
    assert [row.place for row in found] == ["4", "7", "3"]


def test_entities_are_refused_with_their_line(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE ead [\n<!ENTITY a "aaaaaaaaaa">\n<!ENTITY b "&a;&a;&a;">]>'
    refused = refusal(write_ead(tmp_path / "fa.xml", doctype=bomb, title="&b;"))
    assert (refused.code, refused.params["line"]) == ("xml_entities", 2)
    outside = '<!DOCTYPE ead [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    assert refusal(write_ead(tmp_path / "fa.xml", doctype=outside, title="&x;")).code == "xml_entities"


def test_broken_xml_is_refused_with_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "fa.xml"
    path.write_text("<ead><archdesc>\n<did></archdesc></ead>", "utf-8")
    refused = refusal(path)
    assert (refused.code, refused.params["line"], refused.params["column"]) == ("xml_broken", 2, 8)


def test_another_kind_of_xml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "page.xml"
    path.write_text("<html><body/></html>", "utf-8")
    assert refusal(path).code == "not_ead"


def test_an_unclosed_quote_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("题名,盒号\n甲,1\n" + '"乙,2\n' + "丙丁戊己庚,3\n" * 20_000, "utf-8")
    refused = refusal(path)
    assert (refused.code, refused.params["line"]) == ("csv_broken", 3)


def test_a_table_without_known_headings_is_refused_and_shows_what_it_has(tmp_path: Path) -> None:
    refused = refusal(write_csv(tmp_path / "list.csv", [["价格", "数量"], ["1", "2"]]))
    assert refused.code == "headings_unknown" and "价格" in refused.params["seen"]
    assert refusal(write_xlsx(tmp_path / "list.xlsx", [["价格", "数量"], ["1", "2"]])).code == "headings_unknown"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"  \n\n", "file_empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old excel", "xls_old"),
        (b"\x7fELF\x00\x00\x00\x01", "file_format_unknown"),
        (b"PK\x03\x04 not really a zip", "xlsx_broken"),
        (b"\xff\xff\xfe\xfd,\x80\x81\n\xff", "csv_encoding_unknown"),
    ],
)
def test_a_wrong_file_is_refused_whatever_its_name(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "catalogue.xlsx"
    path.write_bytes(content)
    assert refusal(path).code == code


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nowhere.csv").code == "file_unreadable"


def test_a_zip_that_is_no_workbook_and_a_zip_bomb_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("readme.txt", "hello")
    assert refusal(path).code == "xlsx_broken"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed,
        packed.open("xl/worksheets/sheet1.xml", "w") as sheet,
    ):
        for _ in range(60):
            sheet.write(b" " * 1_000_000)
    refused = refusal(path)
    assert (refused.code, refused.params["megabytes"]) == ("file_too_big", 60)


def test_entities_inside_a_workbook_are_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "list.xlsx", [["题名", "盒号"], ["甲", "1"]])
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(bomb, "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                content = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + content.replace(
                    b"<sheetData>", b"<sheetData>&b;"
                )
            target.writestr(entry.filename, content)
    assert refusal(bomb).code == "xlsx_broken"


def test_a_repeated_reading_counts_rows_alike(tmp_path: Path) -> None:
    path = write_ead(tmp_path / "fa.xml")
    assert rows(path) == rows(path)
