"""Volume lists 案卷目录 of others: what they say is kept, shown to whom it may be, taken back with them."""

from pathlib import Path

import pytest

from edge.domain.description import Value
from edge.store.catalogue import Catalogue
from edge.store.database import Database
from edge.store.descriptions import Descriptions
from edge.store.exports.scope import Scope
from edge.store.registers import volumes
from edge.workflows import ingest
from tests.edge.workflows.test_ingest import bring, notes, write

HEADINGS = ["序号", "档号", "案卷题名", "起止日期", "总页数", "保管期限", "年度"]
HEADINGS += ["责任者", "立卷人", "装订", "密级", "备注"]
NUMBER = "Z112-KU·01·2017-{no:03d}"
TOLD: dict[str, Value] = {
    "title": "凭证1",
    "start_date": "20170100",
    "end_date": "20171200",
    "responsible": "财务处",
    "retention": "D30",
    "year": 2017,
    "pages": 212,
    "bound": 1,
    "compiled_by": "李雯",
    "remark": "缺第3页",
}  # of volume 1, as described


def volume_line(no: int, dates: str = "2017.1-2017.12", secrecy: str = "", pages: str = "212") -> list[str]:
    told = [str(no), NUMBER.format(no=no), f"凭证{no}", dates, pages, "30年", "2017", "财务处", "李雯", "是", secrecy]
    return [*told, "缺第3页"]


def described(database: Database, no: int) -> dict[str, object]:
    found = Catalogue(database).volume_by_ref(NUMBER.format(no=no), "Z112")
    assert found is not None
    values = Descriptions(database).whole("volume", found.id).values
    return {name: value for name, value in values.items() if value not in ("", None, 0)}


def test_all_that_a_volume_list_says_is_kept_and_stands_in_the_register(database: Database, tmp_path: Path) -> None:
    answer = bring(database, write(tmp_path / "v.csv", volume_line(1), headings=HEADINGS))
    assert (answer["taken"], answer["mended"], answer["refused"]) == (1, 0, 0), answer
    assert described(database, 1) == TOLD
    with database.read() as db:
        [listed] = volumes(db, Scope("public"))
    told = (listed.first, listed.last, listed.pages, listed.retentions, listed.remark)
    assert told == ("20170100", "20171200", 212, ("D30",), "缺第3页")


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("20170101-20171231", "20170101", "20171231"),
        ("2017年1月至12月", "20170100", "20171200"),
        ("2017.3.1—3.31", "20170301", "20170331"),
        ("2017年3月1日—31日", "20170301", "20170331"),
        ("2016——2017", "20160000", "20170000"),
        ("20170315", "20170315", None),
    ],
)
def test_a_span_is_read_in_every_writing(
    database: Database, tmp_path: Path, written: str, first: str, last: str | None
) -> None:
    answer = bring(database, write(tmp_path / "v.csv", volume_line(1, written), headings=HEADINGS))
    found = described(database, 1)
    assert (found["start_date"], found.get("end_date"), notes(answer)) == (first, last, [])


def test_a_span_that_ends_before_it_begins_is_said(database: Database, tmp_path: Path) -> None:
    answer = bring(database, write(tmp_path / "v.csv", volume_line(1, "20171231-20170101"), headings=HEADINGS))
    assert notes(answer) == ["date_range"] and "end_date" not in described(database, 1)


def test_a_volume_that_its_list_calls_secret_is_hidden_until_a_person_marks_it_otherwise(
    database: Database, tmp_path: Path
) -> None:
    bring(database, write(tmp_path / "v.csv", volume_line(1, secrecy="机密"), volume_line(2), headings=HEADINGS))
    with database.read() as db:
        assert [one.title for one in volumes(db, Scope("internal"))] == ["凭证2"]
        assert len(volumes(db, Scope("secret"))) == 2
    found = Catalogue(database).volume_by_ref(NUMBER.format(no=1), "Z112")
    assert found is not None and Descriptions(database).whole("volume", found.id).secret_level == "secret"


def test_what_a_list_said_of_volumes_goes_with_it(database: Database, tmp_path: Path) -> None:
    answer = bring(database, write(tmp_path / "v.csv", volume_line(1), headings=HEADINGS))
    assert ingest.undo(database, answer["import"], actor="p1")["state"] == "discarded"
    with database.read() as db:
        assert db.execute("SELECT count(*) FROM volume_description").fetchone()[0] == 0
