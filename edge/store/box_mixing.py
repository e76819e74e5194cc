"""What a box would mix: it holds one fonds; years, retentions and departments may be mixed, and it is said."""

from __future__ import annotations

from edge.errors import InputRefused, RuleRefused
from edge.store.connection import Connection
from edge.store.described_record import Values

MIXABLE = frozenset({"year", "retention", "org"})


def box_warnings(db: Connection, box_id: str, fonds_no: str, values: Values, year: int | None) -> tuple[str, ...]:
    """Codes of what is mixed. InputRefused ``box_unknown``; RuleRefused ``box_of_other_fonds``."""
    box = db.execute("SELECT box_no, fonds_no, state FROM box WHERE id = ?", (box_id,)).fetchone()
    if box is None or box["state"] == "void":
        raise InputRefused("box_unknown", "search_again", box=box_id)
    if box["fonds_no"] != fonds_no:
        raise RuleRefused("box_of_other_fonds", "choose_other_box", box_no=box["box_no"], fonds=box["fonds_no"])
    inside = db.execute(
        "SELECT i.year, i.retention, coalesce(d.org, '') AS org FROM item AS i"
        " LEFT JOIN item_description AS d ON d.item_no = i.no WHERE i.box_id = ?1 AND i.state <> 'void'"
        " UNION SELECT d.year, d.retention, '' FROM volume AS v JOIN volume_description AS d ON d.volume_no = v.no"
        " WHERE v.box_id = ?1 AND v.state <> 'void'",
        (box_id,),
    ).fetchall()
    new = {"year": year, "retention": values.get("retention"), "org": values.get("org")}
    return tuple(
        f"box_mixes_{name}s"
        for name, value in new.items()
        if value and any(one[name] and one[name] != value for one in inside)
    )
