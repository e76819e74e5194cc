"""Tables of the site itself: its own codes and levels, shelves and box types, imports, settings, the store's upkeep."""

from __future__ import annotations

from edge.store.exports.scope import SEEN_ITEM, SEEN_VOLUME
from edge.store.exports.table import BOX_NO, Column, Table, columns, person

SECRET_LEVELS = Table(
    "secret_levels",
    columns("s", "code name clearance:level active:yes_no"),
    "FROM secret_level s WHERE 1",
    "s.code",
)

RETENTION_CLASSES = Table(
    "retention_classes",
    columns("r", "code years:count counts_from then_do basis active:yes_no"),
    "FROM retention_class r WHERE 1",
    "r.code",
)

CATEGORIES = Table("categories", columns("c", "code name"), "FROM category_code c WHERE 1", "c.code")

SHELVES = Table(
    "shelves",
    columns("s", "code area width=width_mm:count height=height_mm:count load_g:count"),
    "FROM shelf s WHERE 1",
    "s.code",
)

BOX_TYPES = Table(
    "box_types",
    columns("t", "code name height=height_mm:count depth=depth_mm:count empty_g:count g_per_mm:count"),
    "FROM box_type t WHERE 1",
    "t.code",
)

CABINETS = Table(
    "cabinets",
    columns("c", "code label area column_no:count face"),
    "FROM cabinet c WHERE 1",
    "c.code",
)

REPRINTS = Table(
    "labels_to_reprint",
    (
        BOX_NO,
        *columns("b", "label"),
        *columns("r", "reason=why since=since_ms:time"),
    ),
    "FROM label_reprint r LEFT JOIN box b ON b.id = r.box_id WHERE 1",
    "r.box_id",
)

IMPORTS = Table(
    "imports",
    columns(
        "f",
        "import=id file=name sha256 format bytes:count fonds_no state person=actor "
        "began_at=started_utc_ms:time ended_at=ended_utc_ms:time undone_at=undone_utc_ms:time "
        "rows=rows_done:count taken:count mended:count refused:count titles_above=context:count "
        "boxes_made=boxes:count",
    ),
    "FROM import_file f WHERE 1",
    "f.no",
)

IMPORT_ROWS = Table(  # their codes alone: what a note names may be secret
    "import_rows",
    (
        *columns("f", "import=id"),
        *columns("r", "row:count found_at=place verdict"),
        Column("notes", "(SELECT json_group_array(json_extract(n.value, '$[0]')) FROM json_each(r.notes) n)"),
    ),
    "FROM import_row r LEFT JOIN import_file f ON f.no = r.import_no WHERE 1",
    "r.import_no, r.row",
)


def _sources(kind: str, row: str, place: str, seen: str) -> Table:
    """Which records of ``kind`` came by an import, and where in its file they stand."""
    return Table(
        f"{kind}_sources",
        (
            *columns("r", "label"),
            *columns("f", "import=id"),
            Column("row", row, "count"),
            Column("found_at", place),
        ),
        f"FROM {kind} r LEFT JOIN import_file f ON f.no = r.import_no WHERE r.import_no IS NOT NULL AND {seen}",
        "r.no",
    )


ITEM_SOURCES = _sources("item", "r.source_row", "r.source_place", SEEN_ITEM.replace("i.", "r.", 1))
VOLUME_SOURCES = _sources("volume", "NULL", "NULL", SEEN_VOLUME.replace("v.", "r."))
BOX_SOURCES = _sources("box", "NULL", "NULL", "1")

ALARM_LIMITS = Table(
    "alarm_limits",
    columns("a", "rule limit=bound:count deadband:count on_delay_s:count off_delay_s:count"),
    "FROM alarm_limit a WHERE 1",
    "a.rowid",
)

CARDS = Table(
    "cards",
    (
        *columns("c", "card=id"),
        *person("c.person_id"),
        *columns("c", "active:yes_no revoked_here:yes_no source"),
    ),
    "FROM card c WHERE 1",
    "c.rowid",
)

ROLES = Table(
    "roles",
    (
        *person("r.person_id"),
        *columns("r", "role"),
    ),
    "FROM person_role r WHERE 1",
    "r.rowid",
)

ROLES_HERE = Table(  # what was decided in this room, over every directory
    "roles_here",
    (
        *person("r.person_id"),
        *columns("r", "role effect"),
    ),
    "FROM person_override r WHERE 1",
    "r.rowid",
)

SETTINGS = Table("settings", columns("s", "name setting=value"), "FROM setting s WHERE 1", "s.rowid")

UPKEEP = Table(
    "upkeep",
    columns("u", "number=no:count job began_at=began_ms:time ended_at=ended_ms:time outcome checked:count findings"),
    "FROM upkeep_run u WHERE 1",
    "u.no",
)

DIRECTORY = Table(
    "directory",
    columns("d", "site version:count taken_at=accepted_utc_ms:time"),
    "FROM directory d WHERE 1",
    "d.one",
)

SCHEMA = Table(
    "schema",
    columns("m", "number=no:count name taken_at=applied_utc_ms:time"),
    "FROM migration m WHERE 1",
    "m.no",
)

TABLES = (
    SECRET_LEVELS,
    RETENTION_CLASSES,
    CATEGORIES,
    SHELVES,
    BOX_TYPES,
    CABINETS,
    REPRINTS,
    IMPORTS,
    IMPORT_ROWS,
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
)
