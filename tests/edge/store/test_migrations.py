"""A store is brought up to its program: copied first, numbered once, and never by an older one."""

import pytest

from edge.errors import StoreError
from edge.store import migrate as migrate_module
from edge.store.connection import connect
from edge.store.database import Database
from edge.store.migrate import migrate, statements


def test_a_store_of_a_newer_program_is_refused_untouched(database, clock, key):
    database.write(lambda c: c.db.execute("INSERT INTO migration VALUES (999, 'later', 0)"), telemetry=True)
    database.close()
    before = database.path.read_bytes()
    with pytest.raises(StoreError) as newer:
        Database.open(database.path, key, clock=clock, node_id="test-node")
    assert (newer.value.code, newer.value.params["newest"]) == ("newer_schema", 999)
    assert database.path.read_bytes() == before


def test_a_store_is_copied_before_it_is_migrated_and_a_failing_migration_leaves_it_as_it_was(
    database, clock, key, tmp_path, monkeypatch
):
    database.write(lambda c: c.db.execute("INSERT INTO setting VALUES ('old', '1')"), telemetry=True)
    database.close()
    folder = tmp_path / "migrations"
    folder.mkdir()
    for path in migrate_module.FOLDER.glob("*.sql"):
        (folder / path.name).write_text(path.read_text("utf-8"), "utf-8")
    later = folder / "998_later.sql"
    later.write_text(
        "CREATE TABLE later (a TEXT) STRICT;\nINSERT INTO later VALUES ('x');\nCREATE TABLE setting (a);\n"
    )
    db = connect(database.path, key)
    with pytest.raises(Exception, match="already exists"):
        migrate(db, database.path, key, 0, folder)
    assert not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'later'").fetchone()
    later.write_text("CREATE TABLE later (a TEXT) STRICT;\n")
    assert migrate(db, database.path, key, 0, folder) == [998]
    assert migrate(db, database.path, key, 0, folder) == []
    db.close()
    copies = list(tmp_path.glob("storeroom.db.before-*"))
    assert len(copies) == 1
    copy = connect(copies[0], key, read_only=True)
    assert copy.execute("SELECT value FROM setting WHERE name = 'old'").fetchone()[0] == "1"
    assert not copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'later'").fetchone()
    copy.close()


def test_a_migration_script_is_split_at_its_statements_triggers_included():
    script = "-- why\nCREATE TABLE a (b);\nCREATE TRIGGER t AFTER INSERT ON a BEGIN\n DELETE FROM a;\nEND;\n-- end\n"
    assert len(list(statements(script))) == 2
    with pytest.raises(ValueError, match="without an end"):
        list(statements("CREATE TABLE a (b)\n"))


def test_no_two_migrations_share_a_number():
    numbers = [migration.no for migration in migrate_module.known()]
    assert numbers == sorted(set(numbers)) and numbers[0] == 1
