"""How wide and high a shelf is and what it may carry, where it differs from the block's plan."""

from __future__ import annotations

from edge.domain import slot_codes
from edge.domain.shelf_room import ShelfLimits
from edge.errors import InputRefused
from edge.store.database import Change

WIDTHS_MM = range(100, 3001)
HEIGHTS_MM = range(100, 1001)
LOADS_KG = range(1, 301)


def set_limits(change: Change, prefix: str, limits: ShelfLimits, actor: str) -> None:
    """Of every shelf whose code begins so, an event each with what it was before.

    InputRefused ``shelf_unknown``, ``shelf_limit_unfit``.
    """
    asked = (
        ("width_mm", limits.width_mm, WIDTHS_MM, 1),
        ("height_mm", limits.height_mm, HEIGHTS_MM, 1),
        ("load_g", limits.load_kg, LOADS_KG, 1000),
    )
    for column, value, fit, _unit in asked:
        if value is not None and value not in fit:
            field = f"shelf_{column}"
            raise InputRefused("shelf_limit_unfit", "look_at_limit", field=field, least=fit.start, most=fit.stop - 1)
    told = {column: value * unit for column, value, _fit, unit in asked if value is not None}
    begins = slot_codes.prefix(prefix)
    shelves = change.db.execute(
        "SELECT code, width_mm, height_mm, load_g FROM shelf"
        " WHERE code = ?1 OR (code >= ?1 || '-' AND code < ?1 || '.')",
        (begins,),
    ).fetchall()
    if not begins or not shelves or not told:
        raise InputRefused("shelf_unknown", "write_shelf_code", shelf=prefix[:40])
    sets = ", ".join(f"{column} = :{column}" for column in told)
    for shelf in shelves:
        change.db.execute(f"UPDATE shelf SET {sets} WHERE code = :code", told | {"code": shelf["code"]})
        before = {f"{column}_before": shelf[column] for column in told}
        body = {"shelf": shelf["code"], **told, **before}
        change.event("shelf.limits_set", subject=shelf["code"], actor=actor, body=body)
