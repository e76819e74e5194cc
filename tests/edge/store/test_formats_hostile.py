"""Files that were made, or went wrong, to hurt: each is refused or taken with bounded work, and says why."""

import csv
import json
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from edge.domain.intake import judge
from edge.errors import InputRefused
from edge.store.formats import ListedRow, open_listing

ATOM = ["legacyId", "parentId", "identifier", "title", "levelOfDescription", "physicalObjectName"]


def rows(path: Path) -> list[ListedRow]:
    return list(open_listing(path).rows)


def refusal(path: Path) -> InputRefused:
    with pytest.raises(InputRefused) as refused:
        rows(path)
    return refused.value


def write(path: Path, *table: list[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(table)
    return path


@pytest.mark.parametrize("tail", ["\n", "", "\n\n"])
def test_a_quote_that_is_never_closed_swallows_no_rows(tmp_path: Path, tail: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f'题名,盒号\n甲,1\n"乙,2\n丙,3{tail}', "utf-8")
    refused = refusal(path)
    assert (refused.code, refused.recovery, refused.params["line"]) == ("csv_broken", "close_quotes", 3)
    path.write_text(f'题名,盒号\n甲,1\n"乙\n二",2\n丙,"3"{tail}', "utf-8")
    assert [row.values["title"].split() for row in open_listing(path).rows] == [["甲"], ["乙", "二"], ["丙"]]


def test_a_cell_of_ten_megabytes_is_refused_in_each_format(tmp_path: Path) -> None:
    huge = "长" * 3_500_000
    path = write(tmp_path / "list.csv", ["题名", "盒号"], ["甲", "1"], [huge, "2"])
    refused = refusal(path)
    assert (refused.code, refused.params["line"]) == ("csv_broken", 3)

    book = tmp_path / "list.xlsx"
    sheet = Workbook()
    for row in (["题名", "盒号"], ["HUGE", "1"], ["乙", "2"]):
        sheet.active.append(row)
    sheet.save(tmp_path / "small.xlsx")
    with zipfile.ZipFile(tmp_path / "small.xlsx") as small, zipfile.ZipFile(book, "w") as target:
        for entry in small.infolist():
            target.writestr(entry.filename, small.read(entry).replace(b"HUGE", huge.encode()))
    assert [row.faults for row in rows(book)] == [("cell_too_long",), ()]

    aid = tmp_path / "fa.xml"
    aid.write_text(
        f"<ead><archdesc><did><unitid>MS 1</unitid></did><dsc><c id='a'><did><unittitle>{huge}</unittitle></did></c>"
        "<c id='b'><did><unittitle>B</unittitle></did></c></dsc></archdesc></ead>",
        "utf-8",
    )
    assert [row.faults for row in rows(aid)] == [("cell_too_long",), ()]

    line = tmp_path / "list.jsonl"
    line.write_text(json.dumps({"storeroom.items/1": {"title": huge}}), "utf-8")
    assert refusal(line).code == "jsonl_broken"


def test_a_sheet_of_a_hundred_thousand_columns_is_read_as_far_as_a_register_reaches(tmp_path: Path) -> None:
    wide = [f"列{no}" for no in range(100_000)]
    path = write(tmp_path / "list.csv", ["题名", "盒号", *wide], ["甲", "1", *wide])
    [row] = rows(path)
    assert row.values == {"title": "甲", "box_no": "1"}
    assert len(open_listing(path).ignored) <= 200

    book = tmp_path / "list.xlsx"
    cells = "".join(f'<c r="{_letters(no)}2" t="inlineStr"><is><t>x</t></is></c>' for no in range(2, 16_384))
    _workbook(book, f'<c r="A2" t="inlineStr"><is><t>甲</t></is></c><c r="B2"><v>1</v></c>{cells}')
    assert [row.values for row in rows(book)] == [{"title": "甲", "box_no": "1"}]
    far = '<c r="EQXD2" t="inlineStr"><is><t>x</t></is></c>'  # column 100,000: no spreadsheet has it
    _workbook(book, f'<c r="A2" t="inlineStr"><is><t>甲</t></is></c><c r="B2"><v>1</v></c>{far}')
    assert refusal_or_rows(book) in ("xlsx_broken", [{"title": "甲", "box_no": "1"}])


def test_rows_below_the_size_that_a_workbook_claims_are_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    _workbook(path, '<c r="A2" t="inlineStr"><is><t>甲</t></is></c><c r="B2"><v>1</v></c>')
    with zipfile.ZipFile(path) as packed:
        assert b'<dimension ref="A1:B1"' in packed.read("xl/worksheets/sheet1.xml")
    assert [row.values["title"] for row in rows(path)] == ["甲"]


def refusal_or_rows(path: Path) -> Any:
    try:
        return [row.values for row in rows(path)]
    except InputRefused as refused:
        return refused.code


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _workbook(path: Path, row: str) -> None:
    """A workbook whose second row is ``row``."""
    plain = Workbook()
    plain.active.append(["题名", "盒号"])
    plain.save(path.with_name("plain.xlsx"))
    with zipfile.ZipFile(path.with_name("plain.xlsx")) as source, zipfile.ZipFile(path, "w") as target:
        for entry in source.infolist():
            content = source.read(entry).replace(b"</sheetData>", f'<row r="2">{row}</row></sheetData>'.encode())
            target.writestr(entry.filename, content)


def test_a_workbook_whose_parts_are_well_formed_and_wrong_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    _workbook(path, '<c r="A2" t="s"><v>99</v></c>')  # a shared string that there is none of
    assert refusal(path).code == "xlsx_broken"
    _workbook(path, '<c r="A2"><v>no number</v></c>')
    assert refusal(path).code == "xlsx_broken"


def test_a_workbook_loses_no_row_that_has_the_number_of_another_one(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    cell = '<c r="A2" t="inlineStr"><is><t>{}</t></is></c><c r="B2"><v>1</v></c>'
    twice = cell.format("甲") + "</row><row r='2'>" + cell.format("乙")
    backwards = '<c r="B9"><v>1</v></c><c r="A9" t="inlineStr"><is><t>丙</t></is></c>'
    _workbook(path, twice + "</row><row r='9'>" + backwards)
    assert [(row.place, row.values["title"]) for row in rows(path)] == [
        ("Sheet!2", "甲"),
        ("Sheet!3", "乙"),
        ("Sheet!9", "丙"),
    ]
    assert all(row.values["box_no"] == "1" for row in rows(path))


def test_how_a_word_is_read_aloud_is_no_part_of_a_cell(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    title = "<is><r><t>会</t></r><r><t>计</t></r><rPh sb='0' eb='2'><t>kuaiji</t></rPh></is>"
    _workbook(path, f'<c r="A2" t="inlineStr">{title}</c><c r="B2"><v>1</v></c>')
    assert [row.values["title"] for row in rows(path)] == ["会计"]


def test_memory_stays_flat_over_a_long_sheet(tmp_path: Path) -> None:
    def held(count: int) -> int:
        """Most bytes while the rows of a sheet of ``count`` are read."""
        path = tmp_path / f"{count}.xlsx"
        cells = '<c r="A{0}" t="inlineStr"><is><t>甲{0}</t></is></c><c r="B{0}"><v>1</v></c>'
        _workbook(path, "</row>".join(f"<row r='{no}'>" * (no > 2) + cells.format(no) for no in range(2, count + 2)))
        listing = open_listing(path)
        tracemalloc.start()
        assert sum(1 for _row in listing.rows) == count
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert held(6000) < held(1500) + 150_000  # bytes: an empty element a row would be twice that


@pytest.mark.parametrize(("namespace", "depth"), [("", 20), (' xmlns="http://ead3.archivists.org/schema/"', 20)])
def test_components_twenty_levels_deep_keep_all_their_titles(tmp_path: Path, namespace: str, depth: int) -> None:
    path = tmp_path / "fa.xml"
    inner = '<c id="leaf" level="item"><did><unittitle>叶</unittitle></did></c>'
    for no in range(depth, 0, -1):
        inner = f'<c id="c{no}" level="series"><did><unittitle>层{no}</unittitle></did>{inner}</c>'
    path.write_text(
        f"<ead{namespace}><archdesc><did><unitid>MS 1</unitid></did><dsc>{inner}</dsc></archdesc></ead>", "utf-8"
    )
    leaf, *above = rows(path)
    assert leaf.values["context"].split(" / ") == [f"层{no}" for no in range(1, depth + 1)]
    assert [row.values["context_only"] for row in above] == ["series"] * depth


def test_components_nested_without_end_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "fa.xml"
    opening = "<c><did><unittitle>x</unittitle></did>" * 5_000
    path.write_text(f"<ead><archdesc><did><unitid>1</unitid></did><dsc>{opening}", "utf-8")
    refused = refusal(path)
    assert refused.code == "xml_too_deep" and refused.params["line"] == 1


def test_parents_become_the_titles_above_and_the_fonds(tmp_path: Path) -> None:
    path = write(
        tmp_path / "atom.csv",
        ATOM,
        ["1", "", "F1", "Papers", "Fonds", ""],
        ["2", "1", "S1", "Letters", "Series", ""],
        ["3", "2", "F1-1", "To B", "Item", "Box 1|Box 2"],
        ["4", "2", "F1-2", "To C", "Item", ""],
    )
    fonds, series, first, second = rows(path)
    assert (fonds.values["context_only"], series.values["context_only"]) == ("fonds", "series")
    assert first.values["context"] == second.values["context"] == "Letters"
    assert first.values["fonds_no"] == "F1" and first.values["fonds_name"] == "Papers"
    assert judge(3, "4", first.values, fonds_no="x").boxes == ("1", "2")


def test_parents_that_go_round_in_a_circle_are_a_fault_of_their_rows(tmp_path: Path) -> None:
    path = write(
        tmp_path / "atom.csv",
        ATOM,
        ["1", "2", "A", "甲", "Series", ""],
        ["2", "3", "B", "乙", "Series", ""],
        ["3", "1", "C", "丙", "Series", ""],
        ["4", "3", "D", "丁", "Item", "1"],
        ["5", "5", "E", "戊", "Item", "1"],
        ["6", "nobody", "F", "己", "Item", "1"],
    )
    assert [row.faults for row in rows(path)] == [("parents_in_circle",)] * 5 + [()]


def test_parents_without_end_are_a_fault_and_no_endless_work(tmp_path: Path) -> None:
    chain = [[str(no), str(no - 1), f"N{no}", f"级{no}", "Series", ""] for no in range(1, 400)]
    found = rows(write(tmp_path / "atom.csv", ATOM, *chain))
    assert found[90].faults == () and found[-1].faults == ("parents_too_deep",)


def test_prose_about_access_is_no_secrecy_level(tmp_path: Path) -> None:
    headings = [*ATOM, "accessConditions", "appraisal"]
    path = write(
        tmp_path / "atom.csv",
        headings,
        ["1", "", "A", "甲", "Item", "1", "Open for research; see the reading room", "Kept in full"],
        ["2", "", "B", "乙", "Item", "1", "机密", "永久"],
    )
    prose, secret = (judge(row.number, row.place, row.values, fonds_no="x") for row in rows(path))
    assert prose.item is not None and (prose.item.secret_level, prose.item.retention) == ("public", "")
    assert secret.item is not None and (secret.item.secret_level, secret.item.retention) == ("secret", "Y")


@pytest.mark.parametrize(
    ("head", "tail", "line"),
    [("gbk", "utf-8", 3), ("utf-8", "gbk", 1), ("utf-8-sig", "gbk", 1), ("big5", "utf-8", 3)],
)
def test_two_encodings_in_one_file_are_refused_and_never_taken_as_wrong_characters(
    tmp_path: Path, head: str, tail: str, line: int
) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("題名,盒號\n會議通知,1\n".encode(head) + "會議紀錄文件,2\n".encode(tail))
    refused = refusal(path)
    assert refused.code in ("csv_encodings_mixed", "csv_encoding_unknown")
    assert refused.params["line"] == line


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_a_western_encoding_is_refused_and_never_read_as_han(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("title,box\nUeber die Größe,1\nÜbersicht ähnlicher Fälle,2\n".encode(encoding))
    refused = refusal(path)
    assert (refused.code, refused.params["line"]) == ("csv_encoding_unknown", 2)
    path.write_bytes("title,box\nA型号test,1\n關於vpn的通知,2\n".encode("gbk"))
    assert len(rows(path)) == 2


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[" * 100_000,
        '{"a": 1}',
        '{"storeroom.items/1": 5}',
        '{"storeroom.items/1": {"title": {"deep": 1}}}',
        '{"storeroom.items/1": {"title": "\\ud800"}}',
        '{"storeroom.items/1": {}, "more": 1}',
        '{"storeroom.boxes/1": {"title": "x"}}',
    ],
)
def test_json_lines_that_are_not_ours_are_refused_with_their_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "list.jsonl"
    path.write_text('{"storeroom.items/1": {"title": "甲", "fonds_no": "Z1"}}\n' + line + "\n", "utf-8")
    refused = refusal(path)
    assert (refused.code, refused.params["line"]) == ("jsonl_broken", 2)


@pytest.mark.parametrize("opening", ['"', '1,"'])
def test_a_quote_left_open_in_the_middle_is_refused_where_the_next_cell_in_quotes_closes_it(
    tmp_path: Path, opening: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f'盒号,题名\n1,甲\n{opening}乙\n3,丙\n4,"丁"\n5,戊\n', "utf-8")
    refused = refusal(path)
    assert (refused.code, refused.recovery, refused.params["line"]) == ("csv_broken", "close_quotes", 3)


def test_a_cell_that_holds_whole_rows_is_refused_and_the_rest_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text('档号,题名,盒号\n01,甲,1\n02,"乙,2\n03,丙,3\n04,丁",4\n05,"戊,\n己",5\n', "utf-8")
    assert [(row.place, row.faults) for row in rows(path)] == [("2", ()), ("3", ("rows_in_cell",)), ("6", ())]


def test_columns_too_far_right_are_counted(tmp_path: Path) -> None:
    wide = ["题名", "盒号", *[""] * 198, "甲", "", "乙"]
    path = write(tmp_path / "list.csv", wide, ["丙", "1"])
    assert open_listing(path).beyond == 3
    book = Workbook()
    for row in (wide, ["丙", "1"]):
        book.active.append(row)
    book.save(tmp_path / "list.xlsx")
    assert open_listing(tmp_path / "list.xlsx").beyond == 3
    assert open_listing(write(path, wide[:200], ["丙", "1"])).beyond == 0


def test_a_list_in_shift_jis_is_told_that_its_encoding_may_be_wrong(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("題名,箱番号\n会議録,3\n".encode("shift-jis"))
    assert (refusal(path).code, refusal(path).recovery) == ("headings_unknown", "check_encoding_and_headings")
    path.write_text("一,二\n三,四\n", "utf-8")
    assert refusal(path).recovery == "check_headings"


def test_a_broken_workbook_is_told_of_in_words(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(b"PK\x03\x04 not really a zip")
    assert refusal(path).params == {"file": "list.xlsx"}
