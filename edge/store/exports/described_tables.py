"""Tables of what was described beyond items, volumes and boxes: fonds, series and registers, cases, corrections."""

from __future__ import annotations

from edge.domain.description import FIELDS, FURTHER, Field, Level
from edge.store.exports.scope import OF_FONDS, SEEN_ITEM, SEEN_VOLUME
from edge.store.exports.table import Column, Kind, Table, who


def _described(level: Level, of: str) -> tuple[Column, ...]:
    """The fields that a description has beside the record's own row, then who described it."""
    return (
        *(_column(field, of) for field in FIELDS[level] if field.name not in ("title", "name")),
        *(Column("described_by", f"{of}.described_by"), Column("described_at", f"{of}.described_ms", "time")),
    )


def _column(field: Field, of: str) -> Column:
    kind: Kind = "count" if field.kind == "number" else "yes_no" if field.kind == "flag" else "text"
    return Column(field.name, f"{of}.{field.name}", kind)


FURTHER_COLUMNS = tuple(_column(field, "d") for field in FURTHER)  # of items, with their description as ``d``

FONDS = Table(
    "fonds",
    (
        *(Column("fonds_no", "f.fonds_no"), Column("fonds_name", "f.name"), *_described("fonds", "d")),
        Column("import", "(SELECT o.id FROM import_file o WHERE o.no = f.import_no)"),
    ),
    "FROM fonds f LEFT JOIN fonds_description d ON d.fonds_no = f.fonds_no WHERE (:fonds = '' OR f.fonds_no = :fonds)",
    "f.fonds_no",
    by_fonds=True,
)

FONDS_PAPERS = Table(
    "fonds_papers",
    (
        *(Column("fonds_no", "p.fonds_no"), Column("kind", "p.kind"), Column("number", "p.no", "count")),
        *(Column("title", "p.title"), Column("date", "p.date"), Column("responsible", "p.responsible")),
        *(Column("pages", "p.pages", "count"), Column("remark", "p.remark"), Column("state", "p.state")),
        Column("label", "p.id"),
    ),
    f"FROM fonds_paper p WHERE {OF_FONDS.format(of='p')}",
    "p.fonds_no, p.kind, p.no",
    by_fonds=True,
)

FONDS_PEOPLE = Table(
    "fonds_people",
    (Column("fonds_no", "r.fonds_no"), Column("person", "r.person_id"), Column("person_name", who("r.person_id"))),
    f"FROM fonds_right r WHERE {OF_FONDS.format(of='r')}",
    "r.fonds_no, r.person_id",
    by_fonds=True,
)

SERIES = Table(
    "series",
    (
        *(Column("series", "s.id"), Column("fonds_no", "s.fonds_no"), Column("parent", "s.parent")),
        *(Column("name", "s.name"), Column("arrangement", "s.arrangement"), Column("number_rule", "s.number_rule")),
        *(Column("category", "s.category"), Column("classes", "s.classes"), Column("catalogue_no", "s.catalogue_no")),
        *(Column("project_no", "s.project_no"), Column("parts", "s.parts"), Column("retention", "s.retention")),
        Column("loanable", "s.loanable"),
        *(Column("item_width", "s.item_width", "count"), Column("file_width", "s.file_width", "count")),
    ),
    f"FROM series s WHERE {OF_FONDS.format(of='s')}",
    "s.id",
    by_fonds=True,
)

REGISTERS = Table(
    "registers",
    (
        *(Column("register", "r.id"), Column("series", "r.series_id"), Column("fonds_no", "s.fonds_no")),
        *(Column("year", "r.year", "count"), Column("retention", "r.retention"), Column("org", "r.org")),
        *(Column("state", "r.state"), Column("last_no", "r.last_no", "count")),
        *(Column("reviewed_by", "r.reviewed_by"), Column("reviewed_at", "r.reviewed_ms", "time")),
        *(Column("sealed_by", "r.sealed_by"), Column("sealed_at", "r.sealed_ms", "time")),
        Column("gaps_reason", "r.gaps_reason"),
    ),
    f"FROM register r LEFT JOIN series s ON s.id = r.series_id WHERE {OF_FONDS.format(of='s')}",
    "r.id",
    by_fonds=True,
)

REGISTER_HEADINGS = Table(
    "register_headings",
    (
        *(Column("fonds_no", "h.fonds_no"), Column("kind", "h.kind"), Column("number", "h.place", "count")),
        *(Column("field", "h.column_name"), Column("heading", "h.words"), Column("share", "h.share", "count")),
    ),
    f"FROM register_heading h WHERE {OF_FONDS.format(of='h')}",
    "h.fonds_no, h.kind, h.place",
    by_fonds=True,
)

CASES = Table(
    "cases",
    (
        *(Column("case_no", "c.case_no"), Column("case", "c.id"), Column("series", "c.series_id")),
        *(Column("number", "c.no", "count"), Column("fonds_no", "s.fonds_no"), Column("name", "c.name")),
        *(Column("department", "c.department"), Column("opened", "c.opened")),
        *(Column("closed_event", "c.closed_event"), Column("closed_on", "c.closed_on"), Column("state", "c.state")),
    ),
    f"FROM case_file c LEFT JOIN series s ON s.id = c.series_id WHERE {OF_FONDS.format(of='s')}",
    "c.id",
    by_fonds=True,
)

CASE_CONTENTS = Table(
    "case_contents",
    (
        *(Column("case_no", "c.case_no"), Column("case", "l.case_id"), Column("kind", "l.kind")),
        *(Column("label", "coalesce(i.label, v.label, b.label)"), Column("record", "l.subject")),
        Column("ref_code", "coalesce(i.ref_code, v.ref_code)"),
        Column("box_no", "CASE WHEN b.id IS NULL THEN json_array() ELSE json_array(b.box_no) END", "boxes"),
    ),
    "FROM case_link l LEFT JOIN case_file c ON c.id = l.case_id"
    " LEFT JOIN item i ON l.kind = 'item' AND i.id = l.subject"
    " LEFT JOIN volume v ON l.kind = 'volume' AND v.id = l.subject"
    " LEFT JOIN box b ON l.kind = 'box' AND b.id = l.subject"
    f" WHERE (i.id IS NULL OR {SEEN_ITEM}) AND (v.id IS NULL OR {SEEN_VOLUME})",
    "l.case_id, l.kind, l.subject",
)

CHECKLISTS = Table(
    "checklists",
    (Column("series", "w.series_id"), Column("line", "w.line", "count"), Column("wanted", "w.what")),
    "FROM case_wanted w WHERE 1",
    "w.series_id, w.line",
)

CASE_CHECKLISTS = Table(
    "case_checklists",
    (
        *(Column("case_no", "c.case_no"), Column("case", "p.case_id"), Column("line", "p.line", "count")),
        Column("wanted", "(SELECT w.what FROM case_wanted w WHERE w.series_id = c.series_id AND w.line = p.line)"),
    ),
    "FROM case_present p LEFT JOIN case_file c ON c.id = p.case_id WHERE 1",
    "p.case_id, p.line",
)

ITEM_NUMBERS = Table(
    "item_numbers",
    (
        *(Column("ref_code", "i.ref_code"), Column("label", "i.label"), Column("fonds_no", "i.fonds_no")),
        *(Column("register", "i.register_id"), Column("case", "i.case_id"), Column("number", "i.seq", "count")),
        Column("merged_into", "(SELECT m.label FROM item m WHERE m.id = i.merged_into)"),
        *(Column("described_by", "d.described_by"), Column("described_at", "d.described_ms", "time")),
        Column("late", "d.late", "yes_no"),
    ),
    "FROM shown_item i LEFT JOIN item_description d ON d.item_no = i.no"
    f" WHERE (d.item_no IS NOT NULL OR i.seq IS NOT NULL OR i.merged_into IS NOT NULL) AND {SEEN_ITEM}"
    f" AND {OF_FONDS.format(of='i')}",
    "i.no",
    by_fonds=True,
)

VOLUME_DESCRIPTIONS = Table(
    "volume_descriptions",
    (
        *(Column("ref_code", "v.ref_code"), Column("label", "v.label"), Column("fonds_no", "v.fonds_no")),
        *(Column("register", "v.register_id"), Column("number", "v.seq", "count")),
        *_described("volume", "d"),
    ),
    "FROM shown_volume v LEFT JOIN volume_description d ON d.volume_no = v.no"
    f" WHERE (d.volume_no IS NOT NULL OR v.seq IS NOT NULL) AND {SEEN_VOLUME} AND {OF_FONDS.format(of='v')}",
    "v.no",
    by_fonds=True,
)

CORRECTIONS = Table(
    "corrections",
    (
        *(Column("correction", "c.id"), Column("level", "c.level"), Column("record", "c.subject")),
        Column("label", "coalesce(i.label, v.label, b.label, c.subject)"),
        *(Column("act", "c.act"), Column("field", "c.field"), Column("old", "c.old"), Column("new", "c.new")),
        *(Column("reason", "c.reason"), Column("person", "c.actor"), Column("person_name", who("c.actor"))),
        Column("at", "c.utc_ms", "time"),
    ),
    "FROM correction c LEFT JOIN item i ON c.level = 'item' AND i.id = c.subject"
    " LEFT JOIN volume v ON c.level = 'volume' AND v.id = c.subject"
    " LEFT JOIN box b ON c.level = 'box' AND b.id = c.subject"
    f" WHERE (i.id IS NULL OR {SEEN_ITEM}) AND (v.id IS NULL OR {SEEN_VOLUME})",
    "c.rowid",
)

TABLES = (
    *(FONDS, FONDS_PAPERS, FONDS_PEOPLE, SERIES, REGISTERS, REGISTER_HEADINGS),
    *(CASES, CASE_CONTENTS, CHECKLISTS, CASE_CHECKLISTS),
    *(ITEM_NUMBERS, VOLUME_DESCRIPTIONS, CORRECTIONS),
)
