"""The search index written anew beside the one in use: nobody waits, nothing is lost, nothing stays behind."""

import pytest

from edge.domain.records import NewItem
from edge.errors import StoreError
from edge.store import index_rebuild
from edge.store.catalogue import Catalogue
from edge.store.database import Database
from edge.store.search import Search

MANY = 2 * index_rebuild.CHUNK + 50


@pytest.fixture
def filled(database: Database) -> Database:
    catalogue = Catalogue(database)

    def fill(change) -> None:
        catalogue.add_fonds(change, "Z1", "", "p")
        catalogue.add_box(change, fonds_no="Z1", box_no="0007", title="基建档案盒", actor="p")
        for no in range(MANY):
            catalogue.add_item(change, NewItem("Z1", f"关于会计档案第{no}号的通知"), actor="p")

    database.write(fill)
    return database


def found(database: Database, query: str) -> int:
    return len(Search(database).find(query, clearance="internal", limit=5000))


def shape(database: Database) -> list[tuple[str, str]]:
    """All that the file consists of, and how the index is set up."""
    with database.read() as db:
        names = [tuple(row) for row in db.execute("SELECT type, name FROM sqlite_master ORDER BY 1, 2")]
        return names + [tuple(row) for row in db.execute("SELECT k, v FROM item_words_config ORDER BY 1")]


def damage(database: Database) -> None:
    database.write(lambda change: change.db.execute("DELETE FROM item_words_data WHERE id > 10"), telemetry=True)


def rebuilt(database: Database) -> list[tuple[int, int]]:
    return list(index_rebuild.rebuild(database, "p"))


def test_a_destroyed_index_is_whole_again(filled: Database) -> None:
    before = shape(filled)
    damage(filled)
    with pytest.raises(StoreError):
        found(filled, "会计")
    told = rebuilt(filled)
    assert told[-1] == (MANY + 1, MANY + 1) and [done for done, _all in told] == sorted(done for done, _all in told)
    assert (found(filled, "会计"), found(filled, "kjda"), found(filled, "基建")) == (MANY, MANY, 1)
    assert shape(filled) == before
    with filled.read() as db:
        assert [row[0] for row in db.execute("PRAGMA integrity_check(item_words)")] == ["ok"]


def test_search_goes_on_meanwhile_and_what_changes_meanwhile_is_in_the_new_index(filled: Database) -> None:
    catalogue = Catalogue(filled)
    work = index_rebuild.rebuild(filled, "p")
    next(work)
    next(work)
    assert found(filled, "会计") == MANY
    first = Search(filled).find("第0号", clearance="internal")[0].item
    assert first is not None
    filled.write(lambda change: catalogue.set_text(change, first.id, 1, "批复意见", "hand", 1.0, "p"))
    filled.write(lambda change: catalogue.add_item(change, NewItem("Z1", "新来的请示"), actor="p"))
    filled.write(lambda change: catalogue.add_box(change, fonds_no="Z1", box_no="8", title="新盒", actor="p"))
    assert found(filled, "批复意见") == found(filled, "请示") == found(filled, "新盒") == 1
    list(work)
    assert found(filled, "批复意见") == found(filled, "请示") == found(filled, "新盒") == 1
    assert found(filled, "会计") == MANY


def test_a_rebuild_that_was_cut_off_goes_on_where_it_stopped(filled: Database) -> None:
    before = shape(filled)
    work = index_rebuild.rebuild(filled, "p")
    next(work)
    next(work)
    work.close()
    told = rebuilt(filled)
    assert told[0][0] > index_rebuild.CHUNK + 1
    assert found(filled, "会计") == MANY and shape(filled) == before


def test_words_of_records_that_are_gone_are_gone_afterwards(filled: Database) -> None:
    filled.write(
        lambda change: change.db.execute("INSERT INTO item_words (rowid, words) VALUES (99999, '谁')"), telemetry=True
    )
    rebuilt(filled)
    with filled.read() as db:
        assert db.execute("SELECT count(*) FROM item_words_docsize").fetchone()[0] == MANY
