"""A whole import taken back, and what stands in the way of it."""

import csv
from pathlib import Path

import pytest

from edge.domain.records import NewItem
from edge.errors import RuleRefused, StoreError
from edge.store import box_places, import_undo
from edge.store.catalogue import Catalogue
from edge.store.database import Database
from edge.store.imports import Imports
from edge.store.search import Search
from edge.store.trace import Trace
from edge.workflows import ingest
from edge.workflows.take_out import Order, take_out

SLOT = "B1-A-01-R-01-1-02"


def bring(database: Database, path: Path, first: int = 1, items: int = 3, box: str = "1", fonds: str = "Z109") -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = [[f"{fonds}-WS·2011-Y-{no:04d}", "关于档案的通知", box, "30"] for no in range(first, first + items)]
        csv.writer(file).writerows([["档号", "题名", "盒号", "页数"], *rows])
    return ingest.ingest(database, path, actor="p1")["import"]


def rows(database: Database) -> dict[str, int]:
    names = ("item", "box", "volume", "fonds", "item_words", "item_sounds", "box_words", "volume_words")
    with database.read() as db:
        return {name: db.execute(f"SELECT count(*) AS n FROM {name}").fetchone()["n"] for name in names}


def refused(database: Database, import_id: str) -> RuleRefused:
    with pytest.raises(RuleRefused) as error:
        ingest.undo(database, import_id, actor="p1")
    return error.value


def first_item(database: Database):
    return Catalogue(database).item_by_ref("Z109-WS·2011-Y-0001")


def test_nothing_of_it_is_left_but_the_file_and_the_trace(database: Database, tmp_path: Path):
    before = rows(database)
    import_id = bring(database, tmp_path / "list.csv", items=450)
    answer = ingest.undo(database, import_id, actor="p1")
    assert answer["state"] == "discarded" and rows(database) == before
    assert Imports(database).evidence(import_id) == (tmp_path / "list.csv").read_bytes()
    assert [event.action for event in Trace(database).recent(2)] == ["import.discarded", "import.undone"]
    assert Search(database).find("档案", clearance="public", limit=5) == []


def test_its_file_can_still_be_taken_out_by_whoever_is_cleared(database: Database, tmp_path: Path):
    import_id = bring(database, tmp_path / "list.csv")
    ingest.undo(database, import_id, actor="p1")
    out = tmp_path / "again.csv"

    def taken(clearance: str) -> None:
        take_out(database, Order("source", "file", clearance, import_id=import_id), out, lambda _taken: None)

    with pytest.raises(RuleRefused, match="export_not_cleared"):
        taken("secret")
    taken("top_secret")
    assert out.read_bytes() == (tmp_path / "list.csv").read_bytes()


def test_the_same_file_can_be_imported_again_afterwards(database: Database, tmp_path: Path):
    ingest.undo(database, bring(database, tmp_path / "list.csv"), actor="p1")
    bring(database, tmp_path / "list.csv")
    assert first_item(database) is not None


def test_it_shows_nothing_from_the_first_moment_on_and_goes_on_after_a_cut(database: Database, tmp_path: Path):
    import_id = bring(database, tmp_path / "list.csv", items=450)
    database.write(lambda change: import_undo.begin_undo(change, import_id, "p1"))
    assert first_item(database) is None
    with pytest.raises(RuleRefused) as again:
        ingest.ingest(database, tmp_path / "list.csv", actor="p1")
    assert again.value.code == "import_being_undone"
    with pytest.raises(RuleRefused):
        ingest.resume(database, actor="p1")
    ingest.discard(database, actor="p1")
    assert rows(database)["item"] == 0


def test_boxes_that_only_got_their_first_place_do_not_stand_in_the_way(database: Database, tmp_path: Path):
    import_id = bring(database, tmp_path / "list.csv")
    catalogue = Catalogue(database)
    box = first_item(database).box_id

    def place(change) -> None:
        change.db.execute("INSERT INTO slot VALUES (?, 'SR1:S1', 'B1-A', 1, 'R', 1)", (SLOT,))
        box_places.place_box(change, box, SLOT, "p1", "first_place")

    database.write(place)
    ingest.undo(database, import_id, actor="p1")
    assert catalogue.boxes_on_face("B1-A", 1, "R") == []


def test_a_moved_box_a_read_page_and_a_neighbour_stand_in_the_way_and_are_named(database: Database, tmp_path: Path):
    import_id = bring(database, tmp_path / "list.csv")
    catalogue, item = Catalogue(database), first_item(database)

    def work(change) -> None:
        change.db.execute("INSERT INTO slot VALUES (?, 'SR1:S1', 'B1-A', 1, 'R', 1)", (SLOT,))
        box_places.place_box(change, item.box_id, SLOT, "p1", "first_place")
        box_places.take_box(change, item.box_id, "p1", "asked")
        catalogue.set_text(change, item.id, 1, "正文", "engine", 0.9, "p1")
        catalogue.add_item(change, NewItem("Z109", "邻居", "Z109-WS·2012-Y-0001"), actor="p1", box_id=item.box_id)

    database.write(work)
    error = refused(database, import_id)
    assert error.code == "import_depended_on"
    kinds = {words.msgid.rpartition(".")[2]: words.params["count"] for words in error.params["what"]}
    assert kinds == {"boxes_moved": 1, "texts": 1, "items_changed": 1, "items_in_boxes": 1}
    assert first_item(database) is not None


def test_a_later_import_into_the_same_boxes_must_go_first(database: Database, tmp_path: Path):
    first = bring(database, tmp_path / "a.csv")
    second = bring(database, tmp_path / "b.csv", first=10)
    assert refused(database, first).code == "import_depended_on"
    ingest.undo(database, second, actor="p1")
    ingest.undo(database, first, actor="p1")
    assert rows(database) == dict.fromkeys(rows(database), 0)


def test_a_fonds_that_others_use_stays(database: Database, tmp_path: Path):
    first = bring(database, tmp_path / "a.csv", box="1")
    bring(database, tmp_path / "b.csv", first=10, box="2")
    ingest.undo(database, first, actor="p1")
    assert [fonds.fonds_no for fonds in Catalogue(database).fonds()] == ["Z109"]


def test_what_is_no_finished_import_cannot_be_undone(database: Database, tmp_path: Path):
    assert refused(database, "nobody").code == "import_unknown"
    import_id = bring(database, tmp_path / "list.csv")
    ingest.undo(database, import_id, actor="p1")
    assert refused(database, import_id).code == "import_not_sealed"


def test_an_import_that_was_cut_off_is_finished_from_the_file_that_was_kept(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    real, batches = Imports.add_rows, []

    def cut_off(self, *args):
        batches.append(args)
        if len(batches) == 2:
            raise StoreError("disk_full", "free_disk_space", path="")
        return real(self, *args)

    monkeypatch.setattr(Imports, "add_rows", cut_off)
    with pytest.raises(StoreError):
        bring(database, tmp_path / "list.csv", items=450)
    (tmp_path / "list.csv").unlink()
    answer = ingest.resume(database, actor="p1")
    assert (answer["state"], answer["resumed"], answer["rows"]) == ("sealed", True, 450)


def test_a_fonds_that_was_described_since_stays_and_whatever_points_at_a_record_stands_in_the_way(
    database: Database, tmp_path: Path
):
    import_id = bring(database, tmp_path / "list.csv")

    def later(change) -> None:
        """Tables that a later version may add."""
        change.db.execute("CREATE TABLE later_fonds (fonds_no TEXT REFERENCES fonds (fonds_no))")
        change.db.execute("CREATE TABLE later_box (box_id TEXT REFERENCES box (id))")
        change.db.execute("INSERT INTO later_fonds VALUES ('Z109')")
        change.db.execute("INSERT INTO later_box SELECT id FROM box")

    database.write(later, telemetry=True)
    (what,) = refused(database, import_id).params["what"]
    assert (what.msgid, what.params) == ("import.depends.records", {"count": 1})
    database.write(lambda change: change.db.execute("DELETE FROM later_box"), telemetry=True)
    ingest.undo(database, import_id, actor="p1")
    assert [fonds.fonds_no for fonds in Catalogue(database).fonds()] == ["Z109"]
