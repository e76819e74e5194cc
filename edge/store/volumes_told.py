"""What a volume list 案卷目录 says of volumes made for their papers: taken at the seal where empty, and given back.

What a person corrected is never overwritten, nor what a list described already: that row's number is taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace

from edge.domain import access
from edge.domain.description import FIELDS, empty
from edge.domain.intake import Judged
from edge.store import catalogue_rows as rows
from edge.store import volume_rows
from edge.store.connection import Connection
from edge.store.database import Change
from edge.store.described_record import put_more, write_field

_FIELDS = {field.name: field for field in FIELDS["volume"]}
_MADE_FOR_PAPERS = (  # by whichever import: the unfinished one, of which there is one at most, is the row's own
    "SELECT v.id, b.box_key, m.state FROM volume v LEFT JOIN box b ON b.id = v.box_id"
    " LEFT JOIN import_file m ON m.no = v.import_no WHERE v.ref_key = ? AND v.state <> 'void'"
    " AND EXISTS (SELECT 1 FROM item i WHERE i.volume_id = v.id AND i.import_no = v.import_no)"
    " AND NOT EXISTS (SELECT 1 FROM import_volume t JOIN import_file f ON f.no = t.import_no"
    " WHERE t.volume_id = v.id AND f.state = 'pending')"
)


@dataclass(frozen=True, slots=True)
class Made:
    """A volume made for its papers. ``says``: its fields, as text; ``box_key``: "" = in no box; ``unfinished``: by the
    import that goes on, and so in a box as soon as a row of it names one; ``id``: "" in a rehearsal."""

    says: Mapping[str, str]
    box_key: str
    unfinished: bool
    id: str = ""


def filling(db: Connection, row: Judged) -> Judged | None:
    """``row`` as what fills the volume of its number; None where that was not made for its papers or learns nothing."""
    assert row.item is not None
    found = db.execute(_MADE_FOR_PAPERS, (row.item.ref_key,)).fetchone()
    if found is None:
        return None
    made = Made(_own(db, found["id"]), found["box_key"] or "", found["state"] == "pending", found["id"])
    return filled(row, made, _corrected(db, made.id))


def filled(row: Judged, made: Made, corrected: Set[str] = frozenset()) -> Judged | None:
    """As ``filling``; ``corrected``: fields on which a person has decided."""
    assert row.item is not None
    if made.says.keys() - corrected - {"title"}:
        return None
    told = _told(row)
    fills = {name: value for name, value in told.items() if name not in made.says and name not in corrected}
    if not fills:
        return None
    number, named = {"number": row.item.ref_code}, {rows.box_key(box_no) for box_no in row.boxes}
    takes_box = made.unfinished and not made.box_key
    row = replace(row, volume_id=made.id, fills=fills)
    if not takes_box:
        row = replace(row, boxes=(), slot="")
    row = row.with_note("volume_filled", **number)
    if any(made.says.get(name) != value for name, value in told.items() if name not in fills):
        row = row.with_note("volume_keeps_own", **number)
    return row.with_note("volume_not_boxed", **number) if named - {made.box_key} and not takes_box else row


def keep(db: Connection, import_no: int, row: Judged) -> None:
    """Until the seal."""
    db.executemany(
        "INSERT INTO import_volume (import_no, volume_id, field, value) VALUES (?,?,?,?)",
        [(import_no, row.volume_id, name, text) for name, text in row.fills.items()],
    )


def take(change: Change, import_no: int, import_id: str, actor: str) -> None:
    """At the seal. What a person said of the volume since the row was read stays, and its part of the row goes."""
    for volume_id, told in _kept(change.db, import_no).items():
        state = change.db.execute("SELECT state FROM volume WHERE id = ?", (volume_id,)).fetchone()["state"]
        filled = _own(change.db, volume_id).keys() | _corrected(change.db, volume_id)
        new = {name: text for name, text in told.items() if name not in filled and state != "void"}
        change.db.executemany(
            "DELETE FROM import_volume WHERE import_no = ? AND volume_id = ? AND field = ?",
            [(import_no, volume_id, name) for name in told.keys() - new.keys()],
        )
        if new:
            _write(change, volume_id, new, actor)
            _tell(change, volume_id, sorted(new), import_id, actor)
    own = "DELETE FROM import_volume WHERE import_no = ?1 AND volume_id IN (SELECT id FROM volume WHERE import_no = ?1)"
    change.db.execute(own, (import_no,))  # of its own volumes nothing is ever given back: they go whole


def give_back(change: Change, import_no: int, import_id: str, actor: str) -> None:
    """At the undoing: what nobody corrected since is empty again."""
    for volume_id, told in _kept(change.db, import_no).items():
        own, corrected = _own(change.db, volume_id), _corrected(change.db, volume_id)
        back = [name for name, text in told.items() if own.get(name) == text and name not in corrected]
        if not back:
            continue
        _tell(change, volume_id, sorted(back), import_id, actor)  # at the level that it has until now
        _write(change, volume_id, dict.fromkeys(back, ""), actor)
        nothing = " AND ".join(f"coalesce({name}, '') IN ('', 0)" for name in _FIELDS if name != "title")
        gone = f"DELETE FROM volume_description WHERE volume_no = (SELECT no FROM volume WHERE id = ?) AND {nothing}"
        change.db.execute(gone, (volume_id,))


def _told(row: Judged) -> dict[str, str]:
    """What the row says beyond number and box, as text."""
    assert row.item is not None
    said = {"title": row.item.title, **row.described}
    if row.item.secret_level != "public":
        said["secret_level"] = row.item.secret_level
    return {name: str(value) for name, value in said.items() if value not in ("", None, 0)}


def _own(db: Connection, volume_id: str) -> dict[str, str]:
    """What the volume says, as ``_told``."""
    more = ", ".join(f"d.{name}" for name in _FIELDS if name != "title")
    row = db.execute(
        f"SELECT v.title, nullif(v.secret_level, 'public') AS secret_level, {more} FROM volume v"
        " LEFT JOIN volume_description d ON d.volume_no = v.no WHERE v.id = ?",
        (volume_id,),
    ).fetchone()
    return {name: str(row[name]) for name in (*_FIELDS, "secret_level") if row[name] not in ("", None, 0)}


def _corrected(db: Connection, volume_id: str) -> set[str]:
    """A mark that a person gave counts for the level too."""
    query = "SELECT field FROM correction WHERE level = 'volume' AND subject = ?"
    names = {row["field"] for row in db.execute(query, (volume_id,))}
    return names | {"secret_level"} if "secret_mark" in names else names


def _kept(db: Connection, import_no: int) -> dict[str, dict[str, str]]:
    kept: dict[str, dict[str, str]] = {}
    for row in db.execute("SELECT volume_id, field, value FROM import_volume WHERE import_no = ?", (import_no,)):
        kept.setdefault(row["volume_id"], {})[row["field"]] = row["value"]
    return kept


def _write(change: Change, volume_id: str, texts: dict[str, str], actor: str) -> None:
    """``texts``: "" = empty from now on."""
    if "secret_level" in texts:
        level = texts["secret_level"] or "public"
        change.db.execute("UPDATE volume SET secret_level = ? WHERE id = ?", (level, volume_id))
    if "title" in texts:
        write_field(change, "volume", volume_id, "title", texts["title"], actor)
    more = {name: texts[name] or empty(field) for name, field in _FIELDS.items() if name in texts and name != "title"}
    if more:
        put_more(change, "volume", volume_id, more, actor)


def _tell(change: Change, volume_id: str, fields: list[str], import_id: str, actor: str) -> None:
    level = access.event_level(volume_rows.secret_level(change.db, volume_id))
    body = {"volume": volume_id, "fields": fields, "import": import_id}
    change.event("volume.described", subject=volume_id, actor=actor, body=body, level=level)
