"""Bring a catalogue file in: read, judge row by row, write in small batches, seal. Works beside a running node.

Called by the node's control socket or, when no node runs, by the command line on the store it has locked. A run that
was cut off is taken up again by importing the same file, or taken back by ``discard``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

from edge import words
from edge.domain import own_rows
from edge.domain.block import Layout
from edge.domain.intake import Judged, judge
from edge.errors import InputRefused, RuleRefused
from edge.store import box_places, import_undo, imports, site_tables
from edge.store.catalogue import Catalogue
from edge.store.database import Database
from edge.store.formats import Listing, open_listing
from edge.store.import_rehearsal import Rehearsal
from edge.store.imports import BATCH, Import, Imports
from edge.store.memory_file import memory_file
from edge.store.space import require_room

Progress = Callable[[dict[str, Any]], None]

PIECE_BYTES = 1 << 20
SHOWN_ROWS = 2000  # verdicts in one answer; all are kept in the store


def ingest(
    database: Database,
    path: Path,
    *,
    actor: str,
    fonds_no: str = "",
    dry_run: bool = False,
    progress: Progress = lambda _said: None,
) -> dict[str, Any]:
    """Import ``path``; what became of its rows, as JSON. ``dry_run`` judges everything and writes nothing.

    ``fonds_no``: for lists that name no fonds; otherwise the file's own name stands in for it. InputRefused for files
    that cannot be read; RuleRefused ``file_known`` (imported before), ``import_pending`` (another one is unfinished),
    ``import_running`` (the same file, at this moment).
    """
    listing = open_listing(path)
    sha256 = _sha256(path)
    fonds_no = fonds_no or listing.fonds_no or path.stem
    known = Imports(database).of_file(sha256)
    if known and known.undone_utc_ms is not None:
        raise RuleRefused("import_being_undone", "finish_undoing", file=known.name)
    if known and known.state == "sealed":
        raise RuleRefused("file_known", "nothing_to_do", file=path.name, imported_as=known.name)
    if dry_run:
        if known:
            raise RuleRefused("import_pending", "finish_or_discard_import", file=known.name)
        return _rehearse(database, path, listing, sha256, fonds_no, progress)
    return _import(database, path, listing, sha256, known.fonds_no if known else fonds_no, actor, progress)


def ready_slots(database: Database, layout: Layout, actor: str) -> int:
    """Every slot of the block as built has its row and label; how many are new. Lists may name slots from now on."""
    return database.write(lambda change: box_places.make_slots(change, layout, actor), telemetry=True)


def place(database: Database, layout: Layout, actor: str) -> dict[str, int]:
    """Give every box without a place a free slot, in shelving order; how many got one, how many still have none."""
    catalogue = Catalogue(database)
    placed = 0
    while now := database.write(lambda change: box_places.place_unplaced(change, layout, actor), telemetry=True):
        placed += now
    return {"placed": placed, "unplaced": catalogue.counts()["unplaced"]}


def discard(database: Database, *, actor: str, progress: Progress = lambda _said: None) -> dict[str, Any]:
    """Take the unfinished import back, batch by batch. RuleRefused ``no_import_pending``."""
    store = Imports(database)
    pending = store.pending()
    if pending is None:
        raise RuleRefused("no_import_pending", "nothing_to_do")
    some = store.discard_some if pending.undone_utc_ms is None else import_undo.undo_some
    done = 0
    while not database.write(lambda change: some(change, pending, actor), telemetry=True):
        done += BATCH
        progress({"rows": done, "total": pending.rows_done})
    return {"import": pending.id, "file": pending.name, "state": "discarded"}


def undo(database: Database, import_id: str, *, actor: str, progress: Progress = lambda _said: None) -> dict[str, Any]:
    """Take a whole sealed import back. RuleRefused as ``import_undo.begin_undo`` says; cut off, ``discard`` goes on."""
    database.write(lambda change: import_undo.begin_undo(change, import_id, actor))
    return discard(database, actor=actor, progress=progress)


def resume(database: Database, *, actor: str, progress: Progress = lambda _said: None) -> dict[str, Any]:
    """Finish the unfinished import from the file that was kept.

    RuleRefused ``no_import_pending``; ``import_file_incomplete`` where it was cut off before the file was in.
    """
    store = Imports(database)
    pending = store.pending()
    if pending is None or pending.undone_utc_ms is not None:
        raise RuleRefused("no_import_pending", "nothing_to_do")
    content = store.evidence(pending.id)
    if hashlib.sha256(content).hexdigest() != pending.sha256:
        raise RuleRefused("import_file_incomplete", "import_file_again", file=pending.name)
    with memory_file(pending.name, content) as path:
        return ingest(database, path, actor=actor, fonds_no=pending.fonds_no, progress=progress)


def field_name(name: str, language: str) -> str:
    """What a person calls a field of a list."""
    known = words.load()
    ids = (f"import.field.{name}", f"export.column.{name}", f"field.{name}")
    return next((known[msgid][language] for msgid in ids if msgid in known), name)


def _import(
    database: Database, path: Path, listing: Listing, sha256: str, fonds_no: str, actor: str, progress: Progress
) -> dict[str, Any]:
    store = Imports(database)
    imported = store.pending()
    resumed = imported is not None and imported.sha256 == sha256
    batches = _batches(_judged(database, listing, fonds_no), after=imported.rows_done if imported and resumed else 0)
    first = next(batches, None)
    if first is None and not resumed:
        raise InputRefused("no_rows", "check_file", file=path.name)
    require_room(database.path)
    if imported is None or not resumed:
        size = path.stat().st_size
        imported = database.write(
            lambda change: store.begin(
                change,
                sha256=sha256,
                name=path.name,
                format=listing.format,
                size=size,
                fonds_no=fonds_no,
                actor=actor,
            )
        )
    _keep_evidence(database, store, imported, path)
    try:
        begun = imported
        for imported in _written(database, store, begun, chain([first] if first else [], batches), actor):
            progress({"rows": imported.rows_done, "total": listing.total})
    except InputRefused:  # the file breaks off further down: it can never be sealed
        discard(database, actor=actor)
        raise
    last = imported
    imported = database.write(lambda change: store.seal(change, last, actor))
    verdicts = store.verdicts(imported.id, limit=SHOWN_ROWS)
    rows = [{"row": row.row, "place": row.place, "verdict": row.verdict, "notes": row.notes} for row in verdicts]
    return _answer(path, listing, sha256, _counts(imported), rows, state="sealed", id=imported.id, resumed=resumed)


def _written(
    database: Database, store: Imports, imported: Import, batches: Iterable[list[Judged]], actor: str
) -> Iterator[Import]:
    """The import after each batch. While one is being written the next is read, judged and indexed."""

    def write(before: Import, rows: list[imports.IndexedRow]) -> Import:
        return database.write(lambda change: store.add_rows(change, before, rows, actor))

    with ThreadPoolExecutor(1, thread_name_prefix="import") as writing:
        running: Future[Import] | None = None
        for batch in batches:
            require_room(database.path)
            rows = [imports.indexed(row) for row in batch]
            if running:
                imported = running.result()
                yield imported
            running = writing.submit(write, imported, rows)
        if running:
            yield running.result()


def _rehearse(
    database: Database, path: Path, listing: Listing, sha256: str, fonds_no: str, progress: Progress
) -> dict[str, Any]:
    counts = {"rows": 0, "taken": 0, "mended": 0, "refused": 0, "context": 0}
    shown: list[dict[str, Any]] = []
    rehearsal = Rehearsal()
    for batch in _batches(_judged(database, listing, fonds_no), after=0):
        with database.read() as db:
            final = [rehearsal.add(db, row) for row in batch]
        for row in final:
            counts[row.verdict] += 1
            if row.verdict != "taken" and len(shown) < SHOWN_ROWS:
                shown.append({"row": row.number, "place": row.place, "verdict": row.verdict, "notes": row.notes})
        counts["rows"] = final[-1].number
        progress({"rows": counts["rows"], "total": listing.total})
    counts["boxes"] = rehearsal.boxes_made
    return _answer(path, listing, sha256, counts, shown, state="dry_run", id="", resumed=False)


def _judged(database: Database, listing: Listing, fonds_no: str) -> Iterator[Judged]:
    with database.read() as db:
        codes = site_tables.codes(db)
    for row in listing.rows:
        own = row.own if not row.faults else ""
        taken_back = own_rows.read(own, row.number, row.place, row.values, codes) if own else None
        yield taken_back or judge(
            row.number,
            row.place,
            row.values,
            numeric=row.numeric,
            faults=row.faults,
            notes=row.notes,
            fonds_no=fonds_no,
            codes=codes,
        )


def _batches(rows: Iterator[Judged], *, after: int) -> Iterator[list[Judged]]:
    later = (row for row in rows if row.number > after)
    while batch := list(islice(later, BATCH)):
        yield batch


def _keep_evidence(database: Database, store: Imports, imported: Import, path: Path) -> None:
    with path.open("rb") as file:
        for piece, content in enumerate(iter(lambda: file.read(PIECE_BYTES), b"")):
            database.write(
                partial(store.keep_evidence, imported=imported, piece=piece, content=content), telemetry=True
            )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _counts(imported: Import) -> dict[str, int]:
    counted = {name: getattr(imported, name) for name in ("taken", "mended", "refused", "context", "boxes")}
    return {"rows": imported.rows_done, **counted}


def _answer(
    path: Path,
    listing: Listing,
    sha256: str,
    counts: dict[str, int],
    rows: list[dict[str, Any]],
    *,
    state: str,
    id: str,
    resumed: bool,
) -> dict[str, Any]:
    """``rows``: those not simply taken, at most SHOWN_ROWS; ``headings``: as written, and the field each was taken
    for; ``ignored_headings``: columns nobody could name; ``columns_beyond``: how many lie too far right.
    """
    return {
        "file": path.name,
        "format": listing.format,
        "sha256": sha256,
        "state": state,
        "import": id,
        "resumed": resumed,
        **counts,
        "headings": [list(pair) for pair in listing.headings],
        "ignored_headings": list(listing.ignored),
        "columns_beyond": listing.beyond,
        "not_plain": rows,
    }
