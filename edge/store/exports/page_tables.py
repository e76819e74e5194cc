"""Tables of digitising: originals, pages and what is written on them, batches. A page is as secret as its item."""

from __future__ import annotations

from edge.store.exports.scope import SEEN_ITEM
from edge.store.exports.table import Column, Table, columns, person

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
        *columns("i", "ref_code label"),
        *columns("t", "page:count text engine confidence:share at=utc_ms:time"),
    ),
    f"FROM item_text t LEFT JOIN item i ON i.no = t.item_no WHERE {SEEN_ITEM}",
    "t.rowid",
)

SCANS = Table(
    "scans",
    (
        *columns(
            "s",
            "scan=id sha256 source file=name format bytes:count pages:count author created modified "
            "made_with alarming at=received_ms:time person=received_by",
        ),
        Column("four_checks", "(SELECT c.report FROM scan_check c WHERE c.file_id = s.id)"),
    ),
    f"FROM scan_file s WHERE {_SEEN_FILE}",
    "s.rowid",
)

PAGES = Table(
    "pages",
    (
        *columns("p", "page_id=id number=no:count scan=file_id file_page:count"),
        *columns("i", "ref_code label"),
        *columns(
            "p",
            "page=page_no:count sha256=image state width:count height:count dpi:count measures "
            "complaints despite proposed printed_no:count stamped=stamp at=seen_ms:time "
            "person=seen_by",
        ),
    ),
    f"FROM page p {_ITEM_OF_PAGE}",
    "p.no",
)

PAGE_LINES = Table(
    "page_lines",
    (
        *columns("p", "page_id=id"),
        *columns("l", "line:count text read_text state quad put_right=mended confidence:share weakest:share"),
    ),
    f"FROM page_line l LEFT JOIN page p ON p.no = l.page {_ITEM_OF_PAGE}",
    "l.page, l.line",
)

E_FILES = Table(
    "e_files",
    (
        *columns("e", "e_file=id scan=file_id"),
        *columns("i", "ref_code label"),
        *columns("e", "number:count kind mime suffix duration_ms:count"),
    ),
    f"FROM e_file e LEFT JOIN item i ON i.id = e.item_id WHERE {SEEN_ITEM}",
    "e.rowid",
)

BATCHES = Table(
    "batches",
    (
        *columns("b", "batch=id name contractor state at=opened_ms:time"),
        *person("b.opened_by"),
        *columns("b", "ended_at=closed_ms:time ended_by=closed_by remark=despite"),
    ),
    "FROM batch b WHERE 1",
    "b.rowid",
)

BATCH_ITEMS = Table(
    "batch_items",
    (
        *columns("b", "batch=batch_id"),
        *columns("i", "ref_code label"),
        *columns(
            "b",
            "pages_out:count out_at=out_ms:time out_by pages_in:count bound:yes_no remark=note in_at=in_ms:time in_by "
            "undigitised",
        ),
    ),
    f"FROM batch_item b LEFT JOIN item i ON i.id = b.item_id WHERE {SEEN_ITEM}",
    "b.batch_id, b.item_id",
)

BATCH_STEPS = Table(
    "batch_steps",
    columns(
        "s",
        "batch=batch_id number=no:count step round:count worker checker count:count defects:count "
        "remark=note at=at_ms:time",
    ),
    "FROM batch_step s WHERE 1",
    "s.no",
)

HOOKINGS = Table(
    "hookings",
    (
        *columns("h", "hooking=id folder=root began_at=begun_ms:time"),
        *person("h.begun_by"),
        *columns("h", "ended_at=ended_ms:time"),
    ),
    "FROM hook_run h WHERE 1",
    "h.id",
)

HOOKED_FILES = Table(
    "hooked_files",
    (
        *columns("h", "hooking=run_id file=path sha256 stamp pages:count state code params"),
        *columns("i", "label"),
        *columns("h", "page:count scan=file_id settled_by settled_why"),
    ),
    f"FROM hook_file h LEFT JOIN item i ON i.id = h.item_id WHERE (i.id IS NULL OR {SEEN_ITEM})",
    "h.run_id, h.path",
)

TABLES = (PAGE_TEXTS, SCANS, PAGES, PAGE_LINES, E_FILES, BATCHES, BATCH_ITEMS, BATCH_STEPS, HOOKINGS, HOOKED_FILES)
