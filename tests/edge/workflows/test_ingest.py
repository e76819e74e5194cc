"""Imports as people meet them: other people's files, power cuts, twins, dry runs."""

import csv
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from edge.domain.block import Column, Layout
from edge.errors import InputRefused, RuleRefused
from edge.store.catalogue import Catalogue
from edge.store.database import Database
from edge.store.descriptions import Descriptions
from edge.store.imports import Imports
from edge.store.search import Search
from edge.store.trace import Trace
from edge.workflows import ingest
from hardware_tests.virtual import demo_catalogue
from hardware_tests.virtual.layouts import demo_layout

LAYOUT = Layout("B1-A", 3000, (Column(1, 450, True, None), Column(2, 700, False, 2)), 900, 50, 1, 2, 3, slot_mm=200)
HEADINGS = ["档号", "题名", "日期", "盒号", "存放位置", "密级"]


def line(no: int, title: str = "关于档案的通知", box: str = "0001", slot: str = "", secrecy: str = "") -> list[str]:
    return [f"Z109-WS·2011-Y-BGS-{no:04d}", title, "20110301", box, slot, secrecy]


def write(path: Path, *rows: list[str], headings: list[str] = HEADINGS) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headings, *rows])
    return path


def bring(database: Database, path: Path, **options: Any) -> dict[str, Any]:
    return ingest.ingest(database, path, actor="p1", **options)


def notes(answer: dict[str, Any]) -> list[str]:
    return [code for row in answer["not_plain"] for code, _params in row["notes"]]


def actions(database: Database) -> list[str]:
    return [event.action for event in reversed(Trace(database).recent(100))]


def everything(database: Database) -> dict[str, int]:
    """Rows of all tables, also of what is not shown."""
    names = ("item", "box", "volume", "fonds", "item_words", "box_words", "import_row", "import_evidence")
    with database.read() as db:
        return {name: db.execute(f"SELECT count(*) AS n FROM {name}").fetchone()["n"] for name in names}


def test_items_boxes_and_slots_of_a_list_are_linked(database: Database, tmp_path: Path) -> None:
    ingest.ready_slots(database, LAYOUT, "p1")
    slot = "B1-A-01-R-01-1-02"
    path = write(tmp_path / "list.csv", line(1, slot=slot), line(2, slot=slot), line(3, "另一件", "0002"))
    answer = bring(database, path)
    assert (answer["state"], answer["rows"], answer["taken"], answer["boxes"]) == ("sealed", 3, 3, 2)
    catalogue = Catalogue(database)
    box = catalogue.box_in_slot(slot)
    assert box is not None and box.box_no == "0001"
    assert [(item.ref_code[-4:], item.state) for item in catalogue.items_in_box(box.id)] == [
        ("0001", "shelved"),
        ("0002", "shelved"),
    ]
    [hit] = Search(database).find("另一件", clearance="public")
    assert hit.box is not None and hit.box.home_slot is None and hit.item is not None
    assert hit.item.state == "registered" and hit.item.source_import == answer["import"]
    assert ingest.place(database, LAYOUT, "p1") == {"placed": 1, "unplaced": 0}
    assert "import.sealed" in actions(database)


def test_a_number_that_comes_twice_is_refused_and_both_places_are_named(database: Database, tmp_path: Path) -> None:
    first = write(tmp_path / "first.csv", line(1), line(2))
    again = ["Z109-WS·2011·Y·BGS-1", "同一件", "", "0009", "", ""]
    second = write(tmp_path / "second.csv", line(3), line(4), again, ["Z109-WS·2011·Y·BGS-3", "又一次", "", "", "", ""])
    dry_before = bring(database, second, dry_run=True)
    assert [row["place"] for row in dry_before["not_plain"]] == ["5"]  # only the twin inside the file
    bring(database, first)
    for answer in (bring(database, second, dry_run=True), bring(database, second)):
        assert answer["refused"] == 2
        [in_store, in_file] = answer["not_plain"]
        [[code, places]] = in_store["notes"]
        assert code == "number_taken" and in_store["place"] == "4"
        assert (places["place"], places["other_file"], places["other_place"]) == ("4", "first.csv", "2")
        assert in_file["notes"][0][1]["other_place"] == "2"
    assert Catalogue(database).counts()["items"] == 4


def test_a_dry_run_writes_nothing_and_says_what_an_import_would(database: Database, tmp_path: Path) -> None:
    nameless, unnumbered = ["A-1", "", "", "", "", ""], ["", "没有编号", "", "", "", ""]
    path = write(tmp_path / "list.csv", line(1), nameless, unnumbered, line(2, box="1-3"))
    before, events = everything(database), actions(database)
    dry = bring(database, path, dry_run=True)
    assert everything(database) == before and actions(database) == events
    real = bring(database, path)
    for name in ("rows", "taken", "mended", "refused", "context", "boxes"):
        assert dry[name] == real[name], name
    assert json.loads(json.dumps(dry["not_plain"])) == json.loads(json.dumps(real["not_plain"]))


def test_the_file_is_kept_as_it_was(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(f"档号,题名\nA-1,{'甲' * 9000}\n".encode("gbk") + b"A-2,\xd2\xd2" + b"\r\n" * 2_000)
    answer = bring(database, path)
    assert Imports(database).evidence(answer["import"]) == path.read_bytes()
    assert answer["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    with pytest.raises(RuleRefused) as refused:
        bring(database, path)
    assert refused.value.code == "file_known"


class PowerCut(Exception):
    pass


def cut_after(rows: int) -> Any:
    def progress(said: dict[str, Any]) -> None:
        if said["rows"] >= rows:
            raise PowerCut

    return progress


@pytest.fixture
def long_list(tmp_path: Path) -> Path:
    return write(tmp_path / "long.csv", *(line(no, box=str(no // 10 + 1)) for no in range(1, 701)))


def test_what_is_not_sealed_shows_nowhere(database: Database, long_list: Path) -> None:
    with pytest.raises(PowerCut):
        bring(database, long_list, progress=cut_after(400))
    catalogue = Catalogue(database)
    assert catalogue.counts()["items"] == catalogue.counts()["boxes"] == 0
    for query in ("档案", "Z109-WS·2011-Y-BGS-0001", "Z109-WS", "box 1", "gydadtz"):
        assert Search(database).find(query, clearance="top_secret") == []
    assert catalogue.item_by_ref("Z109-WS·2011-Y-BGS-0001") is None and catalogue.box_by_no("1") is None
    ingest.ready_slots(database, LAYOUT, "p1")
    assert ingest.place(database, LAYOUT, "p1")["placed"] == 0
    pending = Imports(database).pending()
    assert pending is not None and pending.rows_done == 400


def test_an_import_that_was_cut_off_goes_on_where_it_stopped(database: Database, long_list: Path) -> None:
    with pytest.raises(PowerCut):
        bring(database, long_list, progress=cut_after(400))
    answer = bring(database, long_list)
    assert (answer["state"], answer["resumed"], answer["rows"], answer["taken"]) == ("sealed", True, 700, 700)
    assert Catalogue(database).counts()["items"] == 700 and Catalogue(database).counts()["boxes"] == 71
    assert actions(database).count("import.started") == actions(database).count("import.sealed") == 1


def test_a_cut_between_the_last_rows_and_the_seal_is_sealed_next_time(database: Database, long_list: Path) -> None:
    with pytest.raises(PowerCut):
        bring(database, long_list, progress=cut_after(700))
    assert bring(database, long_list)["state"] == "sealed"


def test_another_file_waits_until_the_unfinished_one_is_finished_or_discarded(
    database: Database, long_list: Path, tmp_path: Path
) -> None:
    before = everything(database)
    with pytest.raises(PowerCut):
        bring(database, long_list, progress=cut_after(400))
    other = write(tmp_path / "other.csv", line(1))
    with pytest.raises(RuleRefused) as refused:
        bring(database, other)
    assert refused.value.code == "import_pending" and refused.value.params["file"] == "long.csv"
    assert ingest.discard(database, actor="p1")["state"] == "discarded"
    assert everything(database) == before
    assert bring(database, other)["taken"] == 1  # its number is free again
    with pytest.raises(RuleRefused):
        ingest.discard(database, actor="p1")
    ingested_again = bring(database, long_list)
    assert (ingested_again["taken"], ingested_again["refused"]) == (699, 1)


def test_no_transaction_holds_more_than_two_hundred_rows(database: Database, long_list: Path) -> None:
    bring(database, long_list)
    batches = [event for event in Trace(database).recent(100) if event.action == "import.rows"]
    sizes = [body["last"] - body["first"] + 1 for body in (json.loads(event.body or b"") for event in batches)]
    assert sizes == [100, 200, 200, 200]


def test_two_imports_of_one_file_at_once_do_not_both_write(database: Database, long_list: Path) -> None:
    caught: list[str] = []

    def interfere(said: dict[str, Any]) -> None:
        if said["rows"] == 200 and not caught:
            caught.append("")
            bring(database, long_list)

    with pytest.raises(RuleRefused) as refused:
        bring(database, long_list, progress=interfere)
    assert refused.value.code == "import_running"
    assert Catalogue(database).counts()["items"] == 700


def test_a_file_that_breaks_off_halfway_leaves_nothing(database: Database, tmp_path: Path) -> None:
    rows = "".join(f'<c id="i{no}"><did><unittitle>Item {no}</unittitle></did></c>\n' for no in range(5000))
    path = tmp_path / "fa.xml"
    path.write_text(f"<ead><archdesc><did><unitid>MS 1</unitid></did><dsc>\n{rows}</dsk></archdesc></ead>", "utf-8")
    before = everything(database)
    with pytest.raises(InputRefused) as refused:
        bring(database, path)
    assert refused.value.code == "xml_broken" and refused.value.params["line"] == 5002
    assert everything(database) == before and Imports(database).pending() is None


def test_headings_without_rows_begin_nothing(database: Database, tmp_path: Path) -> None:
    with pytest.raises(InputRefused) as refused:
        bring(database, write(tmp_path / "list.csv"))
    assert refused.value.code == "no_rows" and Imports(database).pending() is None


def test_places_that_are_not_here_or_not_free_are_said_and_not_taken(database: Database, tmp_path: Path) -> None:
    ingest.ready_slots(database, LAYOUT, "p1")
    taken, elsewhere = "B1-A-01-R-01-1-01", "B1-A-05-R-01-1-01"
    path = write(
        tmp_path / "list.csv",
        line(1, box="1", slot=taken),
        line(2, box="2", slot=taken),
        line(3, box="3", slot=elsewhere),
        line(4, box="1", slot=elsewhere),
        line(5, box="3", slot=elsewhere),  # a box has many items, and each says where it is
    )
    wrong = ["slot_not_free", "slot_not_here", "slot_disagrees", "slot_not_here"]
    rehearsed, taken_in = bring(database, path, dry_run=True), bring(database, path)
    assert notes(rehearsed) == wrong == notes(taken_in)
    for answer in (rehearsed, taken_in):
        (_code, told) = answer["not_plain"][-1]["notes"][-1]
        assert told == {"slot": elsewhere, "box": "3"}
    assert Catalogue(database).counts()["standing"] == 1


def test_an_item_in_several_boxes_is_in_each_of_them(database: Database, tmp_path: Path) -> None:
    bring(database, write(tmp_path / "list.csv", line(1, box="Boxes 3-5")))
    catalogue = Catalogue(database)
    for no in ("3", "4", "5"):
        box = catalogue.box_by_no(no)
        assert box is not None and len(catalogue.items_in_box(box.id)) == 1


def test_volumes_come_from_volume_lists_and_from_items_that_name_theirs(database: Database, tmp_path: Path) -> None:
    volumes = write(tmp_path / "v.csv", ["Z112-KU·01·2017-001", "一月", "1"], headings=["档号", "案卷题名", "盒号"])
    items = write(
        tmp_path / "i.csv",
        ["Z112-KU·01·2017-001-001", "凭证一", "Z112-KU·01·2017-001"],
        ["Z112-KU·01·2017-002-001", "凭证二", "Z112-KU·01·2017-002"],
        headings=["档号", "题名", "案卷档号"],
    )
    bring(database, volumes)
    bring(database, items)
    assert Catalogue(database).counts()["volumes"] == 2
    item = Catalogue(database).item_by_ref("Z112-KU·01·2017-001-001")
    assert item is not None and item.volume_id is not None
    volume = Catalogue(database).volume(item.volume_id)
    assert volume is not None and volume.title == "一月"


def test_what_a_list_says_further_of_an_item_comes_in_and_goes_with_the_import(
    database: Database, tmp_path: Path
) -> None:
    headings = ["档号", "题名", "人名", "主题词", "开放标识", "稿本", "起页号"]
    good = ["Z109-WS·2011-Y-0001", "甲", "张三", "会计", "开放", "定稿", "12"]
    unfit = ["Z109-WS·2011-Y-0002", "乙", "", "", "谁知", "", ""]
    answer = bring(database, write(tmp_path / "list.csv", good, unfit, headings=headings))
    assert (answer["taken"], answer["mended"], answer["ignored_headings"]) == (1, 1, [])
    assert notes(answer) == ["field_not_taken"]
    item = Catalogue(database).item_by_ref("Z109-WS·2011-Y-0001")
    assert item is not None
    values = Descriptions(database).whole("item", item.id).values
    assert (values["persons"], values["keywords"], values["open_status"], values["draft"], values["start_page"]) == (
        *("张三", "会计", "open", "定稿"),
        12,
    )
    before = everything(database)["item"]
    assert ingest.undo(database, answer["import"], actor="p1")["state"] == "discarded"
    assert before == 2 and everything(database)["item"] == 0


def test_secret_titles_are_in_no_event_and_in_no_file(database: Database, tmp_path: Path) -> None:
    path = write(tmp_path / "list.csv", line(1, "绝不可外传的事项", secrecy="机密★20年"))
    bring(database, path)
    path.unlink()
    assert not any("外传" in (event.body or b"").decode() for event in Trace(database).recent(100))
    needle = "外传".encode()
    assert not any(needle in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


def test_the_demos_own_register_comes_in_whole(database: Database, tmp_path: Path) -> None:
    ingest.ready_slots(database, demo_layout(), "p1")
    demo_catalogue.write(tmp_path / "demo.xlsx")
    answer = bring(database, tmp_path / "demo.xlsx")
    counts = Catalogue(database).counts()
    assert answer["refused"] == answer["mended"] == 0
    assert counts["items"] >= 2000 and counts["boxes"] >= 200 and counts["standing"] == counts["boxes"]
    assert counts["volumes"] > 50
    assert all(Catalogue(database).boxes_on_face("B1-A", column, "R") for column in range(1, 10))
    find = Search(database).find
    assert find("會議紀錄", clearance="public") and find("会议纪录", clearance="public")


# Catalogues written by others lie beside the checkout; they are never committed.
SHARED = Path(__file__).parents[4] / "shared" / "data" / "catalogue"


@pytest.mark.skipif(
    not SHARED.exists() and os.environ.get("CI") != "true", reason=f"other people's catalogues are not in {SHARED}"
)
def test_every_sample_catalogue_comes_in(database: Database) -> None:
    for path in sorted(SHARED.iterdir()):
        dry, real = bring(database, path, dry_run=True), bring(database, path)
        assert [dry[name] for name in ("rows", "taken", "mended", "refused", "boxes")] == [
            real[name] for name in ("rows", "taken", "mended", "refused", "boxes")
        ]
        assert real["taken"] + real["mended"] > real["refused"]
