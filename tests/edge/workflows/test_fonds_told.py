"""What a finding aid says of its whole fonds goes into the fonds' own description, once, and never over a person's."""

from pathlib import Path

import pytest

from edge.errors import RuleRefused
from edge.store.database import Database
from edge.workflows import correct, describe, ingest
from tests.edge.store.test_other_systems import EAD
from tests.edge.workflows.archive_desk import FONDS, Desk, sit_down
from tests.edge.workflows.test_ingest import actions, bring


@pytest.fixture
def desk(database: Database) -> Desk:
    return sit_down(database)


@pytest.fixture
def aid(tmp_path: Path) -> Path:
    path = tmp_path / "MS1.xml"
    path.write_text(EAD, "utf-8")
    return path


def notes(answer: dict) -> list[str]:
    return [code for row in answer["not_plain"] for code, _ in row["notes"] if code.startswith("fonds_")]


def said(desk: Desk, name: str, fonds_no: str = "MS1") -> object:
    return desk.archive.descriptions.whole("fonds", fonds_no).values[name]


def test_the_preview_names_it_and_the_seal_writes_it_down(desk: Desk, database: Database, aid: Path) -> None:
    assert notes(bring(database, aid, dry_run=True)) == ["fonds_told"]
    assert desk.archive.catalogue.fonds()[0].fonds_no == "Z109" and len(desk.archive.catalogue.fonds()) == 1
    bring(database, aid)
    assert (said(desk, "scope"), said(desk, "unit_history")) == ("Of all the papers.", "1958\nFounded.")
    assert "fonds.described" in actions(database)


def test_nothing_of_it_shows_before_the_seal(desk: Desk, database: Database, aid: Path, monkeypatch) -> None:
    def cut_off(*_args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("edge.store.imports.Imports.seal", cut_off)
        with pytest.raises(KeyboardInterrupt):
            bring(database, aid)
    assert said(desk, "scope") == ""
    ingest.resume(database, actor="p1")
    assert said(desk, "scope") == "Of all the papers."


def test_what_a_person_wrote_stays_and_the_preview_says_so(desk: Desk, database: Database, aid: Path) -> None:
    describe.fonds(desk.archive, desk.one, "MS1", {**FONDS, "scope": "Ours"})
    assert notes(bring(database, aid, dry_run=True)) == ["fonds_told", "fonds_keeps_own"]
    bring(database, aid)
    assert (said(desk, "scope"), said(desk, "unit_history")) == ("Ours", "1958\nFounded.")


def test_it_goes_with_the_import_unless_somebody_corrected_it(desk: Desk, database: Database, aid: Path) -> None:
    first = bring(database, aid)
    correct.correct(desk.archive, desk.one, "fonds", "MS1", {"unit_history": "1959 Founded."}, "错年")
    ingest.undo(database, first["import"], actor="p1")
    assert (said(desk, "scope"), said(desk, "unit_history")) == ("", "1959 Founded.")
    (kept,) = desk.archive.corrections.of("MS1")
    assert (kept.old, kept.new, kept.reason) == ("1958\nFounded.", "1959 Founded.", "错年")


def test_a_fonds_that_only_the_import_knew_leaves_without_a_trace_in_the_catalogue(
    desk: Desk, database: Database, aid: Path
) -> None:
    ingest.undo(database, bring(database, aid)["import"], actor="p1")
    assert [one.fonds_no for one in desk.archive.catalogue.fonds()] == ["Z109"]


def test_what_a_fonds_says_is_not_overwritten_by_describing_it_again(desk: Desk) -> None:
    with pytest.raises(RuleRefused, match="fonds_known"):
        describe.fonds(desk.archive, desk.one, "Z109", {**FONDS, "custody": "1959 年起"})
    assert said(desk, "custody", "Z109") == FONDS["custody"]
    describe.fonds(desk.archive, desk.one, "Z109", {**FONDS, "scope": "全部"})  # what was empty is filled
    assert said(desk, "scope", "Z109") == "全部"
