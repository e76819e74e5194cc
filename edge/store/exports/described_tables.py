"""Tables of what was described beyond items, volumes and boxes: fonds, series and registers, cases, corrections."""

from __future__ import annotations

from edge.domain.description import FIELDS, FURTHER, Field, Level
from edge.store.exports.scope import OF_FONDS, SEEN_ITEM, SEEN_VOLUME
from edge.store.exports.table import BOX_NO, Column, Kind, Table, columns, person


def _described(level: Level, of: str) -> tuple[Column, ...]:
    """The fields that a description has beside the record's own row, then who described it."""
    return (
        *(_column(field, of) for field in FIELDS[level] if field.name not in ("title", "name")),
        *(Column("described_by", f"{of}.described_by"), Column("described_at", f"{of}.described_ms", "time")),
    )


def _column(field: Field, of: str) -> Column:
    kind: Kind = "count" if field.kind == "number" else "yes_no" if field.kind == "flag" else "text"
    return Column(field.name, f"{of}.{field.name}", kind)


VOLUME_COLUMNS = tuple(_column(field, "d") for field in FIELDS["volume"] if field.name != "title")
FURTHER_COLUMNS = tuple(_column(field, "d") for field in FURTHER)  # of items, with their description as ``d``

FONDS = Table(
    "fonds",
    (
        *columns("f", "fonds_no fonds_name=name"),
        *_described("fonds", "d"),
        Column("import", "(SELECT o.id FROM import_file o WHERE o.no = f.import_no)"),
    ),
    f"FROM fonds f LEFT JOIN fonds_description d ON d.fonds_no = f.fonds_no WHERE {OF_FONDS.format(of='f')}",
    "f.fonds_no",
    by_fonds=True,
)

FONDS_PAPERS = Table(
    "fonds_papers",
    columns("p", "fonds_no kind number=no:count title date responsible pages:count remark state label=id"),
    f"FROM fonds_paper p WHERE {OF_FONDS.format(of='p')}",
    "p.fonds_no, p.kind, p.no",
    by_fonds=True,
)

FONDS_PEOPLE = Table(
    "fonds_people",
    (
        *columns("r", "fonds_no"),
        *person("r.person_id"),
    ),
    f"FROM fonds_right r WHERE {OF_FONDS.format(of='r')}",
    "r.fonds_no, r.person_id",
    by_fonds=True,
)

SERIES = Table(
    "series",
    columns(
        "s",
        "series=id fonds_no parent name arrangement number_rule category classes catalogue_no "
        "project_no parts retention loanable item_width:count file_width:count",
    ),
    f"FROM series s WHERE {OF_FONDS.format(of='s')}",
    "s.id",
    by_fonds=True,
)

REGISTERS = Table(
    "registers",
    (
        *columns("r", "register=id series=series_id"),
        *columns("s", "fonds_no"),
        *columns(
            "r",
            "year:count retention org state last_no:count reviewed_by reviewed_at=reviewed_ms:time "
            "sealed_by sealed_at=sealed_ms:time gaps_reason",
        ),
    ),
    f"FROM register r LEFT JOIN series s ON s.id = r.series_id WHERE {OF_FONDS.format(of='s')}",
    "r.id",
    by_fonds=True,
)

REGISTER_HEADINGS = Table(
    "register_headings",
    columns("h", "fonds_no kind number=place:count field=column_name heading=words share:count"),
    f"FROM register_heading h WHERE {OF_FONDS.format(of='h')}",
    "h.fonds_no, h.kind, h.place",
    by_fonds=True,
)

CASES = Table(
    "cases",
    (
        *columns("c", "case_no case=id series=series_id number=no:count"),
        *columns("s", "fonds_no"),
        *columns("c", "name department opened closed_event closed_on state"),
    ),
    f"FROM case_file c LEFT JOIN series s ON s.id = c.series_id WHERE {OF_FONDS.format(of='s')}",
    "c.id",
    by_fonds=True,
)

CASE_CONTENTS = Table(
    "case_contents",
    (
        *columns("c", "case_no"),
        *columns("l", "case=case_id kind"),
        Column("label", "coalesce(i.label, v.label, b.label)"),
        *columns("l", "record=subject"),
        Column("ref_code", "coalesce(i.ref_code, v.ref_code)"),
        BOX_NO,
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
    columns("w", "series=series_id line:count wanted=what"),
    "FROM case_wanted w WHERE 1",
    "w.series_id, w.line",
)

CASE_CHECKLISTS = Table(
    "case_checklists",
    (
        *columns("c", "case_no"),
        *columns("p", "case=case_id line:count"),
        Column("wanted", "(SELECT w.what FROM case_wanted w WHERE w.series_id = c.series_id AND w.line = p.line)"),
    ),
    "FROM case_present p LEFT JOIN case_file c ON c.id = p.case_id WHERE 1",
    "p.case_id, p.line",
)

ITEM_NUMBERS = Table(
    "item_numbers",
    (
        *columns("i", "ref_code label fonds_no register=register_id case=case_id number=seq:count"),
        Column("merged_into", "(SELECT m.label FROM item m WHERE m.id = i.merged_into)"),
        *columns("d", "described_by described_at=described_ms:time late:yes_no"),
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
        *columns("v", "ref_code label fonds_no register=register_id number=seq:count"),
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
        *columns("c", "correction=id level record=subject"),
        Column("label", "coalesce(i.label, v.label, b.label, c.subject)"),
        *columns("c", "act field old new reason"),
        *person("c.actor"),
        *columns("c", "at=utc_ms:time"),
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
