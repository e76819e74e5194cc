"""Volumes are found like items, also while they are empty; the scope of an item is searched with its own words."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from edge.domain.block import Column, Layout
from edge.domain.records import Hit, NewItem
from edge.domain.search_query import Filters
from edge.store import box_places, described_record, index_rebuild, migrate, volume_rows
from edge.store.catalogue import Catalogue
from edge.store.connection import connect
from edge.store.database import Change, Database
from edge.store.search import Search

LAYOUT = Layout("B1-A", 3000, (Column(1, 450, True, None), Column(2, 700, False, 2)), 900, 50, 1, 2, 3)
SLOT = "B1-A-01-R-01-1-01"
EMPTY, FULL = "Z109-001-0003", "Z109-001-0012"
SCOPE = "内容为一九六八年水库移民安置的往来函件。\n附移民名册。"


@pytest.fixture
def find(database: Database) -> Callable[..., list[Hit]]:
    catalogue = Catalogue(database)

    def fill(change: Change) -> None:
        box_places.make_slots(change, LAYOUT, "p1")
        catalogue.add_fonds(change, "Z109", "住建局", "p1")
        box = catalogue.add_box(change, fonds_no="Z109", box_no="0012", actor="p1")
        box_places.place_box(change, box.id, SLOT, "p1", "first_place")
        catalogue.add_volume(
            change, fonds_no="Z109", ref_code=EMPTY, title="水庫移民安置專卷", actor="p1", box_id=box.id
        )
        full = catalogue.add_volume(change, fonds_no="Z109", ref_code=FULL, title="要害部位专卷", actor="p1")
        secret = NewItem("Z109", "要害部位的通知", ref_code=f"{FULL}-001", secret_level="secret")
        catalogue.add_item(change, secret, actor="p1", volume_id=full.id)
        item = catalogue.add_item(change, NewItem("Z109", "往来函件"), actor="p1", box_id=box.id)
        described_record.write_field(change, "item", item, "scope", SCOPE, "p1")

    database.write(fill)

    def find(query: str, clearance: str = "internal", **more: object) -> list[Hit]:
        return Search(database).find(query, clearance=clearance, **more)  # type: ignore[arg-type]

    return find


def numbers(hits: list[Hit]) -> list[str]:
    return [hit.volume.ref_code for hit in hits if hit.volume]


@pytest.mark.parametrize(
    "query",
    ["水库移民安置", "安置专卷", "z109-1-3", "Z109-001-0003", "Z109-001-00", "skym", "shuikuyimin", "移民安咨专卷"],
)
def test_a_volume_with_nothing_in_it_is_found_with_its_place(find: Callable[..., list[Hit]], query: str) -> None:
    [hit] = [hit for hit in find(query) if hit.volume]
    assert hit.volume is not None and hit.volume.ref_code == EMPTY and hit.item is None
    assert hit.box is not None and hit.box.slot == SLOT and hit.volume.state == "shelved"
    assert any(mark.field in ("title", "ref_code") and mark.ranges for mark in hit.marks)


def test_a_volume_that_holds_a_secret_paper_shows_to_nobody_who_may_not_know_it(find: Callable[..., list[Hit]]) -> None:
    for query in ("要害部位专卷", FULL, "yhbwzj"):
        assert numbers(find(query)) == []
        assert numbers(find(query, "secret")) == [FULL]


def test_filters_and_orders_hold_for_volumes_too(find: Callable[..., list[Hit]]) -> None:
    assert numbers(find("专卷", "secret", order="number")) == [EMPTY, FULL]
    assert numbers(find("专卷", "secret", order="best")) == [FULL, EMPTY]
    assert numbers(find("", filters=Filters(place="B1-A-01"))) == [EMPTY]
    assert numbers(find("专卷", filters=Filters(state="registered"))) == []
    assert numbers(find("专卷", filters=Filters(fonds_no="Z1"))) == []


def test_what_a_volume_is_called_after_a_correction_is_what_it_is_found_by(
    database: Database, find: Callable[..., list[Hit]]
) -> None:
    [hit] = [hit for hit in find(EMPTY) if hit.volume]
    assert hit.volume is not None
    of = hit.volume.id

    def rename(change: Change) -> None:
        described_record.write_field(change, "volume", of, "title", "移交清册", "p1")

    database.write(rename, telemetry=True)
    assert numbers(find("移交清册")) == numbers(find("yjqc")) == [EMPTY] and numbers(find("水库移民")) == []


def test_the_scope_of_an_item_is_searched_and_the_hit_shows_where(find: Callable[..., list[Hit]]) -> None:
    for query in ("移民名册", "往来函件 移民名册", "水庫移民安置的往來", "移民名策"):
        [hit] = [hit for hit in find(query) if hit.item]
        shown = [mark for mark in hit.marks if mark.field == "scope"]
        assert len(shown) == 1 and shown[0].ranges and shown[0].page is None, query


def test_a_rebuilt_index_has_scope_and_volumes_also_of_what_changed_meanwhile(
    database: Database, find: Callable[..., list[Hit]]
) -> None:
    work = index_rebuild.rebuild(database, "p")
    next(work)
    [other] = [hit.item for hit in find("要害部位的通知", "secret") if hit.item]
    catalogue = Catalogue(database)
    add = {"fonds_no": "Z109", "ref_code": "Z109-001-0020", "title": "后来的案卷", "actor": "p"}

    def meanwhile(change: Change) -> None:
        described_record.write_field(change, "item", other.id, "scope", "事后补记的提要", "p")
        catalogue.add_volume(change, **add)  # type: ignore[arg-type]

    database.write(meanwhile)
    list(work)
    assert numbers(find("后来的案卷")) == ["Z109-001-0020"] and numbers(find("skym")) == [EMPTY]
    assert [hit.why for hit in find("移民名册")] == ["words"] and len(find("事后补记", "secret")) == 1


def test_a_file_of_before_has_its_scope_and_its_volumes_searched_when_it_is_opened(
    tmp_path: Path, clock, key: bytes
) -> None:
    before = tmp_path / "migrations"
    before.mkdir()
    for script in migrate.FOLDER.glob("*.sql"):
        if int(script.name[:3]) < 116:
            shutil.copy(script, before)
    path = tmp_path / "storeroom.db"
    old = connect(path, key)
    migrate.migrate(old, path, key, 1, folder=before)
    for statement in migrate.statements("""
        INSERT INTO fonds VALUES ('Z109', '', NULL);
        INSERT INTO volume (id, label, ref_code, ref_key, fonds_no, title, state)
            VALUES ('v', 'SR1:V', 'Z109-001-0003', 'Z109/001/3', 'Z109', '水庫移民', 'registered');
        INSERT INTO item (id, label, ref_code, ref_fold, fonds_no, title, context, retention, secret_level,
                responsible, doc_no, date, date_written, remark, sounds, state)
            VALUES ('i', 'SR1:I', '', '', 'Z109', '往来函件', '', 'Y', 'public', '', '', '', '', '', '', 'registered');
        INSERT INTO item_words (rowid, words) VALUES (1, '往来 来函 函件');
        INSERT INTO item_description (item_no, scope, described_by, described_ms) VALUES (1, '附移民名册', 'p', 1);
        INSERT INTO index_rebuild (one, began_ms) VALUES (1, 1);
    """):
        old.execute(statement)
    old.close()
    with Database.open(path, key, clock=clock, node_id="test-node") as database:

        def found(query: str) -> int:
            return len(Search(database).find(query, clearance="internal"))

        assert [found(query) for query in ("水库", "shuiku", "z109-1-3", "名册")] == [1, 1, 1, 1]
        list(index_rebuild.rebuild(database, "p"))
        assert [found(query) for query in ("水库", "shuiku", "z109-1-3", "名册")] == [1, 1, 1, 1]


def test_whether_a_volume_shows_is_told_without_reading_the_papers_in_it(database):
    """Else a common word in the titles of thousands of volumes reads tens of thousands of records."""
    query = "SELECT v.no FROM volume AS v WHERE " + volume_rows.seen("v", "('public', 'internal')")
    with database.read() as db:
        plan = [step["detail"] for step in db.execute(f"EXPLAIN QUERY PLAN {query}")]
    assert [step for step in plan if "COVERING INDEX item_volume" in step], plan
