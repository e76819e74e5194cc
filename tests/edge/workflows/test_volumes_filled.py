"""A volume list 案卷目录 that comes after the papers of its volumes fills what these made, and takes it back again."""

from pathlib import Path
from typing import Any

import pytest

from edge.errors import RuleRefused
from edge.store.catalogue import Catalogue
from edge.store.database import Database
from edge.store.exports.scope import Scope
from edge.store.registers import volumes
from edge.store.search import Search
from edge.workflows import correct, ingest
from tests.edge.workflows.archive_desk import Desk, sit_down
from tests.edge.workflows.test_ingest import actions, bring, notes, write
from tests.edge.workflows.test_volume_lists import HEADINGS, NUMBER, TOLD, described, volume_line

PAPERS = ["档号", "题名", "案卷档号", "案卷题名", "盒号"]


@pytest.fixture
def desk(database: Database) -> Desk:
    return sit_down(database)


def papers(database: Database, path: Path, *volume_nos: int, title: str = "", box: str = "") -> dict[str, Any]:
    rows = [[f"{NUMBER.format(no=no)}-001", "收据", NUMBER.format(no=no), title, box] for no in volume_nos]
    return bring(database, write(path, *rows, headings=PAPERS))


def volume_id(database: Database, no: int = 1) -> str:
    found = Catalogue(database).volume_by_ref(NUMBER.format(no=no), "Z112")
    assert found is not None
    return found.id


def correct_volume(desk: Desk, database: Database, **values: str) -> None:
    correct.correct(desk.archive, desk.one, "volume", volume_id(database), values, "核对原卷")


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    return write(tmp_path / "v.csv", volume_line(1), headings=HEADINGS)


def test_the_preview_says_so_and_the_seal_fills_the_volume_made_for_its_papers(
    database: Database, tmp_path: Path, listed: Path
) -> None:
    papers(database, tmp_path / "i.csv", 1)
    before = volume_id(database)
    dry = bring(database, listed, dry_run=True)
    assert (dry["mended"], dry["refused"], notes(dry)) == (1, 0, ["volume_filled"])
    assert described(database, 1) == {}
    answer = bring(database, listed)
    assert (answer["mended"], answer["refused"], notes(answer)) == (1, 0, ["volume_filled"])
    assert described(database, 1) == TOLD and volume_id(database) == before
    assert Catalogue(database).counts()["volumes"] == 1
    assert actions(database)[-2:] == ["volume.described", "import.sealed"]
    assert [hit.volume.id for hit in Search(database).find("凭证", clearance="public") if hit.volume] == [before]


def test_nothing_of_it_shows_before_the_seal(
    database: Database, tmp_path: Path, listed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(*_args: object) -> None:
        raise KeyboardInterrupt

    papers(database, tmp_path / "i.csv", 1)
    with monkeypatch.context() as patched:
        patched.setattr("edge.store.imports.Imports.seal", cut_off)
        with pytest.raises(KeyboardInterrupt):
            bring(database, listed)
    assert described(database, 1) == {}
    ingest.discard(database, actor="p1")
    assert described(database, 1) == {}
    bring(database, listed)
    assert described(database, 1) == TOLD


def test_what_a_person_corrected_or_emptied_stays_and_the_preview_says_so(
    desk: Desk, database: Database, tmp_path: Path, listed: Path
) -> None:
    papers(database, tmp_path / "i.csv", 1, title="旧题名")
    correct_volume(desk, database, pages="200", compiled_by="王强")
    correct_volume(desk, database, compiled_by="")
    assert notes(bring(database, listed, dry_run=True)) == ["volume_filled", "volume_keeps_own"]
    bring(database, listed)
    kept = {"title": "旧题名", "pages": 200}
    assert described(database, 1) == {name: value for name, value in TOLD.items() if name != "compiled_by"} | kept


def test_a_described_volume_is_refused_with_its_place(database: Database, tmp_path: Path, listed: Path) -> None:
    papers(database, tmp_path / "i.csv", 1)
    bring(database, listed)
    again = write(tmp_path / "again.csv", volume_line(1, pages="9"), headings=HEADINGS)
    for answer in (bring(database, again, dry_run=True), bring(database, again)):
        assert (answer["refused"], notes(answer)) == (1, ["number_taken"])
    assert described(database, 1) == TOLD


def test_of_two_rows_about_one_volume_the_second_is_refused(database: Database, tmp_path: Path) -> None:
    papers(database, tmp_path / "i.csv", 1)
    twice = write(tmp_path / "v.csv", volume_line(1), volume_line(1, pages="9"), headings=HEADINGS)
    for answer in (bring(database, twice, dry_run=True), bring(database, twice)):
        assert notes(answer) == ["volume_filled", "number_taken"]
    assert described(database, 1) == TOLD


def test_it_goes_with_the_list_unless_somebody_corrected_it(
    desk: Desk, database: Database, tmp_path: Path, listed: Path
) -> None:
    papers(database, tmp_path / "i.csv", 1)
    answer = bring(database, listed)
    correct_volume(desk, database, pages="213")
    assert described(database, 1) == TOLD | {"pages": 213}
    ingest.undo(database, answer["import"], actor="p1")
    assert described(database, 1) == {"pages": 213}
    assert Search(database).find("凭证", clearance="public") == []


def test_the_papers_go_after_the_list_that_filled_their_volume(
    database: Database, tmp_path: Path, listed: Path
) -> None:
    first = papers(database, tmp_path / "i.csv", 1)["import"]
    second = bring(database, listed)["import"]
    with pytest.raises(RuleRefused) as refused:
        ingest.undo(database, first, actor="p1")
    assert refused.value.code == "import_depended_on"
    ingest.undo(database, second, actor="p1")
    with database.read() as db:
        assert db.execute("SELECT count(*) FROM volume_description").fetchone()[0] == 0
    ingest.undo(database, first, actor="p1")
    assert Catalogue(database).counts()["volumes"] == 0


def test_a_volume_that_its_list_calls_secret_is_hidden_from_the_seal_on(database: Database, tmp_path: Path) -> None:
    papers(database, tmp_path / "i.csv", 1, 2)
    rows = volume_line(1, secrecy="机密"), volume_line(2)
    answer = bring(database, write(tmp_path / "v.csv", *rows, headings=HEADINGS))

    def seen() -> list[str]:
        with database.read() as db:
            return [one.title for one in volumes(db, Scope("internal"))]

    assert seen() == ["凭证2"]
    ingest.undo(database, answer["import"], actor="p1")
    assert seen() == ["", ""]


def test_a_box_that_the_list_names_otherwise_is_told_and_not_made(database: Database, tmp_path: Path) -> None:
    papers(database, tmp_path / "i.csv", 1, 2, box="7")
    lines = [NUMBER.format(no=1), "凭证1", "8"], [NUMBER.format(no=2), "凭证2", "07"]
    boxed = write(tmp_path / "v.csv", *lines, headings=["档号", "案卷题名", "盒号"])
    for answer in (bring(database, boxed, dry_run=True), bring(database, boxed)):
        assert notes(answer) == ["volume_filled", "volume_not_boxed", "volume_filled"] and answer["boxes"] == 0
    assert Catalogue(database).counts()["boxes"] == 1


@pytest.mark.parametrize("volume_first", [True, False])
def test_in_one_list_a_volume_may_stand_before_its_papers_or_after_them(
    database: Database, tmp_path: Path, volume_first: bool
) -> None:
    ref = NUMBER.format(no=1)
    volume, paper = [ref, "", "", "凭证1", "8"], [f"{ref}-001", "收据", ref, "", ""]
    lines = [volume, paper] if volume_first else [paper, volume]
    mixed = write(tmp_path / "mixed.csv", *lines, headings=PAPERS)
    dry, answer = bring(database, mixed, dry_run=True), bring(database, mixed)
    for one in (dry, answer):
        assert (one["refused"], one["boxes"], notes(one)) == (0, 1, [] if volume_first else ["volume_filled"])
    found = Catalogue(database).volume_by_ref(ref, "Z112")
    assert found is not None and found.title == "凭证1" and found.box_id
    ingest.undo(database, answer["import"], actor="p1")
    assert Catalogue(database).counts()["volumes"] == Catalogue(database).counts()["boxes"] == 0


def test_an_unfinished_list_whose_volume_came_after_its_papers_is_taken_back_whole(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(*_args: object) -> None:
        raise KeyboardInterrupt

    ref = NUMBER.format(no=1)
    mixed = write(
        tmp_path / "mixed.csv", [f"{ref}-001", "收据", ref, "", ""], [ref, "", "", "凭证1", "8"], headings=PAPERS
    )
    monkeypatch.setattr("edge.store.imports.Imports.seal", cut_off)
    with pytest.raises(KeyboardInterrupt):
        bring(database, mixed)
    ingest.discard(database, actor="p1")
    with database.read() as db:
        left = [
            db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("item", "volume", "box", "import_volume")
        ]
    assert left == [0, 0, 0, 0]
