"""What may leave, in what form, and what the trace says of it."""

import csv
import hashlib
import json
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest

from edge.domain import headings
from edge.domain.people import Person
from edge.domain.records import NewItem
from edge.errors import InputRefused, RuleRefused, StoreError
from edge.store import box_places, catalogue_rows
from edge.store.catalogue import Catalogue
from edge.store.database import Database
from edge.store.exports import ead_out
from edge.store.exports.tables import BOXES, ITEMS, TABLES, VOLUMES
from edge.store.formats.formula_guard import guard, unguard
from edge.store.loans import Loans
from edge.store.readers import Readers
from edge.store.trace import Trace
from edge.words import LANGUAGES
from edge.workflows import ingest, take_out
from edge.workflows.take_out import Order, Taken
from tests.edge.conftest import KEY
from tests.edge.workflows.test_ingest import LAYOUT, line, write


@pytest.fixture
def filled(database: Database) -> Database:
    """Two open items and a volume with a secret one, in two boxes; the secret one is lent."""
    ingest.ready_slots(database, LAYOUT, "p1")
    catalogue = Catalogue(database)

    def fill(change: Any) -> None:
        catalogue.add_fonds(change, "Z109", "住建局", "p1")
        catalogue.add_fonds(change, "Z110", "", "p1")
        box = catalogue.add_box(change, fonds_no="Z109", box_no="0007", actor="p1")
        box_places.place_box(change, box.id, "B1-A-01-R-01-1-01", "p1", "test")
        volume = catalogue.add_volume(
            change, fonds_no="Z109", ref_code="Z109-KU·01·2017-001", title="不可外传的案卷", actor="p1", box_id=box.id
        )
        catalogue.add_item(change, NewItem("Z109", "=HYPERLINK(1)", "Z109-WS·2011-Y-0001"), actor="p1", box_id=box.id)
        catalogue.add_item(change, NewItem("Z110", "另一全宗", "Z110-WS·2011-Y-0001"), actor="p1")
        secret = NewItem("Z109", "不可外传的文件", "Z109-WS·2011-Y-0002", secret_level="secret")
        item = catalogue.add_item(change, secret, actor="p1", box_id=box.id, volume_id=volume.id)
        Loans(database).ask(
            change,
            kind="item",
            item_id=item,
            volume_id=None,
            box_id=box.id,
            slot="B1-A-01-R-01-1-01",
            person_id="p2",
            level="secret",
        )

    database.write(fill)
    return database


def taken(database: Database, out: Path, what: str, form: str = "csv", **more: str) -> Taken:
    return take_out.take_out(database, Order(what, form, **more), out, lambda _taken: None)


def lines(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_what_is_secret_stays_out_of_every_table_unless_cleared(filled: Database, tmp_path: Path) -> None:
    for form in take_out.SHEETS:
        for what in TABLES:
            if what == "readings":
                continue
            out = tmp_path / f"{what}.{form}"
            taken(filled, out, what, form)
            content = out.read_bytes()
            if form == "xlsx":
                with zipfile.ZipFile(out) as packed:
                    content = packed.read("xl/worksheets/sheet1.xml")
            assert "外传".encode() not in content, what
            assert b"0002" not in content, what
    assert taken(filled, tmp_path / "loans", "loans").rows == 0
    assert taken(filled, tmp_path / "cleared", "loans", clearance="secret").rows == 1
    assert taken(filled, tmp_path / "items", "items").rows == 2
    assert taken(filled, tmp_path / "all items", "items", clearance="secret").rows == 3
    assert taken(filled, tmp_path / "volumes", "volumes", clearance="confidential").rows == 0
    assert taken(filled, tmp_path / "all volumes", "volumes", clearance="secret").rows == 1


def test_an_item_of_a_hidden_volume_does_not_tell_its_title(filled: Database, tmp_path: Path) -> None:
    catalogue = Catalogue(filled)
    with filled.read() as db:
        volume_id = db.execute("SELECT id FROM volume").fetchone()[0]
    filled.write(
        lambda change: catalogue.add_item(
            change, NewItem("Z109", "公开件", "Z109-WS·2011-Y-0009"), actor="p1", volume_id=volume_id
        )
    )
    taken(filled, tmp_path / "items.csv", "items")
    assert "公开件" in (tmp_path / "items.csv").read_text("utf-8")
    assert "外传" not in (tmp_path / "items.csv").read_text("utf-8")


def test_one_fonds_alone_and_none_that_is_not_there(filled: Database, tmp_path: Path) -> None:
    assert taken(filled, tmp_path / "one.csv", "items", fonds_no="Z110").rows == 1
    assert "另一全宗" in (tmp_path / "one.csv").read_text("utf-8")
    with pytest.raises(InputRefused) as refused:
        taken(filled, tmp_path / "none.csv", "items", fonds_no="Z999")
    assert refused.value.code == "fonds_unknown"
    with pytest.raises(InputRefused) as refused:
        taken(filled, tmp_path / "none.csv", "slots", fonds_no="Z109")
    assert refused.value.code == "export_not_by_fonds"
    assert not list(tmp_path.glob("*none*"))


def test_csv_has_its_mark_and_no_cell_that_a_spreadsheet_would_run(filled: Database, tmp_path: Path) -> None:
    taken(filled, tmp_path / "items.csv", "items")
    assert (tmp_path / "items.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    names, first, *_ = lines(tmp_path / "items.csv")
    assert first[names.index("题名")] == "'=HYPERLINK(1)" and first[names.index("盒号")] == "0007"
    assert all(cell[:1] not in "=+-@\t\r" for row in lines(tmp_path / "items.csv") for cell in row if cell)


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "'x", "''=1", " =1", "＝1", "", "x=1"])
def test_the_guard_against_formulas_can_be_taken_back(text: str) -> None:
    assert unguard(guard(text)) == text
    assert guard(text).lstrip()[:1] not in {"=", "+", "-", "@", "＝"}


def test_xlsx_is_read_by_a_spreadsheet_library_as_text_alone(filled: Database, tmp_path: Path) -> None:
    taken(filled, tmp_path / "items.xlsx", "items", "xlsx")
    book = openpyxl.load_workbook(tmp_path / "items.xlsx")
    cells = {cell.value: cell for row in book["items"].iter_rows() for cell in row if cell.value is not None}
    assert cells["=HYPERLINK(1)"].data_type == "s" and cells["0007"].number_format == "@"
    assert {cell.data_type for cell in cells.values()} == {"s"}
    with zipfile.ZipFile(tmp_path / "items.xlsx") as packed:
        assert b"<f" not in packed.read("xl/worksheets/sheet1.xml")


def test_xlsx_says_how_many_cells_were_too_long_for_it(database: Database, tmp_path: Path) -> None:
    catalogue = Catalogue(database)

    def fill(change: Any) -> None:
        catalogue.add_fonds(change, "Z109", "", "p1")
        catalogue.add_item(change, NewItem("Z109", "长" * 40_000, "Z109-WS·2011-Y-0001"), actor="p1")

    database.write(fill)
    assert taken(database, tmp_path / "items.xlsx", "items", "xlsx").altered == 1
    assert taken(database, tmp_path / "items.jsonl", "items", "jsonl").altered == 0
    refused = ingest.ingest(database, tmp_path / "items.jsonl", actor="p1", dry_run=True)["not_plain"]
    assert [note for row in refused for note, _params in row["notes"]] == ["cell_too_long"]


def test_json_lines_keep_numbers_lists_and_what_is_missing(filled: Database, tmp_path: Path) -> None:
    taken(filled, tmp_path / "items.jsonl", "items", "jsonl")
    first = json.loads((tmp_path / "items.jsonl").read_text("utf-8").splitlines()[0])["storeroom.items/1"]
    assert (first["box_no"], first["thickness"], first["pages"]) == (["0007"], 50, None)
    assert first["secret_level"] == "public" and first["slot"] == "B1-A-01-R-01-1-01"


def test_tables_that_are_no_catalogue_are_for_reading(filled: Database, tmp_path: Path) -> None:
    for form in take_out.SHEETS:
        taken(filled, tmp_path / f"slots.{form}", "slots", form)
        with pytest.raises(InputRefused) as refused:
            ingest.ingest(filled, tmp_path / f"slots.{form}", actor="p1")
        assert refused.value.code == "table_not_importable" and refused.value.params["table"] == "slots"


def test_people_leave_without_anything_that_proves_them(filled: Database, tmp_path: Path) -> None:
    filled.write(
        lambda change: change.db.execute(
            "INSERT INTO person (id, name, source, pin_salt, pin_hash) VALUES ('p1', '赵敏', 'local', x'aa', x'bb')"
        ),
        telemetry=True,
    )
    taken(filled, tmp_path / "people.jsonl", "people", "jsonl")
    [row] = [json.loads(text) for text in (tmp_path / "people.jsonl").read_text("utf-8").splitlines()]
    assert set(row["storeroom.people/1"]) == {"person", "person_name", "department", "roles", "active", "source"}
    assert row["storeroom.people/1"]["active"] is True


def test_every_heading_of_the_catalogue_is_one_an_import_knows() -> None:
    for table in (ITEMS, VOLUMES, BOXES):
        for language in LANGUAGES:
            texts = table.headings(language)[:-1]
            for column, text in zip(table.columns, texts, strict=True):
                known = headings.field_of(text)
                assert known is None or known[0] == column.name, text
                assert known or column.name in ("label", "stands_in"), text
            assert len(set(texts)) == len(texts)


def test_nothing_is_overwritten_and_a_refused_record_leaves_no_file(filled: Database, tmp_path: Path) -> None:
    out = tmp_path / "items.csv"

    def refuse(_taken: Taken) -> None:
        assert not out.exists()
        raise RuleRefused("export_not_cleared", "ask_cleared_person")

    with pytest.raises(RuleRefused):
        take_out.take_out(filled, Order("items", "csv"), out, refuse)
    assert list(tmp_path.glob("*items*")) == []
    taken(filled, out, "items")
    assert out.stat().st_mode & 0o077 == 0
    with pytest.raises(InputRefused) as refused:
        taken(filled, out, "items")
    assert refused.value.code == "export_exists"
    with pytest.raises(StoreError):
        taken(filled, tmp_path / "nowhere" / "items.csv", "items")


def test_an_export_shows_one_moment_beside_a_writing_node(filled: Database, tmp_path: Path) -> None:
    readers, catalogue = Readers(filled.path, KEY), Catalogue(filled)

    def meanwhile(said: dict[str, Any]) -> None:
        number = f"Z109-WS·2012-Y-{said['rows']:04d}"
        filled.write(lambda change: catalogue.add_item(change, NewItem("Z109", "后来的", number), actor="p1"))

    bring = [line(no) for no in range(10, 1400)]
    ingest.ingest(filled, write(tmp_path / "list.csv", *bring), actor="p1")
    done = take_out.take_out(readers, Order("items", "csv"), tmp_path / "out.csv", lambda _taken: None, meanwhile)
    readers.close()
    assert done.rows == len(bring) + 2 == len(lines(tmp_path / "out.csv")) - 1
    assert "后来的" not in (tmp_path / "out.csv").read_text("utf-8")
    assert done.sha256 == hashlib.sha256((tmp_path / "out.csv").read_bytes()).hexdigest()


def test_who_may_take_out_what() -> None:
    def person(*roles: str) -> Person:
        return Person("p1", "赵敏", "", roles, True)

    take_out.require_cleared(None, "internal")
    take_out.require_cleared(person("archivist"), "internal")
    take_out.require_cleared(person("archivist", "cleared_secret"), "secret")
    for who, level in (
        (None, "confidential"),
        (person("archivist"), "secret"),
        (person("reader", "cleared_secret"), "secret"),
        (person("archivist", "cleared_secret"), "top_secret"),
    ):
        with pytest.raises(RuleRefused):
            take_out.require_cleared(who, level)


def test_the_event_says_what_how_much_and_which_bytes(filled: Database, tmp_path: Path) -> None:
    order = Order("items", "csv", clearance="secret", fonds_no="Z109")
    person = Person("p1", "赵敏", "", ("archivist", "cleared_secret"), True)
    done = take_out.take_out(
        filled, order, tmp_path / "a.csv", lambda made: take_out.record(filled, order, made, person)
    )
    [event] = Trace(filled).recent(1)
    assert (event.action, event.actor, event.level) == ("export.made", "p1", "secret")
    assert json.loads(event.body or b"") == {
        "what": "items",
        "format": "csv",
        "fonds": "Z109",
        "clearance": "secret",
        "rows": 2,
        "sha256": done.sha256,
    }


def test_reading_needs_no_sorting_in_memory(filled: Database) -> None:
    """A table of a million rows must flow; SQLite would say TEMP B-TREE if it had to sort one first."""
    with filled.read() as db:
        for table in TABLES.values():
            if table.name == "readings":
                continue
            wanted = ", ".join(column.sql for column in table.columns)
            query = f"EXPLAIN QUERY PLAN SELECT {wanted} {table.source} ORDER BY {table.order}"
            plan = [row["detail"] for row in db.execute(query, {"levels": "[]", "fonds": ""}) if row["parent"] == 0]
            assert not any("TEMP B-TREE" in step for step in plan), (table.name, plan)


def test_a_finding_aid_describes_one_fonds_and_holds_only_items(filled: Database, tmp_path: Path) -> None:
    with pytest.raises(InputRefused) as refused:
        taken(filled, tmp_path / "aid.xml", "items", "ead")
    assert (refused.value.code, refused.value.params["count"]) == ("fonds_needed", 2)
    with pytest.raises(InputRefused) as refused:
        taken(filled, tmp_path / "aid.xml", "loans", "ead3")
    assert refused.value.code == "export_form_unfit"


@pytest.mark.parametrize("form", ["ead", "ead3"])
def test_a_finding_aid_is_plain_ead_to_other_programs(filled: Database, tmp_path: Path, form: str) -> None:
    taken(filled, tmp_path / "aid.xml", "items", form, fonds_no="Z109", clearance="secret")
    root = ElementTree.parse(tmp_path / "aid.xml").getroot()
    namespace = "{" + ead_out.NAMESPACES[form] + "}"

    assert root.tag == namespace + "ead"
    [box] = root.iter(f"{namespace}dsc")
    [box] = box.findall(f"{namespace}c")
    volume, item = box.findall(f"{namespace}c")
    assert (box.get("otherlevel"), volume.get("level"), item.get("level")) == ("box", "file", "item")
    [secret] = volume.findall(f"{namespace}c")
    assert "".join(secret.find(f"{namespace}accessrestrict").itertext()) == "机密"  # type: ignore[union-attr]
    container = item.find(f"{namespace}did/{namespace}container")
    assert container is not None and container.text == "0007"
    assert container.get("type" if form == "ead" else "localtype") == "box"
    assert item.findtext(f"{namespace}did/{namespace}unittitle") == "=HYPERLINK(1)"
    taken(filled, tmp_path / "open.xml", "items", form, fonds_no="Z109")
    assert "外传" not in (tmp_path / "open.xml").read_text("utf-8")


def test_what_xml_cannot_write_is_marked_and_counted(database: Database, tmp_path: Path) -> None:
    catalogue = Catalogue(database)

    def fill(change: Any) -> None:
        catalogue.add_fonds(change, "Z109", "", "p1")
        catalogue.add_item(change, NewItem("Z109", "甲\x0b乙", "Z109-WS·2011-Y-0001"), actor="p1")

    database.write(fill)
    assert taken(database, tmp_path / "aid.xml", "items", "ead").altered == 1
    assert "甲\ufffd乙" in (tmp_path / "aid.xml").read_text("utf-8")


def test_atoms_csv_has_atoms_own_headings_and_its_boxes(filled: Database, tmp_path: Path) -> None:
    taken(filled, tmp_path / "atom.csv", "items", "atom", clearance="secret")
    heading, *rest = lines(tmp_path / "atom.csv")
    assert ",".join(heading).startswith("legacyId,parentId,qubitParentSlug,accessionNumber,identifier,title,levelOf")
    assert ",".join(heading).endswith("eventActors,eventActorHistories,culture") and len(heading) == 56
    table = [dict(zip(heading, row, strict=True)) for row in rest]
    assert [row["levelOfDescription"] for row in table] == ["Fonds", "File", "Item", "Item", "Fonds", "Item"]
    _fonds, volume, item, secret, *_ = table
    assert secret["parentId"] == volume["legacyId"] and item["title"] == "'=HYPERLINK(1)"
    assert (item["physicalObjectName"], item["physicalObjectLocation"], item["physicalObjectType"]) == (
        *("0007", "B1-A-01-R-01-1-01"),
        "Box",
    )
    taken(filled, tmp_path / "open.csv", "items", "atom")
    assert "外传" not in (tmp_path / "open.csv").read_text("utf-8")


def test_memory_does_not_grow_with_the_catalogue(database: Database, tmp_path: Path) -> None:
    unindexed = catalogue_rows.ItemIndex("", "", "")

    def fill(change: Any) -> None:
        catalogue_rows.insert_fonds(change.db, "Z109", "")
        for no in range(3_000):
            new = NewItem("Z109", f"关于第{no}号档案的通知" * 60, f"Z109-WS·2011-Y-{no:04d}")
            catalogue_rows.insert_items(change.db, [catalogue_rows.ready_item(change.utc_ms, new, index=unindexed)])

    database.write(fill, telemetry=True)
    for form in take_out.FORMATS:
        tracemalloc.start()
        assert taken(database, tmp_path / f"items.{form}", "items", form).rows == 3_000
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 3_000_000, form  # the titles alone are more
