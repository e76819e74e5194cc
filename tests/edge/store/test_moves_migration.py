"""A store from before pull lists keeps its moves and the task that its block serves."""

from edge.store.connection import connect
from edge.store.migrate import FOLDER, migrate
from edge.store.moves import _move, _task


def test_moves_and_the_standing_task_survive_the_new_tables(tmp_path, key):
    earlier = tmp_path / "migrations"
    earlier.mkdir()
    for script in FOLDER.glob("0[0-3]*.sql"):
        (earlier / script.name).write_text(script.read_text("utf-8"), "utf-8")
    path = tmp_path / "storeroom.db"
    store = connect(path, key)
    migrate(store, path, key, 0, earlier)
    store.execute("INSERT INTO block_task VALUES ('B1-A', 'shelve', NULL, 'box-1', 'p-1', 3, 5)")
    values = "'m-1', 41, 'B1-A', 'find', NULL, NULL, 'p-1', NULL, '[]', 'ended', 'reached', 1, 2, 3"
    store.execute(f"INSERT INTO move VALUES ({values})")
    migrate(store, path, key, 0)
    task = _task(store.execute("SELECT * FROM block_task").fetchone())
    move = _move(store.execute("SELECT * FROM move").fetchone())
    assert (task.kind, task.box_id, task.aisle, task.list_id) == ("shelve", "box-1", 3, None)
    assert (move.move_no, move.kind, move.ended, move.ended_ms, move.seen) == (41, "find", "reached", 3, {})
    store.close()
