"""An archive in a new store with two archivists, for the tests of describing, sealing and correcting."""

from dataclasses import dataclass

from edge.domain.block import Column, Layout
from edge.domain.people import Person
from edge.domain.series import Series
from edge.workflows import describe
from edge.workflows.archive import Archive, archive_in

LAYOUT = Layout(
    area="B1-A",
    rail_mm=3000,
    columns=(Column(1, 450, True, None), Column(2, 700, False, 2), Column(3, 700, False, 3)),
    aisle_mm=900,
    speed_mm_s=50,
    sections=1,
    levels=2,
    positions=18,
)
FONDS = {
    "name": "市水务局",
    "unit": "市水务局",
    "start_date": "19580000",
    "responsible": "市水务局",
    "custody": "1958 年起由办公室保管",
}


@dataclass
class Desk:
    archive: Archive
    one: Person
    other: Person
    reader: Person

    def series(self, **changed: str) -> Series:
        told = {"arrangement": "item", "number_rule": "2015", "category": "WS", "parts": "year retention org"} | changed
        new = Series(
            id="",
            fonds_no=told.get("fonds_no", "Z109"),
            parent=None,
            name=told.get("name", "文书档案"),
            arrangement=told["arrangement"],  # type: ignore[arg-type]
            number_rule=told["number_rule"],  # type: ignore[arg-type]
            category=told["category"],
            classes=told.get("classes", ""),
            catalogue_no=told.get("catalogue_no", ""),
            project_no="",
            parts=told["parts"],
            retention=told.get("retention", ""),
            loanable="yes",
            item_width=4,
            file_width=int(told.get("file_width", "3")),
        )
        return describe.series(self.archive, self.one, new)

    def item(self, of: Series, title: str = "关于会议的通知", **values: str) -> describe.Described:
        held = {name: values.pop(name) for name in ("box", "volume", "case") if name in values}
        told = {"title": title, "date": "20110315", "pages": "4", "retention": "Y", "org": "BGS"} | values
        return describe.item(self.archive, self.one, of.id, told, **held)

    def number(self, item_id: str) -> str:
        return self.archive.descriptions.whole("item", item_id).number


def sit_down(database) -> Desk:
    archive = archive_in(database, LAYOUT)
    one = Person("p-1", "李雯", "档案室", ("archivist",), True)
    other = Person("p-2", "王强", "办公室", ("archivist",), True)
    desk = Desk(archive, one, other, Person("p-3", "赵明", "", ("reader",), True))
    describe.fonds(archive, one, "Z109", FONDS)
    return desk
