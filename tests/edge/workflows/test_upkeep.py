"""Every kind of damage that the upkeep looks for is done for real, found, shown and told."""

import hashlib
import json
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.domain.records import NewItem
from edge.errors import RuleRefused
from edge.store import upkeep_evidence
from edge.store.alarms import Alarms
from edge.store.catalogue import Catalogue
from edge.store.connection import connect
from edge.store.database import Database
from edge.store.looks import Looks
from edge.store.scans import Scans
from edge.store.search import Search
from edge.store.upkeep_site import Site
from edge.workflows.ingest import ingest
from edge.workflows.upkeep import AFTER_START_MS, Upkeep

ZONE = "Asia/Shanghai"
NIGHT_MS = 86_400_000
BY_WORDS, BY_TRACE = 61, 63  # the items; with the two fonds


class Works:
    """A store with records and an import, its upkeep, and a block that can be set moving."""

    def __init__(self, database: Database, clock, key: bytes, folder: Path) -> None:
        self.database, self.clock, self.quiet, self.looked = database, clock, True, 0
        self.quiet_for: int | None = None
        public = Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\x01").public_key()
        self.looks = folder / "looks.db"
        looks = Looks(self.looks, key)
        looks.keep("look", b"\xff" * 20_000, 1)
        looks.close()
        catalogue = Catalogue(database)
        database.write(lambda change: catalogue.add_fonds(change, "Z1", "", "p"))
        for no in range(60):
            new = NewItem("Z1", f"关于会计档案第{no}号的通知", ref_code=f"Z1-WS·2011-Y-BGS-{no:04d}")
            database.write(lambda change, new=new: catalogue.add_item(change, new, actor="p"))
        sheet = folder / "移交.csv"
        sheet.write_text("档号,题名\nZ2-WS·2011-Y-BGS-0001,移交清单一\n", "utf-8")
        ingest(database, sheet, actor="p")
        self.scans, self.key = folder / "scans.db", key
        scans = Scans(self.scans, key)
        for no in range(3):
            scans.keep(bytes([no]) * 2_000, no)
        scans.close()
        site = Site(database, key, public, (self.looks,), self.is_quiet, self.scans)
        self.upkeep = Upkeep(site, clock, ZONE, "一号库")

    def is_quiet(self) -> bool:
        self.looked += 1
        return self.quiet and (self.quiet_for is None or self.looked <= self.quiet_for)

    def damage(self, statement: str) -> None:
        self.database.write(lambda change: change.db.execute(statement), telemetry=True)

    def now(self) -> dict[str, tuple[str, list[str]]]:
        runs = self.upkeep.now(lambda _said: None)
        return {run.job: (run.outcome, [found.code for found in run.findings]) for run in runs}

    def standing(self) -> list[tuple[str, bool, bool]]:
        return [(alarm.rule, alarm.active, alarm.latched) for alarm in Alarms(self.database).standing()]

    def events(self) -> list[dict]:
        with self.database.read() as db:
            found = db.execute("SELECT body FROM event WHERE action = 'upkeep.ended' ORDER BY id").fetchall()
        return [json.loads(row["body"]) for row in found]


@pytest.fixture
def works(database: Database, clock, key: bytes, tmp_path: Path) -> Works:
    return Works(database, clock, key, tmp_path)


def test_a_healthy_store_is_good_in_every_job_and_the_trace_says_so(works: Works) -> None:
    assert works.now() == {job: ("good", []) for job in ("index", "records", "trace", "evidence")}
    assert works.standing() == []
    told = works.events()
    assert [one["job"] for one in told] == ["index", "records", "trace", "evidence"]
    assert {one["outcome"] for one in told} == {"good"} and told[1]["checked"] == BY_WORDS + BY_TRACE


@pytest.mark.parametrize(
    ("statement", "job", "code"),
    [
        ("DELETE FROM item_words_data WHERE id = (SELECT max(id) FROM item_words_data)", "index", "index_damaged"),
        ("DELETE FROM item_words WHERE rowid = 7", "records", "without_words"),
        ("INSERT INTO item_words (rowid, words) VALUES (999, '谁')", "records", "words_of_nothing"),
        ("UPDATE item SET title = '改过的题名' WHERE no = 7", "records", "index_mended"),
        ("UPDATE import_evidence SET zstd = x'00'", "evidence", "evidence_differs"),
        ("UPDATE import_file SET sha256 = 'f00d'", "evidence", "evidence_differs"),
    ],
)
def test_damage_is_found_raises_an_alarm_and_stands_in_the_trace(works: Works, statement, job, code) -> None:
    works.damage(statement)
    outcome, codes = works.now()[job]
    assert outcome == "bad" and code in codes
    assert (f"upkeep_{job}", True, False) in works.standing()
    assert [(one["outcome"], one["first"]) for one in works.events() if one["job"] == job] == [("bad", codes[0])]


def test_a_changed_event_is_found(works: Works) -> None:
    works.damage("DROP TRIGGER event_is_never_changed")
    works.damage("UPDATE event SET actor = 'x' WHERE seq = 5")
    assert works.now()["trace"] == ("bad", ["trace_broken"])


def test_a_changed_byte_in_a_file_of_looks_is_found(works: Works) -> None:
    content = bytearray(works.looks.read_bytes())
    content[9000] ^= 1
    works.looks.write_bytes(content)
    outcome, codes = works.now()["evidence"]
    assert (outcome, set(codes)) in (("bad", {"page_damaged"}), ("failed", {"unreadable"}))


def test_a_changed_scan_is_found_within_the_nights(works: Works) -> None:
    with closing(connect(works.scans, works.key)) as scans:
        contents = [no.to_bytes(2, "big") for no in range(upkeep_evidence.LEAST_SCANS)]
        scans.execute("BEGIN")
        for content in contents:
            sha256 = hashlib.sha256(content).hexdigest()
            scans.execute("INSERT INTO scan VALUES (?, 2, 0)", (sha256,))
            scans.execute("INSERT INTO scan_piece VALUES (?, 0, ?)", (sha256, content))
        scans.execute("UPDATE scan_piece SET content = x'00' WHERE sha256 = (SELECT max(sha256) FROM scan)")
        scans.execute("COMMIT")
    assert works.now()["evidence"] == ("good", [])
    assert works.now()["evidence"] == ("bad", ["scan_differs"])
    assert ("upkeep_evidence", True, False) in works.standing()


def test_a_record_whose_index_was_wrong_is_found_again_afterwards(works: Works) -> None:
    works.damage("UPDATE item SET title = '改过的题名' WHERE no = 7")
    works.now()
    assert [hit.item.title for hit in Search(works.database).find("改过的", clearance="internal")] == ["改过的题名"]
    assert works.now()["records"] == ("good", [])
    assert works.standing() == [("upkeep_records", False, True)] or works.standing() == [
        ("upkeep_records", False, False)
    ]


def test_it_runs_by_itself_once_a_night_and_never_right_after_the_start(works: Works) -> None:
    works.upkeep.step()
    assert works.events() == []
    works.clock.advance(AFTER_START_MS)
    works.upkeep.step()
    works.upkeep.step()
    assert len(works.events()) == 4
    works.clock.advance(NIGHT_MS)
    works.upkeep.step()
    assert len(works.events()) == 8


def test_while_a_carriage_moves_nothing_is_looked_at(works: Works) -> None:
    works.clock.advance(AFTER_START_MS)
    works.quiet = False
    works.upkeep.step()
    assert works.events() == []


@pytest.mark.parametrize("steps", range(2, 9))
def test_a_move_interrupts_and_afterwards_it_goes_on_to_the_same_end(works: Works, steps: int) -> None:
    works.clock.advance(AFTER_START_MS)
    works.quiet_for = steps
    works.upkeep.step()
    interrupted = len(works.events())
    works.quiet_for = None
    works.upkeep.step()
    told = works.events()
    assert interrupted < 4 and len(told) == 4
    assert {one["outcome"] for one in told} == {"good"}
    assert next(one["checked"] for one in told if one["job"] == "records") == BY_WORDS + BY_TRACE


def test_only_one_upkeep_works_at_a_time(works: Works) -> None:
    def meddle(_said) -> None:
        with pytest.raises(RuleRefused, match="upkeep_running"):
            works.upkeep.now(lambda _said: None)
        works.upkeep.step()

    works.damage("DELETE FROM item_words WHERE rowid = 7")
    works.upkeep.now(meddle)
    assert len(works.events()) == 4
