"""What the store's own file says of its tables."""

import pytest

from edge.store.database import Database
from edge.store.shape import references, tables, written


@pytest.mark.parametrize("target", ["item", "volume", "box"])
def test_a_record_is_deleted_without_reading_any_table_whole(database: Database, target: str) -> None:
    """Taking an import back deletes thousands; SQLite asks each table that points at them, row by row."""
    with database.read() as db:
        pointing = references(db, target)
        plans = {
            f"{table}.{column}": db.execute(f"EXPLAIN QUERY PLAN SELECT 1 FROM {table} WHERE {column} = ?", ("",))
            for table, column, _key in pointing
        }
        read_whole = [name for name, plan in plans.items() if any("SCAN" in row["detail"] for row in plan)]
    assert pointing and not read_whole


def test_a_table_is_told_with_the_statement_that_makes_it(database: Database) -> None:
    with database.read() as db:
        assert {"item", "box", "event"} <= set(tables(db))
        assert written(db, "item_words").startswith("CREATE VIRTUAL TABLE")
        assert db.execute("PRAGMA recursive_triggers").fetchone()[0] == 0
