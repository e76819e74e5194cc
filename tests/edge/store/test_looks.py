"""Looks: evidence that survives a power cut, opened by the node's key alone."""

import os
import subprocess
import sys

import pytest

from edge.errors import StoreError
from edge.store.looks import Looks

JPEG = b"\xff\xd8\xff\xe0 a person at the counter" * 50
NOON_MS = 1_795_305_600_000


@pytest.fixture
def looks(tmp_path, key):
    opened = Looks(tmp_path / "looks.db", key)
    yield opened
    opened.close()


def test_a_kept_look_is_read_back_byte_for_byte_and_an_unknown_one_is_none(looks):
    looks.keep("a", JPEG, NOON_MS)
    assert looks.read("a") == JPEG
    assert looks.read("b") is None


def test_a_look_is_never_replaced(looks):
    looks.keep("a", JPEG, NOON_MS)
    with pytest.raises(StoreError, match="conflict"):
        looks.keep("a", b"another", NOON_MS)
    assert looks.read("a") == JPEG


def test_nothing_of_a_look_can_be_read_in_any_file(looks, tmp_path):
    looks.keep("a", JPEG, NOON_MS)
    for path in tmp_path.iterdir():
        found = path.read_bytes()
        assert b"at the counter" not in found and b"SQLite format" not in found and JPEG[:4] not in found, path.name


def test_another_key_opens_nothing(looks, tmp_path):
    with pytest.raises(StoreError, match="wrong_key"):
        Looks(tmp_path / "looks.db", bytes(32))


def test_a_kept_look_is_there_after_the_process_was_killed(tmp_path, key):
    script = (
        "import os, sys; from pathlib import Path; from edge.store.looks import Looks\n"
        "looks = Looks(Path(sys.argv[1]), bytes.fromhex(sys.argv[2])); looks.keep('a', b'kept', 1)\n"
        "os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", script, tmp_path / "looks.db", key.hex()], env=os.environ, check=False)
    assert done.returncode == -9
    again = Looks(tmp_path / "looks.db", key)
    assert again.read("a") == b"kept"
    again.close()


def test_evidence_is_written_through_to_the_disk(looks):
    with looks.file.use() as db:
        assert db.execute("PRAGMA synchronous").fetchone()[0] == 2
