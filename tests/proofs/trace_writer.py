"""The node that gets killed: it writes events with a row beside each, and says what was acknowledged.

python -m tests.proofs.trace_writer STORE THREADS FIRST: one line "seq n" per acknowledged change, n from FIRST on.
"""

from __future__ import annotations

import itertools
import sys
import threading
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.clock import SystemClock
from edge.store.database import Change, Database
from edge.store.trace import Trace

KEY, SIGNING_KEY, NODE = bytes(range(32)), bytes(range(32, 64)), "test-node"
PADS = (0, 0, 40, 300, 3000, 9000)  # characters: from many changes on a page to several pages a change
CHECKPOINT_EVERY = 25


def change_no(number: int) -> str:
    """What change ``number`` leaves in its row and in its event."""
    return f"{number}" + "盒" * PADS[number % len(PADS)]


def write(number: int, change: Change) -> int:
    change.db.execute("INSERT INTO setting VALUES (?, ?)", (f"{number}", change_no(number)))
    body = {"n": number, "said": change_no(number)}
    return change.event("box.placed", subject=f"{number}", actor="p", body=body)


def main(path: Path, threads: int, first: int) -> None:
    database = Database.open(path, KEY, clock=SystemClock(), node_id=NODE, create=not path.exists())
    numbers, said = itertools.count(first), threading.Lock()
    trace, signing_key = Trace(database), Ed25519PrivateKey.from_private_bytes(SIGNING_KEY)

    def work() -> None:
        while True:
            number = next(numbers)
            seq = database.write(partial(write, number))
            with said:
                print(seq, number, flush=True)
            if number % CHECKPOINT_EVERY == 0:
                trace.checkpoint(signing_key, now=True)

    print("open", flush=True)
    for _ in range(threads):
        threading.Thread(target=work, daemon=True).start()
    threading.Event().wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
