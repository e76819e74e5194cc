"""Tables of digitising: originals, pages and what is written on them, batches. A page is as secret as its item."""

from __future__ import annotations

from edge.store.exports.scope import SEEN_ITEM
from edge.store.exports.table import Column, Table, who

_SEEN_FILE = (
    "NOT EXISTS (SELECT 1 FROM page p JOIN item i ON i.id = p.item_id WHERE p.file_id = s.id AND NOT " + SEEN_ITEM + ")"
    " AND NOT EXISTS (SELECT 1 FROM e_file e JOIN item i ON i.id = e.item_id WHERE e.file_id = s.id AND NOT "
    + SEEN_ITEM
    + ")"
)
_ITEM_OF_PAGE = "LEFT JOIN item i ON i.id = p.item_id WHERE (i.id IS NULL OR " + SEEN_ITEM + ")"

PAGE_TEXTS = Table(
    "page_texts",
    (
        *(Column("ref_code", "i.ref_code"), Column("label", "i.label"), Column("page", "t.page", "count")),
        *(Column("text", "t.text"), Column("engine", "t.engine"), Column("confidence", "t.confidence", "share")),
        Column("at", "t.utc_ms", "time"),
    ),
    f"FROM item_text t LEFT JOIN item i ON i.no = t.item_no WHERE {SEEN_ITEM}",
    "t.rowid",
)

SCANS = Table(
    "scans",
    (
        *(Column("scan", "s.id"), Column("sha256", "s.sha256"), Column("source", "s.source"), Column("file", "s.name")),
        *(Column("format", "s.format"), Column("bytes", "s.bytes", "count"), Column("pages", "s.pages", "count")),
        *(Column("author", "s.author"), Column("created", "s.created"), Column("modified", "s.modified")),
        *(Column("made_with", "s.made_with"), Column("alarming", "s.alarming")),
        *(Column("at", "s.received_ms", "time"), Column("person", "s.received_by")),
        Column("four_checks", "(SELECT c.report FROM scan_check c WHERE c.file_id = s.id)"),
    ),
    f"FROM scan_file s WHERE {_SEEN_FILE.format(of='s.id')}",
    "s.rowid",
)

PAGES = Table(
    "pages",
    (
        *(Column("page_id", "p.id"), Column("number", "p.no", "count"), Column("scan", "p.file_id")),
        *(Column("file_page", "p.file_page", "count"), Column("ref_code", "i.ref_code"), Column("label", "i.label")),
        *(Column("page", "p.page_no", "count"), Column("sha256", "p.image"), Column("state", "p.state")),
        *(Column("width", "p.width", "count"), Column("height", "p.height", "count"), Column("dpi", "p.dpi", "count")),
        *(Column("measures", "p.measures"), Column("complaints", "p.complaints"), Column("despite", "p.despite")),
        *(Column("proposed", "p.proposed"), Column("printed_no", "p.printed_no", "count")),
        Column("stamped", "p.stamp"),
        *(Column("at", "p.seen_ms", "time"), Column("person", "p.seen_by")),
    ),
    f"FROM page p {_ITEM_OF_PAGE}",
    "p.no",
)

PAGE_LINES = Table(
    "page_lines",
    (
        *(Column("page_id", "p.id"), Column("line", "l.line", "count"), Column("text", "l.text")),
        *(Column("read_text", "l.read_text"), Column("state", "l.state"), Column("quad", "l.quad")),
        Column("put_right", "l.mended"),
        *(Column("confidence", "l.confidence", "share"), Column("weakest", "l.weakest", "share")),
    ),
    f"FROM page_line l LEFT JOIN page p ON p.no = l.page {_ITEM_OF_PAGE}",
    "l.page, l.line",
)

E_FILES = Table(
    "e_files",
    (
        *(Column("e_file", "e.id"), Column("scan", "e.file_id"), Column("ref_code", "i.ref_code")),
        *(Column("label", "i.label"), Column("number", "e.number", "count"), Column("kind", "e.kind")),
        *(Column("mime", "e.mime"), Column("suffix", "e.suffix"), Column("duration_ms", "e.duration_ms", "count")),
    ),
    f"FROM e_file e LEFT JOIN item i ON i.id = e.item_id WHERE {SEEN_ITEM}",
    "e.rowid",
)

BATCHES = Table(
    "batches",
    (
        *(Column("batch", "b.id"), Column("name", "b.name"), Column("contractor", "b.contractor")),
        *(Column("state", "b.state"), Column("at", "b.opened_ms", "time"), Column("person", "b.opened_by")),
        Column("person_name", who("b.opened_by")),
    ),
    "FROM batch b WHERE 1",
    "b.rowid",
)

BATCH_ITEMS = Table(
    "batch_items",
    (
        *(Column("batch", "b.batch_id"), Column("ref_code", "i.ref_code"), Column("label", "i.label")),
        *(
            Column("pages_out", "b.pages_out", "count"),
            Column("out_at", "b.out_ms", "time"),
            Column("out_by", "b.out_by"),
        ),
        *(Column("pages_in", "b.pages_in", "count"), Column("bound", "b.bound", "yes_no"), Column("remark", "b.note")),
        *(Column("in_at", "b.in_ms", "time"), Column("in_by", "b.in_by")),
    ),
    f"FROM batch_item b LEFT JOIN item i ON i.id = b.item_id WHERE {SEEN_ITEM}",
    "b.batch_id, b.item_id",
)

BATCH_STEPS = Table(
    "batch_steps",
    (
        *(Column("batch", "s.batch_id"), Column("number", "s.no", "count"), Column("step", "s.step")),
        *(Column("round", "s.round", "count"), Column("worker", "s.worker"), Column("checker", "s.checker")),
        *(Column("count", "s.count", "count"), Column("defects", "s.defects", "count"), Column("remark", "s.note")),
        Column("at", "s.at_ms", "time"),
    ),
    "FROM batch_step s WHERE 1",
    "s.no",
)

HOOKINGS = Table(
    "hookings",
    (
        *(Column("hooking", "h.id"), Column("folder", "h.root"), Column("began_at", "h.begun_ms", "time")),
        *(Column("person", "h.begun_by"), Column("person_name", who("h.begun_by"))),
        Column("ended_at", "h.ended_ms", "time"),
    ),
    "FROM hook_run h WHERE 1",
    "h.id",
)

HOOKED_FILES = Table(
    "hooked_files",
    (
        *(Column("hooking", "h.run_id"), Column("file", "h.path"), Column("sha256", "h.sha256")),
        *(Column("stamp", "h.stamp"), Column("pages", "h.pages", "count"), Column("state", "h.state")),
        *(Column("code", "h.code"), Column("params", "h.params"), Column("label", "i.label")),
        *(Column("page", "h.page", "count"), Column("scan", "h.file_id")),
        *(Column("settled_by", "h.settled_by"), Column("settled_why", "h.settled_why")),
    ),
    f"FROM hook_file h LEFT JOIN item i ON i.id = h.item_id WHERE (i.id IS NULL OR {SEEN_ITEM})",
    "h.run_id, h.path",
)

TABLES = (PAGE_TEXTS, SCANS, PAGES, PAGE_LINES, E_FILES, BATCHES, BATCH_ITEMS, BATCH_STEPS, HOOKINGS, HOOKED_FILES)
