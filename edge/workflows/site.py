"""What a site decides for itself: secret levels, retention classes, category codes, what may leave the room, headings
of registers, who works in which fonds.
"""

from __future__ import annotations

from edge.domain import register_columns
from edge.domain.archive_numbers import retention_code
from edge.domain.people import Person
from edge.domain.records import SECRECY, SecretLevel
from edge.domain.register_columns import Heading
from edge.domain.retention import RetentionClass
from edge.domain.series import Loanable, Series
from edge.errors import InputRefused
from edge.store.database import Change
from edge.store.reread import read_again
from edge.workflows.archive import Archive
from edge.workflows.rights import needs


@needs("site_tables")
def secret_level(archive: Archive, person: Person, level: SecretLevel) -> None:
    """InputRefused ``field_unreadable``: a level needs a clearance above internal, for 内部 is no secret level."""
    if level.clearance not in SECRECY[2:] or not level.code.isidentifier() or not level.name.strip():
        raise InputRefused("field_unreadable", "look_at_field", field="secret_mark", written=level.clearance)
    archive.database.write(lambda change: archive.site.set_secret_level(change, level, person.id))


@needs("site_tables")
def retention_class(archive: Archive, person: Person, one: RetentionClass) -> None:
    """InputRefused ``retention_code_unfit``: archive numbers name it, so it is Y, C or D with as many years."""
    read = retention_code(one.code)
    if read is None or read != one.code or (read[0] == "D" and read != f"D{one.years}"):
        raise InputRefused("retention_code_unfit", "write_d_and_years", text=one.code, years=one.years or "")
    archive.database.write(lambda change: archive.site.set_retention_class(change, one, person.id))


@needs("site_tables")
def loanable(archive: Archive, person: Person, series_id: str, loanable: Loanable) -> Series:
    """InputRefused ``series_unknown``."""
    return archive.database.write(lambda change: archive.numbering.set_loanable(change, series_id, loanable, person.id))


@needs("site_tables")
def category(archive: Archive, person: Person, code: str, name: str) -> int:
    """How many numbers that were in no rule are read by the new code now. InputRefused ``category_code_unfit``."""

    def write(change: Change) -> int:
        archive.site.add_category(change, code, name, person.id)
        return read_again(change, code, person.id)

    return archive.database.write(write)


@needs("site_tables")
def headings(archive: Archive, person: Person, fonds_no: str, kind: str, written: list[str]) -> tuple[Heading, ...]:
    """Headings that the fonds' registers of this kind have from now on; ["usual"] and ["2000"] are named sets.

    InputRefused ``heading_unreadable``, ``fonds_unknown``.
    """
    register_columns.require_kind(kind)
    named = list(register_columns.OF_2000) if written == ["2000"] and kind == "files" else written
    chosen = () if written == ["usual"] else register_columns.read(kind, named)
    archive.database.write(lambda change: archive.site.set_headings(change, fonds_no, kind, chosen, person.id))
    return archive.site.headings(fonds_no, kind)


@needs("site_tables")
def let_into_fonds(archive: Archive, person: Person, fonds_no: str, person_ids: list[str]) -> None:
    """[] opens the fonds to everybody with the right."""
    archive.database.write(lambda change: archive.site.let_into_fonds(change, fonds_no, person_ids, person.id))
