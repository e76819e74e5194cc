"""Search against brute force on a small generated catalogue: what is measured at a million is right at a thousand."""

import pytest

from edge.domain import archive_numbers
from edge.store.readers import Readers
from edge.store.search import Search
from tests.benchmarks.fresh_store import KEY, opened
from tests.benchmarks.generated_catalogue import Entry, entries, fill
from tests.benchmarks.search_classes import classes
from tests.benchmarks.search_scale import recall
from tests.benchmarks.searched_records import records

SIZE = 1000


@pytest.fixture(scope="module")
def catalogue() -> list[Entry]:
    return list(entries(SIZE))


def test_every_class_of_queries_finds_what_brute_force_finds_and_nothing_else(tmp_path, catalogue):
    with opened(tmp_path) as database:
        assert fill(database, SIZE) == SIZE
    readers = Readers(tmp_path / "storeroom.db", KEY)
    asked = classes(catalogue, 6)
    figures = recall("small", Search(readers), asked, list(records(catalogue)))
    readers.close()
    assert {
        (one.name, one.value, one.note) for one in figures if one.value < 1 or not one.note.startswith("0 ")
    } == set()
    unchecked = {"two letters", "number order", "best first", "no hit"}
    assert {one.name.removeprefix("small, recall, ") for one in figures} == set(asked) - unchecked


def test_a_tenth_tells_its_scope_and_a_third_lies_in_volumes_whose_number_begins_theirs(catalogue):
    assert 0.08 < sum(bool(entry.scope) for entry in catalogue) / SIZE < 0.12
    lying = [entry for entry in catalogue if entry.volume]
    assert 0.25 < len(lying) / SIZE < 0.4
    for entry in lying:
        number = archive_numbers.parse(entry.item.ref_code)
        assert number.rule == "volume" and entry.volume
        assert entry.item.ref_code.startswith(f"{entry.volume.ref_code}-")
    assert sum(entry.begins for entry in catalogue) == SIZE // 50


def test_a_volume_with_one_secret_paper_is_hidden_whole_from_brute_force_too(catalogue):
    secret = {entry.volume.ref_code for entry in catalogue if entry.volume and entry.item.secret_level == "secret"}
    assert secret
    told = {record.ref_code: record.shown for record in records(catalogue)}
    assert not any(told[number] for number in secret)
