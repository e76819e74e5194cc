"""One changed byte anywhere is found, and the event it hit is named."""

import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.store.connection import connect
from edge.store.database import Database
from edge.store.trace import Trace
from edge.store.trace_export import EVENTS, ExportFault, export, verify_export
from edge.store.verify import verify

SIGNING = Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\x01")


def note(database: Database, count: int) -> None:
    for number in range(count):
        body = {"box": f"盒-{number}", "slot": "B1-A-03-R-02-4-07"}
        database.write(lambda change, body=body: change.event("box.placed", subject="b", actor="p", body=body))


def filled(database: Database, clock, count: int = 120) -> Path:
    note(database, count // 2)
    assert Trace(database).checkpoint(SIGNING, now=True)
    note(database, count - count // 2)
    clock.advance(61_000)
    assert Trace(database).checkpoint(SIGNING)
    database.close()
    return database.path


def rewrite(path: Path, key: bytes, *statements: str) -> None:
    """What somebody can do who holds the key."""
    db = connect(path, key)
    db.execute("DROP TRIGGER event_is_never_changed")
    db.execute("DROP TRIGGER event_is_never_deleted")
    for statement in statements:
        db.execute(statement)
    db.close()


def test_an_untouched_store_verifies_with_all_its_checkpoints(database, clock, key):
    report = verify(filled(database, clock), key, SIGNING.public_key())
    assert report.findings == []
    assert (report.events, report.epochs, report.checkpoints, report.signatures) == (121, 1, 2, 2)
    assert report.head.seq == 121


def test_a_store_verifies_while_a_node_writes_it(database, key):
    note(database, 30)
    report = verify(database.path, key)
    assert report.findings == [] and report.events == 31


def test_a_page_that_is_half_written_for_a_moment_is_not_called_damaged(database, key):
    note(database, 120)
    path = database.path
    db = connect(path, key)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    root = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'person'").fetchone()[0]
    db.close()
    page, at = 4096, (root - 1) * 4096
    whole = path.read_bytes()[at : at + page]

    def put(content: bytes) -> None:
        with path.open("r+b") as file:
            file.seek(at)
            file.write(content)

    put(bytes(page // 2) + whole[page // 2 :])
    assert [finding.why for finding in verify(path, key).findings] == ["pages"]
    written = threading.Timer(0.5, put, [whole])
    written.start()
    report = verify(path, key)
    written.join()
    assert report.findings == [] and report.events == 121


@pytest.mark.parametrize(
    ("statement", "why", "seq"),
    [
        (
            "UPDATE event SET body = CAST(replace(CAST(body AS TEXT), 'slot', 'slut') AS BLOB) WHERE seq = 40",
            "body",
            40,
        ),
        ("UPDATE event SET action = 'box.taken' WHERE seq = 41", "fields", 41),
        ("UPDATE event SET utc_ms = utc_ms + 1 WHERE seq = 42", "fields", 42),
        ("UPDATE event SET subject = 'x' WHERE seq = 43", "fields", 43),
        (
            "UPDATE event SET envelope = CAST(replace(CAST(envelope AS TEXT), 'mono_ms\":1', 'mono_ms\":2') AS BLOB)"
            " WHERE seq = 44",
            "envelope",
            44,
        ),
        ("DELETE FROM event WHERE seq = 45", "gap", 45),
        ("DELETE FROM event WHERE seq > 110", "truncated", 111),
        ("UPDATE checkpoint SET utc_ms = utc_ms + 1 WHERE seq = 61", "signature", 61),
        ("UPDATE checkpoint SET head = substr(head, 2) || substr(head, 1, 1) WHERE seq = 61", "checkpoint", 61),
        ("UPDATE epoch SET epoch = 'another'", "fields", 1),
    ],
)
def test_a_rewritten_row_is_named(database, clock, key, statement, why, seq):
    path = filled(database, clock)
    rewrite(path, key, f"{statement}")
    found = verify(path, key, SIGNING.public_key()).findings
    assert (found[0].why, found[0].seq) == (why, seq)


def test_an_end_cut_off_before_the_centres_last_word_is_noticed(database, key):
    note(database, 20)
    Trace(database).set_acked(Trace(database).head().epoch, 21)
    database.close()
    rewrite(database.path, key, "DELETE FROM event WHERE seq > 15")
    assert [(f.why, f.seq, f.seq_to) for f in verify(database.path, key).findings] == [("truncated", 16, 21)]


def test_one_changed_byte_of_the_encrypted_file_names_the_events_of_its_page(database, clock, key):
    path = filled(database, clock)
    whole = path.read_bytes()
    by_seq = {event[1]: event[0] for event in ids(path, key)}
    chosen = random.Random(7)
    hit = 0
    for page in range(1, len(whole) // 4096):
        changed = bytearray(whole)
        changed[page * 4096 + chosen.randrange(4096)] ^= 1 << chosen.randrange(8)
        path.write_bytes(changed)
        report = verify(path, key, SIGNING.public_key())
        assert report.findings, f"page {page + 1} was changed and nobody noticed"
        first = report.findings[0]
        if first.why == "unreadable" and first.seq:
            hit += 1
            readable = [seq for seq in by_seq if not first.seq <= seq <= (first.seq_to or 1 << 60)]
            assert report.events == len(readable)
    assert hit > 5
    path.write_bytes(whole)
    assert verify(path, key).findings == []


def ids(path: Path, key: bytes) -> list[tuple[int, int]]:
    db = connect(path, key, read_only=True)
    rows = [(row["id"], row["seq"]) for row in db.execute("SELECT id, seq FROM event")]
    db.close()
    return rows


def test_every_changed_byte_of_an_export_is_pointed_at_exactly(database, clock, tmp_path):
    note(database, 25)
    trace = Trace(database)
    trace.checkpoint(SIGNING, now=True)
    folder = tmp_path / "export"
    exported = export(trace, SIGNING.public_key(), folder)
    assert (exported.events, exported.withheld, exported.checkpoints) == (26, 0, 1)
    assert verify_export(folder, SIGNING.public_key()) is None
    good = (folder / EVENTS).read_bytes()
    chosen = random.Random(11)
    for position in [*chosen.sample(range(len(good)), 300), len(good) - 1, good.index(b"\n")]:
        for bit in (0, 5):
            changed = bytearray(good)
            changed[position] ^= 1 << bit
            (folder / EVENTS).write_bytes(changed)
            fault = verify_export(folder)
            assert fault is not None, f"byte {position}, bit {bit}"
            assert fault.line == good[:position].count(b"\n") + 1, fault


def test_a_stranger_checks_an_export_with_python_alone(database, tmp_path):
    note(database, 12)
    trace = Trace(database)
    trace.checkpoint(SIGNING, now=True)
    folder = tmp_path / "export"
    export(trace, SIGNING.public_key(), folder)

    def stranger() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-S", str(folder / "trace_verify.py"), str(folder)]
        return subprocess.run(command, capture_output=True, text=True, timeout=60)

    good = stranger()
    assert good.returncode == 0 and "good: 13 events" in good.stdout and trace.head().hash in good.stdout
    lines = (folder / EVENTS).read_bytes().splitlines(keepends=True)
    lines[6] = lines[6].replace(b"B1-A-03", b"B1-A-04", 1)
    (folder / EVENTS).write_bytes(b"".join(lines))
    bad = stranger()
    assert bad.returncode == 1 and "line 7" in bad.stderr
    (folder / EVENTS).write_bytes(b"".join(lines[:4]))
    assert "line 5" in stranger().stderr
    assert verify_export(folder) == ExportFault(5, "missing")


def test_an_export_withholds_bodies_above_its_level_and_still_verifies(database, tmp_path):
    database.write(lambda c: c.event("search.secret", subject="i", actor="p", body={"q": "谍"}, level="secret"))
    note(database, 3)
    exported = export(Trace(database), SIGNING.public_key(), tmp_path / "export", level="internal")
    assert exported.withheld == 1
    assert "谍" not in (tmp_path / "export" / EVENTS).read_text("utf-8")
    assert verify_export(tmp_path / "export") is None


def test_a_forged_checkpoint_in_an_export_is_refused(database, tmp_path):
    note(database, 3)
    Trace(database).checkpoint(Ed25519PrivateKey.generate(), now=True)
    export(Trace(database), SIGNING.public_key(), tmp_path / "export")
    assert verify_export(tmp_path / "export") == ExportFault(0, "signature")
