"""The tables that can be taken out: all of the store's, what is secret by clearance, nothing that proves a person."""

from __future__ import annotations

from edge.store.exports import described_tables, page_tables, room_tables, site_tables
from edge.store.exports.described_tables import FURTHER_COLUMNS, VOLUME_COLUMNS
from edge.store.exports.scope import OF_FONDS, SEEN_ITEM, SEEN_LOAN, SEEN_VOLUME
from edge.store.exports.table import BOX_NO, Column, Table, columns, person
from edge.store.people import PERSON_ACTIVE, PERSON_ROLES

_BOX = columns("b", "box_title=title thickness=thickness_mm:count barcode slot=home_slot")
_BOX_OF_RECORD = "LEFT JOIN box b ON b.id = {of}.box_id LEFT JOIN fonds f ON f.fonds_no = {of}.fonds_no"

ITEMS = Table(
    "items",
    (
        Column("ref_code", "CASE WHEN i.ref_key IS NOT NULL THEN i.ref_code END"),
        Column("local_ref", "CASE WHEN i.ref_key IS NULL THEN i.ref_code END"),
        *columns(
            "i",
            "title responsible doc_no date date_written year:count retention secret_level:level "
            "pages:count context remark fonds_no",
        ),
        *columns("f", "fonds_name=name"),
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
        *columns("i", "foreign_id state label"),
    ),
    f"FROM shown_item i {_BOX_OF_RECORD.format(of='i')} LEFT JOIN volume v ON v.id = i.volume_id"
    " LEFT JOIN item_description d ON d.item_no = i.no"
    f" WHERE {SEEN_ITEM} AND {OF_FONDS.format(of='i')}",
    "i.no",
    by_fonds=True,
)

VOLUMES = Table(
    "volumes",
    (
        Column("ref_code", "CASE WHEN v.ref_key IS NOT NULL THEN v.ref_code END"),
        Column("local_ref", "CASE WHEN v.ref_key IS NULL THEN v.ref_code END"),
        *columns("v", "volume_title=title"),
        *VOLUME_COLUMNS,
        *columns("v", "secret_level:level fonds_no"),
        *columns("f", "fonds_name=name"),
        BOX_NO,
        *_BOX,
        *columns("v", "state label"),
    ),
    f"FROM shown_volume v {_BOX_OF_RECORD.format(of='v')} LEFT JOIN volume_description d ON d.volume_no = v.no"
    f" WHERE {SEEN_VOLUME} AND {OF_FONDS.format(of='v')}",
    "v.no",
    by_fonds=True,
)

BOXES = Table(
    "boxes",
    (
        BOX_NO,
        *columns("b", "fonds_no"),
        *columns("f", "fonds_name=name"),
        *_BOX,
        *columns("b", "box_type=type weight_g:count stands_in=slot state label"),
    ),
    f"FROM shown_box b LEFT JOIN fonds f ON f.fonds_no = b.fonds_no WHERE {OF_FONDS.format(of='b')}",
    "b.no",
    by_fonds=True,
)

SLOTS = Table(
    "slots",
    (
        *columns("s", "slot=code area column_no:count face"),
        *columns("b", "fonds_no"),
        BOX_NO,
        Column("stands_here", "b.slot IS s.code", "yes_no"),
        *columns("s", "label"),
    ),
    "FROM slot s LEFT JOIN shown_box b ON b.home_slot = s.code WHERE 1",
    "s.sort",
)

LOANS = Table(
    "loans",
    (
        *columns("l", "loan=id kind"),
        Column("ref_code", "coalesce(i.ref_code, v.ref_code)"),
        *columns("b", "fonds_no"),
        BOX_NO,
        *columns("l", "slot"),
        *person("l.person_id"),
        *columns("l", "state due asked=asked_ms:time changed=changed_ms:time reason"),
    ),
    "FROM loan l LEFT JOIN item i ON i.id = l.item_id LEFT JOIN volume v ON v.id = l.volume_id"
    f" LEFT JOIN box b ON b.id = l.box_id WHERE {SEEN_LOAN} AND {OF_FONDS.format(of='b')}",
    "l.rowid",
    by_fonds=True,
)

LOAN_DECISIONS = Table(  # what was said to requests that wait for somebody's word
    "loan_decisions",
    (
        *columns("d", "loan=loan_id approved:yes_no"),
        *person("d.actor"),
        *columns("d", "opinion decided_at=utc_ms:time"),
    ),
    f"FROM loan_decision d JOIN loan l ON l.id = d.loan_id WHERE {SEEN_LOAN}",
    "d.rowid",
)

ALARMS = Table(
    "alarms",
    (
        *columns(
            "a",
            "alarm=id rule place severity active:yes_no acked:yes_no latched:yes_no value:count "
            "limit=bound:count raised_at=raised_ms:time acked_at=acked_ms:time",
        ),
        *person("a.acked_by"),
        *columns("a", "returned_at=returned_ms:time cleared_at=cleared_ms:time"),
    ),
    "FROM alarm a WHERE 1",
    "a.rowid",
)

MOVES = Table(
    "moves",
    (
        *columns("m", "move=id move_no:count area kind aisle:count plan loan=loan_id pull_list=list_id"),
        BOX_NO,
        *person("m.person_id"),
        *columns("m", "phase ended armed_at=armed_ms:time started_at=started_ms:time ended_at=ended_ms:time"),
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
        *columns("p", "person=id person_name=name department"),
        Column("roles", PERSON_ROLES),
        Column("active", PERSON_ACTIVE, "yes_no"),
        *columns("p", "source"),
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

_ROOM = (ITEMS, BOXES, VOLUMES, SLOTS, LOANS, LOAN_DECISIONS, ALARMS, MOVES, READINGS, PEOPLE)
_MORE = (*described_tables.TABLES, *page_tables.TABLES, *room_tables.TABLES, *site_tables.TABLES)
TABLES = {table.name: table for table in (*_ROOM, *_MORE)}

# What no table above takes out, and why: whole tables, or single columns as "table.column".
NOT_TAKEN_OUT = {
    "epoch": "the trace leaves whole, with its proofs: storeroom export trace",
    "event": "the trace leaves whole, with its proofs: storeroom export trace",
    "checkpoint": "the trace leaves whole, with its proofs: storeroom export trace",
    "record_tally": "digests of what the other tables say; the trace holds their roots",
    "sync_cursor": "how far this node and its centre have come",
    "session": "who is signed in at this moment, and what proves it",
    "alarm_turning": "since when a value calls for an alarm: counts within one boot",
    "import_evidence": "the files that were imported leave as they came: storeroom export source",
    "door": "how the storeroom door stands at this moment; what was is in the trace",
    "block_proof_age": "how old this node counts the last proof of a block to be",
    "import_fonds": "what a fonds took of it is in its description, and the file leaves as it came",
    "import_volume": "what a volume took of it is in its description, and the file leaves as it came",
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
    "volume.category": "made of the archive number",
    "volume.sounds": "made of the title",
    "volume.ref_fold": "made of the archive number",
    "volume.ref_order": "made of the archive number",
    "box.box_key": "made of the box number",
}
