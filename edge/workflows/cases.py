"""Cases 个案: opened in their series, their check-list, what belongs to them wherever it lies, and their end."""

from __future__ import annotations

from edge.domain import dates
from edge.domain.people import Person
from edge.errors import InputRefused
from edge.store.cases import Case, LinkKind, Wanted
from edge.workflows import describe
from edge.workflows.archive import Archive
from edge.workflows.rights import needs


@needs("describe")
def open_case(
    archive: Archive, person: Person, series_id: str, name: str, *, department: str = "", opened: str = ""
) -> Case:
    if not name.strip():
        raise InputRefused("field_missing", "fill_in_field", field="name")
    day = dates.parse(opened).digits
    return archive.database.write(
        lambda change: archive.cases.open(
            change, series_id, name=name.strip(), department=department.strip(), opened=day, actor=person.id
        )
    )


@needs("describe")
def close(archive: Archive, person: Person, case_no: str, why: str, on: str) -> int:
    """How many pieces now count their retention from ``on``."""
    case, day = archive.cases.by_no(case_no), dates.parse(on).digits
    return archive.database.write(lambda change: archive.cases.close(change, case.id, why, day, person.id))


@needs("describe")
def link(archive: Archive, person: Person, case_no: str, kind: LinkKind, subject: str) -> None:
    case = archive.cases.by_no(case_no)
    archive.database.write(lambda change: archive.cases.link(change, case.id, kind, subject, person.id))


@needs("describe")
def tick(archive: Archive, person: Person, case_no: str, line: int, *, present: bool = True) -> None:
    case = archive.cases.by_no(case_no)
    archive.database.write(lambda change: archive.cases.tick(change, case.id, line, person.id, present=present))


def fonds_of(archive: Archive, case_no: str) -> str:
    """Number of the fonds that its series is of. InputRefused ``case_unknown``."""
    return archive.numbering.series(archive.cases.by_no(case_no).series_id).fonds_no


@needs("describe")
def set_checklist(archive: Archive, person: Person, series_id: str, whats: list[str]) -> None:
    """What every case of the series is to hold. InputRefused ``series_not_of_cases``, ``field_missing``."""
    of = archive.numbering.series(series_id)
    lines = [" ".join(one.split()) for one in whats if one.strip()]
    if of.arrangement != "case":
        raise InputRefused("series_not_of_cases", "choose_series", series=of.name)
    if not lines:
        raise InputRefused("field_missing", "fill_in_field", field="title")
    archive.database.write(lambda change: archive.cases.want(change, series_id, lines, person.id))


@needs("search")
def whole(archive: Archive, person: Person, case_no: str) -> tuple[Case, list[Wanted], list[dict[str, str]]]:
    """A case with its check-list and all that belongs to it, wherever it lies, as far as the person may know."""
    case = archive.cases.by_no(case_no)
    holdings = []
    for kind, subject in archive.cases.holdings(case.id):
        if kind == "box":
            box = archive.catalogue.box(subject)
            told = (box.box_no, box.title, box.home_slot or "") if box else ("", "", "")
        else:
            try:
                found = describe.whole(archive, person, "item" if kind == "item" else "volume", subject)
            except InputRefused:
                continue
            lies = archive.catalogue.box(found.box_id) if found.box_id else None
            told = (found.number, str(found.values["title"]), (lies.home_slot or "") if lies else "")
        holdings.append(dict(zip(("kind", "number", "title", "slot"), (kind, *told), strict=True)))
    return case, archive.cases.wanted(case.id), holdings
