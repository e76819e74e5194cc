"""What somebody changes in the store behind the trace is found the next night and never quietly taken for true."""

from contextlib import closing

import pytest

from edge.errors import RuleRefused
from edge.store import tally, tally_roots
from edge.store.connection import connect
from edge.store.search import Search
from edge.workflows import changed_outside, correct
from tests.edge.workflows.archive_desk import sit_down
from tests.edge.workflows.test_upkeep import NIGHT_MS, Works

NUMBER_7 = "Z1-WS·2011-Y-BGS-0007"


class Nights(Works):
    """A room that has had its first night, and somebody with the key at another connection."""

    def __init__(self, database, clock, key, folder) -> None:
        super().__init__(database, clock, key, folder)
        self.desk = sit_down(database)
        assert self.night() == []

    def behind(self, *statements: str) -> None:
        with closing(connect(self.database.path, self.key)) as db:
            db.execute("PRAGMA foreign_keys = OFF")
            for statement in statements:
                db.execute(statement)

    def night(self) -> list[tuple[str, object]]:
        self.clock.advance(NIGHT_MS)
        (run,) = [run for run in self.upkeep.now(lambda _said: None) if run.job == "records"]
        return [(found.code, next(reversed(found.params.values()))) for found in run.findings]

    def label(self, no: int) -> str:
        with self.database.read() as db:
            return db.execute("SELECT label FROM item WHERE no = ?", (no,)).fetchone()["label"]


@pytest.fixture
def nights(database, clock, key, tmp_path) -> Nights:
    return Nights(database, clock, key, tmp_path)


def test_an_altered_title_is_named_every_night_and_search_does_not_follow_it(nights):
    nights.behind("UPDATE item SET title = '伪造的题名' WHERE no = 8")
    assert nights.night() == [("record_differs", nights.label(8))] == nights.night()
    assert not Search(nights.database).find("伪造", clearance="internal")
    assert [rule for rule, active, _latched in nights.standing() if active] == ["upkeep_records"]


def _columns(database) -> list[tuple[str, str]]:
    with database.read() as db:
        return [
            (table, row["name"])
            for parts in tally.PARTS.values()
            for table, key in parts
            for row in db.execute(f"PRAGMA table_info({table})")
            if row["name"] not in (*tally.WORKED_OUT, key, "item_no", "volume_no")
        ]


def test_whatever_column_of_a_record_is_altered_it_is_found(nights):
    rows = {
        "item_description": "INSERT INTO item_description (item_no, described_by, described_ms) VALUES (9, 'p', 1)",
        "item_also_in": "INSERT INTO item_also_in VALUES (9, 'b-1')",
        "volume": "INSERT INTO volume (id, label, ref_code, fonds_no, title, state)"
        " VALUES ('v', 'V', '', 'Z1', '', 'shelved')",
        "volume_description": "INSERT INTO volume_description (volume_no, described_by, described_ms)"
        " VALUES (1, 'p', 1)",
        "box": "INSERT INTO box (id, label, box_no, box_key, fonds_no, title, thickness_mm, state)"
        " VALUES ('b-1', 'B', '1', '1', 'Z1', '', 20, 'shelved')",
        "fonds_description": "INSERT INTO fonds_description (fonds_no, described_by, described_ms)"
        " VALUES ('Z1', 'p', 1)",
    }

    def write(change):
        for table in ("box", "volume", "volume_description", "item_description", "item_also_in", "fonds_description"):
            change.db.execute(rows[table])
        return change.event("box.registered", subject="b-1", actor="p", body={})

    nights.database.write(write)
    nights.desk.series()
    assert [code for code, _said in nights.night() if code.startswith("record_")] == []
    columns = _columns(nights.database)
    assert len(columns) > 90
    for table, column in columns:
        with closing(connect(nights.database.path, nights.key)) as db:
            db.execute("PRAGMA ignore_check_constraints = ON")
            db.execute("PRAGMA foreign_keys = OFF")
            db.execute("BEGIN")
            kind = next(kind for kind, parts in tally.PARTS.items() if table in dict(parts))
            keyed, key = tally.PARTS[kind][0][0], dict(tally.PARTS[kind])[table]
            row = db.execute(
                f"SELECT {key} AS key, {column} AS was FROM {table} ORDER BY {key} DESC LIMIT 1"
            ).fetchone()
            number = (
                isinstance(row["was"], int)
                or "INT"
                in db.execute(f"SELECT type FROM pragma_table_info('{table}') WHERE name = ?", (column,)).fetchone()[
                    "type"
                ]
            )
            other = (row["was"] or 0) + 1 if number else f"{row['was'] or ''}x"
            for trigger in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                db.execute(f"DROP TRIGGER {trigger['name']}")
            db.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (other, row["key"]))
            assert tally.as_they_are(db, kind, [row["key"]]) != tally.told_last(db, kind, [row["key"]]), (
                keyed,
                table,
                column,
            )
            db.execute("ROLLBACK")


def test_a_deleted_and_an_added_record_are_named(nights):
    nights.behind(
        "DROP TRIGGER numbered_item_stays",
        "DELETE FROM item WHERE no = 8",
        "INSERT INTO fonds (fonds_no, name) VALUES ('Z9', '多出来的')",
    )
    told = nights.night()
    assert ("record_gone", 8) in told and ("record_untold", "Z9") in told


def test_changing_the_digests_as_well_is_found_by_the_trace(nights):
    nights.behind("UPDATE item SET title = '伪造' WHERE no = 8")
    with closing(connect(nights.database.path, nights.key)) as db:
        db.execute(
            "UPDATE record_tally SET digest = ? WHERE kind = 'item' AND record = 8",
            (tally.as_they_are(db, "item", [8])[8],),
        )
    assert ("tally_astray", 1) in nights.night()
    nights.behind("DELETE FROM record_tally WHERE tally = 1 AND record = 9 AND kind = 'item'")
    assert ("tally_astray", 1) in nights.night() and ("record_untold", nights.label(9)) in nights.night()


def test_a_correction_puts_it_right_by_itself(nights):
    nights.behind("UPDATE item SET title = '伪造' WHERE no = 8")
    assert nights.night()
    with nights.database.read() as db:
        item = db.execute("SELECT id FROM item WHERE no = 8").fetchone()["id"]
    correct.correct(nights.desk.archive, nights.desk.one, "item", item, {"title": "按原件改回"}, "库外改动")
    assert nights.night() == []


def test_who_changes_a_record_behind_the_trace_cannot_hide_it_by_changing_it_here(nights):
    nights.behind("UPDATE item SET title = '伪造' WHERE no = 8")
    with nights.database.read() as db:
        item = db.execute("SELECT id FROM item WHERE no = 8").fetchone()["id"]
    correct.correct(nights.desk.archive, nights.desk.one, "item", item, {"remark": "已核"}, "小改")
    with nights.database.read() as db:
        (event,) = db.execute("SELECT body FROM event WHERE action = 'records.found_astray'").fetchall()
    assert event["body"] == b'{"named":[["item",8]],"records":1}'
    nights.database.write(tally_roots.close)  # as each checkpoint does
    assert nights.night() == [("record_was_astray", nights.label(8))]
    assert nights.night() == []


def test_a_person_accepts_with_a_reason_and_the_trace_keeps_it(nights):
    nights.behind(
        "DROP TRIGGER numbered_item_stays", "DELETE FROM item WHERE no = 8", "DELETE FROM record_tally WHERE record = 9"
    )
    archive, person = nights.desk.archive, nights.desk.one
    assert {name for _kind, _key, name in changed_outside.seen(archive, person)} == {"", nights.label(9)}
    with pytest.raises(RuleRefused) as refused:
        changed_outside.accept(archive, person, " ")
    assert refused.value.code == "reason_missing"
    assert changed_outside.accept(archive, person, "已与原件核对") == 3  # two records and the tally
    assert [code for code, _said in nights.night() if code.startswith(("record", "tally"))] == []
    with nights.database.read() as db:
        (event,) = db.execute("SELECT actor, body FROM event WHERE action = 'records.accepted'").fetchall()
    assert event["actor"] == person.id and "已与原件核对" in event["body"].decode()
    assert changed_outside.accept(archive, person, "再来一次") == 0


def test_a_store_from_before_takes_its_records_as_found_once_and_says_so(database, clock, key, tmp_path):
    works = Works(database, clock, key, tmp_path)
    database.write(lambda change: change.db.execute("DELETE FROM record_tally"), telemetry=True)  # as an upgrade begins
    assert works.now()["records"] == ("good", []) == works.now()["records"]
    with database.read() as db:
        told = db.execute("SELECT body FROM event WHERE action = 'records.taken_as_found'").fetchall()
    assert [row["body"] for row in told] == [b'{"box":0,"fonds":2,"item":61,"series":0,"volume":0}']
