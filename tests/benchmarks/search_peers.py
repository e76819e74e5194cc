"""The same texts and queries in what others would use: LIKE on the same store, tantivy, PostgreSQL with pg_trgm.

Each peer searches in a process of its own, so that its memory is its own. tantivy and psycopg are not among our
dependencies: put them where Python finds them, or the figure says so.

python -m tests.benchmarks.search_peers 133000 --json FILE     goes on with the peers that FILE has not
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks import kept_catalogue, kept_runs, peer_postgres
from tests.benchmarks.figure import Figure, cuts, missed, told
from tests.benchmarks.fresh_store import KEY
from tests.benchmarks.generated_catalogue import entries
from tests.benchmarks.search_classes import classes
from tests.benchmarks.searched_records import records

SIZE = 133_000
KINDS = (
    *("2 hanzi", "2 hanzi, very common", "3 hanzi", "4-6 hanzi", "8 hanzi, page text", "two words", "no hit"),
    *("2 hanzi, scope", "8 hanzi, scope", "4-6 hanzi, volume title"),
)
EACH = 30
READS_ALL = {"LIKE": 10}  # peers that read the whole store for a query: asked so few of each kind, and once
TOP = 50
Find = Callable[[str], int]  # how many hits a query has, at most TOP


def measure(folder: Path) -> list[Figure]:
    if SIZE not in kept_catalogue.sizes():
        return [missed("search beside others", "ms", f"{kept_catalogue.SIZES} does not name {SIZE}")]
    return at_size(folder, SIZE, tuple(PEERS))


def at_size(folder: Path, size: int, peers: tuple[str, ...]) -> list[Figure]:
    """``peers``: names out of PEERS."""
    store = kept_catalogue.kept(size)
    assert store is not None, "without an end it ends finished"
    catalogue = list(entries(size))
    asked = classes(catalogue, EACH)
    (folder / "queries.json").write_text(json.dumps({kind: [one.query for one in asked[kind]] for kind in KINDS}))
    texts = [record.text for record in records(catalogue)]
    figures = []
    for name in peers:
        build, _searching = PEERS[name]
        try:
            figures += build(folder, texts, name) + _asked(name, folder, store)
        except OSError as error:  # a program of the peer's that is not here
            figures.append(missed(name, "ms", str(error)))
    return figures


def _asked(name: str, folder: Path, store: Path) -> list[Figure]:
    """What a process of its own tells that only searches."""
    command = [sys.executable, "-m", "tests.benchmarks.search_peers", "--ask", name, str(folder), str(store)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return [missed(name, "ms", done.stderr.strip().splitlines()[-1][-200:])]
    said = json.loads(done.stdout)
    figures = [
        Figure(f"{name}, {kind}, p99", cuts(one["cpu"])[2], "ms", "cpu", len(one["ms"]), _note(one))
        for kind, one in said["kinds"].items()
    ]
    return [*figures, Figure(f"{name}, memory that searching took", said["mb"], "MB", "count")]


def _note(one: dict[str, Any]) -> str:
    return f"CPU p50/p95/p99 {told(one['cpu'])}; wall {told(one['ms'])}; {one['hits']} hits, {TOP} a query at most"


def _ask(name: str, folder: Path, store: Path) -> None:
    """In the searching process: every query twice, the second time is told; nothing gets warm by reading all."""
    _build, searching = PEERS[name]
    empty_mb = _megabytes("self")
    find, process = searching(folder, store)
    kinds: dict[str, Any] = {}
    for kind, queries in json.loads((folder / "queries.json").read_text()).items():
        took_ms, cpu_ms, hits = [], [], 0
        for told_now in (True,) if name in READS_ALL else (False, True):
            for query in queries[: READS_ALL.get(name)]:
                began, cpu_ns = time.perf_counter_ns(), _ran_ns(process)
                found = find(query)
                if told_now:
                    took_ms.append((time.perf_counter_ns() - began) / 1e6)
                    cpu_ms.append((_ran_ns(process) - cpu_ns) / 1e6)
                    hits += found
        kinds[kind] = {"ms": took_ms, "cpu": cpu_ms, "hits": hits}
    print(json.dumps({"kinds": kinds, "mb": _megabytes(process) - (empty_mb if process == "self" else 0)}))


def _ran_ns(process: str) -> int:
    """How long the searching process has had a processor: all threads of our own, the one of a server's."""
    if process == "self":
        return time.process_time_ns()
    return int(Path(f"/proc/{process}/schedstat").read_text("ascii").split()[0])


def _megabytes(process: str) -> int:
    """The most it ever held."""
    return int(Path(f"/proc/{process}/status").read_text("ascii").split("VmHWM:")[1].split()[0]) // 1024


def _nothing(_folder: Path, _texts: list[str], _name: str) -> list[Figure]:
    return []


def _ours(_folder: Path, store: Path) -> tuple[Find, str]:
    from edge.store.readers import Readers
    from edge.store.search import Search

    search = Search(Readers(store / "storeroom.db", KEY))
    return lambda query: len(search.find(query, clearance="secret", limit=TOP)), "self"


def _like(_folder: Path, store: Path) -> tuple[Find, str]:
    from edge.store.connection import connect

    db = connect(store / "storeroom.db", KEY, read_only=True)
    own = ("title", "responsible", "doc_no", "context", "ref_code")
    more = "coalesce((SELECT group_concat(text, char(10)) FROM item_text WHERE item_no = no), '')"
    scope = "coalesce((SELECT scope FROM item_description WHERE item_no = no), '')"
    of_item, of_volume = " || char(10) || ".join((*own, scope, more)), "title || char(10) || ref_code"

    def find(query: str) -> int:
        words = [f"%{word}%" for word in query.split()]
        each = [" AND ".join([f"({fields}) LIKE ?"] * len(words)) for fields in (of_item, of_volume)]
        statement = f"SELECT id FROM item WHERE {each[0]} UNION ALL SELECT id FROM volume WHERE {each[1]}"
        return len(db.execute(f"{statement} ORDER BY id DESC LIMIT {TOP}", words * 2).fetchall())

    return find, "self"


def _build_tantivy(folder: Path, texts: list[str], name: str) -> list[Figure]:
    try:
        import tantivy
    except ImportError:
        return []  # asking it says so
    began = time.monotonic()
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("words", stored=False, tokenizer_name="whitespace", index_option="position")
    builder.add_integer_field("no", stored=True, fast=True)
    place = folder / "tantivy"
    place.mkdir()
    index = tantivy.Index(builder.build(), path=str(place))
    writer = index.writer(64_000_000, 1)
    for no, text in enumerate(texts):
        writer.add_document(tantivy.Document(words=_bigrams(text), no=no))
    writer.commit()
    writer.wait_merging_threads()
    size_mb = sum(path.stat().st_size for path in place.rglob("*") if path.is_file()) / 1e6
    return [Figure(f"{name}, build", round(time.monotonic() - began), "s", note=f"{size_mb:.0f} MB, not encrypted")]


def _tantivy(folder: Path, _store: Path) -> tuple[Find, str]:
    import tantivy

    index = tantivy.Index.open(str(folder / "tantivy"))
    schema, searcher = index.schema, index.searcher()

    def wanted(word: str) -> Any:
        pairs = _bigrams(word, last=False).split()
        if len(pairs) > 1:
            return tantivy.Query.phrase_query(schema, "words", pairs)
        return tantivy.Query.term_query(schema, "words", pairs[0])

    def find(query: str) -> int:
        parts = [(tantivy.Occur.Must, wanted(word)) for word in query.split()]
        return len(searcher.search(tantivy.Query.boolean_query(parts), TOP).hits)

    return find, "self"


def _bigrams(text: str, last: bool = True) -> str:
    """Every two neighbouring characters of a run, in order; positions tell a phrase."""
    from edge.domain.search_text import RUN

    pieces = []
    for run in RUN.findall(text):
        pieces += [run[place : place + 2] for place in range(len(run) if last or len(run) == 1 else len(run) - 1)]
    return " ".join(pieces)


PEERS: dict[str, tuple[Callable[[Path, list[str], str], list[Figure]], Callable[[Path, Path], tuple[Find, str]]]] = {
    "Storeroom": (_nothing, _ours),
    "LIKE": (_nothing, _like),
    "tantivy": (_build_tantivy, _tantivy),
    "PostgreSQL pg_trgm": (peer_postgres.build, peer_postgres.searching),
}


def main(argv: list[str]) -> int:
    from tests.benchmarks.machine import describe

    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("size", type=int, nargs="?", default=SIZE)
    asked.add_argument("--peer", nargs="+", choices=PEERS, default=list(PEERS))
    asked.add_argument("--json", type=Path, default=Path("build/search_peers.json"))
    asked.add_argument("--ask", nargs=3, metavar=("PEER", "FOLDER", "STORE"), help="used by itself")
    options = asked.parse_args(argv)
    if options.ask:
        name, folder, store = options.ask
        try:
            _ask(name, Path(folder), Path(store))
        finally:
            peer_postgres.stop(Path(folder))
        return 0
    for name in options.peer:
        if kept_runs.has(options.json, peer=name, size=options.size):
            continue
        machine = describe()
        with tempfile.TemporaryDirectory(prefix="peers-") as folder:
            figures = at_size(Path(folder), options.size, (name,))
        kept_runs.add(options.json, machine, figures, peer=name, size=options.size)
        print(name, *(f"{one.name} {one.value} {one.unit} {one.note}" for one in figures), sep="\n  ", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
