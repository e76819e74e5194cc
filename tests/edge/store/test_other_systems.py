"""Lists as AtoM and ArchivesSpace hand them out, with all that their columns mean to each other."""

import csv
from pathlib import Path

import pytest
from openpyxl import Workbook

from edge.domain.intake import Judged, judge
from edge.store.formats import open_listing

# Field codes, and below them the labels that ArchivesSpace prints for people.
CODES = (
    *("ArchivesSpace field code (please don't edit this row)", "collection_id", "ead", "res_uri", "ref_id", "title"),
    *("unit_id", "hierarchy", "level", "begin", "end", "expression", "type_1", "indicator_1", "barcode", "type_2"),
    *("indicator_2", "n_odd"),
)
LABELS = (
    *("Field name ", "Resource Identifier", "EAD ID (either this or URI is *REQUIRED*)", "Resource URI", "Ref ID "),
    *("Title (either or Date is *REQUIRED*)", "Component Unique Identifier", "Hierarchical Relationship *REQUIRED*"),
    *("Description Level *REQUIRED*", "Date(1) Begin", "Date(1) end", "Date(1) expression", "Top Container type"),
    *("Top Container [indicator]", "barcode", "Child type", "Child indicator", "General"),
)
ROWS = (
    ("", "", "MS1", "", "", "Letters", "", 1, "Series", "", "", "", "", "", "", "", "", ""),
    ("", "", "MS1", "", "", "To B", "MS1.1", 2, "File", "1901", "1902", "", "Box", "7", "3114", "Folder", "2", ""),
    ("", "", "MS1", "", "", "Drafts", "", 2, "Sub-series", "", "", "", "", "", "", "", "", ""),
    ("", "", "MS1", "", "", "To C", "MS1.2", 3, "File", "", "", "circa 1905", "Box", "8", "", "", "", "torn"),
    ("", "", "MS1", "", "", "Maps", "MS1.3", 1, "Series", "", "", "", "Box", "9", "", "", "", ""),
)


def sheet(path: Path, rows: tuple[tuple[object, ...], ...]) -> Path:
    if path.suffix == ".xlsx":
        book = Workbook()
        assert book.active is not None
        for row in rows:
            book.active.append(row)
        book.save(path)
        return path
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def judged(path: Path, fonds_no: str = "") -> list[Judged]:
    found = []
    for row in open_listing(path).rows:
        told = {"numeric": row.numeric, "faults": row.faults, "notes": row.notes}
        found.append(judge(row.number, row.place, row.values, fonds_no=fonds_no or path.stem, **told))
    return found


@pytest.mark.parametrize("name", ["bulk.csv", "bulk.xlsx"])
def test_archivesspaces_bulk_list_keeps_its_levels_boxes_and_folders(tmp_path: Path, name: str) -> None:
    letters, first, drafts, second, maps = judged(sheet(tmp_path / name, (CODES, LABELS, *ROWS)))
    assert [row.verdict for row in (letters, drafts)] == ["context", "context"]
    assert first.item is not None and second.item is not None and maps.item is not None
    assert (first.item.title, first.item.ref_code, first.item.fonds_no) == ("To B", "MS1.1", "MS1")
    assert (first.item.context, first.item.date[:4], first.item.remark) == ("Letters", "1901", "folder 2")
    assert (first.boxes, first.barcode) == (("7",), "3114")
    assert (second.item.context, second.item.date, second.item.remark) == ("Letters / Drafts", "19050000", "torn")
    assert maps.item.context == "" and maps.boxes == ("9",)


def test_archivesspace_may_leave_the_title_to_a_date_mark_it_and_name_a_second_box(tmp_path: Path) -> None:
    headings = ("ead", "title", "hierarchy", "expression_1", "indicator_1", "indicator_1_2", "n_accessrestrict")
    told = (
        ("MS1", "Minutes of <emph render='italic'>The Board</emph>", 1, "", "1", "3", "Closed until 2050"),
        ("MS1", "", 1, "March 1912", "1", "", ""),
        ("MS1", "x < y and z > a", 1, "", "2", "", ""),
        ("MS1", "", 1, "", "2", "", ""),
    )
    minutes, dated, plain, empty = judged(sheet(tmp_path / "bulk.csv", (headings, *told)))
    assert minutes.item is not None and dated.item is not None and plain.item is not None
    assert (minutes.item.title, minutes.boxes, minutes.item.remark) == (
        "Minutes of The Board",
        ("1", "3"),
        "Closed until 2050",
    )
    assert ("marks_taken_off", {}) in minutes.notes and ("title_is_date", {}) in dated.notes
    assert (dated.item.title, dated.item.date) == ("March 1912", "19120300")
    assert plain.item.title == "x < y and z > a" and empty.verdict == "refused"


def test_the_first_record_is_never_taken_for_a_second_row_of_headings(tmp_path: Path) -> None:
    headings = ("accession_title", "accession_number_1", "agent_role", "agent_name_primary_name")
    told = (("Papers", "2010", "creator", "Water Board"), ("Maps", "2011", "", ""))
    papers, maps = judged(sheet(tmp_path / "accessions.csv", (headings, *told)))
    assert papers.item is not None and maps.item is not None
    assert (papers.item.title, papers.item.responsible, maps.item.title) == ("Papers", "Water Board", "Maps")


def test_atoms_access_points_are_kept_and_a_parent_that_is_missing_is_said(tmp_path: Path) -> None:
    headings = ("legacyId", "parentId", "identifier", "title", "subjectAccessPoints", "accessConditions")
    row = ("5", "99", "S1-2", "Letters", "Water|Roads", "Closed for 30 years")
    [read] = judged(sheet(tmp_path / "atom.csv", (headings, row)))
    assert read.item is not None and read.described["keywords"] == "Water\nRoads"
    assert read.item.remark == "Closed for 30 years" and ("parent_not_in_list", {}) in read.notes


def test_archivesspaces_accessions_are_known_by_their_numbers(tmp_path: Path) -> None:
    headings = ("accession_title", "accession_number_1", "accession_number_2", "accession_accession_date")
    [row] = judged(sheet(tmp_path / "accessions.csv", (headings, ("Papers of B", "2010", "17", "2010-05-04"))))
    assert row.item is not None
    assert (row.item.title, row.item.ref_code, row.item.date) == ("Papers of B", "2010-17", "20100504")


def test_atom_joins_several_dates_and_names_and_the_first_date_counts(tmp_path: Path) -> None:
    headings = ("legacyId", "parentId", "identifier", "title", "eventDates", "eventStartDates", "eventActors")
    row = ("1", "", "F1", "Papers", "NULL|1901 to 1902", "NULL|1901-00-00", "B, A.|NULL|C")
    [read] = judged(sheet(tmp_path / "atom.csv", (headings, row)))
    assert read.item is not None and read.item.responsible == "B, A.；C"
    assert (read.item.date, read.item.date_written) == ("19010000", "1901 to 1902")
    assert ("several_dates", {}) in read.notes


def test_of_several_dates_of_atom_the_last_day_is_that_of_the_first(tmp_path: Path) -> None:
    headings = ("legacyId", "parentId", "identifier", "title", "eventStartDates", "eventEndDates")
    rows = ("1", "", "F1", "A", "NULL|1901|1910", "NULL|1902|1911"), ("2", "", "F2", "B", "1901|1910", "NULL|1911")
    spans = [read.item.date_written for read in judged(sheet(tmp_path / "a.csv", (headings, *rows))) if read.item]
    assert spans == ["1901—1902", "1901"]


def test_a_fonds_whose_cell_lost_its_zeros_gets_them_back_where_somebody_tells_them(tmp_path: Path) -> None:
    headings = ("全宗号", "档号", "题名", "门类代码", "年度", "保管期限", "件号")
    numbered = sheet(tmp_path / "a.xlsx", (headings, (94, "0094-WS·2021-D10-0533", "甲", "", "", "", "")))
    [row] = judged(numbered)
    assert row.item is not None and row.item.fonds_no == "0094" and row.verdict == "mended"
    composed = sheet(tmp_path / "b.xlsx", (headings, (94, "", "乙", "WS", 2021, "10年", 533)))
    [row] = judged(composed, fonds_no="0094")
    assert row.item is not None and row.item.ref_code == "0094-WS·2021-D10-0533" and row.item.fonds_no == "0094"
    [alone] = judged(composed, fonds_no="Z109")
    assert alone.item is not None and alone.item.fonds_no == "94"  # nobody tells: nothing is guessed


def test_what_a_record_is_about_is_taken_from_each_systems_list(tmp_path: Path) -> None:
    atom = (("legacyId", "title", "scopeAndContent"), ("1", "Letters", "Of the water board.\nAnd replies."))
    codes = ("ead", "hierarchy", "title", "unit_id", "indicator_1", "n_abstract", "n_scopecontent")
    space = (codes, ("MS1", "1", "Letters", "1", "7", "Of the water board.", "<p>And replies.</p>"))
    ours = (("档号", "题名", "范围和提要"), ("Z109-WS·2011-Y-0001", "来信", "Of the water board.\nAnd replies."))
    for name, rows in (("atom.csv", atom), ("space.csv", space), ("ours.csv", ours)):
        [read] = judged(sheet(tmp_path / name, rows))
        assert read.described["scope"] == "Of the water board.\nAnd replies.", name


EAD = """<ead xmlns="urn:isbn:1-931666-22-9"><archdesc level="fonds"><did><unitid>MS1</unitid></did>
<scopecontent><p>Of all the papers.</p></scopecontent>
<bioghist><head>History</head><chronlist><chronitem><date>1958</date><event>Founded.</event></chronitem></chronlist>
</bioghist><dsc>
<c level="series"><did><unittitle>Letters</unittitle></did><scopecontent><p>Of the series.</p></scopecontent>
<c level="file"><did><unittitle>To B</unittitle><unitid>1</unitid><container type="box">7</container>
<abstract>Of the
 water board.</abstract><physdesc><extent>3 folders</extent></physdesc>
<langmaterial><language langcode="eng">English</language></langmaterial></did>
<scopecontent><head>Scope</head><p>And <emph>replies</emph>.</p><p>Some torn.</p></scopecontent>
<accessrestrict><head>Access</head><p>Closed for 30 years.</p></accessrestrict>
<originalsloc><p>City hall</p></originalsloc>
<controlaccess><head>Terms</head><persname>Ward, J.</persname><controlaccess><corpname>Water Board</corpname>
<subject>Water</subject></controlaccess></controlaccess></c></c></dsc></archdesc></ead>"""


def test_a_finding_aids_notes_are_taken_where_a_record_has_a_field_for_them(tmp_path: Path) -> None:
    (tmp_path / "aid.xml").write_text(EAD, "utf-8")
    read, series, fonds = judged(tmp_path / "aid.xml")
    assert read.item is not None and read.item.remark == "Closed for 30 years."
    assert read.described == {
        "scope": "Of the water board.\nAnd replies.\nSome torn.",
        "extent": "3 folders",
        "language": "English",
        "originals": "City hall",
        "persons": "Ward, J.\nWater Board",
        "keywords": "Water",
    }
    assert series.notes == (("kept_as_context", {"level": "series"}), ("scope_of_context", {}))
    assert (fonds.verdict, *fonds.notes) == ("context", ("kept_as_context", {"level": "fonds"}), ("fonds_told", {}))
    assert fonds.of_fonds == {"scope": "Of all the papers.", "unit_history": "1958\nFounded."}
