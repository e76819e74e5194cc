"""Tables of work in the room: pull lists, stocktakes, people trapped, what the block is used for."""

from __future__ import annotations

from edge.store.exports.scope import SEEN_ITEM, SEEN_LOAN
from edge.store.exports.table import Column, Table, who

_BOX = Column("box_no", "CASE WHEN b.id IS NULL THEN json_array() ELSE json_array(b.box_no) END", "boxes")

PULL_LISTS = Table(
    "pull_lists",
    (
        *(Column("pull_list", "p.id"), Column("area", "p.area"), Column("person", "p.person_id")),
        *(Column("person_name", who("p.person_id")), Column("began_at", "p.began_ms", "time")),
        Column("ended_at", "p.ended_ms", "time"),
    ),
    "FROM pull_list p WHERE 1",
    "p.rowid",
)

PULL_LIST_LOANS = Table(
    "pull_list_loans",
    (Column("pull_list", "p.list_id"), Column("loan", "p.loan_id")),
    f"FROM pull_list_loan p LEFT JOIN loan l ON l.id = p.loan_id WHERE {SEEN_LOAN}",
    "p.rowid",
)

STOCKTAKES = Table(
    "stocktakes",
    (
        *(Column("stocktake", "s.id"), Column("kind", "s.kind"), Column("person", "s.begun_by")),
        *(Column("person_name", who("s.begun_by")), Column("began_at", "s.begun_ms", "time")),
        Column("closed_at", "s.closed_ms", "time"),
    ),
    "FROM stocktake s WHERE 1",
    "s.rowid",
)

STOCKTAKE_BAYS = Table(
    "stocktake_bays",
    (
        *(Column("stocktake", "s.stocktake_id"), Column("bay", "s.bay"), Column("state", "s.state")),
        *(Column("person", "s.person_id"), Column("began_at", "s.began_ms", "time")),
        *(Column("counted_at", "s.counted_ms", "time"), Column("slot", "s.at_slot"), Column("picture", "s.picture")),
    ),
    "FROM stocktake_bay s WHERE 1",
    "s.stocktake_id, s.bay",
)

STOCKTAKE_SIGHTS = Table(
    "stocktake_sights",
    (
        *(Column("stocktake", "s.stocktake_id"), Column("slot", "s.slot"), Column("how", "s.how")),
        *(Column("sight", "s.sight"), Column("at", "s.seen_ms", "time")),
    ),
    "FROM stocktake_sight s WHERE 1",
    "s.stocktake_id, s.slot",
)

STOCKTAKE_PICTURES = Table(
    "stocktake_pictures",
    (Column("stocktake", "s.stocktake_id"), Column("bay", "s.bay"), Column("picture", "s.look_id")),
    "FROM stocktake_shot s WHERE 1",
    "s.stocktake_id, s.bay, s.look_id",
)

STOCKTAKE_BOXES = Table(
    "stocktake_boxes",
    (
        *(Column("stocktake", "s.stocktake_id"), Column("label", "b.label"), _BOX),
        *(Column("person", "s.person_id"), Column("counted_at", "s.counted_ms", "time")),
    ),
    "FROM stocktake_box s LEFT JOIN box b ON b.id = s.box_id WHERE 1",
    "s.stocktake_id, s.box_id",
)

STOCKTAKE_DIFFERENCES = Table(
    "stocktake_differences",
    (
        *(Column("difference", "d.id"), Column("stocktake", "d.stocktake_id"), Column("kind", "d.kind")),
        *(Column("slot", "d.slot"), _BOX, Column("ref_code", "i.ref_code"), Column("belongs", "d.belongs")),
        *(Column("counted", "d.counted", "count"), Column("state", "d.state"), Column("person", "d.decided_by")),
        Column("at", "d.decided_ms", "time"),
    ),
    "FROM stocktake_difference d LEFT JOIN box b ON b.id = d.box_id LEFT JOIN item i ON i.id = d.item_id"
    f" WHERE (i.id IS NULL OR {SEEN_ITEM})",
    "d.rowid",
)

STOCKTAKE_SIGNATURES = Table(
    "stocktake_signatures",
    (
        *(Column("stocktake", "s.stocktake_id"), Column("person", "s.person_id")),
        *(Column("person_name", who("s.person_id")), Column("at", "s.signed_ms", "time")),
    ),
    "FROM stocktake_signature s WHERE 1",
    "s.stocktake_id, s.person_id",
)

TRAPPED = Table(
    "trapped",
    (
        *(Column("report", "e.id"), Column("reported_by", "e.reported_by"), Column("at", "e.reported_ms", "time")),
        *(Column("person", "e.ended_by"), Column("person_name", who("e.ended_by"))),
        Column("ended_at", "e.ended_ms", "time"),
    ),
    "FROM entrapment e WHERE 1",
    "e.rowid",
)

AISLES = Table(
    "aisles",
    (
        *(Column("area", "a.area"), Column("aisle", "a.aisle", "count"), Column("reason", "a.why")),
        Column("since", "a.since_ms", "time"),
    ),
    "FROM aisle_since a WHERE 1",
    "a.rowid",
)

FAULTS = Table(
    "block_faults",
    (
        *(Column("area", "f.area"), Column("column_no", "f.column_no", "count"), Column("fault", "f.fault")),
        Column("since", "f.since_ms", "time"),
    ),
    "FROM block_fault f WHERE 1",
    "f.rowid",
)

BLOCK_TASKS = Table(
    "block_tasks",
    (
        *(Column("area", "t.area"), Column("kind", "t.kind"), Column("loan", "l.id"), _BOX),
        *(Column("person", "t.person_id"), Column("person_name", who("t.person_id"))),
        *(Column("aisle", "t.aisle", "count"), Column("since", "t.since_ms", "time"), Column("pull_list", "t.list_id")),
    ),
    f"FROM block_task t LEFT JOIN loan l ON l.id = t.loan_id AND {SEEN_LOAN}"
    " LEFT JOIN box b ON b.id = t.box_id WHERE 1",
    "t.rowid",
)

COMMISSIONED = Table(
    "commissioned",
    (
        *(Column("area", "c.area"), Column("serial", "c.serial", "count"), Column("sha256", "c.sha256")),
        *(Column("signed_at", "c.signed_ms", "time"), Column("taken_at", "c.taken_ms", "time")),
    ),
    "FROM block_commissioned c WHERE 1",
    "c.rowid",
)

PROOFS = Table(
    "block_proofs",
    (
        *(Column("proof", "p.id"), Column("area", "p.area"), Column("serial", "p.serial", "count")),
        *(Column("person", "p.technician"), Column("person_name", who("p.technician"))),
        *(Column("began_at", "p.began_ms", "time"), Column("ended_at", "p.ended_ms", "time")),
        *(Column("outcome", "p.outcome"), Column("answers", "p.answers")),
    ),
    "FROM block_proof p WHERE 1",
    "p.rowid",
)

WORKS = Table(  # at the block, under the maintenance key or behind the padlock
    "block_works",
    (
        *(Column("work", "w.id"), Column("area", "w.area"), Column("kind", "w.kind")),
        *(Column("person", "w.person_id"), Column("person_name", "w.held_by")),
        *(Column("began_at", "w.began_ms", "time"), Column("signed_at", "w.signed_ms", "time")),
        Column("ended_at", "w.ended_ms", "time"),
    ),
    "FROM block_work w WHERE 1",
    "w.rowid",
)

CARRIAGES = Table(
    "carriages",
    (
        *(Column("area", "c.area"), Column("column_no", "c.column_no", "count")),
        Column("one_sided_g", "c.one_sided_g", "count"),
    ),
    "FROM carriage c WHERE 1",
    "c.area, c.column_no",
)

TABLES = (
    *(PULL_LISTS, PULL_LIST_LOANS, STOCKTAKES, STOCKTAKE_BAYS, STOCKTAKE_SIGHTS, STOCKTAKE_PICTURES, STOCKTAKE_BOXES),
    *(STOCKTAKE_DIFFERENCES, STOCKTAKE_SIGNATURES, TRAPPED, AISLES, FAULTS, BLOCK_TASKS, COMMISSIONED),
    *(PROOFS, WORKS, CARRIAGES),
)
