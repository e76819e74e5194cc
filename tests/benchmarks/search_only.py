"""A process that does nothing but search: what search itself needs of memory. Prints its greatest size in MB."""

from __future__ import annotations

import sys
from pathlib import Path

from edge.store.readers import Readers
from edge.store.search import Search

KEY = bytes(range(32))  # tests/benchmarks/fresh_store.py's, which would import more than search needs


def main(folder: Path) -> None:
    search = Search(Readers(folder / "storeroom.db", KEY))
    for query in (folder / "queries.txt").read_text("utf-8").splitlines():
        search.find(query, clearance="internal")
    status = Path("/proc/self/status").read_text("ascii")
    print(int(status.split("VmHWM:")[1].split()[0]) // 1024)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
