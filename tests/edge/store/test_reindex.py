"""A file of before full pinyin and page text is found through the new index the moment it is opened."""

import shutil
from pathlib import Path

from edge.store import migrate
from edge.store.connection import connect
from edge.store.database import Database
from edge.store.search import Search

OLD_INDEX = """
    INSERT INTO fonds VALUES ('Z109', '', NULL);
    INSERT INTO box (id, label, box_no, box_key, fonds_no, title, thickness_mm, state)
        VALUES ('b', 'SR1:B', '0012', '12', 'Z109', '辦公室', 50, 'registered');
    INSERT INTO item (id, label, ref_code, ref_key, ref_fold, fonds_no, title, context, year, retention, secret_level,
            responsible, doc_no, date, date_written, remark, initials, box_id, state)
        VALUES ('i', 'SR1:I', 'KH0001', 'KH0001', 'KH0001', 'Z109', '瞭解會計檔案', '', 2011, 'Y', 'public',
            '', '', '', '', '', 'ljhjda', 'b', 'registered');
    INSERT INTO item_words (rowid, words) VALUES (1, '瞭解');
    INSERT INTO item_initials (rowid, letters) VALUES (1, 'ljh');
"""


def test_an_old_file_is_indexed_anew_when_it_is_opened(tmp_path: Path, clock, key: bytes) -> None:
    before = tmp_path / "migrations"
    before.mkdir()
    for script in migrate.FOLDER.glob("0[012]*.sql"):
        shutil.copy(script, before)
    path = tmp_path / "storeroom.db"
    old = connect(path, key)
    migrate.migrate(old, path, key, 1, folder=before)
    for statement in migrate.statements(OLD_INDEX):
        old.execute(statement)
    old.close()
    with Database.open(path, key, clock=clock, node_id="test-node") as database:
        for query in ("了解会计", "kuaijidangan", "办公室", "kjda"):
            assert Search(database).find(query, clearance="internal"), query
        with database.read() as db:
            assert tuple(db.execute("SELECT category, ref_order FROM item").fetchone()) == ("KH", "KH11")
