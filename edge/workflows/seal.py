"""Numbers from provisional to fixed: put in order, reviewed by one person, sealed by another, never changed again."""

from __future__ import annotations

from typing import Any

from edge.domain.people import Person
from edge.domain.series import Register
from edge.store import site_tables
from edge.store.number_runs import Standing
from edge.workflows.archive import Archive
from edge.workflows.rights import needs


@needs("describe")
def renumber(archive: Archive, person: Person, register_id: str, wanted: list[str]) -> int:
    """Number the register in this order; how many numbers changed."""
    of, _register = archive.numbering.register(register_id)

    def write(change: Any) -> int:
        site_tables.require_fonds_right(change.db, of.fonds_no, person.id)
        return archive.numbering.renumber(change, register_id, wanted, person.id)

    return archive.database.write(write)


@needs("review")
def review(archive: Archive, person: Person, series_id: str, year: int) -> list[Register]:
    return archive.database.write(lambda change: archive.numbering.review(change, series_id, year, person.id))


@needs("seal")
def seal(archive: Archive, person: Person, series_id: str, year: int, gaps_reason: str = "") -> list[Standing]:
    """By another person than who reviewed. Gaps want a reason, or to be closed by numbering anew first."""
    return archive.database.write(
        lambda change: archive.numbering.seal(change, series_id, year, person.id, gaps_reason)
    )
