"""Tables of work in the room: pull lists, stocktakes, people trapped, what the block is used for."""

from __future__ import annotations

from edge.store.exports.scope import SEEN_ITEM, SEEN_LOAN
from edge.store.exports.table import BOX_NO, Column, Table, columns, person, who

PULL_LISTS = Table(
    "pull_lists",
    (
        *columns("p", "pull_list=id area"),
        *person("p.person_id"),
        *columns("p", "began_at=began_ms:time ended_at=ended_ms:time"),
    ),
    "FROM pull_list p WHERE 1",
    "p.rowid",
)

PULL_LIST_LOANS = Table(
    "pull_list_loans",
    columns("p", "pull_list=list_id loan=loan_id"),
    f"FROM pull_list_loan p LEFT JOIN loan l ON l.id = p.loan_id WHERE {SEEN_LOAN}",
    "p.rowid",
)

STOCKTAKES = Table(
    "stocktakes",
    (
        *columns("s", "stocktake=id kind"),
        *person("s.begun_by"),
        *columns("s", "began_at=begun_ms:time closed_at=closed_ms:time"),
    ),
    "FROM stocktake s WHERE 1",
    "s.rowid",
)

STOCKTAKE_BAYS = Table(
    "stocktake_bays",
    columns(
        "s",
        "stocktake=stocktake_id bay state person=person_id began_at=began_ms:time "
        "counted_at=counted_ms:time slot=at_slot picture",
    ),
    "FROM stocktake_bay s WHERE 1",
    "s.stocktake_id, s.bay",
)

STOCKTAKE_SIGHTS = Table(
    "stocktake_sights",
    columns("s", "stocktake=stocktake_id slot how sight at=seen_ms:time"),
    "FROM stocktake_sight s WHERE 1",
    "s.stocktake_id, s.slot",
)

STOCKTAKE_PICTURES = Table(
    "stocktake_pictures",
    columns("s", "stocktake=stocktake_id bay picture=look_id camera"),
    "FROM stocktake_shot s WHERE 1",
    "s.stocktake_id, s.bay, s.look_id",
)

STOCKTAKE_BOXES = Table(
    "stocktake_boxes",
    (
        *columns("s", "stocktake=stocktake_id"),
        *columns("b", "label"),
        BOX_NO,
        *columns("s", "person=person_id counted_at=counted_ms:time"),
    ),
    "FROM stocktake_box s LEFT JOIN box b ON b.id = s.box_id WHERE 1",
    "s.stocktake_id, s.box_id",
)

STOCKTAKE_DIFFERENCES = Table(
    "stocktake_differences",
    (
        *columns("d", "difference=id stocktake=stocktake_id kind slot"),
        BOX_NO,
        *columns("i", "ref_code"),
        *columns("d", "belongs counted:count catalogued:count state person=decided_by at=decided_ms:time"),
    ),
    "FROM stocktake_difference d LEFT JOIN box b ON b.id = d.box_id LEFT JOIN item i ON i.id = d.item_id"
    f" WHERE (i.id IS NULL OR {SEEN_ITEM})",
    "d.rowid",
)

STOCKTAKE_SIGNATURES = Table(
    "stocktake_signatures",
    (
        *columns("s", "stocktake=stocktake_id"),
        *person("s.person_id"),
        *columns("s", "at=signed_ms:time"),
    ),
    "FROM stocktake_signature s WHERE 1",
    "s.stocktake_id, s.person_id",
)

TRAPPED = Table(
    "trapped",
    (
        *columns("e", "report=id reported_by at=reported_ms:time"),
        *person("e.ended_by"),
        *columns("e", "ended_at=ended_ms:time"),
    ),
    "FROM entrapment e WHERE 1",
    "e.rowid",
)

AISLES = Table(
    "aisles",
    columns("a", "area aisle:count reason=why since=since_ms:time"),
    "FROM aisle_since a WHERE 1",
    "a.rowid",
)

FAULTS = Table(
    "block_faults",
    columns("f", "area column_no:count fault since=since_ms:time"),
    "FROM block_fault f WHERE 1",
    "f.rowid",
)

INSPECTIONS = Table(  # after a tilt or a shock
    "block_inspections",
    (
        *columns("i", "inspection=id area columns owed_at=owed_ms:time"),
        *person("i.person_id"),
        *columns("i", "made_at=made_ms:time positions_found_at=found_ms:time"),
    ),
    "FROM block_inspection i WHERE 1",
    "i.rowid",
)

BLOCK_TASKS = Table(
    "block_tasks",
    (
        *columns("t", "area kind"),
        *columns("l", "loan=id"),
        BOX_NO,
        *person("t.person_id"),
        *columns("t", "aisle:count since=since_ms:time pull_list=list_id"),
    ),
    f"FROM block_task t LEFT JOIN loan l ON l.id = t.loan_id AND {SEEN_LOAN}"
    " LEFT JOIN box b ON b.id = t.box_id WHERE 1",
    "t.rowid",
)

COMMISSIONED = Table(
    "commissioned",
    columns("c", "area serial:count sha256 signed_at=signed_ms:time taken_at=taken_ms:time"),
    "FROM block_commissioned c WHERE 1",
    "c.rowid",
)

PROOFS = Table(
    "block_proofs",
    (
        *columns("p", "proof=id area serial:count"),
        *person("p.technician"),
        *columns("p", "began_at=began_ms:time ended_at=ended_ms:time outcome answers"),
    ),
    "FROM block_proof p WHERE 1",
    "p.rowid",
)

WORKS = Table(  # at the block, under the maintenance key or behind the padlock
    "block_works",
    columns(
        "w",
        "work=id area kind person=person_id person_name=held_by began_at=began_ms:time "
        "signed_at=signed_ms:time ended_at=ended_ms:time",
    ),
    "FROM block_work w WHERE 1",
    "w.rowid",
)

ENTRIES = Table(  # 出入库登记
    "entries",
    (
        *columns("e", "entry=id state"),
        *person("e.person_id"),
        *columns("e", "visitor=name organisation papers approved_by"),
        Column("escort", "e.escort_id"),
        Column("escort_name", who("e.escort_id")),
        *columns("e", "reason let_in_at=let_in_ms:time came_at=came_ms:time left_at=left_ms:time how=left_how"),
    ),
    "FROM entry e WHERE 1",
    "e.rowid",
)

ENTRY_BARS = Table(  # after fire or gas
    "entry_bars",
    columns("b", "bar=id cause=why since=since_ms:time cleared_at=cleared_ms:time person=cleared_by found"),
    "FROM door_bar b WHERE 1",
    "b.rowid",
)

PATROLS = Table(  # 巡查
    "patrols",
    (
        *columns("p", "patrol=id kind state begun_at=begun_ms:time"),
        *person("p.begun_by"),
        *columns("p", "ended_at=ended_ms:time"),
        Column("ended_by", "p.ended_by"),
        Column("ended_by_name", who("p.ended_by")),
        *columns("p", "reason"),
        Column("points", "(SELECT count(*) FROM patrol_answer a WHERE a.patrol_id = p.id)", "count"),
        Column("findings", "(SELECT count(*) FROM patrol_finding f WHERE f.patrol_id = p.id)", "count"),
    ),
    "FROM patrol p WHERE 1",
    "p.rowid",
)

PATROL_ANSWERS = Table(
    "patrol_answers",
    (
        *columns("a", "patrol=patrol_id no:count point=point_id what aisle:count place name verdict"),
        *columns("a", "answered_at=answered_ms:time"),
        *person("a.answered_by"),
        *columns("a", "readings"),
    ),
    "FROM patrol_answer a WHERE 1",
    "a.rowid",
)

PATROL_FINDINGS = Table(
    "patrol_findings",
    (
        *columns("f", "finding=id patrol=patrol_id point=point_id"),
        *columns("a", "what aisle:count place name"),
        *columns("f", "kind found=words picture=look noticed_at=found_ms:time"),
        *person("f.found_by"),
        *columns("f", "owner"),
        Column("owner_name", who("f.owner")),
        *columns("f", "until closed_at=closed_ms:time"),
        Column("closed_by", "f.closed_by"),
        Column("closed_by_name", who("f.closed_by")),
        *columns("f", "done"),
    ),
    "FROM patrol_finding f JOIN patrol_answer a ON a.patrol_id = f.patrol_id AND a.point_id = f.point_id WHERE 1",
    "f.rowid",
)

PATROL_POINTS = Table(
    "patrol_points",
    columns("p", "point=id no:count what aisle:count place name rounds"),
    "FROM patrol_point p WHERE 1",
    "p.rowid",
)

CARRIAGES = Table(
    "carriages",
    columns("c", "area column_no:count one_sided_g:count"),
    "FROM carriage c WHERE 1",
    "c.area, c.column_no",
)

TABLES = (
    *(PULL_LISTS, PULL_LIST_LOANS, STOCKTAKES, STOCKTAKE_BAYS, STOCKTAKE_SIGHTS, STOCKTAKE_PICTURES, STOCKTAKE_BOXES),
    *(STOCKTAKE_DIFFERENCES, STOCKTAKE_SIGNATURES, TRAPPED, AISLES, FAULTS, INSPECTIONS, BLOCK_TASKS, COMMISSIONED),
    *(PROOFS, WORKS, CARRIAGES, ENTRIES, ENTRY_BARS),
    *(PATROLS, PATROL_ANSWERS, PATROL_FINDINGS, PATROL_POINTS),
)
