"""Import(export(x)) = x: what leaves as a file comes back into an empty store as it was."""

import csv
import shutil
import tempfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.domain import fonds_row
from edge.domain.description import FIELDS, FURTHER, OPEN_STATUS
from edge.domain.fonds_row import TOLD
from edge.domain.records import SECRECY, NewItem
from edge.store import box_places
from edge.store.catalogue import Catalogue
from edge.store.database import Change, Database
from edge.store.described_record import put_more
from edge.workflows import ingest
from edge.workflows.take_out import Order, take_out
from tests.edge.conftest import KEY, NODE, FakeClock
from tests.edge.workflows import ead_structure
from tests.edge.workflows.test_ingest import LAYOUT

AWKWARD = (
    *("=1+1", "+86", "-5", "@SUM(A1)", "'quoted", "''=x", "＝全角", "\t=tab", "\r\n=line", " =blank", "0007", "00"),
    *(
        '"双引号"',
        "a,b;c\td",
        "行一\n行二",
        "行一\r行二",
        "_x000D_",
        "_x005F_",
        "a|b",
        "&amp; <b>",
        "NULL",
        "題名會議檔案",
    ),
    *("题名", "盒号", "\\ & \\&", "A & B", "1-5", "\u200b", "\ufffe", "\x0b", "😀", "storeroom"),
)
LETTERS = st.characters(exclude_categories=("Cs",), exclude_characters="\x00")
WRITTEN = st.one_of(st.sampled_from(AWKWARD), st.text(LETTERS, min_size=1, max_size=12))
TEXT = st.one_of(WRITTEN, st.just(""))
CODES = st.sampled_from(
    ("Z109-WS·2011-Y-{n:04d}", "z109-ws·2011·D30·办公室-{n}", "KH{n:04d}", "MS {n}.0", "={text}#{n}")
)
DATES = st.sampled_from(
    (
        ("20110301", "2011.3.1—2011.12.31"),
        ("", ""),
        ("20110300", "2011年3月"),
        ("19100000", "[1910]"),
        ("20110301", ""),
        ("", "n.d."),
    )
)

record = st.fixed_dictionaries(
    {
        "title": TEXT,
        "code": st.one_of(st.just(""), CODES),
        "text": TEXT,
        "numbered": st.booleans(),
        "context": TEXT,
        "year": st.one_of(st.none(), st.integers(1600, 2099)),
        "retention": st.sampled_from(("", "Y", "D30", "C")),
        "secret_level": st.sampled_from(SECRECY),
        "responsible": TEXT,
        "doc_no": TEXT,
        "dates": DATES,
        "pages": st.one_of(st.none(), st.integers(0, 999_999)),
        "remark": TEXT,
        "foreign": st.booleans(),
        "further": st.fixed_dictionaries(
            {},
            optional={
                "persons": WRITTEN,
                "keywords": WRITTEN,
                "scope": WRITTEN,
                "originals": WRITTEN,
                "sub_title": WRITTEN,
                "start_page": st.integers(0, 999),
                "open_status": st.sampled_from(OPEN_STATUS),
                "secret_mark": st.just("core_business"),
                "important": st.just(1),
                "filed_on": st.just("20120101"),
                "org": WRITTEN,
            },
        ),
        "where": st.sampled_from(("nowhere", "box", "volume", "boxes")),
    }
)
of_volume = st.fixed_dictionaries(
    {},
    optional={
        "start_date": st.sampled_from(("20110000", "20110300", "20110315")),
        "end_date": st.sampled_from(("20120000", "20121231")),
        "responsible": WRITTEN,
        "retention": st.sampled_from(("Y", "D30", "C")),
        "year": st.integers(1600, 2099),
        "pages": st.integers(0, 999_999),
        "secret_mark": st.just("core_business"),
        "open_status": st.sampled_from(OPEN_STATUS),
        "carrier": WRITTEN,
        "bound": st.just(1),
        "note": WRITTEN,
        "compiled_by": WRITTEN,
        "checked_on": st.just("20120101"),
        "remark": WRITTEN,
    },
)
catalogues = st.fixed_dictionaries(
    {
        "fonds_name": TEXT,
        "of_fonds": st.fixed_dictionaries({}, optional={name: st.one_of(WRITTEN, st.just("a\nb  c")) for name in TOLD}),
        "boxes": st.lists(st.tuples(TEXT, TEXT, st.integers(5, 200), st.booleans(), st.booleans()), max_size=3),
        "volumes": st.lists(st.tuples(TEXT, st.booleans(), of_volume, st.sampled_from(SECRECY)), max_size=2),
        "items": st.lists(record, min_size=1, max_size=8),
    }
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_store(tmp_path_factory.mktemp("empty") / "storeroom.db")


def new_store(path: Path) -> Path:
    """A store with its slots and nothing else, to be copied: making one takes a second."""
    with Database.open(path, KEY, clock=FakeClock(), node_id=NODE, create=True) as database:
        ingest.ready_slots(database, LAYOUT, "p1")
    return path


def opened(empty: Path, folder: Path) -> Database:
    folder.mkdir()
    shutil.copy(empty, folder)
    return Database.open(folder / empty.name, KEY, clock=FakeClock(), node_id=NODE)


def fill(change: Change, database: Database, drawn: dict[str, Any]) -> None:
    catalogue = Catalogue(database)
    catalogue.add_fonds(change, "Z109", drawn["fonds_name"], "p1")
    if told := fonds_row.described(drawn["of_fonds"]):
        put_more(change, "fonds", "Z109", told, "p1")
    boxes = []
    for no, (number, title, thickness_mm, has_barcode, placed) in enumerate(drawn["boxes"]):
        box = catalogue.add_box(
            change, fonds_no="Z109", box_no=f"{number}№{no}", title=title, thickness_mm=thickness_mm, actor="p1"
        )
        if has_barcode:
            change.db.execute(
                "UPDATE box SET barcode = ?, type = 'voucher', weight_g = 900 WHERE id = ?", (f"3114{no}", box.id)
            )
        if placed:
            box_places.place_box(change, box.id, f"B1-A-01-R-01-1-{no + 1:02d}", "p1", "test")
        boxes.append(box.id)
    volumes = [
        catalogue.add_volume(
            change,
            fonds_no="Z109",
            ref_code=f"Z109-KU·01·2017-{no + 1:03d}",
            title=title,
            actor="p1",
            box_id=boxes[0] if boxed and boxes else None,
        )
        for no, (title, boxed, _described, _level) in enumerate(drawn["volumes"])
    ]
    for volume, (_title, _boxed, described, level) in zip(volumes, drawn["volumes"], strict=True):
        change.db.execute("UPDATE volume SET secret_level = ? WHERE id = ?", (level, volume.id))
        if described:
            put_more(change, "volume", volume.id, described, "p1")
    for no, one in enumerate(drawn["items"]):
        date, written = one["dates"]
        new = NewItem(
            fonds_no="Z109",
            title=one["title"],
            ref_code=one["code"].format(n=no + 1, text=one["text"]),
            foreign_id=f"other~{no}" if one["foreign"] else None,
            context=one["context"],
            year=one["year"],
            retention=one["retention"],
            secret_level=one["secret_level"],
            responsible=one["responsible"],
            doc_no=one["doc_no"],
            date=date,
            date_written=written,
            pages=one["pages"],
            remark=one["remark"],
        )
        volume = volumes[0] if one["where"] == "volume" and volumes else None
        box_id = volume.box_id if volume else boxes[-1] if one["where"] in ("box", "boxes") and boxes else None
        item_id = catalogue.add_item(change, new, actor="p1", box_id=box_id, volume_id=volume.id if volume else None)
        if one["further"]:
            put_more(change, "item", item_id, one["further"], "p1")
        if one["where"] == "boxes" and len(boxes) > 1:
            change.db.execute("INSERT INTO item_also_in SELECT no, ? FROM item WHERE id = ?", (boxes[0], item_id))


def everything(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """What the catalogue says, without ids, labels and states: those are a store's own."""
    queries = {
        "fonds": "SELECT fonds_no, name FROM fonds",
        "boxes": "SELECT fonds_no, box_no, title, thickness_mm, barcode, home_slot, type, weight_g FROM shown_box",
        "volumes": "SELECT v.fonds_no, v.ref_code, v.ref_key, v.title, v.secret_level, b.box_no,"
        f" {', '.join('d.' + field.name for field in FIELDS['volume'][1:])} FROM shown_volume v"
        " LEFT JOIN box b ON b.id = v.box_id LEFT JOIN volume_description d ON d.volume_no = v.no",
        "items": "SELECT i.fonds_no, i.ref_code, i.ref_key, i.ref_fold, i.foreign_id, i.title, i.context, i.year,"
        " i.retention, i.secret_level, i.responsible, i.doc_no, i.date, i.date_written, i.pages, i.remark, b.box_no,"
        f" v.ref_key, {', '.join('d.' + field.name for field in FURTHER)},"
        " (SELECT group_concat(o.box_no, '/') FROM item_also_in a JOIN box o ON o.id = a.box_id"
        " WHERE a.item_no = i.no) FROM shown_item i LEFT JOIN box b ON b.id = i.box_id"
        " LEFT JOIN volume v ON v.id = i.volume_id LEFT JOIN item_description d ON d.item_no = i.no",
    }
    with database.read() as db:
        return {name: sorted(map(tuple, db.execute(query)), key=repr) for name, query in queries.items()}


def there_and_back(first: Database, second: Database, folder: Path, form: str, language: str = "zh-Hans") -> None:
    for what in ("boxes", "volumes", "items"):
        out = folder / f"{what}.{form}"
        taken = take_out(first, Order(what, form, "top_secret", language=language), out, lambda _taken: None)
        if taken.rows:
            answer = ingest.ingest(second, out, actor="p1")
            assert (answer["taken"], answer["mended"], answer["refused"]) == (taken.rows, 0, 0), answer
            assert answer["ignored_headings"] == []


def _fonds_rows(database: Database) -> int:
    with database.read() as db:
        return int(db.execute("SELECT count(*) FROM fonds_description").fetchone()[0])


def of_fonds(database: Database) -> list[tuple[Any, ...]]:
    with database.read() as db:
        return [tuple(row) for row in db.execute(f"SELECT fonds_no, {', '.join(TOLD)} FROM fonds_description")]


def aid_there_and_back(first: Database, second: Database, folder: Path, form: str) -> int:
    """How many cells the format could not carry."""
    out = folder / f"aid.{form}"
    taken = take_out(first, Order("items", form, "top_secret"), out, lambda _taken: None)
    assert ead_structure.faults(form, ElementTree.parse(out).getroot()) == []
    answer = ingest.ingest(second, out, actor="p1")
    assert (answer["mended"], answer["refused"], answer["context"]) == (0, 0, _fonds_rows(first)), answer
    return taken.altered


@pytest.mark.parametrize("form", ["ead", "ead3"])
@settings(max_examples=15, deadline=None)
@given(drawn=catalogues)
def test_a_finding_aid_comes_back_as_it_was(empty: Path, form: str, drawn: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with opened(empty, folder / "first") as first, opened(empty, folder / "second") as second:
            first.write(lambda change: fill(change, first, drawn))
            if aid_there_and_back(first, second, folder, form) == 0:
                assert everything(second) == everything(first)
                assert of_fonds(second) == of_fonds(first)
            else:
                assert len(everything(second)["items"]) == len(drawn["items"])


VOLUMES_BY_ATOM = ("start_date", "end_date", "responsible", "retention", "pages", "remark")
CARRIED_BY_ATOM = {"scope", "persons", "keywords", "originals"}


def as_lists_write(drawn: dict[str, Any]) -> dict[str, Any]:
    """Every item numbered and with a title, no blanks at the ends or in runs, nothing that says NULL."""

    def cell(text: str) -> str:
        return " ".join(text.split()).replace("NULL", "空")

    for no, one in enumerate(drawn["items"]):
        one |= {name: cell(one[name]) for name in ("title", "responsible", "remark", "doc_no")}
        one["title"] = one["title"] or "=无题"
        for name in CARRIED_BY_ATOM & one["further"].keys():  # a bar stands between two of them
            one["further"][name] = cell(one["further"][name]).replace("|", "/") or "甲"
        one["retention"] = one["retention"] or "Y"
        one["code"] = f"Z109-WS·2011-{one['retention']}-{no + 1:04d}"
    drawn["of_fonds"] = {name: cell(text) or "甲" for name, text in drawn["of_fonds"].items()}
    for no, (_title, boxed, described, level) in enumerate(drawn["volumes"]):
        described |= {name: cell(described[name]) for name in ("responsible", "remark") if name in described}
        drawn["volumes"][no] = (f"={no}", boxed, described, level)
    return drawn


@settings(max_examples=15, deadline=None)
@given(drawn=catalogues)
def test_atoms_csv_brings_back_what_it_can_carry(empty: Path, drawn: dict[str, Any]) -> None:
    query = (
        "SELECT ref_key, title, responsible, remark, secret_level, retention, date, pages,"
        f" {', '.join(f'coalesce({name}, {chr(39) * 2})' for name in sorted(CARRIED_BY_ATOM))}"
        " FROM shown_item i LEFT JOIN item_description d ON d.item_no = i.no"
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with opened(empty, folder / "first") as first, opened(empty, folder / "second") as second:
            first.write(lambda change: fill(change, first, as_lists_write(drawn)))
            out = folder / "atom.csv"
            take_out(first, Order("items", "atom", "top_secret"), out, lambda _taken: None)
            answer = ingest.ingest(second, out, actor="p1")
            assert answer["refused"] == 0 and answer["context"] == 1, answer
            with first.read() as before, second.read() as after:
                assert sorted(map(repr, map(tuple, after.execute(query)))) == sorted(
                    map(repr, map(tuple, before.execute(query)))
                )
            assert of_fonds(second) == of_fonds(first)
            of_volumes = (
                "SELECT v.fonds_no, ref_code, title, v.secret_level,"
                f" {', '.join(f'coalesce({name}, {chr(39) * 2})' for name in VOLUMES_BY_ATOM)}"
                " FROM shown_volume v LEFT JOIN volume_description d ON d.volume_no = v.no ORDER BY ref_code"
            )
            with first.read() as before, second.read() as after:
                assert [tuple(row) for row in after.execute(of_volumes)] == [
                    tuple(row) for row in before.execute(of_volumes)
                ]


@pytest.mark.parametrize(("form", "language"), [("csv", "zh-Hans"), ("xlsx", "zh-Hant"), ("jsonl", "en")])
@settings(max_examples=15, deadline=None)
@given(drawn=catalogues)
def test_a_catalogue_comes_back_as_it_was(empty: Path, form: str, language: str, drawn: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with opened(empty, folder / "first") as first, opened(empty, folder / "second") as second:
            first.write(lambda change: fill(change, first, drawn))
            there_and_back(first, second, folder, form, language)
            assert everything(second) == everything(first)


def test_atoms_csv_tells_both_ends_of_an_items_dates(empty: Path, tmp_path: Path) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text("档号,题名,起始日期,终止日期\nZ109-WS·2011-Y-0001,往来函件,2011.3.1,2011.12.31\n", "utf-8")
    with opened(empty, tmp_path / "first") as first:
        ingest.ingest(first, listed, actor="p1")
        take_out(first, Order("items", "atom", "public"), tmp_path / "atom.csv", lambda _taken: None)
    with (tmp_path / "atom.csv").open(encoding="utf-8", newline="") as file:
        [dated] = [row for row in csv.DictReader(file) if row["eventDates"]]
    told = [dated[name] for name in ("eventDates", "eventStartDates", "eventEndDates")]
    assert told == ["2011.3.1—2011.12.31", "2011-03-01", "2011-12-31"]
