"""What the nightly upkeep found is said in words of the field, whatever table or page of a file it was."""

import re

import pytest

from edge.domain.upkeep import Finding
from edge.store import upkeep_index
from edge.store.shape import references, tables
from edge.words import LANGUAGES, spoken
from edge.workflows.upkeep_words import records_of, told

HMAC = "HMAC verification failed for page 12"
FOUND = (
    Finding(
        "index_damaged", {"table": "item_words", "said": "malformed inverted index for FTS5 table main.item_words"}
    ),
    Finding("points_nowhere", {"table": "item_also_in", "to": "volume", "rows": 1}),
    Finding("words_of_nothing", {"table": "box", "rows": 3}),
    Finding("without_words", {"table": "volume", "rows": 1}),
    Finding("trace_broken", {"why": "chain", "seq": 5, "to": 5, "epoch": "e1", "detail": ""}),
    Finding("trace_broken", {"why": "chain", "seq": 5, "detail": ""}),  # as older releases kept it
    Finding("trace_broken", {"why": "unreadable", "seq": 0, "to": 0, "epoch": "", "detail": "sync_cursor"}),
    Finding("trace_broken", {"why": "pages", "seq": 0, "to": 0, "epoch": "", "detail": HMAC}),
    Finding("scan_differs", {"scan": "0123456789ab", "item": "SR1:I1", "page": 2}),
    Finding("scan_differs", {"scan": "0123456789ab"}),
    Finding("scan_missing", {"scan": "0123456789ab", "item": "SR1:I1", "page": 2}),
    Finding("page_damaged", {"file": "looks.db", "said": HMAC}),
    Finding("unreadable", {"code": "damaged scans.db"}),
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("found", FOUND, ids=lambda found: found.code)
def test_no_finding_shows_a_table_a_file_name_or_a_program_s_own_words(found: Finding, language: str) -> None:
    said = spoken(language, told(found))
    assert not re.search(r"[a-z]_[a-z]|\.db|FTS5|HMAC|chain|[{}]", said), said


def test_every_table_that_points_somewhere_or_is_searched_has_a_name_of_the_field(database) -> None:
    with database.read() as db:
        names = {one for target in tables(db) for table, _, _ in references(db, target) for one in (table, target)}
    names |= set(upkeep_index.TABLES)
    assert len(names) > 40
    assert [name for name in sorted(names) if records_of(name).msgid == "upkeep.table.other"] == []


def test_a_damaged_page_is_told_by_item_and_page() -> None:
    found = Finding("scan_differs", {"scan": "0123456789ab", "item": "SR1:I1", "page": 2})
    assert spoken("zh-Hans", told(found)).startswith("SR1:I1 第 2 页的扫描件")
