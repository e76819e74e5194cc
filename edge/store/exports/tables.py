"""The tables that can be taken out: all of the store's, what is secret by clearance, nothing that proves a person."""

from __future__ import annotations

from edge.store.exports import described_tables, page_tables, room_tables, site_tables
from edge.store.exports.described_tables import FURTHER_COLUMNS
from edge.store.exports.scope import SEEN_ITEM, SEEN_LOAN, SEEN_VOLUME
from edge.store.exports.table import Column, Table, who
from edge.store.people import PERSON_ACTIVE, PERSON_ROLES

_BOX = (
    Column("box_title", "b.title"),
    Column("thickness", "b.thickness_mm", "count"),
    Column("barcode", "b.barcode"),
    Column("slot", "b.home_slot"),
)
_BOX_OF_RECORD = "LEFT JOIN box b ON b.id = {of}.box_id LEFT JOIN fonds f ON f.fonds_no = {of}.fonds_no"

ITEMS = Table(
    "items",
    (
        Column("ref_code", "CASE WHEN i.ref_key IS NOT NULL THEN i.ref_code END"),
        Column("local_ref", "CASE WHEN i.ref_key IS NULL THEN i.ref_code END"),
        Column("title", "i.title"),
        Column("responsible", "i.responsible"),
        Column("doc_no", "i.doc_no"),
        Column("date", "i.date"),
        Column("date_written", "i.date_written"),
        Column("year", "i.year", "count"),
        Column("retention", "i.retention"),
        Column("secret_level", "i.secret_level", "level"),
        Column("pages", "i.pages", "count"),
        Column("context", "i.context"),
        Column("remark", "i.remark"),
        Column("fonds_no", "i.fonds_no"),
        Column("fonds_name", "f.name"),
        Column("volume_ref", f"CASE WHEN v.ref_key IS NOT NULL AND {SEEN_VOLUME} THEN v.ref_code END"),
        Column("volume_title", f"CASE WHEN v.ref_key IS NOT NULL AND {SEEN_VOLUME} THEN v.title END"),
        Column(
            "box_no",
            "(SELECT json_group_array(x.box_no) FROM (SELECT b.box_no WHERE b.id IS NOT NULL UNION ALL SELECT * FROM"
            " (SELECT o.box_no FROM item_also_in a JOIN box o ON o.id = a.box_id WHERE a.item_no = i.no"
            " ORDER BY o.no)) x)",
            "boxes",
        ),
        *_BOX,
        *FURTHER_COLUMNS,
        Column("foreign_id", "i.foreign_id"),
        Column("state", "i.state"),
        Column("label", "i.label"),
    ),
    f"FROM shown_item i {_BOX_OF_RECORD.format(of='i')} LEFT JOIN volume v ON v.id = i.volume_id"
    " LEFT JOIN item_description d ON d.item_no = i.no"
    f" WHERE {SEEN_ITEM} AND (:fonds = '' OR i.fonds_no = :fonds)",
    "i.no",
    by_fonds=True,
)

VOLUMES = Table(
    "volumes",
    (
        Column("ref_code", "CASE WHEN v.ref_key IS NOT NULL THEN v.ref_code END"),
        Column("local_ref", "CASE WHEN v.ref_key IS NULL THEN v.ref_code END"),
        Column("volume_title", "v.title"),
        Column("fonds_no", "v.fonds_no"),
        Column("fonds_name", "f.name"),
        Column("box_no", "CASE WHEN b.id IS NULL THEN json_array() ELSE json_array(b.box_no) END", "boxes"),
        *_BOX,
        Column("state", "v.state"),
        Column("label", "v.label"),
    ),
    f"FROM shown_volume v {_BOX_OF_RECORD.format(of='v')} WHERE {SEEN_VOLUME} AND (:fonds = '' OR v.fonds_no = :fonds)",
    "v.no",
    by_fonds=True,
)

BOXES = Table(
    "boxes",
    (
        Column("box_no", "json_array(b.box_no)", "boxes"),
        Column("fonds_no", "b.fonds_no"),
        Column("fonds_name", "f.name"),
        *_BOX,
        Column("box_type", "b.type"),
        Column("weight_g", "b.weight_g", "count"),
        Column("stands_in", "b.slot"),
        Column("state", "b.state"),
        Column("label", "b.label"),
    ),
    "FROM shown_box b LEFT JOIN fonds f ON f.fonds_no = b.fonds_no WHERE (:fonds = '' OR b.fonds_no = :fonds)",
    "b.no",
    by_fonds=True,
)

SLOTS = Table(
    "slots",
    (
        Column("slot", "s.code"),
        Column("area", "s.area"),
        Column("column_no", "s.column_no", "count"),
        Column("face", "s.face"),
        Column("fonds_no", "b.fonds_no"),
        Column("box_no", "CASE WHEN b.id IS NULL THEN json_array() ELSE json_array(b.box_no) END", "boxes"),
        Column("stands_here", "b.slot IS s.code", "yes_no"),
        Column("label", "s.label"),
    ),
    "FROM slot s LEFT JOIN shown_box b ON b.home_slot = s.code WHERE 1",
    "s.sort",
)

LOANS = Table(
    "loans",
    (
        Column("loan", "l.id"),
        Column("kind", "l.kind"),
        Column("ref_code", "coalesce(i.ref_code, v.ref_code)"),
        Column("fonds_no", "b.fonds_no"),
        Column("box_no", "CASE WHEN b.id IS NULL THEN json_array() ELSE json_array(b.box_no) END", "boxes"),
        Column("slot", "l.slot"),
        Column("person", "l.person_id"),
        Column("person_name", who("l.person_id")),
        Column("state", "l.state"),
        Column("due", "l.due"),
        Column("asked", "l.asked_ms", "time"),
        Column("changed", "l.changed_ms", "time"),
        Column("reason", "l.reason"),
    ),
    "FROM loan l LEFT JOIN item i ON i.id = l.item_id LEFT JOIN volume v ON v.id = l.volume_id"
    f" LEFT JOIN box b ON b.id = l.box_id WHERE {SEEN_LOAN} AND (:fonds = '' OR b.fonds_no = :fonds)",
    "l.rowid",
    by_fonds=True,
)

ALARMS = Table(
    "alarms",
    (
        Column("alarm", "a.id"),
        Column("rule", "a.rule"),
        Column("place", "a.place"),
        Column("severity", "a.severity"),
        Column("active", "a.active", "yes_no"),
        Column("acked", "a.acked", "yes_no"),
        Column("latched", "a.latched", "yes_no"),
        Column("value", "a.value", "count"),
        Column("bound", "a.bound", "count"),
        Column("raised_at", "a.raised_ms", "time"),
        Column("acked_at", "a.acked_ms", "time"),
        Column("person", "a.acked_by"),
        Column("person_name", who("a.acked_by")),
        Column("returned_at", "a.returned_ms", "time"),
        Column("cleared_at", "a.cleared_ms", "time"),
    ),
    "FROM alarm a WHERE 1",
    "a.rowid",
)

MOVES = Table(
    "moves",
    (
        Column("move", "m.id"),
        Column("move_no", "m.move_no", "count"),
        Column("area", "m.area"),
        Column("kind", "m.kind"),
        Column("aisle", "m.aisle", "count"),
        Column("plan", "m.plan"),
        Column("loan", "m.loan_id"),
        Column("pull_list", "m.list_id"),
        Column("box_no", "CASE WHEN b.id IS NULL THEN json_array() ELSE json_array(b.box_no) END", "boxes"),
        Column("person", "m.person_id"),
        Column("person_name", who("m.person_id")),
        Column("phase", "m.phase"),
        Column("ended", "m.ended"),
        Column("armed_at", "m.armed_ms", "time"),
        Column("started_at", "m.started_ms", "time"),
        Column("ended_at", "m.ended_ms", "time"),
        Column("duration_ms", "m.ended_ms - COALESCE(m.started_ms, m.armed_ms)", "count"),
        Column("stood_at", "json_extract(m.seen, '$.at_mm')"),
        Column("self_test", "json_extract(m.seen, '$.self_test')"),
        Column("least_gaps", "json_extract(m.seen, '$.least_gap_mm')"),
        Column("least_supply_mv", "json_extract(m.seen, '$.least_supply_mv')", "count"),
        Column("peak_ma", "json_extract(m.seen, '$.peak_ma')", "count"),
        Column("fault", "NULLIF(json_extract(m.seen, '$.fault'), '')"),
    ),
    "FROM move m LEFT JOIN box b ON b.id = m.box_id WHERE 1",
    "m.rowid",
)

PEOPLE = Table(
    "people",
    (
        Column("person", "p.id"),
        Column("person_name", "p.name"),
        Column("department", "p.department"),
        Column("roles", PERSON_ROLES),
        Column("active", PERSON_ACTIVE, "yes_no"),
        Column("source", "p.source"),
    ),
    "FROM person p WHERE 1",
    "p.rowid",
)

READINGS = Table(  # of the readings' own file
    "readings",
    (
        Column("place", "place"),
        Column("measurand", "measurand"),
        Column("minute", "start_ms", "time"),
        Column("least", "least", "count"),
        Column("mean", "CAST(round(1.0 * total / count) AS INTEGER)", "count"),
        Column("greatest", "greatest", "count"),
        Column("readings", "count", "count"),
    ),
    "FROM minute WHERE 1",
    "place, measurand, start_ms",
)

_ROOM = (ITEMS, BOXES, VOLUMES, SLOTS, LOANS, ALARMS, MOVES, READINGS, PEOPLE)
_MORE = (*described_tables.TABLES, *page_tables.TABLES, *room_tables.TABLES, *site_tables.TABLES)
TABLES = {table.name: table for table in (*_ROOM, *_MORE)}

# What no table above takes out, and why: whole tables, or single columns as "table.column".
NOT_TAKEN_OUT = {
    "epoch": "the trace leaves whole, with its proofs: storeroom export trace",
    "event": "the trace leaves whole, with its proofs: storeroom export trace",
    "checkpoint": "the trace leaves whole, with its proofs: storeroom export trace",
    "sync_cursor": "how far this node and its centre have come",
    "session": "who is signed in at this moment, and what proves it",
    "alarm_turning": "since when a value calls for an alarm: counts within one boot",
    "import_evidence": "the files that were imported leave as they came: storeroom export source",
    "block_proof_age": "how old this node counts the last proof of a block to be",
    "index_rebuild": "how far a new search index has come",
    "index_rebuild_again": "how far a new search index has come",
    "upkeep_run.position": "where the upkeep goes on",
    "person.pin_salt": "proves a person",
    "person.pin_hash": "proves a person",
    "person.wrong_pins": "proves a person",
    "person.locked_boot": "proves a person",
    "person.locked_mono_ms": "proves a person",
    "card.uid_hmac": "proves a person",
    "loan.level": "made of the secret level of what is lent",
    "item.category": "made of the archive number",
    "item.sounds": "made of the title",
    "item.ref_fold": "made of the archive number",
    "item.ref_order": "made of the archive number",
    "box.box_key": "made of the box number",
}
