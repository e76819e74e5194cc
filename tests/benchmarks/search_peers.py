"""The same texts and queries in what others would use: LIKE on the same store, tantivy, PostgreSQL with pg_trgm.

tantivy and psycopg are not among our dependencies: put them where Python finds them, or the figure says so.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from edge.store.readers import Readers
from edge.store.search import Search
from tests.benchmarks.figure import Figure, missed
from tests.benchmarks.fresh_store import KEY
from tests.benchmarks.generated_catalogue import Entry
from tests.benchmarks.search_classes import Asked, text_of

KINDS = ("2 hanzi", "2 hanzi, very common", "3 hanzi", "4-6 hanzi", "8 hanzi, page text")
EACH = 12
TOP = 50


def measure(folder: Path, store: Path, catalogue: list[Entry], asked: dict[str, list[Asked]]) -> list[Figure]:
    texts = [text_of(entry) for entry in catalogue]
    queries = {kind: [one.query for one in asked[kind][:EACH]] for kind in KINDS}
    return [
        *_ours(store, queries),
        *_like(store, queries),
        *_tantivy(folder, texts, queries),
        *_postgres(folder, texts, queries),
    ]


def _ours(store: Path, queries: dict[str, list[str]]) -> list[Figure]:
    search = Search(Readers(store / "storeroom.db", KEY))
    return _timed("Storeroom", queries, lambda query: list(search.find(query, clearance="secret", limit=TOP)))


def _like(store: Path, queries: dict[str, list[str]]) -> list[Figure]:
    readers = Readers(store / "storeroom.db", KEY)
    statement = (
        "SELECT no FROM item WHERE title LIKE ?1 OR responsible LIKE ?1 OR doc_no LIKE ?1"
        " OR no IN (SELECT item_no FROM item_text WHERE text LIKE ?1) ORDER BY no DESC LIMIT 50"
    )
    with readers.read() as db:
        return _timed("LIKE", queries, lambda query: list(db.execute(statement, (f"%{query}%",))))


def _tantivy(folder: Path, texts: list[str], queries: dict[str, list[str]]) -> list[Figure]:
    try:
        import tantivy
    except ImportError:
        return [missed("tantivy", "ms", "not installed: pip install --target DIR tantivy, then PYTHONPATH=DIR")]
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
    index.reload()
    searcher = index.searcher()

    def find(query: str) -> list[object]:
        pairs = _bigrams(query, last=False).split()
        phrase = tantivy.Query.phrase_query(index.schema, "words", pairs) if len(pairs) > 1 else None
        wanted = phrase or tantivy.Query.term_query(index.schema, "words", pairs[0])
        return [searcher.doc(address)["no"] for _score, address in searcher.search(wanted, TOP).hits]

    size_mb = sum(path.stat().st_size for path in place.rglob("*") if path.is_file()) / 1e6
    built = Figure("tantivy, build", round(time.monotonic() - began), "s", note=f"{size_mb:.0f} MB, not encrypted")
    return [built, *_timed("tantivy", queries, find)]


def _postgres(folder: Path, texts: list[str], queries: dict[str, list[str]]) -> list[Figure]:
    why = "needs initdb and pg_ctl on the path and psycopg where Python finds it"
    try:
        import psycopg
    except ImportError:
        return [missed("PostgreSQL pg_trgm", "ms", why)]
    if not (shutil.which("initdb") and shutil.which("pg_ctl")):
        return [missed("PostgreSQL pg_trgm", "ms", why)]
    data = folder / "postgres"
    as_user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    data.mkdir()
    if as_user:
        shutil.chown(data, 65534, 65534)
        for parent in (folder, folder.parent):
            parent.chmod(0o755)

    def run(*command: str) -> None:
        done = subprocess.run(
            [*as_user, *command], capture_output=True, text=True, check=False, cwd=data, stdin=subprocess.DEVNULL
        )
        if done.returncode:
            raise OSError(f"{command[0]}: {done.stderr.strip()[-300:]}")

    cluster = data / "cluster"
    try:
        run("initdb", "-D", str(cluster), "-E", "UTF8", "--locale=C.UTF-8", "-U", "bench", "--auth=trust")
        options = f"-c listen_addresses='' -c unix_socket_directories={data} -c shared_buffers=256MB"
        run("pg_ctl", "-D", str(cluster), "-w", "-l", str(data / "log"), "-o", options, "start")
    except OSError as error:
        return [missed("PostgreSQL pg_trgm", "ms", str(error))]
    try:
        with psycopg.connect(
            host=str(data), user="bench", dbname="postgres", autocommit=True, prepare_threshold=None
        ) as connection:
            return _trigrams(connection, texts, queries)
    finally:
        run("pg_ctl", "-D", str(cluster), "-m", "immediate", "stop")


def _trigrams(connection: object, texts: list[str], queries: dict[str, list[str]]) -> list[Figure]:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute("CREATE EXTENSION pg_trgm")
    cursor.execute("CREATE TABLE item (no int PRIMARY KEY, words text NOT NULL)")
    began = time.monotonic()
    with cursor.copy("COPY item FROM STDIN") as copy:
        for no, text in enumerate(texts):
            copy.write_row((no, text))
    cursor.execute("CREATE INDEX item_trigrams ON item USING gin (words gin_trgm_ops)")
    cursor.execute("ANALYZE item")
    size_mb = cursor.execute("SELECT pg_relation_size('item_trigrams')").fetchone()[0] / 1e6
    built = Figure("PostgreSQL pg_trgm, build", round(time.monotonic() - began), "s", note=f"{size_mb:.0f} MB of index")
    planned = f"SELECT no FROM item WHERE words LIKE %s ORDER BY no DESC LIMIT {TOP}"
    first = "WITH found AS MATERIALIZED (SELECT no FROM item WHERE words LIKE %s)"
    figures = [built]
    for peer, statement in (
        ("PostgreSQL pg_trgm, as planned", planned),
        ("PostgreSQL pg_trgm, index first", f"{first} SELECT no FROM found ORDER BY no DESC LIMIT {TOP}"),
    ):

        def find(query: str, statement: str = statement) -> list[object]:
            return list(cursor.execute(statement, (f"%{query}%",)).fetchall())

        figures += _timed(peer, queries, find)
    return figures


def _timed(peer: str, queries: dict[str, list[str]], find: Callable[[str], list[object]]) -> list[Figure]:
    figures = []
    for kind, one in queries.items():
        took_ms, found = [], 0
        for repeat in range(2):
            for query in one:
                began = time.perf_counter_ns()
                hits = find(query)
                if repeat:
                    took_ms.append((time.perf_counter_ns() - began) / 1e6)
                    found += len(hits)
        note = f"median {statistics.median(took_ms):.1f}; {found} hits, {TOP} a query at most"
        figures.append(Figure(f"{peer}, {kind}, max", round(max(took_ms), 1), "ms", n=len(one), note=note))
    return figures


def _bigrams(text: str, last: bool = True) -> str:
    """Every two neighbouring characters of a run, in order; positions tell a phrase."""
    from edge.domain.search_text import RUN

    told = []
    for run in RUN.findall(text):
        told += [run[place : place + 2] for place in range(len(run) if last or len(run) == 1 else len(run) - 1)]
    return " ".join(told)
