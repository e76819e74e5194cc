"""A node killed at any point of its writing, again and again on one store, sometimes with the log's end torn as well.

After each kill: every acknowledged change is there with its event, no change is there by half, the chain verifies.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.clock import SystemClock
from edge.store.database import Database
from edge.store.trace import Trace
from edge.store.verify import verify
from tests.proofs.campaign import ROOT, Campaign, Violated
from tests.proofs.trace_writer import KEY, NODE, SIGNING_KEY, change_no

WAL_HEADER, FRAME_HEADER = 32, 24
FIRST = 1000  # change numbers of round k begin at k * FIRST


def case(random: Random) -> Counter[str]:
    counts: Counter[str] = Counter()
    story: list[str] = []
    acknowledged: dict[int, int] = {}
    with tempfile.TemporaryDirectory(prefix="storeroom-proof-") as folder:
        path = Path(folder) / "storeroom.db"
        for turn in range(1, random.randint(2, 4)):
            told, when = _write_and_kill(random, path, turn * FIRST)
            acknowledged |= told
            story.append(f"turn {turn}: {len(told)} acknowledged, killed {when}")
            if path.exists() and random.random() < 0.5:
                torn = _tear(random, Path(f"{path}-wal"))
                story.append(f"the log's last {torn} bytes torn")
                counts["torn"] += int(torn > 0)
            try:
                _judge(path, acknowledged)
            except AssertionError as error:
                raise Violated(str(error), story) from error
            counts += Counter(kills=1, acknowledged=len(told))
    return counts


def _write_and_kill(random: Random, path: Path, first: int) -> tuple[dict[int, int], str]:
    """Change number → seq of what was acknowledged before the kill, and when that was."""
    threads, wanted = random.choice([1, 2, 6]), random.choice([0, 0, 1, 3, 20, 80, 200])
    late_s = random.choice([0.0, random.uniform(0, 0.003), random.uniform(0, 0.03), random.uniform(0, 0.4)])
    argv = [sys.executable, "-m", "tests.proofs.trace_writer", str(path), str(threads), str(first)]
    told: list[str] = []
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stderr is not None
        if wanted or path.exists() or random.random() < 0.5:
            told = [writer.stdout.readline() for _ in range(wanted + 1)]  # "open" comes first
        else:  # while it makes the store
            deadline = time.monotonic() + 30
            while not path.exists() and time.monotonic() < deadline and writer.poll() is None:
                time.sleep(0.0005)
        time.sleep(late_s)
        assert writer.poll() is None, f"the writer ended by itself: {writer.stderr.read()}"
        writer.kill()
        told += [line for line in writer.stdout if line.endswith("\n")]
    pairs = [line.split() for line in told if line[0].isdigit()]
    return {
        int(number): int(seq) for seq, number in pairs
    }, f"{late_s * 1000:.1f} ms after {wanted} of {threads} threads"


def _tear(random: Random, wal: Path) -> int:
    """What a power cut may do: behind the last commit anything may be cut off or wrong. Bytes that were touched."""
    if not wal.exists():
        return 0
    raw = wal.read_bytes()
    end = _last_commit(raw)
    rest = len(raw) - end
    if end <= WAL_HEADER or not rest:
        rest = 0
        tail = random.randbytes(random.randint(1, 9000)) if end > WAL_HEADER else b""
        wal.write_bytes(raw + tail)
        rest = len(tail)
    else:
        kept = random.randrange(rest)
        wal.write_bytes(raw[: end + kept] + random.randbytes(random.choice([0, rest - kept])))
    Path(str(wal).removesuffix("-wal") + "-shm").unlink(missing_ok=True)
    return rest


def _last_commit(raw: bytes) -> int:
    """Where the last committed frame of this log ends; frames of an older round have another salt."""
    if len(raw) < WAL_HEADER:
        return 0
    page, salts = int.from_bytes(raw[8:12], "big"), raw[16:24]
    end = at = WAL_HEADER
    while at + FRAME_HEADER + page <= len(raw) and raw[at + 8 : at + 16] == salts:
        committed = raw[at + 4 : at + 8] != b"\0\0\0\0"
        at += FRAME_HEADER + page
        end = at if committed else end
    return end


def _judge(path: Path, acknowledged: dict[int, int]) -> None:
    if not path.exists():
        assert not acknowledged, "the store is gone"
        return
    # Killed while it was made: it is finished at the next start, as `storeroom init` run again would.
    with Database.open(path, KEY, clock=SystemClock(), node_id=NODE, create=not acknowledged) as database:
        trace = Trace(database)
        events = [e for epoch in trace.epochs() for e in trace.events_after(epoch.epoch, 0, 1_000_000)]
        bodies = {e.seq: json.loads(e.body) for e in events if e.action == "box.placed" and e.body is not None}
        with database.read() as db:
            rows = {int(row["name"]): row["value"] for row in db.execute("SELECT * FROM setting")}
    for number, seq in acknowledged.items():
        assert seq in bodies and bodies[seq]["n"] == number, f"acknowledged change {number} (seq {seq}) is lost"
    assert {body["n"] for body in bodies.values()} == set(rows), "a row without its event, or an event without its row"
    assert len(bodies) == len(rows), "a change is recorded twice"
    for body in bodies.values():
        assert body["said"] == rows[body["n"]] == change_no(body["n"]), f"change {body['n']} is there by half"
    public_key = Ed25519PrivateKey.from_private_bytes(SIGNING_KEY).public_key()
    report = verify(path, KEY, public_key)
    assert report.findings == [], f"verify: {report.findings[0]}"


CAMPAIGN = Campaign(
    "trace",
    ("edge/store/database.py", "edge/store/connection.py", "edge/store/trace.py", "edge/store/tip.py",
     "edge/store/migrate.py", "edge/store/migrations/*.sql", "edge/domain/trace.py", "edge/domain/chain.py"),
    case,
)  # fmt: skip
