"""Tables of the site itself: its own codes and levels, shelves and box types, imports, settings, the store's upkeep."""

from __future__ import annotations

from edge.store.exports.scope import SEEN_ITEM, SEEN_VOLUME
from edge.store.exports.table import Column, Table, who

SECRET_LEVELS = Table(
    "secret_levels",
    (
        *(Column("code", "s.code"), Column("name", "s.name"), Column("clearance", "s.clearance", "level")),
        Column("active", "s.active", "yes_no"),
    ),
    "FROM secret_level s WHERE 1",
    "s.code",
)

RETENTION_CLASSES = Table(
    "retention_classes",
    (
        *(Column("code", "r.code"), Column("years", "r.years", "count"), Column("counts_from", "r.counts_from")),
        *(Column("then_do", "r.then_do"), Column("basis", "r.basis"), Column("active", "r.active", "yes_no")),
    ),
    "FROM retention_class r WHERE 1",
    "r.code",
)

CATEGORIES = Table(
    "categories", (Column("code", "c.code"), Column("name", "c.name")), "FROM category_code c WHERE 1", "c.code"
)

SHELVES = Table(
    "shelves",
    (
        *(Column("code", "s.code"), Column("area", "s.area"), Column("width", "s.width_mm", "count")),
        *(Column("height", "s.height_mm", "count"), Column("load_g", "s.load_g", "count")),
    ),
    "FROM shelf s WHERE 1",
    "s.code",
)

BOX_TYPES = Table(
    "box_types",
    (
        *(Column("code", "t.code"), Column("name", "t.name"), Column("height", "t.height_mm", "count")),
        *(Column("depth", "t.depth_mm", "count"), Column("empty_g", "t.empty_g", "count")),
        Column("g_per_mm", "t.g_per_mm", "count"),
    ),
    "FROM box_type t WHERE 1",
    "t.code",
)

CABINETS = Table(
    "cabinets",
    (
        *(Column("code", "c.code"), Column("label", "c.label"), Column("area", "c.area")),
        *(Column("column_no", "c.column_no", "count"), Column("face", "c.face")),
    ),
    "FROM cabinet c WHERE 1",
    "c.code",
)

REPRINTS = Table(
    "labels_to_reprint",
    (
        Column("box_no", "json_array(b.box_no)", "boxes"),
        *(Column("label", "b.label"), Column("reason", "r.why"), Column("since", "r.since_ms", "time")),
    ),
    "FROM label_reprint r LEFT JOIN box b ON b.id = r.box_id WHERE 1",
    "r.box_id",
)

IMPORTS = Table(
    "imports",
    (
        *(
            Column("import", "f.id"),
            Column("file", "f.name"),
            Column("sha256", "f.sha256"),
            Column("format", "f.format"),
        ),
        *(Column("bytes", "f.bytes", "count"), Column("fonds_no", "f.fonds_no"), Column("state", "f.state")),
        *(Column("person", "f.actor"), Column("began_at", "f.started_utc_ms", "time")),
        *(Column("ended_at", "f.ended_utc_ms", "time"), Column("undone_at", "f.undone_utc_ms", "time")),
        *(Column("rows", "f.rows_done", "count"), Column("taken", "f.taken", "count")),
        *(Column("mended", "f.mended", "count"), Column("refused", "f.refused", "count")),
        *(Column("titles_above", "f.context", "count"), Column("boxes_made", "f.boxes", "count")),
    ),
    "FROM import_file f WHERE 1",
    "f.no",
)

IMPORT_ROWS = Table(  # their codes alone: what a note names may be secret
    "import_rows",
    (
        *(Column("import", "f.id"), Column("row", "r.row", "count"), Column("found_at", "r.place")),
        Column("verdict", "r.verdict"),
        Column("notes", "(SELECT json_group_array(json_extract(n.value, '$[0]')) FROM json_each(r.notes) n)"),
    ),
    "FROM import_row r LEFT JOIN import_file f ON f.no = r.import_no WHERE 1",
    "r.import_no, r.row",
)


def _sources(kind: str, row: str, place: str, seen: str) -> Table:
    """Which records of ``kind`` came by an import, and where in its file they stand."""
    return Table(
        f"{kind}_sources",
        (Column("label", "r.label"), Column("import", "f.id"), Column("row", row, "count"), Column("found_at", place)),
        f"FROM {kind} r LEFT JOIN import_file f ON f.no = r.import_no WHERE r.import_no IS NOT NULL AND {seen}",
        "r.no",
    )


ITEM_SOURCES = _sources("item", "r.source_row", "r.source_place", SEEN_ITEM.replace("i.", "r.", 1))
VOLUME_SOURCES = _sources("volume", "NULL", "NULL", SEEN_VOLUME.replace("v.", "r."))
BOX_SOURCES = _sources("box", "NULL", "NULL", "1")

ALARM_LIMITS = Table(
    "alarm_limits",
    (
        *(Column("rule", "a.rule"), Column("bound", "a.bound", "count"), Column("deadband", "a.deadband", "count")),
        *(Column("on_delay_s", "a.on_delay_s", "count"), Column("off_delay_s", "a.off_delay_s", "count")),
    ),
    "FROM alarm_limit a WHERE 1",
    "a.rowid",
)

CARDS = Table(
    "cards",
    (
        *(Column("card", "c.id"), Column("person", "c.person_id"), Column("person_name", who("c.person_id"))),
        *(Column("active", "c.active", "yes_no"), Column("revoked_here", "c.revoked_here", "yes_no")),
        Column("source", "c.source"),
    ),
    "FROM card c WHERE 1",
    "c.rowid",
)

ROLES = Table(
    "roles",
    (Column("person", "r.person_id"), Column("person_name", who("r.person_id")), Column("role", "r.role")),
    "FROM person_role r WHERE 1",
    "r.rowid",
)

ROLES_HERE = Table(  # what was decided in this room, over every directory
    "roles_here",
    (
        *(Column("person", "r.person_id"), Column("person_name", who("r.person_id")), Column("role", "r.role")),
        Column("effect", "r.effect"),
    ),
    "FROM person_override r WHERE 1",
    "r.rowid",
)

SETTINGS = Table(
    "settings", (Column("name", "s.name"), Column("setting", "s.value")), "FROM setting s WHERE 1", "s.rowid"
)

UPKEEP = Table(
    "upkeep",
    (
        *(Column("number", "u.no", "count"), Column("job", "u.job"), Column("began_at", "u.began_ms", "time")),
        *(Column("ended_at", "u.ended_ms", "time"), Column("outcome", "u.outcome")),
        *(Column("checked", "u.checked", "count"), Column("findings", "u.findings")),
    ),
    "FROM upkeep_run u WHERE 1",
    "u.no",
)

DIRECTORY = Table(
    "directory",
    (
        *(Column("site", "d.site"), Column("version", "d.version", "count")),
        Column("taken_at", "d.accepted_utc_ms", "time"),
    ),
    "FROM directory d WHERE 1",
    "d.one",
)

SCHEMA = Table(
    "schema",
    (
        *(Column("number", "m.no", "count"), Column("name", "m.name")),
        Column("taken_at", "m.applied_utc_ms", "time"),
    ),
    "FROM migration m WHERE 1",
    "m.no",
)

TABLES = (
    *(SECRET_LEVELS, RETENTION_CLASSES, CATEGORIES, SHELVES, BOX_TYPES, CABINETS, REPRINTS, IMPORTS, IMPORT_ROWS),
    *(
        ITEM_SOURCES,
        VOLUME_SOURCES,
        BOX_SOURCES,
        ALARM_LIMITS,
        CARDS,
        ROLES,
        ROLES_HERE,
        SETTINGS,
        UPKEEP,
        DIRECTORY,
        SCHEMA,
    ),
)
